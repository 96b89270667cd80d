"use strict";
(function () {
  // Unfolding needs no script: it is what <details> does. This adds "all of them", an address that unfolds its target,
  // and paper, on which nothing can be unfolded any more.
  const all = () => Array.from(document.querySelectorAll("main details"));
  const set = (open) => all().forEach((one) => { one.open = open; });
  document.querySelectorAll("[data-unfold]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => set(button.dataset.unfold === "all"));
  });
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) { if (node.tagName === "DETAILS") node.open = true; }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  // a formula that is wider than its place is scrolled by keys as well; one that is not is no stop on the way
  const reach = () => document.querySelectorAll(".formula, .graph").forEach((one) => {
    const wide = one.scrollWidth > one.clientWidth + 1;
    if (wide) one.tabIndex = 0; else one.removeAttribute("tabindex");
  });
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();
  let before = [];
  addEventListener("beforeprint", () => {
    before = all().map((one) => one.open);
    all().forEach((one) => { if (!one.matches(".parts, .margin .good > *, .margin .quiet > *")) one.open = true; });
  });
  addEventListener("afterprint", () => all().forEach((one, place) => { one.open = before[place]; }));
})();

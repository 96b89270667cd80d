"""Pages, opened where people read them: what is shown, what a click or a key unfolds, what is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from derive.cli import main
from tests.render.chromium import Browser, executable

needs_browser = pytest.mark.skipif(executable() is None, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pages")
    for name in ("ddpm.posterior", "elbo.jensen"):
        assert main(["export", name, "--to", "html", "-o", str(path / f"{name}.html")]) == 0
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    found = Browser(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture
def posterior(browser: Browser, folder: Path) -> Browser:
    browser.requests.clear()
    browser.messages.clear()
    browser.emulate(width=1100, dark=False)
    browser.open((folder / "ddpm.posterior.html").as_uri())
    return browser


class _Tags(HTMLParser):
    """The elements of a page, checked to be closed in order."""

    VOID = frozenset("meta br input link img hr".split())

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"


def tags(path: Path) -> _Tags:
    found = _Tags()
    found.feed(path.read_text(encoding="utf-8"))
    assert not found.open
    return found


# ---- without a browser --------------------------------------------------------------------------------------------


def test_the_page_is_well_formed_and_refers_to_nothing_outside(folder: Path) -> None:
    for path in folder.iterdir():
        for tag, attributes in tags(path).seen:
            for name in ("src", "href", "data", "poster", "action"):
                address = attributes.get(name)
                assert address is None or address.startswith("#"), (tag, address)
            assert tag not in ("link", "iframe", "img", "object", "embed")
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text and "url(" not in text and "default-src 'none'" in text


def test_formulas_are_mathml_and_nothing_is_left_as_latex(folder: Path) -> None:
    text = (folder / "ddpm.posterior.html").read_text(encoding="utf-8")
    assert text.count("<math") > 60
    assert '<code class="latex">' not in text
    body = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    assert "\\" not in re.sub(r"<[^>]+>", "", body), "a macro is shown to the reader"


def test_signs_in_an_index_have_no_room_around_them(folder: Path) -> None:
    """x_{t−1}, as TeX sets it: browsers leave the room that a sign has on the line."""
    text = (folder / "ddpm.posterior.html").read_text(encoding="utf-8")
    found = re.findall(r"<msub><mi>x</mi><mrow>(.*?)</mrow></msub>", text)
    assert '<mi>t</mi><mo lspace="0" rspace="0">−</mo><mn>1</mn>' in found
    assert all('lspace="0" rspace="0"' in sign for index in found for sign in re.findall(r"<mo\b[^>]*>", index))


def test_names_are_unique_and_every_link_within_the_page_arrives(folder: Path) -> None:
    found = tags(folder / "ddpm.posterior.html").seen
    names = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(names) == len(set(names))
    targets = [attributes["href"][1:] for _, attributes in found if (attributes.get("href") or "").startswith("#")]
    assert "ddpm.marginal" in targets and set(targets) <= set(names)


def test_what_an_author_writes_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "own.md"
    path.write_text(
        "# Own\n\n## it\n\nA <script>alert(1)</script> & `<b>` **<i>**.\n\n```derive\nstart \\log(a b)\n"
        "given a > 0\ngiven b > 0\nby log-product\n```\n",
        encoding="utf-8",
    )
    page = tmp_path / "own.html"
    assert main(["export", str(path), "--to", "html", "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text
    tags(page)


ARTICLE = r"""# Mine

Some prose with $`x_t`$ and a list:

- one
- two

$$
(a + b)^2 = a^2 + 2 a b + b^2
$$

But not

$$
(a + b)^2 = a^2 + b^2
$$
"""


def test_a_checked_article_is_its_authors_page_with_verdicts_in_the_margin(tmp_path: Path) -> None:
    path, page = tmp_path / "mine.md", tmp_path / "mine.html"
    path.write_text(ARTICLE, encoding="utf-8")
    assert main(["export", str(path), "--to", "html", "-o", str(page)]) == 1, "something in it is refuted"
    text = page.read_text(encoding="utf-8")
    tags(page)
    for wanted in ("<h1", "Some prose with <math", "<li>one</li>", "1 proved, 1 refuted", "proved</summary>"):
        assert wanted in text, wanted
    first, second = text.index("proved</summary>"), text.index("refuted</summary>")
    assert text.index("But not") > first and text.index("But not") < second


LATEX = r"""\documentclass{article}
\newcommand{\half}{\frac{1}{2}}
\title{My \emph{notes}}
\begin{document}
\maketitle % not shown
% derive: given x > 0
\section{One}\label{s:one}
As \textbf{Bayes}~\cite{bayes1763} has it, ``half'' of $\half x$ --- see \eqref{e:a}:
\begin{align}
  \half a + \half a &= a \label{e:a} \\
  &= 2 a
\end{align}
\begin{itemize}
  \item first
  \item second, with $x^2$
\end{itemize}
\begin{enumerate}
  \item a step
\end{enumerate}
Then \( \sqrt{x^2} \) is \[ \sqrt{x^2} = x, \] which was to be shown.
\end{document}
Not part of it.
"""


def test_an_article_in_latex_is_its_authors_page_too(tmp_path: Path) -> None:
    path, page = tmp_path / "mine.tex", tmp_path / "mine.html"
    path.write_text(LATEX, encoding="utf-8")
    assert main(["export", str(path), "--to", "html", "-o", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    tags(page)
    parts = (
        "2 proved, 1 refuted, 1 assumption", "assumption</summary>", ">One</h2>", "<strong>Bayes</strong>",
        "(bayes1763)", "“half” of <math", "— see (e:a)", "proved</summary>", "refuted</summary>",
        "<li>first</li>", "<ol><li>a step</li></ol>", "Then <math", "proved</summary>", "which was to be shown",
    )  # fmt: skip
    at = 0
    for part in parts:
        at = text.find(part, at)
        assert at >= 0, part
    assert "Not part" not in text and "not shown" not in text and "\\half" not in text


PROSE = r"""# Mine

model: ddpm

Some *text* <!-- derive: given t \ge 2 --> and $x_t$, ![a figure](https://example.org/f.png) <b>typed</b>.

1. one
2. two, [a paper](https://example.org/paper)

| a | b |
| --- | --- |
| $`\beta_t`$ | `$c$` |

> quoted

```python
x = "$y$"
```

$$
q(x_t \mid x_{t-1}, x_0) = q(x_t \mid x_{t-1}) \\
log(\bar{\alpha_t}) = log(\bar\alpha_t)
$$
"""


def test_an_authors_own_prose_is_set_as_markdown_and_fetches_nothing(tmp_path: Path) -> None:
    path, page = tmp_path / "mine.md", tmp_path / "mine.html"
    path.write_text(PROSE, encoding="utf-8")
    assert main(["export", str(path), "--to", "html", "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    seen = tags(page).seen
    assert [tag for tag, _ in seen if tag in ("h1", "ol", "table", "blockquote", "pre", "em", "b", "img")] == [
        "h1", "em", "ol", "table", "blockquote", "pre"
    ]  # fmt: skip
    assert "&lt;b&gt;typed&lt;/b&gt;" in text and "[a figure]" in text and "<code>$c$</code>" in text
    assert "<!--" not in text and "model: ddpm" not in text
    at = 0
    for part in ("<h1", "the\xa0model\xa0ddpm", "<em>text</em>", "assumption</summary>", "<ol>", "proved</summary>"):
        at = text.find(part, at)
        assert at >= 0, part
    assert "read as: " in text and text.count('<ul class="margin">') >= 3, "a list for each row of the display"


def test_displays_of_every_kind_are_on_the_page_once(tmp_path: Path) -> None:
    """The page follows the scan: what was checked is shown, in its place, with its own verdicts."""
    path, page = tmp_path / "mine.md", tmp_path / "mine.html"
    text = "# T\n\nOne \\[ a + a = 2 a \\] two $$a = a$$ and $$a = 2 a$$ three\n\n"
    path.write_text(text + "\\begin{align}\nb &= b\n\\end{align}\n\nfour\n", encoding="utf-8")
    main(["export", str(path), "--to", "html", "-o", str(page)])
    html = page.read_text(encoding="utf-8")
    assert html.count("proved</summary>") == 3 and html.count("refuted</summary>") == 1
    places = [html.index(word) for word in ("<p>One", "<p>two", "<p>and", "refuted</summary>", "<p>three", "<p>four")]
    assert places == sorted(places)


# ---- in a browser -------------------------------------------------------------------------------------------------


@needs_browser
def test_nothing_is_fetched_and_nothing_complains(posterior: Browser) -> None:
    assert [address for address in posterior.requests if not address.startswith("file:")] == []
    assert posterior.messages == []


@needs_browser
def test_the_formulas_are_set_as_mathematics(posterior: Browser) -> None:
    """A fraction is taller than a line and its parts stand above each other: no text fallback."""
    tall = posterior.run(
        "(() => { const f = document.querySelector('main .formula mfrac');"
        " const [a, b] = [f.children[0].getBoundingClientRect(), f.children[1].getBoundingClientRect()];"
        " return a.bottom <= b.top + 2 && a.height > 5; })()"
    )
    assert tall is True


@needs_browser
def test_a_click_unfolds_rule_substitution_and_conditions(posterior: Browser) -> None:
    shown = "document.querySelector('.step details .unfolded').checkVisibility()"
    assert posterior.run(shown) is False
    posterior.run("document.querySelector('.step details summary').click()")
    assert posterior.run(shown) is True
    text = posterior.run("document.querySelector('.step details .unfolded').innerText")
    assert "What B teaches about A" in text and "Conditions" in text and "✓" in text and ":=" in text


@needs_browser
def test_the_keyboard_reaches_and_unfolds_every_step(posterior: Browser) -> None:
    for _ in range(60):
        posterior.press("Tab")
        if (
            posterior.run("document.activeElement.closest('.step') !== null && document.activeElement.tagName")
            == "SUMMARY"
        ):
            break
    else:
        pytest.fail("no step is reached by Tab")
    posterior.press("Enter")
    assert posterior.run("document.activeElement.parentElement.open") is True
    assert posterior.run("getComputedStyle(document.activeElement).outlineStyle") != "none"


@needs_browser
def test_a_link_to_a_lemma_unfolds_it(posterior: Browser) -> None:
    assert posterior.run("document.getElementById('ddpm.marginal').open") is False
    posterior.run("document.querySelector('a[href=\"#ddpm.marginal\"]').click()")
    for _ in range(50):
        if posterior.run("document.getElementById('ddpm.marginal').open"):
            break
    assert posterior.run("document.getElementById('ddpm.marginal').open") is True


@needs_browser
@pytest.mark.parametrize("width", [360, 420, 768, 1400])
def test_no_page_is_wider_than_the_screen(posterior: Browser, width: int) -> None:
    posterior.emulate(width=width)
    assert posterior.run("document.documentElement.scrollWidth") <= width


@needs_browser
def test_dark_and_light_both_read_well(posterior: Browser) -> None:
    """The contrast of ink on paper, and of a rule's name, by the formula of WCAG 2.1."""
    script = """(() => {
      const light = (c) => { const v = c.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255)
        .map((n) => n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const paper = light(getComputedStyle(document.body).backgroundColor);
      const over = (node) => { const ink = light(getComputedStyle(node).color);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); };
      return ['body', '.step summary', '.name'].map((s) => over(document.querySelector(s)));
    })()"""
    papers = set()
    for dark in (False, True):
        posterior.emulate(width=1100, dark=dark)
        assert all(contrast >= 4.5 for contrast in posterior.run(script))
        papers.add(posterior.run("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2


@needs_browser
def test_without_scripts_a_step_still_unfolds(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Only the script is taken out: <details> needs none."""
    text = (folder / "elbo.jensen.html").read_text(encoding="utf-8")
    path = tmp_path / "bare.html"
    path.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), encoding="utf-8")
    browser.open(path.as_uri())
    browser.run("document.querySelector('.step details summary').click()")
    assert browser.run("document.querySelector('.step details').open") is True


@needs_browser
def test_on_paper_everything_is_unfolded_and_folded_again_after(posterior: Browser) -> None:
    posterior.run("dispatchEvent(new Event('beforeprint'))")
    assert posterior.run("Array.from(document.querySelectorAll('.step > details')).every((d) => d.open)") is True
    posterior.run("dispatchEvent(new Event('afterprint'))")
    assert posterior.run("Array.from(document.querySelectorAll('.step > details')).some((d) => d.open)") is False


@needs_browser
def test_a_screen_reader_is_told_the_parts(posterior: Browser) -> None:
    """Headings in order, a landmark, a way past the navigation, names for groups."""
    levels = posterior.run("Array.from(document.querySelectorAll('h1,h2,h3,h4')).map((h) => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert posterior.run("document.querySelector('main') !== null && document.querySelector('a.skip').hash") == "#main"
    assert posterior.run("Array.from(document.querySelectorAll('[role=group]')).every((g) => g.ariaLabel)") is True
    assert posterior.run("document.documentElement.lang") == "en"

"""The book of the library: every page there, every link arriving, search that finds, layers that are right."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from derive.cli import main
from derive.cli.contents import derivations, models, rules
from derive.render.pages.graph import svg
from derive.render.pages.layers import connected, drawing_of, layers, needed
from derive.render.pages.site import ArticlePage, Book, book
from tests.render.chromium import Browser, executable
from tests.render.sample import SAMPLE

needs_browser = pytest.mark.skipif(executable() is None, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("book") / "site"
    assert main(["export", "--all", "--to", "html", "-o", str(path)]) == 0
    return path


def test_every_derivation_rule_and_model_is_in_the_book(site: Path) -> None:
    files = {path.name for path in site.iterdir()}
    assert {f"{entry.name}.html" for entry in derivations()} <= files
    rulebook = (site / "rules.html").read_text(encoding="utf-8")
    assert all(f'id="{entry.name}"' in rulebook for entry in rules())
    stated = (site / "models.html").read_text(encoding="utf-8")
    assert all(f'id="{entry.name}"' in stated for entry in models())


def test_every_line_of_the_book_was_tried_and_no_world_refutes_one(site: Path) -> None:
    for entry in derivations():
        page = (site / f"{entry.name}.html").read_text(encoding="utf-8")
        assert "<dt>worlds</dt>" in page and "refuted by a world" not in page, entry.name


def test_every_link_of_every_page_arrives(site: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in site.iterdir()}
    names = {name: set(re.findall(r'\sid="([^"]+)"', text)) for name, text in texts.items()}
    count = 0
    for name, text in texts.items():
        for address in re.findall(r'\shref="([^"]+)"', text):
            file, _, part = address.partition("#")
            target = file or name
            assert target in texts, f"{name} links to {address}"
            assert not part or part in names[target], f"{name} links to {address}"
            count += 1
    assert count > 500


def test_articles_of_the_library_are_in_the_book_with_their_verdicts(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "derivations" / "articles").glob("*.md"):
        assert f'href="{path.stem}.html"' in index
    printed = (site / "groundwork-as-printed.html").read_text(encoding="utf-8")
    assert "refuted</summary>" in printed and "proved</summary>" in printed


def test_the_rulebook_is_set_as_mathematics_throughout(site: Path) -> None:
    assert '<code class="latex">' not in (site / "rules.html").read_text(encoding="utf-8")


@needs_browser
def test_search_finds_by_name_formula_and_author(site: Path, tmp_path: Path) -> None:
    browser = Browser(tmp_path / "profile")
    try:
        browser.open((site / "search.html").as_uri())
        for words, wanted in (("bayes", "bayes"), ("jensen", "elbo.jensen"), ("Bishop product", "product-rule"),
                              ("q(x_{t-1} | x_t, x_0)", "ddpm.posterior"), ("\\bar{\\alpha}_t", "ddpm.marginal"),
                              ("贝叶斯公式", "bayes")):  # fmt: skip
            browser.run(f"document.getElementById('words').value = {json.dumps(words)}")
            browser.run("document.getElementById('words').dispatchEvent(new Event('input'))")
            names = browser.run(
                "Array.from(document.querySelectorAll('#found > li:not([hidden]) a')).map((a) => a.textContent)"
            )
            assert wanted in names and len(names) < 60, words
            assert words != "bayes" or "bayes" in names[0], "what is called so comes first"
        browser.run("document.getElementById('words').value = 'elephant'")
        browser.run("document.getElementById('words').dispatchEvent(new Event('input'))")
        assert browser.run("document.getElementById('count').textContent").startswith("0 of")
        assert browser.messages == [] and all(address.startswith("file:") for address in browser.requests)
    finally:
        browser.close()


@needs_browser
def test_no_page_is_wider_than_a_phone_with_everything_unfolded(site: Path, tmp_path: Path) -> None:
    browser = Browser(tmp_path / "profile")
    names = (
        "ddpm.loss", "ddim.jump", "foundations.reparameterization-gradient", "likelihood.maximum", "rules", "index",
        "graph", "groundwork-as-printed",
    )  # fmt: skip
    try:
        for width in (320, 390):
            browser.emulate(width=width)
            for name in names:
                browser.open((site / f"{name}.html").as_uri())
                browser.run("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
                assert browser.run("document.documentElement.scrollWidth") <= width, name
    finally:
        browser.close()


@needs_browser
def test_keys_stop_at_formulas_that_scroll_and_at_no_others(site: Path, tmp_path: Path) -> None:
    browser = Browser(tmp_path / "profile")
    script = """Array.from(document.querySelectorAll('.formula')).filter((one) => one.checkVisibility())
      .every((one) => (one.tabIndex === 0) === (one.scrollWidth > one.clientWidth + 1))"""
    try:
        for width in (320, 1400):
            browser.emulate(width=width)
            browser.open((site / "ddpm.posterior.html").as_uri())
            assert browser.run(script) is True
    finally:
        browser.close()


# ---- a folder, whole or not at all --------------------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_kept_unless_forced(tmp_path: Path, capsys) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["export", "--all", "--to", "html", "-o", str(tmp_path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ["--all", "--to", "tex", "-o", "x"], ["--all", "--to", "html"], ["--to", "html"],
        ["ddpm.loss", "--all", "--to", "html", "-o", "x"], ["--all", "--to", "html", "-o", "/nowhere/at/all/x"],
        ["--all", "--to", "html", "-o", __file__],
    ],
)  # fmt: skip
def test_what_cannot_be_a_book_is_bad_input(words: list[str], capsys) -> None:
    assert main(["export", *words]) == 2
    assert capsys.readouterr().err.startswith("derive: ")


def test_nothing_is_left_where_a_file_of_the_folder_cannot_be_written(tmp_path: Path) -> None:
    from derive.cli.files import write_folder
    from derive.errors import InputError

    with pytest.raises(InputError):
        write_folder(tmp_path / "new", {"a.html": "a", "no/such/folder.html": "b"})
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_book_had_goes_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    """Pages that the new book does not have are left over, unless somebody has written in them since."""
    from derive.cli.files import write_folder

    site = tmp_path / "site"
    write_folder(site, {"index.html": "one", "old.html": "old", "changed.html": "as written", "linked.html": "l"})
    (site / "changed.html").write_text("mine now")
    (site / "mine.html").write_text("mine")
    (site / "folder").mkdir()
    (site / "linked.html").unlink()
    (tmp_path / "outside.html").write_text("l")
    (site / "linked.html").symlink_to(tmp_path / "outside.html")
    write_folder(site, {"index.html": "two", "new.html": "new"}, force=True)
    left = {path.name for path in site.iterdir() if not path.name.startswith(".")}
    assert left == {"index.html", "new.html", "changed.html", "mine.html", "folder", "linked.html"}
    assert (site / "index.html").read_text() == "two" and (tmp_path / "outside.html").read_text() == "l"


@pytest.mark.parametrize("record", ["", "[]", "3", '{"../outside.html": "HASH"}', '{"/OUTSIDE": "HASH"}', "{" * 9999])
def test_a_record_that_lies_deletes_nothing(tmp_path: Path, record: str) -> None:
    from derive.cli.files import RECORD, write_folder

    outside = tmp_path / "outside.html"
    outside.write_text("mine")
    (tmp_path / "site").mkdir()
    digest = hashlib.sha256(b"mine").hexdigest()
    record = record.replace("HASH", digest).replace("/OUTSIDE", str(outside))
    (tmp_path / "site" / RECORD).write_text(record)
    (tmp_path / "site" / "mine.html").write_text("mine")
    write_folder(tmp_path / "site", {"index.html": "new"}, force=True)
    assert outside.exists() and (tmp_path / "site" / "mine.html").exists()


# ---- articles and the drawing -------------------------------------------------------------------------------------


def test_articles_are_listed_and_found() -> None:
    files = book(Book([SAMPLE], articles=[ArticlePage("notes", "My <notes>", "3 proved, 1 refuted", "<p>page</p>")]))
    assert files["notes.html"] == "<p>page</p>"
    assert "My &lt;notes&gt;" in files["index.html"] and "3 proved, 1 refuted" in files["search.html"]


def every_use(uses: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((name, used) for name, others in uses.items() for used in others)


def test_each_layer_rests_on_layers_before_it() -> None:
    uses = {"d": ["b", "c"], "b": ["a"], "c": [], "a": [], "e": ["d", "a"]}
    found = layers(uses)
    place = {name: number for number, layer in enumerate(found) for name in layer}
    assert set(place) == set(uses)
    assert all(place[used] < place[name] for name, used in every_use(uses))
    assert found == [["a"], ["b", "c"], ["d"], ["e"]], "nothing stands further from its users than it must"


def test_the_drawing_is_svg_with_every_name_and_use() -> None:
    uses = {"loss & more": ["marginal"], "marginal": []}
    root = ElementTree.fromstring(svg(uses, lambda name: f"{name}.html", "which <rests> on which"))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert {node.text for node in root.findall(".//s:text", space)} == set(uses)
    assert len(root.findall(".//s:path", space)) == 1
    (title,) = root.findall("s:title", space)
    assert title.text == "which <rests> on which"


def test_what_a_chain_says_has_no_line_of_its_own() -> None:
    assert needed({"c": ["b", "a"], "b": ["a"], "a": []}) == {"c": ["b"], "b": ["a"], "a": []}
    assert needed({"c": ["a", "b"], "b": [], "a": []})["c"] == ["a", "b"]


def test_parts_that_nothing_ties_are_told_apart() -> None:
    parts = connected({"b": ["a"], "a": [], "d": ["c"], "c": [], "e": ["d"]})
    assert [sorted(part) for part in parts] == [["c", "d", "e"], ["a", "b"]]


def test_no_line_runs_through_a_name_and_none_crosses_that_need_not() -> None:
    # two ladders, told in an order that crosses them, with a rung each that jumps over a layer
    uses = {"r1": ["l0"], "l1": ["r0"], "r2": ["r1"], "l2": ["l1", "r0"], "l0": [], "r0": [], "r3": ["r2", "r1"]}
    drawing = drawing_of(uses, lambda name: 40.0, 20.0)
    boxes = {layer: [] for layer in range(drawing.depth)}
    for middle, layer in drawing.places.values():
        assert all(abs(middle - other) >= 60 - 1e-6 for other in boxes[layer])
        boxes[layer].append(middle)
    for line in drawing.lines:
        for middle, layer in line[1:-1]:
            assert all(abs(middle - other) > 20 for other in boxes[layer]), "a bend within a box"
    segments = [(a, b) for line in drawing.lines for a, b in itertools.pairwise(line)]
    for (x, at), (y, _) in segments:
        for (u, other), (v, _) in segments:
            assert at != other or (x - u) * (y - v) >= -1e-6, "two lines cross"


def test_a_circle_of_results_is_drawn_and_does_not_hang() -> None:
    assert sorted(name for layer in layers({"a": ["b"], "b": ["a"]}) for name in layer) == ["a", "b"]

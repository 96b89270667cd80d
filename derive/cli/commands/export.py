"""`derive export`: a derivation, or the library, as files that some other program opens."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from derive.cli.arguments import add_model, add_rules
from derive.cli.commands.show import add_detail
from derive.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from derive.cli.output import Output
    from derive.derivation import Derivation
    from derive.render.view import DerivationView

SUMMARY = "write a derivation as a page, a document, a notebook, code or a certificate"
EXAMPLE = """
derive export ddpm.posterior --to html -o posterior.html
derive export ddpm.posterior --to tex -o posterior.tex
derive export ddpm --to python -o ddpm.py
derive export --all --to html -o site/
"""
TAKES_LATEX = False

FORMATS = {
    "html": "a page", "tex": "a LaTeX document", "md": "Markdown", "ipynb": "a Jupyter notebook",
    "python": "NumPy functions", "torch": "PyTorch functions", "json": "a certificate",
    "sty": "the LaTeX package that fragments need", "schema": "the JSON Schema of certificates",
}  # fmt: skip
CODE = ("python", "torch")
TRIED = ("html", "tex", "md")
"""What says in how many worlds its lines hold. A notebook tries them itself, a certificate is checked without."""
FIXED = ("sty", "schema")
"""What is the same whatever is exported: no derivation is named."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The derivation, the format, and where it goes."""
    parser.add_argument("name", nargs="?", metavar="NAME|FILE", help="a derivation of the library, or a file of one's "
                        "own; for code also a whole file of the library, such as ddpm")  # fmt: skip
    parser.add_argument("--all", action="store_true", help="the whole library, as a folder of pages")
    parser.add_argument("--to", choices=tuple(FORMATS), required=True,
                        help="; ".join(f"{name}: {what}" for name, what in FORMATS.items()))  # fmt: skip
    parser.add_argument("-o", "--output", metavar="FILE", help="the file to write (default: standard output); "
                        "with --all the folder")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="write over a file that is there; with --all "
                        "pages that an earlier export left over go")  # fmt: skip
    parser.add_argument("--fragment", action="store_true", help="LaTeX without a preamble, for \\input")
    parser.add_argument("--follow", action="store_true", help=r"of an article in LaTeX the files of \input too")
    add_model(parser)
    add_rules(parser)
    add_detail(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    """Writes the file whole or not at all; status 1 if the derivation does not hold."""
    from derive.cli.files import check_target, write_file

    if options.all:
        return _book(options, out)
    if options.name is None and options.to not in FIXED:
        raise InputError("what is to be exported?", hint="a derivation's name, or --all for the whole library")
    if options.fragment and options.to != "tex":
        raise InputError("only LaTeX has fragments", expected="--to tex")
    if options.output is not None:
        check_target(options.output, options.force)
    if options.to in FIXED:
        text, holds = _fixed(options.to), True
    else:
        text, holds = _code(options) if options.to in CODE else _document(options)
    if options.output is None:
        out.raw(text)
    else:
        write_file(options.output, text, options.force)
    return 0 if holds else 1


def _fixed(kind: str) -> str:
    """A file that goes with what is exported."""
    if kind == "sty":
        from derive.render.tex import package

        return package()
    from derive.schemas import certificate_schema

    return certificate_schema()


def _book(options: argparse.Namespace, out: Output) -> int:
    """The library as a folder of pages; status 1 if a goal is not reached."""
    from derive.cli.files import check_folder, write_folder
    from derive.render.layout import holds
    from derive.render.pages.library import checked_articles, whole_library
    from derive.render.pages.site import book

    if options.name is not None or options.to != "html":
        raise InputError("--all is the whole library, as pages", expected="derive export --all --to html -o FOLDER")
    if options.output is None:
        raise InputError("a folder of pages cannot go to standard output", expected="-o FOLDER")
    check_folder(options.output, options.force)
    shown = whole_library(checked_articles(), (lambda name: out.error(f"running {name}")) if out.terminal else None)
    write_folder(options.output, book(shown), options.force)
    return 0 if all(map(holds, shown.derivations)) else 1


def _code(options: argparse.Namespace) -> tuple[str, bool]:
    """A module of functions: of a whole file where the name has no dot, of one result where it has."""
    from functools import lru_cache

    from derive.export import module, module_of, read_offer
    from derive.library import load, load_model

    path = _file_of(options.name)
    offer = read_offer(path) if path is not None else None
    if offer is not None and offer.functions:
        chosen = options.model or offer.model
        obtained = lru_cache(maxsize=None)(partial(load, model=options.model, rules=options.rules))
        return module(offer, load_model(chosen), obtained, options.to), True
    derivation = load(options.name, model=options.model, rules=options.rules)
    return module_of(derivation, options.to), derivation.goal_reached is not False


def _file_of(name: str) -> Path | None:
    """The file of a name without a dot, and a path; None for a derivation's name."""
    from pathlib import Path

    from derive.folders import derivations_folder

    if "/" in name or name.endswith((".md", ".tex")):
        return Path(name) if Path(name).is_file() else None
    path = derivations_folder() / f"{name}.md"
    return path if "." not in name and path.is_file() else None


def _article(options: argparse.Namespace, path: Path) -> tuple[str, bool]:
    """An article of the user's, checked, as its own page."""
    import derive
    from derive.articles.scan import scan_file
    from derive.render.pages.article import article_page
    from derive.render.reports.view import report_view

    report = derive.check_article(path, model=options.model, rules=options.rules, follow=options.follow)
    document = scan_file(path, follow=options.follow)
    return article_page(report_view(report), path.stem, document).html, report.exit_status() == 0


def _is_article(path: Path) -> bool:
    """Whether a file is to be checked rather than run: one that states no derivation."""
    from derive.folders import read_text
    from derive.markdown import Fence, blocks

    fences = [block for block in blocks(read_text(path)) if isinstance(block, Fence)]
    return path.suffix == ".tex" or not any(fence.word == "derive" for fence in fences)


def _document(options: argparse.Namespace) -> tuple[str, bool]:
    """The text of the format, and whether the derivation holds; what says so was tried in worlds, as `show` does."""
    from derive.library import load
    from derive.render.derivations import glancing, view_of
    from derive.render.layout import holds

    path = _file_of(options.name) if "/" in options.name or options.name.endswith((".md", ".tex")) else None
    if options.to == "html" and path is not None and _is_article(path):
        return _article(options, path)
    derivation = load(options.name, model=options.model, rules=options.rules)
    view = view_of(derivation, glancing() if options.to in TRIED else None)
    return _written(derivation, view, options), holds(view)


def _written(derivation: Derivation, view: DerivationView, options: argparse.Namespace) -> str:
    """The derivation in the format that was asked for."""
    if options.to == "html":
        from derive.library import load
        from derive.render.derivations import glancing, view_of
        from derive.render.pages import page

        tried = glancing()
        lemmas = [view_of(load(name, model=derivation.model), tried) for name in view.lemmas if name != view.name]
        return page(view, lemmas)
    if options.to == "tex":
        from derive.render.tex import document, fragment

        return (fragment if options.fragment else document)(view, options.detail)
    if options.to == "md":
        from derive.render.markdown import markdown

        return markdown(view, options.detail)
    if options.to == "ipynb":
        from derive.render.notebook import notebook

        return notebook(derivation, view, options.name, options.model, options.rules)
    import json

    from derive.certificates import certificate

    return json.dumps(certificate(derivation.theorem, derivation.name), ensure_ascii=False) + "\n"

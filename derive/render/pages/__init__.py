"""Pages for a browser: one self-contained file for a derivation, a folder of them for the library.

Formulas are MathML written from the terms, so that nothing is fetched, no script is needed to see the mathematics, and
a screen reader can read it.
"""

from derive.render.pages.html import page

__all__ = ["page"]

"""How a derivation, a rule or a verdict looks: in the terminal, as LaTeX, as Markdown, as JSON.

Everything here prints the plain records of `derive.render.view`; the library fills them. Nothing here computes.
"""

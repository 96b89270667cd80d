"""The commands, one module each: `SUMMARY`, `EXAMPLE`, `TAKES_LATEX`, `arguments(parser)`, `run(options, out)`.

They live in a package of their own because their modules bear the commands' names: `list` beside other code would hide
Python's.
"""

r"""The vocabulary: which macro is what, for the grammar.

A macro that is in none of these tables, nor a Greek letter, is unknown and an error.
"""

from __future__ import annotations

RELATIONS = {
    "=": "=", "<": "<", ">": ">", r"\le": r"\le", r"\leq": r"\le", r"\leqslant": r"\le", r"\ge": r"\ge",
    r"\geq": r"\ge", r"\geqslant": r"\ge", r"\ne": r"\ne", r"\neq": r"\ne", r"\propto": r"\propto",
    r"\approx": r"\approx", r"\simeq": r"\approx", r"\coloneqq": ":=", r"\triangleq": ":=", r"\equiv": r"\equiv",
    r"\lt": "<", r"\gt": ">", r"\gets": ":=", r"\coloneq": ":=", r"\eqqcolon": "=:", r"\overset": "overset",
    r"\stackrel": "overset",
}  # fmt: skip

ACCENTS = {
    r"\bar": r"\bar", r"\overline": r"\bar", r"\tilde": r"\tilde", r"\widetilde": r"\tilde", r"\hat": r"\hat",
    r"\widehat": r"\hat", r"\dot": r"\dot", r"\ddot": r"\ddot", r"\vec": "", r"\check": r"\check", r"\breve": r"\breve",
    r"\acute": r"\acute", r"\mathring": r"\mathring", r"\underline": r"\underline",
}  # fmt: skip
BOLD = {r"\mathbf", r"\boldsymbol", r"\bm", r"\bf", r"\pmb", r"\symbf", r"\mathbfit"}
PLAIN = {r"\mathrm", r"\mathsf", r"\mathit", r"\mathnormal", r"\mathtt", r"\mathop", r"\rm", r"\operatorname"}
PROBABILITY = r"\Pr"
ALPHABETS = {r"\mathcal", r"\mathscr", r"\mathfrak", r"\mathbb", r"\cal", r"\mathbbm", r"\mathds"}
DOTS = {r"\dots", r"\ldots", r"\cdots", r"\dotsb", r"\dotsc", r"\dotsm", r"\dotsi", r"\vdots", r"\ddots", r"\hdots"}
FUNCTIONS = {
    r"\log": "log", r"\ln": "log", r"\exp": "exp", r"\sin": "sin", r"\cos": "cos", r"\tan": "tan", r"\sinh": "sinh",
    r"\cosh": "cosh", r"\tanh": "tanh", r"\det": "det", r"\tr": "tr", r"\Tr": "tr", r"\max": "max", r"\min": "min",
    r"\sign": "sign", r"\arctan": "atan", r"\arcsin": "asin", r"\arccos": "acos",
}  # fmt: skip
WORD_FUNCTIONS = {
    "tr": "tr", "Tr": "tr", "trace": "tr", "det": "det", "log": "log", "ln": "log", "exp": "exp", "sign": "sign",
    "sgn": "sign", "cos": "cos", "sin": "sin", "tanh": "tanh", "arctan": "atan",
}  # fmt: skip
MOMENTS = {"Var": "Var", "Cov": "Cov", "E": "E", "V": "Var", "var": "Var", "cov": "Cov", "Expectation": "E"}
UNDER = {
    r"\max": "max", r"\min": "min", r"\sup": "sup", r"\inf": "inf", r"\argmax": "argmax", r"\argmin": "argmin",
    r"\argsup": "argmax", r"\arginf": "argmin", r"\lim": "lim", r"\limsup": "", r"\liminf": "",
}  # fmt: skip
"""Operators that take what stands under them; those without a word are refused."""
COMPARISONS = {
    sign: name for sign, name in RELATIONS.items() if name in ("=", "<", ">", r"\le", r"\ge", r"\ne")
}
MATRICES = {"bmatrix", "pmatrix", "matrix", "vmatrix", "array", "Bmatrix", "smallmatrix", "Vmatrix"}
CASES = {"cases", "dcases", "rcases"}
ONES = {r"\mathbf", r"\mathbb", r"\mathbbm", r"\mathds", r"\boldsymbol", r"\bm", r"\mathrm"}
SUPERSCRIPTS = frozenset(
    "old new opt ML MAP MLE true ref simple ELBO VLB init post prior train data target best EM MC up vlb lo hi".split()
)
"""Words that stand as superscripts without being set upright."""
REFUSED = {
    r"\ll": "≪ is no relation that can be decided", r"\gg": "≫ is no relation that can be decided",
    r"\lesssim": "≲ is no relation that can be decided", r"\gtrsim": "≳ is no relation that can be decided",
    r"\subset": "a statement about sets is not read", r"\subseteq": "a statement about sets is not read",
    r"\setminus": "a difference of sets is not read", r"\notin": "a statement about sets is not read",
    r"\circ": "a composition of functions is not read", r"\ast": "a convolution is not read",
    r"\otimes": "a tensor product is not read", r"\oplus": "a direct sum is not read",
    r"\mapsto": "the definition of a map is not read", r"\pm": "± is two statements in one",
    r"\mp": "∓ is two statements in one", r"\xrightarrow": "convergence is not read",
    r"\cong": "this relation is not read", r"\asymp": "this relation is not read",
}
"""What is known and not read, and why."""
UNIFORM = r"\mathcal U"
BIG = {r"\sum": "sum", r"\prod": "prod", r"\bigcap": "cap", r"\bigcup": "cup"}
INTEGRALS = {r"\int": 1, r"\iint": 2, r"\iiint": 3}
TRANSPOSED = {r"\top", r"\intercal", r"\mathsf T", r"\mathrm T", r"\dagger"}
OPERATORS = {*FUNCTIONS, *BIG, *UNDER, *INTEGRALS, r"\nabla", r"\partial", r"\mathbb"}
TOWERS = frozenset((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac", r"\sqrt", *FUNCTIONS))

STARTS: dict[str, str] = {
    r"\neg": "_negated", r"\lnot": "_negated",
    **dict.fromkeys(ACCENTS, "_named"), **dict.fromkeys(BOLD, "_style"), **dict.fromkeys(PLAIN, "_style"),
    **dict.fromkeys(ALPHABETS, "_alphabet"), PROBABILITY: "_probability", **dict.fromkeys(FUNCTIONS, "_named_function"),
    **dict.fromkeys(UNDER, "_under"), r"\binom": "_binomial", r"\tbinom": "_binomial", r"\dbinom": "_binomial",
    **dict.fromkeys(BIG, "_big"), **dict.fromkeys(INTEGRALS, "_integral"), **dict.fromkeys(DOTS, "_dots"),
    **dict.fromkeys((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"), "_fraction"), r"\sqrt": "_root",
    r"\nabla": "_nabla", r"\partial": "_partial", r"\infty": "_infinity", r"\boxed": "_boxed", r"\fbox": "_boxed",
    r"\ensuremath": "_boxed", **dict.fromkeys((r"\underbrace", r"\overbrace", r"\underset"), "_annotated"),
}  # fmt: skip
"""The method that reads what begins with a macro."""

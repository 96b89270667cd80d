r"""Tokens of mathematical LaTeX: every character of the text ends up in one, or is white space.

What only sizes or spaces (`\big`, `\,`, `\displaystyle`) is dropped here; delimiters know whether they open or close.
Damage with one reading (`x\_t`, a Greek letter typed as such, `log` without its backslash) is mended and noted.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from derive.errors import LimitExceeded, ReadError
from derive.latex.macros import MOST_CHARACTERS, Expanded, Macros, has_definitions

MOST_TOKENS = 60_000
MOST_DIGITS = 400
_PADDING = 4


class Token(NamedTuple):
    r"""A token: its kind, its text, where it stands.

    Kinds: `macro`, `letter`, `number`, `text` (the words of `\text{…}`), `open`, `close`, `bar` (`|` and `\|`, which
    open, close or separate), `mid` (separates only), `row` (`\\`), `gap` (`\quad`), `char`, `end`.
    """

    kind: str
    text: str
    start: int
    end: int


GREEK = frozenset(
    "\\" + name
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu "
        "xi pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda "
        "Xi Pi Sigma Upsilon Phi Psi Omega ell omicron emptyset"
    ).split()
)
_UNICODE_GREEK = dict(
    zip(
        "αβγδεϵζηθϑικλμνξπρσςτυφϕχψωΓΔΘΛΞΠΣΥΦΨΩℓµ",
        (
            "alpha beta gamma delta varepsilon epsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho "
            "sigma varsigma tau upsilon varphi phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi "
            "Psi Omega ell mu"
        ).split(),
        strict=True,
    )
)
_UNICODE = {char: f"\\{name} " for char, name in _UNICODE_GREEK.items()} | {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "′": "'", "’": "'", "‘": "'", "″": "''", "·": r"\cdot ",
    "⋅": r"\cdot ", "∙": r"\cdot ", "×": r"\times ", "≤": r"\le ", "⩽": r"\le ", "≥": r"\ge ", "⩾": r"\ge ",
    "≠": r"\ne ", "∝": r"\propto ", "≈": r"\approx ", "≔": r"\coloneqq ", "≡": r"\equiv ", "∼": r"\sim ",
    "∈": r"\in ", "⊥": r"\perp ", "≻": r"\succ ", "⪰": r"\succeq ", "∥": r"\| ", "‖": r"\| ", "∣": r"\mid ",
    "∇": r"\nabla ", "∂": r"\partial ", "∫": r"\int ", "∑": r"\sum ", "∏": r"\prod ", "∞": r"\infty ",
    "√": r"\sqrt ", "∅": r"\emptyset ", "⊙": r"\odot ", "→": r"\to ", "⇒": r"\Rightarrow ", "⇔": r"\iff ",
    "∀": r"\forall ", "∩": r"\cap ", "∪": r"\cup ", "…": r"\dots ", "⋯": r"\cdots ", "⊤": r"\top ", "ᵀ": r"^\top ",
    "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "𝔼": r"\mathbb{E}", "𝒩": r"\mathcal{N}", "；": ";", "，": ",", "（": "(",
    "）": ")", "：": ":",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₜₙₖᵢⱼ", "0123456789+-tnkij", strict=True))
_COMBINING = {"\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0302": "hat", "\u0307": "dot"}

_SKIPPED = frozenset(
    "\\" + name
    for name in (
        "displaystyle textstyle scriptstyle limits nolimits nonumber notag allowbreak thinspace medspace "
        "thickspace negthinspace negmedspace negthickspace enspace hfill noindent mathstrut strut relax space "
        "hfil centering mathopen mathclose mathrel mathbin mathord mathinner break par small large normalsize"
    ).split()
)
_WIDE = re.compile(r"[1-9]\d*(?:\.\d+)?(?:cm|em|in)|[1-9]\d(?:\.\d+)?(?:mm|pt|ex)")
_SKIPPED_WITH_ARGUMENT = frozenset(
    "\\" + name for name in "label tag hspace vspace phantom hphantom vphantom eqref ref cite footnote hskip".split()
)
_TEXT = frozenset("\\" + name for name in "text textrm textbf textit mbox hbox textnormal textsf texttt textup".split())
_WORDS = frozenset("\\" + name for name in "operatorname mathrm mathsf mathtt mathit mathop rm".split())
AUTHORS = {
    r"\E": r"\mathbb{E}", r"\EE": r"\mathbb{E}", r"\Expect": r"\mathbb{E}", r"\KL": r"\mathrm{KL}",
    r"\R": r"\mathbb{R}", r"\Normal": r"\mathcal{N}", r"\normal": r"\mathcal{N}", r"\Var": r"\mathrm{Var}",
    r"\Cov": r"\mathrm{Cov}", r"\given": r"\mid", r"\giv": r"\mid", r"\eps": r"\epsilon", r"\veps": r"\varepsilon",
    r"\I": r"\mathbf{I}", r"\ELBO": r"\mathrm{ELBO}", r"\SNR": r"\mathrm{SNR}", r"\dd": r"\mathrm{d}",
    r"\d": r"\mathrm{d}", r"\T": r"\top",
}  # fmt: skip
"""Macros that authors define for themselves, all in the same way; each use is noted."""
_AUTHORS_BOLD = re.compile(r"\\(?!bm|bf)[bv][a-zA-Z]")
_OPENING = {r"\left", r"\bigl", r"\Bigl", r"\biggl", r"\Biggl"}
_CLOSING = {r"\right", r"\bigr", r"\Bigr", r"\biggr", r"\Biggr"}
_SIZES = {r"\big", r"\Big", r"\bigg", r"\Bigg"}
_MIDDLE = {r"\middle", r"\bigm", r"\Bigm", r"\biggm", r"\Biggm"}
_DELIMITERS = {
    "(": ("open", "("), ")": ("close", ")"), "[": ("open", "["), "]": ("close", "]"), r"\{": ("open", "{"),
    r"\}": ("close", "}"), r"\lbrace": ("open", "{"), r"\rbrace": ("close", "}"), r"\lbrack": ("open", "["),
    r"\rbrack": ("close", "]"), r"\lparen": ("open", "("), r"\rparen": ("close", ")"), "|": ("bar", "|"),
    r"\vert": ("bar", "|"), r"\|": ("bar", "||"), r"\Vert": ("bar", "||"), r"\lvert": ("open", "|"),
    r"\rvert": ("close", "|"), r"\lVert": ("open", "||"), r"\rVert": ("close", "||"), r"\langle": ("open", "<"),
    r"\rangle": ("close", ">"), ".": ("open", "."),
}  # fmt: skip
_UPRIGHT = {"log", "ln", "exp", "sqrt", "min", "max", "sin", "cos", "tan", "tanh", "argmax", "argmin"}
_NAMED = {"SNR", "ELBO", "VLB", "KL", "Var", "Cov", "MSE", "LHS", "RHS"}
_TAKING = {"var", "cov", "tr", "det", "diag", "JS", "JSD", "TV", "MMD"}
"""Words that are names of operators where brackets follow them."""
_RAISED_WORD = re.compile(r"(?<![\de])\^\s*\{\s*$")

_OPTIMUM = re.compile(r"arg\s*(?:\\,|\\;|\\!)?\s*\\?(?:max|min|sup|inf)(?![a-z])")
_GLUED = re.compile(r"([A-Za-z]{1,2})(log|ln|exp)")
_LEADING = re.compile(r"(log|ln|exp)([A-Zpqx])")
_PROBABLE = re.compile(r"(?<![A-Za-z\\])(?:\\?Pr|[Pp])\s*(?:\\left|\\[bB]igg?l?)?\((?:[^()]*[|,]\s*|\s*)(?:\\mid\s*)?$")
_ENDS_ITEM = re.compile(r"\s*(?:[|,)]|\\mid|\\vert|\\right)")
_APPLIED = re.compile(r"\s*(?:\\left|\\[bB]igg?l?)?\s*[(\[{]")
_AFTER_WORD = re.compile(r"\s*(?:\\q?quad(?![A-Za-z])|\\[ ]|~|$)")
PROSE = frozenset("where and with for if so then hence thus since because or when otherwise given such that".split())
"""Words between formulas that authors forget to set as text."""

_PATTERN = re.compile(
    r"""(?P<space>(?:\s|~|(?<!\\)%[^\n]*(?:\n|$))+)
    |(?P<macro>\\[A-Za-z]+)
    |(?P<row>\\\\(?:\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?)
    |(?P<control>\\.)
    |(?P<dots>\.\.\.)
    |(?P<abbreviation>(?<![A-Za-z\\}])(?:s\.\s?t\.|w\.r\.t\.|i\.i\.d\.|i\.e\.|e\.g\.))
    |(?P<word>[A-Za-z]{2,})
    |(?P<letter>[A-Za-z])
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<char>.)""",
    re.VERBOSE | re.DOTALL,
)
_SPACING = re.compile(r"\\[,;:!> ]|~|\\(?:thinspace|nolimits|limits)(?![A-Za-z])")
_SWITCHED = re.compile(r"\s*([A-Za-z][A-Za-z0-9 \-]*?)\s*(?=\})")
_BRACE = re.compile(r"\s*\{")
_BEGIN = re.compile(r"\s*\{([A-Za-z]+\*?)\}(?:\s*\{[lcr@|\d ]*\})?")


class Scanner:
    """One pass over a text: `tokens` and the `notes` on what was mended."""

    def __init__(
        self, text: str, *, file: str | None = None, line: int = 1, macros: Macros | None = None
    ) -> None:
        self.text, self.file, self.line = text, file, line
        self.tokens: list[Token] = []
        self.notes: list[str] = []
        self._author: Expanded | None = None
        if len(text) > MOST_CHARACTERS:
            raise LimitExceeded(
                f"the text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read", file=file, line=line
            )
        if macros or has_definitions(text):
            self._author = (macros or Macros()).expanded(text, file=file, line=line)
            self.text = self._author.text
        place = 0
        while place < len(self.text):
            place = self._step(place)
        if len(self.tokens) > MOST_TOKENS:
            raise LimitExceeded(f"the text has more than {MOST_TOKENS:,} tokens", file=file, line=line)
        if self._author is not None:
            self.tokens = [
                Token(token.kind, token.text, *self._author.span(token.start, token.end)) for token in self.tokens
            ]
            self.text, self._author = text, None
        self.tokens.extend([Token("end", "", len(text), len(text))] * _PADDING)

    def error(self, place: int, message: str, expected: str | None = None, hint: str | None = None) -> ReadError:
        """An error at a place of the text; while macros are written out, at the place in the author's text."""
        text = self.text
        if self._author is not None:
            text, place = self._author.author, self._author.place(place)
        return ReadError.at(text, place, message, file=self.file, first_line=self.line, expected=expected, hint=hint)

    def note(self, message: str) -> None:
        if message not in self.notes:
            self.notes.append(message)

    def _add(self, kind: str, text: str, start: int, end: int) -> int:
        before = self.tokens[-1] if self.tokens else None
        if before is not None and kind == before.kind == "bar" and text == before.text == "|" and before.end == start:
            start = self.tokens.pop().start
            text = "||"
        if before is not None and kind == before.kind == "mid" and text == before.text == "|":
            start = self.tokens.pop().start
            text = "||"
        self.tokens.append(Token(kind, text, start, end))
        return end

    def _step(self, place: int) -> int:
        match = _PATTERN.match(self.text, place)
        assert match is not None  # the last alternative takes any character
        kind, word, end = match.lastgroup, match.group(), match.end()
        match kind:
            case "space":
                return end
            case "macro":
                return self._macro(word, place, end)
            case "row":
                return self._add("row", r"\\", place, end)
            case "control":
                return self._control(word, place, end)
            case "dots":
                self.note(r"... is read as \dots")
                return self._add("macro", r"\dots", place, end)
            case "abbreviation":
                return self._add("text", word, place, end)
            case "word":
                return self._word(word, place)
            case "letter":
                return self._add("letter", word, place, end)
            case "number":
                if len(word) > MOST_DIGITS:
                    text, at = (self.text, place) if self._author is None else (
                        self._author.author, self._author.place(place)
                    )  # fmt: skip
                    raise LimitExceeded.at(
                        text, at, f"a number of more than {MOST_DIGITS} digits", file=self.file, first_line=self.line
                    )
                return self._add("number", word, place, end)
            case _:
                return self._char(word, place, end)

    def _word(self, word: str, place: int) -> int:
        """Letters in a row are single names, but for the words that papers forget to set upright."""
        if word in _UPRIGHT:
            self.note(f"{word} is read as \\{word}")
            return self._add("macro", "\\" + word, place, place + len(word))
        if word == "Pr":
            return self._add("macro", r"\Pr", place, place + len(word))
        if word in _NAMED:
            return self._add("text", word, place, place + len(word))
        if word in _TAKING and _APPLIED.match(self.text, place + len(word)):
            self.note(f"{word} is read as one name")
            return self._add("text", word, place, place + len(word))
        raised = len(word) > 3 and _RAISED_WORD.search(self.text, 0, place) and self._closes(place + len(word))
        if raised and set(word) & set("aeiou"):
            self.note(f"{word} in the superscript is read as a word")
            return self._add("text", word, place, place + len(word))
        if word == "arg" and _OPTIMUM.match(self.text, place):
            self.note(r"arg is read as \arg")
            return self._add("macro", r"\arg", place, place + len(word))
        if len(word) > 2 and _PROBABLE.search(self.text, 0, place) and _ENDS_ITEM.match(self.text, place + len(word)):
            self.note(f"{word} is read as one name")
            return self._add("text", word, place, place + len(word))
        ahead = _LEADING.fullmatch(word)
        if ahead is not None:
            self.note(f"{ahead[1]} in {word} is read as \\{ahead[1]}")
            self._add("macro", "\\" + ahead[1], place, place + len(ahead[1]))
            return self._add("letter", ahead[2], place + len(ahead[1]), place + len(word))
        if word in PROSE and self._stands_apart(place, place + len(word)):
            return self._add("text", word, place, place + len(word))
        glued = _GLUED.fullmatch(word)
        if glued is not None and _APPLIED.match(self.text, place + len(word)):
            self.note(f"{glued[2]} in {word} is read as \\{glued[2]}")
            for offset, letter in enumerate(glued[1]):
                self._add("letter", letter, place + offset, place + offset + 1)
            return self._add("macro", "\\" + glued[2], place + len(glued[1]), place + len(word))
        for offset, letter in enumerate(word):
            self._add("letter", letter, place + offset, place + offset + 1)
        return place + len(word)

    def _closes(self, place: int) -> bool:
        """Whether a brace ends here."""
        return self.text[place:].lstrip().startswith("}")

    def _stands_apart(self, place: int, end: int) -> bool:
        """Whether gaps on both sides, or one and the end of its line, part a word from the formulas around it."""
        before = self.tokens[-1].kind if self.tokens else "row"
        after = _AFTER_WORD.match(self.text, end)
        return (before in ("gap", "row") and after is not None) or bool(after and after[0].strip() and before == "char")

    def _control(self, word: str, place: int, end: int) -> int:
        char = word[1]
        if char in ",;:!> \n\t/-":
            return end
        if word in _DELIMITERS:
            return self._add(*_DELIMITERS[word], place, end)
        if word == r"\0":
            self.note(r"\0 is read as 0")
            return self._add("number", "0", place, end)
        if char == "&":
            return self._add("macro", r"\wedge", place, end)
        if char in "_*":
            self.note(f"\\{char} is read as {char}")
            return self._add("char", char, place, end)
        raise self.error(place, f"the control sequence {word} is not read here")

    def _quoted_end(self, place: int, end: int) -> bool:
        """Whether this `>` is the mark of a quotation in Markdown: first on its line, before an \\end."""
        before = self.text[self.text.rfind("\n", 0, place) + 1 : place]
        return not before.strip() and self.text[end : end + 40].lstrip().startswith(r"\end")

    def _char(self, char: str, place: int, end: int) -> int:
        if char in _DELIMITERS and char != ".":
            return self._add(*_DELIMITERS[char], place, end)
        if char in "{}^_+-*/=<,;:!&'.":
            return self._add("char", char, place, end)
        if char == ">" and self._quoted_end(place, end):
            self.note("a > before \\end is left out")
            return end
        if char == ">":
            return self._add("char", char, place, end)
        if char == "$":
            raise self.error(place, "a $ inside a formula", "the formula without its delimiters")
        after = self.text[end] if end < len(self.text) else ""
        decomposed = unicodedata.normalize("NFD", char + (after if after in _COMBINING else ""))
        if len(decomposed) == 2 and decomposed[1] in _COMBINING:
            base = _UNICODE.get(decomposed[0], decomposed[0])
            end += after in _COMBINING and after != ""
            return self._mended(self.text[place:end], f"\\{_COMBINING[decomposed[1]]}{{{base}}}", place, end)
        for table, sign in ((_RAISED, "^"), (_LOWERED, "_")):
            if char in table:
                while end < len(self.text) and self.text[end] in table:
                    end += 1
                shown = self.text[place:end]
                return self._mended(shown, f"{sign}{{{''.join(table[c] for c in shown)}}}", place, end)
        if char in _UNICODE:
            return self._mended(char, _UNICODE[char], place, end)
        return self._add("other", char, place, end)

    def _mended(self, shown: str, latex: str, place: int, end: int) -> int:
        self.note(f"{shown} is read as {latex.strip()}")
        for token in Scanner(latex).tokens[:-_PADDING]:
            self._add(token.kind, token.text, place, end)
        return end

    def _macro(self, word: str, place: int, end: int) -> int:
        if word in (r"\quad", r"\qquad"):
            return self._add("gap", word, place, end)
        if word in _SKIPPED:
            return end
        if word in _SKIPPED_WITH_ARGUMENT:
            content, after = self._braced(end, word)
            wide = word == r"\hspace" and _WIDE.fullmatch(content.replace(" ", ""))
            return self._add("gap", word, place, after) if wide else after
        if word in _TEXT:
            content, after = self._braced(end, word)
            return self._add("text", " ".join(content.split()), place, after)
        if word in (r"\textcolor", r"\color"):
            end = self._braced(end, word)[1]
            return self._add("macro", r"\color", place, end)
        if word == r"\varnothing":
            return self._add("macro", r"\emptyset", place, end)
        if word == r"\thicksim":
            return self._add("macro", r"\sim", place, end)
        if word in AUTHORS or _AUTHORS_BOLD.fullmatch(word):
            latex = AUTHORS.get(word) or f"\\mathbf{{{word[2:]}}}"
            return self._mended(word, latex + " ", place, end)
        if word == r"\mathop":
            return self._add("macro", word, place, end)
        if word in _WORDS:
            return self._upright(word, place, end)
        if word in (r"\begin", r"\end"):
            found = _BEGIN.match(self.text, end)
            if found is None:
                raise self.error(place, f"{word} without the name of an environment", r"\begin{align} or the like")
            after = found.end() if word == r"\begin" else self.text.index("}", end) + 1
            return self._add(word[1:], found.group(1), place, after)
        for family, kind in ((_OPENING, "open"), (_CLOSING, "close"), (_SIZES, ""), (_MIDDLE, "mid")):
            if word in family:
                return self._delimiter(word, kind, place, end)
        if word in _DELIMITERS:
            return self._add(*_DELIMITERS[word], place, end)
        if word == r"\mid":
            return self._add("mid", "|", place, end)
        if word == r"\parallel":
            return self._add("mid", "||", place, end)
        return self._add("macro", word, place, end)

    def _upright(self, word: str, place: int, end: int) -> int:
        r"""`\mathrm{KL}` is a word; `\mathrm{\mu}` is a letter in another style."""
        if word == r"\operatorname" and self.text[end : end + 1] == "*":
            end += 1
        if _BRACE.match(self.text, end):
            content, after = self._braced(end, word)
            content = " ".join(_SPACING.sub(" ", content).split())
            if re.fullmatch(r"[A-Za-z][A-Za-z0-9 \-]*", content):
                return self._add("text", content, place, after)
        switched = _SWITCHED.match(self.text, end) if word == r"\rm" and self.text[:place].endswith("{") else None
        if switched is not None:
            return self._add("text", switched[1], place, switched.end())
        return self._add("macro", r"\mathrm", place, end)

    def _delimiter(self, word: str, kind: str, place: int, end: int) -> int:
        match = _PATTERN.match(self.text, end)
        if match is not None and match.lastgroup == "space":
            match = _PATTERN.match(self.text, match.end())
        if match is None or match.group() not in _DELIMITERS:
            if word in _SIZES or word in _MIDDLE:
                return end
            raise self.error(place, f"{word} is not followed by a delimiter", r"a delimiter such as ( or \|")
        own, text = _DELIMITERS[match.group()]
        if match.group() == ".":
            kind = "close" if word in _CLOSING else "open"
        return self._add(kind or own, text, place, match.end())

    def _braced(self, place: int, word: str) -> tuple[str, int]:
        """The raw text of a braced argument, and where it ends."""
        start = place
        while start < len(self.text) and self.text[start].isspace():
            start += 1
        if self.text[start : start + 1] != "{":
            if word in _TEXT and start < len(self.text):
                return self.text[start], start + 1
            raise self.error(place, f"{word} is not followed by an argument in braces", "{")
        depth, at = 0, start
        while at < len(self.text):
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "{":
                depth += 1
            elif char == "}":
                depth -= 1
                if depth == 0:
                    return self.text[start + 1 : at], at + 1
            at += 1
        raise self.error(start, "this brace is never closed", "}")

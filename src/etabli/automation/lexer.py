"""Cuts a program text into tokens. Wrong characters are reported and replaced by what was probably meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from etabli.automation.messages import MessageList, Position
from etabli.automation.types import REAL_MAX, DataType, Value, limits, round_real
from etabli.physics.text import Text

_KEYWORD_TEXT: Final = """
PROGRAM END_PROGRAM FUNCTION END_FUNCTION FUNCTION_BLOCK END_FUNCTION_BLOCK CONFIGURATION END_CONFIGURATION
TYPE END_TYPE STRUCT END_STRUCT CLASS END_CLASS METHOD END_METHOD
VAR VAR_INPUT VAR_OUTPUT VAR_IN_OUT VAR_GLOBAL VAR_TEMP VAR_EXTERNAL END_VAR CONSTANT RETAIN NON_RETAIN AT
IF THEN ELSIF ELSE END_IF CASE OF END_CASE FOR TO BY DO END_FOR WHILE END_WHILE REPEAT UNTIL END_REPEAT
EXIT RETURN CONTINUE GOTO NOT AND OR XOR MOD TRUE FALSE
"""
KEYWORDS: Final = frozenset(_KEYWORD_TEXT.split())


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    KEYWORD = auto()
    OPERATOR = auto()
    LITERAL = auto()
    ADDRESS = auto()
    POISON = auto()
    END = auto()


class Token(NamedTuple):
    """One token. ``text`` is in capitals for keywords; ``value`` and ``type`` are set for literals."""

    kind: Kind
    text: str
    at: Position
    end: Position
    value: Value = 0
    type: DataType | None = None
    flexible: bool = False


class Comment(NamedTuple):
    """A comment and whether it stands alone on its lines."""

    text: str
    first_line: int
    last_line: int
    alone: bool


@dataclass(slots=True)
class Lexed:
    """The tokens of a text (the last one is END) and its comments."""

    tokens: list[Token] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


_PATTERN: Final = re.compile(
    r"""(?P<space>[\s\ufeff]+)
    |(?P<comment>//[^\n]*|\(\*.*?\*\)|/\*.*?\*/)
    |(?P<open>\(\*|/\*)
    |(?P<pragma>\{[^}\n]*\})
    |(?P<address>%[A-Za-z0-9_.]*)
    |(?P<typed>[A-Za-z_][A-Za-z0-9_]*\#[-+]?[A-Za-z0-9_.#]*)
    |(?P<based>\d[\d_]*\#[A-Za-z0-9_]*)
    |(?P<real>\d[\d_]*(?:\.\d[\d_]*(?:[eE][-+]?\d+)?|[eE][-+]?\d+))
    |(?P<integer>\d[\d_]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<operator>:=|=>|<>|<=|>=|\.\.|\*\*|==|!=|&&|\|\||[-+*/=<>()\[\],;:.&])
    |(?P<string>'[^'\n]*'?|"[^"\n]*"?)
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_C_OPERATORS: Final = {
    "==": "=",
    "!=": "<>",
    "&&": "AND",
    "||": "OR",
    "!": "NOT",
    "|": "OR",
    "≠": "<>",
    "≤": "<=",
    "≥": ">=",
}
_ACCENTS: Final = str.maketrans("àâäéèêëîïôöùûüçÀÂÄÉÈÊËÎÏÔÖÙÛÜÇ", "aaaeeeeiioouuucAAAEEEEIIOOUUUC")
_TIME_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|us|d|h|m|s)")
_TIME_US: Final = {
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1000,
    "us": 1,
}
_TIME_ORDER: Final = list(_TIME_US)


class LiteralError(ValueError):
    """A literal is badly written; carries the text and the mend."""

    def __init__(self, text: Text, mend: Text) -> None:
        self.text = text
        self.mend = mend
        super().__init__(text.fr)


def lex(source: str, messages: MessageList) -> Lexed:
    """Cut ``source`` into tokens."""
    return _Lexer(source, messages).run()


class _Lexer:
    def __init__(self, source: str, messages: MessageList) -> None:
        self.source = source
        self.messages = messages
        self.result = Lexed()
        self.line = 1
        self.line_start = 0
        self.last_code_line = 0

    def run(self) -> Lexed:
        """Cut the whole text into tokens."""
        offset = 0
        while offset < len(self.source):
            match = _PATTERN.match(self.source, offset)
            assert match is not None, "the last alternative of the pattern takes any character"
            at = Position(self.line, offset - self.line_start + 1)
            group, text = str(match.lastgroup), match[0]
            if group == "open":
                self._unclosed_comment(at, text)
                break
            self._count_lines(text, offset)
            offset = match.end()
            self._take(group, text, at, Position(self.line, offset - self.line_start + 1))
        end = Position(self.line, len(self.source) - self.line_start + 1)
        self.result.tokens.append(Token(Kind.END, "", end, end))
        return self.result

    def _count_lines(self, text: str, offset: int) -> None:
        lines = text.count("\n")
        if lines:
            self.line += lines
            self.line_start = offset + text.rindex("\n") + 1

    def _take(self, group: str, text: str, at: Position, end: Position) -> None:
        if group in ("space", "pragma"):
            return
        if group == "comment":
            body = text[2:] if text.startswith("//") else text[2:-2]
            alone = self.last_code_line != at.line
            self.result.comments.append(Comment(" ".join(body.split()), at.line, end.line, alone))
            return
        self.last_code_line = end.line
        token = getattr(self, f"_{group}")(text, at, end)
        if token is not None:
            self.result.tokens.append(token)

    def _unclosed_comment(self, at: Position, opening: str) -> None:
        closing = "*)" if opening == "(*" else "*/"
        self.messages.error(
            at,
            Text(
                f"commentaire ouvert par « {opening} » et jamais fermé",
                f"comment opened by “{opening}” and never closed",
            ),
            Text(f"fermer le commentaire par « {closing} »", f"close the comment with “{closing}”"),
        )

    # One method for each named group of the pattern.

    def _address(self, text: str, at: Position, end: Position) -> Token:
        return Token(Kind.ADDRESS, text, at, end)

    def _name(self, text: str, at: Position, end: Position) -> Token:
        upper = text.upper()
        if upper in KEYWORDS:
            return Token(Kind.KEYWORD, upper, at, end)
        if text.isascii():
            return Token(Kind.NAME, text, at, end)
        plain = text.translate(_ACCENTS)
        self.messages.error(
            at,
            Text(
                f"le nom « {text} » contient une lettre accentuée",
                f"the name “{text}” has an accented letter",
            ),
            Text(f"écrire « {plain} »", f"write “{plain}”"),
        )
        return Token(Kind.NAME, plain if plain.isascii() else "_", at, end)

    def _operator(self, text: str, at: Position, end: Position) -> Token:
        if text == "&":
            return Token(Kind.KEYWORD, "AND", at, end)
        if text in _C_OPERATORS:
            return self._foreign(text, at, end)
        return Token(Kind.OPERATOR, text, at, end)

    def _foreign(self, text: str, at: Position, end: Position) -> Token:
        right = _C_OPERATORS[text]
        self.messages.error(
            at,
            Text(f"« {text} » n'existe pas en texte structuré", f"“{text}” does not exist in Structured Text"),
            Text(f"écrire « {right} »", f"write “{right}”"),
        )
        return Token(Kind.KEYWORD if right.isalpha() else Kind.OPERATOR, right, at, end)

    def _string(self, text: str, at: Position, end: Position) -> Token:
        self.messages.error(
            at,
            Text(
                "les chaînes de caractères ne font pas partie du langage",
                "character strings are not supported",
            ),
            Text("utiliser un nombre ou un booléen", "use a number or a Boolean"),
        )
        return Token(Kind.POISON, text, at, end)

    def _other(self, text: str, at: Position, end: Position) -> Token | None:
        if text in _C_OPERATORS:
            return self._foreign(text, at, end)
        self.messages.error(
            at,
            Text(f"caractère « {text} » inattendu", f"unexpected character “{text}”"),
            Text("le supprimer", "remove it"),
        )
        return None

    def _integer(self, text: str, at: Position, end: Position) -> Token:
        return self._literal(text, at, end)

    _real = _based = _typed = _integer

    def _literal(self, text: str, at: Position, end: Position) -> Token:
        try:
            data_type, value, flexible = read_literal(text)
        except LiteralError as error:
            self.messages.error(at, error.text, error.mend)
            return Token(Kind.POISON, text, at, end)
        return Token(Kind.LITERAL, text, at, end, value, data_type, flexible)


def read_literal(text: str) -> tuple[DataType, Value, bool]:
    """Read a number, a duration or a typed literal; the third result says whether its type is still open."""
    head, hash_sign, tail = text.partition("#")
    if not hash_sign:
        return _read_number(text)
    if head.replace("_", "").isdigit():
        return (*_smallest_type(_read_based(text), text), True)
    name = head.upper()
    if name in ("T", "TIME"):
        return DataType.TIME, read_time(tail, text), False
    if name not in DataType.__members__:
        raise LiteralError(
            Text(f"constante « {text} » : type « {head} » inconnu", f"literal “{text}”: unknown type “{head}”"),
            Text("types possibles : " + ", ".join(DataType), "possible types: " + ", ".join(DataType)),
        )
    return DataType(name), _read_typed(DataType(name), tail, text), False


def _read_typed(data_type: DataType, tail: str, text: str) -> Value:
    if data_type is DataType.BOOL and tail.upper() in ("TRUE", "FALSE", "0", "1"):
        return tail.upper() in ("TRUE", "1")
    unsigned = tail.lstrip("+-")
    wrong = LiteralError(
        Text(f"constante « {text} » mal écrite", f"badly written literal “{text}”"),
        Text(
            "écrire par exemple INT#5, REAL#2.5, WORD#16#FF, BOOL#TRUE",
            "write for example INT#5, REAL#2.5, WORD#16#FF, BOOL#TRUE",
        ),
    )
    if data_type in (DataType.BOOL, DataType.TIME) or not unsigned[:1].isdigit():
        raise wrong
    sign = -1 if tail.startswith("-") else 1
    if data_type is DataType.REAL:
        try:
            return round_real(sign * float(unsigned))
        except ValueError:
            raise wrong from None
    try:
        number = sign * (_read_based(unsigned) if "#" in unsigned else int(unsigned))
    except ValueError:
        raise wrong from None
    low, high = limits(data_type)
    if not low <= number <= high:
        raise out_of_range(text, data_type)
    return number


def _read_number(text: str) -> tuple[DataType, Value, bool]:
    digits = text.replace("_", "")
    if not digits.isdigit():
        number = float(digits)
        if number > REAL_MAX:
            raise out_of_range(text, DataType.REAL)
        return DataType.REAL, round_real(number), False
    if len(digits) > 20:
        raise out_of_range(text, DataType.DINT)
    return (*_smallest_type(int(digits), text), True)


def _read_based(text: str) -> int:
    base, _, digits = text.replace("_", "").partition("#")
    try:
        if base not in ("2", "8", "16") or len(digits) > 64:
            raise ValueError
        return int(digits, int(base))
    except ValueError:
        raise LiteralError(
            Text(f"constante « {text} » mal écrite", f"badly written literal “{text}”"),
            Text(
                "écrire en base 2, 8 ou 16 : 2#1010, 8#17, 16#FF",
                "write in base 2, 8 or 16: 2#1010, 8#17, 16#FF",
            ),
        ) from None


def _smallest_type(value: int, text: str) -> tuple[DataType, int]:
    for data_type in (DataType.INT, DataType.DINT):
        if value <= limits(data_type)[1] + 1:  # one more: its negative exists
            return data_type, value
    raise out_of_range(text, DataType.DINT)


def out_of_range(text: str, data_type: DataType) -> LiteralError:
    """The error of a literal too large for its type."""
    if data_type is DataType.REAL:
        low, high = "-3.4E38", "3.4E38"
    else:
        low, high = (str(limit) for limit in limits(data_type))
    return LiteralError(
        Text(f"« {text} » sort des limites de {data_type}", f"“{text}” is outside the limits of {data_type}"),
        Text(f"rester entre {low} et {high}", f"stay between {low} and {high}"),
    )


def read_time(body: str, text: str) -> int:
    """Read what follows ``T#``: units in decreasing order, each once, e.g. ``1m30s500ms``; result in microseconds."""
    digits = body.lower().replace("_", "")
    negative = digits.startswith("-")
    digits = digits.lstrip("+-")
    total, offset, last_unit = 0.0, 0, -1
    whole = 0
    while match := _TIME_PART.match(digits, offset):
        order = _TIME_ORDER.index(match[2])
        if order <= last_unit or len(match[1]) > 18:
            break
        last_unit, offset = order, match.end()
        if "." in match[1]:
            total += float(match[1]) * _TIME_US[match[2]]
        else:
            whole += int(match[1]) * _TIME_US[match[2]]
    if offset != len(digits) or not digits:
        raise LiteralError(
            Text(f"durée « {text} » mal écrite", f"badly written duration “{text}”"),
            Text(
                "écrire par exemple T#500ms, T#1s500ms ou T#1m30s, de la plus grande unité à la plus petite",
                "write for example T#500ms, T#1s500ms or T#1m30s, from the largest unit to the smallest",
            ),
        )
    microseconds = whole + round(total)
    if microseconds > limits(DataType.TIME)[1]:
        raise out_of_range(text, DataType.TIME)
    return -microseconds if negative else microseconds

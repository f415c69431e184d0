"""The tree that the parser builds from the text, before any name or type is checked.

Its classes look like those of ``ir`` on purpose: here a name is a word, a type is unknown and a node may be poison;
there slots and types are certain. One set of classes for both would need optional fields, and the generator could be
given what nobody has checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from etabli.automation.messages import Position
from etabli.automation.types import DataType, Value

# --- expressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Poison:
    """An expression already reported as wrong; later checks stay silent about it."""

    at: Position
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; ``flexible`` when its type follows from its surroundings (``5`` but not ``INT#5``)."""

    at: Position
    type: DataType
    value: Value
    flexible: bool = False
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """``motor`` or, with a member, ``timer.Q``; a direct address has its ``%``."""

    at: Position
    name: str
    member: str | None = None
    member_at: Position | None = None
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Unary:
    """``NOT x`` or ``-x``."""

    at: Position
    operator: str
    operand: Expression
    depth: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined by one operator: two, or more for AND and OR. ``at`` is the place of the first operator."""

    at: Position
    operator: str
    operands: tuple[Expression, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Argument:
    """``PT := T#5s``, ``Q => lamp`` or a bare expression in a call."""

    at: Position
    name: str | None
    value: Expression
    is_output: bool = False


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """``LIMIT(0, x, 100)``."""

    at: Position
    name: str
    arguments: tuple[Argument, ...]
    depth: int


Expression = Poison | Constant | Name | Unary | Chain | FunctionCall

# --- statements -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assign:
    """``target := value;``"""

    at: Position
    target: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class CallStatement:
    """``timer(IN := x);``"""

    at: Position
    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """One condition of an IF with the statements it guards."""

    at: Position
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If:
    """IF, ELSIF…, ELSE."""

    at: Position
    arms: tuple[Arm, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a CASE arm: a value, or a range when ``high`` is given."""

    at: Position
    low: Expression
    high: Expression | None


@dataclass(frozen=True, slots=True)
class CaseArm:
    """``1, 3..5: statements``."""

    at: Position
    labels: tuple[Label, ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """CASE selector OF … END_CASE."""

    at: Position
    selector: Expression
    arms: tuple[CaseArm, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class For:
    """FOR variable := start TO stop BY step DO … END_FOR."""

    at: Position
    variable: Name
    start: Expression
    stop: Expression
    step: Expression | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class While:
    """WHILE condition DO … END_WHILE."""

    at: Position
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """REPEAT … UNTIL condition END_REPEAT."""

    at: Position
    body: tuple[Statement, ...]
    until: Expression


@dataclass(frozen=True, slots=True)
class Exit:
    """EXIT: leave the innermost loop."""

    at: Position


@dataclass(frozen=True, slots=True)
class Return:
    """RETURN: end this scan of the program."""

    at: Position


Statement = Assign | CallStatement | If | Case | For | While | Repeat | Exit | Return

# --- declarations -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared name."""

    at: Position
    name: str
    address: str | None
    address_at: Position
    type_name: str
    type_at: Position
    initial: Expression | None
    presets: tuple[Argument, ...]
    """Initial inputs of a block: ``t1 : TON := (PT := T#5s);``"""
    section: str
    constant: bool
    retain: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Source:
    """A whole program text."""

    name: str
    declarations: tuple[Declaration, ...]
    body: tuple[Statement, ...]

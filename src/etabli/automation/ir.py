"""The intermediate form: checked, typed, with variables replaced by slot numbers.

Structured Text is translated to it today; Ladder (contacts and coils are `Load`, `Logic` and `Assign` nodes of one
`Network` per rung) and GRAFCET will be translated to it too. Every node has an ``id``, given in the order of the text,
so that the same text always gives the same ids, and its place ``at`` in the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from etabli.automation.blocks import BlockKind
from etabli.automation.messages import Position
from etabli.automation.types import DataType, Value


class Function(StrEnum):
    """Standard functions."""

    ABS = "ABS"
    MIN = "MIN"
    MAX = "MAX"
    LIMIT = "LIMIT"
    SEL = "SEL"
    TRUNC = "TRUNC"
    SHL = "SHL"
    SHR = "SHR"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; ``name`` is that of the CONSTANT variable it comes from."""

    id: int
    at: Position
    type: DataType
    value: Value
    flexible: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """The value of a slot, or as a target the slot itself."""

    id: int
    at: Position
    type: DataType
    slot: int
    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Logical complement of a BOOL, bitwise of a WORD."""

    id: int
    at: Position
    type: DataType
    operand: Expression


@dataclass(frozen=True, slots=True)
class Negate:
    """Change of sign."""

    id: int
    at: Position
    type: DataType
    operand: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """AND, OR, XOR of two or more operands of the type BOOL or WORD."""

    id: int
    at: Position
    type: DataType
    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Comparison of two operands of one type; the result is BOOL."""

    id: int
    at: Position
    type: DataType
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * / MOD``. Both operands have the type of the result, except TIME * and / by a number."""

    id: int
    at: Position
    type: DataType
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Convert:
    """Conversion to ``type``, written by the learner (``INT_TO_REAL``) or implied without loss."""

    id: int
    at: Position
    type: DataType
    operand: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """Call of a standard function."""

    id: int
    at: Position
    type: DataType
    function: Function
    arguments: tuple[Expression, ...]


Expression = Literal | Load | Not | Negate | Logic | Compare | Arithmetic | Convert | Call


@dataclass(frozen=True, slots=True)
class Assign:
    """Store a value in a slot. ``target.at`` is the place of the name that is written."""

    id: int
    at: Position
    target: Load
    value: Expression


@dataclass(frozen=True, slots=True)
class BlockCall:
    """Call of a block instance: its inputs are written, its law runs, its outputs are copied."""

    id: int
    at: Position
    name: str
    block: BlockKind
    first_slot: int
    inputs: tuple[Assign, ...]
    outputs: tuple[Assign, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """A condition and what it guards."""

    at: Position
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If:
    """The first arm whose condition is true runs, else ``orelse``."""

    id: int
    at: Position
    arms: tuple[Arm, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CaseArm:
    """The closed ranges of values that choose the arm."""

    at: Position
    ranges: tuple[tuple[int, int], ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """The first arm that holds the value of the selector runs, else ``orelse``."""

    id: int
    at: Position
    selector: Expression
    arms: tuple[CaseArm, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class For:
    """Counted loop; ``stop`` and ``step`` are computed once, before the first turn."""

    id: int
    at: Position
    variable: Load
    start: Expression
    stop: Expression
    step: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class While:
    """Loop with the condition before each turn."""

    id: int
    at: Position
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Loop with the end condition after each turn."""

    id: int
    at: Position
    body: tuple[Statement, ...]
    until: Expression


@dataclass(frozen=True, slots=True)
class Exit:
    """Leave the innermost loop."""

    id: int
    at: Position


@dataclass(frozen=True, slots=True)
class Return:
    """End the scan of the program."""

    id: int
    at: Position


Statement = Assign | BlockCall | If | Case | For | While | Repeat | Exit | Return


@dataclass(frozen=True, slots=True)
class Network:
    """Statements shown together: a whole ST text, or later one Ladder rung."""

    id: int
    at: Position
    title: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One memory cell of the PLC."""

    name: str
    type: DataType
    initial: Value
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A checked program, ready for code generation."""

    name: str
    networks: tuple[Network, ...]
    slots: tuple[Slot, ...]


def children(expression: Expression) -> tuple[Expression, ...]:
    """The direct operands of an expression, in the order of the text."""
    match expression:
        case Literal() | Load():
            return ()
        case Not() | Negate() | Convert():
            return (expression.operand,)
        case Logic():
            return expression.operands
        case Compare() | Arithmetic():
            return (expression.left, expression.right)
        case Call():
            return expression.arguments


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything below it."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def every(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements and those inside them, with what block calls assign to their pins."""
    for statement in statements:
        yield statement
        match statement:
            case BlockCall():
                yield from (*statement.inputs, *statement.outputs)
            case If():
                for arm in statement.arms:
                    yield from every(arm.body)
                yield from every(statement.orelse)
            case Case():
                for case_arm in statement.arms:
                    yield from every(case_arm.body)
                yield from every(statement.orelse)
            case For() | While() | Repeat():
                yield from every(statement.body)


def expressions(statement: Statement) -> tuple[Expression, ...]:
    """The expressions of a statement itself, not of those inside it."""
    match statement:
        case Assign():
            return (statement.value,)
        case If():
            return tuple(arm.condition for arm in statement.arms)
        case Case():
            return (statement.selector,)
        case For():
            return (statement.start, statement.stop, statement.step)
        case While():
            return (statement.condition,)
        case Repeat():
            return (statement.until,)
        case _:
            return ()

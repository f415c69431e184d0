"""Intermediate form to one Python function per scan.

The generated text holds slot numbers and values only: no name and no text of the learner enters it, and it runs
without builtins. Two functions come from the same form. The plain one does the work. The traced one does the same and
also notes, in a list, the value of each variable reference and which branches were taken.

A function has this shape (``s`` the slots, ``now`` the time in µs, ``n`` the budget of executed nodes)::

    def scan(s, now, n):
     v0, v1, v2 = s          # local variables are twice as fast as list items
     try:
      v2 = (v0 and not v1)
     finally:
      s[:] = (v0, v1, v2)    # also after a fault
     return n
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from etabli.automation import ir
from etabli.automation.blocks import BLOCKS
from etabli.automation.messages import Position
from etabli.automation.runtime import HELPERS, conversion_name
from etabli.automation.types import BITS, UNSIGNED, DataType, Value

ScanFunction = Callable[..., int]
"""``scan(slots, now_us, budget)`` or, traced, ``scan(slots, now_us, budget, trace)``; gives the budget left."""

_RING: Final = ("+", "-", "*")
"""Operators for which wrapping may wait until the result is used: they commute with the reduction modulo 2^n."""
_PYTHON: Final = {"=": "==", "<>": "!=", "AND": "and", "OR": "or", "XOR": "!="}
_BITWISE: Final = {"AND": "&", "OR": "|", "XOR": "^"}
_FUNCTIONS: Final = {
    ir.Function.ABS: "absolute",
    ir.Function.MIN: "minimum",
    ir.Function.MAX: "maximum",
    ir.Function.LIMIT: "limit",
    ir.Function.TRUNC: "truncate",
    ir.Function.SHL: "shift_left",
    ir.Function.SHR: "shift_right",
}


class TraceKind(Enum):
    """What a place of the trace holds."""

    VALUE = auto()
    """The value of a variable."""
    ARM = auto()
    """The number of the arm taken by an IF or CASE."""


@dataclass(frozen=True, slots=True)
class TracePoint:
    """One place of the trace; for an ARM, ``arms`` are the places of the conditions."""

    at: Position
    name: str
    type: DataType
    kind: TraceKind = TraceKind.VALUE
    arms: tuple[tuple[Position, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Generated:
    """A scan function with the points of its trace (none for the plain one)."""

    scan: ScanFunction
    points: tuple[TracePoint, ...]
    text: str
    node_count: int
    """Executed nodes of one scan without the turns of its loops."""


def generate(unit: ir.Unit, *, traced: bool) -> Generated:
    """Build the plain or the traced function of a checked program."""
    emitter = _Emitter(traced)
    for network in unit.networks:
        emitter.block(network.body, 2)
    names = "".join(f"v{slot}, " for slot in range(len(unit.slots)))
    head = f"def scan(s, now, n{', t' if traced else ''}):\n ({names}) = s\n try:\n"
    text = head + "\n".join(emitter.lines or ["  pass"]) + f"\n finally:\n  s[:] = ({names})\n return n\n"
    count = sum(_cost(network.body) for network in unit.networks)
    return Generated(_build(text)["scan"], tuple(emitter.points), text, count)


def constant_value(expression: ir.Expression) -> Value:
    """The value of an expression without variables."""
    text = f"def constant():\n return {_Emitter(traced=False).value(expression)}\n"
    value: Value = _build(text)["constant"]()
    return value


def _build(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__builtins__": {}, **HELPERS}
    exec(compile(text, "<scan>", "exec"), namespace)  # text made from checked nodes only: numbers, no learner text
    return namespace


# --- cost -------------------------------------------------------------------------------------------------------


def _cost(statements: Iterable[ir.Statement]) -> int:
    """Number of nodes run when every branch is run once; loop bodies count at each turn, not here."""
    return sum(_statement_cost(statement) for statement in statements)


def _expression_cost(*expressions: ir.Expression) -> int:
    return sum(1 for expression in expressions for _ in ir.walk(expression))


def _statement_cost(statement: ir.Statement) -> int:
    match statement:
        case ir.Assign():
            return 1 + _expression_cost(statement.value)
        case ir.BlockCall():
            return 5 + _cost(statement.inputs) + _cost(statement.outputs)
        case ir.If():
            arms = sum(_expression_cost(arm.condition) + _cost(arm.body) for arm in statement.arms)
            return 1 + arms + _cost(statement.orelse)
        case ir.Case():
            arms = sum(len(arm.ranges) + _cost(arm.body) for arm in statement.arms)
            return 1 + _expression_cost(statement.selector) + arms + _cost(statement.orelse)
        case ir.For():
            return 1 + _expression_cost(statement.start, statement.stop, statement.step)
        case _:
            return 1


# --- code -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Emitter:
    traced: bool
    lines: list[str] = field(default_factory=list)
    points: list[TracePoint] = field(default_factory=list)

    def _line(self, indent: int, text: str) -> None:
        self.lines.append(" " * indent + text)

    # --- trace --------------------------------------------------------------------------------------------------

    def _note(self, indent: int, *expressions: ir.Expression) -> None:
        """Note the values of all variables of the expressions (they have no side effect, so before is as good)."""
        if not self.traced:
            return
        for expression in expressions:
            for node in ir.walk(expression):
                if isinstance(node, ir.Load):
                    self._note_load(indent, node)
                elif isinstance(node, ir.Literal) and node.name is not None:
                    self._note_text(indent, node.at, node.name, node.type, _literal(node))

    def _note_load(self, indent: int, load: ir.Load) -> None:
        if self.traced:
            self._note_text(indent, load.at, load.name, load.type, f"v{load.slot}")

    def _note_text(self, indent: int, at: Position, name: str, data_type: DataType, code: str) -> None:
        self._line(indent, f"t[{len(self.points)}] = {code}")
        self.points.append(TracePoint(at, name, data_type))

    def _arm_point(self, at: Position, arms: Iterable[tuple[Position, str]]) -> int:
        self.points.append(TracePoint(at, "", DataType.BOOL, TraceKind.ARM, tuple(arms)))
        return len(self.points) - 1

    # --- statements ---------------------------------------------------------------------------------------------

    def block(self, statements: Iterable[ir.Statement], indent: int) -> None:
        """Emit statements, or ``pass`` for none."""
        before = len(self.lines)
        for statement in statements:
            self._statement(statement, indent)
        if len(self.lines) == before:
            self._line(indent, "pass")

    def _statement(self, statement: ir.Statement, indent: int) -> None:
        match statement:
            case ir.Assign():
                self._assign(statement, indent)
            case ir.BlockCall():
                self._block_call(statement, indent)
            case ir.If():
                self._if(statement, indent)
            case ir.Case():
                self._case(statement, indent)
            case ir.For():
                self._for(statement, indent)
            case ir.While():
                self._while(statement, indent)
            case ir.Repeat():
                self._repeat(statement, indent)
            case ir.Exit():
                self._line(indent, "break")
            case ir.Return():
                self._line(indent, "return n")

    def _assign(self, statement: ir.Assign, indent: int) -> None:
        self._note(indent, statement.value)
        self._store(statement, indent)
        self._note_load(indent, statement.target)

    def _store(self, statement: ir.Assign, indent: int) -> None:
        code = self.value(statement.value)
        exact = isinstance(statement.value, ir.Load | ir.Literal)
        if statement.target.type is DataType.REAL and not exact:
            code = f"round_real({code})"
        self._line(indent, f"v{statement.target.slot} = {code}")

    def _block_call(self, statement: ir.BlockCall, indent: int) -> None:
        for given in statement.inputs:
            self._note(indent, given.value)
            self._store(given, indent)
        block, first = BLOCKS[statement.block], statement.first_slot
        slots = {pin.name: f"v{first + index}" for index, pin in enumerate(block.pins)}
        for line in block.law.format_map(slots).split("\n"):
            self._line(indent, line)
        for copy in statement.outputs:
            self._store(copy, indent)
            self._note_load(indent, copy.target)
        if self.traced:
            for index, pin in enumerate(block.outputs, len(block.inputs)):
                self._note_text(indent, statement.at, f"{statement.name}.{pin.name}", pin.type, f"v{first + index}")

    def _if(self, statement: ir.If, indent: int) -> None:
        point = -1
        if self.traced:
            self._note(indent, *(arm.condition for arm in statement.arms))
            words = ("IF" if index == 0 else "ELSIF" for index in range(len(statement.arms)))
            point = self._arm_point(statement.at, zip((arm.at for arm in statement.arms), words, strict=False))
        for index, arm in enumerate(statement.arms):
            self._line(indent, f"{'elif' if index else 'if'} {self.value(arm.condition)}:")
            self._arm_body(arm.body, indent + 1, point, index)
        self._orelse(statement.orelse, indent, point, len(statement.arms))

    def _arm_body(self, body: tuple[ir.Statement, ...], indent: int, point: int, index: int) -> None:
        if self.traced:
            self._line(indent, f"t[{point}] = {index}")
        self.block(body, indent)

    def _orelse(self, body: tuple[ir.Statement, ...], indent: int, point: int, index: int) -> None:
        if body or self.traced:
            self._line(indent, "else:")
            self._arm_body(body, indent + 1, point, index)

    def _case(self, statement: ir.Case, indent: int) -> None:
        point, selector = -1, f"c{statement.id}"
        if self.traced:
            self._note(indent, statement.selector)
            point = self._arm_point(statement.at, ((arm.at, "CASE") for arm in statement.arms))
        self._line(indent, f"{selector} = {self.value(statement.selector)}")
        if not statement.arms:
            self.block(statement.orelse, indent)
            return
        for index, arm in enumerate(statement.arms):
            tests = (
                f"{selector} == {low}" if low == high else f"{low} <= {selector} <= {high}" for low, high in arm.ranges
            )
            self._line(indent, f"{'elif' if index else 'if'} {' or '.join(tests) or 'False'}:")
            self._arm_body(arm.body, indent + 1, point, index)
        self._orelse(statement.orelse, indent, point, len(statement.arms))

    def _spend(self, indent: int, node: int, cost: int) -> None:
        """One turn of a loop counts its nodes, so that an endless loop stops at the same turn on every computer."""
        self._line(indent, f"n -= {cost}")
        self._line(indent, f"if n < 0: watchdog({node})")

    def _for(self, statement: ir.For, indent: int) -> None:
        counter, stop, step = f"v{statement.variable.slot}", f"e{statement.id}", f"d{statement.id}"
        self._note(indent, statement.start, statement.stop, statement.step)
        self._line(indent, f"{stop} = {self.value(statement.stop)}")
        self._line(indent, f"{step} = {self.value(statement.step)}")
        self._line(indent, f"{counter} = {self.value(statement.start)}")
        condition = f"({counter} <= {stop} if {step} >= 0 else {counter} >= {stop})"
        if isinstance(statement.step, ir.Literal):
            condition = f"{counter} {'<=' if statement.step.value > 0 else '>='} {stop}"
        self._line(indent, f"while {condition}:")
        self._spend(indent + 1, statement.id, 2 + _cost(statement.body))
        self._note_load(indent + 1, statement.variable)
        self.block(statement.body, indent + 1)
        self._line(indent + 1, f"{counter} = {_wrapped(f'{counter} + {step}', statement.variable.type)}")

    def _while(self, statement: ir.While, indent: int) -> None:
        self._line(indent, "while True:")
        self._note(indent + 1, statement.condition)
        if self.traced:
            point = self._arm_point(statement.at, [(statement.at, "WHILE")])
            self._line(indent + 1, f"t[{point}] = 1")
            self._line(indent + 1, f"if not {self.value(statement.condition)}: break")
            self._line(indent + 1, f"t[{point}] = 0")
        else:
            self._line(indent + 1, f"if not {self.value(statement.condition)}: break")
        self._spend(indent + 1, statement.id, 1 + _expression_cost(statement.condition) + _cost(statement.body))
        self.block(statement.body, indent + 1)

    def _repeat(self, statement: ir.Repeat, indent: int) -> None:
        self._line(indent, "while True:")
        self._spend(indent + 1, statement.id, 1 + _expression_cost(statement.until) + _cost(statement.body))
        self.block(statement.body, indent + 1)
        self._note(indent + 1, statement.until)
        self._line(indent + 1, f"if {self.value(statement.until)}: break")

    # --- expressions --------------------------------------------------------------------------------------------

    def value(self, expression: ir.Expression) -> str:
        """Code of the expression, within the range of its type."""
        code = self._code(expression)
        if _is_ring(expression):
            return _wrapped(code, expression.type)
        return code

    def _code(self, expression: ir.Expression) -> str:
        """Code of the expression; an integer sum, difference or product may still be outside its range."""
        match expression:
            case ir.Literal():
                return _literal(expression)
            case ir.Load():
                return f"v{expression.slot}"
            case ir.Not():
                operand = self.value(expression.operand)
                return f"({operand} ^ 65535)" if expression.type is DataType.WORD else f"(not {operand})"
            case ir.Negate():
                return f"(-{self._code(expression.operand)})"
            case ir.Logic():
                table = _BITWISE if expression.type is DataType.WORD else _PYTHON
                sign = f" {table[expression.operator]} "
                return f"({sign.join(self.value(operand) for operand in expression.operands)})"
            case ir.Compare():
                sign = _PYTHON.get(expression.operator, expression.operator)
                return f"({self.value(expression.left)} {sign} {self.value(expression.right)})"
            case ir.Arithmetic():
                return self._arithmetic(expression)
            case ir.Convert():
                return self._convert(expression)
            case ir.Call():
                return self._call(expression)

    def _arithmetic(self, expression: ir.Arithmetic) -> str:
        left, right, operator = expression.left, expression.right, expression.operator
        if expression.type is DataType.TIME and right.type is DataType.REAL:
            factor = self.value(right)
            if operator == "/":
                factor = f"divide_real(1.0, {factor}, {expression.id})"
            return f"scale_time({self.value(left)}, {factor})"
        if expression.type is DataType.TIME and left.type is DataType.REAL:
            return f"scale_time({self.value(right)}, {self.value(left)})"
        if operator in _RING:
            return f"({self._code(left)} {operator} {self._code(right)})"
        if expression.type is DataType.REAL:
            return f"divide_real({self.value(left)}, {self.value(right)}, {expression.id})"
        helper = "divide" if operator == "/" else "remainder"
        return f"{helper}({self.value(left)}, {self.value(right)}, {expression.id})"

    def _convert(self, expression: ir.Convert) -> str:
        source, target = expression.operand.type, expression.type
        operand = self.value(expression.operand)
        if source is target or (target is DataType.DINT and source in (DataType.INT, DataType.UINT, DataType.WORD)):
            return operand
        if target is DataType.REAL and source is not DataType.TIME:
            return f"real({operand})"
        return f"{conversion_name(source, target)}({operand})"

    def _call(self, expression: ir.Call) -> str:
        arguments = [self.value(argument) for argument in expression.arguments]
        if expression.function is ir.Function.SEL:
            selector, when_false, when_true = arguments
            return f"({when_true} if {selector} else {when_false})"
        code = f"{_FUNCTIONS[expression.function]}({', '.join(arguments)})"
        if expression.function is ir.Function.ABS and expression.type in BITS:
            return _wrapped(code, expression.type)
        return code


def _literal(literal: ir.Literal) -> str:
    code = repr(literal.value)
    return f"({code})" if code.startswith("-") else code


def _is_ring(expression: ir.Expression) -> bool:
    """Whether the code may lie outside the range of the type (integers and TIME only)."""
    if expression.type not in BITS:
        return False
    if isinstance(expression, ir.Negate):
        return True
    # a quotient leaves the range once only, -32768 / -1: wrapped too
    return isinstance(expression, ir.Arithmetic) and expression.operator != "MOD"


def _wrapped(code: str, data_type: DataType) -> str:
    """Two's complement wrap at the width of the type."""
    mask = (1 << BITS[data_type]) - 1
    if data_type in UNSIGNED:
        return f"({code} & {mask})"
    half = 1 << BITS[data_type] - 1
    return f"(({code} + {half} & {mask}) - {half})"

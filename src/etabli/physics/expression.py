"""Expressions: a law written once in Python runs on numbers, and is traced into a graph to make its C kernel.

Only ``+ - * /``, ``sqrt``, ``minimum``, ``maximum``, ``absolute``, ``less`` and ``select`` exist: each of them is
exactly rounded by IEEE 754, so a kernel gives the same bits on every machine (`docs/dev/engine.md`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Union

Value = Union["Expression", float]

_COMMUTATIVE = frozenset({"add", "mul", "min", "max"})


class Graph:
    """Hash-consed expressions of one trace: equal sub-expressions are one object (common sub-expression sharing)."""

    def __init__(self) -> None:
        self.nodes: list[Expression] = []
        self._known: dict[tuple[Any, ...], Expression] = {}

    def make(self, op: str, args: tuple[Expression, ...] = (), value: Any = None) -> Expression:
        """Return the expression ``op(args)``, the same object each time it is asked for."""
        if op in _COMMUTATIVE and args[0].index > args[1].index:
            args = (args[1], args[0])
        key = (
            op,
            tuple(a.index for a in args),
            value if op != "const" else (value, math.copysign(1.0, value)),
        )
        found = self._known.get(key)
        if found is None:
            found = Expression(self, len(self.nodes), op, args, value)
            self.nodes.append(found)
            self._known[key] = found
        return found

    def constant(self, value: float) -> Expression:
        """Return the constant ``value``."""
        return self.make("const", (), float(value))

    def symbol(self, name: str) -> Expression:
        """Return the input named ``name``."""
        return self.make("input", (), name)


class Expression:
    """One node of a traced law: an operation on other nodes, a constant or an input."""

    __slots__ = ("args", "graph", "index", "op", "value")

    def __init__(self, graph: Graph, index: int, op: str, args: tuple[Expression, ...], value: Any) -> None:
        self.graph = graph
        self.index = index
        self.op = op
        self.args = args
        self.value = value

    def _lift(self, other: Value) -> Expression:
        return other if isinstance(other, Expression) else self.graph.constant(other)

    def is_constant(self, value: float | None = None) -> bool:
        """True for a constant (equal to ``value`` where one is given)."""
        return self.op == "const" and (value is None or self.value == value)

    def __add__(self, other: Value) -> Expression:
        return _add(self, self._lift(other))

    def __radd__(self, other: Value) -> Expression:
        return _add(self._lift(other), self)

    def __sub__(self, other: Value) -> Expression:
        return _sub(self, self._lift(other))

    def __rsub__(self, other: Value) -> Expression:
        return _sub(self._lift(other), self)

    def __mul__(self, other: Value) -> Expression:
        return _mul(self, self._lift(other))

    def __rmul__(self, other: Value) -> Expression:
        return _mul(self._lift(other), self)

    def __truediv__(self, other: Value) -> Expression:
        return _div(self, self._lift(other))

    def __rtruediv__(self, other: Value) -> Expression:
        return _div(self._lift(other), self)

    def __neg__(self) -> Expression:
        return _neg(self)

    def __repr__(self) -> str:
        if self.op in {"const", "input"}:
            return str(self.value)
        return f"{self.op}({', '.join(map(repr, self.args))})"


def _add(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value + b.value)
    if a.is_constant(0.0):
        return b
    if b.is_constant(0.0):
        return a
    if b.op == "neg":
        return _sub(a, b.args[0])
    if a.op == "neg":
        return _sub(b, a.args[0])
    return a.graph.make("add", (a, b))


def _sub(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value - b.value)
    if b.is_constant(0.0):
        return a
    if a.is_constant(0.0):
        return _neg(b)
    if a is b:
        return a.graph.constant(0.0)
    if b.op == "neg":
        return _add(a, b.args[0])
    return a.graph.make("sub", (a, b))


def _mul(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value * b.value)
    for one, other in ((a, b), (b, a)):
        if one.is_constant(0.0):
            return one.graph.constant(0.0)
        if one.is_constant(1.0):
            return other
        if one.is_constant(-1.0):
            return _neg(other)
        if one.op == "neg":
            return _neg(_mul(one.args[0], other))
    return a.graph.make("mul", (a, b))


def _div(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value / b.value)
    if a.is_constant(0.0) or b.is_constant(1.0):
        return a
    if a.op == "neg":
        return _neg(_div(a.args[0], b))
    return a.graph.make("div", (a, b))


def _neg(a: Expression) -> Expression:
    if a.op == "const":
        return a.graph.constant(-a.value)
    if a.op == "neg":
        return a.args[0]
    if a.op == "sub":
        return _sub(a.args[1], a.args[0])
    return a.graph.make("neg", (a,))


def _first(*values: Any) -> Expression | None:
    return next((v for v in values if isinstance(v, Expression)), None)


def sqrt(x: Any) -> Any:
    """Square root."""
    if isinstance(x, Expression):
        return x.graph.constant(math.sqrt(x.value)) if x.op == "const" else x.graph.make("sqrt", (x,))
    return math.sqrt(x)


def _fold_binary(op: str, a: float, b: float) -> float:
    if op == "min":
        return min(a, b)
    return max(a, b) if op == "max" else float(a < b)


def _binary(op: str, a: Any, b: Any) -> Expression | None:
    one = a if isinstance(a, Expression) else b
    if not isinstance(one, Expression):
        return None  # plain numbers: the way of every evaluation, so it is the short one
    left, right = one._lift(a), one._lift(b)
    if left.op == right.op == "const":
        return one.graph.constant(_fold_binary(op, left.value, right.value))
    return one.graph.make(op, (left, right))


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two values."""
    traced = _binary("min", a, b)
    return min(a, b) if traced is None else traced


def maximum(a: Any, b: Any) -> Any:
    """The larger of two values."""
    traced = _binary("max", a, b)
    return max(a, b) if traced is None else traced


def absolute(x: Any) -> Any:
    """Absolute value."""
    if isinstance(x, Expression):
        return x.graph.make("abs", (x,))
    return abs(x)


def less(a: Any, b: Any) -> Any:
    """1.0 where ``a < b``, else 0.0 (no derivative: for sampled laws and for :func:`select`)."""
    traced = _binary("less", a, b)
    return (1.0 if a < b else 0.0) if traced is None else traced


def select(condition: Any, if_true: Any, if_false: Any) -> Any:
    """``if_true`` where ``condition`` is not zero, else ``if_false``; both are computed."""
    one = _first(condition, if_true, if_false)
    if one is None:
        return if_true if condition != 0.0 else if_false
    c, a, b = one._lift(condition), one._lift(if_true), one._lift(if_false)
    if c.op == "const":
        return a if c.value != 0.0 else b
    return a if a is b else one.graph.make("select", (c, a, b))


def clamp(x: Any, low: Any, high: Any) -> Any:
    """``x`` held between ``low`` and ``high``."""
    return minimum(maximum(x, low), high)


def positive(x: Any, width: float) -> Any:
    """Smooth ``max(x, 0)``: a hyperbola that leaves the corner by ``width / 2`` at ``x = 0``."""
    return 0.5 * (x + sqrt(x * x + width * width))


@dataclass(frozen=True, slots=True)
class Phasor:
    """A complex RMS quantity ``re + j im`` whose parts are numbers or expressions."""

    re: Any
    im: Any

    def __add__(self, other: Phasor) -> Phasor:
        return Phasor(self.re + other.re, self.im + other.im)

    def __sub__(self, other: Phasor) -> Phasor:
        return Phasor(self.re - other.re, self.im - other.im)

    def __neg__(self) -> Phasor:
        return Phasor(-self.re, -self.im)

    def __mul__(self, other: Phasor) -> Phasor:
        return Phasor(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def scaled(self, factor: Any) -> Phasor:
        """The phasor multiplied by a real ``factor``."""
        return Phasor(factor * self.re, factor * self.im)

    def squared(self) -> Any:
        """Square of the modulus."""
        return self.re * self.re + self.im * self.im

    def inverse(self) -> Phasor:
        """``1 / (re + j im)``."""
        d = 1.0 / self.squared()
        return Phasor(self.re * d, -(self.im * d))


def derivatives(outputs: list[Expression], variable: Expression) -> list[Expression]:
    """Exact derivative of each output with respect to the input ``variable`` (forward mode over the graph)."""
    graph = variable.graph
    zero, one = graph.constant(0.0), graph.constant(1.0)
    known: dict[int, Expression] = {}
    for node in _order(outputs):
        known[node.index] = one if node is variable else _derivative(node, known, zero)
    return [known[o.index] for o in outputs]


def _derivative(node: Expression, known: dict[int, Expression], zero: Expression) -> Expression:
    if node.op in {"const", "input", "less"}:
        return zero
    d = [known[a.index] for a in node.args]
    if all(x.is_constant(0.0) for x in d):
        return zero
    a = node.args
    if node.op == "add":
        return d[0] + d[1]
    if node.op == "sub":
        return d[0] - d[1]
    if node.op == "mul":
        return d[0] * a[1] + a[0] * d[1]
    if node.op == "div":
        return (d[0] - node * d[1]) / a[1]
    if node.op == "neg":
        return -d[0]
    if node.op == "sqrt":
        return d[0] * (0.5 / node)
    if node.op == "abs":
        return _as_expression(select(less(a[0], 0.0), -d[0], d[0]), zero)
    if node.op == "min":
        return _as_expression(select(less(a[0], a[1]), d[0], d[1]), zero)
    if node.op == "max":
        return _as_expression(select(less(a[0], a[1]), d[1], d[0]), zero)
    if node.op == "select":
        return _as_expression(select(a[0], d[1], d[2]), zero)
    raise ValueError(f"no derivative for the operation {node.op!r}")


def _as_expression(value: Any, like: Expression) -> Expression:
    return value if isinstance(value, Expression) else like.graph.constant(value)


def _order(outputs: list[Expression]) -> list[Expression]:
    """The nodes that ``outputs`` need, each after its arguments."""
    seen: set[int] = set()
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node.index in seen:
            continue
        seen.add(node.index)
        stack.extend(node.args)
    # An expression is always created after its arguments, so creation order is a valid order.
    return [outputs[0].graph.nodes[i] for i in sorted(seen)] if outputs else []


def inputs_of(outputs: list[Expression]) -> set[str]:
    """Names of the inputs that ``outputs`` depend on."""
    return {str(n.value) for n in _order(outputs) if n.op == "input"}


def straight_line(outputs: list[Expression]) -> Iterator[Expression]:
    """The operations to carry out, in order, to compute ``outputs``."""
    return (n for n in _order(outputs) if n.op not in {"const", "input"})

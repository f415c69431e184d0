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
        self.stated: dict[int, list[tuple[Expression, Expression]]] = {}
        """Node -> what it depends on and its derivative by each, where the law says them (:func:`with_slopes`)."""
        self._known: dict[tuple[Any, ...], Expression] = {}

    def make(self, op: str, args: tuple[Expression, ...] = (), value: Any = None) -> Expression:
        """Return the expression ``op(args)``, the same object each time it is asked for."""
        if op in _COMMUTATIVE and (args[1].op == "const", args[0].index) > (args[0].op == "const", args[1].index):
            args = (args[1], args[0])  # a constant first
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

    def find(self, op: str, *args: Expression) -> Expression | None:
        """The expression ``op(args)`` if there is one."""
        return self._known.get((op, tuple(a.index for a in args), None))

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
    if _fit(a, b):
        return _choice(a.args[0], _add(a.args[1], b.args[1]), _add(a.args[2], b.args[2]))
    for one, other in ((a, b), (b, a)):
        if one.op == "add":
            for fitting, rest in (one.args, one.args[::-1]):
                if _fit(fitting, other):
                    return _add(rest, _add(fitting, other))
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
    if a.op == "neg":
        return _neg(_add(a.args[0], b))
    if _fit(a, b):
        return _choice(a.args[0], _sub(a.args[1], b.args[1]), _sub(a.args[2], b.args[2]))
    turned = a.graph.find("sub", b, a)
    return _neg(turned) if turned else a.graph.make("sub", (a, b))


def _mul(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value * b.value)
    for one, other in ((a, b), (b, a)):
        if one.is_constant(0.0):
            return one.graph.constant(0.0)
        if one.is_constant(1.0):
            return other
        if one.op == "neg":
            return _neg(_mul(one.args[0], other))
        if one.op == "const" and one.value < 0.0:
            return _neg(_mul(_neg(one), other))
        if one.op == "select" and _has_zero(one):  # 0 stays 0 whatever the other is: a slope may be infinite there
            condition, yes, no = one.args
            return _choice(condition, _mul(yes, other), _mul(no, other))
        if one.op == "const" and other.op == "mul" and other.args[0].op == "const":
            return _mul(_mul(one, other.args[0]), other.args[1])
    return a.graph.make("mul", (a, b))


def _div(a: Expression, b: Expression) -> Expression:
    if a.op == b.op == "const":
        return a.graph.constant(a.value / b.value)
    if a.is_constant(0.0):
        return a
    if b.op == "const" and b.value != 0.0:
        return _mul(a, a.graph.constant(1.0 / b.value))
    if a.op == "neg":
        return _neg(_div(a.args[0], b))
    if b.op == "neg":
        return _neg(_div(a, b.args[0]))
    return a.graph.make("div", (a, b))


def _neg(a: Expression) -> Expression:
    if a.op == "const":
        return a.graph.constant(-a.value)
    if a.op == "neg":
        return a.args[0]
    return a.graph.make("neg", (a,))


def _has_zero(choice: Expression) -> bool:
    return choice.args[1].is_constant(0.0) or choice.args[2].is_constant(0.0)


def _fit(a: Expression, b: Expression) -> bool:
    """Whether two choices on one condition make one whose sum costs nothing."""
    if not a.op == b.op == "select" or a.args[0] is not b.args[0]:
        return False
    branches = zip(a.args[1:], b.args[1:], strict=True)
    return all(x.op == y.op == "const" or x.is_constant(0.0) or y.is_constant(0.0) for x, y in branches)


def _choice(condition: Expression, if_true: Expression, if_false: Expression) -> Expression:
    """``select`` where the same condition need not be asked twice."""
    if condition.op == "const":
        return if_true if condition.value != 0.0 else if_false
    if if_true.op == "select" and if_true.args[0] is condition:
        if_true = if_true.args[1]
    if if_false.op == "select" and if_false.args[0] is condition:
        if_false = if_false.args[2]
    if if_true is if_false:
        return if_true
    return condition.graph.make("select", (condition, if_true, if_false))


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
    for limit, inner in ((left, right), (right, left)):
        if op == inner.op and op in {"min", "max"} and limit.op == inner.args[0].op == "const":
            return _binary(op, _fold_binary(op, limit.value, inner.args[0].value), inner.args[1])
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
    return _choice(one._lift(condition), one._lift(if_true), one._lift(if_false))


def clamp(x: Any, low: Any, high: Any) -> Any:
    """``x`` held between ``low`` and ``high``."""
    return minimum(maximum(x, low), high)


def positive(x: Any, width: float) -> Any:
    """Smooth ``max(x, 0)``: a hyperbola that leaves the corner by ``width / 2`` at ``x = 0``."""
    return 0.5 * (x + sqrt(x * x + width * width))


def with_slopes(value: Any, *slopes: tuple[Any, Any]) -> Any:
    """``value``, which depends on the terminals through each x of the pairs (x, derivative by it) alone.

    For a curve whose slope is simpler than what the rules of derivation would make of its formula.
    """
    if isinstance(value, Expression) and value.args:
        known = [(x, value._lift(slope)) for x, slope in slopes if isinstance(x, Expression)]
        value.graph.stated[value.index] = known
    return value


def knee(x: Any, width: Any) -> Any:
    """``max(x, 0)`` with its corner rounded by a parabola over ``±width``: exactly 0 below, exactly ``x`` above.

    For diodes and current limits: a smooth curve without the tail that a hyperbola leaves on the wrong side. ``width``
    does not depend on the terminals.
    """
    above = maximum(x, -width)
    near = minimum(above, width)
    into = near + width
    return with_slopes(into * into * (0.25 / width) + (above - near), (x, into * (0.5 / width)))


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


def first_is_taken(corner: Expression) -> Any:
    """Whether a minimum or maximum is its first argument. Equal ones: the second (constants come first)."""
    a, b = corner.args if corner.op == "min" else reversed(corner.args)
    return less(a, b)


Slopes = dict[int, dict[int, Expression]]


def jacobian(outputs: list[Expression], variables: list[Expression]) -> dict[tuple[int, int], Expression]:
    """Exact derivatives that are not 0: (output, variable) -> expression, column by column.

    What lies between is taken out of the graph of the law one node after the other, the one with the fewest ways
    through it first (A. Griewank and A. Walther, Evaluating Derivatives, 2008, chapter 10: vertex elimination after
    Markowitz). Two outputs that share a part, or a part that looks at the difference of two variables, thus share its
    derivative; neither of the two usual orders, from the variables on or from the outputs back, does both.
    """
    inputs = {v.index for v in variables}
    into = _slopes(outputs, inputs)
    out_of: dict[int, set[int]] = {}
    for node, slopes in into.items():
        for argument in slopes:
            out_of.setdefault(argument, set()).add(node)
    between = {node for node in into if node >= 0}
    while between:
        node = min(between, key=lambda n: (len(into[n]) * len(out_of.get(n, ())), n))
        between.remove(node)
        _take_out(node, into, out_of)
    places = {v.index: column for column, v in enumerate(variables)}
    found = {(-1 - node, places[v]): d for node, slopes in into.items() for v, d in slopes.items()}
    return {
        place: found[place] for place in sorted(found, key=lambda p: (p[1], p[0])) if not found[place].is_constant(0.0)
    }


def _slopes(outputs: list[Expression], inputs: set[int]) -> Slopes:
    """The derivative of each node that depends on ``inputs`` by its own arguments. Output k is the node -1 - k."""
    into: Slopes = {}
    for node in _order(outputs):
        slopes: dict[int, Expression] = {}
        for argument, slope in _partial_slopes(node):
            if (argument.index in inputs or argument.index in into) and not slope.is_constant(0.0):
                known = slopes.get(argument.index)
                slopes[argument.index] = known + slope if known else slope
        if slopes:
            into[node.index] = slopes
    for k, output in enumerate(outputs):
        if output.index in inputs or output.index in into:
            into[-1 - k] = {output.index: output.graph.constant(1.0)}
    return into


def _take_out(node: int, into: Slopes, out_of: dict[int, set[int]]) -> None:
    """Chain rule over ``node``: whoever looked at it looks at its arguments instead."""
    slopes = into.pop(node)
    users = out_of.pop(node, set())
    for argument in slopes:
        out_of[argument].discard(node)
        out_of[argument] |= users
    for user in sorted(users):
        outer = into[user].pop(node)
        for argument, inner in slopes.items():
            known = into[user].get(argument)
            through = outer * inner
            into[user][argument] = known + through if known else through


def _partial_slopes(node: Expression) -> list[tuple[Expression, Expression]]:
    """The arguments of one operation, each with the derivative by it (0 where there is none)."""
    one = node.graph.constant(1.0)
    stated = node.graph.stated.get(node.index)
    if stated:
        return stated
    if node.op in {"const", "input", "less"}:
        return []
    a = node.args
    if node.op == "add":
        return [(a[0], one), (a[1], one)]
    if node.op == "sub":
        return [(a[0], one), (a[1], -one)]
    if node.op == "mul":
        return [(a[0], a[1]), (a[1], a[0])] if a[0] is not a[1] else [(a[0], 2.0 * a[0])]
    if node.op == "div":
        inverse = 1.0 / a[1]
        return [(a[0], inverse), (a[1], -(node * inverse))]
    if node.op == "neg":
        return [(a[0], -one)]
    if node.op == "sqrt":
        return [(a[0], 0.5 * (1.0 / node))]
    if node.op == "abs":
        return [(a[0], select(less(a[0], 0.0), -one, one))]
    if node.op == "select":
        return [(a[1], select(a[0], one, 0.0)), (a[2], select(a[0], 0.0, one))]
    if node.op in {"min", "max"}:
        first = first_is_taken(node)
        return [(a[0], select(first, one, 0.0)), (a[1], select(first, 0.0, one))]
    raise ValueError(f"no derivative for the operation {node.op!r}")


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

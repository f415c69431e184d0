"""Laws to C: each law is traced once, its Jacobian derived exactly, and written as straight-line C.

The same Python function is thus the only place where a law is written; nobody types a derivative by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from etabli.physics.expression import Expression, Graph, Phasor, inputs_of, jacobian, straight_line
from etabli.physics.law import Domain, Fields, Law, SampledLaw


class LawError(ValueError):
    """A law is written wrong: the message names the law and the mend."""


@dataclass(frozen=True)
class TracedLaw:
    """A law as expressions. ``flows`` and ``constants`` have one entry a scalar terminal; ``entries`` are the non-zero
    Jacobian places (row, column) and ``jacobian`` their expressions."""

    law: Law
    flows: list[Expression]
    constants: list[Expression]
    new_states: list[Expression]
    entries: list[tuple[int, int]]
    jacobian: list[Expression]
    linear: bool

    @property
    def scalar_terminals(self) -> int:
        """Number of scalar unknowns that the law touches (an AC terminal counts two)."""
        return len(self.flows)


def signature(law: Law | SampledLaw) -> str:
    """Text that changes whenever the tables of a law change: a stale compiled core is told by it."""
    if isinstance(law, Law):
        terminals = ",".join(f"{t}:{d.value}" for t, d in law.terminals.items())
        return f"{law.name}({terminals};{','.join(law.parameters)};{','.join(law.states)};{','.join(law.friction)})"
    return f"{law.name}({','.join(law.reads)};{','.join(law.parameters)};{','.join(law.memory)};{','.join(law.writes)})"


def _terminal_values(law: Law, graph: Graph, zero: bool) -> tuple[dict[str, object], list[Expression]]:
    values: dict[str, object] = {}
    scalars: list[Expression] = []
    for terminal, domain in law.terminals.items():
        parts = [graph.constant(0.0) if zero else graph.symbol(f"v{len(scalars) + i}") for i in range(domain.unknowns)]
        scalars.extend(parts)
        values[terminal] = Phasor(*parts) if domain is Domain.AC else parts[0]
    return values, scalars


def _run(
    law: Law, graph: Graph, zero: bool = False, without: str = ""
) -> tuple[list[Expression], list[Expression], list[Expression]]:
    """Flows, new states and scalar terminals; ``zero`` puts all terminals at 0, ``without`` one parameter."""
    values, scalars = _terminal_values(law, graph, zero)
    parameters = {name: graph.symbol(f"p{i}") for i, name in enumerate(law.parameters)}
    if without:
        parameters[without] = graph.constant(0.0)
    states = {name: graph.symbol(f"s{i}") for i, name in enumerate(law.states)}
    flows, new_states = law.function(Fields(values), Fields(parameters), Fields(states), graph.symbol("ah"))
    if set(flows) != set(law.terminals):
        raise LawError(f"law {law.name}: gives flows {sorted(flows)}; give one for each of {sorted(law.terminals)}")
    if set(new_states) != set(law.states):
        raise LawError(f"law {law.name}: gives states {sorted(new_states)}; give one for each of {sorted(law.states)}")
    flat: list[Expression] = []
    for terminal, domain in law.terminals.items():
        flow = flows[terminal]
        parts = (flow.re, flow.im) if domain is Domain.AC else (flow,)
        flat.extend(p if isinstance(p, Expression) else graph.constant(p) for p in parts)
    stated = [new_states[s] for s in law.states]
    return flat, [s if isinstance(s, Expression) else graph.constant(s) for s in stated], scalars


def trace(law: Law) -> TracedLaw:
    """Trace a law and derive its Jacobian."""
    graph = Graph()
    flows, new_states, scalars = _run(law, graph)
    slopes = jacobian(flows, scalars)
    linear = not any(name[0] in "vs" for name in inputs_of(list(slopes.values())))
    constants = _run(law, graph, zero=True)[0] if linear else []
    return TracedLaw(law, flows, constants, new_states, list(slopes), list(slopes.values()), linear)


def _literal(value: float) -> str:
    return f"({value!r})" if value < 0 else repr(value)


_WORTH = 30
"""A part of a law of so many operations, or more, is passed over while the parameter that stops it is 0."""


def _is_zero(node: Expression, zeros: set[int]) -> bool:
    return node.is_constant(0.0) or node.index in zeros


def _stopped(node: Expression, zeros: set[int]) -> bool:
    """Whether an operation gives 0 where the nodes ``zeros`` are 0."""
    zero = [_is_zero(a, zeros) for a in node.args]
    if node.op == "mul":
        return any(zero)
    if node.op == "select":
        return all(zero[1:])
    return zero[0] if node.op == "div" else node.op != "less" and all(zero)


def _part(operations: list[Expression], outputs: list[Expression], parameter: str) -> set[int]:
    """The operations that give 0 where ``parameter`` is 0, and those that only they look at; none if it never is 0."""
    zeros = {a.index for n in operations for a in n.args if a.op == "input" and a.value == parameter}
    inputs = set(zeros)
    for node in operations:
        if _stopped(node, zeros):
            zeros.add(node.index)
    if any(n.op == "div" and _is_zero(n.args[1], zeros) for n in operations):
        return set()  # something is divided by it: it is never 0
    users: dict[int, set[int]] = {o.index: {-1} for o in outputs}
    for node in operations:
        for argument in node.args:
            users.setdefault(argument.index, set()).add(node.index)
    part = zeros - inputs
    for node in reversed(operations):
        if users[node.index] <= part:
            part.add(node.index)
    return part


def _in_runs(operations: list[Expression], part_of: dict[int, int]) -> tuple[list[Expression], Counter[int]]:
    """The operations in an order that keeps parts together, and how often each part comes."""
    order: list[Expression] = []
    runs: Counter[int] = Counter()
    done: set[int] = set()
    left = operations
    while left:
        for part in (-1, *sorted(set(part_of.values()))):
            rest = []
            for node in left:
                ready = all(a.op in {"const", "input"} or a.index in done for a in node.args)
                if ready and part_of.get(node.index, -1) == part:
                    order.append(node)
                    done.add(node.index)
                else:
                    rest.append(node)
            runs[part] += len(rest) < len(left)
            left = rest
    return order, runs


def parts_of(operations: list[Expression], outputs: list[Expression], parameters: Sequence[int]) -> dict[int, int]:
    """Operation -> the one of ``parameters`` that stops the part of the law it belongs to. Parts do not overlap, and
    each can be computed in one go."""
    found: dict[int, int] = {}
    parts = {i: _part(operations, outputs, f"p{i}") for i in parameters}
    for i in sorted(parts, key=lambda i: -len(parts[i])):
        if len(parts[i]) < _WORTH or not parts[i].isdisjoint(found):
            continue
        wider = {**found, **dict.fromkeys(parts[i], i)}
        runs = _in_runs(operations, wider)[1]
        if all(runs[part] == 1 for part in wider.values()):
            found = wider
    return found


@dataclass
class _Branch:
    """A part of a law that is being written: where it begins among the lines, and what is looked at from outside."""

    part: int
    at: int
    results: list[str]


class _Writer:
    """Straight-line C of a list of expressions, for one run or for lanes (``core/lanes.h``).

    ``blocks`` says where each operation is carried out: the first set of inputs that holds all that it depends on. What
    is divided by more than once is divided by once: ``a / b`` is then ``a * (1 / b)``. A part of the law that one of
    the parameters ``stops`` stops is in a branch of its own: its results are 0 where that parameter is.
    """

    def __init__(
        self, outputs: list[Expression], blocks: Sequence[Callable[[str], bool]] = (), stops: Sequence[int] = ()
    ) -> None:
        self.blocks: list[list[str]] = [[] for _ in range(len(blocks) + 1)]
        self._holds = blocks
        self._names: dict[int, str] = {}
        self._block: dict[int, int] = {}
        operations = list(straight_line(outputs))
        divisors = Counter(n.args[1].index for n in operations if n.op == "div")
        self._part_of = parts_of(operations, outputs, stops)
        self._branch: _Branch | None = None
        self._roots = {
            n.args[0].index: n
            for n in operations
            if n.op == "sqrt" and n.index in divisors and self._part(n) == self._part(n.args[0])
        }
        self._shared = {i for i, uses in divisors.items() if uses > 1}
        self._shared |= {root.index for i, root in self._roots.items() if i in divisors}
        self._reciprocals: dict[int, str] = {}
        asked = {a.index for n in operations for a in (n.args[1:] if n.op == "select" else n.args)}
        asked |= {o.index for o in outputs}
        self._outside = {o.index for o in outputs}
        self._outside |= {a.index for n in operations for a in n.args if self._part(a) != self._part(n)}
        for node in _in_runs(operations, self._part_of)[0]:
            if node.op != "less" or node.index in asked:  # else it is written where it is the condition
                self._enter(self._part(node))
                self._compute(node)
        self._enter(None)

    @property
    def lines(self) -> list[str]:
        """All operations, in order."""
        return [line for block in self.blocks for line in block]

    def block(self, node: Expression) -> int:
        """Number of the block in which ``node`` is computed."""
        if node.index not in self._block:
            if node.op == "input":
                inside = [i for i, holds in enumerate(self._holds) if holds(str(node.value))]
                self._block[node.index] = inside[0] if inside else len(self._holds)
            else:
                self._block[node.index] = max((self.block(a) for a in node.args), default=0)
        return self._block[node.index]

    def _part(self, node: Expression) -> int | None:
        return self._part_of.get(node.index)

    def _enter(self, part: int | None) -> None:
        """Open or close the branch of a part of the law."""
        lines = self.blocks[-1]
        if self._branch and self._branch.part != part:
            names = ", ".join(f"{name} = ALL(0.0)" for name in self._branch.results)
            lines[self._branch.at : self._branch.at] = [
                f"const Mask on{self._branch.part} = (Mask)(p{self._branch.part} != ALL(0.0));",
                f"Real {names};",
                f"if (ANY(on{self._branch.part})) {{",
            ]
            lines.append("}")
            self._branch = None
        if part is not None and not self._branch:
            self._branch = _Branch(part, len(lines), [])

    def _compute(self, node: Expression) -> None:
        text = self._operation(node)
        if self._branch and node.index in self._outside:
            name = f"t{len(self._names)}"
            self.blocks[-1].append(f"{name} = SELECT(on{self._branch.part}, {text}, ALL(0.0));")
            self._branch.results.append(name)
            text = name
        elif text not in self._reciprocals.values():
            name = f"t{len(self._names)}"
            self._write(node, name, text)
            text = name
        self._names[node.index] = text

    def _write(self, node: Expression, name: str, text: str) -> None:
        lines, line = self.blocks[self.block(node)], f"const Real {name} = {text};"
        if self._branch and self._part(node) is None and lines is self.blocks[-1]:
            lines.insert(self._branch.at, line)  # what others look at too, before the branch
            self._branch.at += 1
        else:
            lines.append(line)

    def name(self, node: Expression) -> str:
        """C name (or literal) of a computed expression."""
        if node.op == "const":
            return _literal(node.value)
        if node.op == "input":
            return str(node.value)
        return self._names[node.index]

    def value(self, node: Expression) -> str:
        """The same where C needs a number of every lane: constants are spread."""
        if node.op == "neg" and node.index not in self._names:
            return f"-{self.value(node.args[0])}"
        return f"ALL({_literal(node.value)})" if node.op == "const" else self.name(node)

    def sum(self, node: Expression) -> str:
        """``+= value``, without an operation for a sign."""
        return f"-= {self.value(node.args[0])}" if node.op == "neg" else f"+= {self.value(node)}"

    def _operation(self, node: Expression) -> str:
        if node.op == "div":
            return self._division(*node.args)
        if node.op == "select":
            return self._select(*node.args)
        plain = {"add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "neg": "-{0}"}
        if node.op in plain:
            return plain[node.op].format(*(self.name(a) for a in node.args))
        form = {
            "sqrt": "SQRT({0})",
            "abs": "ABS({0})",
            "min": "SMALLER({0}, {1})",
            "max": "LARGER({0}, {1})",
            "less": "SELECT_LESS({0}, {1}, ALL(1.0), ALL(0.0))",
        }[node.op]
        return form.format(*(self.value(a) for a in node.args))

    def _division(self, over: Expression, divisor: Expression) -> str:
        root = self._roots.get(divisor.index)
        if divisor.index not in self._shared and not (root and root.index in self._names):
            return f"{self.name(over)} / {self.name(divisor)}"
        inverse = self._reciprocal(divisor)
        return inverse if over.is_constant(1.0) else f"{self.name(over)} * {inverse}"

    def _reciprocal(self, divisor: Expression) -> str:
        if divisor.index not in self._reciprocals:
            root = self._roots.get(divisor.index)
            if root and root.index in self._names:  # of what there is a root to divide by
                inverse = self._reciprocal(root)
                text = f"{inverse} * {inverse}"
            else:
                text = f"1.0 / {self.value(divisor)}"
            name = f"r{len(self._reciprocals)}"
            self._write(divisor, name, text)
            self._reciprocals[divisor.index] = name
        return self._reciprocals[divisor.index]

    def _select(self, condition: Expression, yes: Expression, no: Expression) -> str:
        if condition.op == "less":
            return f"SELECT_LESS({', '.join(self.value(x) for x in (*condition.args, yes, no))})"
        return f"SELECT((Mask)({self.value(condition)} != ALL(0.0)), {self.value(yes)}, {self.value(no)})"


def idle_parameters(law: Law) -> list[int]:
    """The parameters that stop every flow when one of them is 0 (the opening of a leak that is not there)."""
    found = []
    for i, name in enumerate(law.parameters):
        try:
            flows = _run(law, Graph(), without=name)[0]
        except ZeroDivisionError:  # something is divided by it: it is never 0
            continue
        if all(flow.is_constant(0.0) for flow in flows):
            found.append(i)
    return found


_KEPT = 8
"""From so many operations on, what depends on the terminal of a law alone is computed once for all devices there."""


@dataclass(frozen=True)
class _Loads:
    """The inputs that a kernel uses, as C, by the block of :class:`_Writer` that they belong to."""

    law: Law
    terminals: int
    used: set[str]

    def across(self, place: str) -> list[str]:
        return [f"const Real v{i} = c->x[{place.format(i)}];" for i in range(self.terminals) if f"v{i}" in self.used]

    def own(self) -> list[str]:
        lines = [f"const Real p{i} = p[{i}];" for i in range(len(self.law.parameters)) if f"p{i}" in self.used]
        return lines + [f"const Real s{i} = s[{i}];" for i in range(len(self.law.states)) if f"s{i}" in self.used]


def _kernel(name: str, t: TracedLaw, outputs: list[tuple[str, Expression]], idle: Sequence[int] = ()) -> str:
    """One C function: the law of each device of a group. What depends on ``ah`` alone stands before the loop. Devices
    of a group are in the order of their nodes, so that those of a law with one terminal share what depends on it."""
    expressions = [e.args[0] if e.op == "neg" else e for _, e in outputs]
    writer = _Writer(expressions, (lambda n: n == "ah", lambda n: n[0] == "v"))
    kept = t.scalar_terminals == 1 and not idle and len(writer.blocks[1]) >= _KEPT
    if not kept:  # everything in the order of the law
        stops = [i for i in range(len(t.law.parameters)) if i not in idle]
        writer = _Writer(expressions, (lambda n: n == "ah", lambda n: False), stops)
    once, shared, each = writer.blocks
    loads = _Loads(t.law, t.scalar_terminals, inputs_of(expressions))
    body = []
    if idle:
        body.append(f"const Mask active = {' & '.join(f'(Mask)(p[{i}] != ALL(0.0))' for i in idle)};")
        body.append("if (!ANY(active)) continue;")
    body += loads.own() if kept else [*loads.across("node[{0}]"), *loads.own(), *shared]
    body += each
    body += [form.format(writer.sum(e), writer.value(e)) for form, e in outputs]
    before = ["const Real ah = c->ah;"] if "ah" in loads.used else []
    text = "\n        ".join(body)
    strides = (
        ("const Index *node = c->node + g->node;", f"node += {t.scalar_terminals}", "node"),
        ("const Index *entry = c->entry + g->jacobian;", f"entry += {len(t.entries)}", "entry"),
        ("const Real *p = c->parameter + g->parameter;", f"p += {len(t.law.parameters)}", "p["),
        ("const Real *s = c->predicted + g->state;", f"s += {len(t.law.states)}", "s["),
        ("Real *new_state = c->state + g->state;", f"new_state += {len(t.law.states)}", "new_state"),
    )
    wanted = [(declare, move) for declare, move, mark in strides if mark in text or (kept and mark == "node")]
    moves = "".join(f", {m}" for _, m in wanted)
    if kept:
        loop = (
            "for (Index d = 0; d < g->count;) {\n        const Index at = node[0];\n        "
            + "\n        ".join([*loads.across("at"), *shared])
            + f"\n        for (; d < g->count && node[0] == at; d++{moves}) {{\n        {text}\n        }}\n    }}"
        )
    else:
        loop = f"for (Index d = 0; d < g->count; d++{moves}) {{\n        {text}\n    }}"
    declarations = "\n    ".join([*(d for d, _ in wanted), *before, *once])
    return f"static void {name}(const Group *g, const Stage *c) {{\n    {declarations}\n    {loop}\n}}\n"


def _kernels(t: TracedLaw) -> tuple[list[str], dict[str, str]]:
    idle = [] if t.linear else idle_parameters(t.law)
    add = "ADD_WHERE(active, {place}, {{1}});" if idle else "{place} {{0}};"
    flow = [(add.format(place=f"c->flow[node[{i}]]"), e) for i, e in enumerate(t.flows) if not e.is_constant(0.0)]
    entry = [(add.format(place=f"c->jacobian[entry[{i}]]"), e) for i, e in enumerate(t.jacobian)]
    constant = [(f"c->flow[node[{i}]] {{0}};", e) for i, e in enumerate(t.constants) if not e.is_constant(0.0)]
    update = [(f"SET_WHERE(c->who, new_state[{i}], {{1}});", e) for i, e in enumerate(t.new_states)]
    wanted = {"constant": constant, "conductance": entry} if t.linear else {"newton": flow + entry}
    wanted["update"] = update
    made = {kind: f"{t.law.name}_{kind}" for kind, outputs in wanted.items() if outputs}
    return [_kernel(made[kind], t, wanted[kind], idle if kind == "newton" else ()) for kind in made], made


def _flags(law: SampledLaw, results: dict[str, Expression]) -> list[int]:
    """The memories that are on or off and nothing between: they change by a comparison alone."""
    flags = set(range(len(law.memory)))

    def stepwise(node: Expression) -> bool:
        if node.op == "input":
            name = str(node.value)
            return name[0] == "p" or (name[0] == "m" and int(name[2:]) in flags)
        if node.op == "select":
            return all(stepwise(a) for a in node.args[1:])
        return node.op in ("less", "const") or all(stepwise(a) for a in node.args)

    while dropped := {i for i in flags if not stepwise(results[law.memory[i]])}:
        flags -= dropped
    return sorted(flags)


def _traced_sampled(law: SampledLaw) -> dict[str, Expression]:
    """What a sampled law gives, by name: memories, then writes."""
    graph = Graph()
    reads = {n: graph.symbol(f"r_{i}") for i, n in enumerate(law.reads)}
    parameters = {n: graph.symbol(f"p_{i}") for i, n in enumerate(law.parameters)}
    memory = {n: graph.symbol(f"m_{i}") for i, n in enumerate(law.memory)}
    result = law.function(Fields(reads), Fields(parameters), Fields(memory), graph.symbol("h"))
    wanted = set(law.memory) | set(law.writes)
    if set(result) != wanted:
        raise LawError(f"sampled law {law.name}: gives {sorted(result)}; give exactly {sorted(wanted)}")
    return {n: v if isinstance(v := result[n], Expression) else graph.constant(v) for n in (*law.memory, *law.writes)}


def _clocked(results: dict[str, Expression]) -> bool:
    """True where something is divided by the time since the last run: a mean over it, a slope until the next one."""
    return any(
        n.op == "div" and n.args[1].op == "input" and n.args[1].value == "h"
        for n in straight_line(list(results.values()))
    )


def _sampled_kernel(law: SampledLaw, lifted: dict[str, Expression]) -> str:
    outputs = list(lifted.values())
    writer = _Writer(outputs)
    used = inputs_of(outputs)
    body = [f"const Real r_{i} = value[read[{i}]];" for i in range(len(law.reads)) if f"r_{i}" in used]
    body += [f"const Real p_{i} = p[{i}];" for i in range(len(law.parameters)) if f"p_{i}" in used]
    body += [f"const Real m_{i} = m[{i}];" for i in range(len(law.memory)) if f"m_{i}" in used]
    body += writer.lines
    flags = _flags(law, lifted) if "h" in used else []
    body += [f"flips |= (Mask)(m[{i}] != {writer.value(lifted[law.memory[i]])});" for i in flags]
    body += [f"SET_WHERE(acting, m[{i}], {writer.value(lifted[n])});" for i, n in enumerate(law.memory)]
    body += [f"sampled_emit(c, write + {i}, {writer.value(lifted[n])});" for i, n in enumerate(law.writes)]
    text = "\n        ".join(body)
    return (
        f"static void {law.name}_run(const Sampling *c, const SampledGroup *g, double step_s) {{\n"
        "    const Real *value = c->value, *p = c->parameter + g->parameter;\n"
        "    const Index *read = c->read + g->read;\n"
        "    Real *m = c->memory + g->memory;\n"
        "    const Real h = ALL(step_s);\n    Index write = g->write;\n"
        "    const Mask acting = c->acting;\n    Mask flips = NONE;\n"
        "    (void)value; (void)read; (void)p; (void)m; (void)write; (void)h; (void)acting; (void)flips;\n"
        f"    for (Index d = 0; d < g->count; d++, read += {len(law.reads)}, p += {len(law.parameters)}, "
        f"m += {len(law.memory)}, write += {len(law.writes)}) {{\n        {text}\n    }}\n"
        f"{'    simulation_flipped(c->run, flips);' if flags else ''}}}\n"
    )


def _law_entry(t: TracedLaw, made: dict[str, str]) -> str:
    friction, scalar = 0, 0
    for terminal, domain in t.law.terminals.items():
        friction |= (1 << scalar) if terminal in t.law.friction else 0
        scalar += domain.unknowns
    kernels = ", ".join(made.get(k, "NULL") for k in ("newton", "constant", "conductance", "update"))
    looked_at = inputs_of([*t.flows, *t.new_states])
    remembered = sum(1 << i for i in range(len(t.law.states)) if f"s{i}" in looked_at)
    sources = sum(1 << i for i, flow in enumerate(t.constants) if not flow.is_constant(0.0))
    in_jacobian = inputs_of(t.jacobian) if t.linear else set()
    conducting = sum(1 << i for i in range(len(t.law.parameters)) if f"p{i}" in in_jacobian)
    return (
        f'    {{"{signature(t.law)}", {t.scalar_terminals}, {len(t.law.parameters)}, {len(t.law.states)}, '
        f"{len(t.entries)}, {friction}u, {remembered}u, {sources}u, {conducting}u, {int(t.linear)}, "
        f"{t.law.name}_rows, {t.law.name}_columns, {kernels}}},"
    )


def c_source(laws: dict[str, Law], sampled: dict[str, SampledLaw]) -> str:
    """The C file of all laws, in alphabetical order (so that it does not depend on the order of imports)."""
    parts = ['#include "solver.h"\n']
    entries: list[str] = []
    for name in sorted(laws):
        traced = trace(laws[name])
        kernels, made = _kernels(traced)
        for which, index in (("rows", 0), ("columns", 1)):
            numbers = ", ".join(str(e[index]) for e in traced.entries) or "0"
            parts.append(f"static const unsigned char {name}_{which}[] = {{{numbers}}};")
        parts += kernels
        entries.append(_law_entry(traced, made))
    parts.append("const Law LAWS[] = {\n" + "\n".join(entries) + "\n};")
    parts.append(f"const Index LAW_COUNT = {len(laws)};\n")
    table: list[str] = []
    for name in sorted(sampled):
        law = sampled[name]
        results = _traced_sampled(law)
        parts.append(_sampled_kernel(law, results))
        sizes = (
            f"{len(law.reads)}, {len(law.parameters)}, {len(law.memory)}, {len(law.writes)}, {int(_clocked(results))}"
        )
        table.append(f'    {{"{signature(law)}", {sizes}, {name}_run}},')
    parts.append("const SampledLaw SAMPLED_LAWS[] = {\n" + "\n".join(table) + "\n};")
    parts.append(f"const Index SAMPLED_LAW_COUNT = {len(sampled)};\n")
    return "\n".join(parts)

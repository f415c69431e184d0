"""Laws become C: the same numbers as in Python, and the exact derivative."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etabli.components.catalogue import catalogue
from etabli.physics.equations import NUMPY_OPERATIONS, python_function
from etabli.physics.expression import (
    Expression,
    Graph,
    Phasor,
    inputs_of,
    jacobian,
    knee,
    less,
    select,
    sqrt,
    straight_line,
)
from etabli.physics.kernels import LawError, TracedLaw, c_source, parts_of, signature, trace
from etabli.physics.law import LAWS, Domain, Law
from physics import textbook_laws  # noqa: F401 - declares its laws

catalogue()


def compute(outputs: list[Expression], inputs: dict[str, float]) -> list[float]:
    """A second, independent evaluator of the graph."""
    value: dict[int, float] = {}

    def of(e: Expression) -> float:
        if e.op == "const":
            return float(e.value)
        return inputs[str(e.value)] if e.op == "input" else value[e.index]

    for e in straight_line(outputs):
        a = [of(x) for x in e.args]
        value[e.index] = {
            "add": lambda a: a[0] + a[1], "sub": lambda a: a[0] - a[1], "mul": lambda a: a[0] * a[1],
            "div": lambda a: a[0] / a[1], "neg": lambda a: -a[0], "sqrt": lambda a: a[0] ** 0.5,
            "abs": lambda a: abs(a[0]), "min": lambda a: min(a), "max": lambda a: max(a),
            "less": lambda a: float(a[0] < a[1]), "select": lambda a: a[1] if a[0] else a[2],
        }[e.op](a)  # fmt: skip
    return [of(e) for e in outputs]


def sample_inputs(law: Law, traced: TracedLaw, seed: int) -> dict[str, float]:
    dice = random.Random(seed)
    pressure = {Domain.PNEUMATIC: (1.0, 9.0), Domain.THERMAL: (10.0, 90.0)}
    inputs, k = {"ah": 1e-3}, 0
    for domain in law.terminals.values():
        for _ in range(domain.unknowns):
            inputs[f"v{k}"] = dice.uniform(*pressure.get(domain, (-30.0, 30.0)))
            k += 1
    inputs |= {f"p{i}": dice.uniform(0.2, 3.0) for i in range(len(law.parameters))}
    return inputs | {f"s{i}": dice.uniform(-1.0, 1.0) for i in range(len(law.states))}


@pytest.mark.parametrize("name", sorted(set(LAWS) - {"textbook_bare_root"}))  # infinite at rest, on purpose
def test_the_derived_jacobian_is_the_slope_of_the_flows(name: str) -> None:
    """Every law of the catalogue: central differences agree with the derived derivative."""
    traced = trace(LAWS[name])
    for seed in range(5):
        inputs = sample_inputs(LAWS[name], traced, seed)
        exact = dict(zip(traced.entries, compute(traced.jacobian, inputs), strict=True))
        for column in range(traced.scalar_terminals):
            x = inputs[f"v{column}"]
            step = 1e-6 * max(1.0, abs(x))
            up = compute(traced.flows, inputs | {f"v{column}": x + step})
            down = compute(traced.flows, inputs | {f"v{column}": x - step})
            scale = max(map(abs, up)) + 1.0
            for row, (a, b) in enumerate(zip(up, down, strict=True)):
                slope = exact.get((row, column), 0.0)
                assert (a - b) / (2 * step) == pytest.approx(slope, rel=2e-3, abs=2e-3 * scale + 1e-4 * abs(slope))


@pytest.mark.parametrize("name", sorted(set(LAWS) - {"textbook_spiteful"}))
def test_a_traced_law_computes_what_the_python_law_computes(name: str) -> None:
    law, traced = LAWS[name], trace(LAWS[name])
    inputs = sample_inputs(law, traced, 1)
    values, k = {}, 0
    for terminal, domain in law.terminals.items():
        parts = [inputs[f"v{k + i}"] for i in range(domain.unknowns)]
        k += domain.unknowns
        values[terminal] = Phasor(*parts) if domain is Domain.AC else parts[0]
    flows, states = law.evaluate(
        values,
        {n: inputs[f"p{i}"] for i, n in enumerate(law.parameters)},
        {n: inputs[f"s{i}"] for i, n in enumerate(law.states)},
        inputs["ah"],
    )
    flat = [x for f in flows.values() for x in ((f.re, f.im) if isinstance(f, Phasor) else (f,))]
    assert compute(traced.flows, inputs) == pytest.approx(flat, rel=1e-12, abs=1e-12)
    assert compute(traced.new_states, inputs) == pytest.approx([states[s] for s in law.states], rel=1e-12)


def test_linearity_is_found_from_the_derivative() -> None:
    assert trace(LAWS["textbook_resistor"]).linear
    assert trace(LAWS["textbook_inductor"]).linear
    assert not trace(LAWS["textbook_diode"]).linear


def test_the_c_text_does_not_depend_on_the_order_of_declaration() -> None:
    laws = {n: LAWS[n] for n in ("textbook_resistor", "textbook_diode", "textbook_capacitor")}
    assert c_source(laws, {}) == c_source(dict(reversed(laws.items())), {})


def test_a_law_that_forgets_a_flow_is_refused_by_name() -> None:
    wrong = Law("half_a_law", {"a": Domain.DC, "b": Domain.DC}, (), (), (), lambda v, p, s, ah: ({"a": v.a}, {}))
    with pytest.raises(LawError, match="half_a_law"):
        trace(wrong)


def test_a_signature_changes_with_the_tables_of_a_law() -> None:
    law = LAWS["textbook_resistor"]
    other = Law(law.name, law.terminals, ("siemens",), (), (), law.function)
    assert signature(law) != signature(other)


def test_only_exactly_rounded_operations_reach_the_kernels() -> None:
    allowed = {"add", "sub", "mul", "div", "neg", "sqrt", "abs", "min", "max", "less", "select"}
    for law in LAWS.values():
        traced = trace(law)
        assert {e.op for e in straight_line([*traced.flows, *traced.jacobian, *traced.new_states])} <= allowed
        assert "h" not in inputs_of(traced.flows)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_what_is_divided_by_more_than_once_is_divided_by_once(name: str) -> None:
    for kernel in c_source({name: LAWS[name]}, {}).split("static void")[1:]:
        divisors = re.findall(r" / (\S+);", kernel)
        assert len(divisors) == len(set(divisors)), kernel


def test_a_law_of_a_difference_has_one_derivative_and_its_opposite() -> None:
    slopes = trace(LAWS["textbook_diode"]).jacobian
    positive = {(s.args[0] if s.op == "neg" else s).index for s in slopes}
    assert len(slopes) == 4
    assert len(positive) == 1


def test_a_branch_that_is_not_taken_may_have_any_slope() -> None:
    """The slope of a root is infinite at 0: that must not come through a choice that does not take it."""
    graph = Graph()
    x = graph.symbol("v0")
    slopes = jacobian([3.0 * select(less(x, 1.0), 2.0 * x, sqrt(x)) * (1.0 + x)], [x])
    with np.errstate(divide="ignore"):
        assert python_function(list(slopes.values()), ["v0"], NUMPY_OPERATIONS)(np.float64(0.0)) == [6.0]


def _laws_in_parts() -> list[tuple[str, int]]:
    found = []
    for name in sorted(LAWS):
        traced = trace(LAWS[name])
        outputs = [*traced.flows, *traced.jacobian]
        parts = parts_of(list(straight_line(outputs)), outputs, range(len(LAWS[name].parameters)))
        found += [(name, parameter) for parameter in sorted(set(parts.values()))]
    return found


@pytest.mark.parametrize(("name", "parameter"), _laws_in_parts())
def test_a_part_that_is_passed_over_gives_nothing_while_its_parameter_is_zero(name: str, parameter: int) -> None:
    law, traced = LAWS[name], trace(LAWS[name])
    outputs = [*traced.flows, *traced.jacobian]
    operations = list(straight_line(outputs))
    part = {i for i, p in parts_of(operations, outputs, [parameter]).items() if p == parameter}
    seen = {a.index for n in operations if n.index not in part for a in n.args} | {o.index for o in outputs}
    results = [n for n in operations if n.index in part & seen]
    assert results
    for seed in range(3):
        inputs = sample_inputs(law, traced, seed) | {f"p{parameter}": 0.0}
        assert compute(results, inputs) == [0.0] * len(results)


def test_a_closed_path_of_a_valve_is_passed_over() -> None:
    law = LAWS["valve_body_5_2"]
    kernel = c_source({law.name: law}, {})
    for path in ("rest", "work"):
        assert f"if (ANY(on{law.parameters.index(path)}))" in kernel


@given(st.floats(-0.3, 0.3), st.floats(0.01, 0.2))
def test_the_stated_slope_of_a_rounded_corner_is_its_slope(x: float, width: float) -> None:
    graph = Graph()
    v = graph.symbol("v0")
    slope = compute(list(jacobian([knee(v, width)], [v]).values()), {"v0": x})[0]
    assert (knee(x + 1e-6, width) - knee(x - 1e-6, width)) / 2e-6 == pytest.approx(slope, abs=1e-4)
    assert slope == pytest.approx(min(max((x + width) / (2.0 * width), 0.0), 1.0))


def test_devices_on_the_same_nodes_share_what_depends_on_these_alone() -> None:
    newton = c_source({"oil_volume": LAWS["oil_volume"]}, {}).split("static void")[1]
    shared, own = newton.split("node[0] == at")
    assert " / " in shared
    assert "p[0]" not in shared
    assert "c->x" not in own

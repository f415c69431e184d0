"""The same equations by another route: scipy's Radau on numpy functions, no compiled core, no condensation."""

from __future__ import annotations

import numpy as np
import pytest

from etabli.physics.equations import Equations
from etabli.physics.network import NodeRef
from etabli.physics.simulator import Simulator
from physics.test_solver import charging_capacitor, relay_and_lamp
from reference.compiled import CompiledEquations
from reference.radau import Reference


def test_the_engine_solves_the_equations_that_numpy_evaluates() -> None:
    """After a step, the residual of the independent evaluation is nothing but rounding."""
    simulator = Simulator(charging_capacitor(), step_s=0.001)
    simulator.advance(100)
    equations = Equations(simulator)
    u, s = equations.start()
    u[equations.unknowns :] = (24.0 - simulator.read(NodeRef("out"))) / 1000.01
    residual, _, _ = equations.evaluate(u, s)
    assert np.abs(residual).max() < 1e-7  # gmin times a few volts


def test_engine_and_radau_agree_on_a_relay_circuit() -> None:
    engine = Simulator(relay_and_lamp(), step_s=0.001, event_halvings=0)  # the reference looks at ends of steps
    reference = Reference(Simulator(relay_and_lamp(), step_s=0.001), 0.001)
    for _ in range(10):
        engine.advance(10)
        reference.advance(10)
        for node in ("out", "lamp"):
            found, expected = engine.read(NodeRef(node)), reference.simulator.read(NodeRef(node))
            assert found == pytest.approx(expected, abs=1e-4)


def test_the_reference_compiled_for_speed_is_the_numpy_form() -> None:
    simulator = Simulator(relay_and_lamp(), step_s=0.001)
    simulator.advance(100)
    forms = [form(simulator) for form in (Equations, CompiledEquations)]
    u, s = forms[0].start()
    u += 0.1
    for numpy_form, compiled in zip(*(form.evaluate(u, s) for form in forms), strict=True):
        np.testing.assert_allclose(compiled, numpy_form, rtol=1e-13, atol=1e-15)

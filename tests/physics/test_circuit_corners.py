"""A coil that is switched off with a diode across it comes to rest: no ripple between the sides of a corner."""

from __future__ import annotations

import numpy as np
import pytest

from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import resistor
from etabli.components.electrical.diode import diode
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from physics import textbook_laws as laws


def fed_coil() -> Network:
    """24 V, a switch, 650 ohm and 2 H with a free-wheeling diode."""
    network = Network()
    network.add("supply", laws.textbook_source, {"plus": "plus", "minus": GROUND}, {"volts": 24.0, "ohms": 0.05})
    network.add("switch", resistor, {"a": "plus", "b": "coil"}, {"resistance": 0.02})
    network.add("coil", coil, {"a": "coil", "b": GROUND}, {"resistance": 650.0, "inductance": 2.0})
    curve = {"threshold": 0.7, "conductance": 20.0, "leak": 1e-9}
    network.add("diode", diode, {"anode": GROUND, "cathode": "coil"}, curve)
    return network


@pytest.mark.parametrize("step_s", [1.5e-4, 2e-4, 2.5e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3])
@pytest.mark.parametrize("open_ohm", [1e7, 1e9])
def test_a_coil_switched_off_comes_to_rest(step_s: float, open_ohm: float) -> None:
    simulator = Simulator(fed_coil(), step_s, longest_step_s=0.0)
    simulator.advance(round(0.1 / step_s))
    simulator.write(ParameterRef("switch", "resistance"), open_ohm)
    simulator.advance(round(0.05 / step_s))
    rest = simulator.record([NodeRef("coil"), StateRef("coil", "current")], 50)
    assert np.ptp(rest[:, 0]) < 1e-3
    assert np.abs(rest[:, 1]).max() < 1e-5

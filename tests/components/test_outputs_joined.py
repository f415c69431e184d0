"""Two outputs wired together by mistake: a sensor's transistor feeds a lamp of the PLC's output; each step is solved.

The current limit of one and the body diode of the other throw Newton to and fro over points that the wires tie by
fractions of an ohm: found by a random life of a bench (seed 4168 of ``tests/bench/fuzz.py``).
"""

from __future__ import annotations

import pytest

from etabli.components.electrical.conductor import resistor
from etabli.components.electrical.plc import high_side_switch
from etabli.components.electrical.sensor_output import output_transistor
from etabli.components.electrical.wire import dc_conductor
from etabli.components.sources import lab_voltage
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef
from etabli.physics.simulator import Simulator

LAMP_OHM = 533.0
DROP_V, SLOPE_SIEMENS = 1.2, 2.0


def joined() -> Simulator:
    """24 V into the sensor, 24.05 V into the PLC, a lamp of 45 mA behind short wires."""
    network = Network()
    for node in ("sensor", "plc", "sensor_out", "lamp", "plc_out"):
        network.node(node, Domain.DC)
    for name, node, volts in (("V1", "sensor", 24.0), ("V2", "plc", 24.05)):
        network.add(name, lab_voltage, {"plus": node, "minus": GROUND}, {"voltage": volts, "resistance": 0.01})
    transistor = {"conductance": 1e-9, "drop": DROP_V, "leak": 2e-6, "limit": 0.2}
    network.add("B1", output_transistor, {"high": "sensor", "low": "sensor_out"}, transistor)
    for name, a, ohms in (("W1", "sensor_out", 0.36), ("W2", "plc_out", 0.18)):
        wire = {"resistance": ohms, "end_a": 0.001, "end_b": 0.001, "leak": 1e-9}
        network.add(name, dc_conductor, {"a": a, "b": "lamp"}, wire)
    network.add("H1", resistor, {"a": "lamp", "b": GROUND}, {"resistance": LAMP_OHM})
    switch = {"conductance": 1e-9, "limit": 1.2, "leak": 1e-6}
    network.add("A1", high_side_switch, {"supply": "plc", "output": "plc_out"}, switch)
    return Simulator(network, 0.005)


@pytest.mark.usefixtures("run_on_core")
def test_a_sensor_that_drives_the_lamp_of_an_output_is_solved_at_every_step() -> None:
    sim = joined()
    sim.advance(10)
    for sensor, output in ((2.0, 1e-9), (2.0, 10.0), (2.0, 1e-9), (1e-9, 1e-9), (2.0, 1e-9)):
        sim.write(ParameterRef("B1", "conductance"), sensor)
        sim.write(ParameterRef("A1", "conductance"), output)
        sim.advance(20)
        assert sim.unresolved == 0
    behind_drop = (24.0 - DROP_V) * LAMP_OHM / (LAMP_OHM + 1.0 / SLOPE_SIEMENS)
    assert sim.read(NodeRef("lamp")) == pytest.approx(behind_drop, abs=0.03)

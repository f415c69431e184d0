"""The 24 V control circuit of the first machine, all 160 devices of it, against ngspice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from reference.ngspice import ControlCircuit
from reference.sorting_station import EJECTOR_1, GREEN, MOTOR, RUNNING_LAMP, STOP_OUT, network, output, started

SUPPLY = "G1:+"
ALLOWED = 1e-3
"""Of the voltage, of 1 V below that: leakage through open contacts is of no interest below a millivolt."""

CASES: dict[str, tuple[tuple[ParameterRef, float], ...]] = {
    "at rest": (),
    "running": tuple((output(q), 1.0) for q in (MOTOR, EJECTOR_1, STOP_OUT, RUNNING_LAMP, GREEN)),
    "button pressed": ((ParameterRef("S1.button", "position"), 1.0),),
    "sensor supply through a bad terminal": ((ParameterRef("W211.conductor", "end_b"), 40.0),),
    "sensors without supply": ((ParameterRef("W210.conductor", "resistance"), 1e9),),
    "earth fault on a sensor wire": ((ParameterRef("W452.conductor", "leak"), 0.02),),
    "lamp shorted": ((output(RUNNING_LAMP), 1.0), (ParameterRef("H1.lamp", "resistance"), 0.5)),
    "emergency stop": ((ParameterRef("S0.button", "position"), 1.0),),
}


def settled(writes: tuple[tuple[ParameterRef, float], ...]) -> Simulator:
    """The machine a second after these writes."""
    simulator = started(0.005)
    for ref, value in writes:
        simulator.write(ref, value)
    simulator.advance(200)
    assert simulator.unresolved == 0
    return simulator


@pytest.mark.parametrize("case", CASES)
def test_every_node_voltage_of_the_control_circuit(case: str, tmp_path: Path) -> None:
    simulator = settled(CASES[case])
    circuit = ControlCircuit(simulator, SUPPLY)
    assert len(circuit.nodes) > 100
    assert len(circuit.devices) > 150
    expected = circuit.steady(tmp_path)
    wrong = {}
    for node, volts in expected.items():
        found = simulator.read(NodeRef(node))
        if abs(found - volts) > ALLOWED * max(abs(volts), 1.0):
            wrong[node] = (round(found, 5), round(volts, 5))
    assert not wrong, f"engine, ngspice: {wrong}"


def crossing_s(times: np.ndarray, values: np.ndarray, level: float) -> float:
    """When the values first cross ``level``, by straight lines between samples."""
    assert (values.min() - level) * (values.max() - level) < 0.0, "the level is never crossed"
    at = int(np.argmax((values[1:] - level) * (values[:-1] - level) <= 0.0))
    share = (level - values[at]) / (values[at + 1] - values[at])
    return float(times[at] + share * (times[at + 1] - times[at]))


@pytest.mark.parametrize("step_s", [0.001, 0.005])
def test_a_contactor_picks_up_and_drops_when_ngspice_says(step_s: float, tmp_path: Path) -> None:
    """The output transistor of the PLC closes on the coil, then opens: pull-in and drop-out currents are crossed."""
    transistor = ParameterRef("A1.transistor_Q0.0", "conductance")
    levels = {name: started(step_s).read(ParameterRef("KM1.armature", name)) for name in ("pull_in", "drop_out")}
    on = settled(((output(MOTOR), 1.0),)).read(transistor)
    off = settled(()).read(transistor)
    for value, level in ((on, levels["pull_in"]), (off, levels["drop_out"])):
        simulator = started(step_s)
        if value == off:
            simulator.write(output(MOTOR), 1.0)
            simulator.advance(round(0.5 / step_s))
        # The circuit as it is now, the transistor alone jumps: what hangs on the contactor's own contacts comes later.
        circuit = ControlCircuit(simulator, SUPPLY)
        times, _, currents = circuit.transient(tmp_path, 0.12, {transistor: (0.001, value)})
        expected = crossing_s(times, currents["KM1.coil"], level) - 0.001
        simulator.write(output(MOTOR), float(value == on))
        simulator.advance()  # the PLC output acts at the end of this step
        start = simulator.time_s
        samples = [simulator.read(StateRef("KM1.coil", "current"))]
        for _ in range(round(0.12 / step_s)):
            simulator.advance()
            samples.append(simulator.read(StateRef("KM1.coil", "current")))
        found = crossing_s(start + step_s * np.arange(len(samples)), np.array(samples), level) - start
        assert found == pytest.approx(expected, abs=1e-3)


def test_a_machine_without_its_own_control_circuit_is_not_compared_by_accident() -> None:
    circuit = ControlCircuit(Simulator(network()), SUPPLY)
    assert {"KM1:A1", "K1:S12", "A1:I0.0", "X2:1"} <= set(circuit.nodes)

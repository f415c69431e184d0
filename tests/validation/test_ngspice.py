"""Every electrical circuit of the three machines against ngspice: 24 V control circuits, mains and motor circuits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from etabli.physics.law import Domain
from etabli.physics.network import GROUND, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from reference.ngspice import ControlCircuit, PhasorCircuit
from reference.scenarios import Life, Window

SUPPLY = "G1:+"
LINK = "U1:P+"
"""DC link of the lift's drive."""
ALLOWED = 1e-3
"""Of the voltage, of 1 V below that: leakage through open contacts is of no interest below a millivolt."""

MACHINES = {
    # machine: a step of its program at work, wires whose terminal gets loose, that is cut, that touches earth, a lamp
    "poste_tri": (Window("poste_tri", "", "etape", 30, 0.0, 0.2), "W211", "W210", "W452", "H1"),
    "presse": (Window("presse", "", "etape", 20, 0.0, 1.0), "W211", "W210", "W452", "H1"),
    "monte_charge": (Window("monte_charge", "", "etape", 25, 0.0, 2.0), "W208", "W207", "W346", "H1"),
}
CASES = ("at work", "loose terminal", "wire cut", "earth fault", "lamp shorted", "emergency stop")
RELAYS = {"poste_tri": ("Q0.0", "KM1"), "presse": ("Q0.1", "KA1"), "monte_charge": ("Q0.5", "KA3")}
"""Output of the PLC and the coil that hangs on it."""


def at_work(machine: str, case: str = "at work") -> Simulator:
    """The machine 1 s after the case: its PLC holds its outputs meanwhile."""
    window, loose, cut, earthed, lamp = MACHINES[machine]
    life = Life(machine)
    life.reach(window)
    faults = {
        "loose terminal": f"{loose}.loose_b",
        "wire cut": f"{cut}.open",
        "earth fault": f"{earthed}.earth_leak",
        "lamp shorted": f"{lamp}.lamp_short",
    }
    if case in faults:
        life.strike(faults[case])
    if case == "emergency stop":
        life.run.operate("S0", "pressed", 1.0)
    simulator = life.run.simulator
    simulator.advance(200)
    assert simulator.unresolved == 0
    return simulator


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("case", CASES)
def test_every_node_voltage_of_the_control_circuit(machine: str, case: str, tmp_path: Path) -> None:
    simulator = at_work(machine, case)
    circuit = ControlCircuit(simulator, SUPPLY)
    assert len(circuit.nodes) > 100
    assert len(circuit.devices) > 150
    expected = circuit.steady(tmp_path)
    simulator.advance()  # what sampled laws wrote last (the current of a transmitter) counts from here on
    wrong = {}
    for node, volts in expected.items():
        found = simulator.read(NodeRef(node))
        if abs(found - volts) > ALLOWED * max(abs(volts), 1.0):
            wrong[node] = (round(found, 5), round(volts, 5))
    assert not wrong, f"engine, ngspice: {wrong}"


def test_the_link_of_the_drive(tmp_path: Path) -> None:
    """While the load drives the motor: what the inverter gives back against the brake chopper, above the rectifier."""
    simulator = at_work("monte_charge")
    circuit = ControlCircuit(simulator, LINK)
    expected = circuit.steady(tmp_path)
    assert 755.0 < expected[LINK] - expected["U1:P-"] < 785.0
    for node, volts in expected.items():
        assert simulator.read(NodeRef(node)) == pytest.approx(volts, rel=ALLOWED)


@pytest.mark.parametrize("machine", MACHINES)
def test_no_circuit_is_left_out(machine: str) -> None:
    """What lies in none of the circuits that are checked is spare: contacts and wires that nothing feeds."""
    simulator = at_work(machine)
    resolve = Life(machine).run.machine.resolve
    checked = set(ControlCircuit(simulator, SUPPLY).nodes)
    for entry in AC_PARTS[machine]:
        checked |= set(PhasorCircuit(simulator, resolve(NodeRef(entry)).node).nodes)
    if machine == "monte_charge":
        checked |= set(ControlCircuit(simulator, LINK).nodes)
    electrical = {n for n, d in simulator.network.nodes.items() if d in {Domain.DC, Domain.AC} and n != GROUND}
    left = electrical - checked
    assert len(left) < 0.25 * len(electrical)
    touching = [d for d in simulator.network.devices.values() if left.intersection(d.nodes)]
    assert {d.law.name for d in touching} <= {"dc_pole", "dc_conductor", "resistor"}
    assert max(abs(simulator.read(NodeRef(n))) for n in left) < 1e-6


AC_CASES = ("at work", "phase lost", "motor winding open", "phases crossed")
"""With the node at which each AC part is entered: the mains, and what lies behind the drive of the lift."""
AC_PARTS = {"poste_tri": ("G0:L1",), "presse": ("G0:L1",), "monte_charge": ("G0:L1", "U1:U")}
AC_FAULTS = {"phase lost": "Q2.contact_3_4_open", "motor winding open": "M1.winding_U_open"}


def until_unchanged(simulator: Simulator, circuit: PhasorCircuit) -> None:
    """Run up to a step whose sampled laws hardly change the circuit: it then answers to its present parameters."""
    read = simulator.reader([ParameterRef(d.name, p) for d in circuit.devices for p in d.law.parameters])
    simulator.advance(2)
    for _ in range(20):
        before = read()
        simulator.advance()
        if np.allclose(read(), before, rtol=2e-3, atol=0.0):
            return
    raise AssertionError("the circuit never stands still")


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("case", AC_CASES)
def test_every_phasor_of_the_power_circuit(machine: str, case: str, tmp_path: Path) -> None:
    life = Life(machine)
    life.reach(MACHINES[machine][0])
    simulator = life.run.simulator
    if case in AC_FAULTS:
        life.strike(AC_FAULTS[case])
    if case == "phases crossed":
        for phase, sine in (("L2", 1.0), ("L3", -1.0)):
            simulator.write(ParameterRef(f"G0.{phase}", "sine"), sine * 0.75**0.5)
    for entry in AC_PARTS[machine]:
        circuit = PhasorCircuit(simulator, life.run.machine.resolve(NodeRef(entry)).node)
        assert len(circuit.nodes) >= 20
        until_unchanged(simulator, circuit)
        wrong = {}
        for node, volts in circuit.phasors(tmp_path).items():
            found = complex(simulator.read(NodeRef(node)), simulator.read(NodeRef(node, 1)))
            if abs(found - volts) > ALLOWED * max(abs(volts), 1.0):
                wrong[node] = (found, volts)
        assert not wrong, f"engine, ngspice: {wrong}"


def crossing_s(times: np.ndarray, values: np.ndarray, level: float) -> float:
    """When the values first cross ``level``, by straight lines between samples."""
    assert (values.min() - level) * (values.max() - level) < 0.0, "the level is never crossed"
    at = int(np.argmax((values[1:] - level) * (values[:-1] - level) <= 0.0))
    share = (level - values[at]) / (values[at + 1] - values[at])
    return float(times[at] + share * (times[at + 1] - times[at]))


def commanded(machine: str, on: bool, step_s: float) -> Simulator:
    """The machine just put to work, one output of its PLC held on or off for 1 s."""
    life = Life(machine)
    while life.run.time_s < 2.0:
        life.tick()
    output = RELAYS[machine][0]
    life.run.simulator.write(ParameterRef(f"A1.{output}", "command"), float(on))
    life.run.simulator.advance(200)
    if step_s == life.run.simulator.step_s:
        return life.run.simulator
    other = Simulator(life.run.simulator.network, step_s)
    other.values[:] = life.run.simulator.values
    return other


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("step_s", "closing"), [(0.001, True), (0.005, True), (0.005, False)])
def test_a_relay_picks_up_and_drops_when_ngspice_says(
    machine: str, step_s: float, closing: bool, tmp_path: Path
) -> None:
    """The output transistor of the PLC closes on the coil, or opens: pull-in or drop-out current is crossed."""
    output, relay = RELAYS[machine]
    transistor = ParameterRef(f"A1.transistor_{output}", "conductance")
    value = commanded(machine, closing, 0.005).read(transistor)
    simulator = commanded(machine, not closing, step_s)
    level = simulator.read(ParameterRef(f"{relay}.armature", "pull_in" if closing else "drop_out"))
    # The circuit as it is now, the transistor alone jumps: what hangs on the relay's own contacts comes later.
    circuit = ControlCircuit(simulator, SUPPLY)
    times, _, currents = circuit.transient(tmp_path, 0.12, {transistor: (0.001, value)})
    expected = crossing_s(times, currents[f"{relay}.coil"], level) - 0.001
    simulator.write(ParameterRef(f"A1.{output}", "command"), float(closing))
    start = simulator.time_s  # the PLC output acts at once
    current = StateRef(f"{relay}.coil", "current")
    samples = [simulator.read(current)]
    for _ in range(round(0.12 / step_s)):
        simulator.advance()
        samples.append(simulator.read(current))
    found = crossing_s(start + step_s * np.arange(len(samples)), np.array(samples), level) - start
    assert found == pytest.approx(expected, abs=1e-3)


COILS = {"poste_tri": 5, "presse": 5, "monte_charge": 3}
"""How many the outputs of the PLC feed by themselves (the others hang on contacts of these)."""


@pytest.mark.parametrize("machine", MACHINES)
def test_every_coil_of_the_outputs_is_live_when_ngspice_says(machine: str, tmp_path: Path) -> None:
    """All outputs of the PLC close at once: each coil that they feed crosses 70 % of its current within 1 ms of it."""
    simulator = commanded(machine, True, 0.005)
    transistors = [ParameterRef(d, "conductance") for d in simulator.network.devices if d.startswith("A1.transistor_")]
    commands = [ParameterRef(t.device.replace("transistor_", ""), "command") for t in transistors]
    for command in commands:
        simulator.write(command, 1.0)
    simulator.advance()
    closed = [simulator.read(t) for t in transistors]
    for command in commands:
        simulator.write(command, 0.0)
    simulator.advance(200)
    circuit = ControlCircuit(simulator, SUPPLY)
    jumps = {t: (0.001, value) for t, value in zip(transistors, closed, strict=True)}
    times, _, currents = circuit.transient(tmp_path, 0.1, jumps)
    fed = {c: i for c, i in currents.items() if abs(i[-1]) > 0.02 and abs(i[0]) < 0.1 * abs(i[-1])}
    assert len(fed) == COILS[machine]
    refs = [StateRef(c, "current") for c in fed]
    read = simulator.reader(refs)
    for command in commands:
        simulator.write(command, 1.0)
    start, samples = simulator.time_s, [read().copy()]
    for _ in range(20):
        simulator.advance()
        samples.append(read().copy())
    at = start + simulator.step_s * np.arange(len(samples))
    for coil, found in zip(fed, np.array(samples).T, strict=True):
        level = 0.7 * fed[coil][-1]
        expected = crossing_s(times, fed[coil], level) - 0.001
        assert crossing_s(at, found, level) - start == pytest.approx(expected, abs=1e-3), coil

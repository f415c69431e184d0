"""Unbalanced faults of three-phase networks against symmetrical components (Fortescue), written out here.

Fault currents: single line to earth ``3 E / (Z1 + Z2 + Z0 + 3 Zf)``, line to line ``√3 E / (Z1 + Z2 + Zf)``, two lines
to earth through ``Z2 ∥ (Z0 + 3 Zf)`` (any textbook of power systems, e.g. Grainger and Stevenson). A Dyn transformer
stops the zero sequence: seen from its star side, ``Z0`` is its own leakage alone.
"""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from components.electrical_rig import Rig
from components.rig import rig_motor
from etabli.components.catalogue import catalogue
from etabli.components.component import Effect
from etabli.components.electrical.conductor import ac_impedance
from etabli.components.electrical.transformer import winding_data
from etabli.physics.network import GROUND, NodeRef, StateRef
from etabli.physics.simulator import Simulator

Phasors = NDArray[np.complex128]
A = cmath.exp(2j * math.pi / 3.0)
FORTESCUE = np.array([[1, 1, 1], [1, A * A, A], [1, A, A * A]])
"""Phases U, V, W from the sequences zero, positive, negative."""
E = 400.0 / math.sqrt(3.0)
SOURCE = complex(0.894, 0.447) * E / 3000.0
LINES = ("L1", "L2", "L3")


def phasor(simulator: Simulator, node: str) -> complex:
    return complex(*(simulator.read(NodeRef(node, k)) for k in (0, 1)))


class Line:
    """The mains, then 50 m of three-core cable; a fault at its end."""

    copper = 0.0178 * 50.0 / 2.5 + 0.002

    def __init__(self) -> None:
        rig = Rig()
        rig.place("G0", "mains_supply")
        rig.place("W1", "cable", cores=3, domain="ac", length_m=50.0, section_mm2=2.5)
        for k, line in enumerate(LINES, 1):
            rig.join(f"W1:{k}a", f"G0:{line}")
        self.network = rig.network()

    def join(self, a: str, b: str, ohms: float) -> None:
        self.network.add(f"fault {a} {b}", ac_impedance, {"a": a, "b": b}, {"resistance": ohms, "reactance": 0.0})

    def currents(self) -> Phasors:
        """Phasors of the three lines, A, from what they drop along their copper."""
        simulator = Simulator(self.network, 0.005)
        simulator.advance(4)
        drops = [phasor(simulator, f"G0:{line}") - phasor(simulator, f"W1:{k}b") for k, line in enumerate(LINES, 1)]
        return np.array(drops) / self.copper

    @property
    def impedance(self) -> complex:
        """Of each sequence up to the fault."""
        return SOURCE + self.copper


@pytest.mark.parametrize("fault_ohm", [0.01, 0.5, 20.0])
def test_one_line_to_earth(fault_ohm: float) -> None:
    line = Line()
    line.join("W1:1b", GROUND, fault_ohm)
    z = line.impedance
    sequence = E / (z + z + z + 3.0 * fault_ohm)
    expected = FORTESCUE @ np.array([sequence, sequence, sequence])
    assert np.abs(line.currents() - expected).max() < 1e-4 * abs(expected[0])
    assert abs(expected[0]) == pytest.approx(abs(3.0 * E / (3.0 * z + 3.0 * fault_ohm)))


@pytest.mark.parametrize("fault_ohm", [0.01, 0.5, 20.0])
def test_two_lines_shorted(fault_ohm: float) -> None:
    """V and W, as two cores of a crushed cable."""
    line = Line()
    line.join("W1:2b", "W1:3b", fault_ohm)
    z = line.impedance
    positive = E / (z + z + fault_ohm)
    expected = FORTESCUE @ np.array([0.0, positive, -positive])
    found = line.currents()
    assert np.abs(found - expected).max() < 1e-4 * abs(expected[1])
    assert abs(found[1]) == pytest.approx(math.sqrt(3.0) * E / abs(z + z + fault_ohm), rel=1e-4)


@pytest.mark.parametrize("fault_ohm", [0.01, 0.5])
def test_two_lines_to_earth(fault_ohm: float) -> None:
    """V and W joined, then to earth through the fault."""
    line = Line()
    line.join("W1:2b", "joint", 1e-4)
    line.join("W1:3b", "joint", 1e-4)
    line.join("joint", GROUND, fault_ohm)
    z1 = z2 = z0 = line.impedance + 1e-4
    beside = z0 + 3.0 * fault_ohm
    positive = E / (z1 + z2 * beside / (z2 + beside))
    negative = -positive * beside / (z2 + beside)
    zero = -positive * z2 / (z2 + beside)
    expected = FORTESCUE @ np.array([zero, positive, negative])
    assert np.abs(line.currents() - expected).max() < 2e-4 * abs(expected[1])


def with_fault(line: Line, mode_id: str) -> Line:
    """The same line with a failure mode of its cable at full degree."""
    cable = catalogue()["cable"]
    values = {**cable.defaults(), "cores": 3, "domain": "ac"}
    effect = next(m for m in cable.failure_modes_of(values) if m.id == mode_id).effects[0]
    assert isinstance(effect, Effect)
    target, _, parameter = effect.target.rpartition(".")
    sound = line.network.devices.pop(f"W1.{target}")
    parameters = dict(zip(sound.law.parameters, sound.parameters, strict=True)) | {parameter: effect.value}
    line.network.add(sound.name, sound.law, dict(zip(sound.law.terminals, sound.nodes, strict=True)), parameters)
    return line


def test_a_crushed_cable_is_a_short_between_two_lines() -> None:
    found = abs(with_fault(Line(), "short_2_3").currents()[1])
    assert found == pytest.approx(math.sqrt(3.0) * E / abs(2.0 * Line().impedance + 0.02), rel=1e-3)


def test_a_worn_sheath_is_an_earth_fault() -> None:
    """The leak (10 S) is shared between the two ends of the core: what its copper carries is the far half."""
    far = Line.copper + 1.0 / 5.0
    near = 1.0 / (5.0 + 1.0 / far)
    expected = E * near / (SOURCE + near) / far
    assert abs(with_fault(Line(), "core_1_earth").currents()[0]) == pytest.approx(abs(expected), rel=1e-3)


def test_an_earth_fault_behind_a_dyn_transformer() -> None:
    """Z0 is the transformer alone; on the delta side the current flows in two lines and not in the third."""
    rig = Rig()
    rig.place("G0", "mains_supply")
    plate = {
        "phases": "3",
        "power_va": 6300.0,
        "secondary_v": 400.0,
        "copper_w": 200.0,
        "iron_w": 60.0,
        "no_load_percent": 1.0,
    }
    rig.place("T1", "transformer", short_circuit_percent=4.0, **plate)
    for phase, line in zip("UVW", LINES, strict=True):
        rig.join(f"T1:1{phase}", f"G0:{line}")
    rig.join("T1:PE", GROUND)
    rig.join("T1:2N", GROUND)
    network = rig.network()
    fault_ohm = 0.5
    network.add("fault", ac_impedance, {"a": "T1:2U", "b": GROUND}, {"resistance": fault_ohm, "reactance": 0.0})
    simulator = Simulator(network, 0.005)
    simulator.advance(4)
    data = winding_data({**catalogue()["transformer"].defaults(), "short_circuit_percent": 4.0, **plate})
    links = 0.002
    warm = 1.0 + 0.0039 * 5.0  # at 25 °C
    leakage = complex(data["resistance"] * warm, data["reactance"]) + links
    # A delta sees 3 Z of the lines in each winding; the ratio is phase to phase over phase.
    upstream = 3.0 * (SOURCE + links) / data["ratio"] ** 2
    positive, zero = leakage + upstream, leakage + 3.0 * links
    emf = 400.0 / data["ratio"]
    expected = 3.0 * emf / abs(2.0 * positive + zero + 3.0 * fault_ohm)
    assert simulator.read(StateRef("T1.link_2U", "current")) == pytest.approx(expected, rel=2e-3)
    lines = {n: simulator.read(StateRef(f"T1.link_1{n}", "current")) for n in "UVW"}
    assert lines["U"] == pytest.approx(expected / data["ratio"], rel=0.01)
    assert lines["W"] == pytest.approx(expected / data["ratio"], rel=0.01)
    assert lines["V"] < 0.02 * lines["U"]


STATOR, ROTOR, MAGNETISING = complex(30.0, 11.0), complex(17.5, 11.0), 270j
SYNCHRONOUS = 50.0 * math.pi


def of_slip(slip: float, warm: float) -> complex:
    branch = complex(ROTOR.real * warm / slip, ROTOR.imag)
    return complex(STATOR.real * warm, STATOR.imag) + branch * MAGNETISING / (branch + MAGNETISING)


@pytest.mark.parametrize("share", [0.0, 0.8, 0.95])
@pytest.mark.parametrize("slip", [0.05, 1.0])
def test_a_motor_on_an_unbalanced_supply(slip: float, share: float) -> None:
    """One phase at ``share`` of its voltage: I1 = V1 / Z(s), I2 = V2 / Z(2 - s); without neutral no I0."""
    rig = Rig()
    rig.place("G0", "mains_supply")
    rig.place("M1", "induction_motor")
    for phase, line in zip("UVW", LINES, strict=True):
        rig.join(f"M1:{phase}", f"G0:{line}")
    rig.join("M1:PE", "G0:PE")
    network = rig.network()
    speed = SYNCHRONOUS * (1.0 - slip)
    network.add("dynamometer", rig_motor, {"w": "M1:shaft"}, {"speed": speed, "stiffness": 1e5})
    weak = network.devices["G0.L1"]
    values = dict(zip(weak.law.parameters, weak.parameters, strict=True)) | {"voltage": E * share}
    del network.devices["G0.L1"]
    network.add("G0.L1", weak.law, dict(zip(weak.law.terminals, weak.nodes, strict=True)), values)
    simulator = Simulator(network, 0.001)
    simulator.advance(10)
    warm = 1.0 + 0.0039 * (simulator.read(NodeRef("M1.winding")) - 20.0)
    phases = np.array([E * share, E * A * A, E * A])
    _, forward, backward = np.linalg.inv(FORTESCUE) @ phases
    links = SOURCE + 0.005
    sequences = np.array([0.0, forward / (links + of_slip(slip, warm)), backward / (links + of_slip(2.0 - slip, warm))])
    expected = np.abs(FORTESCUE @ sequences)
    found = [simulator.read(StateRef(f"M1.link_{n}", "current")) for n in "UVW"]
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)

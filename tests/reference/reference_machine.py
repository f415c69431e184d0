"""The reference machine driven by hand without its PLC: two seconds in which everything moves, and faults happen.

The press waits above its tool and the pump runs; in two seconds the conveyor starts, three cylinders go out and back,
the tool closes, presses and opens again. What other tools are held beside the engine with (``benchmarks/engine.py``).
"""

from __future__ import annotations

from pathlib import Path

from etabli.machines import load_machine
from etabli.physics.network import NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.simulator import Simulator

MACHINE = str(Path(__file__).parents[2] / "benchmarks" / "reference_machine")
"""As large as the machine that the figures of the engine were asked for, and the same kind of work, of our families."""


def output(name: str) -> ParameterRef:
    """Command of an output of the PLC (0 or 1)."""
    return ParameterRef(f"A1.{name}", "command")


CYLINDER_1, CYLINDER_2, CYLINDER_3, DOWN, UP, CONVEYOR, PUMP, LAMP = (output(f"Q0.{i}") for i in range(8))

EVENTS: tuple[tuple[float, ParameterRef, float], ...] = (
    (0.05, CONVEYOR, 1.0),
    (0.05, LAMP, 1.0),
    (0.10, CYLINDER_1, 1.0),
    (0.20, DOWN, 1.0),
    (0.30, CYLINDER_2, 1.0),
    (0.50, CYLINDER_3, 1.0),
    (0.90, DOWN, 0.0),
    (0.95, UP, 1.0),
    (1.20, ParameterRef("W112.conductor", "resistance"), 1e9),  # a phase of the conveyor is lost
    (1.30, CYLINDER_2, 0.0),
    (1.40, ParameterRef("1A1.cap_leak", "opening"), 0.3),  # cylinder 1 leaks
    (1.45, UP, 0.0),
    (1.50, CYLINDER_1, 0.0),
    (1.60, ParameterRef("W204.conductor", "end_b"), 40.0),  # loose terminal in the 0 V of the sensors
    (1.80, ParameterRef("W302.conductor", "resistance"), 1e9),  # emergency-stop circuit cut: the outputs fall
)
"""Time in s after :func:`started`, parameter, value."""
SECONDS = 2.0

WATCHED: dict[str, Ref] = {
    "cylinder 1 [m]": StateRef("1A1.chambers", "position"),
    "cylinder 2 [m]": StateRef("2A1.chambers", "position"),
    "cylinder 3 [m]": StateRef("3A1.chambers", "position"),
    "cylinder 1 cap side [bar]": NodeRef("1A1.chamber_a"),
    "cylinder 1 rod side [bar]": NodeRef("1A1.chamber_b"),
    "cylinder 2 rod side [bar]": NodeRef("2A1.chamber_b"),
    "valve island [bar]": NodeRef("0Z1:2"),
    "conveyor motor [rad/s]": NodeRef("M1:shaft"),
    "conveyor motor current W [A]": StateRef("M1.link_W", "current"),
    "belt [m/s]": NodeRef("CV1.belt"),
    "pump motor [rad/s]": NodeRef("M2:shaft"),
    "pump motor current U [A]": StateRef("M2.link_U", "current"),
    "winding of the pump motor [degC]": NodeRef("M2.winding"),
    "pump [bar]": NodeRef("4P1:P"),
    "press cap side [bar]": NodeRef("4A1:A"),
    "press rod side [bar]": NodeRef("4A1:B"),
    "ram [m]": StateRef("4A1.chambers", "position"),
    "24 V supply [V]": NodeRef("G1:+"),
    "24 V supply [A]": StateRef("G1.output", "current"),
    "24 V sensors [V]": NodeRef("1B1:BN"),
    "0 V sensors [V]": NodeRef("1B1:BU"),
    "relay coil [A]": StateRef("K0.coil", "current"),
    "contactor coil [A]": StateRef("KM1.coil", "current"),
    "valve coil 1 [A]": StateRef("1V1.coil", "current"),
    "press valve coil a [A]": StateRef("4V3.coil_a", "current"),
    "input I0.1 [V]": NodeRef("A1:I0.1"),
}


def started(step_s: float) -> Simulator:
    """The machine with power, air and its pump on, the ram a little above the tool; its clock starts here."""
    machine = load_machine(MACHINE)
    simulator = Simulator(machine.network(), step_s)
    for command, value, seconds in ((PUMP, 0.0, 1.0), (PUMP, 1.0, 1.0), (DOWN, 1.0, 2.6), (DOWN, 0.0, 0.5)):
        simulator.write(command, value)
        simulator.advance(round(seconds / step_s))
    simulator.steps = 0
    return simulator

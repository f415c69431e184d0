"""The first machine, started and driven by hand without its PLC: what the independent references are held against.

``SCHEDULE`` writes the outputs of the PLC as a program would, then faults; ``WATCHED`` names the signals compared.
"""

from __future__ import annotations

from functools import cache

from etabli.machines import load_machine
from etabli.physics.network import MemoryRef, Network, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.simulator import Simulator

MACHINE = "poste_tri"

# Output of the PLC, and what hangs on it.
MOTOR, EJECTOR_1, EJECTOR_2, STOP_OUT, STOP_IN = "Q0.0", "Q0.1", "Q0.2", "Q0.3", "Q0.4"
RUNNING_LAMP, RED, GREEN = "Q0.5", "Q0.6", "Q1.0"


def output(name: str) -> ParameterRef:
    """Command of an output of the PLC (0 or 1)."""
    return ParameterRef(f"A1.{name}", "command")


EVENTS: tuple[tuple[float, ParameterRef, float], ...] = (
    (0.05, output(MOTOR), 1.0),
    (0.05, output(RUNNING_LAMP), 1.0),
    (0.10, output(EJECTOR_1), 1.0),
    (0.15, output(STOP_OUT), 1.0),
    (0.20, output(EJECTOR_2), 1.0),
    (0.30, output(GREEN), 1.0),
    (0.60, ParameterRef("W117.conductor", "resistance"), 1e9),  # a phase of the motor is lost
    (0.65, output(EJECTOR_1), 0.0),
    (0.65, output(STOP_OUT), 0.0),
    (0.70, output(STOP_IN), 1.0),
    (0.75, ParameterRef("T11.leak_b", "opening"), 0.5),  # the tube of ejector 1 leaks
    (0.80, ParameterRef("W211.conductor", "end_b"), 40.0),  # loose terminal in the 0 V of the sensors
    (0.85, output(EJECTOR_2), 0.0),
    (1.00, ParameterRef("W304.conductor", "resistance"), 1e9),  # emergency-stop circuit cut: everything falls
    (1.10, output(EJECTOR_1), 1.0),  # without effect: the outputs have no supply any more
)
"""Time in s after :func:`started`, parameter, value."""

WATCHED: dict[str, Ref] = {
    "ejector 1 [m]": StateRef("1A1.chambers", "position"),
    "ejector 2 [m]": StateRef("2A1.chambers", "position"),
    "stop [m]": StateRef("3A1.chambers", "position"),
    "ejector 1 cap pressure [bar]": NodeRef("1A1.chamber_a"),
    "ejector 1 rod pressure [bar]": NodeRef("1A1.chamber_b"),
    "ejector 2 cap pressure [bar]": NodeRef("2A1.chamber_a"),
    "stop rod pressure [bar]": NodeRef("3A1.chamber_b"),
    "manifold [bar]": NodeRef("0Z2:P"),
    "motor speed [rad/s]": NodeRef("M1:shaft"),
    "belt speed [m/s]": NodeRef("CV1.belt"),
    "gearbox output [rad/s]": NodeRef("RD1:out"),
    "motor current U [A]": StateRef("M1.link_U", "current"),
    "motor current W [A]": StateRef("M1.link_W", "current"),
    "winding [degC]": NodeRef("M1.winding"),
    "contactor coil [A]": StateRef("KM1.coil", "current"),
    "valve coil 1 [A]": StateRef("1V1.coil", "current"),
    "24 V supply [V]": NodeRef("G1:+"),
    "24 V supply [A]": StateRef("G1.output", "current"),
    "24 V sensors [V]": NodeRef("X2:1"),
    "0 V sensors [V]": NodeRef("X2:5"),
    "running lamp [V]": NodeRef("H1:X1"),
    "green light [V]": NodeRef("H2:V"),
    "input I1.5 [V]": NodeRef("A1:I1.5"),
    "safety channel 1 [V]": NodeRef("K1:S12"),
    "contactor armature [1]": MemoryRef("KM1.armature", "position"),
}


def SCHEDULE(time_s: float, simulator: Simulator) -> None:
    """Write what happens in the 5 ms from ``time_s`` on (seconds after :func:`started`)."""
    for at, ref, value in EVENTS:
        if time_s - 1e-6 <= at < time_s + 0.005 - 1e-6:
            simulator.write(ref, value)


@cache
def _network() -> Network:
    return load_machine(MACHINE).network()


def network() -> Network:
    """A copy of the network of the machine, free to edit."""
    return _network().copy()


def switched_on(step_s: float, given: Network | None = None) -> Simulator:
    """The machine with power and air, safety relay reset, nothing commanded: 1 s after the isolator was closed."""
    simulator = Simulator(given or network(), step_s)
    simulator.advance(round(0.6 / step_s))
    for pressed, seconds in ((1.0, 0.1), (0.0, 0.3)):
        simulator.write(ParameterRef("S3.button", "position"), pressed)
        simulator.advance(round(seconds / step_s))
    return simulator


def started(step_s: float) -> Simulator:
    """A machine that is switched on; its clock starts here."""
    simulator = switched_on(step_s)
    simulator.steps = 0
    return simulator

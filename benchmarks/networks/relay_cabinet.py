"""Benchmark E by the families of the catalogue: a 24 V relay cabinet with a sequence that resets itself by a race.

9 relays, 4 solenoid valves with free-wheeling diodes, 23 contacts, 10 buttons and switches, 5 lamps, 6 input monitors
of a PLC; a cycle of 2 s. Coils, armatures, contacts, diodes and resistors are those of the catalogue. What differs from
the circuit that ngspice is given: an open contact is 100 GΩ instead of 10 MΩ, a diode has a threshold and a slope
instead of an exponential, and the source is 480 A into 50 mΩ (nodal form) instead of 24 V behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etabli.components.electrical.coil import armature, coil
from etabli.components.electrical.conductor import CLOSED_OHM, resistor
from etabli.components.electrical.contact import contact
from etabli.components.electrical.diode import diode
from etabli.physics.network import GROUND, MemoryRef, Network, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

CYCLE_S = 2.0
OPEN_OHM = 1e7
PULL_IN_A, DROP_OUT_A = 0.024, 0.0074
RELAYS = tuple(f"K{i}" for i in range(9))

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Button:
    """A switch that is pressed (or moved) once a cycle; ``normally_closed`` opens then."""

    name: str
    a: str
    b: str
    pressed_s: float
    released_s: float
    normally_closed: bool = False


@dataclass(frozen=True)
class Contact:
    """A contact of a relay."""

    name: str
    a: str
    b: str
    relay: str
    normally_closed: bool = False


BUTTONS = (
    Button("emergency stop", "rail", "stop", 1.98, 1.99, True),
    Button("guard", "stop", "safe", 1.88, 1.94, True),
    Button("stop", "supply", "stopped", 1.70, 1.80, True),
    Button("start", "stopped", "run", 0.05, 0.20),
    Button("sensor 1", "running", "one", 0.30, 0.40),
    Button("sensor 2", "running", "two", 0.50, 0.60),
    Button("sensor 3", "running", "three", 0.70, 0.80),
    Button("sensor 4", "running", "four", 1.10, 1.20),
    Button("sensor 5", "running", "five", 1.30, 1.40),
    Button("pressure", "supply", "healthy", 1.50, 1.60, True),
)

CONTACTS = (
    Contact("safety", "rail", "fed", "K0"),
    Contact("hold run", "stopped", "run", "K1"),
    Contact("running", "supply", "running", "K1"),
    Contact("hold one", "running", "one", "K2"),
    Contact("reset one", "one", "one coil", "K5", True),
    Contact("hold two", "running", "two", "K3"),
    Contact("one before two", "two", "two coil", "K2"),
    Contact("hold three", "running", "three", "K4"),
    Contact("two before three", "three", "three coil", "K3"),
    Contact("hold four", "running", "four", "K5"),
    Contact("three before four", "four", "four armed", "K4"),
    Contact("reset four", "four armed", "four coil", "K6", True),
    Contact("health", "supply", "ready", "K7"),
    Contact("ready", "ready", "ready coil", "K1"),
    Contact("lamp run", "supply", "lamp run", "K1"),
    Contact("lamp fault", "supply", "lamp fault", "K7", True),
    Contact("lamp step", "running", "lamp step", "K2"),
    Contact("lamp step off", "lamp step", "lamp step on", "K3", True),
    Contact("lamp unsafe", "rail", "lamp unsafe", "K0", True),
    *(Contact(f"valve {i}", "running", f"valve {i} fed", f"K{i + 1}") for i in (1, 2, 3, 4)),
)

COILS = {
    "K0": ("safe", "common 1"),
    "K1": ("run", "common 1"),
    "K2": ("one coil", "common 2"),
    "K3": ("two coil", "common 2"),
    "K4": ("three coil", "common 2"),
    "K5": ("four coil", "common 2"),
    "K6": ("five", "common 3"),
    "K7": ("healthy", "common 3"),
    "K8": ("ready coil", "common 3"),
}

RESISTORS = (
    ("internal", "source", GROUND, 0.05),
    ("fuse", "source", "fused", 0.03),
    ("wire 1", "fused", "rail", 0.05),
    ("wire 2", "fed", "supply", 0.05),
    ("wire z1", "common 1", GROUND, 0.05),
    *((f"wire z{i}", f"common {i}", f"common {i - 1}", 0.05) for i in (2, 3, 4)),
    *((f"wire y{i}", f"valve {i} fed", f"valve {i} plus", 0.5) for i in (1, 2, 3, 4)),
    *((f"return y{i}", f"valve {i} minus", "common 4", 0.3) for i in (1, 2, 3, 4)),
    ("lamp fed", "fed", "common 3", 240.0),
    *((f"bulb {n}", n, "common 3", 240.0) for n in ("lamp run", "lamp fault", "lamp step on", "lamp unsafe")),
    *((f"monitor {n}", n, "common 3", 1e5) for n in ("stopped", "one", "two", "three", "four", "five")),
)


def _coil(made: Network, name: str, a: str, b: str, ohms: float, henries: float) -> None:
    made.add(name, coil, {"a": a, "b": b}, {"resistance": ohms, "inductance": henries})
    curve = {"threshold": 0.70, "conductance": 20.0, "leak": 1e-9}
    made.add(f"diode {name}", diode, {"anode": b, "cathode": a}, curve)


def _resistance(closed: bool) -> float:
    return CLOSED_OHM if closed else OPEN_OHM


def network() -> Network:
    """The cabinet at t = 0, off; the source comes with the first step."""
    made = Network()
    made.add("feed", coil, {"a": GROUND, "b": "source"}, {"resistance": 1e-9, "inductance": 1e9}, {"current": 480.0})
    for name, a, b, ohms in RESISTORS:
        made.add(name, resistor, {"a": a, "b": b}, {"resistance": ohms})
    for name, (a, b) in COILS.items():
        _coil(made, name, a, b, 650.0, 2.0)
        made.sample(
            f"armature {name}",
            armature,
            {"current": StateRef(name, "current")},
            {
                "pull_in": PULL_IN_A,
                "drop_out": DROP_OUT_A,
                "close_s": 1e-9,
                "open_s": 1e-9,
                "turns": 1.0,
                "spring": 1.0,
                "jammed": 0.0,
                "held": 0.0,
                "pushed": 0.0,
            },
        )
    for i in (1, 2, 3, 4):
        _coil(made, f"Y{i}", f"valve {i} plus", f"valve {i} minus", 96.0, 0.8)
    for b in BUTTONS:
        made.add(b.name, resistor, {"a": b.a, "b": b.b}, {"resistance": _resistance(b.normally_closed)})
    for c in CONTACTS:
        _contact(made, c)
    return made


def _contact(made: Network, c: Contact) -> None:
    path = f"contact {c.name}"
    made.add(path, resistor, {"a": c.a, "b": c.b}, {"resistance": _resistance(c.normally_closed)})
    window = (-10.0, 0.5) if c.normally_closed else (0.5, 10.0)
    made.sample(
        f"switch {c.name}",
        contact,
        {"position": MemoryRef(f"armature {c.relay}", "position")},
        {"closed_above": window[0], "closed_below": window[1], "closed_ohm": CLOSED_OHM, "welded": 0.0, "cut": 0.0},
        {"resistance": ParameterRef(path, "resistance")},
    )


def schedule(seconds: float) -> list[tuple[float, str, float]]:
    """Every move of a button or switch: time, its name, its resistance from then on; in order."""
    moves = []
    for cycle in range(round(seconds / CYCLE_S)):
        for b in BUTTONS:
            moves.append((CYCLE_S * cycle + b.pressed_s, b.name, _resistance(not b.normally_closed)))
            moves.append((CYCLE_S * cycle + b.released_s, b.name, _resistance(b.normally_closed)))
    return sorted(moves, key=lambda move: move[0])


def coil_currents(simulator: Simulator, seconds: float) -> Floats:
    """Current of each relay after each step, with the buttons pressed on time: shape (steps, relays)."""
    record = simulator.recorder([StateRef(name, "current") for name in RELAYS])
    move = {b.name: simulator.writer(ParameterRef(b.name, "resistance")) for b in BUTTONS}
    tables, done = [], 0
    for at, name, ohms in schedule(seconds):
        due = round(at / simulator.step_s)
        if due > done:
            tables.append(record(due - done))
            done = due
        move[name](ohms)
    tables.append(record(round(seconds / simulator.step_s) - done))
    return np.concatenate(tables)


def relay_events(currents: Floats, step_s: float) -> dict[str, list[float]]:
    """When each relay picks up and drops out, s: straight lines between the points, as for the other tools."""
    return {name: _crossings(np.concatenate([[0.0], currents[:, k]]), step_s) for k, name in enumerate(RELAYS)}


def _crossings(i: Floats, step_s: float) -> list[float]:
    found: list[tuple[float, int]] = []
    for level, sense in ((PULL_IN_A, 1), (DROP_OUT_A, -1)):
        above = sense * (i - level)
        at = np.flatnonzero((above[:-1] <= 0.0) & (above[1:] > 0.0))
        part = above[at] / (above[at] - above[at + 1])
        found += [(float(t), sense) for t in (at + part) * step_s]
    events, state = [], -1
    for t, sense in sorted(found):
        if sense != state:
            events.append(t)
            state = sense
    return events

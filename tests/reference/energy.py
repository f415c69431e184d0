"""Energy of a machine over a run: what comes in, what is stored, what is lost, law by law.

The power at a terminal is across times through, in watts: 1 bar·cm³/s is 0.1 W. Two fluids need a word:

- air is isothermal in the chambers of the machines, so what counts is its available work: ``R T ln(p / patm)`` per gram
  (exergy of an ideal gas at the temperature of the workshop). A volume holds ``V (p ln(p/patm) - (p - patm))``.
- oil is measured at atmospheric pressure, so a cm³ at the pressure p can do ``Phi(p)``, the integral of
  ``dp / (1 + strain)``.

What a law stores as a charge (mass, content, momentum, heat, electric charge) is read from its states; everything else
is the power of its algebraic flows, from the values at the end of each step. The law itself is evaluated by numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from etabli.components.hydraulic.oil import oil_strain
from etabli.physics.equations import NUMPY_OPERATIONS, Floats, law_equations, python_function
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Device, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

ATMOSPHERE_BAR = 1.01325
GAS_J_PER_G = 0.28705 * 293.15
_INSTANT_S = 1e-7
PARTS = 16
"""A step in which something leaps is taken in as many."""
LEAP = {Domain.DC: 0.5, Domain.TRANSLATION: 0.2}
"""V and m/s: change of an unknown within a step, or where it begins, that is a leap."""
SETTLED = 0.04
"""Share of that, in the steps after it: a supply that comes out of its current limit, a rod that bounces."""
_OIL_GRID = np.linspace(-1.0, 500.0, 20_001)

OTHER_CHARGES: Mapping[str, tuple[str, dict[int, float]]] = {
    # law: state, and how its growth enters at each terminal (an ordinary charge lies at one terminal alone)
    "dc_link": ("charge", {0: 1.0, 1: -1.0}),
    "limited_source": ("charge", {0: 1.0, 1: -1.0}),
    "lab_capacitor": ("charge", {0: 1.0, 1: -1.0}),
    "gas_bladder": ("oil", {0: 1.0}),
}

SOURCES = frozenset(
    {
        "ac_source", "inverter", "dc_link", "limited_source", "rectified_source", "loop_sink", "air_network",
        "guided_mass", "press_tool",
        "lab_voltage", "lab_current", "lab_mains", "lab_force", "lab_torque", "lab_slide", "lab_motor", "lab_pressure",
        "lab_flow", "lab_heat", "lab_temperature", "ohmmeter_source", "heat_loss_in", "tank_heat",
    }
)  # fmt: skip
"""Laws through which energy enters or leaves: mains, converters, weight."""


Oil = Callable[[Floats], Floats]
Read = Callable[[str], Floats]
"""Values of a terminal, a parameter or a state of all devices of a law at one instant, by name."""


def _air(volume_dm3: Floats, p: Floats) -> Floats:
    """Available work of air in J: 1 bar·dm³ is 100 J."""
    return 100.0 * volume_dm3 * (p * np.log(p / ATMOSPHERE_BAR) - (p - ATMOSPHERE_BAR))


def _cylinder(r: Read, oil: Oil) -> Floats:
    x = r("position")
    volume_a = r("dead_a") + 0.1 * r("area_a") * x
    volume_b = r("dead_b") + 0.1 * r("area_b") * (r("stroke") - x)
    stops = 0.5 * r("stop_stiffness") * (np.minimum(x, 0.0) ** 2 + np.maximum(x - r("stroke"), 0.0) ** 2)
    return _air(volume_a, r("v.a")) + _air(volume_b, r("v.b")) + stops + r("load") * x


def _squeezed(volume_cm3: Floats, p: Floats, bulk: Floats, air: Floats, oil: Oil) -> Floats:
    """Work stored in a volume of oil in J: the content times Phi, less p V (Legendre)."""
    return 0.1 * volume_cm3 * ((1.0 + strains(p, bulk, air)) * oil(p) - p)


def _oil_cylinder(r: Read, oil: Oil) -> Floats:
    x, air = r("position"), r("air") + r("trapped")
    volume_a = r("dead_a") + 100.0 * r("area_a") * x
    volume_b = r("dead_b") + 100.0 * r("area_b") * (r("stroke") - x)
    squeezed = _squeezed(volume_a, r("v.a"), r("bulk"), air, oil) + _squeezed(volume_b, r("v.b"), r("bulk"), air, oil)
    return squeezed + r("load") * x  # and the height of what hangs on the rod


def _gears(r: Read, oil: Oil) -> Floats:
    twist, play = r("twist"), 0.5 * r("play")
    return 0.5 * r("stiffness") * r("grip") * r("meshed") * (twist - np.clip(twist, -play, play)) ** 2


def _ropes(r: Read, oil: Oil) -> Floats:
    car = np.maximum(r("car_stretch") - r("elongation"), 0.0)
    other = np.maximum(r("counterweight_stretch"), 0.0)
    return 0.5 * r("rope_stiffness") * (car**2 + other**2) + 0.5 * r("grip_stiffness") * r("bend") ** 2


STORED: Mapping[str, Callable[[Read, Oil], Floats]] = {
    "rotating_mass": lambda r, oil: 0.5 * r("inertia") * r("v.w") ** 2,
    "moving_mass": lambda r, oil: 0.5 * r("mass") * r("v.w") ** 2,
    "guided_mass": lambda r, oil: 0.5 * (r("mass") + r("load") * r("load_mass")) * r("v.w") ** 2,
    "coil": lambda r, oil: 0.5 * r("inductance") * r("current") ** 2,
    "limited_source": lambda r, oil: 0.5 * r("capacitance") * (r("v.plus") - r("v.minus")) ** 2,
    "dc_link": lambda r, oil: 0.5 * r("capacitance") * (r("v.plus") - r("v.minus")) ** 2,
    "air_volume": lambda r, oil: _air(r("volume") / r("index"), r("v.a")),
    "double_acting_cylinder": _cylinder,
    "oil_cylinder": _oil_cylinder,
    "gear_mesh": _gears,
    "fixed_stop": lambda r, oil: (
        0.5 * r("stiffness") * np.maximum(r("side") * (r("position") - 1e-3 * r("at")), 0.0) ** 2
    ),
    "dry_friction": lambda r, oil: 0.5 * r("stiffness") * r("bend") ** 2,
    "dry_friction_torque": lambda r, oil: 0.5 * r("stiffness") * r("bend") ** 2,
    "roped_sheave": _ropes,
    "heat_store": lambda r, oil: r("capacity") * r("v.t"),
    "motor_heat": lambda r, oil: r("winding_j_k") * r("v.winding") + r("frame_j_k") * r("v.frame"),
    "tank_heat": lambda r, oil: r("j_k") * r("v.oil"),
}
"""Closed forms of the stored energy, J."""


_STRAIN = np.vectorize(lambda p, bulk, air: float(oil_strain(p, bulk, air)))


def strains(p: Floats, bulk: Floats, air: Floats) -> Floats:
    """Strain of oil, as its law has it, for arrays."""
    return np.asarray(_STRAIN(p, bulk, air))


def oil_work(bulk: float, air: float) -> Callable[[Floats], Floats]:
    """``Phi(p)`` in bar."""
    share = 1.0 / (1.0 + np.array([float(oil_strain(p, bulk, air)) for p in _OIL_GRID]))
    steps = 0.5 * (share[1:] + share[:-1]) * np.diff(_OIL_GRID)
    table = np.concatenate([[0.0], np.cumsum(steps)])
    table -= np.interp(0.0, _OIL_GRID, table)
    return lambda p: np.interp(p, _OIL_GRID, table)


@dataclass(frozen=True)
class Entry:
    """Energy of one device over the run, J. ``flowed`` by algebraic flows (positive: taken), ``charged`` into its
    charges (across times what they grow), ``stored`` from the closed form of the law (``charged`` without one),
    ``traffic`` the integral of the absolute power."""

    device: str
    law: str
    domains: frozenset[Domain]
    flowed: float
    charged: float
    stored: float
    traffic: float
    altered: bool
    """Whether a parameter changed during the run."""

    @property
    def lost(self) -> float:
        """What came in and is not stored."""
        return self.flowed + self.charged - self.stored


class Audit:
    """Records a run and adds up. Call :meth:`step` in place of ``simulator.advance``.

    The trapezoid rule wants a step in which powers go nearly straight. The capacitor of a supply empties into a short
    in 0.3 ms, and a piston stays on its stop no longer: a step in which something leaps is done again in :data:`PARTS`.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.network: Network = simulator.network
        self._rows: list[Floats] = []
        self._begins: list[Floats] = []
        self._lengths_s: list[float] = []
        self._settling = False
        leaping = {simulator.index(NodeRef(n)): LEAP[d] for n, d in self.network.nodes.items() if d in LEAP}
        self._leaping, self._leap = np.array(list(leaping), np.intp), np.array(list(leaping.values()))
        places = [
            simulator.index(ParameterRef(d.name, p))
            for d in simulator.network.devices.values()
            for p in d.law.parameters
        ]
        self._parameters = np.array(places, np.intp)
        self._instant = Simulator(simulator.network, _INSTANT_S, longest_step_s=0.0, event_halvings=0)
        self._fine = Simulator(simulator.network, simulator.step_s / PARTS, longest_step_s=0.0, event_halvings=0)

    @property
    def unresolved(self) -> int:
        """Steps that Newton could not settle."""
        return self.simulator.unresolved + self._fine.unresolved

    def step(self, steps: int = 1) -> None:
        """Advance, and note both ends of each step."""
        if not self._rows:
            self.simulator.catch_up()
            self._rows.append(self.simulator.values.copy())
        for _ in range(steps):
            before, begin = self.simulator.snapshot(), self._beginning(self.simulator)
            self.simulator.advance()
            if self._is_smooth(begin, self.simulator.values):
                self._note(begin, self.simulator)
                continue
            self._fine.restore(before)
            for _ in range(PARTS):
                begin = self._beginning(self._fine)
                self._fine.advance()
                self._note(begin, self._fine)
            self.simulator.restore(self._fine.snapshot())

    def _is_smooth(self, begin: Floats, end: Floats) -> bool:
        moments = [values[self._leaping] for values in (self._rows[-1], begin, end)]
        leap = max(np.ptp(moments, axis=0) / self._leap, default=0.0)
        self._settling = leap >= (SETTLED if self._settling else 1.0)
        return not self._settling

    def _beginning(self, simulator: Simulator) -> Floats:
        """Where a step begins, currents and pressures have already followed what has just been switched: an instant of
        the engine with the states as they are finds them."""
        self._instant.restore(simulator.snapshot())
        given = self._instant.values[self._parameters]
        self._instant.advance()
        begin = self._instant.values.copy()
        begin[self._parameters] = given
        return begin

    def _note(self, begin: Floats, simulator: Simulator) -> None:
        self._begins.append(begin)
        self._rows.append(simulator.values.copy())
        self._lengths_s.append(simulator.step_s)

    def entries(self) -> list[Entry]:
        """What each device took and stored."""
        after, given = np.array(self._rows), np.array(self._begins)
        oil = self._oil(given[0])
        by_law: dict[str, list[Device]] = {}
        for device in self.network.devices.values():
            by_law.setdefault(device.law.name, []).append(device)
        found: list[Entry] = []
        for devices in by_law.values():
            found += _Law(devices, self.simulator, after, given, np.array(self._lengths_s), oil).entries()
        return found

    def _oil(self, values: Floats) -> Callable[[Floats], Floats]:
        for device in self.network.devices.values():
            if device.law.name == "oil_cylinder":
                bulk, air = (values[self.simulator.index(ParameterRef(device.name, name))] for name in ("bulk", "air"))
                return oil_work(float(bulk), float(air))
        return lambda p: p


class _Law:
    """All devices of one law."""

    def __init__(
        self,
        devices: list[Device],
        simulator: Simulator,
        after: Floats,
        given: Floats,
        lengths_s: Floats,
        oil: Callable[[Floats], Floats],
    ) -> None:
        self.devices, self.law = devices, devices[0].law
        self.oil, self.lengths_s = oil, lengths_s
        laws = law_equations(self.law)
        self.charges = {state: {terminal: 1.0} for state, terminal in laws.charges.items()}
        if self.law.name in OTHER_CHARGES:
            state, signs = OTHER_CHARGES[self.law.name]
            self.charges[self.law.states.index(state)] = signs
        self.width = laws.traced.scalar_terminals
        self.domains = [d for d in self.law.terminals.values() for _ in range(d.unknowns)]
        self._evaluate(laws.traced, simulator, after, given, laws.names)

    def _evaluate(self, traced, simulator, after, given, names) -> None:  # type: ignore[no-untyped-def]
        rows = [self._terminal_places(d, simulator) for d in self.devices]
        self.v = _gather(after, rows)  # (time + 1, device, terminal)
        parameters = _gather(
            given, [[simulator.index(ParameterRef(d.name, p)) for p in self.law.parameters] for d in self.devices]
        )
        states = [[simulator.index(StateRef(d.name, s)) for s in self.law.states] for d in self.devices]
        self.s = _gather(after, states)
        self.p = parameters
        function = python_function([*traced.flows, *traced.new_states], names, NUMPY_OPERATIONS)
        p = [parameters[..., i] for i in range(parameters.shape[-1])]
        self.right = self._flows(function, self.v[1:], p, self.s[1:])
        self.v_before = _gather(given, rows)
        self.s_before = _gather(given, states)
        self.left = self._flows(function, self.v_before, p, self.s_before)

    def _flows(self, function: Callable[..., list[Floats]], v: Floats, p: list[Floats], s: Floats) -> Floats:
        """Algebraic flows: the law taken at an instant, less what its charges take."""
        values = [v[..., i] for i in range(v.shape[-1])]
        states = [s[..., i] for i in range(s.shape[-1])]
        results = function(_INSTANT_S, *values, *p, *states)
        flows, new = [np.broadcast_to(r, v.shape[:2]).copy() for r in results[: self.width]], results[self.width :]
        for state, signs in self.charges.items():
            for terminal, sign in signs.items():
                flows[terminal] -= sign * (new[state] - states[state]) / _INSTANT_S
        return np.stack(flows, axis=-1)

    def _terminal_places(self, device: Device, simulator: Simulator) -> list[int]:
        places = []
        for node, domain in zip(device.nodes, self.law.terminals.values(), strict=True):
            parts = range(domain.unknowns)
            places += [-1 if node == GROUND else simulator.index(NodeRef(node, part)) for part in parts]
        return places

    def potential(self, v: Floats) -> Floats:
        """Work per unit of flow at each terminal, J."""
        columns = []
        for i, domain in enumerate(self.domains):
            x = v[..., i]
            if domain is Domain.PNEUMATIC:
                x = np.where(x > 0.0, GAS_J_PER_G * np.log(np.maximum(x, 1e-6) / ATMOSPHERE_BAR), 0.0)
            elif domain is Domain.HYDRAULIC:
                x = 0.1 * self.oil(x)
            elif domain is Domain.THERMAL:
                x = np.ones_like(x)
            columns.append(x)
        return np.stack(columns, axis=-1)

    def entries(self) -> Iterable[Entry]:
        """What each device took over the run, by the trapezoid rule between the two ends of each step."""
        potential, before = self.potential(self.v), self.potential(self.v_before)
        power = 0.5 * (before * self.left + potential[1:] * self.right)
        power *= self.lengths_s[:, None, None]
        flowed, traffic = power.sum(axis=(0, 2)), np.abs(power).sum(axis=(0, 2))
        middle, moved = 0.5 * (potential[1:] + before), self.s[1:] - self.s_before
        charged = np.zeros(len(self.devices))
        for state, signs in self.charges.items():
            for terminal, sign in signs.items():
                work = sign * middle[..., terminal] * moved[..., state]
                charged += work.sum(axis=0)
                traffic += np.abs(work).sum(axis=0)
        stored = self._stored(charged)
        altered = (self.p != self.p[:1]).any(axis=(0, 2))
        domains = frozenset(self.law.terminals.values())
        for k, device in enumerate(self.devices):
            yield Entry(
                device.name,
                self.law.name,
                domains,
                *map(float, (flowed[k], charged[k], stored[k], traffic[k])),
                bool(altered[k]),
            )

    def _stored(self, charged: Floats) -> Floats:
        form = STORED.get(self.law.name)
        if form is None:
            return charged
        names = list(self.law.terminals)

        def at(v: Floats, s: Floats) -> Read:
            def read(name: str) -> Floats:
                if name.startswith("v."):
                    return v[..., names.index(name[2:])]
                if name in self.law.states:
                    return s[..., self.law.states.index(name)]
                return self.p[..., self.law.parameters.index(name)]

            return read

        # Step by step: a parameter that changes in between (a trolley on board, air in the oil) brings its own energy.
        grown = form(at(self.v[1:], self.s[1:]), self.oil) - form(at(self.v_before, self.s_before), self.oil)
        return np.asarray(grown.sum(axis=0))


def _gather(rows: Floats, places: list[list[int]]) -> Floats:
    at = np.array(places, np.intp).reshape(len(places), -1)
    found: Floats = np.where(at < 0, 0.0, rows[:, np.maximum(at, 0)])
    return found


@dataclass(frozen=True)
class Balance:
    """J over a run: ``given`` by the sources, ``stored`` in charges, ``lost`` in the rest, ``traffic`` what passed."""

    given: float
    stored: float
    lost: float
    traffic: float

    @property
    def error(self) -> float:
        """What does not close, over what was given, stored or taken."""
        scale = max(abs(self.given), abs(self.stored), abs(self.lost), 1e-3 * self.traffic, 1e-6)
        return (self.given - self.stored - self.lost) / scale


def balance(entries: Iterable[Entry]) -> Balance:
    """Add up."""
    chosen = list(entries)
    given = -sum(e.lost for e in chosen if e.law in SOURCES)
    lost = sum(e.lost for e in chosen if e.law not in SOURCES)
    return Balance(given, sum(e.stored for e in chosen), lost, sum(e.traffic for e in chosen))


def by_law(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """Sums of each law."""
    found: dict[str, Entry] = {}
    for e in entries:
        old = found.get(e.law, Entry("", e.law, e.domains, 0.0, 0.0, 0.0, 0.0, False))
        sums = (old.flowed + e.flowed, old.charged + e.charged, old.stored + e.stored, old.traffic + e.traffic)
        found[e.law] = Entry("", e.law, e.domains, *sums, old.altered or e.altered)
    return found

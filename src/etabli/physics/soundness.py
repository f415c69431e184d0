"""Structural checks of a network: what would make its equations singular or its answer meaningless.

Four mistakes are found from the laws themselves, whatever their family: each law is evaluated with its exact slopes at
the start of the network (:mod:`etabli.physics.probe`), nothing is known of what a device is called.

* **Floating circuit**: an electrical circuit with a source in it of which no point is held to earth. Adding the same
  voltage to all its points changes no current, so its voltages mean nothing.
* **Missing volume, inertia or capacity**: a fluid, moving or thermal node where nothing stores anything. Its equation
  is algebraic; between two choked passages, or two parts that stick, Newton cannot solve it.
* **Infinite slope**: a law that gives no finite number, or no finite slope, where the network starts (a bare root at a
  drop of 0). Newton would stand still there.
* **Near-lossless AC branch**: resistance below a thousandth of the reactance. The static pivots of the solver lose
  their digits there (engine.md, decision 2).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Device, Network, ParameterRef
from etabli.physics.probe import probe, scalar_terminals, start_values
from etabli.physics.text import Text

LEAST_R_OVER_X = 1e-3
"""AC branches below this ratio are refused (engine.md, decision 2)."""

_SHORT_S, _LONG_S = 1e-6, 1e-5
"""Two step weights: what is stored resists ten times more in the shorter one."""

_LEAST_CAPACITY = {
    Domain.PNEUMATIC: 1e-5,  # g/bar; 1 cm³ of air has 1.2e-3
    Domain.HYDRAULIC: 1e-6,  # cm³/bar; 1 cm³ of oil has 6e-5
    Domain.TRANSLATION: 1e-6,  # kg
    Domain.ROTATION: 1e-10,  # kg·m²
    Domain.THERMAL: 1e-6,  # J/K
}
_ELECTRICAL = frozenset({Domain.DC, Domain.AC})
_GMIN = 2e-9
"""Conductance up to which a path to earth is no reference: the solver's own 1e-9 S is one."""
_EARTH = ""


class Unsound(enum.Enum):
    """What is wrong."""

    FLOATING = "floating"
    NOTHING_STORED = "nothing stored"
    LOSSLESS = "lossless"
    STEEP = "steep"


@dataclass(frozen=True)
class Finding:
    """One mistake: ``terminals`` are the (device, terminal) concerned, ``nodes`` the nodes, in the network's order."""

    kind: Unsound
    nodes: tuple[str, ...]
    terminals: tuple[tuple[str, str], ...]
    text: Text
    mend: Text

    @property
    def device(self) -> str:
        """The device to look at first; empty when no device touches the node."""
        return self.terminals[0][0] if self.terminals else ""


def check_network(network: Network, driven: Collection[ParameterRef] = ()) -> tuple[Finding, ...]:
    """All findings of a network, worst first. ``driven``: parameters that somebody will write while it runs (a source
    that stands at 0 V at the start is a source); those that sampled laws write are known."""
    written = {ref for device in network.sampled.values() for targets in device.writes for ref in targets}
    looked = [_Looked(network, device, written | set(driven)) for device in network.devices.values()]
    return (
        *_steep(looked),
        *_floating(network, looked),
        *_nothing_stored(network, looked),
        *_lossless(looked),
    )


class _Looked:
    """One device seen through its slopes at the start of the network."""

    def __init__(self, network: Network, device: Device, driven: Collection[ParameterRef]) -> None:
        self.device = device
        self.scalars = scalar_terminals(device.law)
        self._names = list(device.law.terminals)
        v = start_values(network, device)
        at = probe(device.law, v, device.parameters, device.initial, _SHORT_S)
        self.finite = at.finite
        self.slopes: NDArray[np.float64] = np.nan_to_num(at.slopes, posinf=0.0, neginf=0.0)
        self.stored = self._stored(v, at.slopes)
        self.sources = self._sources(device, driven)

    def _stored(self, v: list[float], short: NDArray[np.float64]) -> NDArray[np.float64]:
        """Capacity seen at each scalar terminal, in through-variable seconds per across-variable."""
        if not self.device.law.states:
            return np.zeros(len(v))
        long = probe(self.device.law, v, self.device.parameters, self.device.initial, _LONG_S).slopes
        per_weight = (np.diag(short) - np.diag(long)) / (1.0 / _SHORT_S - 1.0 / _LONG_S)
        return np.nan_to_num(per_weight, posinf=0.0, neginf=0.0)

    def _sources(self, device: Device, driven: Collection[ParameterRef]) -> set[str]:
        """Terminals where something flows although every point is at 0, now or once driven parameters move."""
        parameters = device.law.parameters
        moved = tuple(
            1.0 if ParameterRef(device.name, name) in driven else value
            for name, value in zip(parameters, device.parameters, strict=True)
        )
        nowhere = [0.0] * len(self.scalars)
        found = set()
        for values in {device.parameters, moved}:
            flows = probe(device.law, nowhere, values, device.initial).flows
            found |= {name for (name, _), flow in zip(self.scalars, flows, strict=True) if abs(flow) > _GMIN}
        return found

    def node(self, terminal: str) -> str:
        """Node under a terminal."""
        return self.device.nodes[self._names.index(terminal)]

    def electrical(self) -> list[str]:
        """Terminals in an electrical domain."""
        return [name for name, domain in self.device.law.terminals.items() if domain in _ELECTRICAL]

    def circuits(self) -> tuple[list[tuple[str, ...]], list[str]]:
        """Electrical terminals that share their voltages only with one another, and those held to earth inside."""
        left, found = self.electrical(), []
        for size in range(1, len(left) + 1):
            for group in combinations(list(left), size):
                if all(name in left for name in group) and self._invariant(group):
                    found.append(group)
                    left = [name for name in left if name not in group]
        return found, left

    def _invariant(self, group: tuple[str, ...]) -> bool:
        """Whether the same voltage added to these terminals changes no current (one domain only)."""
        if len({self.device.law.terminals[name] for name in group}) > 1:
            return False
        columns = [i for i, (name, part) in enumerate(self.scalars) if part == 0 and name in group]
        largest = float(np.abs(self.slopes).max(initial=0.0))
        change = np.abs(self.slopes[:, columns].sum(axis=1)).max(initial=0.0)
        return bool(change <= max(_GMIN, 1e-9 * largest))

    def is_fed(self, group: tuple[str, ...]) -> bool:
        """Whether this device brings something into these terminals: a source, or a coupling (a transformer)."""
        if self.sources & set(group):
            return True
        inside = [i for i, (name, _) in enumerate(self.scalars) if name in group]
        outside = [i for i, (name, _) in enumerate(self.scalars) if name not in group]
        return bool((np.abs(self.slopes[np.ix_(inside, outside)]) > _GMIN).any())


# --- laws without a finite slope ---------------------------------------------------------------------------------


def _steep(looked: Iterable[_Looked]) -> list[Finding]:
    return [_steep_finding(one.device) for one in looked if not one.finite]


def _steep_finding(device: Device) -> Finding:
    name, law = device.name, device.law.name
    return Finding(
        Unsound.STEEP,
        tuple(dict.fromkeys(device.nodes)),
        tuple((name, terminal) for terminal in device.law.terminals),
        Text(
            f"{name} ({law}) : pas de valeur ou pas de pente finie au départ",
            f"{name} ({law}): no finite value or slope at the start",
        ),
        Text(
            "vérifier ses valeurs (zéro, négatif) ; une racine s'arrondit près de 0 : x / √(√(x² + ε²))",
            "check its values (zero, negative); round a root near 0: x / √(√(x² + ε²))",
        ),
    )


# --- electrical circuits without a reference -----------------------------------------------------------------------


def _floating(network: Network, looked: Iterable[_Looked]) -> list[Finding]:
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        node = _EARTH if node == GROUND else node
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    def join(a: str, b: str) -> None:
        a, b = root(a), root(b)
        if a != b:
            parent[b if b != _EARTH else a] = a if b != _EARTH else b

    fed: list[tuple[str, str, str]] = []
    for one in looked:
        circuits, earthed = one.circuits()
        for terminal in earthed:
            join(one.node(terminal), _EARTH)
        for group in circuits:
            for terminal in group[1:]:
                join(one.node(group[0]), one.node(terminal))
            if one.is_fed(group):
                fed += [(one.device.name, terminal, one.node(terminal)) for terminal in group]
    findings: dict[str, list[tuple[str, str]]] = {}
    for device, terminal, node in fed:
        if root(node) != _EARTH:
            findings.setdefault(root(node), []).append((device, terminal))
    nodes = {r: tuple(n for n in network.nodes if root(n) == r) for r in findings}
    return [_floating_finding(nodes[r], tuple(terminals)) for r, terminals in findings.items()]


def _floating_finding(nodes: tuple[str, ...], terminals: tuple[tuple[str, str], ...]) -> Finding:
    where, source = _listed(nodes), _listed([f"{d} ({t})" for d, t in terminals])
    return Finding(
        Unsound.FLOATING,
        nodes,
        terminals,
        Text(
            f"circuit sans référence : {where} ne tiennent à la terre nulle part (alimentés par {source})",
            f"circuit without a reference: {where} are held to earth nowhere (fed by {source})",
        ),
        Text(
            'relier un point de ce circuit, le 0 V le plus souvent, à la terre (famille earth) ou au nœud "0"',
            'join one point of this circuit, most often its 0 V, to earth (family earth) or to the node "0"',
        ),
    )


# --- nodes where nothing is stored -----------------------------------------------------------------------------------

_FLUID = (
    Text("nœud fluide sans volume", "fluid node without volume"),
    Text(
        "ajouter un volume d'au moins 2 cm³ (un tube, une embase, ou une loi de volume)",
        "add a volume of at least 2 cm³ (a tube, a manifold, or a volume law)",
    ),
)
_MOVING = (
    Text("nœud mécanique sans inertie", "mechanical node without inertia"),
    Text(
        "ajouter une masse ou une inertie (un arbre, ou les lois moving_mass, rotating_mass)",
        "add a mass or an inertia (a shaft, or the laws moving_mass, rotating_mass)",
    ),
)
_WARM = (
    Text("nœud thermique sans capacité", "thermal node without capacity"),
    Text("ajouter une capacité thermique (J/K)", "add a heat capacity (J/K)"),
)
_STORES = {
    Domain.PNEUMATIC: _FLUID,
    Domain.HYDRAULIC: _FLUID,
    Domain.TRANSLATION: _MOVING,
    Domain.ROTATION: _MOVING,
    Domain.THERMAL: _WARM,
}


def _nothing_stored(network: Network, looked: Iterable[_Looked]) -> list[Finding]:
    stored: dict[str, float] = {}
    terminals: dict[str, list[tuple[str, str]]] = {}
    for one in looked:
        for (name, part), capacity in zip(one.scalars, one.stored, strict=True):
            node = one.node(name)
            stored[node] = stored.get(node, 0.0) + max(float(capacity), 0.0)
            if not part:
                terminals.setdefault(node, []).append((one.device.name, name))
    return [
        _empty_finding(node, domain, tuple(terminals.get(node, ())))
        for node, domain in network.nodes.items()
        if domain in _LEAST_CAPACITY and stored.get(node, 0.0) < _LEAST_CAPACITY[domain]
    ]


def _empty_finding(node: str, domain: Domain, terminals: tuple[tuple[str, str], ...]) -> Finding:
    what, mend = _STORES[domain]
    meet = _listed([f"{d} ({t})" for d, t in terminals])
    return Finding(
        Unsound.NOTHING_STORED,
        (node,),
        terminals,
        Text(f"{what.fr} : {node}, où se rejoignent {meet}", f"{what.en}: {node}, where {meet} meet"),
        mend,
    )


# --- AC branches that lose nothing --------------------------------------------------------------------------------


def _lossless(looked: Iterable[_Looked]) -> list[Finding]:
    found = []
    for one in looked:
        wrong = [name for name, ratio in _ratios(one) if ratio < LEAST_R_OVER_X]
        if wrong:
            worst = min(ratio for _, ratio in _ratios(one))
            found.append(_lossless_finding(one, wrong, worst))
    return found


def _ratios(one: _Looked) -> list[tuple[str, float]]:
    """R/X seen from each AC terminal, the others held: |G| / |B| of its own admittance."""
    found = []
    for i, (name, part) in enumerate(one.scalars):
        if part == 0 and one.device.law.terminals[name] is Domain.AC:
            g, b = abs(float(one.slopes[i, i])), abs(float(one.slopes[i + 1, i]))
            if max(g, b) > _GMIN and b > 0.0:
                found.append((name, g / b))
    return found


def _lossless_finding(one: _Looked, wrong: list[str], worst: float) -> Finding:
    name = one.device.name
    nodes = tuple(dict.fromkeys(one.node(t) for t in wrong))
    return Finding(
        Unsound.LOSSLESS,
        nodes,
        tuple((name, t) for t in wrong),
        Text(
            f"{name} ({', '.join(wrong)}) : branche alternative presque sans pertes, R/X = {worst:.1g}",
            f"{name} ({', '.join(wrong)}): AC branch with almost no loss, R/X = {worst:.1g}",
        ),
        Text(
            f"donner une résistance d'au moins {LEAST_R_OVER_X:g} fois la réactance : un vrai bobinage en a une",
            f"give it a resistance of at least {LEAST_R_OVER_X:g} times its reactance: a real winding has one",
        ),
    )


def _listed(names: Collection[str], most: int = 6) -> str:
    shown = ", ".join(list(names)[:most]) or "–"
    return shown + (" …" if len(names) > most else "")

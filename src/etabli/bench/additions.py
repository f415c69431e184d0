"""What hands add to the network of a machine: open fittings, bleeds, props, instruments, the two probes of a tester."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etabli.bench.instruments import add_instruments
from etabli.bench.plant import EARTH, Nodes, Plant, colon
from etabli.bench.state import BenchState
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.hydraulic.oil import oil_drain
from etabli.components.mechanical.elastic import linear_spring
from etabli.components.pneumatic.orifice import vent
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef
from etabli.physics.simulator import Simulator

OPEN_FITTING_C = 1.5
"""Sonic conductance of a fitting left open, dm³/(s·bar)."""
_OPENING = {"conductance": OPEN_FITTING_C, "critical_ratio": 0.4, "opening": 1.0}
BLEED_C = 0.2
"""The same of a fitting undone by one thread."""
OPEN_FITTING_K = 600.0
"""The same for oil, cm³/s per √bar: a hole of 9 mm."""
BLEED_K = 10.0
PROP = {"stiffness": 2e7, "damping": 2e5}
"""A steel prop locked under a load: N/m, N·s/m."""
TESTER_OHM = 200e3
TESTER_STEPS = 4


def place_of(plant: Plant, state: BenchState, tag: str, end: str) -> str | None:
    """The point on which an end of a conductor is fastened now; ``None`` when it hangs loose."""
    documented: str = getattr(plant.machine.conductor(tag), end)
    return state.ends.get(f"{tag}.{end}", documented)


def parted_end(plant: Plant, state: BenchState) -> str | None:
    """The end of a hose that the flow meter keeps off its port; none while that end hangs loose."""
    tube = state.instruments.flowmeter
    return None if tube is None or place_of(plant, state, tube, "a") is None else f"{tube}.a"


def bench_network(plant: Plant, state: BenchState, nodes: Nodes) -> Network:
    """The network of the machine with all that hands have moved, opened, propped or connected."""
    parted = parted_end(plant, state)
    network = plant.network(state.ends | ({} if parted is None else {parted: None})).copy()
    _open_fittings(network, plant, nodes, state.ends)
    for point in sorted(state.bleeds):
        _open_at(network, f"bleed.{point}", nodes(point), BLEED_C, BLEED_K)
    for load in sorted(state.props):
        network.add(f"prop.{load}", linear_spring, {"a": nodes(plant.loads[load].point), "b": GROUND}, PROP)
    flow_ends = None if parted is None else (str(place_of(plant, state, *parted.rsplit(".", 1))), colon(parted))
    add_instruments(network, state.instruments, nodes, flow_ends)
    return network


def with_open_fittings(network: Network, nodes: Nodes, points: Sequence[str]) -> Network:
    """A copy of the network in which these fittings are open, for a trial."""
    opened = network.copy()
    for point in dict.fromkeys(points):  # an end put back where it was: the same point twice
        _open_at(opened, f"trial.{point}", nodes(point))
    return opened


def _open_fittings(network: Network, plant: Plant, nodes: Nodes, ends: Mapping[str, str | None]) -> None:
    """Hoses that hang loose and ports that lost their hose blow into the workshop."""
    for end, place in sorted(ends.items()):
        tag, side = end.rsplit(".", 1)
        if tag not in plant.machine.tubes:
            continue
        if place is None:
            _open_at(network, f"open.{end}.hose", nodes(f"{tag}:{side}"))
        left = getattr(plant.machine.conductor(tag), side)
        if not nodes.ends_at(left):
            _open_at(network, f"open.{end}.port", nodes(left))


def _open_at(
    network: Network, name: str, node: str, conductance: float = OPEN_FITTING_C, k: float = OPEN_FITTING_K
) -> None:
    """An opening of a fluid node: to the workshop air, or to the floor."""
    if network.nodes.get(node) is Domain.HYDRAULIC:
        network.add(name, oil_drain, {"a": node}, {"k": k, "opening": 1.0})
    else:
        network.add(name, vent, {"a": node}, _OPENING | {"conductance": conductance})


# --- two-pole tester --------------------------------------------------------------------------------------------------


def tester_volts(simulator: Simulator, nodes: Nodes, first: str, second: str) -> float:
    """What a two-pole tester (200 kΩ) finds between two points, V: tried on a copy, for it touches a moment only."""
    ends = [GROUND if p == EARTH else nodes(p) for p in (first, second)]
    if ends[0] == ends[1]:
        return 0.0
    network = simulator.network.copy()
    for number, (a, b) in enumerate(_loads(network, ends)):
        name, between = f"tester.{number}", {"a": a, "b": b}
        if network.nodes[a if a != GROUND else b] is Domain.AC:
            network.add(name, ac_impedance, between, {"resistance": TESTER_OHM, "reactance": 0.0})
        else:
            network.add(name, resistor, between, {"resistance": TESTER_OHM})
    trial = simulator.edited(network)
    trial.advance(TESTER_STEPS)
    parts = [complex(*_across(trial, node)) for node in ends]
    return float(abs(parts[0] - parts[1]))


def _loads(network: Network, ends: Sequence[str]) -> list[tuple[str, str]]:
    """Where the tester loads the circuit: from end to end, or each end to earth when one is AC and the other DC."""
    domains = {network.nodes.get(node) for node in ends} - {None}
    return [(ends[0], GROUND), (ends[1], GROUND)] if len(domains) == 2 else [(ends[0], ends[1])]


def _across(simulator: Simulator, node: str) -> tuple[float, float]:
    domain = simulator.network.nodes.get(node)
    if node == GROUND or domain is None:
        return 0.0, 0.0
    return simulator.read(NodeRef(node)), simulator.read(NodeRef(node, 1)) if domain is Domain.AC else 0.0

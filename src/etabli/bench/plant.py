"""The machine as a bench uses it: names turned into references once, networks built once for each wiring."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from etabli.automation import Program
from etabli.components.component import Channel, Read, Spot, Suspended
from etabli.machines.loader import load_machine
from etabli.machines.model import MACHINES_KEPT, Conductor, Machine, Placed
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, Network, NodeRef, ParameterRef, Ref
from etabli.physics.text import Text

ISOLATING_FAMILIES = frozenset({"isolator", "shutoff_valve"})
"""Families that separate a whole machine from an energy."""
ELECTRICAL = (Domain.DC, Domain.AC)
FLUIDS = (Domain.PNEUMATIC, Domain.HYDRAULIC)
EARTH = "PE"
"""Point that stands for the earth of the machine (any metal frame)."""
NETWORKS_KEPT = 32


@dataclass(frozen=True)
class Control:
    """Something that a hand can operate."""

    tag: str
    name: str
    ref: ParameterRef
    value: float
    maximum: float
    kind: str

    @property
    def id(self) -> str:
        """``TAG.control``."""
        return f"{self.tag}.{self.name}"


@dataclass(frozen=True)
class SeenChannel:
    """A channel with its name on the bench (``TAG.channel``)."""

    id: str
    tag: str
    channel: Channel


@dataclass(frozen=True)
class PlacedSpot:
    """A spot with its name on the bench (``TAG/spot``)."""

    id: str
    tag: str
    spot: Spot

    @property
    def name(self) -> Text:
        """``TAG · spot``, as a person reads it."""
        return Text(f"{self.tag} · {self.spot.text.fr}", f"{self.tag} · {self.spot.text.en}")


@dataclass(frozen=True)
class PlacedLoad:
    """A load that may fall, with its name on the bench (``TAG/load``)."""

    id: str
    tag: str
    load: Suspended

    @property
    def point(self) -> str:
        """Where it hangs."""
        return f"{self.tag}:{self.load.port}"


class Plant:
    """Everything that benches of one machine share. Read-only, but for its cache of networks."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._networks: dict[frozenset[tuple[str, str]], Network] = {}
        self._lock = threading.Lock()

    # --- parts ------------------------------------------------------------------------------------

    @property
    def parts(self) -> Mapping[str, Placed]:
        """Components, wires and tubes by tag."""
        return self.machine.parts

    def family(self, tag: str) -> str:
        """Family of a part."""
        return self.parts[tag].component.family

    def is_enclosed(self, tag: str) -> bool:
        """Whether a door must be opened to see or work this part (a wire is where its ends are)."""
        placed = self.machine.placed.get(tag)
        if placed is None:
            return self.hides_terminals(tag)
        location = self.machine.locations.get(placed.location)
        return location is not None and location.enclosed

    def hides_terminals(self, tag: str) -> bool:
        """Whether a door must be opened to reach the terminals and screws of this part, also of one on the door."""
        if tag in self.machine.placed:
            return self._enclosure(tag) is not None
        conductor = self.machine.conductor(tag)
        first, second = (self._enclosure(end.partition(":")[0]) for end in (conductor.a, conductor.b))
        return first is not None and first == second  # between two enclosures it runs outside

    def _enclosure(self, tag: str) -> str | None:
        """What hides the terminals of a part: a box (its location), the cabinet (""), or nothing."""
        location = self.machine.locations.get(self.machine.placed[tag].location)
        if location is None or not location.hides_terminals:
            return None
        return location.id if location.boxed else ""

    def box_of(self, tag: str) -> Text | None:
        """Name of the box of its own that hides this part or wire, or its terminals; ``None`` where there is none."""
        placed = self.machine.placed.get(tag) or self.machine.placed[self.machine.conductor(tag).a.partition(":")[0]]
        location = self.machine.locations.get(placed.location)
        return location.text if location is not None and location.boxed else None

    @cached_property
    def controls(self) -> dict[str, Control]:
        """All controls by ``TAG.control``."""
        found = {}
        for placed in self.machine.placed.values():
            for name, target in placed.component.controls.items():
                control = self._control(placed, name, target)
                found[control.id] = control
        return found

    def _control(self, placed: Placed, name: str, target: ParameterRef | str) -> Control:
        ref = target if isinstance(target, ParameterRef) else parameter_ref(placed.tag, target)
        value = value_in(self.network({}), ref)
        known = next((p for p in placed.component.parameters if p.name == name), None)
        maximum = known.maximum if known is not None and known.maximum is not None else 1.0
        item = next((i for i in self.machine.panel if (i.tag, i.control) == (placed.tag, name)), None)
        if item is not None and item.positions:
            maximum = float(len(item.positions) - 1)
        kind = "button" if name in {"pressed", "override"} or name.startswith("override") else "switch"
        return Control(placed.tag, name, ref, value, maximum, kind)

    def is_lockable(self, tag: str) -> bool:
        """Whether a padlock fits on this part."""
        return f"{tag}.lock" in self.controls or tag in self.isolators

    def locks_open(self, tag: str) -> bool:
        """Whether a padlock may hold it open too: a valve on oil isolates when closed, and drains when open."""
        return any(port.domain is Domain.HYDRAULIC for port in self.parts[tag].ports)

    @cached_property
    def isolators(self) -> tuple[str, ...]:
        """Where the energies of the machine are separated: main isolator, shut-off valve."""
        return tuple(t for t, p in self.machine.placed.items() if p.component.family in ISOLATING_FAMILIES)

    @cached_property
    def processes(self) -> tuple[str, ...]:
        """Tags of the components in which matter moves."""
        return tuple(p.tag for p in self.machine.placed.values() if p.component.process is not None)

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """Names of the production counters of the machine."""
        names: dict[str, None] = {}
        for tag in self.processes:
            part = self.parts[tag]
            assert part.component.process is not None
            names |= dict.fromkeys(part.component.process(tag, part.parameters, random.Random(0)).counters())
        return tuple(names)

    # --- PLC --------------------------------------------------------------------------------------

    @property
    def program(self) -> Program | None:
        """The program of the PLC; None on a machine without one."""
        return self.machine.program if self.machine.plc else None

    @cached_property
    def plc_inputs(self) -> tuple[str, ...]:
        """Addresses of the inputs of the PLC, as printed on its card ("I0.0")."""
        return self._plc_ports("I")

    @cached_property
    def plc_outputs(self) -> tuple[str, ...]:
        """Addresses of its outputs ("Q0.0")."""
        return self._plc_ports("Q")

    def _plc_ports(self, letter: str) -> tuple[str, ...]:
        placed = self.machine.placed.get(self.machine.plc)
        if placed is None:
            return ()
        names = (p.name for p in placed.ports)
        return tuple(n for n in names if n[:1] == letter and n[1:].replace(".", "").isdigit())

    def input_ref(self, address: str) -> MemoryRef:
        """Where the card says whether the input is on."""
        return MemoryRef(f"{self.machine.plc}.{address}", "on")

    def output_ref(self, address: str) -> ParameterRef:
        """Where the program's command of an output goes."""
        return ParameterRef(f"{self.machine.plc}.{address}", "command")

    @property
    def plc_supply_ref(self) -> MemoryRef:
        """Whether the CPU is powered."""
        return MemoryRef(f"{self.machine.plc}.supply", "on")

    # --- channels ---------------------------------------------------------------------------------

    @cached_property
    def channels(self) -> tuple[SeenChannel, ...]:
        """All channels of all parts."""
        found: list[SeenChannel] = []
        for placed in self.parts.values():
            if placed.component.channels is None:
                continue
            channels = placed.component.channels(placed.tag, placed.parameters)
            found += [SeenChannel(f"{placed.tag}.{c.name}", placed.tag, c) for c in channels]
        return tuple(found)

    @cached_property
    def seen_channels(self) -> tuple[SeenChannel, ...]:
        """Those that an eye sees on the machine."""
        return tuple(c for c in self.channels if c.channel.seen)

    # --- spots ------------------------------------------------------------------------------------

    @cached_property
    def spots(self) -> dict[str, PlacedSpot]:
        """Places for a thermometer or a vibration meter, by ``TAG/spot``."""
        found = {}
        for tag, part in self.parts.items():
            if part.component.spots is None:
                continue
            for spot in part.component.spots(tag, part.parameters):
                found[f"{tag}/{spot.name}"] = PlacedSpot(f"{tag}/{spot.name}", tag, spot)
        return found

    @cached_property
    def loads(self) -> dict[str, PlacedLoad]:
        """Loads that fall when nothing holds them, by ``TAG/load``."""
        found = {}
        for tag, part in self.parts.items():
            if part.component.suspends is None:
                continue
            for load in part.component.suspends(tag, part.parameters):
                found[f"{tag}/{load.name}"] = PlacedLoad(f"{tag}/{load.name}", tag, load)
        return found

    @cached_property
    def warm_spots(self) -> tuple[str, ...]:
        """Those that have a temperature."""
        return tuple(i for i, placed in self.spots.items() if placed.spot.celsius is not None)

    @cached_property
    def shaking_spots(self) -> tuple[str, ...]:
        """Those that vibrate."""
        return tuple(i for i, placed in self.spots.items() if placed.spot.vibration is not None)

    # --- points and conductors --------------------------------------------------------------------

    @cached_property
    def domains(self) -> dict[str, Domain]:
        """Domain of each point: ports of components, and both ends of each conductor."""
        return {f"{tag}:{port.name}": port.domain for tag, part in self.parts.items() for port in part.ports}

    def points(self, *domains: Domain) -> tuple[str, ...]:
        """Points of the components in these domains."""
        return self.machine.points(*domains)

    @property
    def conductors(self) -> Mapping[str, Conductor]:
        """Wires and tubes by tag."""
        return self.machine.conductors

    @cached_property
    def conductors_of(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Conductor ends documented at each point: point -> ((tag, end), …)."""
        found: dict[str, list[tuple[str, str]]] = {}
        for conductor in self.conductors.values():
            found.setdefault(conductor.a, []).append((conductor.tag, "a"))
            found.setdefault(conductor.b, []).append((conductor.tag, "b"))
        return {point: tuple(ends) for point, ends in found.items()}

    def network(self, ends: Mapping[str, str | None]) -> Network:
        """The network with the conductor ends of ``ends`` elsewhere (``"W101.a"`` -> point, or None: loose)."""
        key = frozenset((end, point or "") for end, point in ends.items())
        with self._lock:  # benches are also created in a thread of their own
            if key not in self._networks:
                if len(self._networks) >= NETWORKS_KEPT:
                    del self._networks[next(iter(self._networks))]
                moved = {colon(end): point or colon(end) for end, point in sorted(ends.items())}
                self._networks[key] = self.machine.network(moved=moved)
            return self._networks[key]

    @cached_property
    def content_hash(self) -> str:
        """Hash of all that a replay depends on: devices, laws, parameters, wiring and program as built, and what the
        texts of the machine say of its places, its stores, its operator and its acceptance."""
        digest = hashlib.sha256()
        network = self.network({})
        for device in network.devices.values():
            digest.update(
                repr((device.name, device.law.name, device.nodes, device.parameters, device.initial)).encode()
            )
        for sampled in network.sampled.values():
            one = (sampled.name, sampled.law.name, sampled.reads, sampled.parameters, sampled.initial, sampled.writes)
            digest.update(repr(one).encode())
        for tag in self.processes:
            digest.update(repr((tag, sorted(self.parts[tag].parameters.items()))).encode())
        machine = self.machine
        digest.update(machine.program_source.encode())
        digest.update(repr([(tag, part.location) for tag, part in machine.placed.items()]).encode())
        texts = (machine.locations, machine.panel, machine.io, machine.alarms)
        digest.update(repr((texts, machine.bom, machine.operator, machine.acceptance)).encode())
        return digest.hexdigest()


def as_plant(machine: Machine | Plant | str) -> Plant:
    """The plant of a machine given by name, loaded, or already a plant."""
    if isinstance(machine, Plant):
        return machine
    return _plant_of(load_machine(machine) if isinstance(machine, str) else machine)


@lru_cache(maxsize=MACHINES_KEPT)
def _plant_of(machine: Machine) -> Plant:
    """One plant for each machine object: benches share its networks."""
    return Plant(machine)


def colon(end: str) -> str:
    """``"W101.a"`` as a point: ``"W101:a"``."""
    return ":".join(end.rsplit(".", 1))


def parameter_ref(tag: str, target: str) -> ParameterRef:
    """``"device.parameter"`` of a component as a reference."""
    device, _, parameter = target.rpartition(".")
    return ParameterRef(f"{tag}.{device}", parameter)


def value_in(network: Network, ref: ParameterRef) -> float:
    """Value of a parameter as the network was built."""
    owner = network.devices.get(ref.device) or network.sampled[ref.device]
    return owner.parameters[owner.law.parameters.index(ref.parameter)]


def written_parameters(network: Network) -> set[ParameterRef]:
    """Parameters that sampled laws write at every step (a hand or a fault cannot hold them)."""
    return {ref for device in network.sampled.values() for targets in device.writes for ref in targets}


class Nodes:
    """Where points lie, with the displaced ends of ``ends``; ``parted`` is an end ("T1.a") that an instrument keeps
    off the point on which it is fastened."""

    def __init__(self, plant: Plant, ends: Mapping[str, str | None], parted: str | None = None) -> None:
        self._plant = plant
        self._ends = {colon(end): point for end, point in ends.items()}
        self._parted = None if parted is None else colon(parted)

    def __call__(self, point: str) -> str:
        """Node of a point ("KM1:A1", or the end "W101:a" of a conductor)."""
        if point == self._parted:
            return point
        if point not in self._ends:
            return self._plant.machine.node(point)
        place = self._ends[point]
        return point if place is None else self._plant.machine.node(place)

    def resolve(self, ref: Ref) -> Ref:
        """``ref`` with the real name of its node."""
        return NodeRef(self(ref.node), ref.part) if isinstance(ref, NodeRef) else ref

    def reader(self, read: Read) -> Read:
        """A reader for component code, which names nodes after its own ports."""
        return lambda ref: read(self.resolve(ref))

    def ends_at(self, point: str) -> tuple[tuple[str, str], ...]:
        """Conductor ends that are really fastened on this very point now."""
        documented = [e for e in self._plant.conductors_of.get(point, ()) if ":".join(e) not in self._ends]
        moved = [tuple(end.split(":")) for end, place in self._ends.items() if place == point]
        return tuple(documented) + tuple((tag, end) for tag, end in moved)


def devices_of(network: Network, tag: str) -> Iterable[str]:
    """Names of the devices of a part, continuous and sampled."""
    prefix = f"{tag}."
    yield from (name for name in network.devices if name.startswith(prefix))
    yield from (name for name in network.sampled if name.startswith(prefix))

"""Where each name of a network lies in the value array of its runs, and the solver's structure for it."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from etabli.physics.core_library import Core, Group, core
from etabli.physics.law import Domain
from etabli.physics.network import (
    DEFAULT_INITIAL,
    GROUND,
    Device,
    MemoryRef,
    Network,
    NetworkError,
    NodeRef,
    ParameterRef,
    Ref,
    SampledDevice,
    StateRef,
)

Floats = NDArray[np.float64]
Places = NDArray[np.uint32]
Numbers = NDArray[np.intp]
Part = TypeVar("Part", Device, SampledDevice)

# Newton tolerance, largest change in one iteration, least value, in the unit of the across variable.
_NEWTON = {
    Domain.DC: (1e-3, 50.0, -1e6),
    Domain.AC: (1e-2, 500.0, -1e6),
    Domain.PNEUMATIC: (1e-4, 5.0, 1e-3),
    Domain.HYDRAULIC: (1e-3, 100.0, -5.0),
    Domain.TRANSLATION: (1e-5, 5.0, -1e4),
    Domain.ROTATION: (1e-3, 200.0, -1e5),
    Domain.THERMAL: (1e-3, 200.0, -273.0),
}

_KIND = {Domain.DC: 1}
"""What the solver does otherwise: 1 less bend in a part of a step (structure.c)."""

# The same by number of a domain, for whole networks at once.
_NUMBER = {domain: number for number, domain in enumerate(Domain)}
_WIDTHS = np.array([domain.unknowns for domain in Domain], np.intp)
_KINDS = np.array([_KIND.get(domain, 0) for domain in Domain], np.uint8)
_INITIAL = np.array([DEFAULT_INITIAL.get(domain, 0.0) for domain in Domain])
_TABLES = np.array([(1.0 / _NEWTON[d][0], *_NEWTON[d][1:]) for d in Domain]).T


def _spread(first: Numbers, count: Numbers) -> Numbers:
    """``count[0]`` numbers from ``first[0]`` on, then ``count[1]`` from ``first[1]`` on, and so forth."""
    spread: Numbers = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(count.sum())
    return spread


def _flat(rows: Iterable[Sequence[float]]) -> Floats:
    """All numbers of some rows, one row after the other."""
    return np.array(list(chain.from_iterable(rows)), np.float64)


def _places(first: Mapping[str, int], count: Mapping[str, int]) -> Numbers:
    """All places of some things, of each so many, from its first one on."""
    return _spread(np.array([first[name] for name in count], np.intp), np.array(list(count.values()), np.intp))


def _same_law(before: Mapping[str, Part], after: Mapping[str, Part]) -> list[Part]:
    """The devices of ``after`` that are in ``before`` under the same name and law."""
    return [now for name, now in after.items() if (was := before.get(name)) is not None and was.law is now.law]


def _in_order(sampled: Sequence[SampledDevice]) -> tuple[SampledDevice, ...]:
    """Sampled devices in the order in which they run. Within its stage, each runs after those of the stage whose
    memories it reads: a chain of them is followed within one step. Where they read each other in a ring, one of them
    gets what was a step before."""
    at = {device.name: i for i, device in enumerate(sampled)}
    rank: dict[int, int] = {}

    def read_first(i: int) -> Iterator[int]:
        for ref in sampled[i].reads:
            j = at.get(ref.device, i) if isinstance(ref, MemoryRef) else i
            if j != i and sampled[j].law.stage is sampled[i].law.stage:
                yield j

    def of(i: int) -> int:
        if i not in rank:
            rank[i] = 0  # a ring ends here
            rank[i] = max((of(j) + 1 for j in read_first(i)), default=0)
        return rank[i]

    order = sorted(range(len(sampled)), key=lambda i: (sampled[i].law.stage, of(i), sampled[i].law.name, i))
    return tuple(sampled[i] for i in order)


class Layout:
    """Where each name of a network lies in the value array, and the solver's structure for it.

    ``former`` is the layout of a network that this one was edited from, if any: what sampled devices read and write is
    then found from there, where they are the same.
    """

    def __init__(self, network: Network, former: Layout | None = None) -> None:
        self.core: Core = core()
        self.network = network = network.copy()  # others may go on with theirs
        self._places: weakref.WeakKeyDictionary[Layout, Numbers] = weakref.WeakKeyDictionary()
        self._domains = np.array([_NUMBER[domain] for domain in network.nodes.values()], np.intp)
        widths = _WIDTHS[self._domains]
        self._first = np.cumsum(widths) - widths
        self.unknowns = int(widths.sum())
        self.scalar = dict(zip(network.nodes, self._first.tolist(), strict=True))
        self.structure = self._structure(list(network.devices.values()))
        weakref.finalize(self, self.core.structure_free, self.structure)
        self.sizes = np.zeros(9, np.int64)
        self.core.structure_sizes(self.structure, self.sizes.ctypes.data)
        self._place(list(network.devices))
        self._sample(former)
        self.tables = self._newton()

    def _structure(self, devices: Sequence[Device]) -> int:
        kinds = np.repeat(_KINDS[self._domains], _WIDTHS[self._domains])
        numbers = np.array([self.core.number(d.law) for d in devices], np.uint32)
        number = {**self.scalar, GROUND: -1}
        first = np.array([number[node] for d in devices for node in d.nodes], np.intp)
        widths = np.array(list(chain.from_iterable(d.law.widths for d in devices)), np.intp)
        terminals = np.where(np.repeat(first, widths) < 0, -1, _spread(first, widths)).astype(np.int32)
        made: int = self.core.structure_new(
            self.unknowns, len(devices), numbers.ctypes.data, terminals.ctypes.data, kinds.ctypes.data
        )
        return made

    def _place(self, names: Sequence[str]) -> None:
        self.position = np.zeros(max(self.unknowns, 1), np.uint32)
        parameter_of = np.zeros(max(len(names), 1), np.uint32)
        state_of = np.zeros(max(len(names), 1), np.uint32)
        self.core.structure_layout(
            self.structure, self.position.ctypes.data, parameter_of.ctypes.data, state_of.ctypes.data
        )
        self.state_base = self.unknowns + 1
        self.parameter_base = self.state_base + int(self.sizes[6])
        self.device_parameter: dict[str, int] = dict(zip(names, parameter_of.tolist(), strict=False))
        self.device_state: dict[str, int] = dict(zip(names, state_of.tolist(), strict=False))

    def _sample(self, former: Layout | None) -> None:
        self._sampled = tuple(self.network.sampled.values())
        if former is not None and former._sampled != self._sampled:
            former = None
        self.sampled_order: tuple[SampledDevice, ...] = (
            _in_order(self._sampled) if former is None else former.sampled_order
        )
        self.sampled_memory: dict[str, int] = {}
        parameters, memories = int(self.sizes[7]), 0
        for device in self.sampled_order:
            self.device_parameter[device.name] = parameters
            self.sampled_memory[device.name] = memories
            parameters += len(device.parameters)
            memories += len(device.initial)
        self.parameters = parameters
        self.memory_base = self.parameter_base + parameters
        self.size = self.memory_base + memories
        writes = [write for device in self.sampled_order for write in device.writes]
        self.target_first = np.cumsum([0, *map(len, writes)], dtype=np.uint32)
        if former is None or not self._refer_as(former):
            self.reads = np.array([self.index(r) for device in self.sampled_order for r in device.reads], np.uint32)
            self.targets = np.array([self.index(r) - self.parameter_base for w in writes for r in w], np.uint32)
        self._group()

    def _refer_as(self, former: Layout) -> bool:
        """Read and write what ``former`` does, wherever it lies here; false when some of it is no more."""
        places = self.places_of(former)
        reads, targets = places[former.reads], places[former.targets + former.parameter_base]
        self.reads, self.targets = reads.astype(np.uint32), (targets - self.parameter_base).astype(np.uint32)
        return bool((reads >= 0).all() and (targets >= 0).all())

    def _group(self) -> None:
        """Sampled devices of one law follow each other: the solver is told of the first of them, and how many."""
        groups: list[tuple[int, ...]] = []
        reads = writes = 0
        for _, same in groupby(self.sampled_order, lambda device: id(device.law)):
            devices = list(same)
            first, law = devices[0].name, devices[0].law
            places = (self.device_parameter[first], self.sampled_memory[first])
            groups.append((self.core.number(law), len(devices), reads, *places, writes))
            reads += len(devices) * len(law.reads)
            writes += len(devices) * len(law.writes)
        self.groups = (Group * max(len(groups), 1))(*[Group(*g) for g in groups])
        self.group_count = len(groups)

    def index(self, ref: Ref) -> int:
        """Place of ``ref`` in the value array. Raises :class:`NetworkError` for an unknown name."""
        if isinstance(ref, NodeRef):
            if ref.node == GROUND:
                return self.unknowns
            if ref.node in self.scalar and ref.part < self.network.nodes[ref.node].unknowns:
                return int(self.position[self.scalar[ref.node] + ref.part])
            raise NetworkError(f"no node {ref.node!r} (part {ref.part}) in this network")
        if isinstance(ref, StateRef):
            device = self.network.devices.get(ref.device)
            if device is not None and ref.state in device.law.states:
                return self.state_base + self.device_state[ref.device] + device.law.states.index(ref.state)
            raise NetworkError(f"no state {ref.device}.{ref.state} in this network")
        if isinstance(ref, ParameterRef):
            owner = self.network.devices.get(ref.device) or self.network.sampled.get(ref.device)
            if owner is not None and ref.parameter in owner.law.parameters:
                offset = owner.law.parameters.index(ref.parameter)
                return self.parameter_base + self.device_parameter[ref.device] + offset
            raise NetworkError(f"no parameter {ref.device}.{ref.parameter} in this network")
        sampled = self.network.sampled.get(ref.device)
        if sampled is not None and ref.memory in sampled.law.memory:
            return self.memory_base + self.sampled_memory[ref.device] + sampled.law.memory.index(ref.memory)
        raise NetworkError(f"no memory {ref.device}.{ref.memory} in this network")

    def places_of(self, former: Layout) -> Numbers:
        """Where each place of ``former`` is here: nodes of the same name and domain, and states, parameters and
        memories of devices of the same name and law. -1 for what is no more."""
        found = self._places.get(former)
        if found is None:
            found = self._places[former] = self._follow(former)
        return found

    def _follow(self, former: Layout) -> Numbers:
        old, new = former.network, self.network
        devices, sampled = _same_law(old.devices, new.devices), _same_law(old.sampled, new.sampled)
        nodes = {name: domain.unknowns for name, domain in new.nodes.items() if old.nodes.get(name) is domain}
        parameters = {d.name: len(d.parameters) for d in devices} | {d.name: len(d.parameters) for d in sampled}
        states, memories = ({d.name: len(d.initial) for d in some} for some in (devices, sampled))
        places = np.full(former.size, -1, np.intp)
        places[former.unknowns] = self.unknowns
        places[former.position[_places(former.scalar, nodes)]] = self.position[_places(self.scalar, nodes)]
        for base, was, here, now, count in (
            (former.state_base, former.device_state, self.state_base, self.device_state, states),
            (former.parameter_base, former.device_parameter, self.parameter_base, self.device_parameter, parameters),
            (former.memory_base, former.sampled_memory, self.memory_base, self.sampled_memory, memories),
        ):
            places[base + _places(was, count)] = here + _places(now, count)
        return places

    @property
    def shared_bytes(self) -> int:
        """Bytes of the tables that runs share, besides those of the structure."""
        return sum(
            t.nbytes for t in (*self.tables, self.initial_values, self.reads, self.targets, self.target_first)
        ) + ctypes.sizeof(self.groups)

    @cached_property
    def initial_values(self) -> Floats:
        """Values at time 0, to be copied."""
        value, network = np.zeros(self.size), self.network
        value[self.position[self._first]] = _INITIAL[self._domains]
        for name, initial in network.initial.items():
            if name in self.scalar:
                value[self.position[self.scalar[name]]] = initial
        devices = network.devices.values()
        at = self.parameter_base + _places(self.device_parameter, {d.name: len(d.parameters) for d in devices})
        value[at] = _flat(d.parameters for d in devices)
        at = self.state_base + _places(self.device_state, {d.name: len(d.initial) for d in devices})
        value[at] = _flat(d.initial for d in devices)
        value[self.parameter_base + int(self.sizes[7]) : self.memory_base] = _flat(
            d.parameters for d in self.sampled_order
        )
        value[self.memory_base :] = _flat(d.initial for d in self.sampled_order)
        return value

    def _newton(self) -> tuple[Floats, Floats, Floats]:
        """Per row: 1 / tolerance, largest change, least value."""
        tables = np.zeros((3, max(self.unknowns, 1)))
        tables[:, self.position[: self.unknowns]] = np.repeat(_TABLES[:, self._domains], _WIDTHS[self._domains], axis=1)
        return tables[0], tables[1], tables[2]


_LAYOUTS: weakref.WeakValueDictionary[tuple[object, ...], Layout] = weakref.WeakValueDictionary()


def layout_of(network: Network, former: Layout | None = None) -> Layout:
    """The layout of a network, shared by all runs of the same devices (copies of a network share theirs)."""
    parts = (*network.devices.values(), *network.sampled.values())  # kept by the layout: nothing else gets their ids
    domains = map(id, network.nodes.values())
    key = (id(core()), tuple(map(id, parts)), tuple(network.nodes), tuple(domains), tuple(network.initial.items()))
    found = _LAYOUTS.get(key)
    if found is None:
        found = _LAYOUTS[key] = Layout(network, former)
    return found

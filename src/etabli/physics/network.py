"""A network: named nodes, devices that obey continuous laws, and sampled devices that link them.

Everything has a name, so that a fault, an instrument or a reader can reach it: node ``"KM1:A1"``, device
``"KM1.coil"``, its parameter ``"KM1.coil.resistance"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from etabli.physics.law import Domain, Law, SampledLaw

GROUND = "0"
"""Reference of every domain: earth, perfect vacuum, the frame at rest, 0 °C."""

DEFAULT_INITIAL = {Domain.PNEUMATIC: 1.013, Domain.THERMAL: 20.0}


class NetworkError(ValueError):
    """The network is wrong: the message names the device and the mend."""


@dataclass(frozen=True, slots=True)
class NodeRef:
    """Across variable of a node; ``part`` is 1 for the imaginary part of an AC node."""

    node: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class StateRef:
    """A state of a device."""

    device: str
    state: str


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A parameter of a device (continuous or sampled)."""

    device: str
    parameter: str


@dataclass(frozen=True, slots=True)
class MemoryRef:
    """A memory of a sampled device."""

    device: str
    memory: str


Ref = NodeRef | StateRef | ParameterRef | MemoryRef


@dataclass(frozen=True, slots=True)
class Device:
    """A continuous device: law, node of each terminal, parameter values, initial states."""

    name: str
    law: Law
    nodes: tuple[str, ...]
    parameters: tuple[float, ...]
    initial: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SampledDevice:
    """A sampled device: law, what it reads, parameter values, initial memory, what each write goes to."""

    name: str
    law: SampledLaw
    reads: tuple[Ref, ...]
    parameters: tuple[float, ...]
    initial: tuple[float, ...]
    writes: tuple[tuple[ParameterRef, ...], ...]


@dataclass
class Network:
    """Nodes and devices, in the order they were added."""

    nodes: dict[str, Domain] = field(default_factory=dict)
    initial: dict[str, float] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    sampled: dict[str, SampledDevice] = field(default_factory=dict)

    def node(self, name: str, domain: Domain, initial: float | None = None) -> str:
        """Declare a node (again is allowed with the same domain) and return its name."""
        known = self.nodes.setdefault(name, domain)
        if known is not domain:
            raise NetworkError(
                f"node {name!r} is {known.value}, it cannot also be {domain.value}: connect like with like"
            )
        if initial is not None:
            self.initial[name] = initial
        return name

    def add(
        self,
        name: str,
        law: Law,
        nodes: Mapping[str, str],
        parameters: Mapping[str, float] | None = None,
        initial: Mapping[str, float] | None = None,
    ) -> str:
        """Add a device. ``nodes`` maps each terminal to a node name or :data:`GROUND`; unknown nodes are declared."""
        if name in self.devices or name in self.sampled:
            raise NetworkError(f"two devices are named {name!r}: rename one of them")
        _same_names(name, "terminals", law.terminals, nodes)
        _same_names(name, "parameters", law.parameters, parameters or {})
        for terminal, domain in law.terminals.items():
            if nodes[terminal] != GROUND:
                self.node(nodes[terminal], domain)
        self.devices[name] = Device(
            name,
            law,
            tuple(nodes[t] for t in law.terminals),
            tuple(float((parameters or {})[p]) for p in law.parameters),
            tuple(float((initial or {}).get(s, 0.0)) for s in law.states),
        )
        return name

    def sample(
        self,
        name: str,
        law: SampledLaw,
        reads: Mapping[str, Ref],
        parameters: Mapping[str, float] | None = None,
        writes: Mapping[str, ParameterRef | tuple[ParameterRef, ...]] | None = None,
        initial: Mapping[str, float] | None = None,
    ) -> str:
        """Add a sampled device. A write may go to several parameters at once."""
        if name in self.devices or name in self.sampled:
            raise NetworkError(f"two devices are named {name!r}: rename one of them")
        _same_names(name, "reads", law.reads, reads)
        _same_names(name, "parameters", law.parameters, parameters or {})
        _same_names(name, "writes", law.writes, writes or {})
        targets = [(writes or {})[w] for w in law.writes]
        self.sampled[name] = SampledDevice(
            name,
            law,
            tuple(reads[r] for r in law.reads),
            tuple(float((parameters or {})[p]) for p in law.parameters),
            tuple(float((initial or {}).get(m, 0.0)) for m in law.memory),
            tuple(t if isinstance(t, tuple) else (t,) for t in targets),
        )
        return name

    def copy(self) -> Network:
        """A copy that can be edited on its own (devices are immutable and shared)."""
        return Network(dict(self.nodes), dict(self.initial), dict(self.devices), dict(self.sampled))

    @property
    def unknowns(self) -> int:
        """Number of scalar unknowns."""
        return sum(domain.unknowns for domain in self.nodes.values())


def _same_names(device: str, what: str, wanted: object, given: Mapping[str, object]) -> None:
    names = set(wanted)  # type: ignore[call-overload]
    if names == set(given):
        return
    missing, extra = sorted(names - set(given)), sorted(set(given) - names)
    raise NetworkError(f"{device}: {what} missing {missing}, unknown {extra}; it takes exactly {sorted(names)}")

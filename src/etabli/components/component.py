"""What a component file declares: everything the product knows of one family, in one place.

A family is a module of this package with a ``COMPONENT``. It says its ports, parameters, how it is built from laws, how
it fails (always a change of physics), what can be seen, heard or felt, its symbols and its data sheet.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from etabli.components.curve import Curve
from etabli.components.drawing import Symbol
from etabli.physics.law import Domain, Law, SampledLaw
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.text import Text

Parameters = Mapping[str, Any]
Read = Callable[[Ref], float]
"""Gives the present value behind a reference."""


@dataclass(frozen=True, slots=True)
class Port:
    """A connection point; its node is ``TAG:NAME``. ``kind`` refines the domain for drawings ("pilot", "pe");
    an "optional" port may stay without a wire."""

    name: str
    domain: Domain
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the data sheet. ``adjustable`` parameters can be set on the machine with a tool (action "adjust")."""

    name: str
    text: Text
    unit: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    adjustable: bool = False
    choices: tuple[str, ...] = ()


class Onset(enum.Enum):
    """How a fault appears."""

    SUDDEN = "sudden"
    GROWING = "growing"
    INTERMITTENT = "intermittent"


class Repair(enum.Enum):
    """The action that cures a failure mode."""

    REPLACE = "replace"
    TIGHTEN = "tighten"
    CLEAN = "clean"
    ADJUST = "adjust"
    RECONNECT = "reconnect"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Effect:
    """A failure mode writes ``value`` to ``target`` ("device.parameter" inside the component) at degree 1.

    Between healthy and ``value`` the degree interpolates: linearly, or on a logarithmic scale for resistances and
    leaks. ``relative`` means that ``value`` is a factor of the healthy value.
    """

    target: str
    value: float
    relative: bool = False
    logarithmic: bool = False

    def at(self, healthy: float, degree: float) -> float:
        """Value of the target at ``degree`` (0 healthy … 1 full)."""
        full = healthy * self.value if self.relative else self.value
        if not self.logarithmic:
            return healthy + degree * (full - healthy)
        if healthy <= 0.0 or full <= 0.0:
            raise ValueError(f"{self.target}: a logarithmic effect needs two positive values")
        return float(healthy * (full / healthy) ** degree)


@dataclass(frozen=True, slots=True)
class Swap:
    """A failure mode that exchanges what is connected to two ports (crossed hoses, crossed wires)."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class FailureMode:
    """One way to fail. ``rate`` is a relative weight (AMDEC frequency); ``degrees`` the range that makes sense."""

    id: str
    text: Text
    effects: tuple[Effect | Swap, ...]
    repair: Repair = Repair.REPLACE
    onsets: tuple[Onset, ...] = (Onset.SUDDEN,)
    rate: float = 1.0
    degrees: tuple[float, float] = (1.0, 1.0)
    visible: Text | None = None
    """What a close look with the power off shows on this part, where there is something to see (burnt, cut, loose)."""
    ports: tuple[str, ...] = ()
    """Ports that must be connected for this mode to change anything: nothing happens in a spare contact or channel."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A state that drawings follow, scaled to 0…1 by ``(value - low) / (high - low)`` and clamped.

    ``seen`` channels can be seen on the machine by anybody (lamp, rod, flag of a relay); the others exist for the study
    of a healthy machine and never leave the server otherwise.
    """

    name: str
    ref: Ref
    low: float = 0.0
    high: float = 1.0
    seen: bool = False
    text: Text | None = None
    """What people call it ("tige", "LED jaune"); every seen channel has one."""


class Sense(enum.Enum):
    """A human sense, used as a test."""

    LOOK = "look"
    LISTEN = "listen"
    TOUCH = "touch"


@dataclass(frozen=True, slots=True)
class Perception:
    """What a sense finds at a component, now. ``normal`` tells the expected from the abnormal in the notebook only by
    the words: it never goes to a page."""

    sense: Sense
    text: Text


@dataclass(frozen=True, slots=True)
class Vibration:
    """What a vibration meter finds on a housing: ``overall`` is mm/s RMS from 10 Hz to 1 kHz (ISO 20816-1), ``lines``
    its spectrum now, Hz and mm/s RMS."""

    overall: Ref
    lines: Callable[[Read], tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a component where a thermometer (``celsius``: surface, °C) or a vibration meter can be held."""

    name: str
    text: Text
    celsius: Callable[[Read], float] | None = None
    vibration: Vibration | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """A load that falls when nothing holds it, on the translation port ``port``; ``position`` (m) grows downwards where
    ``down`` is 1, upwards where it is -1."""

    name: str
    text: Text
    port: str
    position: Ref
    down: float


class Process(Protocol):
    """Matter that moves through the machine (parts on a belt). Stepped once per PLC scan, seeded and snapshot-able."""

    @property
    def gestures(self) -> Mapping[str, Text]:
        """What a person at the machine can do to the matter: actions that :meth:`act` takes without arguments."""

    @property
    def reads(self) -> tuple[Ref, ...]:
        """What a step looks at."""

    def step(
        self, now_s: float, dt_s: float, seen: Sequence[float], write: Callable[[ParameterRef, float], None]
    ) -> None:
        """Advance by ``dt_s``; ``seen`` are the present values of :attr:`reads`."""

    def view(self) -> dict[str, Any]:
        """What an eye sees: JSON-able, for the mimic."""

    def counters(self) -> dict[str, float]:
        """Production counts and cycle times."""

    def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """A hand that acts on the matter (place a part, remove a jam)."""

    def snapshot(self) -> dict[str, Any]:
        """JSON-able state."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Back to a snapshot, bit for bit."""


class Builder:
    """Adds one component to a network; local names become ``TAG:PORT`` (ports) and ``TAG.inner`` (everything else).

    ``wiring`` gives the full node name of the ports that lie on another node than their own (a wire end, a shaft in a
    hub, crossed hoses), and of points of others that a component touches (the neighbour of a wire in its cable).
    """

    def __init__(
        self,
        network: Network,
        tag: str,
        ports: tuple[Port, ...],
        links: Mapping[str, Ref],
        wiring: Mapping[str, str] | None = None,
    ) -> None:
        self.network = network
        self.tag = tag
        self._ports = {p.name: p for p in ports}
        self._links = links
        self._wiring = wiring or {}

    def node(self, local: str) -> str:
        """Full name of a port or of an inner node."""
        if local == GROUND:
            return GROUND
        if local in self._wiring:
            return self._wiring[local]
        return f"{self.tag}:{local}" if local in self._ports else f"{self.tag}.{local}"

    def initial(self, local: str, value: float) -> None:
        """Initial across value of a port or inner node."""
        self.network.initial[self.node(local)] = value

    def device(
        self,
        name: str,
        law: Law,
        nodes: Mapping[str, str],
        parameters: Mapping[str, float] | None = None,
        initial: Mapping[str, float] | None = None,
    ) -> None:
        """Add a continuous device; ``nodes`` maps terminals to local names or GROUND."""
        full = {terminal: self.node(local) for terminal, local in nodes.items()}
        self.network.add(f"{self.tag}.{name}", law, full, parameters, initial)

    def sample(
        self,
        name: str,
        law: SampledLaw,
        reads: Mapping[str, Ref],
        parameters: Mapping[str, float] | None = None,
        writes: Mapping[str, ParameterRef | tuple[ParameterRef, ...]] | None = None,
        initial: Mapping[str, float] | None = None,
    ) -> None:
        """Add a sampled device."""
        self.network.sample(f"{self.tag}.{name}", law, reads, parameters, writes, initial)

    def across(self, local: str, part: int = 0) -> NodeRef:
        """The across variable of a port or inner node (``part`` 1: imaginary part, AC)."""
        return NodeRef(self.node(local), part)

    def state(self, device: str, state: str) -> StateRef:
        """A state of one of this component's devices."""
        return StateRef(f"{self.tag}.{device}", state)

    def parameter(self, device: str, parameter: str) -> ParameterRef:
        """A parameter of one of this component's devices."""
        return ParameterRef(f"{self.tag}.{device}", parameter)

    def memory(self, device: str, memory: str) -> MemoryRef:
        """A memory of one of this component's sampled devices."""
        return MemoryRef(f"{self.tag}.{device}", memory)

    def link(self, name: str) -> Ref:
        """The outside signal that the machine file links to input ``name`` of this component."""
        return self._links[name]

    def linked(self, name: str) -> Ref | None:
        """The same for an optional link: ``None`` where the machine does not link it."""
        return self._links.get(name)


@dataclass(frozen=True)
class Component:
    """A family of the catalogue. See the package README for how to write one."""

    family: str
    letter: str
    """Letter of the tag in French practice (KM, KA, Q, F, S, H, B, M, YV, A…)."""
    text: Text
    sheet: Text
    """Data sheet text (a few lines of markdown): what it does, and the kind of sheet that the defaults come from."""
    parameters: tuple[Parameter, ...]
    ports: tuple[Port, ...] | Callable[[Parameters], tuple[Port, ...]]
    build: Callable[[Builder, Parameters], None]
    failure_modes: tuple[FailureMode, ...] | Callable[[Parameters], tuple[FailureMode, ...]] = ()
    channels: Callable[[str, Parameters], tuple[Channel, ...]] | None = None
    """``channels(tag, parameters)``: states for drawings."""
    signals: Mapping[str, Callable[[str, Parameters], Ref]] = field(default_factory=dict)
    """Signals that other components may link to: name -> function(tag, parameters) -> Ref."""
    links: tuple[str, ...] = ()
    """Names of the outside signals this component needs (a sensor needs ``target``)."""
    optional_links: tuple[str, ...] = ()
    """Names of outside signals that it uses where the machine links them (``Builder.linked`` tells)."""
    senses: Callable[[str, Parameters, Read], tuple[Perception, ...]] | None = None
    """``senses(tag, parameters, read)``: all that a person would perceive at this component, computed from physics."""
    spots: Callable[[str, Parameters], tuple[Spot, ...]] | None = None
    """``spots(tag, parameters)``: where its temperature and its vibration can be measured from outside."""
    suspends: Callable[[str, Parameters], tuple[Suspended, ...]] | None = None
    """``suspends(tag, parameters)``: loads to be propped before what holds them is taken off."""
    stored_energy: Callable[[str, Parameters, Read], Text | None] | None = None
    """``stored_energy(tag, parameters, read)``: what it keeps with the machine off, in words (``None``: nothing)."""
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    """Drawn parts by name ("coil", "contact_13_14", "main"). Every port of the family has a pin in at least one."""
    process: Callable[[str, Parameters, random.Random], Process] | None = None
    controls: Mapping[str, ParameterRef | str] = field(default_factory=dict)
    """What a hand can operate: control name -> "device.parameter" inside the component (a button: "pressed")."""
    adjusts: Mapping[str, str] = field(default_factory=dict)
    """Adjustable parameter -> "device.parameter" that it writes when set on the machine (1:1 value, same unit)."""
    purpose: str = ""
    """Main class of IEC 81346-2 (B, C, E, F, G, H, K, M, P, Q, R, S, T, U, W, X) where ``letter`` does not tell it."""
    curves: tuple[Curve, ...] = ()
    """Pictures of the catalogue that need more than one law; those of its laws come by themselves (``curve.py``)."""

    def ports_of(self, parameters: Parameters) -> tuple[Port, ...]:
        """Ports for these parameters (a PLC has as many as its card)."""
        return self.ports(parameters) if callable(self.ports) else self.ports

    def failure_modes_of(self, parameters: Parameters) -> tuple[FailureMode, ...]:
        """Failure modes for these parameters."""
        return self.failure_modes(parameters) if callable(self.failure_modes) else self.failure_modes

    def defaults(self) -> dict[str, Any]:
        """Default value of each parameter."""
        return {p.name: p.default for p in self.parameters}

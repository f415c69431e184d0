"""Laws: how a device answers to what it is connected to. Components declare them; the solver knows none of them.

Two kinds exist. A **continuous law** (:func:`law`) gives the flow that enters each of its terminals and the new
value of its states; it becomes a C kernel with its exact Jacobian. A **sampled law** (:func:`sampled`) runs once at
the end of a step, reads nodes, states, parameters or memories, and writes parameters of other devices: a coil moves an
armature, a rod hides a sensor, a fuse melts. Islands of the network exchange nothing but sampled signals.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from etabli.physics.expression import Phasor


class Domain(enum.Enum):
    """A domain of physics, with its across and its through variable."""

    DC = "dc"  # V, A
    AC = "ac"  # RMS phasor V, A: two unknowns a node
    PNEUMATIC = "pneumatic"  # bar absolute, g/s
    HYDRAULIC = "hydraulic"  # bar gauge, cm³/s
    TRANSLATION = "translation"  # m/s, N
    ROTATION = "rotation"  # rad/s, N·m
    THERMAL = "thermal"  # °C, W

    @property
    def unknowns(self) -> int:
        """Number of scalar unknowns of one node."""
        return 2 if self is Domain.AC else 1


class Stage(enum.IntEnum):
    """Order in which sampled laws run inside one step: what a stage writes, the next one reads."""

    SENSE = 0  # measures: current thresholds, positions, voltages
    ACTUATE = 1  # armatures, spools, thermal images
    SWITCH = 2  # contacts, orifice openings that follow an armature or a spool
    PROTECT = 3  # fuses, trips


class Fields:
    """Read-only named values: ``v.a``, ``p.resistance``. Unknown names raise ``AttributeError``."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"no value named {name!r} here; known: {', '.join(self._values)}") from None


T = TypeVar("T")
Flows = dict[str, Any]
States = dict[str, Any]
LawFunction = Callable[[Any, Any, Any, Any], tuple[Flows, States]]
SampledFunction = Callable[[Any, Any, Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Law:
    """A continuous law. ``function(v, p, s, ah) -> (flows, states)``.

    ``v`` across variables of the terminals (an AC terminal is a :class:`Phasor`), ``p`` parameters, ``s`` predicted
    states, ``ah`` the implicit weight of the stage in seconds: ``s_new = s + ah * ds/dt``. ``flows`` are positive INTO
    the device at each terminal.
    """

    name: str
    terminals: dict[str, Domain]
    parameters: tuple[str, ...]
    states: tuple[str, ...]
    friction: tuple[str, ...]
    function: LawFunction = field(compare=False)

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Scalar unknowns of each terminal."""
        return tuple(domain.unknowns for domain in self.terminals.values())

    def __call__(self, v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
        return self.function(v, p, s, ah)

    def evaluate(
        self, v: dict[str, Any], p: dict[str, float], s: dict[str, float] | None = None, ah: float = 1e-3
    ) -> tuple[Flows, States]:
        """Run the law on plain numbers (tests, data sheets, catalogue curves)."""
        return self.function(Fields(v), Fields(p), Fields(s or {}), ah)


@dataclass(frozen=True)
class SampledLaw:
    """A sampled law. ``function(r, p, m, h) -> {memory and written values}``; ``h`` is the time since it last ran, in
    seconds: a step, or a part of one about an event, never 0. A law that divides by ``h`` runs at ends of steps only.
    """

    name: str
    reads: tuple[str, ...]
    parameters: tuple[str, ...]
    memory: tuple[str, ...]
    writes: tuple[str, ...]
    stage: Stage
    function: SampledFunction = field(compare=False)

    def evaluate(
        self, r: dict[str, float], p: dict[str, float], m: dict[str, float] | None = None, h: float = 1e-3
    ) -> dict[str, Any]:
        """Run the law on plain numbers."""
        return self.function(Fields(r), Fields(p), Fields(m or {}), h)


LAWS: dict[str, Law] = {}
SAMPLED_LAWS: dict[str, SampledLaw] = {}


def law(
    terminals: dict[str, Domain],
    parameters: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    friction: tuple[str, ...] = (),
) -> Callable[[LawFunction], Law]:
    """Declare a continuous law; its name is the function's. ``friction`` names the velocity terminals whose sign change
    Newton must stop at (Coulomb friction)."""

    def declare(function: LawFunction) -> Law:
        made = Law(function.__name__, dict(terminals), parameters, states, friction, function)
        return _register(LAWS, made.name, made)

    return declare


def sampled(
    reads: tuple[str, ...],
    parameters: tuple[str, ...] = (),
    memory: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    stage: Stage = Stage.ACTUATE,
) -> Callable[[SampledFunction], SampledLaw]:
    """Declare a sampled law; its name is the function's."""

    def declare(function: SampledFunction) -> SampledLaw:
        made = SampledLaw(function.__name__, reads, parameters, memory, writes, stage, function)
        return _register(SAMPLED_LAWS, made.name, made)

    return declare


def _register(table: dict[str, T], name: str, made: T) -> T:
    if name in table:
        raise ValueError(f"two laws are named {name!r}: rename one of them")
    table[name] = made
    return made


__all__ = [
    "LAWS",
    "SAMPLED_LAWS",
    "Domain",
    "Fields",
    "Law",
    "Phasor",
    "SampledLaw",
    "Stage",
    "law",
    "sampled",
]

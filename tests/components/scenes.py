"""Scenes: a family at work, and how far a failure mode leaves the healthy measurements.

A scene is what drives a family, hand by hand, and what can be measured on it. A mode shows where a measurement leaves
the healthy one by more than 2 % of the healthy range somewhere in the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.rig import Rig, inject, run_for, set_parameter
from etabli.components.catalogue import catalogue
from etabli.components.component import Effect, FailureMode, Swap
from etabli.components.electrical.conductor import resistor
from etabli.components.sources import lab_voltage
from etabli.physics.network import GROUND, Ref
from etabli.physics.simulator import Simulator

SHOWS = 0.02


@dataclass(frozen=True)
class Scene:
    """A family at work under ``tag``; ``play`` is (parameter, value, seconds that follow)."""

    tag: str
    rig: Callable[[], Rig]
    play: tuple[tuple[str, float, float], ...]
    watched: tuple[Ref, ...]
    step_s: float = 0.005


def fed(rig: Rig, plus: str, minus: str, ohms: float = 5.0) -> Rig:
    """24 V that a short pulls down, its minus earthed."""
    rig.network.add("feed", lab_voltage, {"plus": plus, "minus": GROUND}, {"voltage": 24.0, "resistance": ohms})
    rig.network.add("earthing", resistor, {"a": minus, "b": GROUND}, {"resistance": 0.01})
    return rig


def contact(rig: Rig, a: str, *others: str) -> Rig:
    """24 V on one side of a contact, a relay input on each of the others."""
    rig.network.add("loop", lab_voltage, {"plus": a, "minus": GROUND}, {"voltage": 24.0, "resistance": 1.0})
    for other in others:
        rig.network.add(f"input {other}", resistor, {"a": other, "b": GROUND}, {"resistance": 3000.0})
    return rig


def played(scene: Scene, mode: FailureMode | None = None, degree: float = 0.0) -> NDArray[np.float64]:
    """What is measured in a scene, a column for each watched value."""
    rig = scene.rig()
    sim = Simulator(rig.network, scene.step_s)
    for effect in mode.effects if mode is not None else ():
        assert isinstance(effect, Effect)
        inject(sim, scene.tag, effect, degree)
    read, rows = sim.reader(scene.watched), []
    for path, value, seconds in scene.play:
        set_parameter(sim, path, value)
        for _ in range(round(seconds / scene.step_s)):
            sim.advance(1)
            rows.append(read())
    assert sim.unresolved == 0
    return np.array(rows)


def told(scene: Scene, mode: FailureMode | None = None, degree: float = 0.0) -> set[str]:
    """What eye, ear and hand find at the family, at the end of each part of the play."""
    rig = scene.rig()
    component, parameters = catalogue()[rig.families[scene.tag]], rig.parameters[scene.tag]
    assert component.senses is not None
    sim = rig.start(*(() if mode is None else (f"{scene.tag}.{mode.id}",)), degree=degree, step_s=scene.step_s)
    words = set()
    for path, value, seconds in scene.play:
        set_parameter(sim, path, value)
        run_for(sim, seconds)
        words |= {p.text.en for p in component.senses(scene.tag, parameters, sim.read)}
    return words


def modes(scenes: Mapping[str, Scene]) -> Iterator[tuple[str, FailureMode]]:
    """Every failure mode of these families that is a change of a parameter (crossed hoses are a matter of building)."""
    for family in scenes:
        component = catalogue()[family]
        for mode in component.failure_modes_of(component.defaults()):
            if not any(isinstance(effect, Swap) for effect in mode.effects):
                yield family, mode


def departures(scene: Scene, mode: FailureMode) -> dict[float, float]:
    """Largest departure from the healthy measurements, as a share of the healthy range, at both ends of the mode."""
    healthy = played(scene)
    scale = np.maximum(np.ptp(healthy, axis=0), 1e-3 * np.abs(healthy).max(axis=0) + 1e-9)
    ends = sorted(set(mode.degrees))
    return {end: float((np.abs(played(scene, mode, end) - healthy).max(axis=0) / scale).max()) for end in ends}


def assert_shows(scene: Scene, mode: FailureMode) -> None:
    """The mode shows at both ends of its range."""
    found = departures(scene, mode)
    assert min(found.values()) > SHOWS, found

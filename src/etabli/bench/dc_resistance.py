"""Resistance between two points of the AC part for a direct current: what an ohmmeter sees there when it is dead.

The AC network is solved in phasors, so its resistive image is built from what each family says of its present state
(:mod:`etabli.components.electrical.dc_image`) and solved here, by elimination node by node (star-mesh transform):
plain Python floats in a fixed order, so the result is the same on every machine.
"""

from __future__ import annotations

import math
from typing import Any

from etabli.bench.plant import Nodes, Plant
from etabli.components.component import Read
from etabli.components.electrical.dc_image import DC_IMAGES
from etabli.physics.network import GROUND

_LEAST_OHM = 1e-4
_NOTHING_S = 1e-12

Cached = tuple[tuple[Any, ...], float]


def ac_resistance(plant: Plant, nodes: Nodes, read: Read, a: str, b: str, known: Cached | None) -> tuple[float, Cached]:
    """Resistance in ohm (``inf``: open) between the nodes ``a`` and ``b``; and what to give next time as ``known``."""
    if a == b:
        return 0.0, ((a, b), 0.0)
    branches = _branches(plant, nodes, read)
    key = (a, b, *branches)
    if known is not None and known[0] == key:
        return known[1], known
    ohms = _solve(branches, a, b)
    return ohms, (key, ohms)


def _branches(plant: Plant, nodes: Nodes, read: Read) -> tuple[tuple[str, str, float], ...]:
    found: list[tuple[str, str, float]] = []
    reading = nodes.reader(read)
    for tag, part in plant.parts.items():
        image = DC_IMAGES.get(part.component.family)
        if image is None:
            continue
        ports = {port.name for port in part.ports}

        def full(local: str, tag: str = tag, ports: set[str] = ports) -> str:
            if local == GROUND:
                return GROUND
            if ":" in local:  # a point of another part
                return nodes(local)
            return nodes(f"{tag}:{local}") if local in ports else f"{tag}.{local}"

        found.extend((full(x), full(y), ohms) for x, y, ohms in image(tag, part.parameters, reading))
    return tuple(found)


def _solve(branches: tuple[tuple[str, str, float], ...], a: str, b: str) -> float:
    star: dict[str, dict[str, float]] = {a: {}, b: {}}
    for x, y, ohms in branches:
        if x != y:
            _join(star, x, y, 1.0 / max(ohms, _LEAST_OHM))
    while len(star) > 2:
        node = min((n for n in star if n not in (a, b)), key=lambda n: len(star[n]))
        _eliminate(star, node)
    siemens = star[a].get(b, 0.0)
    return 1.0 / siemens if siemens > _NOTHING_S else math.inf


def _join(star: dict[str, dict[str, float]], x: str, y: str, siemens: float) -> None:
    for one, other in ((x, y), (y, x)):
        around = star.setdefault(one, {})
        around[other] = around.get(other, 0.0) + siemens


def _eliminate(star: dict[str, dict[str, float]], node: str) -> None:
    around = star.pop(node)
    total = sum(around.values())
    neighbours = list(around.items())
    for other, _ in neighbours:
        star[other].pop(node)
    for i, (x, first) in enumerate(neighbours):
        for y, second in neighbours[i + 1 :]:
            _join(star, x, y, first * second / total)

"""What the true physics says of an action, whatever the person believes: live parts, residual pressure, moving parts.

Thresholds: 50 V AC and 120 V DC (limits of extra-low voltage, EN 61140); 5 V for "no voltage" and 0.1 bar for "no
pressure" (lock-out practice); an accident with air from 1 bar on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from etabli.bench.plant import Nodes, Plant
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, NodeRef
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text

HAZARD_V = {Domain.AC: 50.0, Domain.DC: 120.0}
ABSENT_V = 5.0
ABSENT_BAR = 0.1
ACCIDENT_BAR = 1.0
AT_REST = {Domain.TRANSLATION: 0.02, Domain.ROTATION: 0.5}
"""Speeds below which a part is at rest: m/s, rad/s."""
LIVE_WORK_EPI = frozenset({"gloves", "face_shield"})


@dataclass(frozen=True)
class Hazard:
    """What physics holds against an action."""

    kind: str
    accident: bool
    text: Text


def _burst(domain: Domain | None, fr: str, en: str, point: str) -> Text:
    """What a fitting undone under pressure does."""
    if domain is Domain.HYDRAULIC:
        return Text(
            f"un jet d'huile traverse la peau : il restait {fr} bar en {point}",
            f"a jet of oil goes through the skin: {en} bar were left at {point}",
        )
    return Text(
        f"le flexible fouette : il restait {fr} bar en {point}", f"the hose whips: {en} bar were left at {point}"
    )


class Judge:
    """Looks at the present values of one bench."""

    def __init__(self, plant: Plant, simulator: Callable[[], Simulator], nodes: Callable[[], Nodes]) -> None:
        self._plant = plant
        self._simulator = simulator
        self._nodes = nodes

    # --- energies ---------------------------------------------------------------------------------

    def volts(self, point: str) -> tuple[float, Domain | None]:
        """Voltage of a point to earth: RMS for AC, absolute for DC."""
        node = self._nodes()(point)
        simulator = self._simulator()
        domain = simulator.network.nodes.get(node)
        if node == GROUND or domain not in HAZARD_V:
            return 0.0, None
        value = simulator.read(NodeRef(node))
        if domain is Domain.AC:
            return math.hypot(value, simulator.read(NodeRef(node, 1))), domain
        return abs(value), domain

    def gauge_bar(self, point: str) -> float:
        """Pressure of a point above the workshop air; 0 for a point with neither air nor oil."""
        node = self._nodes()(point)
        simulator = self._simulator()
        domain = simulator.network.nodes.get(node)
        if domain is Domain.HYDRAULIC:
            return simulator.read(NodeRef(node))
        return simulator.read(NodeRef(node)) - ATMOSPHERE_BAR if domain is Domain.PNEUMATIC else 0.0

    def _mechanical(self, tag: str) -> Iterable[tuple[str, Domain]]:
        simulator, nodes = self._simulator(), self._nodes()
        ports = {nodes(f"{tag}:{port.name}") for port in self._plant.parts[tag].ports}
        for node, domain in simulator.network.nodes.items():
            if domain in AT_REST and (node in ports or node.startswith(f"{tag}.")):
                yield node, domain

    def moves(self, tag: str) -> bool:
        """Whether something turns or slides in this part now."""
        simulator = self._simulator()
        return any(abs(simulator.read(NodeRef(node))) > AT_REST[domain] for node, domain in self._mechanical(tag))

    def can_move(self, tag: str) -> bool:
        """Whether this part has anything that turns or slides."""
        return next(iter(self._mechanical(tag)), None) is not None

    def is_dead(self, points: Iterable[str]) -> bool:
        """No point has more than 12 V to earth."""
        return all(self.volts(p)[0] < 12.0 for p in points)

    # --- judging ----------------------------------------------------------------------------------

    def electrical(self, points: Iterable[str], epi: Iterable[str]) -> Hazard | None:
        """Hands on these terminals."""
        worst: tuple[float, str, Domain | None] = (0.0, "", None)
        for point in points:
            volts, domain = self.volts(point)
            if domain is not None and volts / HAZARD_V[domain] > (worst[0] / HAZARD_V[worst[2]] if worst[2] else 0.0):
                worst = (volts, point, domain)
        volts, point, domain = worst
        if domain is None or volts <= ABSENT_V:
            return None
        shown = f"{volts:.0f} V"
        if volts > HAZARD_V[domain]:
            accident = not set(epi) >= LIVE_WORK_EPI
            shock_fr, shock_en = (
                ("électrisation", "electric shock") if accident else ("travail sous tension", "live work")
            )
            return Hazard(
                "live",
                accident,
                Text(f"{shock_fr} : {shown} à la terre en {point}", f"{shock_en}: {shown} to earth at {point}"),
            )
        return Hazard(
            "live",
            False,
            Text(
                f"circuit encore alimenté : {shown} en {point}, risque de court-circuit",
                f"circuit still powered: {shown} at {point}, risk of short circuit",
            ),
        )

    def pressure(self, points: Iterable[str]) -> Hazard | None:
        """A fitting undone, of air or of oil."""
        pressures = [(self.gauge_bar(p), p) for p in points]
        bar, point = max(pressures, default=(0.0, ""))
        if bar <= ABSENT_BAR:
            return None
        fr, en = f"{bar:.1f}".replace(".", ","), f"{bar:.1f}"
        if bar > ACCIDENT_BAR:
            return Hazard(
                "pressure",
                True,
                _burst(self._plant.domains.get(point), fr, en, point),
            )
        return Hazard(
            "pressure",
            False,
            Text(f"pression résiduelle : {fr} bar en {point}", f"residual pressure: {en} bar at {point}"),
        )

    def mechanical(self, tag: str, locked: bool) -> Hazard | None:
        """Hands in the reach of a moving part."""
        if self.moves(tag):
            return Hazard(
                "moving",
                True,
                Text(f"{tag} est en mouvement : la main est happée", f"{tag} is moving: the hand is caught"),
            )
        if self.can_move(tag) and not locked:
            return Hazard(
                "unlocked",
                False,
                Text(
                    f"{tag} peut démarrer : les énergies ne sont pas condamnées",
                    f"{tag} may start: the energies are not locked out",
                ),
            )
        return None

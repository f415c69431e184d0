"""What the true physics says of an action, whatever the person believes: live parts, residual pressure, moving parts.

Thresholds: 50 V AC and 120 V DC (limits of extra-low voltage, EN 61140); 5 V for "no voltage" and 0.1 bar for "no
pressure" (lock-out practice); an accident with air from 1 bar on. Loads that hang, oil that stays stored and hot
surfaces are judged too, and lines that the PLC may put under pressure while they are open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from etabli.bench.flows import device_flows
from etabli.bench.plant import FLUIDS, Nodes, PlacedLoad, Plant
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
CARRIES = {Domain.TRANSLATION: 50.0, Domain.ROTATION: 2.0}
"""Force (N) and torque (N·m) from which a part is said to carry something."""
SINKS_M, FALLS_M, TRIAL_S = 0.002, 0.01, 1.0
"""A load that comes down by so much within the trial sinks (a danger) or falls (an accident). Faster than 10 mm/s, the
slow closing speed of press standards (EN 693, EN ISO 16092-3), nobody counts on a hand being drawn back in time."""
COMMAND_S = 0.5
"""Within this time after a command of the PLC a valve has switched and its line has filled."""
BURNS_C = 65.0
"""Bare metal burns at a touch of a second (EN ISO 13732-1: 65 to 70 °C)."""
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


def _arriving(domain: Domain | None, address: str, bar: float, point: str) -> Hazard:
    """What one command of the PLC would do to an open line."""
    fr, en = f"{bar:.0f}", f"{bar:.0f}"
    if domain is Domain.HYDRAULIC:
        text = Text(
            f"un jet d'huile traverse la peau : la sortie {address} de l'automate met {fr} bar en {point}",
            f"a jet of oil goes through the skin: output {address} of the PLC puts {en} bar on {point}",
        )
        return Hazard("pressure", True, text)
    text = Text(
        f"énergie non condamnée : la sortie {address} de l'automate met {fr} bar en {point}",
        f"energy not locked out: output {address} of the PLC puts {en} bar on {point}",
    )
    return Hazard("pressure", False, text)


class Judge:
    """Looks at the present values of one bench."""

    def __init__(
        self,
        plant: Plant,
        simulator: Callable[[], Simulator],
        nodes: Callable[[], Nodes],
        opened: Callable[[Sequence[str]], Simulator],
        props: Callable[[], Sequence[str]],
    ) -> None:
        """``opened(points)``: a copy of the simulator with these fittings open; ``props``: the loads propped."""
        self._plant = plant
        self._opened = opened
        self._props = props
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
        return self._gauge_bar(self._simulator(), NodeRef(self._nodes()(point)))

    @staticmethod
    def _gauge_bar(simulator: Simulator, ref: NodeRef) -> float:
        domain = simulator.network.nodes.get(ref.node)
        if domain is Domain.HYDRAULIC:
            return simulator.read(ref)
        return simulator.read(ref) - ATMOSPHERE_BAR if domain is Domain.PNEUMATIC else 0.0

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

    def opening(self, points: Iterable[str]) -> list[Hazard | None]:
        """A line of air or oil opened at these points: what is in it, what stays stored, what it held up."""
        known = list(points)
        oil = [p for p in known if self._plant.domains.get(p) is Domain.HYDRAULIC]
        pressure = self.pressure(known)
        arrives = None if pressure is not None and pressure.accident else self.commanded(known)
        return [pressure, arrives, self.falling(oil), self.stored() if oil else None]

    def commanded(self, points: Iterable[str]) -> Hazard | None:
        """A line opened that only a valve keeps dead: the work lasts, and the PLC may switch the valve meanwhile.

        A spool is no isolation (EN ISO 14118, ISO 4413). Each output of the PLC is switched in turn on a copy of the
        machine, and the pressure that comes to these points is read: nothing comes where the solenoids have no voltage
        or the source stands. Oil that comes is an accident, for its jet goes through the skin; air is a danger.
        """
        nodes = self._nodes()
        read = {p: NodeRef(nodes(p)) for p in points if self._plant.domains.get(p) in FLUIDS}
        if not read:
            return None
        trial = self._opened(())
        start, worst = trial.snapshot(), (ACCIDENT_BAR, "", "")
        for address in self._plant.plc_outputs:
            trial.restore(start)
            output = self._plant.output_ref(address)
            trial.write(output, 0.0 if trial.read(output) > 0.5 else 1.0)
            trial.advance(round(COMMAND_S / trial.step_s))
            worst = max(worst, *((self._gauge_bar(trial, ref), address, p) for p, ref in read.items()))
        bar, address, point = worst
        return _arriving(self._plant.domains.get(point), address, bar, point) if address else None

    def stored(self) -> Hazard | None:
        """An accumulator that nobody has drained (ISO 4413: discharged or isolated before any work)."""
        read = self._nodes().reader(self._simulator().read)
        for tag, part in self._plant.parts.items():
            if part.component.stored_energy is None:
                continue
            text = part.component.stored_energy(tag, part.parameters, read)
            if text is not None:
                return Hazard(
                    "stored", False, Text(f"circuit ouvert alors que {text.fr}", f"line opened while {text.en}")
                )
        return None

    def falling(self, points: Sequence[str]) -> Hazard | None:
        """A load that comes down when the oil at these points can leave: tried on a copy of the machine."""
        if not points or not self._plant.loads:
            return None
        calm, opened = self._sunk(()), self._sunk(points)
        for placed in self._plant.loads.values():
            sunk = opened[placed.id] - calm[placed.id]
            if sunk > SINKS_M:
                mm, what = round(1000.0 * sunk), placed.load.text
                return Hazard(
                    "suspended",
                    sunk > FALLS_M,
                    Text(
                        f"charge non calée : {what.fr} ({placed.tag}) descend de {mm} mm dans la seconde",
                        f"load not propped: {what.en} ({placed.tag}) comes down by {mm} mm within a second",
                    ),
                )
        return None

    def _sunk(self, points: Sequence[str]) -> dict[str, float]:
        """How far each load comes down within a second with these points open, m."""
        trial, resolve = self._opened(points), self._nodes().resolve
        places = {i: (resolve(placed.load.position), placed.load.down) for i, placed in self._plant.loads.items()}
        before = {i: trial.read(ref) for i, (ref, _) in places.items()}
        trial.advance(round(TRIAL_S / trial.step_s))
        return {i: down * (trial.read(ref) - before[i]) for i, (ref, down) in places.items()}

    def unloaded(self, tag: str) -> Hazard | None:
        """A part taken off that carries a suspended load (its force is in the part now), without a prop under it."""
        loads = self._held_by(tag)
        if not loads or not self._carries(tag):
            return None
        named = " + ".join(f"{placed.load.text.fr} {placed.tag}" for placed in loads)
        english = " + ".join(f"{placed.load.text.en} {placed.tag}" for placed in loads)
        return Hazard(
            "suspended",
            True,
            Text(f"charge non calée : {tag} retenait {named}", f"load not propped: {tag} held {english}"),
        )

    def _held_by(self, tag: str) -> list[PlacedLoad]:
        """Loads that hang on this part and are not propped: those on its own ports, else all of its drive."""
        nodes, props = self._nodes(), self._props()
        own = {nodes(f"{tag}:{p.name}") for p in self._plant.parts[tag].ports if p.domain in AT_REST}
        if not own or not self._plant.loads:
            return []
        direct = [placed for placed in self._plant.loads.values() if nodes(placed.point) in own and placed.tag != tag]
        if direct:
            return [placed for placed in direct if placed.id not in props]
        joined = self._joined(own)
        drive = [placed for placed in self._plant.loads.values() if nodes(placed.point) in joined and placed.tag != tag]
        return [] if any(placed.id in props for placed in drive) else drive

    def _joined(self, nodes: set[str]) -> set[str]:
        """Nodes of moving parts that drive one another with these."""
        network = self._simulator().network
        links = [
            {n for n in device.nodes if network.nodes.get(n) in AT_REST} - {GROUND}
            for device in network.devices.values()
        ]
        found, grown = set(nodes), True
        while grown:
            more = set().union(*(link for link in links if link & found)) - found
            found, grown = found | more, bool(more)
        return found

    def _carries(self, tag: str) -> bool:
        """Whether a force or a torque goes through this part now."""
        simulator = self._simulator()
        network = simulator.network
        through: dict[str, float] = {}
        for name in network.devices:
            if not name.startswith(f"{tag}."):
                continue
            device = network.devices[name]
            flows = device_flows(simulator, name) if any(d in AT_REST for d in device.law.terminals.values()) else {}
            for (terminal, domain), node in zip(device.law.terminals.items(), device.nodes, strict=True):
                if domain in AT_REST:
                    through[node] = through.get(node, 0.0) + float(flows[terminal])
        return any(abs(f) > CARRIES[network.nodes[n]] for n, f in through.items() if n in network.nodes)

    def hot(self, tag: str) -> Hazard | None:
        """A bare hand on a surface that burns."""
        read = self._nodes().reader(self._simulator().read)
        spots = [placed.spot for placed in self._plant.spots.values() if placed.tag == tag]
        celsius, text = max(
            ((s.celsius(read), s.text) for s in spots if s.celsius is not None),
            key=lambda each: each[0],
            default=(0.0, None),
        )
        if celsius < BURNS_C or text is None:
            return None
        shown = f"{celsius:.0f} °C"
        return Hazard("hot", False, Text(f"brûlure : {tag}, {text.fr} à {shown}", f"burn: {tag}, {text.en} at {shown}"))

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

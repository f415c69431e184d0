"""Senses: what a person sees, hears, feels at a component, computed from the physics by the component's own file."""

from __future__ import annotations

from typing import Any

from etabli.bench.judgement import Judge
from etabli.bench.plant import ELECTRICAL, Nodes, Plant
from etabli.bench.state import BenchState
from etabli.components.component import Perception, Read, Sense
from etabli.physics.text import Text

NOTHING = {
    Sense.LOOK: Text("Rien d'anormal à l'œil.", "Nothing abnormal to the eye."),
    Sense.LISTEN: Text("Pas de bruit particulier.", "No particular noise."),
    Sense.TOUCH: Text("Rien de particulier au toucher.", "Nothing particular to the touch."),
}
VISIBLE_FROM = 0.3
"""Degree from which a damage can be seen on the part."""


class Senses:
    """Perceptions of one bench."""

    def __init__(self, plant: Plant, state: BenchState, judge: Judge) -> None:
        self._plant = plant
        self._state = state
        self._judge = judge

    def at(self, tag: str, sense: Sense, read: Read, nodes: Nodes) -> list[dict[str, Any]]:
        """What one sense finds at one part; never empty."""
        found = [p.text for p in self._perceptions(tag, read, nodes) if p.sense is sense]
        if sense is Sense.LOOK:
            found += self._damage(tag)
        return [_entry(tag, sense, text) for text in found or [NOTHING[sense]]]

    def around(self, sense: Sense, read: Read, nodes: Nodes) -> list[dict[str, Any]]:
        """What one sense finds over the whole machine; enclosed parts only with the cabinet open."""
        found = []
        for tag in self._plant.parts:
            if self._plant.is_enclosed(tag) and not self._state.cabinet_open:
                continue
            found += [_entry(tag, sense, p.text) for p in self._perceptions(tag, read, nodes) if p.sense is sense]
        return found or [_entry("", sense, NOTHING[sense])]

    def _perceptions(self, tag: str, read: Read, nodes: Nodes) -> tuple[Perception, ...]:
        part = self._plant.parts[tag]
        if part.component.senses is None:
            return ()
        return part.component.senses(tag, part.parameters, nodes.reader(read))

    def _damage(self, tag: str) -> list[Text]:
        """What a close look shows on a part without power (burnt, cut, loose)."""
        if self._plant.hides_terminals(tag) and not self._state.cabinet_open:
            return []
        points = [f"{tag}:{p.name}" for p in self._plant.parts[tag].ports if p.domain in ELECTRICAL]
        if not self._judge.is_dead(points):
            return []
        found = []
        for fault in self._state.faults:
            mode = self._plant.machine.fault(fault.id).mode
            if (
                fault.tag == tag
                and fault.started
                and fault.cured_tick is None
                and fault.level >= VISIBLE_FROM
                and mode.visible
            ):
                found.append(mode.visible)
        return found


def _entry(tag: str, sense: Sense, text: Text) -> dict[str, Any]:
    return {"tag": tag, "sense": sense.value, "text": {"fr": text.fr, "en": text.en}}

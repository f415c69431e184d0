"""Safety switch of a guard door: separate actuator (tongue), two positive-opening break contacts, one make contact."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Polygon, Shape
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.components.hand import add_hand
from etabli.physics.expression import less, maximum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

CHANNELS = (("11", "12"), ("21", "22"))


@sampled(reads=("door",), parameters=("bypassed", "misaligned"), memory=("position",), stage=Stage.SWITCH)
def guard_tongue(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """0 with the tongue in the head, 1 out. ``bypassed`` (0/1): a spare tongue stays in; ``misaligned`` (0…1): the
    tongue no longer goes all the way in (EN ISO 14119: defeat, alignment)."""
    return {"position": maximum(r.door * less(p.bypassed, 0.5), p.misaligned)}


explain(
    guard_tongue,
    Text(
        "Languette d'un interrupteur de protecteur : sortie quand la porte s'ouvre ; un désalignement la garde en "
        "partie sortie, une languette de rechange la garde dedans (EN ISO 14119).",
        "Tongue of a guard switch: out when the door opens; misalignment keeps it partly out, a spare tongue keeps it "
        "in (EN ISO 14119).",
    ),
    Curve(
        Text("sortie de la languette selon l'ouverture de la porte", "tongue position against door opening"),
        Axis(Text("ouverture de la porte", "door opening")),
        Axis(Text("languette (0 en place, 1 sortie)", "tongue (0 in, 1 out)")),
        sweep(0.0, 1.0, lambda d, x: d.step(door=x)["position"]),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "door", float(p["initial_open"]))
    b.sample(
        "tongue",
        guard_tongue,
        {"door": b.memory("door", "position")},
        {"bypassed": 0.0, "misaligned": 0.0},
        initial={"position": float(p["initial_open"])},
    )
    position, closed_now = b.memory("tongue", "position"), p["initial_open"] < 0.5
    for top, bottom in CHANNELS:
        add_contact(b, top, bottom, position, normally_closed=True, closed_now=closed_now)
    add_contact(b, "33", "34", position, closed_now=not closed_now)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.door", "head")) > 0.5:
        return (Perception(Sense.LOOK, Text("Le protecteur est ouvert.", "The guard is open.")),)
    return (Perception(Sense.LOOK, Text("Le protecteur est fermé.", "The guard is closed.")),)


def _tongue() -> tuple[Shape, ...]:
    return (
        Polygon(((0.6, 1.4), (1.6, 1.4), (1.6, 1.8), (1.1, 1.8), (1.1, 2.3), (1.6, 2.3), (1.6, 2.7), (0.6, 2.7))),
        Line(((1.6, 2.05), (3.5, 2.05)), "dashed"),
    )


COMPONENT = Component(
    family="guard_switch",
    letter="S",
    text=Text("interrupteur de protecteur", "guard switch"),
    sheet=Text(
        "Interrupteur de sécurité à languette séparée pour protecteur mobile (EN ISO 14119, type 2). Protecteur "
        "fermé : "
        "11-12 et 21-22 fermés (ouverture positive), 33-34 ouvert. Le protecteur se cadenasse. Valeurs : fiche EN "
        "60947-5-1 d'interrupteur à languette.",
        "Safety switch with separate tongue for a movable guard (EN ISO 14119, type 2). Guard closed: 11-12 and 21-22 "
        "closed (positive opening), 33-34 open. The guard can be padlocked. Values: EN 60947-5-1 sheet of a tongue "
        "switch.",
    ),
    parameters=(
        Parameter("initial_open", Text("protecteur ouvert au départ", "guard open at the start"), "", 0, 0, 1),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("11", "12", "21", "22", "33", "34")),
    build=_build,
    failure_modes=(
        FailureMode(
            "bypassed",
            Text("languette de rechange laissée dans la tête (sécurité neutralisée)", "spare tongue left in the head"),
            (Effect("tongue.bypassed", 1.0),),
            rate=0.3,
            visible=Text(
                "Une languette qui n'est vissée à rien reste dans la tête.",
                "A tongue screwed to nothing stays in the head.",
            ),
        ),
        FailureMode(
            "misaligned",
            Text("protecteur affaissé : la languette n'entre pas à fond", "sagging guard: the tongue stays half out"),
            (Effect("tongue.misaligned", 0.5),),
            repair=Repair.ADJUST,
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=1.2,
            degrees=(0.7, 1.0),
            visible=Text("La languette frotte au bord de la fente.", "The tongue rubs on the edge of the slot."),
        ),
        *(contact_not_closing(a, c, rate=0.7) for a, c in CHANNELS),
        *(contact_resistive(a, c, ohms=30000.0, rate=0.7) for a, c in CHANNELS),
        *(contact_welded(a, c, rate=0.2) for a, c in CHANNELS),
        contact_not_closing("33", "34", rate=0.5),
        contact_resistive("33", "34", ohms=30000.0, rate=0.5),
    ),
    channels=lambda tag, p: (
        Channel("open", MemoryRef(f"{tag}.door", "head"), seen=True, text=Text("protecteur ouvert", "guard open")),
    ),
    signals={"open": lambda tag, p: MemoryRef(f"{tag}.door", "head")},
    senses=_senses,
    symbols={
        **{f"contact_{a}_{c}": contact_symbol(a, c, "open", closed=True, left=_tongue()) for a, c in CHANNELS},
        "contact_33_34": contact_symbol("33", "34", "open", left=_tongue()),
    },
    controls={"open": "door.position", "lock": "door.locked"},
)

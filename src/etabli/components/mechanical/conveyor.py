"""Belt conveyor of a sorting cell, with the parts it carries."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
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
from etabli.components.curve import explain
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.belt_parts import RODS, Layout, SortingBelt
from etabli.components.mechanical.friction import translation_friction
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.mechanical.slip_drive import drum_drive
from etabli.physics.expression import clamp
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import NodeRef, ParameterRef, Ref
from etabli.physics.text import Text

_CREEP_M_S = 0.005
_DRUM = Text("du tambour", "of the drum")
SPEED_FULL_SCALE_M_S = 0.5


@sampled(reads=(), parameters=("value",), memory=("held",), stage=Stage.SENSE)
def held_value(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """A value that a process writes (0/1 for a station) and that sensors read."""
    return {"held": p.value}


explain(
    held_value,
    Text("Valeur écrite par le procédé, lue par les capteurs.", "A value that the process writes and sensors read."),
)


@sampled(reads=("outside",), memory=("fraction",), stage=Stage.SENSE)
def rod_image(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Rod of a cylinder linked to the conveyor, 0 retracted … 1 extended."""
    return {"fraction": clamp(r.outside, 0.0, 1.0)}


explain(rod_image, Text("Position d'une tige liée.", "Position of a linked rod."))


def _rods_used(layout: Layout) -> tuple[str, ...]:
    ejectors = {name for name, _ in layout.ejectors}
    return tuple(name for name in RODS if name in ejectors or (name == "stop" and layout.stop_at is not None))


def _build(b: Builder, p: Parameters) -> None:
    layout = Layout.of(p)
    radius = float(p["drum_diameter_mm"]) * 0.5e-3
    add_shaft(b, "drive", "drum", 4e-3, float(p["bearing_nm"]), 0.01)
    b.device(
        "drum",
        drum_drive,
        {"drum": "drive", "belt": "belt"},
        {"radius": radius, "limit": p["grip_n"], "creep": _CREEP_M_S},
    )
    b.device("belt_mass", moving_mass, {"w": "belt"}, {"mass": p["belt_kg"]})
    b.device(
        "belt_friction",
        translation_friction,
        {"w": "belt"},
        {"coulomb": p["friction_n"], "stiction": 1.3, "viscous": 30.0},
    )
    for station in layout.stations:
        b.sample(f"at_{station.name}", held_value, {}, {"value": 0.0})
    for name in _rods_used(layout):
        b.sample(name, rod_image, {"outside": b.link(name)})


class _StationSignals(Mapping[str, Callable[[str, Parameters], Ref]]):
    """Signals of a conveyor: its belt speed, and ``at_NAME`` for each station of its parameters."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> Callable[[str, Parameters], Ref]:
        if name == "belt_speed":
            return lambda tag, p: NodeRef(f"{tag}.belt")
        if name.startswith("at_"):
            return _station_signal(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(("belt_speed", *(f"at_{name}" for name in self._known)))

    def __len__(self) -> int:
        return 1 + len(self._known)


def _station_signal(name: str) -> Callable[[str, Parameters], Ref]:
    def signal(tag: str, p: Parameters) -> Ref:
        stations = [f"at_{station}" for station in p["stations"]]
        if name not in stations:
            raise KeyError(f"{tag} has no station signal {name!r}: choose one of {', '.join(stations)}")
        return ParameterRef(f"{tag}.{name}", "value")

    return signal


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}.belt"), 0.0, SPEED_FULL_SCALE_M_S, seen=True, text=Text("vitesse", "speed")),
        Channel("drum", NodeRef(f"{tag}:drive"), 0.0, 20.0, seen=True, text=Text("vitesse du tambour", "drum speed")),
    )


def _belt_words(belt: float, drum: float) -> Text:
    if abs(drum - belt) > 0.03:
        return Text(
            "Le tambour tourne plus vite que la bande : elle patine.", "The drum turns faster than the belt: it slips."
        )
    if belt > 0.01:
        return Text("La bande avance.", "The belt moves forward.")
    if belt < -0.01:
        return Text("La bande recule.", "The belt moves backwards.")
    return Text("La bande est arrêtée.", "The belt stands still.")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    belt = read(NodeRef(f"{tag}.belt"))
    drum = read(NodeRef(f"{tag}:drive")) * float(p["drum_diameter_mm"]) * 0.5e-3
    found = [Perception(Sense.LOOK, _belt_words(belt, drum))]
    if abs(drum - belt) > 0.03:
        found.append(Perception(Sense.LISTEN, Text("La bande crisse sur le tambour.", "The belt squeals on the drum.")))
    friction = read(ParameterRef(f"{tag}.belt_friction", "coulomb"))
    if abs(belt) > 0.01 and friction > 1.5 * float(p["friction_n"]):
        found.append(
            Perception(Sense.LISTEN, Text("La bande frotte contre le châssis.", "The belt rubs against the frame."))
        )
    return (*found, *shaft_senses(tag, "drum", f"{tag}:drive", float(p["bearing_nm"]), read, _DRUM))


_MODES = (
    FailureMode(
        "off_track",
        Text("bande déportée : elle frotte au châssis", "belt off track: it rubs on the frame"),
        (Effect("belt_friction.coulomb", 2.4, relative=True),),
        Repair.ADJUST,
        (Onset.GROWING, Onset.SUDDEN),
        1.5,
        (0.5, 1.0),
        Text(
            "La bande touche le bord du châssis, de la poussière noire s'y amasse.",
            "The belt touches the frame; black dust gathers.",
        ),
    ),
    FailureMode(
        "overload",
        Text("surcharge : un carton coincé sous la bande", "overload: cardboard stuck under the belt"),
        (Effect("belt_friction.coulomb", 30.0, relative=True),),
        Repair.CLEAN,
        (Onset.SUDDEN,),
        1.0,
        (0.5, 1.0),
        Text("Un morceau de carton est coincé sous la bande.", "A piece of cardboard is stuck under the belt."),
    ),
    FailureMode(
        "slack",
        Text("bande détendue : elle patine sur le tambour", "slack belt: it slips on the drum"),
        (Effect("drum.limit", 0.06, relative=True, logarithmic=True),),
        Repair.ADJUST,
        (Onset.GROWING, Onset.SUDDEN),
        1.5,
        (0.8, 1.0),
        Text("Le brin inférieur de la bande pend.", "The lower strand of the belt sags."),
    ),
    FailureMode(
        "torn",
        Text("agrafe de la bande arrachée", "belt fastener torn off"),
        (Effect("drum.limit", 0.0),),
        rate=0.4,
        visible=Text("La bande est ouverte à son agrafe.", "The belt is open at its fastener."),
    ),
    *bearing_modes("drum", 40.0, 600.0, _DRUM),
)

_STATIONS = {
    "entry": {"at": 0.15, "detects": "any"},
    "height": {"at": 0.45, "detects": "tall"},
    "metal": {"at": 0.45, "detects": "metal"},
    "stop": {"at": 0.45, "detects": "any"},
}


def _process(tag: str, p: Parameters, rng: random.Random) -> SortingBelt:
    return SortingBelt(tag, p, rng)


COMPONENT = Component(
    family="conveyor",
    letter="G",
    purpose="G",
    text=Text("convoyeur à bande", "belt conveyor"),
    sheet=Text(
        "Bande entraînée par un tambour ; les pièces entrent à intervalles irréguliers, passent devant les détecteurs, "
        "sont retenues par la butée et poussées par les éjecteurs. Valeurs : fiche de petit convoyeur à bande 150 mm, "
        "tambour Ø 80 mm, pièces de 60 mm.",
        "Belt driven by a drum; parts enter at irregular intervals, pass the sensors, are held by the stop and pushed "
        "by the ejectors. Values: data sheet of a small 150 mm belt conveyor, 80 mm drum, parts of 60 mm.",
    ),
    parameters=(
        Parameter("length", Text("longueur", "length"), "m", 1.5, 0.2, 50.0),
        Parameter("drum_diameter_mm", Text("diamètre du tambour", "drum diameter"), "mm", 80.0, 10.0, 1000.0),
        Parameter("belt_kg", Text("masse mobile", "moving mass"), "kg", 6.0, 0.1, 5000.0),
        Parameter("friction_n", Text("frottement de la bande", "belt friction"), "N", 60.0, 1.0, 20000.0),
        Parameter("grip_n", Text("adhérence du tambour", "grip of the drum"), "N", 900.0, 1.0, 1e6),
        Parameter("bearing_nm", Text("frottement d'un palier", "friction of a bearing"), "N·m", 0.1, 0.001, 50.0),
        Parameter("part_length", Text("longueur d'une pièce", "length of a part"), "m", 0.06, 0.005, 2.0),
        Parameter("stations", Text("postes de détection", "detection stations"), "", _STATIONS),
        Parameter("ejectors", Text("places des éjecteurs", "places of the ejectors"), "m", (0.8, 1.15)),
        Parameter("pusher_width", Text("largeur d'un poussoir", "width of a pusher"), "m", 0.08, 0.005, 2.0),
        Parameter("stop", Text("place de la butée (vide : aucune)", "place of the stop (none: no stop)"), "m", 0.48),
        Parameter("feed_min_s", Text("intervalle d'arrivée minimal", "least arrival interval"), "s", 3.0, 0.1, 3600.0),
        Parameter(
            "feed_max_s", Text("intervalle d'arrivée maximal", "greatest arrival interval"), "s", 6.0, 0.1, 3600.0
        ),
        Parameter(
            "feed_clear",
            Text("place à libérer avant une nouvelle pièce", "place to clear before a new part"),
            "m",
            0.0,
            0.0,
            50.0,
        ),
        Parameter("tall_share", Text("part de pièces hautes", "share of tall parts"), "", 0.5, 0.0, 1.0),
        Parameter("metal_share", Text("part de pièces métalliques", "share of metal parts"), "", 0.4, 0.0, 1.0),
        Parameter(
            "bins",
            Text("pièces attendues par bac", "parts expected in each bin"),
            "",
            {"ejector_1": "metal", "ejector_2": "tall_plastic", "end": "short_plastic"},
        ),
    ),
    ports=(Port("drive", Domain.ROTATION),),
    build=_build,
    failure_modes=_MODES,
    channels=_channels,
    signals=_StationSignals(tuple(_STATIONS)),
    links=RODS,
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "drum", f"{tag}:drive", _DRUM),),
    symbols={
        "main": Symbol(
            24,
            6,
            (
                Circle(3, 3, 2),
                Circle(21, 3, 2),
                Line(((3, 1), (21, 1))),
                Line(((3, 5), (21, 5))),
                Circle(3, 3, 0.25, True),
                Circle(21, 3, 0.25, True),
                Line(((0, 3), (3, 3)), "thin"),
            ),
            (Pin("drive", 0, 3, "w"),),
        )
    },
    process=_process,
)

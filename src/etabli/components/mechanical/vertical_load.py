"""A load on a vertical guide: it falls when nothing holds it."""

from __future__ import annotations

from etabli.components.component import Builder, Channel, Component, Parameter, Parameters, Perception, Port, Read
from etabli.components.drawing import Circle, Line, Moves, Pin, Polygon, Rectangle, Symbol
from etabli.components.mechanical.guided_mass import GUIDE_MODES, add_guided_mass, guided_senses
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_guided_mass(
        b,
        "slide",
        mass=float(p["mass_kg"]),
        load_mass=float(p["load_kg"]),
        slope=1.0,
        travel=1e-3 * float(p["travel_mm"]),
        start=1e-3 * float(p["start_mm"]),
        buffer_n_m=float(p["buffer_n_m"]),
        guide_n=float(p["guide_n"]),
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    travel = 1e-3 * float(p["travel_mm"])
    return (
        Channel("slide", StateRef(f"{tag}.body", "position"), 0.0, travel, seen=True, text=Text("coulisseau", "slide")),
        Channel("load", ParameterRef(f"{tag}.body", "load"), seen=True, text=Text("charge", "load")),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return guided_senses(tag, f"{tag}:slide", float(p["guide_n"]), read)


def _symbol() -> Symbol:
    mass = (Rectangle(1.5, 13, 5, 4), Circle(1.2, 14, 0.3), Circle(1.2, 16, 0.3))
    stops = (Polygon(((3, 19), (5, 19), (4, 17.8))), Polygon(((3, 2), (5, 2), (4, 3.2))))
    return Symbol(
        8,
        20,
        (Line(((0.8, 1), (0.8, 19))), Line(((0, 10), (1, 10)), "thin"), *stops, Moves("slide", 0, -9, mass)),
        (Pin("slide", 0, 10, "w"),),
    )


COMPONENT = Component(
    family="vertical_load",
    letter="G",
    text=Text("charge verticale guidée", "guided vertical load"),
    sheet=Text(
        "Masse guidée verticalement entre deux butées, le mouvement positif monte ; le poids agit toujours. "
        "Frottement de Coulomb exact : tenue par un frein ou un distributeur fermé, elle ne dérive pas. Valeurs : "
        "fiche de table de levage légère.",
        "Mass on a vertical guide between two stops, positive motion goes up; its weight always acts. Exact Coulomb "
        "friction: held by a brake or a closed valve, it does not drift. Values: sheet of a light lifting table.",
    ),
    parameters=(
        Parameter("mass_kg", Text("masse mobile", "moving mass"), "kg", 80.0, 0.01, 1e5),
        Parameter("load_kg", Text("charge posée à la commande 1", "load put on at control 1"), "kg", 80.0, 0.01, 1e5),
        Parameter("travel_mm", Text("course", "travel"), "mm", 800.0, 1.0, 1e5),
        Parameter("start_mm", Text("position au départ", "position at the start"), "mm", 0.0, 0.0, 1e5),
        Parameter("guide_n", Text("frottement de la glissière", "friction of the guide"), "N", 40.0, 0.1, 2e4),
        Parameter("buffer_n_m", Text("raideur d'une butée", "stiffness of a stop"), "N/m", 5e5, 1e2, 1e8),
    ),
    ports=(Port("slide", Domain.TRANSLATION),),
    build=_build,
    failure_modes=GUIDE_MODES,
    channels=_channels,
    signals={
        "position": lambda tag, p: StateRef(f"{tag}.body", "position"),
        "speed": lambda tag, p: NodeRef(f"{tag}:slide"),
        "load": lambda tag, p: ParameterRef(f"{tag}.body", "load"),
    },
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"load": "body.load"},
)

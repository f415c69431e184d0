"""A carriage on a linear guide, level or inclined, between two stops."""

from __future__ import annotations

import math

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
        slope=math.sin(math.radians(float(p["slope_deg"]))),
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
    carriage = (Rectangle(2, 1, 4, 2), Circle(3, 3.3, 0.3), Circle(5, 3.3, 0.3))
    stops = (Polygon(((1, 2), (1, 4), (1.6, 4), (1.6, 2))), Polygon(((20, 2), (20, 4), (19.4, 4), (19.4, 2))))
    return Symbol(
        21,
        5,
        (Line(((0.5, 4), (20.5, 4))), *stops, Line(((0, 2), (2, 2)), "thin"), Moves("slide", 13, 0, carriage)),
        (Pin("slide", 0, 2, "w"),),
    )


COMPONENT = Component(
    family="linear_guide",
    letter="G",
    text=Text("guidage linéaire", "linear guide"),
    sheet=Text(
        "Chariot sur rails, butées en caoutchouc à 0 et à la course ; le mouvement positif monte quand la glissière "
        "est inclinée. Frottement de Coulomb exact : une charge retenue ne glisse pas. Valeurs : fiche de guidage à "
        "billes de taille 20 avec joints racleurs.",
        "Carriage on rails, rubber stops at 0 and at the travel; positive motion goes up where the guide is inclined."
        " Exact Coulomb friction: a held load does not slide. Values: sheet of a size 20 ball guide with wiper seals.",
    ),
    parameters=(
        Parameter("mass_kg", Text("masse mobile", "moving mass"), "kg", 20.0, 0.01, 1e5),
        Parameter("load_kg", Text("charge posée à la commande 1", "load put on at control 1"), "kg", 20.0, 0.01, 1e5),
        Parameter("slope_deg", Text("inclinaison (90 : verticale)", "incline (90: vertical)"), "°", 0.0, -90.0, 90.0),
        Parameter("travel_mm", Text("course", "travel"), "mm", 500.0, 1.0, 1e5),
        Parameter("start_mm", Text("position au départ", "position at the start"), "mm", 0.0, 0.0, 1e5),
        Parameter("guide_n", Text("frottement de la glissière", "friction of the guide"), "N", 15.0, 0.1, 2e4),
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

"""A load on a vertical guide: it falls when nothing holds it."""

from __future__ import annotations

from etabli.components.drawing import Circle, Line, Moves, Pin, Polygon, Rectangle, Symbol
from etabli.components.mechanical.guided_mass import guided_family
from etabli.physics.text import Text


def _symbol() -> Symbol:
    mass = (Rectangle(1.5, 13, 5, 4), Circle(1.2, 14, 0.3), Circle(1.2, 16, 0.3))
    stops = (Polygon(((3, 19), (5, 19), (4, 17.8))), Polygon(((3, 2), (5, 2), (4, 3.2))))
    return Symbol(
        8,
        20,
        (Line(((0.8, 1), (0.8, 19))), Line(((0, 10), (1, 10)), "thin"), *stops, Moves("slide", 0, -9, mass)),
        (Pin("slide", 0, 10, "w"),),
    )


COMPONENT = guided_family(
    family="vertical_load",
    text=Text("charge verticale guidée", "guided vertical load"),
    sheet=Text(
        "Masse guidée verticalement entre deux butées, le mouvement positif monte ; le poids agit toujours. "
        "Frottement de Coulomb exact : tenue par un frein ou un distributeur fermé, elle ne dérive pas. Valeurs : "
        "fiche de table de levage légère.",
        "Mass on a vertical guide between two stops, positive motion goes up; its weight always acts. Exact Coulomb "
        "friction: held by a brake or a closed valve, it does not drift. Values: sheet of a light lifting table.",
    ),
    symbol=_symbol(),
    mass_kg=80.0,
    travel_mm=800.0,
    guide_n=40.0,
)

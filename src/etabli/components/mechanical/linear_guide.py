"""A carriage on a linear guide, level or inclined, between two stops."""

from __future__ import annotations

import math

from etabli.components.component import Parameter
from etabli.components.drawing import Circle, Line, Moves, Pin, Polygon, Rectangle, Symbol
from etabli.components.mechanical.guided_mass import guided_family
from etabli.physics.text import Text


def _symbol() -> Symbol:
    carriage = (Rectangle(2, 1, 4, 2), Circle(3, 3.3, 0.3), Circle(5, 3.3, 0.3))
    stops = (Polygon(((1, 2), (1, 4), (1.6, 4), (1.6, 2))), Polygon(((20, 2), (20, 4), (19.4, 4), (19.4, 2))))
    return Symbol(
        21,
        5,
        (Line(((0.5, 4), (20.5, 4))), *stops, Line(((0, 2), (2, 2)), "thin"), Moves("slide", 13, 0, carriage)),
        (Pin("slide", 0, 2, "w"),),
    )


COMPONENT = guided_family(
    family="linear_guide",
    text=Text("guidage linéaire", "linear guide"),
    sheet=Text(
        "Chariot sur rails, butées en caoutchouc à 0 et à la course ; le mouvement positif monte quand la glissière "
        "est inclinée. Frottement de Coulomb exact : une charge retenue ne glisse pas. Valeurs : fiche de guidage à "
        "billes de taille 20 avec joints racleurs.",
        "Carriage on rails, rubber stops at 0 and at the travel; positive motion goes up where the guide is inclined."
        " Exact Coulomb friction: a held load does not slide. Values: sheet of a size 20 ball guide with wiper seals.",
    ),
    symbol=_symbol(),
    mass_kg=20.0,
    travel_mm=500.0,
    guide_n=15.0,
    incline=(
        Parameter("slope_deg", Text("inclinaison (90 : verticale)", "incline (90: vertical)"), "°", 0.0, -90.0, 90.0),
    ),
    slope=lambda p: math.sin(math.radians(float(p["slope_deg"]))),
)

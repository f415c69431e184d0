"""A body that warms up: frame, tool, block of metal."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Port,
    Repair,
    Spot,
)
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.thermal.heat import add_losses, heat_store, heat_to_air, warmth
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    capacity, start = float(p["capacity_j_k"]), float(p["start_c"])
    b.initial("t", start)
    b.device("body", heat_store, {"t": "t"}, {"capacity": capacity}, {"heat": capacity * start})
    b.device("surface", heat_to_air, {"t": "t"}, {"conductance": p["air_w_k"], "air_c": p["ambient_c"]})
    add_losses(b, "t", float(p["losses_w"]), b.linked("power"))


COMPONENT = Component(
    family="heat_capacity",
    letter="E",
    text=Text("masse thermique", "thermal mass"),
    sheet=Text(
        "Corps à une seule température, refroidi par sa surface ; il reçoit ses pertes et la puissance liée à "
        "« power » (W). Valeurs : bloc d'acier de 10 kg (460 J/(kg·K)), 0,1 m² à 10 W/(m²·K) d'air calme.",
        "Body of one temperature, cooled by its surface; it takes its losses and the power linked to “power” (W). "
        "Values: steel block of 10 kg (460 J/(kg·K)), 0.1 m² at 10 W/(m²·K) in still air.",
    ),
    parameters=(
        Parameter("capacity_j_k", Text("capacité thermique", "heat capacity"), "J/K", 4600.0, 1.0, 1e8),
        Parameter("air_w_k", Text("refroidissement par la surface", "cooling by the surface"), "W/K", 1.0, 1e-3, 1e5),
        Parameter("losses_w", Text("pertes propres", "own losses"), "W", 0.0, 0.0, 1e6),
        Parameter("start_c", Text("température au départ", "temperature at the start"), "°C", 20.0, -50.0, 500.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 20.0, -50.0, 100.0),
    ),
    ports=(Port("t", Domain.THERMAL),),
    build=_build,
    failure_modes=(
        FailureMode(
            "covered",
            Text("surface couverte de poussière : elle ne refroidit plus", "surface covered with dust: no cooling"),
            (Effect("surface.conductance", 0.1, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.4, 1.0),
            Text("Une croûte de poussière couvre le corps.", "A crust of dust covers the body."),
        ),
    ),
    channels=lambda tag, p: (Channel("temperature", NodeRef(f"{tag}:t"), 0.0, 120.0),),
    optional_links=("power",),
    signals={
        "temperature": lambda tag, p: NodeRef(f"{tag}:t"),
        "cooling": lambda tag, p: StateRef(f"{tag}.surface", "flow"),
    },
    senses=lambda tag, p, read: (warmth(read(NodeRef(f"{tag}:t")), Text("Le corps", "The body")),),
    spots=lambda tag, p: (Spot("body", Text("corps", "body"), lambda read: read(NodeRef(f"{tag}:t"))),),
    symbols={
        "main": Symbol(
            6,
            6,
            (Rectangle(1, 2, 4, 3), Line(((3, 0), (3, 2))), Line(((1.6, 4.4), (4.4, 2.6)), "thin")),
            (Pin("t", 3, 0, "n"),),
        )
    },
)

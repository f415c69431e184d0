"""Exchange of heat between two bodies, or between a body and the air that passes it."""

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
    Perception,
    Port,
    Read,
    Repair,
    Sense,
)
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import arrow
from etabli.components.thermal.heat import heat_path, heat_store
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_SKIN_J_K = 5.0  # the metal of the exchange surface on each side: every thermal node has a capacity


def _build(b: Builder, p: Parameters) -> None:
    for side in ("a", "b"):
        b.initial(side, 20.0)
        b.device(f"skin_{side}", heat_store, {"t": side}, {"capacity": _SKIN_J_K}, {"heat": 20.0 * _SKIN_J_K})
    conductance = float(p["area_m2"]) * float(p["coefficient_w_m2_k"])
    b.device("exchange", heat_path, {"a": "a", "b": "b"}, {"conductance": conductance})


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    gap = abs(read(NodeRef(f"{tag}:a")) - read(NodeRef(f"{tag}:b")))
    if gap > 15.0:
        return (Perception(Sense.TOUCH, Text("Un côté est bien plus chaud que l'autre.", "One side is much hotter.")),)
    return (Perception(Sense.TOUCH, Text("Les deux côtés sont à peu près pareils.", "Both sides feel much alike.")),)


COMPONENT = Component(
    family="convection",
    letter="E",
    text=Text("surface d'échange", "heat exchange surface"),
    sheet=Text(
        "Flux proportionnel à l'écart de température : h × surface. Air calme 5 à 10, air soufflé 25 à 60, huile 100 "
        "à 300 W/(m²·K). Valeurs : radiateur à ailettes ventilé, ouvrages de transferts thermiques.",
        "Flow in proportion to the temperature difference: h × area. Still air 5 to 10, blown air 25 to 60, oil 100 to "
        "300 W/(m²·K). Values: finned and blown radiator, heat transfer handbooks.",
    ),
    parameters=(
        Parameter("area_m2", Text("surface", "area"), "m²", 0.5, 1e-4, 1e4),
        Parameter(
            "coefficient_w_m2_k", Text("coefficient d'échange", "transfer coefficient"), "W/(m²·K)", 40.0, 0.1, 1e4
        ),
    ),
    ports=(Port("a", Domain.THERMAL), Port("b", Domain.THERMAL)),
    build=_build,
    failure_modes=(
        FailureMode(
            "fouled",
            Text("surface d'échange encrassée", "exchange surface fouled"),
            (Effect("exchange.conductance", 0.12, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.3, 1.0),
            Text("Les ailettes sont bouchées de poussière grasse.", "The fins are clogged with greasy dust."),
        ),
    ),
    channels=lambda tag, p: (Channel("flow", StateRef(f"{tag}.exchange", "flow"), 0.0, 1000.0),),
    signals={"flow": lambda tag, p: StateRef(f"{tag}.exchange", "flow")},
    senses=_senses,
    symbols={
        "main": Symbol(
            8,
            4,
            (
                Line(((0, 2), (2, 2))),
                Rectangle(2, 0.5, 4, 3),
                *arrow((2.6, 2), (5.4, 2), "thin", 0.6),
                Line(((6, 2), (8, 2))),
            ),
            (Pin("a", 0, 2, "w"), Pin("b", 8, 2, "e")),
        )
    },
)

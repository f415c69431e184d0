"""Filter with a by-pass valve and an electrical clogging indicator."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
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
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.components.electrical.electrical_symbols import pressure_actuator
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.hydraulic_symbols import diamond
from etabli.components.hydraulic.oil import add_oil_volume, follow_oil, orifice_flow
from etabli.components.hydraulic.oil_snap import CONTACT_MODES, add_oil_snap, contact_with, tripped_channel
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Domain, law
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@law(
    {"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    ("conductance", "viscosity", "clean", "bypass_bar", "bypass_k", "held_open"),
)
def filter_element(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A filter element from ``a`` to ``b``: laminar (Darcy), ``conductance`` cm³/s per bar at 46 mm²/s when clean.

    ``clean`` is the share of the surface that still passes, ``viscosity`` relative. The by-pass opens over 1 bar above
    ``bypass_bar`` of drop (``bypass_k`` cm³/s per √bar); ``held_open`` the share of it that dirt keeps open.
    """
    drop = v.a - v.b
    lift = maximum(minimum(maximum(drop - p.bypass_bar, 0.0), 1.0), p.held_open)
    q = p.conductance * p.clean / p.viscosity * drop + orifice_flow(v.a, v.b, p.bypass_k * lift)
    return {"a": q, "b": -q}, {}


explain(
    filter_element,
    Text(
        "Élément filtrant : laminaire (Darcy), Δp proportionnel au débit et à la viscosité ; colmaté, la dérivation "
        "s'ouvre au-dessus de sa pression.",
        "Filter element: laminar (Darcy), Δp in proportion to flow and viscosity; clogged, the by-pass opens above its "
        "pressure.",
    ),
    Curve(
        Text("débit selon la perte de charge", "flow against pressure drop"),
        DROP,
        OIL_FLOW,
        sweep(0.0, lambda d: 1.6 * d.p.bypass_bar, lambda d, x: d.flow("a", a=x) * L_MIN, 61),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "1", 200.0)
    add_oil_volume(b, "2", 100.0)
    b.device(
        "element",
        filter_element,
        {"a": "1", "b": "2"},
        {
            "conductance": p["conductance"],
            "viscosity": 1.0,
            "clean": 1.0,
            "bypass_bar": p["bypass_bar"],
            "bypass_k": p["bypass_k"],
            "held_open": 0.0,
        },
    )
    add_oil_snap(b, b.across("1"), float(p["indicator_bar"]), 0.3, b.across("2"))
    add_external_leak(b, "leak", "1")
    follow_oil(b, viscosity=[("element", "viscosity")])


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    colour = Text("L'indicateur de colmatage est vert.", "The clogging indicator is green.")
    if read(MemoryRef(f"{tag}.snap", "position")) > 0.5:
        colour = Text("L'indicateur de colmatage est rouge.", "The clogging indicator is red.")
    where = Text("au couvercle du filtre", "at the lid of the filter")
    return (Perception(Sense.LOOK, colour), *leak_perceptions(read, tag, "leak", f"{tag}:1", where))


def _symbol() -> Symbol:
    """Filter with its by-pass (a spring-loaded check valve beside the element) and its indicator (ISO 1219-1)."""
    by_pass = (
        Line(((3, 7), (0.3, 7), (0.3, 5.25))),
        Line(((-0.35, 4.55), (0.3, 5.25), (0.95, 4.55))),
        Circle(0.3, 4.6, 0.4),
        Line(((0.3, 4.2), (-0.1, 3.9), (0.7, 3.6), (-0.1, 3.3), (0.7, 3.0), (0.3, 2.7))),
        Line(((0.3, 2.7), (0.3, 1), (3, 1))),
        Circle(3, 1, 0.2, True),
        Circle(3, 7, 0.2, True),
    )
    element = (diamond(3, 4), Line(((1, 4), (5, 4)), "dashed"), Circle(5.2, 2.2, 0.5))
    return Symbol(
        6,
        8,
        (Line(((3, 0), (3, 2))), Line(((3, 6), (3, 8))), *element, *by_pass),
        (Pin("2", 3, 0, "n"), Pin("1", 3, 8, "s")),
    )


COMPONENT = Component(
    family="hydraulic_filter",
    letter="Z",
    purpose="H",
    text=Text("filtre hydraulique", "hydraulic filter"),
    sheet=Text(
        "Filtre de 1 vers 2, 10 µm. L'indicateur bascule à 2 bar de perte de charge (11-12 s'ouvre) ; à 3 bar la "
        "dérivation s'ouvre et l'huile n'est plus filtrée. Une huile froide le fait basculer aussi. Valeurs : fiche de "
        "filtre de retour 250 l/min.",
        "Filter from 1 to 2, 10 µm. The indicator trips at a drop of 2 bar (11-12 opens); at 3 bar the by-pass opens "
        "and "
        "the oil is no longer filtered. Cold oil trips it too. Values: sheet of a 250 l/min return filter.",
    ),
    parameters=(
        Parameter(
            "conductance", Text("passage, élément neuf", "passage, new element"), "cm³/(s·bar)", 8000.0, 10.0, 1e5
        ),
        Parameter("indicator_bar", Text("seuil de l'indicateur", "indicator set point"), "bar", 2.0, 0.3, 8.0),
        Parameter("bypass_bar", Text("ouverture de la dérivation", "by-pass opening"), "bar", 3.0, 0.5, 10.0),
        Parameter(
            "bypass_k", Text("passage de la dérivation", "passage of the by-pass"), "cm³/(s·√bar)", 1500.0, 5.0, 2e4
        ),
    ),
    ports=(
        Port("1", Domain.HYDRAULIC),
        Port("2", Domain.HYDRAULIC),
        *(Port(n, Domain.DC) for n in ("11", "12", "14")),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "clogged",
            Text("élément filtrant colmaté", "filter element clogged"),
            (Effect("element.clean", 0.01, logarithmic=True),),
            Repair.REPLACE,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.75, 1.0),
        ),
        FailureMode(
            "bypass_open",
            Text("clapet de dérivation resté ouvert", "by-pass valve stays open"),
            (Effect("element.held_open", 1.0),),
            rate=0.4,
        ),
        FailureMode(
            "indicator_stuck",
            Text("indicateur de colmatage bloqué au rouge", "clogging indicator stuck on red"),
            (Effect("snap.stuck_on", 1.0),),
            rate=0.6,
        ),
        FailureMode(
            "indicator_dead",
            Text("indicateur de colmatage mort", "clogging indicator dead"),
            (Effect("snap.dead", 1.0),),
            rate=0.4,
        ),
        *CONTACT_MODES,
        external_leak_mode(
            "leak", Text("joint du couvercle du filtre pincé", "seal of the lid pinched"), "leak", 0.8, Repair.TIGHTEN
        ),
    ),
    channels=lambda tag, p: (tripped_channel(tag, Text("indicateur rouge", "indicator red")),),
    optional_links=("viscosity",),
    senses=_senses,
    symbols={
        "main": _symbol(),
        "contact_11": contact_with(pressure_actuator()),
    },
)

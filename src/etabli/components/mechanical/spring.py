"""Helical spring between two moving points."""

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
from etabli.components.drawing import Pin, Symbol
from etabli.components.fluid_symbols import spring as zigzag
from etabli.components.mechanical.elastic import linear_spring
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.law import Domain
from etabli.physics.network import ParameterRef, StateRef
from etabli.physics.text import Text

_MATERIAL_DAMPING_S = 1e-3  # damping of a steel spring over its stiffness


def _build(b: Builder, p: Parameters) -> None:
    stiffness = float(p["stiffness_n_m"])
    for end in ("a", "b"):
        b.device(f"half_{end}", moving_mass, {"w": end}, {"mass": 0.5 * float(p["mass_kg"])})
    b.device(
        "coil",
        linear_spring,
        {"a": "a", "b": "b"},
        {"stiffness": stiffness, "damping": _MATERIAL_DAMPING_S * stiffness},
        {"stretch": float(p["preload_n"]) / stiffness},
    )


def _force(tag: str, p: Parameters, read: Read) -> float:
    return read(ParameterRef(f"{tag}.coil", "stiffness")) * read(StateRef(f"{tag}.coil", "stretch"))


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    newton = abs(_force(tag, p, read))
    if newton < 0.02 * max(abs(float(p["preload_n"])), 50.0):
        seen = Text("Le ressort est détendu.", "The spring is slack.")
    elif newton > 2.0 * max(abs(float(p["preload_n"])), 500.0):
        seen = Text("Le ressort est très tendu.", "The spring is under high load.")
    else:
        seen = Text("Le ressort est en charge.", "The spring is loaded.")
    return (Perception(Sense.LOOK, seen),)


COMPONENT = Component(
    family="spring",
    letter="G",
    purpose="C",
    text=Text("ressort hélicoïdal", "helical spring"),
    sheet=Text(
        "Effort proportionnel à l'écart entre ses deux bouts (loi de Hooke), plus sa précharge au montage. "
        "Valeurs : fiche de ressort de compression EN 13906-1, fil 4 mm, 12 N/mm.",
        "Force proportional to the distance between its ends (Hooke), plus its preload. "
        "Values: sheet of an EN 13906-1 compression spring, 4 mm wire, 12 N/mm.",
    ),
    parameters=(
        Parameter("stiffness_n_m", Text("raideur", "stiffness"), "N/m", 12000.0, 1.0, 1e9),
        Parameter("preload_n", Text("précharge (tire a vers b)", "preload (pulls a to b)"), "N", 0.0, -1e6, 1e6),
        Parameter("mass_kg", Text("masse du ressort", "mass of the spring"), "kg", 0.2, 0.001, 1000.0),
    ),
    ports=(Port("a", Domain.TRANSLATION), Port("b", Domain.TRANSLATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "broken",
            Text("ressort cassé", "spring broken"),
            (Effect("coil.stiffness", 1e-4, relative=True, logarithmic=True),),
            visible=Text("Le ressort est en deux morceaux.", "The spring is in two pieces."),
        ),
        FailureMode(
            "tired",
            Text("ressort affaissé", "spring sagged"),
            (Effect("coil.stiffness", 0.4, relative=True),),
            Repair.REPLACE,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.4, 1.0),
            Text("Le ressort est plus court que sa cote.", "The spring is shorter than its nominal length."),
        ),
    ),
    channels=lambda tag, p: (Channel("stretch", StateRef(f"{tag}.coil", "stretch"), -0.1, 0.1),),
    signals={"stretch": lambda tag, p: StateRef(f"{tag}.coil", "stretch")},
    senses=_senses,
    symbols={"main": Symbol(6, 4, (zigzag(0, 2, 6.0),), (Pin("a", 0, 2, "w"), Pin("b", 6, 2, "e")))},
)

"""Strainer on the suction pipe: what starves a pump when it clogs."""

from __future__ import annotations

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
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.hydraulic.hydraulic_symbols import diamond
from etabli.components.hydraulic.oil import add_oil_volume, add_orifice
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "1", 50.0)
    add_oil_volume(b, "2", 50.0)
    add_orifice(b, "mesh", "1", "2", float(p["k"]))


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(NodeRef(f"{tag}:2")) > -0.4:
        return ()
    text = Text(
        "Le tuyau d'aspiration vibre et crépite : l'huile n'arrive pas.",
        "The suction pipe shakes and crackles: oil does not come.",
    )
    return (Perception(Sense.LISTEN, text),)


COMPONENT = Component(
    family="suction_strainer",
    letter="Z",
    purpose="H",
    text=Text("crépine d'aspiration", "suction strainer"),
    sheet=Text(
        "Toile métallique de 125 µm dans le réservoir, de 1 vers 2. Propre, elle ne coûte presque rien ; colmatée, la "
        "pompe manque d'huile et cavite. Valeurs : fiche de crépine G1 1/4 (60 l/min sous 0,1 bar).",
        "Wire mesh of 125 µm in the tank, from 1 to 2. Clean, it costs almost nothing; clogged, the pump lacks oil and "
        "cavitates. Values: sheet of a G1 1/4 strainer (60 l/min at 0.1 bar).",
    ),
    parameters=(
        Parameter("k", Text("passage, toile propre", "passage, clean mesh"), "cm³/(s·√bar)", 4000.0, 50.0, 50000.0),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "clogged",
            Text("crépine colmatée", "strainer clogged"),
            (Effect("mesh.k", 0.02, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.2,
            (0.7, 1.0),
            Text("La toile est couverte de boue.", "The mesh is covered with sludge."),
        ),
    ),
    senses=_senses,
    symbols={
        "main": Symbol(
            6,
            8,
            (Line(((3, 0), (3, 2))), Line(((3, 6), (3, 8))), diamond(3, 4), Line(((1, 4), (5, 4)), "dashed")),
            (Pin("2", 3, 0, "n"), Pin("1", 3, 8, "s")),
        )
    },
)

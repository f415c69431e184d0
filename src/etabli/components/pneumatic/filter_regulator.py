"""Filter-regulator with gauge: cleans the air and holds the working pressure."""

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
)
from etabli.components.drawing import Circle, Line, Pin, Polygon, Rectangle, Symbol, Turns
from etabli.components.fluid_symbols import arrow, arrow_head, spring
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, orifice
from etabli.components.pneumatic.pressure_gauge import NEEDLE_MODES, add_needle, reading_perception
from etabli.components.pneumatic.regulator import STAGE_MODES, pressure_regulator, relieved_air
from etabli.components.pneumatic.seat import SEAT_RATIO
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1", 5.0)
    add_volume(b, "bowl", 40.0)
    add_volume(b, "2", 10.0)
    b.device(
        "filter",
        orifice,
        {"a": "1", "b": "bowl"},
        {"conductance": 2.0 * float(p["conductance"]), "critical_ratio": SEAT_RATIO, "opening": 1.0},
    )
    b.device(
        "regulator",
        pressure_regulator,
        {"a": "bowl", "b": "2"},
        {
            "set_pressure": p["pressure"],
            "conductance": p["conductance"],
            "opening": 1.0,
            "droop": 0.5,
            "seat_leak": 0.0,
            "torn": 0.0,
            "relief_gap": 0.3,
            "relief_conductance": 0.4,
        },
    )
    add_leak(b, "drain", "bowl")
    add_needle(b, "2")


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel(
            "needle",
            MemoryRef(f"{tag}.needle", "reading"),
            0.0,
            10.0,
            seen=True,
            text=Text("aiguille du manomètre", "gauge needle"),
        ),
        Channel("pressure", NodeRef(f"{tag}:2"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 10.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    knob = Text("sous le bouton du régulateur", "under the knob of the regulator")
    return (
        reading_perception(read(MemoryRef(f"{tag}.needle", "reading"))),
        *hiss_of(relieved_air(tag, read, f"{tag}:2"), knob),
        *hiss(read, tag, "drain", f"{tag}.bowl", Text("à la purge de la cuve", "at the drain of the bowl")),
    )


def _symbol() -> Symbol:
    filter_shape = (
        Polygon(((2, 4), (5, 1), (8, 4), (5, 7))),
        Line(((5, 1), (5, 7)), "dashed"),
        Line(((4, 6), (6, 6))),
    )
    regulator = (
        Rectangle(10, 2, 4, 4),
        *arrow((10, 4), (14, 4)),
        spring(10.5, 7.2, 3.0),
        *arrow((10, 8.6), (14.4, 5.8), "thin"),
        Line(((15, 4), (15, 1), (12, 1), (12, 2)), "dashed"),
        arrow_head((12, 2), (12, 1), 0.6),
    )
    gauge = (
        Line(((18, 4), (18, 5))),
        Circle(18, 7, 2),
        Turns("needle", 18, 7, 270.0, arrow((18.5, 6.5), (16.8, 8.2), size=0.6)),
    )
    lines = (Line(((0, 4), (2, 4))), Line(((8, 4), (10, 4))), Line(((14, 4), (20, 4))))
    return Symbol(20, 9, (*lines, *filter_shape, *regulator, *gauge), (Pin("1", 0, 4, "w"), Pin("2", 20, 4, "e")))


COMPONENT = Component(
    family="filter_regulator",
    letter="Z",
    purpose="R",
    text=Text("filtre-régulateur avec manomètre", "filter-regulator with gauge"),
    sheet=Text(
        "Filtre l'eau et les particules, puis maintient la pression de service. Il se lit sur son manomètre et se "
        'règle au bouton ; la pression baisse un peu quand le débit monte. Valeurs : fiche de filtre-régulateur 1/4", '
        "40 µm, 1 à 10 bar.",
        "Filters water and particles, then holds the working pressure. It is read on its gauge and set with its knob; "
        'the pressure drops a little when the flow rises. Values: data sheet of a 1/4" filter-regulator, 40 µm, 1 to '
        "10 bar.",
    ),
    parameters=(
        Parameter(
            "pressure", Text("pression de service (relative)", "working pressure (gauge)"), "bar", 6.0, 0.0, 10.0, True
        ),
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 6.0, 0.1, 50.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "filter_clogged",
            Text("élément filtrant colmaté", "filter element clogged"),
            (Effect("filter.opening", 0.008, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.75, 1.0),
            Text("La cuve est pleine d'eau et d'huile brune.", "The bowl is full of water and brown oil."),
        ),
        FailureMode(
            "set_low",
            Text("pression de service réglée trop bas", "working pressure set too low"),
            (Effect("regulator.set_pressure", 0.35, relative=True),),
            Repair.ADJUST,
            rate=1.5,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "set_high",
            Text("pression de service réglée trop haut", "working pressure set too high"),
            (Effect("regulator.set_pressure", 1.5, relative=True),),
            Repair.ADJUST,
            rate=0.7,
            degrees=(0.5, 1.0),
        ),
        *STAGE_MODES,
        leak_mode(
            "drain_leak",
            Text("purge de la cuve restée ouverte", "drain of the bowl left open"),
            "drain",
            0.5,
            Repair.TIGHTEN,
            visible=Text("La vis de purge de la cuve est dévissée.", "The drain screw of the bowl is undone."),
        ),
        *NEEDLE_MODES,
    ),
    channels=_channels,
    signals={"reading": lambda tag, p: MemoryRef(f"{tag}.needle", "reading")},
    senses=_senses,
    symbols={"main": _symbol()},
    adjusts={"pressure": "regulator.set_pressure"},
)

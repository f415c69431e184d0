"""Suction cup: holds a part by the difference of pressure on it, and lets it fall."""

from __future__ import annotations

import math
from typing import Any

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
from etabli.components.curve import FORCE, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.hand import add_hand
from etabli.components.mechanical.elastic import GRAVITY
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.cylinder_chambers import NEWTON_PER_BAR_CM2
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, orifice, vent
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

_OPEN_C = 3.0
"""Conductance of a cup that nothing closes, dm³/(s·bar)."""

_PASSAGE_C = 1.0
_LEAST_BAR = 0.05


@sampled(
    reads=("pressure", "part", "hand", "arm"),
    parameters=("area", "weight", "lip"),
    memory=("force", "closed", "lifted", "dropped"),
    writes=("opening",),
    stage=Stage.SENSE,
)
def cup_grip(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """What the cup does to the part under it: ``force = (patm - p) area`` (bar absolute, cm², N).

    ``part`` (0/1): a part closes the cup; ``hand`` or ``arm`` above 0.5: the cup is raised. A part heavier than the
    force (``weight`` N, its acceleration included) stays behind and is ``dropped``: the cup is open until another one
    lies under it (``part`` back to 0). ``lip`` is the share of the area that still seals. Source: holding force of
    suction cup sheets.
    """
    lifted = maximum(less(0.5, r.hand), less(0.5, r.arm))
    under = less(0.5, r.part)
    force = NEWTON_PER_BAR_CM2 * maximum(ATMOSPHERE_BAR - r.pressure, 0.0) * p.area * p.lip
    slips = lifted * less(force * (1.0 - m.dropped), p.weight)
    dropped = under * maximum(m.dropped, slips)
    closed = under * (1.0 - dropped)
    return {
        "force": select(less(0.5, closed), force, 0.0),
        "closed": closed,
        "lifted": closed * lifted,
        "dropped": dropped,
        "opening": 1.0 - closed,
    }


explain(
    cup_grip,
    Text(
        "Effort de tenue = dépression × surface qui étanche ; une pièce plus lourde que l'effort reste ou tombe. "
        "Source : fiches de ventouses.",
        "Holding force = vacuum × area that seals; a part heavier than the force stays behind or falls. Source: sheets "
        "of suction cups.",
    ),
    Curve(
        Text("effort de tenue selon le vide", "holding force against vacuum"),
        Axis(Text("vide", "vacuum"), "bar"),
        FORCE,
        sweep(0.0, 0.95, lambda d, x: d.step(pressure=ATMOSPHERE_BAR - x, part=1.0)["force"], 20),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    radius_cm = float(p["diameter_mm"]) / 20.0
    add_volume(b, "V")
    add_volume(b, "cup", float(p["volume_cm3"]))
    b.device(
        "passage", orifice, {"a": "cup", "b": "V"}, {"conductance": _PASSAGE_C, "critical_ratio": 0.4, "opening": 1.0}
    )
    b.device("mouth", vent, {"a": "cup"}, {"conductance": _OPEN_C, "critical_ratio": 0.4, "opening": 1.0})
    b.device("pores", vent, {"a": "cup"}, {"conductance": p["porosity"], "critical_ratio": 0.5, "opening": 1.0})
    add_leak(b, "lip_leak", "cup")
    add_leak(b, "leak", "V")
    add_hand(b, "part")
    add_hand(b, "lift")
    raised = b.memory("lift", "position")
    b.sample(
        "grip",
        cup_grip,
        {
            "pressure": b.across("cup"),
            "part": b.memory("part", "position"),
            "hand": raised,
            "arm": b.linked("lifted") or raised,
        },
        {
            "area": math.pi * radius_cm * radius_cm,
            "weight": float(p["part_kg"]) * (GRAVITY + float(p["acceleration"])),
            "lip": 1.0,
        },
        {"opening": b.parameter("mouth", "opening")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("part", MemoryRef(f"{tag}.grip", "closed"), seen=True, text=Text("pièce prise", "part under the cup")),
        Channel("lifted", MemoryRef(f"{tag}.grip", "lifted"), seen=True, text=Text("pièce levée", "part lifted")),
        Channel("vacuum", NodeRef(f"{tag}.cup"), ATMOSPHERE_BAR, 0.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    closed = read(MemoryRef(f"{tag}.grip", "closed")) > 0.5
    depth = ATMOSPHERE_BAR - read(NodeRef(f"{tag}.cup"))
    if read(MemoryRef(f"{tag}.grip", "dropped")) > 0.5:
        seen = Text("La pièce est tombée de la ventouse.", "The part has fallen from the cup.")
    elif closed and depth > _LEAST_BAR:
        seen = Text("La ventouse est écrasée sur la pièce.", "The cup is flattened on the part.")
    elif closed:
        seen = Text("La ventouse touche la pièce sans la serrer.", "The cup touches the part without gripping.")
    else:
        seen = Text("La ventouse est libre.", "The cup is free.")
    lip = Text("sous la lèvre de la ventouse", "under the lip of the cup")
    found = [Perception(Sense.LOOK, seen), *hiss(read, tag, "lip_leak", f"{tag}.cup", lip)]
    if closed:
        pores = Text("à travers la pièce", "through the part")
        found.extend(hiss(read, tag, "pores", f"{tag}.cup", pores))
    where = Text("au raccord de la ventouse", "at the fitting of the cup")
    return (*found, *hiss(read, tag, "leak", f"{tag}:V", where))


def _symbol() -> Symbol:
    """The cup, its line above; the part comes up to its lip."""
    return Symbol(
        6,
        8,
        (
            Line(((3, 0), (3, 2))),
            Line(((0.8, 5), (2, 2), (4, 2), (5.2, 5))),
            Moves("part", 0, -1.9, (Rectangle(0.3, 7, 5.4, 0.8),)),
        ),
        (Pin("V", 3, 0, "n"),),
    )


COMPONENT = Component(
    family="suction_cup",
    letter="U",
    purpose="U",
    text=Text("ventouse", "suction cup"),
    sheet=Text(
        "Tient une pièce par la différence de pression : effort = dépression × surface. Le constructeur demande un "
        "coefficient 2 (pièce horizontale) à 4 (verticale). Une pièce poreuse ou une lèvre usée laisse entrer l'air : "
        "l'éjecteur ne suit plus. Le signal « lifted » (bras levé) peut être lié. Valeurs : fiche de ventouse plate "
        "Ø 40, nitrile.",
        "Holds a part by the difference of pressure: force = vacuum × area. Makers ask for a factor of 2 (part "
        "horizontal) to 4 (vertical). A porous part or a worn lip lets air in: the ejector cannot follow. The signal "
        "“lifted” (arm raised) may be linked. Values: data sheet of a flat 40 mm cup, nitrile.",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre utile", "effective diameter"), "mm", 40.0, 2.0, 300.0),
        Parameter("volume_cm3", Text("volume de la ventouse", "volume of the cup"), "cm³", 8.0, 2.0, 500.0),
        Parameter("part_kg", Text("masse de la pièce", "mass of the part"), "kg", 2.0, 0.01, 500.0),
        Parameter("acceleration", Text("accélération au levage", "acceleration of the lift"), "m/s²", 2.0, 0.0, 50.0),
        Parameter(
            "porosity", Text("fuite à travers la pièce", "leak through the part"), "dm³/(s·bar)", 0.002, 0.0, 2.0
        ),
    ),
    ports=(Port("V", Domain.PNEUMATIC),),
    build=_build,
    failure_modes=(
        leak_mode(
            "lip_worn",
            Text("lèvre de la ventouse usée", "lip of the cup worn"),
            "lip_leak",
            0.8,
            rate=2.5,
            visible=Text("La lèvre de la ventouse est fendillée.", "The lip of the cup is cracked."),
        ),
        FailureMode(
            "hardened",
            Text("ventouse durcie : elle n'épouse plus la pièce", "cup hardened: it no longer fits the part"),
            (Effect("grip.lip", 0.3), Effect("lip_leak.opening", 0.1)),
            onsets=(Onset.GROWING,),
            degrees=(0.5, 1.0),
            visible=Text("Le caoutchouc de la ventouse est lisse et dur.", "The rubber of the cup is shiny and hard."),
        ),
        FailureMode(
            "part_porous",
            Text("pièces poreuses ou voilées", "parts porous or bent"),
            (Effect("pores.conductance", 0.6),),
            Repair.RESET,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.7,
            (0.3, 1.0),
        ),
        FailureMode(
            "blocked",
            Text("passage de la ventouse bouché", "passage of the cup blocked"),
            (Effect("passage.opening", 1e-5, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            0.8,
            (0.7, 1.0),
        ),
        leak_mode(
            "leak",
            Text("raccord de la ventouse desserré", "fitting of the cup loose"),
            "leak",
            0.5,
            Repair.TIGHTEN,
        ),
    ),
    channels=_channels,
    signals={
        "held": lambda tag, p: MemoryRef(f"{tag}.grip", "lifted"),
        "force": lambda tag, p: MemoryRef(f"{tag}.grip", "force"),
    },
    optional_links=("lifted",),
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"part": "part.position", "lift": "lift.position"},
)

"""Suction cup: holds a part by the difference of pressure on it, lifts it, and lets it fall."""

from __future__ import annotations

import enum
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
from etabli.components.curve import FORCE, MILLIMETRES, Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.hand import add_hand
from etabli.components.mechanical.elastic import GRAVITY, contact_force
from etabli.components.mechanical.guided_mass import guided_mass
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.cylinder_chambers import NEWTON_PER_BAR_CM2
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow, orifice, vent
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import clamp, less, maximum, positive
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text

_OPEN_C = 3.0
"""Conductance of a cup that nothing closes, dm³/(s·bar)."""

_PASSAGE_C = 1.0
_LEAST_BAR = 0.05
_SEALS_M = 1e-3
"""Height of the lip over the part from which the whole mouth is open."""
_REACH_M = 5e-3
"""Height from which the suction no longer draws the part."""
_LIP_N_M, _LIP_N_S_M = 3e4, 250.0
_PRESSED_M = 5e-4
"""How far the cup is pressed onto a part that lies under it, when it hangs from a hand."""
_TABLE_N_M, _TABLE_LOSS_S_M, _CEILING_M = 2e5, 3.0, 10.0
_HOLDER_KG = 0.3
_HAND_M, _HAND_M_S, _HAND_S, _HAND_N_S_M = 0.08, 0.25, 0.02, 1e5
"""Height and speed at which a hand raises the cup, how soon it follows, how firm it is."""
_RAISED_M, _LIFTED_M, _PARTED_M = 0.02, 0.01, 1e-3


class Carrier(enum.Enum):
    """What moves the cup up and down."""

    HAND = "hand"
    AXIS = "axis"


@law(
    {"air": Domain.PNEUMATIC, "arm": Domain.TRANSLATION, "part": Domain.TRANSLATION},
    ("area", "lip", "stiffness", "damping", "present", "conductance"),
    ("gap", "held", "pull"),
)
def cup_contact(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Lip of a cup on a part, along the vertical: rubber that pushes, air that pulls, a mouth that opens.

    ``gap`` (m) is how high the lip stands over the part, below 0 when it is squashed: it pushes with ``stiffness`` and
    ``damping`` (N/m, N·s/m). The atmosphere holds the part with ``(patm - p) area lip`` (bar absolute, cm², N), so a
    pull up to that force only eases the rubber; a stronger one opens the mouth (``conductance`` dm³/(s·bar) at 1 mm),
    air comes in, and the part is lost: no threshold is written anywhere. ``lip`` is the share of the area that seals,
    ``present`` (0/1) whether there is a part. States: gap m, ``held`` the force of the vacuum, ``pull`` what the cup
    gives the part, N upwards. Source: holding force of suction cup sheets; a spring that never pulls; ISO 6358.
    """
    apart = v.arm - v.part
    gap = s.gap + ah * apart
    draws = p.present * (1.0 - clamp(gap / _REACH_M, 0.0, 1.0))
    held = NEWTON_PER_BAR_CM2 * (ATMOSPHERE_BAR - v.air) * p.area * p.lip * draws
    pull = held - p.present * contact_force(p.stiffness * positive(-gap, 1e-5), -apart, p.damping)
    opening = 1.0 - p.present * (1.0 - clamp(gap / _SEALS_M, 0.0, 1.0))
    air = air_flow(v.air, ATMOSPHERE_BAR, p.conductance * opening, 0.4)
    return {"air": air, "arm": pull, "part": -pull}, {"gap": gap, "held": held, "pull": pull}


explain(
    cup_contact,
    Text(
        "La lèvre pousse comme un ressort, l'air extérieur plaque la pièce avec (patm − p) × surface : une traction "
        "plus forte décolle la lèvre, l'air entre et la pièce tombe. Source : fiches de ventouses.",
        "The lip pushes like a spring, the outside air presses the part on with (patm − p) × area: a stronger pull "
        "lifts the lip, air comes in and the part falls. Source: sheets of suction cups.",
    ),
    Curve(
        Text("effort de tenue selon le vide", "holding force against vacuum"),
        Axis(Text("vide", "vacuum"), "bar"),
        FORCE,
        sweep(0.0, 0.95, lambda d, x: _most_pull(d, ATMOSPHERE_BAR - x), 20),
    ),
    Curve(
        Text("effort selon le décollement, vide 0,6 bar", "force against the gap, vacuum 0.6 bar"),
        MILLIMETRES,
        FORCE,
        sweep(-4.0, 6.0, lambda d, mm: _pull(d, ATMOSPHERE_BAR - 0.6, 1e-3 * mm), 101),
    ),
)


def _pull(d: Piece, bar: float, gap_m: float) -> float:
    """Force on a part that is there, N upwards, at a gap that stands still."""
    return float(d.having(present=1.0).answer({"gap": gap_m}, 1e-9, air=bar)[1]["pull"])


def _most_pull(d: Piece, bar: float) -> float:
    """Force at which the lip lets go."""
    return _pull(d, bar, 0.0)


@law(
    {"w": Domain.TRANSLATION},
    ("aim", "speed", "acceleration", "firmness"),
    ("height", "pace", "grip"),
)
def hand_lift(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A hand that brings a holder to the height ``aim`` (m) at ``speed`` (m/s) at most, never faster than
    ``acceleration`` (m/s²) allows, and holds it there with ``firmness`` (N·s/m).

    States: height m, ``pace`` the speed the hand makes now, ``grip`` the force it feels, N. Source: trapezoid of speed;
    the last millimetres die out with the time constant ``speed / acceleration``.
    """
    height = s.height + ah * v.w
    goal = clamp((p.aim - height) * p.acceleration / p.speed, -p.speed, p.speed)
    wanted = (s.pace + ah / _HAND_S * goal) / (1.0 + ah / _HAND_S)
    most = ah * p.acceleration
    pace = clamp(wanted, s.pace - most, s.pace + most)
    force = p.firmness * (v.w - pace)
    return {"w": force}, {"height": height, "pace": pace, "grip": -force}


explain(
    hand_lift,
    Text(
        "Main (ou bras) qui lève la ventouse : loi de vitesse en trapèze, à l'accélération de la fiche.",
        "Hand (or arm) that raises the cup: trapezoid of speed, at the acceleration of the sheet.",
    ),
)


@sampled(
    reads=("gap", "height", "part", "hand", "arm"),
    parameters=("stroke",),
    memory=("closed", "lifted", "dropped"),
    writes=("present", "aim"),
    stage=Stage.SENSE,
)
def cup_watch(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """What is seen of the cup; what hands do: a part laid under it, ``hand`` or ``arm`` (above 0.5) that raise it.

    ``closed``: the lip lies on a part; ``lifted``: that part is 1 cm off its table (the rubber alone raises a light one
    by 3 mm); ``dropped``: the cup is raised and the part is not under it any more.
    """
    under = less(0.5, r.part)
    raise_it = maximum(less(0.5, r.hand), less(0.5, r.arm))
    touches = less(r.gap, _PARTED_M)
    closed = under * touches
    high = less(_RAISED_M, r.height + r.gap)
    return {
        "closed": closed,
        "lifted": closed * less(_LIFTED_M, r.height),
        "dropped": under * high * (1.0 - touches),
        "present": under,
        "aim": raise_it * p.stroke,
    }


explain(
    cup_watch,
    Text(
        "Ce que l'œil voit : pièce sous la lèvre, levée, tombée ; la commande lève la ventouse.",
        "What the eye sees: part under the lip, lifted, fallen; the control raises the cup.",
    ),
    plain=True,
)


def _build(b: Builder, p: Parameters) -> None:
    radius_cm = float(p["diameter_mm"]) / 20.0
    area = math.pi * radius_cm * radius_cm
    by_hand = Carrier(p["moved_by"]) is Carrier.HAND
    add_volume(b, "V")
    add_volume(b, "cup", float(p["volume_cm3"]))
    b.device(
        "passage", orifice, {"a": "cup", "b": "V"}, {"conductance": _PASSAGE_C, "critical_ratio": 0.4, "opening": 1.0}
    )
    b.device("pores", vent, {"a": "cup"}, {"conductance": p["porosity"], "critical_ratio": 0.5, "opening": 1.0})
    add_leak(b, "lip_leak", "cup")
    add_leak(b, "leak", "V")
    mass = float(p["part_kg"])
    b.device(
        "contact",
        cup_contact,
        {"air": "cup", "arm": "arm", "part": "part"},
        {
            "area": area,
            "lip": 1.0,
            "stiffness": _LIP_N_M,
            "damping": _LIP_N_S_M,
            "present": 0.0,
            "conductance": _OPEN_C,
        },
        {"gap": -_PRESSED_M if by_hand else 1e-3 * float(p["start_mm"])},
    )
    b.device("holder", moving_mass, {"w": "arm"}, {"mass": _HOLDER_KG})
    b.device(
        "body",
        guided_mass,
        {"w": "part"},
        {
            "mass": mass,
            "load_mass": 0.0,
            "load": 0.0,
            "slope": 1.0,
            "low": 0.0,
            "high": _CEILING_M,
            "stiffness": _TABLE_N_M,
            "loss": _TABLE_LOSS_S_M,
        },
        {"position": -mass * GRAVITY / _TABLE_N_M},
    )
    if by_hand:
        b.device(
            "carrier",
            hand_lift,
            {"w": "arm"},
            {
                "aim": 0.0,
                "speed": _HAND_M_S,
                "acceleration": max(float(p["acceleration"]), 0.1),
                "firmness": _HAND_N_S_M,
            },
        )
    add_hand(b, "part")
    add_hand(b, "lift")
    raised = b.memory("lift", "position")
    b.sample(
        "grip",
        cup_watch,
        {
            "gap": b.state("contact", "gap"),
            "height": b.state("body", "position"),
            "part": b.memory("part", "position"),
            "hand": raised,
            "arm": b.linked("lifted") or raised,
        },
        {"stroke": _HAND_M},
        {"present": b.parameter("contact", "present"), "aim": b.parameter("carrier", "aim") if by_hand else ()},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("part", MemoryRef(f"{tag}.grip", "closed"), seen=True, text=Text("pièce prise", "part under the cup")),
        Channel("lifted", MemoryRef(f"{tag}.grip", "lifted"), seen=True, text=Text("pièce levée", "part lifted")),
        Channel("vacuum", NodeRef(f"{tag}.cup"), ATMOSPHERE_BAR, 0.0),
        Channel("pull", StateRef(f"{tag}.contact", "pull"), 0.0, 10.0 * GRAVITY * float(p["part_kg"])),
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
            Line(((3.7, 2), (6, 2)), "dashed"),
            Moves("part", 0, -1.9, (Rectangle(0.3, 7, 5.4, 0.8),)),
        ),
        (Pin("V", 3, 0, "n"), Pin("arm", 6, 2, "e", label=False)),
    )


COMPONENT = Component(
    family="suction_cup",
    letter="U",
    purpose="U",
    text=Text("ventouse", "suction cup"),
    sheet=Text(
        "Tient une pièce par la différence de pression : effort = dépression × surface. Un effort plus grand (poids, "
        "accélération) décolle la lèvre : l'air entre et la pièce tombe. Le constructeur demande un coefficient 2 "
        "(pièce horizontale) à 4 (verticale). Une pièce poreuse ou une lèvre usée laisse entrer l'air : l'éjecteur ne "
        "suit plus. Levée par une main, par le signal « lifted » (bras levé) ou par un axe joint à « arm ». Valeurs : "
        "fiche de ventouse plate Ø 40, nitrile.",
        "Holds a part by the difference of pressure: force = vacuum × area. A greater force (weight, acceleration) "
        "lifts the lip, air comes in and the part falls. Makers ask for a factor of 2 (part horizontal) to 4 "
        "(vertical). A porous part or a worn lip lets air in: the ejector cannot follow. Raised by a hand, by the "
        "signal “lifted” (arm raised) or by an axis joined to “arm”. Values: data sheet of a flat 40 mm cup, nitrile.",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre utile", "effective diameter"), "mm", 40.0, 2.0, 300.0),
        Parameter("volume_cm3", Text("volume de la ventouse", "volume of the cup"), "cm³", 8.0, 2.0, 500.0),
        Parameter(
            "moved_by",
            Text(
                "levée par : hand (main, signal) ou axis (axe joint)", "raised by: hand (or signal), or a joined axis"
            ),
            "",
            Carrier.HAND.value,
            choices=tuple(c.value for c in Carrier),
        ),
        Parameter("start_mm", Text("hauteur au départ (axe)", "height at the start (axis)"), "mm", 20.0, -2.0, 2000.0),
        Parameter("part_kg", Text("masse de la pièce", "mass of the part"), "kg", 2.0, 0.01, 500.0),
        Parameter("acceleration", Text("accélération au levage", "acceleration of the lift"), "m/s²", 2.0, 0.0, 50.0),
        Parameter(
            "porosity", Text("fuite à travers la pièce", "leak through the part"), "dm³/(s·bar)", 0.002, 0.0, 2.0
        ),
    ),
    ports=(Port("V", Domain.PNEUMATIC), Port("arm", Domain.TRANSLATION, "optional")),
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
            (Effect("contact.lip", 0.3), Effect("lip_leak.opening", 0.1)),
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
        "force": lambda tag, p: StateRef(f"{tag}.contact", "held"),
    },
    optional_links=("lifted",),
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"part": "part.position", "lift": "lift.position"},
)

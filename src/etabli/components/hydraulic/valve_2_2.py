"""2/2 solenoid seat valve: a poppet that shuts one way without leak."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.coil import COIL_MODES, add_electromagnet, coil_senses, coil_spot
from etabli.components.fluid_symbols import arrow, check_valve, spring
from etabli.components.hydraulic.directional_valve import SQUARE, led_words, solenoid
from etabli.components.hydraulic.hydraulic_check_valve import seat_modes
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_factor,
    passage_senses,
    ramp,
    reversed_mode,
)
from etabli.components.pneumatic.pilot_valve import plug_led, valve_coil_symbol
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, ParameterRef, StateRef
from etabli.physics.text import Text

_OF_IT = Text("de la valve à clapet", "of the seat valve")
_SPAN_BAR = 2.0
"""Drop beyond the cracking pressure at which the free flow has lifted the poppet fully."""


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "opening", "lift", "cracking", "span", "seat_leak"),
    states=("flow",),
)
def seat_valve(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Poppet: ``q = k opening √drop`` both ways while it is lifted; shut, it is a check valve free from a to b.

    ``opening`` 0…1 is written by the solenoid; shut, a drop from a to b beyond ``cracking`` bar lifts the poppet, fully
    ``span`` bar later. ``lift`` is the share of its travel that it can still make, ``seat_leak`` the share of k that
    dirt keeps open. k in cm³/s per √bar; state ``flow`` cm³/s from a to b. Source: turbulent orifice and poppet
    balance (Merritt, chapters 3 and 5); symbol and function of solenoid cartridge sheets.
    """
    pushed = ramp(v.a - v.b - p.cracking, p.span)
    q = orifice_flow(v.a, v.b, p.k * maximum(p.lift * maximum(p.opening, pushed), p.seat_leak))
    return {"a": q, "b": -q}, {"flow": q}


explain(
    seat_valve,
    Text(
        "Clapet sur siège : levé par la bobine, q = k √Δp dans les deux sens ; fermé, il ne s'ouvre que de 1 vers 2, "
        "au-delà de la pression de son ressort. Source : orifice turbulent et équilibre d'un clapet (Merritt, "
        "chapitres 3 et 5).",
        "Poppet on a seat: lifted by the coil, q = k √Δp both ways; shut, it opens from 1 to 2 only, beyond the "
        "pressure of its spring. Source: turbulent orifice and balance of a poppet (Merritt, chapters 3 and 5).",
    ),
    Curve(
        Text("débit selon Δp, bobine coupée (à droite : de 1 vers 2)", "flow against Δp, coil off (right: 1 to 2)"),
        DROP,
        OIL_FLOW,
        sweep(-20.0, 12.0, lambda d, x: d.flow("a", a=max(x, 0.0), b=max(-x, 0.0)) * L_MIN, 129),
    ),
)


@sampled(reads=("armature",), parameters=("rests_open",), writes=("opening",), stage=Stage.SWITCH)
def poppet_lift(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Lift of the poppet from the travel of the ``armature`` (0…1), inverted where it ``rests_open`` (0/1)."""
    return {"opening": r.armature + p.rests_open * (1.0 - 2.0 * r.armature)}


explain(
    poppet_lift,
    Text(
        "Le clapet suit le noyau : normalement fermé, il s'ouvre avec lui ; normalement ouvert, il se ferme.",
        "The poppet follows the armature: normally closed, it opens with it; normally open, it shuts.",
    ),
    plain=True,
)


def _rests_open(p: Parameters) -> bool:
    return str(p["rest"]) == "open"


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", leak_at="2")
    volts = float(p["voltage"])
    add_electromagnet(
        b,
        volts=volts,
        ohms=volts * volts / float(p["power_w"]),
        time_constant_s=float(p["coil_time_constant_s"]),
        close_s=float(p["travel_s"]),
        open_s=float(p["travel_s"]),
        plus="a+",
        minus="a-",
    )
    b.sample("led", plug_led, {"plus": b.across("a+"), "minus": b.across("a-")}, {"rated": volts})
    rests_open = 1.0 if _rests_open(p) else 0.0
    b.device(
        "seat",
        seat_valve,
        {"a": "1", "b": "2"},
        {
            "k": p["k"],
            "opening": rests_open,
            "lift": 1.0,
            "cracking": p["cracking_bar"],
            "span": _SPAN_BAR,
            "seat_leak": 0.0,
        },
    )
    b.sample(
        "poppet",
        poppet_lift,
        {"armature": b.memory("armature", "position")},
        {"rests_open": rests_open},
        {"opening": b.parameter("seat", "opening")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("poppet", MemoryRef(f"{tag}.armature", "position")),
        Channel("flow", StateRef(f"{tag}.seat", "flow"), -700.0, 700.0),
        Channel("led", MemoryRef(f"{tag}.led", "lit"), seen=True, text=Text("LED du connecteur", "LED of the plug")),
    )


_oil_senses = passage_senses(
    "seat",
    "1",
    "2",
    "2",
    Text("dans la valve à clapet", "in the seat valve"),
    Text("à la valve à clapet", "at the seat valve"),
)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    led = Perception(Sense.LOOK, led_words(read(MemoryRef(f"{tag}.led", "lit")), "a"))
    return (led, *coil_senses(tag, read), *_oil_senses(tag, p, read))


def _shut_square(x: float) -> tuple[Shape, ...]:
    """The poppet on its seat: free upwards, shut downwards."""
    middle = x + 3.0
    pipe = (Line(((middle, 8), (middle, 5.85))), Line(((middle, 4.4), (middle, 2))))
    return (Rectangle(x, 2, SQUARE, SQUARE), *pipe, *check_valve(middle, 5.0))


def _open_square(x: float) -> tuple[Shape, ...]:
    """Free both ways."""
    middle = x + 3.0
    return (Rectangle(x, 2, SQUARE, SQUARE), *arrow((middle, 5), (middle, 2)), *arrow((middle, 5), (middle, 8)))


def _symbol(rests_open: bool) -> Symbol:
    """Work square on the left, rest square in place on the right; they slide one square to the right."""
    work, rest = (_shut_square, _open_square) if rests_open else (_open_square, _shut_square)
    at = 6.0
    middle = at + SQUARE + 3.0
    sliding = (*solenoid(2, "a", 1), *work(at), *rest(at + SQUARE), spring(at + 2 * SQUARE, 5, 3.0))
    stems = (Line(((middle, 0), (middle, 2))), Line(((middle, 8), (middle, 10))))
    return Symbol(
        28,
        10,
        (*stems, Moves("poppet", SQUARE, 0, sliding)),
        (Pin("1", int(middle), 10, "s"), Pin("2", int(middle), 0, "n")),
    )


COMPONENT = Component(
    family="valve_2_2",
    letter="V",
    purpose="Q",
    text=Text("distributeur 2/2 à clapet", "2/2 solenoid seat valve"),
    sheet=Text(
        "Clapet sur siège commandé par une bobine. Fermé, il tient l'huile de 2 vers 1 sans fuite et la laisse passer "
        "de 1 vers 2 contre son ressort. Normalement fermé : la bobine l'ouvre dans les deux sens. Normalement ouvert "
        ": la bobine le ferme. Valeurs : fiche de cartouche à clapet pilotée taille 10 (60 l/min sous 9 bar, bobine "
        "24 V 20 W, commutation en 50 ms).",
        "Poppet on a seat, moved by a coil. Shut, it holds oil from 2 to 1 without leak and lets it through from 1 to "
        "2 against its spring. Normally closed: the coil opens it both ways. Normally open: the coil shuts it. Values: "
        "data sheet of a pilot-operated poppet cartridge, size 10 (60 l/min at 9 bar, coil 24 V 20 W, switches in "
        "50 ms).",
    ),
    parameters=(
        Parameter("rest", Text("au repos", "at rest"), "", "closed", choices=("closed", "open")),
        flow_factor("k", 333.0, Text("facteur de débit, ouvert", "flow factor, open")),
        Parameter("cracking_bar", Text("pression d'ouverture de 1 vers 2", "cracking 1 to 2"), "bar", 3.0, 0.1, 20.0),
        Parameter("voltage", Text("tension de la bobine", "coil voltage"), "V", 24.0, 5.0, 220.0),
        Parameter("power_w", Text("puissance de la bobine", "coil power"), "W", 20.0, 2.0, 100.0),
        Parameter("travel_s", Text("temps de course du clapet", "travel time of the poppet"), "s", 0.04, 0.002, 1.0),
        Parameter("coil_time_constant_s", Text("constante de temps L/R", "time constant L/R"), "s", 0.01, 0.0005, 0.2),
    ),
    ports=(
        Port("1", Domain.HYDRAULIC),
        Port("2", Domain.HYDRAULIC),
        Port("a+", Domain.DC),
        Port("a-", Domain.DC),
    ),
    build=_build,
    failure_modes=(
        *COIL_MODES,
        *seat_modes("seat", _OF_IT),
        reversed_mode(Text("valve à clapet montée à l'envers", "seat valve mounted the wrong way round")),
        clogged_mode("seat.k", _OF_IT),
        body_leak_mode(_OF_IT),
    ),
    channels=_channels,
    signals={
        "opening": lambda tag, p: ParameterRef(f"{tag}.seat", "opening"),
        "flow": lambda tag, p: StateRef(f"{tag}.seat", "flow"),
    },
    senses=_senses,
    spots=lambda tag, p: (coil_spot(tag),),
    symbols={
        "main": _symbol(rests_open=False),
        "main_open": _symbol(rests_open=True),
        "coil_a": valve_coil_symbol("led", "a+", "a-"),
    },
    controls={"override": "armature.pushed"},
)

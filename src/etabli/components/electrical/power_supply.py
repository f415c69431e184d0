"""24 V DC power supply fed by 230 V or 400 V AC, with current limit and a short boost that clears protections."""

from __future__ import annotations

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
from etabli.components.curve import CURRENT, VOLTAGE, Curve, Piece, explain, spaced
from etabli.components.drawing import Label, Line, Pin, Symbol
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import box, led
from etabli.components.resolution import resolved
from etabli.physics.expression import clamp, knee, less, maximum, select
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef
from etabli.physics.text import Text

_EFFICIENCY = 0.89
_STANDBY_W = 2.5
_SOFT_START_S = 0.03
_BOOST_RECOVERY = 0.05
"""Boost time won back per second of normal load."""
_KNEE_A = 0.05
_DRAW_SHARE = 1e-4
"""The mains see another draw when it has changed by this share: a converter regulates by half-waves."""
_OUTPUT_F_PER_A = 0.5e-3


@law(
    {"plus": Domain.DC, "minus": Domain.DC},
    ("voltage", "conductance", "limit", "capacitance"),
    ("current", "charge"),
)
def limited_source(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Rectified source ``conductance * (voltage - u)`` held between 0 and ``limit``, with a capacitor. V, S, A, F.

    State ``current`` is what the converter delivers, ``charge`` that of the capacitor. Source: output characteristic
    (constant voltage, then constant current) and output capacitance of switched-mode supply sheets.
    """
    u = v.plus - v.minus
    wanted = p.conductance * (p.voltage - u)
    converter = knee(wanted - knee(wanted - p.limit, _KNEE_A), _KNEE_A)
    charge = p.capacitance * u
    out = converter - (charge - s.charge) / ah
    return {"plus": -out, "minus": out}, {"current": converter, "charge": charge}


explain(
    limited_source,
    Text(
        "Alimentation à découpage : tension constante, puis courant limité en surcharge. Source : caractéristique de "
        "sortie et condensateur des fiches d'alimentations.",
        "Switched-mode supply: constant voltage, then a current limit on overload. Source: output characteristic and "
        "capacitor of supply sheets.",
    ),
    Curve(
        Text("tension de sortie selon le courant", "output voltage against current"),
        CURRENT,
        VOLTAGE,
        lambda d: [_loaded(d, 24.2 * x) for x in spaced(1.0, 0.0, 121)],
    ),
)


def _loaded(piece: Piece, volts: float) -> tuple[float, float]:
    """(current, voltage) of the converter at work, with ``volts`` at its terminals."""
    health = getattr(piece.specimen.piece("control").p, "health", 1.0) if piece.specimen.has("control") else 1.0
    weak = getattr(piece.specimen.piece("control").p, "weak", 1.0) if piece.specimen.has("control") else 1.0
    at_work = piece.having(voltage=24.0 * health, limit=piece.p.limit * weak)
    return at_work.answer(plus=volts)[1]["current"], volts


@sampled(
    reads=("line_re", "line_im", "neutral_re", "neutral_im", "plus", "minus", "current"),
    parameters=(
        "set_v",
        "limit_a",
        "boost_a",
        "boost_s",
        "start_v",
        "stop_v",
        "start_s",
        "hold_s",
        "health",
        "weak",
        "dead",
    ),
    memory=("stored", "running", "level", "boost", "ok", "drawn_ohm"),
    writes=("voltage", "limit", "input_ohm"),
    stage=Stage.SENSE,
)
def supply_control(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Start-up, hold-up, current limit with boost, and the load shown to the mains.

    ``stored`` (0…1) is the charge of the bulk capacitor: full after ``start_s`` above ``start_v`` RMS, empty ``hold_s``
    after the input falls below ``stop_v``. For ``boost_s`` an overload is fed with ``boost_a`` so that fuses and
    breakers act, then with ``limit_a``. ``health`` scales the regulated voltage, ``weak`` the limit and the hold-up
    (dried capacitor), ``dead`` (0/1) stops everything. ``input_ohm`` takes the output power from the mains at 89 %,
    ``drawn_ohm`` is its last value: it changes by 0.01 % or more.
    Source: start-up, hold-up, boost and efficiency of 24 V supply sheets.
    """
    u_re, u_im = r.line_re - r.neutral_re, r.line_im - r.neutral_im
    squared = u_re * u_re + u_im * u_im
    fed = less(select(m.running, p.stop_v * p.stop_v, p.start_v * p.start_v), squared) * less(p.dead, 0.5)
    stored = clamp(m.stored + select(fed, h / p.start_s, -(h / (p.hold_s * maximum(p.weak, 0.05)))), 0.0, 1.0)
    running = select(m.running, less(0.0, stored), less(0.999, stored)) * less(p.dead, 0.5)
    level = clamp(m.level + select(running, h / _SOFT_START_S, -1.0), 0.0, 1.0)
    overload = less(p.limit_a * p.weak * 0.98, r.current)
    boost = clamp(m.boost + select(overload, -h, h * _BOOST_RECOVERY), 0.0, p.boost_s)
    limit = select(less(h, boost), p.boost_a, p.limit_a) * p.weak
    output_w = maximum(0.0, (r.plus - r.minus) * r.current)
    input_w = running * (output_w / _EFFICIENCY) + _STANDBY_W
    output_v = r.plus - r.minus
    ohms = select(less(p.dead, 0.5), clamp(squared / input_w, 20.0, 1e6), 1e6)
    drawn = resolved(ohms, m.drawn_ohm, _DRAW_SHARE * ohms)
    return {
        "stored": stored,
        "running": running,
        "level": level,
        "boost": boost,
        "ok": running * less(0.9 * 24.0, output_v),
        "voltage": level * p.set_v * p.health,
        "limit": maximum(limit, 0.1),
        "drawn_ohm": drawn,
        "input_ohm": drawn,
    }


explain(
    supply_control,
    Text(
        "Régulation : démarrage, maintien au creux de réseau, surcharge brève permise puis limitation. Source : "
        "fiches d'alimentations 24 V.",
        "Control: start-up, hold-up through a dip, a short boost on overload, then the limit. Source: 24 V supply "
        "sheets.",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    _add_circuit(b, p)
    _add_control(b, p)


def _add_circuit(b: Builder, p: Parameters) -> None:
    """Input impedance, output with its bleeder, and what ties the output to earth."""
    rated = p["rated_a"]
    b.device("input", ac_impedance, {"a": "L", "b": "N"}, {"resistance": 1e5, "reactance": 0.0})
    b.device(
        "output",
        limited_source,
        {"plus": "+", "minus": "-"},
        {
            "voltage": 0.0,
            "conductance": 25.0,
            "limit": p["boost_ratio"] * rated,
            "capacitance": _OUTPUT_F_PER_A * rated,
        },
    )
    b.device("bleeder", resistor, {"a": "+", "b": "-"}, {"resistance": 470.0})
    # The EMC filter: without it the rail of an unearthed supply would have no potential at all.
    b.device("filter", resistor, {"a": "-", "b": GROUND}, {"resistance": 220e3})
    if p["earthed"]:
        b.device("earth_link", resistor, {"a": "-", "b": GROUND}, {"resistance": 0.01})


def _add_control(b: Builder, p: Parameters) -> None:
    """The converter: what it takes from the mains, what it gives, its current limit."""
    rated = p["rated_a"]
    b.sample(
        "control",
        supply_control,
        {
            "line_re": b.across("L"),
            "line_im": b.across("L", 1),
            "neutral_re": b.across("N"),
            "neutral_im": b.across("N", 1),
            "plus": b.across("+"),
            "minus": b.across("-"),
            "current": b.state("output", "current"),
        },
        {
            "set_v": p["output_v"],
            "limit_a": 1.2 * rated,
            "boost_a": p["boost_ratio"] * rated,
            "boost_s": 0.03,
            "start_v": 0.37 * p["input_v"],
            "stop_v": 0.30 * p["input_v"],
            "start_s": 0.3,
            "hold_s": 0.025,
            "health": 1.0,
            "weak": 1.0,
            "dead": 0.0,
        },
        {
            "voltage": b.parameter("output", "voltage"),
            "limit": b.parameter("output", "limit"),
            "input_ohm": b.parameter("input", "resistance"),
        },
        initial={"boost": 0.03, "drawn_ohm": 1e5},
    )


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    ok = read(MemoryRef(f"{tag}.control", "ok")) > 0.5
    found = [
        Perception(
            Sense.LOOK,
            Text("La LED « DC OK » est allumée.", "The “DC OK” LED is lit.")
            if ok
            else Text("La LED « DC OK » est éteinte.", "The “DC OK” LED is off."),
        )
    ]
    running = read(MemoryRef(f"{tag}.control", "running")) > 0.5
    voltage = read(NodeRef(f"{tag}:+")) - read(NodeRef(f"{tag}:-"))
    if running and voltage < 12.0:
        found.append(Perception(Sense.TOUCH, Text("Le boîtier chauffe.", "The case is heating up.")))
    elif running:
        found.append(Perception(Sense.TOUCH, Text("Le boîtier est tiède.", "The case is warm.")))
    else:
        found.append(Perception(Sense.TOUCH, Text("Le boîtier est froid.", "The case is cold.")))
    return tuple(found)


@dc_image("power_supply")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    """A rectifier with a discharge resistor behind it: some hundreds of kilohms for an ohmmeter."""
    return (("L", "N", 470e3),)


FAILURE_MODES = (
    FailureMode(
        "dead",
        Text("alimentation hors service", "power supply dead"),
        (Effect("control.dead", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=1.0,
    ),
    FailureMode(
        "output_low",
        Text("tension de sortie effondrée (régulation défaillante)", "output voltage sagging (regulation failed)"),
        (Effect("control.health", 0.55),),
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.8,
        degrees=(0.7, 1.0),
    ),
    FailureMode(
        "limit_low",
        Text("condensateurs secs : ne tient plus la charge", "dried capacitors: cannot carry its load"),
        (Effect("control.weak", 0.03),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.6,
        degrees=(0.92, 1.0),
    ),
    FailureMode(
        "wrong_setting",
        Text("potentiomètre de tension déréglé", "voltage potentiometer out of adjustment"),
        (Effect("control.set_v", 15.0),),
        repair=Repair.ADJUST,
        rate=0.4,
        degrees=(0.8, 1.0),
    ),
)


def _symbol() -> Symbol:
    pins = (Pin("L", 2, 0, "n"), Pin("N", 6, 0, "n"), Pin("+", 2, 8, "s"), Pin("-", 6, 8, "s"))
    extra = (
        Line(((1, 7), (7, 1))),
        Label(2.6, 2.7, "~", 1.7),
        Label(5.2, 5.6, "=", 1.7),
        *led(6.1, 3.4, "ok"),
    )
    return box(8, 8, pins, extra)


COMPONENT = Component(
    family="power_supply",
    letter="G",
    purpose="T",
    text=Text("alimentation 24 V", "24 V power supply"),
    sheet=Text(
        "Alimentation à découpage 24 V réglable de 14 à 28,5 V. Limitation à 1,2 In, renfort de 3 In pendant 30 ms "
        "pour faire agir les protections, maintien 25 ms sur coupure réseau, LED « DC OK » au-dessus de 21,6 V. "
        "Mettre le 0 V à la terre (TBTP). Valeurs : fiche d'alimentation sur rail 24 V 10 A.",
        "Switched-mode supply 24 V, adjustable 14–28.5 V. Limits at 1.2 In, boosts 3 In for 30 ms so that protections "
        "act, holds 25 ms without mains, “DC OK” LED above 21.6 V. Earth the 0 V (PELV). Values: sheet of a DIN-rail "
        "supply 24 V 10 A.",
    ),
    parameters=(
        Parameter("rated_a", Text("courant nominal", "rated current"), "A", 10.0, 0.5, 40.0),
        Parameter("output_v", Text("tension de sortie", "output voltage"), "V", 24.1, 14.0, 28.5, adjustable=True),
        Parameter("input_v", Text("tension d'entrée nominale", "rated input voltage"), "V", 230.0, 100.0, 500.0),
        Parameter("boost_ratio", Text("renfort de courant", "current boost"), "", 3.0, 1.2, 6.0),
        Parameter("earthed", Text("0 V relié à la terre dans le bloc", "0 V earthed inside the unit"), "", 0, 0, 1),
    ),
    ports=(Port("L", Domain.AC), Port("N", Domain.AC), Port("+", Domain.DC), Port("-", Domain.DC)),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: (
        Channel("ok", MemoryRef(f"{tag}.control", "ok"), seen=True, text=Text("LED « OK »", "“OK” LED")),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
    adjusts={"output_v": "control.set_v"},
)

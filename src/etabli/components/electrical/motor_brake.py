"""Spring-applied motor brake, released by its coil: 24 V DC, or fed by AC through its rectifier."""

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
    Spot,
)
from etabli.components.curve import TORQUE, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.coil import COIL_MODES, add_electromagnet
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.inertia import rotating_mass
from etabli.physics.expression import absolute, clamp, knee, maximum, sqrt
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_CLEAR = 0.8
"""Travel of the armature at which the linings no longer touch."""
_HALF_WAVE = 0.45
"""DC mean over AC RMS of a half-wave rectifier with a free-wheeling diode: sqrt(2) / pi."""
_AMBIENT_C = 20.0


@law({"plus": Domain.DC, "minus": Domain.DC}, ("voltage", "conductance"), ("current",))
def rectified_source(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Mean output of a rectifier: ``conductance`` (S) from ``voltage`` (V), never backwards. State: current A."""
    i = knee(p.conductance * (p.voltage - v.plus + v.minus), 0.01)
    return {"plus": -i, "minus": i}, {"current": i}


explain(
    rectified_source,
    Text(
        "Redresseur de frein : tension moyenne redressée derrière une conductance, sans courant inverse.",
        "Brake rectifier: mean rectified voltage behind a conductance, no reverse current.",
    ),
)


@sampled(
    reads=("a_re", "a_im", "b_re", "b_im", "current"),
    parameters=("gain", "dead"),
    memory=("volts",),
    writes=("voltage", "input_ohm"),
    stage=Stage.SENSE,
)
def half_wave(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Rectifier block of a brake: mean ``gain`` x RMS volts to the coil; the coil's watts from the mains as ohms.

    ``dead`` (0…1) is the share of the voltage that a failing rectifier loses.
    """
    re, im = r.a_re - r.b_re, r.a_im - r.b_im
    rms = sqrt(re * re + im * im)
    volts = p.gain * rms * (1.0 - p.dead)
    watts = maximum(volts * r.current, 0.01)
    return {"volts": volts, "voltage": volts, "input_ohm": clamp(rms * rms / watts, 20.0, 1e6)}


explain(
    half_wave,
    Text(
        "Redressement monoalternance : tension moyenne égale à 0,45 fois la tension efficace. Source : fiches de "
        "redresseurs de frein.",
        "Half-wave rectifier: a mean voltage of 0.45 times the RMS value. Source: brake rectifier sheets.",
    ),
    Curve(
        Text("tension continue selon la tension d'alimentation", "DC voltage against supply voltage"),
        Axis(Text("tension alternative", "AC voltage"), "V"),
        Axis(Text("tension continue", "DC voltage"), "V"),
        sweep(0.0, 440.0, lambda d, u: d.held(2.0, a_re=u)["voltage"], 23),
    ),
)


@sampled(
    reads=("position", "force", "speed"),
    parameters=("torque", "spring", "heat_j_k", "cooling_w_k"),
    memory=("rise",),
    writes=("limit",),
    stage=Stage.SWITCH,
)
def brake_linings(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Braking torque (N·m) the springs press for at this travel of the armature, and the heat of the disc (K).

    ``spring`` is the share of the spring force that is left. Source: torque proportional to the normal force
    (Amontons), one lumped heat capacity.
    """
    pressed = clamp(1.0 - r.position / _CLEAR, 0.0, 1.0)
    watts = absolute(r.force * r.speed)
    return {
        "limit": p.torque * p.spring * pressed,
        "rise": m.rise + h * (watts - p.cooling_w_k * m.rise) / p.heat_j_k,
    }


explain(
    brake_linings,
    Text(
        "Garnitures d'un frein à manque de courant : le ressort serre, l'électroaimant desserre ; le couple faiblit "
        "à chaud. Source : fiches de freins de moteur, garnitures organiques.",
        "Linings of a spring-applied brake: the spring clamps, the magnet releases; the torque fades when hot. Source: "
        "motor brake sheets, organic linings.",
    ),
    Curve(
        Text("couple de freinage selon la course de l'armature", "brake torque against armature travel"),
        Axis(Text("course (0 freiné, 1 débloqué)", "travel (0 applied, 1 released)")),
        TORQUE,
        sweep(0.0, 1.0, lambda d, x: d.step(position=x)["limit"]),
    ),
)


def _is_ac(p: Parameters) -> bool:
    return bool(p["supply"] == "ac")


def _ports(p: Parameters) -> tuple[Port, ...]:
    domain = Domain.AC if _is_ac(p) else Domain.DC
    return Port("A1", domain), Port("A2", domain), Port("shaft", Domain.ROTATION)


def _build(b: Builder, p: Parameters) -> None:
    plus, minus = ("coil_plus", "coil_minus") if _is_ac(p) else ("A1", "A2")
    if _is_ac(p):
        _add_rectifier(b)
    add_electromagnet(
        b,
        volts=p["coil_v"],
        ohms=p["coil_ohm"],
        time_constant_s=p["coil_time_constant_s"],
        close_s=p["release_s"],
        open_s=p["engage_s"],
        plus=plus,
        minus=minus,
    )
    b.device("disc", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    add_dry_friction(b, "brake", "shaft", GROUND, p["torque_nm"], rotation=True, breakaway=1.1)
    b.sample(
        "linings",
        brake_linings,
        {
            "position": b.memory("armature", "position"),
            "force": b.state("brake", "force"),
            "speed": b.across("shaft"),
        },
        {"torque": p["torque_nm"], "spring": 1.0, "heat_j_k": p["heat_j_k"], "cooling_w_k": p["cooling_w_k"]},
        {"limit": b.parameter("brake", "limit")},
    )


def _add_rectifier(b: Builder) -> None:
    b.device("input", ac_impedance, {"a": "A1", "b": "A2"}, {"resistance": 1e6, "reactance": 0.0})
    b.device(
        "rectifier",
        rectified_source,
        {"plus": "coil_plus", "minus": "coil_minus"},
        {"voltage": 0.0, "conductance": 5.0},
    )
    b.device("reference", resistor, {"a": "coil_minus", "b": GROUND}, {"resistance": 1e6})
    b.sample(
        "control",
        half_wave,
        {
            "a_re": b.across("A1"),
            "a_im": b.across("A1", 1),
            "b_re": b.across("A2"),
            "b_im": b.across("A2", 1),
            "current": b.state("rectifier", "current"),
        },
        {"gain": _HALF_WAVE, "dead": 0.0},
        {"voltage": b.parameter("rectifier", "voltage"), "input_ohm": b.parameter("input", "resistance")},
    )


_MODES = (
    *COIL_MODES[:2],
    FailureMode(
        "lining_worn",
        Text("garniture usée : entrefer trop grand, le frein ne se desserre plus", "worn lining: air gap too large"),
        (Effect("armature.pull_in", 1.7, relative=True), Effect("linings.spring", 0.85)),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=1.5,
        degrees=(0.75, 1.0),
        visible=Text(
            "L'entrefer dépasse la cote maximale de la fiche.", "The air gap is beyond the limit of the sheet."
        ),
    ),
    FailureMode(
        "lining_oily",
        Text("garniture grasse : couple réduit", "oily lining: less torque"),
        (Effect("brake.grip", 0.2),),
        repair=Repair.CLEAN,
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.8,
        degrees=(0.7, 1.0),
        visible=Text("Le disque est luisant de graisse.", "The disc shines with grease."),
    ),
    FailureMode(
        "weak_spring",
        Text("ressorts du frein affaiblis", "weak brake springs"),
        (Effect("linings.spring", 0.25), Effect("armature.spring", 0.3)),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.6,
        degrees=(0.7, 1.0),
    ),
    FailureMode(
        "sticks_open",
        Text("armature collée : le frein ne se resserre plus", "armature sticks: the brake no longer closes"),
        (Effect("armature.spring", 0.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
        visible=Text("L'armature est grippée sur ses guides.", "The armature is seized on its guides."),
    ),
    FailureMode(
        "sticks_closed",
        Text("armature bloquée : le frein ne se desserre plus", "armature jammed: the brake no longer releases"),
        (Effect("armature.jammed", 0.95),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
        visible=Text("De la rouille bloque l'armature.", "Rust blocks the armature."),
    ),
)

_RECTIFIER_DEAD = FailureMode(
    "rectifier_dead",
    Text("redresseur du frein hors service", "brake rectifier dead"),
    (Effect("control.dead", 1.0),),
    onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
    rate=0.8,
    degrees=(0.6, 1.0),
    visible=Text("Le bloc redresseur est fendu.", "The rectifier block is cracked."),
)


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    return (*_MODES, _RECTIFIER_DEAD) if _is_ac(p) else _MODES


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found = []
    if read(MemoryRef(f"{tag}.armature", "activity")) > 0.2:
        found.append(Perception(Sense.LISTEN, Text("Claquement net du frein.", "A clear clack of the brake.")))
    rubbing = abs(read(NodeRef(f"{tag}:shaft"))) > 1.0 and read(ParameterRef(f"{tag}.brake", "limit")) > 0.5
    if rubbing:
        found.append(Perception(Sense.LISTEN, Text("Le frein frotte en tournant.", "The brake rubs as it turns.")))
    open_now = read(MemoryRef(f"{tag}.armature", "position")) > 0.9
    found.append(
        Perception(
            Sense.LOOK,
            Text("Le levier du frein est en position desserrée.", "The brake lever stands released.")
            if open_now
            else Text("Le levier du frein est en position serrée.", "The brake lever stands applied."),
        )
    )
    found.append(Perception(Sense.TOUCH, _warmth(read(MemoryRef(f"{tag}.linings", "rise")) + _AMBIENT_C)))
    if read(MemoryRef(f"{tag}.linings", "rise")) > 120.0:
        found.append(Perception(Sense.LOOK, Text("Odeur de garniture brûlée.", "Smell of burnt lining.")))
    return tuple(found)


def _warmth(celsius: float) -> Text:
    if celsius > 70.0:
        return Text("Le carter du frein est brûlant.", "The brake housing is burning hot.")
    if celsius > 35.0:
        return Text("Le carter du frein est chaud.", "The brake housing is hot.")
    return Text("Le carter du frein est froid.", "The brake housing is cold.")


@dc_image("motor_brake")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    """A half-wave rectifier blocks the ohmmeter one way; the varistor and the other way show some 100 kilohms."""
    return (("A1", "A2", 1e5),) if _is_ac(p) else ()


def _symbol() -> Symbol:
    """Coil above, shoe on the shaft below (IEC 60617: electromagnetic brake)."""
    return Symbol(
        8,
        8,
        (
            Line(((2, 0), (2, 1.4), (2, 1.6))),
            Line(((6, 0), (6, 1.4), (6, 1.6))),
            Rectangle(1, 1.6, 6, 1.8),
            Line(((4, 3.4), (4, 5.2)), "dashed"),
            Line(((2, 5.2), (6, 5.2))),
            Line(((2.4, 5.8), (5.6, 5.8))),
            Line(((4, 5.8), (4, 8))),
            Label(4, 2.5, "Y", 1.2),
        ),
        (Pin("A1", 2, 0, "n"), Pin("A2", 6, 0, "n"), Pin("shaft", 4, 8, "s", label=False)),
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel(
            "released",
            MemoryRef(f"{tag}.armature", "position"),
            seen=True,
            text=Text("levier du frein", "brake lever"),
        ),
        Channel("energised", StateRef(f"{tag}.coil", "current"), 0.0, p["coil_v"] / p["coil_ohm"]),
        Channel("temperature", MemoryRef(f"{tag}.linings", "rise"), 0.0, 200.0),
    )


COMPONENT = Component(
    family="motor_brake",
    letter="YB",
    text=Text("frein de moteur", "motor brake"),
    sheet=Text(
        "Frein à disque à manque de courant : serré par ressorts, desserré par sa bobine (24 V continu 45 W, ou "
        "alternatif par redresseur demi-alternance : 0,45 × U). Couple 40 N·m, desserrage 95 ms, serrage 100 ms, "
        "levier de desserrage manuel. Entrefer à contrôler : usé, le frein ne se desserre plus. Valeurs : fiche de "
        "frein à ressorts pour moteur de taille 112.",
        "Fail-safe disc brake: applied by springs, released by its coil (24 V DC 45 W, or AC through a half-wave "
        "rectifier: 0.45 × U). Torque 40 N·m, release 95 ms, engage 100 ms, hand release lever. Check the air gap: "
        "once worn the brake no longer releases. Values: sheet of a spring-applied brake for a motor of frame 112.",
    ),
    parameters=(
        Parameter("supply", Text("alimentation", "supply"), "", "dc", choices=("dc", "ac")),
        Parameter("torque_nm", Text("couple de freinage", "braking torque"), "N·m", 40.0, 0.1, 5000.0),
        Parameter("coil_v", Text("tension de bobine (continu)", "coil voltage (DC)"), "V", 24.0, 12.0, 250.0),
        Parameter("coil_ohm", Text("résistance de bobine", "coil resistance"), "Ω", 12.8, 1.0, 20000.0),
        Parameter("coil_time_constant_s", Text("constante L/R", "L/R time constant"), "s", 0.03, 0.001, 1.0),
        Parameter("release_s", Text("course de desserrage", "travel time, releasing"), "s", 0.08, 0.005, 1.0),
        Parameter("engage_s", Text("course de serrage", "travel time, engaging"), "s", 0.06, 0.005, 1.0),
        Parameter("inertia_kg_m2", Text("inertie du disque", "inertia of the disc"), "kg·m²", 0.0006, 1e-6, 10.0),
        Parameter(
            "heat_j_k", Text("capacité thermique du disque", "heat capacity of the disc"), "J/K", 900.0, 1.0, 1e6
        ),
        Parameter("cooling_w_k", Text("refroidissement", "cooling"), "W/K", 1.8, 0.01, 1e4),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    channels=_channels,
    signals={
        "released": lambda tag, p: MemoryRef(f"{tag}.armature", "position"),
        "temperature_rise": lambda tag, p: MemoryRef(f"{tag}.linings", "rise"),
    },
    senses=_senses,
    spots=lambda tag, p: (
        Spot("case", Text("carter", "housing"), lambda read: _AMBIENT_C + read(MemoryRef(f"{tag}.linings", "rise"))),
    ),
    symbols={"main": _symbol()},
    controls={"release": "armature.pushed"},
)

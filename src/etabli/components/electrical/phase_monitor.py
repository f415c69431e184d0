"""Three-phase monitoring relay: phase loss, phase order, asymmetry, undervoltage."""

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
from etabli.components.curve import SINE, Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Label, Pin, Symbol
from etabli.components.electrical.conductor import ac_impedance
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.drive_power import MAINS_READS
from etabli.components.electrical.electrical_symbols import box, changeover_symbol, led
from etabli.components.electrical.output_relay import add_output_relay
from etabli.physics.expression import Phasor, clamp, less, maximum, minimum, select, sqrt
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

LINES = ("L1", "L2", "L3")
_PAIRS = (("L1", "L2"), ("L2", "L3"), ("L3", "L1"))
_INPUT_OHM = 150e3
_A, _A2 = Phasor(-0.5, 0.75**0.5), Phasor(-0.5, -(0.75**0.5))
_ALIVE = 0.4


@sampled(
    reads=MAINS_READS,
    parameters=("rated_v", "under_v", "asymmetry", "delay_s", "gain", "dead"),
    memory=("powered", "good", "bad_s", "order", "unbalance"),
    stage=Stage.SENSE,
)
def phase_watch(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """``good`` while order, level and balance are right; lost after ``delay_s`` (a wrong order: at once).

    Asymmetry is the negative over the positive sequence of the three voltages (Fortescue; IEC 60034-1 unbalance
    factor), ``asymmetry`` its limit; ``under_v`` the lowest line voltage, ``gain`` the drift of the measurement,
    ``dead`` (0/1). Hysteresis 4 % on the level. The device feeds itself from the lines.
    """
    u1, u2, u3 = Phasor(r.l1_re, r.l1_im), Phasor(r.l2_re, r.l2_im), Phasor(r.l3_re, r.l3_im)
    positive = sqrt((u1 + _A * u2 + _A2 * u3).squared())
    negative = sqrt((u1 + _A2 * u2 + _A * u3).squared())
    squares = [(a - b).squared() for a, b in ((u1, u2), (u2, u3), (u3, u1))]
    lowest = p.gain * sqrt(minimum(minimum(squares[0], squares[1]), squares[2]))
    highest = sqrt(maximum(maximum(squares[0], squares[1]), squares[2]))
    powered = less(_ALIVE * p.rated_v, highest) * less(p.dead, 0.5)
    order = less(negative, positive)
    unbalance = minimum(positive, negative) / maximum(maximum(positive, negative), 1.0)
    level = less(select(m.good, p.under_v, 1.04 * p.under_v), lowest)
    fine = powered * order * level * less(unbalance, p.asymmetry)
    bad_s = select(fine, 0.0, m.bad_s + h)
    good = powered * order * maximum(fine, m.good * less(bad_s, clamp(p.delay_s, 0.0, 1e3)))
    return {"powered": powered, "good": good, "bad_s": bad_s, "order": order, "unbalance": unbalance}


explain(
    phase_watch,
    Text(
        "Contrôleur de phases : compare les trois tensions composées, leur ordre et leur déséquilibre, et déclenche "
        "après une temporisation. Source : fiches de contrôleurs de phases (IEC 60255).",
        "Phase monitor: compares the three line voltages, their order and their unbalance, and trips after a delay. "
        "Source: phase monitor sheets (IEC 60255).",
    ),
    Curve(
        Text("relais selon la tension de la phase L1", "relay against the voltage of phase L1"),
        Axis(Text("tension simple de L1", "phase voltage of L1"), "V"),
        Axis(Text("sortie (1 = réseau correct)", "output (1 = mains good)")),
        sweep(120.0, 260.0, lambda d, u: _judged(d, u)["good"], 36),
    ),
)


def _judged(piece: Piece, volts: float) -> dict[str, float]:
    """What the monitor says of a mains whose phase L1 has ``volts``, the others 230 V, for five seconds."""
    side = 230.0 * SINE
    two, three = {"l2_re": -115.0, "l2_im": -side}, {"l3_re": -115.0, "l3_im": side}
    return piece.held(5.0, piece.start(), 50, l1_re=volts, **two, **three)


def _build(b: Builder, p: Parameters) -> None:
    for first, second in _PAIRS:
        b.device(
            f"input_{first}{second}",
            ac_impedance,
            {"a": first, "b": second},
            {"resistance": _INPUT_OHM, "reactance": 0.0},
        )
    b.sample(
        "watch",
        phase_watch,
        {name: b.across(LINES[k // 2], k % 2) for k, name in enumerate(MAINS_READS)},
        {
            "rated_v": p["rated_v"],
            "under_v": p["under_v"],
            "asymmetry": p["asymmetry"],
            "delay_s": p["delay_s"],
            "gain": 1.0,
            "dead": 0.0,
        },
    )
    position = add_output_relay(b, "relay", b.memory("watch", "good"))
    add_contact(b, "11", "12", position, normally_closed=True)
    add_contact(b, "11", "14", position)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    def lit(name: str) -> bool:
        return read(MemoryRef(f"{tag}.watch", name)) > 0.5

    if not lit("powered"):
        said = Text("Aucune LED du contrôleur de phases n'est allumée.", "No LED of the phase monitor is lit.")
    elif lit("good"):
        said = Text("LED verte et LED jaune allumées : réseau correct.", "Green and yellow LEDs lit: mains correct.")
    elif not lit("order"):
        said = Text("LED verte seule, le voyant d'ordre clignote.", "Green LED alone, the order light blinks.")
    else:
        said = Text("LED verte seule : défaut de réseau.", "Green LED alone: mains fault.")
    found = [Perception(Sense.LOOK, said)]
    if read(MemoryRef(f"{tag}.relay", "activity")) > 0.2:
        found.append(Perception(Sense.LISTEN, Text("Un clic de relais.", "A relay clicks.")))
    return tuple(found)


@dc_image("phase_monitor")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    return tuple((a, c, _INPUT_OHM) for a, c in _PAIRS)


def _symbol() -> Symbol:
    pins = tuple(Pin(n, 4 * k + 2, 0, "n") for k, n in enumerate(LINES))
    extra = (Label(6, 2.6, "3 ~ U<  ↻", 1.1), *led(4, 4.2, "powered"), *led(8, 4.2, "good", "orange"))
    return box(12, 6, pins, extra)


COMPONENT = Component(
    family="phase_monitor",
    letter="K",
    text=Text("contrôleur de phases", "phase monitor"),
    sheet=Text(
        "Contrôleur de réseau triphasé 400 V : ordre des phases, absence, asymétrie (composante inverse sur directe), "
        "sous-tension, temporisées. Relais excité (11-14 fermé) quand le réseau est correct. Autoalimenté. Valeurs : "
        "fiche EN 60255-1 de contrôleur de phases.",
        "Monitor of a 400 V three-phase supply: phase order, loss, asymmetry (negative over positive sequence) and "
        "undervoltage, with a delay. Relay energised (11-14 closed) while the mains is right. Fed by the lines. "
        "Values: EN 60255-1 sheet of a phase monitor.",
    ),
    parameters=(
        Parameter("rated_v", Text("tension composée", "line voltage"), "V", 400.0, 200.0, 500.0),
        Parameter("under_v", Text("seuil de sous-tension", "undervoltage level"), "V", 340.0, 160.0, 480.0, True),
        Parameter("asymmetry", Text("seuil d'asymétrie", "asymmetry level"), "", 0.08, 0.03, 0.5, adjustable=True),
        Parameter("delay_s", Text("temporisation", "delay"), "s", 0.5, 0.0, 30.0, adjustable=True),
    ),
    ports=(*(Port(n, Domain.AC) for n in LINES), *(Port(n, Domain.DC) for n in ("11", "12", "14"))),
    build=_build,
    failure_modes=(
        FailureMode(
            "dead",
            Text("contrôleur de phases hors service", "phase monitor dead"),
            (Effect("watch.dead", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
        FailureMode(
            "drift",
            Text("mesure de tension dérivée (déclenche à tort)", "drifted measurement (trips for nothing)"),
            (Effect("watch.gain", 0.7),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.5,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "wrong_setting",
            Text("seuil de sous-tension réglé trop haut", "undervoltage level set too high"),
            (Effect("watch.under_v", 1.3, relative=True),),
            repair=Repair.ADJUST,
            rate=0.6,
            degrees=(0.7, 1.0),
        ),
        contact_not_closing("11", "14", rate=0.7),
        contact_resistive("11", "14", ohms=30000.0, rate=0.6),
        contact_welded("11", "14", rate=0.3),
        contact_not_closing("11", "12", rate=0.3),
    ),
    channels=lambda tag, p: (
        Channel("powered", MemoryRef(f"{tag}.watch", "powered"), seen=True, text=Text("LED verte", "green LED")),
        Channel("good", MemoryRef(f"{tag}.watch", "good"), seen=True, text=Text("LED jaune", "yellow LED")),
    ),
    senses=_senses,
    symbols={"main": _symbol(), "contact_11": changeover_symbol("11", "12", "14", "good")},
    adjusts={"under_v": "watch.under_v", "asymmetry": "watch.asymmetry", "delay_s": "watch.delay_s"},
)

"""Two-hand control relay, type III C: two buttons, each with a make and a break contact, pressed within 0.5 s."""

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
)
from etabli.components.curve import explain
from etabli.components.drawing import Label, Line, Pin, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.electrical_symbols import box, led
from etabli.components.electrical.output_relay import (
    SAFE_OUTPUTS,
    SAFE_RELAYS,
    add_safe_outputs,
    clicks_heard,
    light_channels,
    lights_seen,
    safe_relay_reads,
)
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

INPUTS = ("T12", "T13", "T22", "T23")
_INPUT_OHM = 4000.0
_FEEDBACK_OHM = 6000.0
_LIMITER_OHM = 25.0
_ON_V, _OFF_V = 15.0, 8.0


@sampled(
    reads=("a1", "a2", "t12", "t13", "t22", "t23", "y2", "k1", "k2"),
    parameters=("supply_v", "synchrony_s", "dead", "dead_1", "dead_2"),
    memory=("powered", "no_1", "nc_1", "no_2", "nc_2", "feedback", "armed", "waited_s", "output"),
    stage=Stage.SENSE,
)
def two_hand_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """EN ISO 13851 type III C: both buttons within ``synchrony_s``, output while both are held.

    A button counts as pressed with its make contact closed AND its break contact open, as released the other way round;
    anything else is a discrepancy and gives nothing. After an output, or a try that took too long, both must be
    released again. To arm, the feedback loop Y1-Y2 must be closed and both output relays K1 and K2 fallen.
    ``dead_1``/``dead_2`` (0/1): the input circuit of a button no longer sees its make contact.
    """
    volts = r.a1 - r.a2
    powered = less(select(m.powered, 0.75 * p.supply_v, p.supply_v), volts) * less(p.dead, 0.5)
    seen = {
        name: powered * less(select(before, _OFF_V, _ON_V), terminal - r.a2)
        for name, before, terminal in (
            ("no_1", m.no_1, r.t12),
            ("nc_1", m.nc_1, r.t13),
            ("no_2", m.no_2, r.t22),
            ("nc_2", m.nc_2, r.t23),
            ("feedback", m.feedback, r.y2),
        )
    }
    no_1, no_2 = seen["no_1"] * less(p.dead_1, 0.5), seen["no_2"] * less(p.dead_2, 0.5)
    pressed_1, pressed_2 = no_1 * (1.0 - seen["nc_1"]), no_2 * (1.0 - seen["nc_2"])
    free = (1.0 - no_1) * seen["nc_1"] * (1.0 - no_2) * seen["nc_2"]
    fallen = less(r.k1, 0.1) * less(r.k2, 0.1)
    arming = free * seen["feedback"] * fallen
    any_pressed = 1.0 - free
    waited = select(free, 0.0, m.waited_s + h)
    in_time = less(waited, p.synchrony_s + 0.5 * h)
    armed = powered * maximum(arming, m.armed * in_time)
    start = armed * any_pressed * pressed_1 * pressed_2
    output = maximum(start, m.output) * pressed_1 * pressed_2 * powered
    # The permission is used up by the output: both hands must leave before the next one.
    return {"powered": powered, **seen, "armed": armed * (1.0 - output), "waited_s": waited, "output": output}


explain(
    two_hand_logic,
    Text(
        "Commande bimanuelle type III C (EN ISO 13851) : les deux boutons en moins de 0,5 s, chacun par un contact à "
        "fermeture et un à ouverture.",
        "Two-hand control type III C (EN ISO 13851): both buttons within 0.5 s, each by a make and a break contact.",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / p["supply_a"]})
    for common in ("T11", "T21", "Y1"):
        b.device(f"limiter_{common}", resistor, {"a": "A1", "b": common}, {"resistance": _LIMITER_OHM})
    for name in INPUTS:
        b.device(f"input_{name}", resistor, {"a": name, "b": "A2"}, {"resistance": _INPUT_OHM})
    b.device("input_Y2", resistor, {"a": "Y2", "b": "A2"}, {"resistance": _FEEDBACK_OHM})
    b.sample(
        "logic",
        two_hand_logic,
        {**{n.lower(): b.across(n) for n in ("A1", "A2", *INPUTS, "Y2")}, **safe_relay_reads(b)},
        {"supply_v": 18.0, "synchrony_s": p["synchrony_s"], "dead": 0.0, "dead_1": 0.0, "dead_2": 0.0},
    )
    add_safe_outputs(b, b.memory("logic", "output"), p["response_s"])


def _mode(mode: str, fr: str, en: str, *effects: Effect, rate: float = 0.4, sudden: bool = False) -> FailureMode:
    onsets = (Onset.SUDDEN,) if sudden else (Onset.SUDDEN, Onset.INTERMITTENT)
    return FailureMode(mode, Text(fr, en), effects, onsets=onsets, rate=rate)


FAILURE_MODES = (
    _mode(
        "dead",
        "relais bimanuel hors service",
        "two-hand relay dead",
        Effect("logic.dead", 1.0),
        Effect("electronics.resistance", OPEN_OHM, logarithmic=True),
    ),
    _mode("input_1_dead", "entrée T12 hors service", "input T12 dead", Effect("logic.dead_1", 1.0)),
    _mode("input_2_dead", "entrée T22 hors service", "input T22 dead", Effect("logic.dead_2", 1.0)),
    _mode("k1_welded", "relais interne K1 soudé", "internal relay K1 welded", Effect("K1.welded", 1.0), sudden=True),
    _mode("k2_jammed", "relais interne K2 bloqué au repos", "internal relay K2 stuck", Effect("K2.jammed", 1.0)),
    *(
        _mode(
            f"contact_{a}_{c}_open",
            f"sortie {a}-{c} ne se ferme plus",
            f"output {a}-{c} no longer closes",
            Effect(f"switch_{a}_{c}.cut", 1.0),
            rate=0.6,
        )
        for a, c in SAFE_OUTPUTS
    ),
)

_LEDS = (("powered", "POWER"), ("no_1", "IN1"), ("no_2", "IN2"), ("output", "OUT"))


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("le relais", "the relay")
    return (lights_seen(tag, "logic", _LEDS, read), *clicks_heard(tag, SAFE_RELAYS, where, read))


def _symbol() -> Symbol:
    top = ("A1", "T11", "T12", "T13", "T21", "T22", "T23", "Y1", "Y2", "13", "23")
    pins = tuple(Pin(n, 4 * k + 2, 0, "n") for k, n in enumerate(top))
    columns = {"A2": 2, "14": 38, "24": 42}
    pins += tuple(Pin(n, x, 9, "s") for n, x in columns.items())
    lights = tuple(s for k, (name, _) in enumerate(_LEDS) for s in led(8 + 6 * k, 5.2, name))
    marks = tuple(Label(8 + 6 * k, 6.7, label, 1.0) for k, (_, label) in enumerate(_LEDS))
    contacts = tuple(
        shape for x in (38, 42) for shape in (Line(((x, 1), (x, 3.6))), Line(((x - 0.8, 3.4), (x, 5.2), (x, 8))))
    )
    return box(44, 9, pins, (*lights, *marks, *contacts, Label(17, 3.0, "III C · 500 ms", 1.2)))


COMPONENT = Component(
    family="two_hand_relay",
    letter="KS",
    text=Text("relais de commande bimanuelle", "two-hand control relay"),
    sheet=Text(
        "Relais de commande bimanuelle type III C (EN ISO 13851) : chaque bouton a un contact F et un contact O "
        "(bouton "
        "1 : commun T11, F sur T12, O sur T13 ; bouton 2 : T21, T22, T23). Les deux boutons dans les 0,5 s ; sortie "
        "tant que les deux sont tenus ; relâcher les deux pour recommencer. Boucle de retour entre Y1 et Y2. Valeurs : "
        "fiche de module bimanuel 24 V.",
        "Two-hand relay type III C (EN ISO 13851): each button has a make and a break contact (button 1: common T11, "
        "make on T12, break on T13; button 2: T21, T22, T23). Both buttons within 0.5 s; output while both are held; "
        "release both to start again. Feedback loop between Y1 and Y2. Values: sheet of a 24 V two-hand module.",
    ),
    parameters=(
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.1, 0.01, 0.5),
        Parameter("synchrony_s", Text("temps de synchronisme", "synchrony time"), "s", 0.5, 0.1, 0.5),
        Parameter("response_s", Text("temps de réponse", "response time"), "s", 0.02, 0.005, 0.1),
    ),
    ports=tuple(
        Port(n, Domain.DC)
        for n in ("A1", "A2", "T11", "T12", "T13", "T21", "T22", "T23", "Y1", "Y2", "13", "14", "23", "24")
    ),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: light_channels(tag, "logic", _LEDS),
    signals={"output": lambda tag, p: MemoryRef(f"{tag}.logic", "output")},
    senses=_senses,
    symbols={"main": _symbol()},
)

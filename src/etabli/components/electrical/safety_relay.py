"""Safety relay: two channels, monitored reset, two redundant safety outputs."""

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
from etabli.physics.text import Text

_RELAY_OHM = 1500.0
_RESET_OHM = 6000.0
_CURRENT_LIMITER_OHM = 25.0
_ON_V, _OFF_V = 15.0, 8.0


@sampled(
    reads=("a1", "a2", "s12", "s22", "s34", "k1", "k2"),
    parameters=("on_v", "off_v", "supply_v", "dead", "channel_1_dead", "channel_2_dead", "reset_dead"),
    memory=("powered", "channel_1", "channel_2", "opened_1", "opened_2", "reset", "output"),
    stage=Stage.SENSE,
)
def safety_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Two-channel evaluation (category 4 behaviour of EN ISO 13849-1 emergency-stop relays).

    The output needs both channels closed and the falling edge of the reset input S34 (monitored reset). It drops as
    soon as one channel opens. To come back, BOTH channels must have opened since it last closed (``opened_1``,
    ``opened_2``), and both output relays K1 and K2 (mirror contacts) must have fallen.
    """
    volts = r.a1 - r.a2
    powered = less(select(m.powered, 0.75 * p.supply_v, p.supply_v), volts) * less(p.dead, 0.5)
    one = powered * less(p.channel_1_dead, 0.5) * less(select(m.channel_1, p.off_v, p.on_v), r.s12 - r.a2)
    two = powered * less(p.channel_2_dead, 0.5) * less(select(m.channel_2, p.off_v, p.on_v), r.a1 - r.s22)
    reset = powered * less(p.reset_dead, 0.5) * less(select(m.reset, p.off_v, p.on_v), r.s34 - r.a2)
    opened_1 = maximum(m.opened_1, 1.0 - one)
    opened_2 = maximum(m.opened_2, 1.0 - two)
    fallen = less(r.k1, 0.1) * less(r.k2, 0.1)
    released = m.reset * (1.0 - reset)
    start = released * opened_1 * opened_2 * fallen
    output = maximum(m.output, start) * one * two
    # Both openings count once: they are used up while the output is on.
    return {
        "powered": powered,
        "channel_1": one,
        "channel_2": two,
        "opened_1": opened_1 * (1.0 - output),
        "opened_2": opened_2 * (1.0 - output),
        "reset": reset,
        "output": output,
    }


explain(
    safety_logic,
    Text(
        "Module d'arrêt d'urgence à deux canaux : la sortie veut les deux canaux fermés et le front descendant du "
        "réarmement ; pour revenir, les deux canaux doivent s'être ouverts (EN ISO 13849-1, catégorie 4).",
        "Two-channel emergency-stop module: the output wants both channels closed and the falling edge of the reset; "
        "to come back, both channels must have opened (EN ISO 13849-1, category 4).",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / p["supply_a"]})
    # S11 gives + and S21 gives 0 V, both through a limiter: a short between the channels drops both.
    b.device("limiter_1", resistor, {"a": "A1", "b": "S11"}, {"resistance": _CURRENT_LIMITER_OHM})
    b.device("limiter_2", resistor, {"a": "A2", "b": "S21"}, {"resistance": _CURRENT_LIMITER_OHM})
    b.device("input_1", resistor, {"a": "S12", "b": "A2"}, {"resistance": _RELAY_OHM})
    b.device("input_2", resistor, {"a": "A1", "b": "S22"}, {"resistance": _RELAY_OHM})
    b.device("input_reset", resistor, {"a": "S34", "b": "A2"}, {"resistance": _RESET_OHM})
    b.sample(
        "logic",
        safety_logic,
        {**{port.lower(): b.across(port) for port in ("A1", "A2", "S12", "S22", "S34")}, **safe_relay_reads(b)},
        {
            "on_v": _ON_V,
            "off_v": _OFF_V,
            "supply_v": 18.0,
            "dead": 0.0,
            "channel_1_dead": 0.0,
            "channel_2_dead": 0.0,
            "reset_dead": 0.0,
        },
        initial={"opened_1": 1.0, "opened_2": 1.0},
    )
    add_safe_outputs(b, b.memory("logic", "output"), p["release_s"])


def _output_modes(top: str, bottom: str) -> tuple[FailureMode, ...]:
    return (
        FailureMode(
            f"contact_{top}_{bottom}_open",
            Text(
                f"sortie de sécurité {top}-{bottom} ne se ferme plus", f"safety output {top}-{bottom} no longer closes"
            ),
            (Effect(f"switch_{top}_{bottom}.cut", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
        FailureMode(
            f"contact_{top}_{bottom}_resistive",
            Text(f"sortie de sécurité {top}-{bottom} résistante", f"safety output {top}-{bottom} resistive"),
            (Effect(f"switch_{top}_{bottom}.closed_ohm", 2000.0, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
            degrees=(0.8, 1.0),
        ),
    )


def _input_dead(key: str, fr: str, en: str, rate: float = 0.5) -> FailureMode:
    return FailureMode(
        f"{key}_dead",
        Text(f"{fr} hors service", f"{en} dead"),
        (Effect(f"logic.{key}_dead", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=rate,
    )


FAILURE_MODES = (
    FailureMode(
        "dead",
        Text("relais de sécurité hors service", "safety relay dead"),
        (Effect("logic.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
        rate=0.5,
    ),
    _input_dead("channel_1", "voie 1 du relais de sécurité", "channel 1 of the safety relay"),
    _input_dead("channel_2", "voie 2 du relais de sécurité", "channel 2 of the safety relay"),
    _input_dead("reset", "entrée de réarmement S34", "reset input S34"),
    FailureMode(
        "k1_welded",
        Text("relais interne K1 soudé", "internal relay K1 welded"),
        (Effect("K1.welded", 1.0),),
        rate=0.3,
    ),
    FailureMode(
        "k2_jammed",
        Text("relais interne K2 bloqué au repos", "internal relay K2 stuck at rest"),
        (Effect("K2.jammed", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.3,
    ),
    *(mode for pair in SAFE_OUTPUTS for mode in _output_modes(*pair)),
)

_LEDS = (("powered", "POWER"), ("channel_1", "CH1"), ("channel_2", "CH2"), ("output", "OUT"))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("le relais de sécurité", "the safety relay")
    return (lights_seen(tag, "logic", _LEDS, read), *clicks_heard(tag, SAFE_RELAYS, where, read))


def _symbol() -> Symbol:
    top = ("A1", "S11", "S12", "S21", "S22", "S34", "13", "23")
    across = (2, 8, 14, 20, 26, 34, 42, 48)  # room for the contacts of the chains above
    bottom = {"A2": 2, "14": 42, "24": 48}
    pins = tuple(Pin(n, x, 0, "n") for n, x in zip(top, across, strict=True))
    pins += tuple(Pin(n, x, 9, "s") for n, x in bottom.items())
    lights = tuple(s for k, (name, _) in enumerate(_LEDS) for s in led(8 + 6 * k, 5.2, name))
    marks = tuple(Label(8 + 6 * k, 6.7, label, 1.0) for k, (_, label) in enumerate(_LEDS))
    contacts = tuple(
        shape for x in (42, 48) for shape in (Line(((x, 1), (x, 3.6))), Line(((x - 0.8, 3.4), (x, 5.2), (x, 8))))
    )
    return box(50, 9, pins, (*lights, *marks, *contacts, Label(17, 3.0, "K1 · K2", 1.2)))


COMPONENT = Component(
    family="safety_relay",
    letter="KS",
    text=Text("relais de sécurité", "safety relay"),
    sheet=Text(
        "Relais d'arrêt d'urgence à deux voies : voie 1 entre S11 (+) et S12, voie 2 entre S21 (0 V) et S22, "
        "réarmement surveillé sur S34 (front descendant ; mettre le bouton et la boucle de retour entre S11 et S34). "
        "Deux sorties de sécurité 13-14 et 23-24, K1 et K2 en série. Après un arrêt les deux voies doivent s'être "
        "ouvertes. Valeurs : fiche de module d'arrêt d'urgence selon EN ISO 13849-1.",
        "Two-channel emergency-stop relay: channel 1 between S11 (+) and S12, channel 2 between S21 (0 V) and S22, "
        "monitored reset on S34 (falling edge; put the button and the feedback loop between S11 and S34). Two safety "
        "outputs 13-14 and 23-24, K1 and K2 in series. After a stop both channels must have opened. Values: sheet of "
        "an emergency-stop module after EN ISO 13849-1.",
    ),
    parameters=(
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.08, 0.01, 0.5),
        Parameter("release_s", Text("temps de réponse", "response time"), "s", 0.02, 0.005, 0.1),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("A1", "A2", "S11", "S12", "S21", "S22", "S34", "13", "14", "23", "24")),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: light_channels(tag, "logic", _LEDS),
    senses=_senses,
    symbols={"main": _symbol()},
)

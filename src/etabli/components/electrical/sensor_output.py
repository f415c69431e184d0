"""What every switching sensor shares: supply current, output stage, LED, failures, symbol, and the words for them.

The output is PNP (three wires, switches + to the load), NPN (three wires, switches the load to 0 V) or two-wire (in
series with the load). A sensor file adds how it detects (a sampled law), how that detection fails, and its marks in the
symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Sense,
)
from etabli.components.curve import CURRENT, STATE, Axis, Curve, Piece, explain, loop, sweep
from etabli.components.drawing import Label, Pin, Polygon, Shape, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.electrical_symbols import box, led
from etabli.physics.expression import knee, less, maximum, select
from etabli.physics.law import Domain, Flows, SampledLaw, Stage, States, law, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text

DETECTOR_READS = ("target", "plus", "minus")
DETECTOR_PARAMETERS = ("minimum_v", "off", "on", "dead", "stuck_on", "output_open")
"""What every detection law needs after its own parameters, for :func:`powered` and :func:`shown`."""
DETECTOR_MEMORY = ("led", "powered")

PNP, NPN, TWO_WIRE = "pnp", "npn", "two_wire"

_MINIMUM_SUPPLY_V = 10.0
_TWO_WIRE_MINIMUM_V = 3.0
_TWO_WIRE_DROP_V = 4.0
_RESIDUAL_A = 0.8e-3
"""Two wires: what the electronics draws through the load at 24 V while off (EN 60947-5-2: at most 1.5 mA)."""
_KNEE_V = 0.02
"""Narrow enough for the 6 mA of a PLC input to be on the straight part of the curve."""
_ON_SIEMENS = 0.25
_OFF_SIEMENS = 1e-6
_DROP_V = 1.2
_LIMIT_A = 0.2
_KNEE_A = 0.02


@law({"high": Domain.DC, "low": Domain.DC}, ("conductance", "drop", "leak", "limit"))
def output_transistor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Output transistor: slope ``conductance`` (S) above ``drop`` (V), current under ``limit`` (A), ``leak`` (S).

    From ``high`` to ``low``: + to output in a PNP sensor, output to 0 V in an NPN one, wire to wire with two wires.
    Source: voltage drop (three wires ≤ 2 V, two wires ≤ 8 V), off-state current (≤ 0.1 mA) and 200 mA limit of sensor
    sheets, EN 60947-5-2.
    """
    u = v.high - v.low
    wanted = p.conductance * knee(u - p.drop, _KNEE_V)
    i = wanted - knee(wanted - p.limit, _KNEE_A) + p.leak * u
    return {"high": i, "low": -i}, {}


explain(
    output_transistor,
    Text(
        "Transistor de sortie (PNP, NPN ou deux fils) : chute de tension puis conductance, limitée en courant, fuite à "
        "l'état ouvert. Source : fiches de détecteurs (EN 60947-5-2).",
        "Output transistor (PNP, NPN or two wires): a voltage drop, then a conductance, held at a current limit; a "
        "leak when open. Source: sheets of detectors (EN 60947-5-2).",
    ),
    Curve(
        Text("courant de sortie selon la tension aux bornes, détecteur passant", "output current when switched on"),
        Axis(Text("tension aux bornes du transistor", "voltage across the transistor"), "V"),
        CURRENT,
        sweep(0.0, 24.0, lambda d, u: _switched_on(d).flow("high", high=u), 97),
    ),
)


def _switched_on(piece: Piece) -> Piece:
    """The same output with its transistor closed (the detection writes its conductance)."""
    return piece.having(conductance=_ON_SIEMENS)


def powered(r: Any, p: Any) -> Any:
    """1 while there are ``minimum_v`` volts between + and 0 V and the electronics is not ``dead``."""
    return less(p.minimum_v, r.plus - r.minus) * less(p.dead, 0.5)


def shown(p: Any, live: Any, seen: Any) -> dict[str, Any]:
    """What a detection (``seen`` 0/1, ``live`` from :func:`powered`) does: the LED shows it, the output transistor
    (``off``/``on`` S) follows unless ``output_open``; ``stuck_on`` (0/1) is a detection that never ends."""
    lit = live * maximum(seen, less(0.5, p.stuck_on))
    return {
        "led": lit,
        "powered": live,
        "conductance": select(lit * less(p.output_open, 0.5), p.on, p.off),
    }


@sampled(
    reads=DETECTOR_READS,
    parameters=("sensitivity", "gain", "background", "threshold", *DETECTOR_PARAMETERS),
    memory=(*DETECTOR_MEMORY, "signal"),
    writes=("conductance",),
    stage=Stage.SENSE,
)
def presence_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Detection with 10 % hysteresis: ``sensitivity * gain * target + background`` against ``threshold``.

    ``target`` (0…1) is how much of the object faces the sensor; ``sensitivity`` the adjusted one, ``gain`` what
    alignment and a clean face leave of it, ``background`` what it sees without object. Hysteresis: at most 20 % of the
    range, EN 60947-5-2.
    """
    live = powered(r, p)
    signal = p.sensitivity * p.gain * r.target + p.background
    seen = less(select(m.led, 0.9 * p.threshold, p.threshold), signal)
    return {**shown(p, live, seen), "signal": signal}


explain(
    presence_logic,
    Text(
        "Détection : sensibilité × alignement × cible + fond, comparée à un seuil avec 10 % d'hystérésis "
        "(EN 60947-5-2 : 20 % au plus).",
        "Detection: sensitivity × alignment × target + background against a threshold, with 10 % hysteresis "
        "(EN 60947-5-2: at most 20 %).",
    ),
    Curve(
        Text("sortie selon la part de la cible devant le détecteur", "output against how much of the target is there"),
        Axis(Text("cible devant le détecteur (0 … 1)", "target in front (0 … 1)")),
        STATE,
        loop(0.0, 1.0, "target", "led", count=120, plus=24.0),
    ),
)


def presence_parameters(sensitivity: float) -> dict[str, float]:
    """Healthy parameters of :func:`presence_logic`: an object that faces the sensor gives twice the threshold."""
    return {"sensitivity": sensitivity, "gain": 1.0, "background": 0.0, "threshold": 0.5}


def _wires(p: Parameters) -> tuple[str, ...]:
    return ("BN", "BU") if p["output"] == TWO_WIRE else ("BN", "BK", "BU")


def _switched(p: Parameters) -> tuple[str, str]:
    """High and low side of the output transistor."""
    return {PNP: ("BN", "BK"), NPN: ("BK", "BU"), TWO_WIRE: ("BN", "BU")}[p["output"]]


def add_sensor(
    builder: Builder,
    p: Parameters,
    detection: SampledLaw,
    parameters: Mapping[str, float],
    target: Ref | None = None,
) -> None:
    """Supply load ``electronics`` (BN-BU, ``supply_a`` at 24 V), transistor ``output`` and the ``logic`` that follows
    ``target`` (the link of that name unless given); ``p`` are the parameters of the family, ``parameters`` those of
    ``detection`` alone."""
    two_wire = p["output"] == TWO_WIRE
    own_a = min(_RESIDUAL_A, p["supply_a"]) if two_wire else p["supply_a"]
    builder.device("electronics", resistor, {"a": "BN", "b": "BU"}, {"resistance": 24.0 / own_a})
    drop = _TWO_WIRE_DROP_V if two_wire else _DROP_V
    builder.device(
        "output",
        output_transistor,
        dict(zip(("high", "low"), _switched(p), strict=True)),
        {"conductance": _OFF_SIEMENS, "drop": drop, "leak": 2e-6, "limit": _LIMIT_A},
    )
    builder.sample(
        "logic",
        detection,
        {"target": target or builder.link("target"), "plus": builder.across("BN"), "minus": builder.across("BU")},
        {
            **parameters,
            "minimum_v": _TWO_WIRE_MINIMUM_V if two_wire else _MINIMUM_SUPPLY_V,
            "off": _OFF_SIEMENS,
            "on": _ON_SIEMENS,
            "dead": 0.0,
            "stuck_on": 0.0,
            "output_open": 0.0,
        },
        {"conductance": builder.parameter("output", "conductance")},
    )


_MODES = (
    FailureMode(
        "dead",
        Text("capteur hors service (aucune réaction)", "sensor dead (no reaction)"),
        (Effect("logic.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=1.0,
    ),
    FailureMode(
        "stuck_on",
        Text("sortie du capteur bloquée à 1", "sensor output stuck on"),
        (Effect("logic.stuck_on", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.7,
    ),
    FailureMode(
        "stuck_off",
        Text("étage de sortie du capteur coupé (LED normale)", "sensor output stage open (LED normal)"),
        (Effect("logic.output_open", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
    ),
    FailureMode(
        "supply_short",
        Text("capteur en court-circuit interne", "sensor shorted inside"),
        (Effect("electronics.resistance", 0.5, logarithmic=True),),
        rate=0.3,
        visible=Text("Le corps du capteur est fendu et noirci.", "The sensor body is cracked and black."),
    ),
)


def _channels(tag: str, parameters: Parameters) -> tuple[Channel, ...]:
    """The LED of the sensor, which anybody sees, and its green supply light (three wires)."""
    yellow = Channel("led", MemoryRef(f"{tag}.logic", "led"), seen=True, text=Text("LED jaune", "yellow LED"))
    if parameters["output"] == TWO_WIRE:
        return (yellow,)
    green = Channel("powered", MemoryRef(f"{tag}.logic", "powered"), seen=True, text=Text("LED verte", "green LED"))
    return (yellow, green)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    """Words for the lights."""
    dark = read(MemoryRef(f"{tag}.logic", "powered")) < 0.5
    if read(MemoryRef(f"{tag}.logic", "led")) > 0.5:
        said = Text("La LED jaune du capteur est allumée.", "The yellow LED of the sensor is lit.")
    elif dark or parameters["output"] == TWO_WIRE:
        said = Text("Aucune LED du capteur n'est allumée.", "No LED of the sensor is lit.")
    else:
        said = Text("LED verte allumée, LED jaune éteinte.", "Green LED lit, yellow LED off.")
    return (Perception(Sense.LOOK, said),)


def _symbol(marks: tuple[Shape, ...], output: str) -> Symbol:
    """Sensor box with its diamond, kind marks, LED, and the wires below."""
    pins = tuple(Pin(wire, 4 * k + 2, 6, "s") for k, wire in enumerate(("BN", "BK", "BU")))
    if output == TWO_WIRE:
        pins = (pins[0], pins[2])
    body = box(12, 6, pins, ())
    diamond = Polygon(((2.2, 1.4), (3.0, 2.2), (2.2, 3.0), (1.4, 2.2)))
    kind = Label(8.6, 3.7, {PNP: "PNP", NPN: "NPN", TWO_WIRE: "DC 2"}[output], 1.1)
    return Symbol(12, 6, (*body.shapes, diamond, *marks, kind, *led(8.6, 2.1, "led", "orange")), pins)


_OUTPUT = Parameter("output", Text("sortie", "output"), "", PNP, choices=(PNP, NPN, TWO_WIRE))
_OUTPUT_SHEET = Text(
    " Sortie NPN : noir vers 0 V ; deux fils : brun et bleu en série avec la charge, 0,8 mA au repos, chute 4 V.",
    " NPN output: black to 0 V; two wires: brown and blue in series with the load, 0.8 mA while off, drop 4 V.",
)


def switching_sensor(
    family: str,
    text: Text,
    sheet: Text,
    *,
    parameters: tuple[Parameter, ...],
    build: Callable[[Builder, Parameters], None],
    failure_modes: tuple[FailureMode, ...],
    marks: tuple[Shape, ...],
    adjusts: Mapping[str, str] | None = None,
) -> Component:
    """A family of sensors with a switching output: ``failure_modes`` of its detection come after those that all
    sensors have, ``marks`` say in the symbol what it detects. Symbols: "main" (PNP), "npn" and "two_wire"."""
    return Component(
        family=family,
        letter="B",
        text=text,
        sheet=Text(sheet.fr + _OUTPUT_SHEET.fr, sheet.en + _OUTPUT_SHEET.en),
        parameters=(*parameters, _OUTPUT),
        ports=lambda p: tuple(Port(wire, Domain.DC) for wire in _wires(p)),
        build=build,
        links=("target",),
        failure_modes=(*_MODES, *failure_modes),
        channels=_channels,
        senses=_senses,
        symbols={"main" if output == PNP else output: _symbol(marks, output) for output in (PNP, NPN, TWO_WIRE)},
        adjusts=adjusts or {},
    )

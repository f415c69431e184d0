"""Temperature probe: Pt100 with three wires, PTC thermistor of a winding, or bimetal thermostat contact."""

from __future__ import annotations

from itertools import pairwise
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
    Port,
    Repair,
)
from etabli.components.curve import CELSIUS, OHMS, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.contact import (
    NEVER_BELOW,
    add_contact,
    contact_not_closing,
    contact_resistive,
    contact_welded,
)
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.physics.expression import clamp, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

PT100, PTC, THERMOSTAT = "pt100", "ptc", "thermostat"
PT_A, PT_B, _PT_C = 3.9083e-3, -5.775e-7, -4.183e-12
_PTC_POINTS = ((-60.0, 60.0), (-20.0, 180.0), (-5.0, 450.0), (5.0, 1800.0), (15.0, 6000.0), (40.0, 20000.0))
"""Kelvins from the response temperature, and ohms: inside the limits of IEC 60034-11 / DIN 44081 (at most 250 Ω at
-20 K and 550 Ω at -5 K, at least 1330 Ω at +5 K and 4000 Ω at +15 K)."""
_CORE_OHM = 0.05


def _followed(r: Any, p: Any, m: Any, h: Any) -> Any:
    """Temperature of the element, °C: first-order lag after a mix of the medium and of the air around the head."""
    aim = p.contact * (r.target + p.offset) + (1.0 - p.contact) * p.ambient
    return (m.element + (h / p.lag_s) * aim) / (1.0 + h / p.lag_s)


_FOLLOWS = ("contact", "offset", "ambient", "lag_s")


@sampled(
    reads=("target",),
    parameters=(*_FOLLOWS, "broken", "wet_s"),
    memory=("element", "ohms"),
    writes=("resistance",),
    stage=Stage.SENSE,
)
def platinum(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Pt100: ``R = 100 (1 + A t + B t²)``, below 0 °C with ``C (t - 100) t³`` (IEC 60751). ``broken`` Ω in series,
    ``wet_s`` S across the element, ``contact`` (0…1) the share of the medium it feels, ``offset`` K."""
    t = _followed(r, p, m, h)
    cold = select(less(t, 0.0), _PT_C * (t - 100.0) * t * t * t, 0.0)
    ohms = maximum(100.0 * (1.0 + PT_A * t + PT_B * t * t + cold), 1.0)
    seen = 1.0 / (1.0 / (ohms + p.broken) + p.wet_s)
    return {"element": t, "ohms": ohms, "resistance": seen}


explain(
    platinum,
    Text(
        "Pt100 : 100 Ω à 0 °C, croissance presque linéaire avec la température, suivie avec un retard. "
        "Source : IEC 60751.",
        "Pt100: 100 Ω at 0 °C, growing almost in a line with the temperature, followed with a lag. Source: IEC 60751.",
    ),
    Curve(
        Text("résistance selon la température", "resistance against temperature"),
        CELSIUS,
        Axis(Text("résistance", "resistance"), "Ω"),
        sweep(-50.0, 300.0, lambda d, t: d.held(1e3, d.start(), 40, target=t)["resistance"], 36),
    ),
)


@sampled(
    reads=("target",),
    parameters=(*_FOLLOWS, "broken", "wet_s", "response_c"),
    memory=("element", "ohms"),
    writes=("resistance",),
    stage=Stage.SENSE,
)
def thermistor(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """PTC of a motor winding: straight lines between points of its curve around ``response_c`` (IEC 60034-11).
    The other parameters are those of :func:`platinum`."""
    t = _followed(r, p, m, h)
    away, ohms = t - p.response_c, _PTC_POINTS[0][1]
    for (low, below), (high, above) in pairwise(_PTC_POINTS):
        ohms = ohms + (above - below) * clamp((away - low) / (high - low), 0.0, 1.0)
    return {"element": t, "ohms": ohms, "resistance": 1.0 / (1.0 / (ohms + p.broken) + p.wet_s)}


explain(
    thermistor,
    Text(
        "Thermistance CTP : quelques centaines d'ohms à froid, plusieurs kilohms dès la température de déclenchement. "
        "Source : IEC 60034-11, DIN 44081.",
        "PTC thermistor: some hundred ohms when cold, several kilohms from the response temperature on. "
        "Source: IEC 60034-11, DIN 44081.",
    ),
    Curve(
        Text("résistance selon la température", "resistance against temperature"),
        CELSIUS,
        OHMS,
        sweep(
            lambda d: d.p.response_c - 80.0,
            lambda d: d.p.response_c + 30.0,
            lambda d, t: d.held(1e3, d.start(), 40, target=t)["resistance"],
            56,
        ),
    ),
)


@sampled(
    reads=("target",),
    parameters=(*_FOLLOWS, "response_c", "differential_k"),
    memory=("element", "open"),
    stage=Stage.SENSE,
)
def bimetal_disc(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Snap disc: opens at ``response_c`` °C, closes ``differential_k`` lower (EN 60730-2-9)."""
    t = _followed(r, p, m, h)
    return {"element": t, "open": less(select(m.open, p.response_c - p.differential_k, p.response_c), t)}


explain(
    bimetal_disc,
    Text(
        "Thermostat à disque : s'ouvre à sa température, se referme plus bas. Source : EN 60730-2-9.",
        "Disc thermostat: opens at its temperature, closes lower down. Source: EN 60730-2-9.",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    start = float(p["ambient_c"])
    follows = {"contact": 1.0, "offset": 0.0, "ambient": start, "lag_s": p["lag_s"]}
    target = {"target": b.link("temperature")}
    initial = {"element": start}
    if p["kind"] == THERMOSTAT:
        own = {"response_c": p["response_c"], "differential_k": p["differential_k"]}
        b.sample("element", bimetal_disc, target, {**follows, **own}, initial=initial)
        add_contact(b, "1", "2", b.memory("element", "open"), window=(NEVER_BELOW, 0.5), closed_now=True)
        return
    b.device("resistor", resistor, {"a": "inside", "b": "2"}, {"resistance": 100.0})
    b.device("core_1", resistor, {"a": "1", "b": "inside"}, {"resistance": _CORE_OHM})
    if p["kind"] == PT100:
        b.device("core_3", resistor, {"a": "3", "b": "2"}, {"resistance": _CORE_OHM})
    own = {"response_c": p["response_c"]} if p["kind"] == PTC else {}
    b.sample(
        "element",
        thermistor if p["kind"] == PTC else platinum,
        target,
        {**follows, "broken": 0.0, "wet_s": 1e-9, **own},
        {"resistance": b.parameter("resistor", "resistance")},
        initial,
    )


def _ports(p: Parameters) -> tuple[Port, ...]:
    return tuple(Port(n, Domain.DC) for n in (("1", "2", "3") if p["kind"] == PT100 else ("1", "2")))


_PULLED_OUT = FailureMode(
    "pulled_out",
    Text("sonde sortie de son doigt de gant", "probe out of its pocket"),
    (Effect("element.contact", 0.05),),
    repair=Repair.TIGHTEN,
    onsets=(Onset.SUDDEN, Onset.GROWING),
    rate=0.7,
    degrees=(0.7, 1.0),
    visible=Text("La sonde pend à côté de son doigt de gant.", "The probe hangs beside its pocket."),
)


def _drift(kelvin: float) -> FailureMode:
    return FailureMode(
        "drift",
        Text("sonde dérivée", "probe drifted"),
        (Effect("element.offset", kelvin),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.5,
        degrees=(0.4, 1.0),
    )


_ELEMENT_MODES = (
    FailureMode(
        "open",
        Text("élément de sonde coupé", "probe element open"),
        (Effect("element.broken", OPEN_OHM),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
    ),
    FailureMode(
        "shorted",
        Text("sonde en court-circuit", "probe shorted"),
        (Effect("element.wet_s", 2.0, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
        degrees=(0.9, 1.0),
    ),
    FailureMode(
        "wet",
        Text("humidité dans la tête de sonde : lit trop bas", "damp in the probe head: reads low"),
        (Effect("element.wet_s", 2e-3, logarithmic=True),),
        repair=Repair.CLEAN,
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.4,
        degrees=(0.85, 1.0),
        visible=Text("De l'eau perle dans la tête de sonde.", "Water beads in the probe head."),
    ),
    _PULLED_OUT,
    _drift(-30.0),
)


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    if p["kind"] != THERMOSTAT:
        return _ELEMENT_MODES
    contact = (contact_not_closing("1", "2"), contact_resistive("1", "2", ohms=30000.0), contact_welded("1", "2"))
    return (*contact, _PULLED_OUT, _drift(60.0))


def _resistance_symbol(ports: tuple[str, ...], mark: str) -> Symbol:
    """Resistor crossed by the line of temperature dependence."""
    shapes: tuple[Shape, ...] = (
        Rectangle(1.5, 1.2, 1.0, 2.6),
        Line(((2, 0), (2, 1.2))),
        Line(((2, 3.8), (2, 5))),
        Line(((0.6, 3.9), (1.1, 3.9), (3.2, 1.1))),
        Label(4.2, 1.4, mark, 0.9),
    )
    pins: tuple[Pin, ...] = (Pin("1", 2, 0, "n"), Pin("2", 2, 5, "s"))
    if "3" in ports:
        shapes = (*shapes, Line(((2, 4.3), (6, 4.3), (6, 5))))
        pins = (*pins, Pin("3", 6, 5, "s"))
    return Symbol(8 if "3" in ports else 6, 5, shapes, pins)


COMPONENT = Component(
    family="temperature_probe",
    letter="B",
    text=Text("sonde de température", "temperature probe"),
    sheet=Text(
        "Pt100 trois fils (100 Ω à 0 °C, 138,5 Ω à 100 °C ; 2 et 3 sont le même côté), thermistance CTP de bobinage "
        "(moins de 550 Ω à TNF-5 K, plus de 1330 Ω à TNF+5 K) ou thermostat à disque (contact 1-2 qui s'ouvre à "
        "chaud). Valeurs : tables IEC 60751 et IEC 60034-11, fiche de thermostat EN 60730.",
        "Three-wire Pt100 (100 Ω at 0 °C, 138.5 Ω at 100 °C; 2 and 3 are the same side), PTC thermistor of a winding "
        "(below 550 Ω at TNF-5 K, above 1330 Ω at TNF+5 K) or disc thermostat (contact 1-2 that opens when hot). "
        "Values: tables of IEC 60751 and IEC 60034-11, EN 60730 sheet of a thermostat.",
    ),
    parameters=(
        Parameter("kind", Text("type", "kind"), "", PT100, choices=(PT100, PTC, THERMOSTAT)),
        Parameter("response_c", Text("température de déclenchement", "response temperature"), "°C", 130.0, 0.0, 250.0),
        Parameter(
            "differential_k", Text("différentiel du thermostat", "thermostat differential"), "K", 15.0, 1.0, 60.0
        ),
        Parameter("lag_s", Text("temps de réponse", "response time"), "s", 8.0, 0.1, 300.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 20.0, -40.0, 100.0),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    channels=lambda tag, p: (Channel("temperature", MemoryRef(f"{tag}.element", "element"), 0.0, 200.0),),
    links=("temperature",),
    signals={"temperature": lambda tag, p: MemoryRef(f"{tag}.element", "element")},
    symbols={
        "main": _resistance_symbol(("1", "2", "3"), "ϑ"),
        "ptc": _resistance_symbol(("1", "2"), "+ϑ"),
        "thermostat": contact_symbol(
            "1",
            "2",
            "temperature",
            closed=True,
            left=(Label(1.6, 2.0, "ϑ", 1.1), Line(((2.2, 2.05), (3.3, 2.05)), "dashed")),
        ),
    },
)

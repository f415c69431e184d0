"""Thermistor protection relay: watches the PTC probes in a motor's windings."""

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
)
from etabli.components.curve import explain
from etabli.components.drawing import Label, Pin, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.current_loop import measuring_source
from etabli.components.electrical.electrical_symbols import box, changeover_symbol, led
from etabli.components.electrical.output_relay import add_output_relay, clicks_heard, light_channels, lights_seen
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_LIVE_V = 16.0
_BRIDGE_V = 2.5
_BRIDGE_OHM = 5000.0
_TRIP_OHM, _RESET_OHM, _SHORT_OHM = 3600.0, 1650.0, 20.0
_LIGHTS = (("powered", "ON"), ("tripped", "TRIP"))


@sampled(
    reads=("a1", "a2", "t1", "t2"),
    parameters=("dead", "drift", "automatic", "reset"),
    memory=("powered", "ohms", "tripped", "good"),
    writes=("bridge_a",),
    stage=Stage.SENSE,
)
def thermistor_watch(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Trips above 3.6 kΩ or below 20 Ω at T1-T2; latches again below 1.65 kΩ (IEC 60947-8, control unit type A).

    ``automatic`` (0/1): by itself, otherwise by ``reset`` (0/1). ``drift`` multiplies the resistance it believes to
    see, ``dead`` (0/1). The probes are a leg of a bridge of 2.5 V behind 5 kΩ.
    """
    powered = less(_LIVE_V, r.a1 - r.a2) * less(p.dead, 0.5)
    volts = r.t1 - r.t2
    ohms = p.drift * _BRIDGE_OHM * volts / maximum(_BRIDGE_V - volts, 1e-3)
    seen = powered * m.powered  # the bridge needs a step to come up
    bad = seen * maximum(less(_TRIP_OHM, ohms), less(ohms, _SHORT_OHM))
    cool = less(ohms, _RESET_OHM) * maximum(less(0.5, p.automatic), less(0.5, p.reset))
    tripped = powered * maximum(bad, m.tripped * (1.0 - cool))
    return {
        "powered": powered,
        "ohms": ohms,
        "tripped": tripped,
        "good": seen * (1.0 - tripped),
        "bridge_a": select(powered, _BRIDGE_V / _BRIDGE_OHM, 0.0),
    }


explain(
    thermistor_watch,
    Text(
        "Relais à thermistances : déclenche au-dessus de 3,6 kΩ ou sous 20 Ω, réarme sous 1,65 kΩ. Source : "
        "IEC 60947-8.",
        "Thermistor relay: trips above 3.6 kΩ or below 20 Ω, latches again below 1.65 kΩ. Source: IEC 60947-8.",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / p["supply_a"]})
    b.device("reference", resistor, {"a": "T2", "b": "A2"}, {"resistance": 1e6})
    b.device("bridge", measuring_source, {"a": "T1", "b": "T2"}, {"current": 0.0, "conductance": 1.0 / _BRIDGE_OHM})
    b.sample(
        "watch",
        thermistor_watch,
        {name.lower(): b.across(name) for name in ("A1", "A2", "T1", "T2")},
        {"dead": 0.0, "drift": 1.0, "automatic": float(p["automatic_reset"]), "reset": 0.0},
        {"bridge_a": b.parameter("bridge", "current")},
    )
    position = add_output_relay(b, "relay", b.memory("watch", "good"))
    add_contact(b, "11", "12", position, normally_closed=True)
    add_contact(b, "11", "14", position)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    heard = clicks_heard(tag, ("relay",), Text("le relais à thermistances", "the thermistor relay"), read)
    return (lights_seen(tag, "watch", _LIGHTS, read), *heard)


def _symbol() -> Symbol:
    pins = (
        *(Pin(n, 4 * k + 2, 0, "n") for k, n in enumerate(("A1", "T1", "T2"))),
        Pin("A2", 2, 6, "s"),
    )
    return box(12, 6, pins, (Label(7, 2.4, "+ϑ", 1.2), *led(5, 4, "powered"), *led(9, 4, "tripped", "red")))


COMPONENT = Component(
    family="thermistor_relay",
    letter="F",
    text=Text("relais à thermistances", "thermistor relay"),
    sheet=Text(
        "Protège un moteur par les sondes CTP de ses enroulements (T1-T2, jusqu'à six en série) : déclenche "
        "au-dessus de 3,6 kΩ, sur court-circuit et sans alimentation ; réarme sous 1,65 kΩ. 11-14 fermé tant que "
        "tout va bien. Valeurs : fiche EN 60947-8 de relais à thermistances 24 V.",
        "Protects a motor by the PTC probes in its windings (T1-T2, up to six in series): trips above 3.6 kΩ, on a "
        "short circuit and without supply; latches again below 1.65 kΩ. 11-14 closed while all is well. "
        "Values: EN 60947-8 sheet of a 24 V thermistor relay.",
    ),
    parameters=(
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.04, 0.005, 0.3),
        Parameter("automatic_reset", Text("réarmement automatique", "automatic reset"), "", 0, 0, 1),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("A1", "A2", "T1", "T2", "11", "12", "14")),
    build=_build,
    failure_modes=(
        FailureMode(
            "dead",
            Text("relais à thermistances hors service", "thermistor relay dead"),
            (Effect("watch.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
        FailureMode(
            "drift",
            Text("mesure dérivée : déclenche à froid", "drifted measurement: trips while cold"),
            (Effect("watch.drift", 60.0, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.4,
            degrees=(0.9, 1.0),
        ),
        contact_not_closing("11", "14", rate=0.6),
        contact_resistive("11", "14", ohms=30000.0, rate=0.6),
        contact_welded("11", "14", rate=0.3),
        contact_not_closing("11", "12", rate=0.3),
    ),
    channels=lambda tag, p: (
        *light_channels(tag, "watch", _LIGHTS),
        Channel("relay", MemoryRef(f"{tag}.relay", "position")),
    ),
    senses=_senses,
    symbols={"main": _symbol(), "contact_11": changeover_symbol("11", "12", "14", "relay")},
    controls={"reset": "watch.reset"},
)

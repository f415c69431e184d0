"""Soft starter: three thyristor legs that ramp the motor's voltage, current limit, bypass, trips."""

from __future__ import annotations

import enum

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
from etabli.components.drawing import Label, Line, Pin, Polygon, Shape, Symbol
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.electrical.contact import (
    NEVER_ABOVE,
    NEVER_BELOW,
    THREE_POLES,
    add_contact,
    contact_not_closing,
    contact_resistive,
    contact_welded,
)
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import POLE_PITCH, box, contact_symbol, led
from etabli.components.electrical.output_relay import add_output_relay, clicks_heard
from etabli.components.electrical.soft_starter_control import (
    LEG_READS,
    OFF_OHM,
    firing,
    starter_sequence,
    starter_trips,
)
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, MemoryRef, ParameterRef, Ref
from etabli.physics.text import Text

_INPUT_OHM = 4700.0
_FILTER_OHM = 1e7
_DROP_V = 1.1
"""On-state drop of a thyristor: the legs are ``_DROP_V / rated current`` ohm."""
_HOT_C = 90.0


class Trip(enum.IntEnum):
    """What the display shows after E; set by :func:`starter_trips`."""

    NONE = 0
    PHASE = 1
    SHORTED = 2
    STALLED = 3
    HOT = 4


TRIP_TEXTS = {
    Trip.PHASE: Text("perte de phase", "phase loss"),
    Trip.SHORTED: Text("thyristor en court-circuit", "shorted thyristor"),
    Trip.STALLED: Text("démarrage trop long", "start too long"),
    Trip.HOT: Text("surchauffe", "overtemperature"),
}


def _build(b: Builder, p: Parameters) -> None:
    _add_power(b, p)
    _add_control(b, p)
    add_contact(b, "13", "14", add_output_relay(b, "run_relay", b.memory("sequence", "running")))
    add_contact(b, "23", "24", b.memory("bypass", "position"))
    tripped = add_output_relay(b, "fault_relay", b.memory("trips", "tripped"))
    add_contact(b, "95", "96", tripped, window=(NEVER_BELOW, 0.5), closed_now=True)
    add_contact(b, "97", "98", tripped, window=(0.5, NEVER_ABOVE), closed_now=False)


def _add_power(b: Builder, p: Parameters) -> None:
    for k, (top, bottom) in enumerate(THREE_POLES, 1):
        b.device(f"leg_{k}", ac_impedance, {"a": top, "b": bottom}, {"resistance": OFF_OHM, "reactance": 0.0})
        b.device(f"filter_{k}", ac_impedance, {"a": bottom, "b": GROUND}, {"resistance": _FILTER_OHM, "reactance": 0.0})
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / p["supply_a"]})
    b.device("input", resistor, {"a": "ST", "b": "A2"}, {"resistance": _INPUT_OHM})


def _add_control(b: Builder, p: Parameters) -> None:
    nodes = [port for leg in THREE_POLES for port in leg]
    volts: dict[str, Ref] = {name: b.across(nodes[k // 2], k % 2) for k, name in enumerate(LEG_READS)}
    rated = float(p["rated_a"])
    b.sample(
        "sequence",
        starter_sequence,
        {
            **{name: b.across(name.upper()) for name in ("a1", "a2", "st")},
            "tripped": b.memory("trips", "tripped"),
            "limiting": b.memory("firing", "limiting"),
        },
        {
            "start_share": 0.01 * p["start_percent"],
            "ramp_up_s": p["ramp_up_s"],
            "ramp_down_s": p["ramp_down_s"],
            "dead": 0.0,
        },
    )
    command = b.memory("sequence", "full")
    bypass = add_output_relay(b, "bypass", command, 0.03)
    impedances = {
        f"{name}_{k}": b.parameter(f"leg_{k}", full)
        for name, full in (("ohm", "resistance"), ("reactance", "reactance"))
        for k in (1, 2, 3)
    }
    b.sample(
        "firing",
        firing,
        {**volts, "share": b.memory("sequence", "share"), "bypass": bypass},
        {
            "on_ohm": _DROP_V / rated,
            "rated_a": rated,
            "limit_a": p["limit_ratio"] * rated,
            **{f"{fault}_{k}": 0.0 for fault in ("shorted", "cut") for k in (1, 2, 3)},
            "bypass_dead": 0.0,
        },
        impedances,
    )
    b.sample(
        "trips",
        starter_trips,
        {
            **volts,
            **{f"current_{k}": b.memory("firing", f"current_{k}") for k in (1, 2, 3)},
            "powered": b.memory("sequence", "powered"),
            "running": b.memory("sequence", "running"),
            "full": command,
            "bypassed": b.memory("firing", "bypassed"),
        },
        {
            "on_ohm": _DROP_V / rated,
            "rated_v": p["rated_v"],
            "longest_s": p["longest_start_s"],
            "hot_c": _HOT_C,
            "ambient_c": p["ambient_c"],
            "heatsink_j_k": p["heatsink_j_k"],
            "cooling_w_k": p["cooling_w_k"],
            "offset_k": 0.0,
            "reset": 0.0,
        },
        initial={"heatsink_c": p["ambient_c"]},
    )


@dc_image("soft_starter")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    legs = ((a, c, read(ParameterRef(f"{tag}.leg_{k}", "resistance"))) for k, (a, c) in enumerate(THREE_POLES, 1))
    return (*legs, *((c, GROUND, _FILTER_OHM) for _, c in THREE_POLES))


def _leg_modes(k: int) -> tuple[FailureMode, ...]:
    return (
        FailureMode(
            f"thyristor_{k}_shorted",
            Text(f"thyristors de la phase {k} en court-circuit", f"thyristors of phase {k} shorted"),
            (Effect(f"firing.shorted_{k}", 1.0),),
            rate=0.5,
        ),
        FailureMode(
            f"thyristor_{k}_open",
            Text(f"phase {k} non commandée (thyristor ou gâchette)", f"phase {k} not fired (thyristor or gate)"),
            (Effect(f"firing.cut_{k}", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
    )


def _setting(key: str, fr: str, en: str, *effects: Effect) -> FailureMode:
    return FailureMode(key, Text(fr, en), effects, repair=Repair.ADJUST, rate=0.5)


FAILURE_MODES = (
    FailureMode(
        "dead",
        Text("carte de commande hors service", "control board dead"),
        (Effect("sequence.dead", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
    ),
    *(mode for k in (1, 2, 3) for mode in _leg_modes(k)),
    FailureMode(
        "bypass_open",
        Text("contacteur de contournement qui ne se ferme plus", "bypass contactor no longer closes"),
        (Effect("firing.bypass_dead", 1.0),),
        rate=0.6,
    ),
    FailureMode(
        "bypass_welded",
        Text("contacteur de contournement soudé", "bypass contactor welded"),
        (Effect("bypass.welded", 1.0),),
        rate=0.4,
    ),
    FailureMode(
        "fan_blocked",
        Text("refroidissement obstrué", "cooling blocked"),
        (Effect("trips.cooling_w_k", 0.15, relative=True), Effect("trips.heatsink_j_k", 0.3, relative=True)),
        repair=Repair.CLEAN,
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.6,
        degrees=(0.7, 1.0),
        visible=Text("Les ailettes sont colmatées.", "The fins are clogged."),
    ),
    FailureMode(
        "temperature_sensor",
        Text("mesure de température faussée", "temperature measurement wrong"),
        (Effect("trips.offset_k", 100.0),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.3,
        degrees=(0.9, 1.0),
    ),
    _setting(
        "limit_low", "limitation de courant trop basse", "current limit too low", Effect("firing.limit_a", 0.3, True)
    ),
    _setting("ramp_short", "rampe trop courte", "ramp too short", Effect("sequence.ramp_up_s", 0.1, logarithmic=True)),
    contact_not_closing("13", "14", rate=0.5),
    contact_resistive("13", "14", ohms=30000.0, rate=0.5),
    contact_not_closing("23", "24", rate=0.4),
    contact_welded("23", "24", rate=0.3),
    contact_not_closing("95", "96", rate=0.5),
    contact_resistive("95", "96", ohms=30000.0, rate=0.4),
    contact_not_closing("97", "98", rate=0.3),
)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    code = Trip(round(read(MemoryRef(f"{tag}.trips", "code"))))
    if read(MemoryRef(f"{tag}.sequence", "powered")) < 0.5:
        look = Text("L'afficheur est éteint.", "The display is dark.")
    elif code is not Trip.NONE:
        words = TRIP_TEXTS[code]
        look = Text(f"L'afficheur montre E{code:02d} : {words.fr}.", f"The display shows E{code:02d}: {words.en}.")
    elif read(MemoryRef(f"{tag}.sequence", "full")) > 0.5:
        look = Text("L'afficheur montre « plein régime ».", "The display shows “full speed”.")
    elif read(MemoryRef(f"{tag}.sequence", "running")) > 0.5:
        percent = round(100.0 * read(MemoryRef(f"{tag}.sequence", "share")))
        look = Text(f"L'afficheur montre la rampe : {percent} %.", f"The display shows the ramp: {percent} %.")
    else:
        look = Text("L'afficheur montre « prêt ».", "The display shows “ready”.")
    hot = read(MemoryRef(f"{tag}.trips", "heatsink_c")) > 60.0
    felt = (
        (Perception(Sense.TOUCH, Text("Le radiateur brûle la main.", "The heatsink burns the hand.")),) if hot else ()
    )
    relays = clicks_heard(tag, ("bypass",), Text("le démarreur", "the starter"), read)
    return (Perception(Sense.LOOK, look), *felt, *relays)


def _thyristors(x: float, y: float) -> tuple[Shape, ...]:
    """Two thyristors back to back in the line at ``x`` (IEC 60617-5)."""
    return (
        Polygon(((x - 0.9, y - 0.5), (x - 0.1, y - 0.5), (x - 0.5, y + 0.4))),
        Line(((x - 0.9, y + 0.4), (x - 0.1, y + 0.4), (x, y + 0.8))),
        Polygon(((x + 0.1, y + 0.4), (x + 0.9, y + 0.4), (x + 0.5, y - 0.5))),
        Line(((x + 0.9, y - 0.5), (x + 0.1, y - 0.5), (x, y - 0.9))),
        Line(((x, y - 1.4), (x, y - 0.9))),
        Line(((x - 0.5, y - 0.5), (x - 0.5, y - 0.9), (x + 0.5, y - 0.9), (x + 0.5, y - 0.5))),
        Line(((x - 0.5, y + 0.4), (x - 0.5, y + 0.8), (x + 0.5, y + 0.8), (x + 0.5, y + 0.4))),
        Line(((x, y + 0.8), (x, y + 1.4))),
    )


def _symbol() -> Symbol:
    columns = [POLE_PITCH * k + 3 for k in range(len(THREE_POLES))]
    pins = tuple(
        pin for x, (a, c) in zip(columns, THREE_POLES, strict=True) for pin in (Pin(a, x, 0, "n"), Pin(c, x, 8, "s"))
    )
    pins += (Pin("A1", 17, 0, "n"), Pin("ST", 21, 0, "n"), Pin("A2", 17, 8, "s"))
    legs = tuple(s for x in columns for s in _thyristors(x, 4.0))
    joins = tuple(Line(((x, y), (x, e))) for x in columns for y, e in ((1, 2.6), (5.4, 7)))
    lights = (*led(16, 4, "powered"), *led(19, 4, "full", "orange"), *led(22, 4, "tripped", "red"))
    return box(24, 8, pins, (*legs, *joins, *lights, Label(19, 5.8, "α", 1.2)))


COMPONENT = Component(
    family="soft_starter",
    letter="U",
    purpose="Q",
    text=Text("démarreur progressif", "soft starter"),
    sheet=Text(
        "Démarreur à thyristors trois phases avec contournement interne. 24 V en A1-A2, marche par 24 V sur ST. "
        "Rampe de tension réglable, limitation de courant (multiple de l'intensité nominale), arrêt ralenti. 13-14 : "
        "en marche ; 23-24 : rampe terminée ; 95-96 s'ouvre en défaut. Un thyristor claqué laisse le moteur sous "
        "tension à l'arrêt : garder un contacteur amont. Valeurs : fiche EN 60947-4-2 de démarreur 9 A.",
        "Three-phase thyristor starter with internal bypass. 24 V at A1-A2, run by 24 V on ST. Voltage ramp, current "
        "limit (multiple of the rated current) and soft stop can be set. 13-14: running; 23-24: full speed; 95-96 "
        "opens on a trip. A shorted thyristor leaves the stopped motor live: keep a contactor upstream. "
        "Values: EN 60947-4-2 sheet of a 9 A starter.",
    ),
    parameters=(
        Parameter("rated_a", Text("intensité nominale", "rated current"), "A", 9.0, 0.5, 500.0),
        Parameter("rated_v", Text("tension nominale", "rated voltage"), "V", 400.0, 100.0, 690.0),
        Parameter(
            "start_percent", Text("tension initiale", "initial voltage"), "%", 40.0, 10.0, 100.0, adjustable=True
        ),
        Parameter("ramp_up_s", Text("rampe de montée", "ramp up"), "s", 5.0, 0.1, 60.0, adjustable=True),
        Parameter("ramp_down_s", Text("rampe d'arrêt", "ramp down"), "s", 0.5, 0.05, 60.0, adjustable=True),
        Parameter("limit_ratio", Text("limitation de courant / In", "current limit / In"), "", 4.0, 1.0, 8.0),
        Parameter("longest_start_s", Text("démarrage le plus long", "longest start"), "s", 20.0, 1.0, 300.0),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.15, 0.01, 2.0),
        Parameter("heatsink_j_k", Text("capacité du radiateur", "heatsink capacity"), "J/K", 150.0, 10.0, 1e5),
        Parameter("cooling_w_k", Text("refroidissement du radiateur", "heatsink cooling"), "W/K", 0.35, 0.01, 1e3),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 25.0, -20.0, 60.0),
    ),
    ports=(
        *(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
        *(Port(n, Domain.DC) for n in ("A1", "A2", "ST", "13", "14", "23", "24", "95", "96", "97", "98")),
    ),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: (
        Channel("powered", MemoryRef(f"{tag}.sequence", "powered"), seen=True, text=Text("afficheur", "display")),
        Channel("full", MemoryRef(f"{tag}.sequence", "full"), seen=True, text=Text("plein régime", "full speed")),
        Channel("tripped", MemoryRef(f"{tag}.trips", "tripped"), seen=True, text=Text("défaut", "fault")),
        Channel("running", MemoryRef(f"{tag}.sequence", "running")),
        Channel("share", MemoryRef(f"{tag}.sequence", "share")),
        Channel("heatsink", MemoryRef(f"{tag}.trips", "heatsink_c"), 20.0, _HOT_C),
    ),
    signals={"running": lambda tag, p: MemoryRef(f"{tag}.sequence", "running")},
    senses=_senses,
    symbols={
        "main": _symbol(),
        "contact_13_14": contact_symbol("13", "14", "running"),
        "contact_23_24": contact_symbol("23", "24", "full"),
        "contact_95_96": contact_symbol("95", "96", "tripped", closed=True),
        "contact_97_98": contact_symbol("97", "98", "tripped"),
    },
    controls={"reset": "trips.reset"},
    adjusts={"ramp_up_s": "sequence.ramp_up_s", "ramp_down_s": "sequence.ramp_down_s"},
)

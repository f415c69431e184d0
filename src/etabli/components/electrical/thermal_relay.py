"""Thermal overload relay: three bimetals, differential slide, ambient compensation, contacts 95-96 and 97-98."""

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
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.breaker import SETTING_MARK
from etabli.components.electrical.conductor import OPEN_OHM, ac_pole
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
from etabli.components.electrical.electrical_symbols import POLE_PITCH, contact_symbol
from etabli.physics.expression import absolute, clamp, less, maximum, minimum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.text import Text

LINES = ("L1", "L2", "L3")
CLASSES = {"10A": 185.0, "10": 265.0, "20": 500.0, "30": 860.0}
"""Trip class and time constant of its bimetals, s: each trips inside its window at 7.2 Ir (IEC 60947-4-1)."""
TRIP_HEAT = 1.277
"""Deflection that trips, over the one at Ir: 1.13² lies between 1.05² (must hold) and 1.20² (must trip)."""
_RESET_SHARE = 0.7
_RISE_K = 60.0
"""Temperature rise of a bimetal at Ir."""
_REFERENCE_C = 20.0
_POLE_W = 2.0


@sampled(
    reads=("current_1", "current_2", "current_3", "ambient"),
    parameters=(
        "rated",
        "time_constant_s",
        "differential",
        "compensation",
        "sensitivity",
        "automatic",
        "reset",
        "test",
        "jammed",
        "unlinked_c",
    ),
    memory=("heat_1", "heat_2", "heat_3", "deflection", "tripped"),
    stage=Stage.PROTECT,
)
def bimetals(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Three bimetals push a trip bar: each ``heat`` follows ``(I / rated)²`` with one time constant.

    The bar moves with the hottest; the differential slide adds ``differential`` times the gap to the coldest, so that a
    missing phase trips earlier. ``compensation`` (0…1) is the share of the ambient temperature that the compensation
    strip takes away. It trips at :data:`TRIP_HEAT`; after cooling down it latches again by ``reset`` (0/1) or by itself
    with ``automatic`` (0/1). ``test`` (0/1) trips by hand, ``jammed`` (0/1) is a slide that no longer moves,
    ``sensitivity`` the drift of the strips. ``ambient`` °C (``unlinked_c``: read where nothing is linked).
    Source: time-current points and phase-loss test of IEC 60947-4-1; description of trip bar and differential bar in
    motor protection manuals.
    """
    grows = h / p.time_constant_s

    def warmed(heat: Any, current: Any) -> Any:
        load = absolute(current) * p.sensitivity / p.rated
        # A short circuit is cut before the strip follows: it is never much hotter than where it trips.
        return minimum((heat + grows * load * load) / (1.0 + grows), 4.0 * TRIP_HEAT)

    heats = [warmed(m.heat_1, r.current_1), warmed(m.heat_2, r.current_2), warmed(m.heat_3, r.current_3)]
    hottest = maximum(maximum(heats[0], heats[1]), heats[2])
    coldest = minimum(minimum(heats[0], heats[1]), heats[2])
    lean = (1.0 - p.compensation) * (r.ambient - _REFERENCE_C) / _RISE_K
    deflection = hottest + p.differential * (hottest - coldest) + lean
    pushed = maximum(less(TRIP_HEAT, deflection) * less(p.jammed, 0.5), less(0.5, p.test))
    cool = less(deflection, _RESET_SHARE * TRIP_HEAT)
    again = cool * maximum(less(0.5, p.reset), less(0.5, p.automatic))
    return {
        "heat_1": heats[0],
        "heat_2": heats[1],
        "heat_3": heats[2],
        "deflection": deflection,
        "tripped": maximum(pushed, m.tripped * (1.0 - clamp(again, 0.0, 1.0))),
    }


def _tripping_time(piece: Piece, load: float) -> float | None:
    """Seconds until the relay trips with ``load`` times the setting of a sound one in its three poles, from cold."""
    amps = load * piece.sound.p.rated
    reads = {"current_1": amps, "current_2": amps, "current_3": amps, "ambient": _REFERENCE_C}
    return piece.time_until(lambda found: found["tripped"] > 0.5, 7200.0, **reads)


explain(
    bimetals,
    Text(
        "Relais thermique : trois bilames suivent (I / Ir)² avec une constante de temps et poussent une barre ; le "
        "différentiel hâte le déclenchement quand une phase manque. Points temps-courant de IEC 60947-4-1.",
        "Thermal relay: three bimetals follow (I / Ir)² with one time constant and push a trip bar; the differential "
        "slide trips earlier when a phase is missing. Time-current points of IEC 60947-4-1.",
    ),
    Curve(
        Text("temps de déclenchement, à froid", "tripping time, from cold"),
        Axis(Text("courant / réglage Ir", "current / setting Ir"), logarithmic=True),
        Axis(Text("temps", "time"), "s", logarithmic=True),
        sweep(1.05, 10.0, _tripping_time, 50, logarithmic=True),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    ohms = _POLE_W / float(p["setting_a"]) ** 2
    for line, (top, bottom) in zip(LINES, THREE_POLES, strict=True):
        b.device(f"heater_{line}", ac_pole, {"a": top, "b": bottom}, {"resistance": ohms})
    ambient = b.linked("ambient")
    b.sample(
        "mechanism",
        bimetals,
        {
            **{f"current_{k}": b.state(f"heater_{line}", "current") for k, line in enumerate(LINES, 1)},
            "ambient": b.parameter("mechanism", "unlinked_c") if ambient is None else ambient,
        },
        {
            "rated": p["setting_a"],
            "time_constant_s": CLASSES[p["trip_class"]],
            "differential": 0.2 if p["phase_loss"] else 0.0,
            "compensation": 1.0,
            "sensitivity": 1.0,
            "automatic": float(p["automatic_reset"]),
            "reset": 0.0,
            "test": 0.0,
            "jammed": 0.0,
            "unlinked_c": p["ambient_c"],
        },
    )
    tripped = b.memory("mechanism", "tripped")
    add_contact(b, "95", "96", tripped, window=(NEVER_BELOW, 0.5), closed_now=True)
    add_contact(b, "97", "98", tripped, window=(0.5, NEVER_ABOVE), closed_now=False)


@dc_image("thermal_relay")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return tuple(
        (top, bottom, read(ParameterRef(f"{tag}.heater_{line}", "resistance")))
        for line, (top, bottom) in zip(LINES, THREE_POLES, strict=True)
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    def now(name: str) -> float:
        return read(MemoryRef(f"{tag}.mechanism", name))

    look = (
        Text("Le voyant de déclenchement est sorti.", "The trip indicator is out.")
        if now("tripped") > 0.5
        else Text("Le voyant de déclenchement est rentré.", "The trip indicator is in.")
    )
    found = [Perception(Sense.LOOK, look)]
    hottest = max(now(f"heat_{k}") for k in (1, 2, 3))
    if hottest > 2.0:
        found.append(Perception(Sense.LOOK, Text("Le boîtier sent le chaud.", "The case smells hot.")))
    if hottest > 0.5:
        found.append(Perception(Sense.TOUCH, Text("Le boîtier du relais est chaud.", "The case of the relay is hot.")))
    return tuple(found)


def _heater_open(line: str) -> FailureMode:
    return FailureMode(
        f"heater_{line}_open",
        Text(f"élément chauffant {line} coupé", f"heating element {line} open"),
        (Effect(f"heater_{line}.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
        visible=Text(f"La lame {line} est brûlée.", f"The strip {line} is burnt."),
    )


def _setting(key: str, fr: str, en: str, factor: float) -> FailureMode:
    return FailureMode(
        key,
        Text(fr, en),
        (Effect("mechanism.rated", factor, relative=True),),
        repair=Repair.ADJUST,
        rate=1.0,
        degrees=(0.8, 1.0),
        visible=SETTING_MARK,
    )


FAILURE_MODES = (
    _setting("wrong_setting", "réglage thermique trop bas", "thermal setting too low", 0.4),
    _setting("setting_high", "réglage trop haut : moteur mal protégé", "setting too high: motor not protected", 2.5),
    FailureMode(
        "drift",
        Text("bilames dérivés (trop sensibles)", "bimetals drifted (too sensitive)"),
        (Effect("mechanism.sensitivity", 3.0),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.6,
        degrees=(0.5, 1.0),
    ),
    FailureMode(
        "compensation_lost",
        Text("compensation de température hors service", "ambient compensation dead"),
        (Effect("mechanism.compensation", 0.0),),
        rate=0.2,
    ),
    FailureMode(
        "differential_lost",
        Text(
            "coulisseau différentiel usé : ne voit plus la perte de phase",
            "worn differential slide: blind to phase loss",
        ),
        (Effect("mechanism.differential", 0.01, relative=True),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.2,
    ),
    FailureMode(
        "jammed",
        Text("mécanisme bloqué : ne déclenche plus", "mechanism jammed: no longer trips"),
        (Effect("mechanism.jammed", 1.0),),
        rate=0.3,
    ),
    *(_heater_open(line) for line in LINES),
    contact_not_closing("95", "96", rate=0.8),
    contact_resistive("95", "96", ohms=30000.0, rate=0.7),
    contact_welded("95", "96", rate=0.3),
    contact_not_closing("97", "98", rate=0.3),
    contact_resistive("97", "98", ohms=30000.0, rate=0.3),
)


def _bimetal(x: float) -> tuple[Shape, ...]:
    """Thermal operating device of IEC 60617-7: a square bend in the conductor."""
    return (Line(((x, 0), (x, 1.6), (x - 0.5, 1.6), (x - 0.5, 2.4), (x, 2.4), (x, 4))),)


def _symbol() -> Symbol:
    columns = [POLE_PITCH * k + 2 for k in range(len(THREE_POLES))]
    shapes = tuple(shape for x in columns for shape in _bimetal(x))
    pins = tuple(
        pin
        for x, (top, bottom) in zip(columns, THREE_POLES, strict=True)
        for pin in (Pin(top, x, 0, "n"), Pin(bottom, x, 4, "s"))
    )
    width = POLE_PITCH * len(THREE_POLES)
    return Symbol(width, 4, (Rectangle(0.5, 1.0, width - 1.0, 2.0), *shapes), pins)


def _actuator() -> tuple[Shape, ...]:
    """Thermal actuator left of a contact: its box with the bend, and the link to the blade."""
    return (
        Rectangle(0.4, 1.4, 1.5, 1.3),
        Line(((1.15, 1.4), (1.15, 1.75), (0.8, 1.75), (0.8, 2.35), (1.15, 2.35), (1.15, 2.7))),
        Line(((1.9, 2.05), (3.3, 2.05)), "dashed"),
    )


COMPONENT = Component(
    family="thermal_relay",
    letter="F",
    text=Text("relais thermique", "thermal overload relay"),
    sheet=Text(
        "Relais de surcharge à bilames, sensible à la perte de phase, compensé en température. Régler Ir au courant "
        "nominal de la plaque du moteur. Tient 1,05 Ir, déclenche à 1,2 Ir en moins de 2 h, à 7,2 Ir en 4 à 10 s "
        "(classe 10). Ne coupe rien lui-même : 95-96 (O) va dans le circuit de bobine, 97-98 (F) vers un voyant. "
        "Réarmement manuel ou automatique, bouton d'essai. Il ne protège pas des courts-circuits. Valeurs : fiche EN "
        "60947-4-1 de relais thermique, 2 W par pôle.",
        "Bimetal overload relay, phase-loss sensitive, temperature compensated. Set Ir to the motor's plate current. "
        "Holds 1.05 Ir, trips at 1.2 Ir within 2 h, at 7.2 Ir in 4 to 10 s (class 10). It breaks nothing by itself: "
        "95-96 (NC) goes into the coil circuit, 97-98 (NO) to a lamp. Manual or automatic reset, test button. No short "
        "circuit protection. Values: EN 60947-4-1 sheet of a thermal relay, 2 W per pole.",
    ),
    parameters=(
        Parameter(
            "setting_a", Text("réglage thermique Ir", "thermal setting Ir"), "A", 1.1, 0.1, 100.0, adjustable=True
        ),
        Parameter("trip_class", Text("classe de déclenchement", "trip class"), "", "10", choices=tuple(CLASSES)),
        Parameter("phase_loss", Text("sensible à la perte de phase", "phase-loss sensitive"), "", 1, 0, 1),
        Parameter("automatic_reset", Text("réarmement automatique", "automatic reset"), "", 0, 0, 1),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 20.0, -25.0, 70.0),
    ),
    ports=(
        *(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
        *(Port(n, Domain.DC) for n in ("95", "96", "97", "98")),
    ),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: (
        Channel(
            "tripped",
            MemoryRef(f"{tag}.mechanism", "tripped"),
            seen=True,
            text=Text("voyant de déclenchement", "trip indicator"),
        ),
        Channel("heat", MemoryRef(f"{tag}.mechanism", "deflection"), 0.0, TRIP_HEAT),
    ),
    optional_links=("ambient",),
    signals={"tripped": lambda tag, p: MemoryRef(f"{tag}.mechanism", "tripped")},
    senses=_senses,
    symbols={
        "main": _symbol(),
        "contact_95_96": contact_symbol("95", "96", "tripped", closed=True, left=_actuator()),
        "contact_97_98": contact_symbol("97", "98", "tripped", left=_actuator()),
    },
    controls={"reset": "mechanism.reset", "test": "mechanism.test"},
    adjusts={"setting_a": "mechanism.rated"},
)

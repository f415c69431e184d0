"""What the 5/2 valves share: body, pilots, sliding symbol. The families are in the files of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
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
    Swap,
)
from etabli.components.drawing import Label, Lights, Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.coil import COIL_MODES, add_electromagnet, coil_senses
from etabli.components.electrical.electrical_symbols import coil_symbol
from etabli.components.fluid_symbols import arrow, blocked
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import absolute, clamp, maximum, minimum, select
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, Ref
from etabli.physics.text import Text

FLUID_PORTS = tuple(Port(name, Domain.PNEUMATIC) for name in ("1", "2", "4", "3", "5"))

_OVERLAP = 0.55
"""Share of the travel at which the second pair of passages starts to open (the first one is then closed)."""

_REFERENCE_PILOT_BAR = 4.5
"""Net pilot pressure at which the spool makes its travel in ``travel_s``: 6 bar against 1.2 bar of spring and
friction."""


@law(
    terminals={f"p{n}": Domain.PNEUMATIC for n in ("1", "2", "4", "3", "5")},
    parameters=("conductance", "critical_ratio", "rest", "work", "seal_leak"),
)
def valve_body_5_2(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Five-port body: 1-2 and 4-5 open with ``rest``, 1-4 and 2-3 with ``work`` (0…1 of C, ISO 6358-1).

    ``seal_leak`` (0…1 of C) is what a worn spool seal lets through from 1 to 3 and to 5.
    """

    def passage(a: Any, b: Any, opening: Any) -> Any:
        return air_flow(a, b, p.conductance * opening, p.critical_ratio)

    m12, m45 = passage(v.p1, v.p2, p.rest), passage(v.p4, v.p5, p.rest)
    m14, m23 = passage(v.p1, v.p4, p.work), passage(v.p2, v.p3, p.work)
    m13, m15 = passage(v.p1, v.p3, 0.5 * p.seal_leak), passage(v.p1, v.p5, 0.5 * p.seal_leak)
    flows = {
        "p1": m12 + m14 + m13 + m15,
        "p2": m23 - m12,
        "p4": m45 - m14,
        "p3": -m23 - m13,
        "p5": -m45 - m15,
    }
    return flows, {}


def _moved(position: Any, push: Any, friction: Any, travel_s: Any, h: Any) -> Any:
    """Spool position after ``h``: a spool is light, so its speed follows the net push (bar of pilot pressure)."""
    free = maximum(absolute(push) - friction, 0.0) / (_REFERENCE_PILOT_BAR * travel_s)
    return clamp(position + h * select(maximum(push, 0.0), free, -free), 0.0, 1.0)


def _openings(position: Any) -> dict[str, Any]:
    """Openings of the two pairs of passages; both are closed in the middle (closed overlap)."""
    width = 1.0 - _OVERLAP
    return {
        "position": position,
        "rest": clamp(1.0 - position / width, 0.0, 1.0),
        "work": clamp((position - _OVERLAP) / width, 0.0, 1.0),
    }


def _pilot(supply: Any, plunger: Any, gain: Any) -> Any:
    """Pilot pressure behind the spool, bar gauge: supply air let in by the plunger."""
    return gain * plunger * maximum(supply - ATMOSPHERE_BAR, 0.0)


@sampled(
    reads=("supply", "plunger"),
    parameters=("spring", "friction", "travel_s", "gain"),
    memory=("position",),
    writes=("rest", "work"),
    stage=Stage.SWITCH,
)
def spool_spring_return(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Spool 0 (rest, spring) … 1 (pilot 14). Spring and friction as pilot pressure, bar; ``gain`` of a blocked pilot
    is 0."""
    push = _pilot(r.supply, r.plunger, p.gain) - p.spring
    return _openings(_moved(m.position, push, p.friction, p.travel_s, h))


@sampled(
    reads=("supply", "plunger_14", "plunger_12"),
    parameters=("friction", "bias", "travel_s", "gain_14", "gain_12"),
    memory=("position",),
    writes=("rest", "work"),
    stage=Stage.SWITCH,
)
def spool_two_pilots(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Spool held by friction where the last pilot put it: 14 pushes to 1, 12 to 0; both together hold it.

    ``bias`` is a steady push towards 0 (bar): the weight and the vibrations that friction resists.
    """
    push = _pilot(r.supply, r.plunger_14, p.gain_14) - _pilot(r.supply, r.plunger_12, p.gain_12) - p.bias
    return _openings(_moved(m.position, push, p.friction, p.travel_s, h))


@sampled(reads=("plus", "minus"), parameters=("rated",), memory=("lit",), stage=Stage.SENSE)
def plug_led(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """LED of the solenoid plug, 0…1 from half the rated voltage on: it shows voltage, not current."""
    return {"lit": clamp(2.0 * minimum((r.plus - r.minus) / p.rated, 1.0) - 1.0, 0.0, 1.0)}


def add_body(b: Builder, p: Parameters) -> None:
    """Body, port volumes and leak of the valve."""
    for port in FLUID_PORTS:
        add_volume(b, port.name, 4.0)
    b.device(
        "body",
        valve_body_5_2,
        {f"p{port.name}": port.name for port in FLUID_PORTS},
        {
            "conductance": p["conductance"],
            "critical_ratio": p["critical_ratio"],
            "rest": 1.0,
            "work": 0.0,
            "seal_leak": 0.0,
        },
    )
    add_leak(b, "leak", "1")


def add_pilot(b: Builder, p: Parameters, side: str, plus: str, minus: str) -> None:
    """Solenoid with plug LED and free-wheeling diode; ``side`` is "" or "_14", "_12"."""
    volts = float(p["voltage"])
    add_electromagnet(
        b,
        volts=volts,
        ohms=volts**2 / float(p["power_w"]),
        time_constant_s=0.003,
        close_s=0.004,
        open_s=0.004,
        plus=plus,
        minus=minus,
        side=side,
    )
    b.sample(f"led{side}", plug_led, {"plus": b.across(plus), "minus": b.across(minus)}, {"rated": volts})


def body_writes(b: Builder) -> dict[str, ParameterRef]:
    """What the spool moves: the openings of the body."""
    return {"rest": b.parameter("body", "rest"), "work": b.parameter("body", "work")}


PARAMETERS = (
    Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 2.9, 0.05, 50.0),
    Parameter("critical_ratio", Text("rapport critique b", "critical pressure ratio b"), "", 0.35, 0.05, 0.6),
    Parameter("voltage", Text("tension de la bobine", "coil voltage"), "V", 24.0, 5.0, 60.0),
    Parameter("power_w", Text("puissance de la bobine", "coil power"), "W", 3.0, 0.2, 30.0),
)


def pilot_modes(side: str) -> tuple[FailureMode, ...]:
    """Failure modes of the solenoid ``side`` ("" or "_14", "_12")."""
    if not side:
        return COIL_MODES
    number = side.lstrip("_")
    return tuple(
        replace(
            mode,
            id=f"{mode.id}{side}",
            text=Text(f"{mode.text.fr} (pilote {number})", f"{mode.text.en} (pilot {number})"),
            effects=tuple(_renamed(effect, side) for effect in mode.effects),
        )
        for mode in COIL_MODES
    )


def _renamed(effect: Effect | Swap, side: str) -> Effect | Swap:
    if isinstance(effect, Swap):
        return effect
    device, _, parameter = effect.target.rpartition(".")
    return replace(effect, target=f"{device}{side}.{parameter}")


def blocked_pilot_mode(gain: str, side: str) -> FailureMode:
    """A pilot hole full of dirt: the plunger lifts and no air follows."""
    number = side.lstrip("_") or "14"
    return FailureMode(
        f"pilot_blocked{side}",
        Text(f"trou de pilotage {number} bouché", f"pilot hole {number} blocked"),
        (Effect(f"spool.{gain}", 0.0),),
        Repair.CLEAN,
        (Onset.SUDDEN, Onset.INTERMITTENT),
    )


BODY_MODES = (
    FailureMode(
        "spool_stuck",
        Text("tiroir grippé", "spool stuck"),
        (Effect("spool.friction", 30.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=2.0,
    ),
    FailureMode(
        "spool_slow",
        Text("tiroir gommé : commutation lente", "gummed spool: slow switching"),
        (Effect("spool.travel_s", 60.0, relative=True, logarithmic=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        1.0,
        (0.7, 1.0),
    ),
    FailureMode(
        "seal_worn",
        Text("joint de tiroir usé : fuite vers l'échappement", "worn spool seal: leak to the exhaust"),
        (Effect("body.seal_leak", 0.3),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=1.5,
        degrees=(0.3, 1.0),
    ),
    FailureMode(
        "body_clogged",
        Text("passages du distributeur encrassés", "passages of the valve clogged"),
        (Effect("body.conductance", 0.03, relative=True, logarithmic=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        0.6,
        (0.6, 1.0),
    ),
    leak_mode("leak", Text("joint d'embase écrasé : fuite", "base seal crushed: leak"), "leak", 0.4),
    FailureMode(
        "hoses_crossed",
        Text("tubes 2 et 4 croisés", "hoses 2 and 4 crossed"),
        (Swap("2", "4"),),
        Repair.RECONNECT,
        rate=0.7,
    ),
)


def position_ref(tag: str, p: Parameters) -> MemoryRef:
    """Spool position, 0…1."""
    return MemoryRef(f"{tag}.spool", "position")


def valve_channels(tag: str, sides: tuple[str, ...]) -> tuple[Channel, ...]:
    """Spool (seen through the override window of the valve) and plug LEDs."""
    leds = tuple(
        Channel(
            f"led{side}",
            MemoryRef(f"{tag}.led{side}", "lit"),
            seen=True,
            text=Text(
                f"LED de la bobine {side.strip('_')}".rstrip(), f"LED of the solenoid {side.strip('_')}".rstrip()
            ),
        )
        for side in sides
    )
    return (Channel("spool", MemoryRef(f"{tag}.spool", "position"), seen=True, text=Text("tiroir", "spool")), *leds)


def valve_senses(tag: str, read: Read, sides: tuple[str, ...]) -> tuple[Perception, ...]:
    """Override window, plug LEDs, coils, and air heard at the exhausts."""
    found = [Perception(Sense.LOOK, _spool_words(read(MemoryRef(f"{tag}.spool", "position"))))]
    for side in sides:
        found.append(Perception(Sense.LOOK, _led_words(read(MemoryRef(f"{tag}.led{side}", "lit")), side)))
        found.extend(coil_senses(tag, _one_side(tag, side, read)))
    found.extend(
        hiss_of(_exhaust_leak(tag, read), Text("aux échappements du distributeur", "at the exhausts of the valve"))
    )
    found.extend(hiss(read, tag, "leak", f"{tag}:1", Text("sous le distributeur", "under the valve")))
    return tuple(found)


def _one_side(tag: str, side: str, read: Read) -> Read:
    """Reads the armature of one pilot where the armature is asked for."""

    def redirected(ref: Ref) -> float:
        if isinstance(ref, MemoryRef) and ref.device == f"{tag}.armature":
            return read(MemoryRef(f"{tag}.armature{side}", ref.memory))
        return read(ref)

    return redirected


def _spool_words(position: float) -> Text:
    if position < 0.1:
        return Text("Le témoin du tiroir est en position repos (12).", "The spool indicator is in rest position (12).")
    if position > 0.9:
        return Text(
            "Le témoin du tiroir est en position travail (14).", "The spool indicator is in work position (14)."
        )
    return Text("Le témoin du tiroir est entre deux positions.", "The spool indicator is between two positions.")


def _led_words(lit: float, side: str) -> Text:
    number = side.lstrip("_")
    fr, en = (f" {number}", f" {number}") if number else ("", "")
    if lit > 0.5:
        return Text(f"La LED du connecteur{fr} est allumée.", f"The LED of plug{en} is on.")
    return Text(f"La LED du connecteur{fr} est éteinte.", f"The LED of plug{en} is off.")


def _exhaust_leak(tag: str, read: Read) -> float:
    """Air that passes from 1 to the exhausts through a worn seal, g/s."""
    leak = read(ParameterRef(f"{tag}.body", "seal_leak"))
    if leak <= 0.0:
        return 0.0
    conductance = read(ParameterRef(f"{tag}.body", "conductance")) * leak
    ratio = read(ParameterRef(f"{tag}.body", "critical_ratio"))
    return float(air_flow(read(NodeRef(f"{tag}:1")), read(NodeRef(f"{tag}:3")), conductance, ratio))


_LEFT = 6.0
_SIDE = 10.0  # side of a square: three ports below, two above, four modules apart


def _squares() -> tuple[Shape, ...]:
    """Work square on the left, rest square (in place, on the pins) on the right."""
    work, rest = _LEFT, _LEFT + _SIDE
    return (
        Rectangle(work, 2, _SIDE, 6),
        *arrow((work + 5, 8), (work + 3, 2)),
        *arrow((work + 7, 2), (work + 9, 8)),
        *blocked(work + 1, 8, up=True),
        Rectangle(rest, 2, _SIDE, 6),
        *arrow((rest + 5, 8), (rest + 7, 2)),
        *arrow((rest + 3, 2), (rest + 1, 8)),
        *blocked(rest + 9, 8, up=True),
    )


def valve_symbol(left: tuple[Shape, ...], right: tuple[Shape, ...]) -> Symbol:
    """The valve with its actuators, all sliding one square to the right with the spool."""
    rest = int(_LEFT + _SIDE)
    places = {"5": (rest + 1, 10), "1": (rest + 5, 10), "3": (rest + 9, 10), "4": (rest + 3, 0), "2": (rest + 7, 0)}
    stems = tuple(Line(((x, y), (x, 8 if y else 2))) for x, y in places.values())
    pins = tuple(Pin(name, x, y, "s" if y else "n") for name, (x, y) in places.items())
    return Symbol(rest + 26, 10, (*stems, Moves("spool", _SIDE, 0, (*_squares(), *left, *right))), pins)


def pilot_shapes(x: float, channel: str, number: str, towards: int = 1) -> tuple[Shape, ...]:
    """Solenoid pilot, six modules wide, with its LED and port number; ``x`` is its outer end and ``towards`` the sense
    (1 right, -1 left) in which it pushes."""

    def at(distance: float, y: float) -> tuple[float, float]:
        return x + towards * distance, y

    led = at(3.35, 0.0)[0] - 0.35
    return (
        Rectangle(min(x, x + 6 * towards), 3.5, 6, 3),
        Line((at(0.8, 6.5), at(2.6, 3.5))),
        Line((at(4, 3.5), at(4, 6.5))),
        Line((at(4.4, 4.2), at(5.6, 5.0), at(4.4, 5.8), at(4.4, 4.2))),
        Lights(channel, (Rectangle(led, 3.8, 0.7, 0.7, True),), "red"),
        Label(at(3, 0.0)[0], 8.2, number),
    )


def valve_coil_symbol(channel: str, plus: str, minus: str) -> Symbol:
    """Solenoid of a valve on an electrical folio (IEC 60617): the coil with a valve beside it."""
    base = coil_symbol(plus, minus, channel)
    valve: tuple[Shape, ...] = (
        Line(((3.5, 2), (4.4, 2)), "dashed"),
        Line(((4.4, 1.4), (5.8, 2.6), (5.8, 1.4), (4.4, 2.6), (4.4, 1.4))),
    )
    return Symbol(6, base.height, (*base.shapes, *valve), base.pins)

"""What the solenoid-piloted valves share, whatever their body: spool, pilots, failure modes, words, symbol parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from etabli.components.curve import Axis, Curve, explain, loop
from etabli.components.drawing import Label, Lights, Line, Rectangle, Shape, Symbol
from etabli.components.electrical.coil import COIL_MODES, add_electromagnet, coil_senses
from etabli.components.electrical.electrical_symbols import coil_symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import absolute, clamp, maximum, minimum, select
from etabli.physics.law import Domain, Law, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, Ref
from etabli.physics.text import Text

_OVERLAP = 0.55
"""Share of the travel at which the second pair of passages starts to open (the first one is then closed)."""

_REFERENCE_PILOT_BAR = 4.5
"""Net pilot pressure at which the spool makes its travel in ``travel_s``: 6 bar against 1.2 bar of spring and
friction."""


def moved_spool(position: Any, push: Any, friction: Any, travel_s: Any, h: Any, low: float = 0.0) -> Any:
    """Spool position (``low`` … 1) after ``h``: a spool is light, so its speed follows the net push (bar of pilot
    pressure)."""
    free = maximum(absolute(push) - friction, 0.0) / (_REFERENCE_PILOT_BAR * travel_s)
    return clamp(position + h * select(maximum(push, 0.0), free, -free), low, 1.0)


def pilot_bar(supply: Any, plunger: Any, gain: Any) -> Any:
    """Pilot pressure behind the spool, bar gauge: supply air let in by the plunger."""
    return gain * plunger * maximum(supply - ATMOSPHERE_BAR, 0.0)


def two_pairs(position: Any) -> dict[str, Any]:
    """Openings of the two pairs of passages; both are closed in the middle (closed overlap)."""
    width = 1.0 - _OVERLAP
    return {
        "position": position,
        "rest": clamp(1.0 - position / width, 0.0, 1.0),
        "work": clamp((position - _OVERLAP) / width, 0.0, 1.0),
    }


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
    push = pilot_bar(r.supply, r.plunger, p.gain) - p.spring
    return two_pairs(moved_spool(m.position, push, p.friction, p.travel_s, h))


explain(
    spool_spring_return,
    Text(
        "Tiroir rappelé par ressort : il part quand la pression de pilotage dépasse ressort plus frottement. Source : "
        "pression mini de pilotage et temps de réponse des fiches de distributeurs.",
        "Spring-return spool: it moves when the pilot pressure beats spring plus friction. Source: least pilot "
        "pressure and response times of valve sheets.",
    ),
    Curve(
        Text(
            "tiroir selon la pression d'alimentation, bobine collée (aller et retour)",
            "spool against supply pressure, coil on",
        ),
        Axis(Text("pression (absolue)", "absolute pressure"), "bar"),
        Axis(Text("tiroir (0 repos, 1 commuté)", "spool (0 at rest, 1 switched)")),
        loop(1.0, 8.0, "supply", "position", count=80, plunger=1.0),
    ),
)


@sampled(reads=("plus", "minus"), parameters=("rated",), memory=("lit",), stage=Stage.SENSE)
def plug_led(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """LED of the solenoid plug, 0…1 from half the rated voltage on: it shows voltage, not current."""
    return {"lit": clamp(2.0 * minimum((r.plus - r.minus) / p.rated, 1.0) - 1.0, 0.0, 1.0)}


explain(
    plug_led,
    Text(
        "Voyant du connecteur : il montre la tension, pas le courant.",
        "LED of the plug: it shows voltage, not current.",
    ),
)


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


def add_valve_body(b: Builder, p: Parameters, body: Law, ports: tuple[Port, ...], values: Mapping[str, float]) -> None:
    """Device ``body`` of a valve whose terminals are its ports with a p in front, with the conductance and the critical
    ratio of the family; port volumes and the leak under it."""
    for port in ports:
        add_volume(b, port.name, 4.0)
    passages = {"conductance": p["conductance"], "critical_ratio": p["critical_ratio"], "seal_leak": 0.0}
    b.device("body", body, {f"p{port.name}": port.name for port in ports}, {**passages, **values})
    add_leak(b, "leak", "1")


def two_pilots(b: Builder, p: Parameters) -> dict[str, Ref]:
    """The pilots 14 and 12 of a valve, and what its spool reads of them and of the supply."""
    add_pilot(b, p, "_14", "14A1", "14A2")
    add_pilot(b, p, "_12", "12A1", "12A2")
    return {
        "supply": b.across("1"),
        "plunger_14": b.memory("armature_14", "position"),
        "plunger_12": b.memory("armature_12", "position"),
    }


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


TWO_SIDES = ("_14", "_12")
TWO_PILOT_PORTS = tuple(Port(name, Domain.DC) for name in ("14A1", "14A2", "12A1", "12A2"))
TWO_PILOT_CONTROLS = {"override_14": "armature_14.pushed", "override_12": "armature_12.pushed"}
TWO_PILOT_MODES = (
    *pilot_modes("_14"),
    *pilot_modes("_12"),
    blocked_pilot_mode("gain_14", "_14"),
    blocked_pilot_mode("gain_12", "_12"),
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
)


RETURN_SPRING = FailureMode(
    "return_spring",
    Text("ressort de rappel du tiroir cassé", "return spring of the spool broken"),
    (Effect("spool.spring", 0.0),),
    onsets=(Onset.SUDDEN, Onset.GROWING),
    rate=0.8,
    degrees=(0.85, 1.0),
)


def position_ref(tag: str, p: Parameters) -> MemoryRef:
    """Spool position, 0…1."""
    return MemoryRef(f"{tag}.spool", "position")


def led_channels(tag: str, sides: tuple[str, ...]) -> tuple[Channel, ...]:
    """LEDs of the solenoid plugs."""
    return tuple(
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


def valve_channels(tag: str, sides: tuple[str, ...]) -> tuple[Channel, ...]:
    """Spool (seen through the override window of the valve) and plug LEDs."""
    spool = Channel("spool", MemoryRef(f"{tag}.spool", "position"), seen=True, text=Text("tiroir", "spool"))
    return (spool, *led_channels(tag, sides))


def two_position_words(position: float) -> Text:
    """The spool indicator of a valve with two positions, 0 and 1."""
    if position < 0.1:
        return Text("Le témoin du tiroir est en position repos (12).", "The spool indicator is in rest position (12).")
    if position > 0.9:
        return Text(
            "Le témoin du tiroir est en position travail (14).", "The spool indicator is in work position (14)."
        )
    return Text("Le témoin du tiroir est entre deux positions.", "The spool indicator is between two positions.")


def valve_senses(
    tag: str, read: Read, sides: tuple[str, ...], words: Callable[[float], Text] = two_position_words
) -> tuple[Perception, ...]:
    """Override window (``words`` for a spool position), plug LEDs, coils, and air heard at the exhausts."""
    found = [Perception(Sense.LOOK, words(read(MemoryRef(f"{tag}.spool", "position"))))]
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


TWO_COIL_SYMBOLS = {
    "coil_14": valve_coil_symbol("led_14", "14A1", "14A2"),
    "coil_12": valve_coil_symbol("led_12", "12A1", "12A2"),
}

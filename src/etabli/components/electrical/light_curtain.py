"""Safety light curtain, type 4: two PNP safety outputs (OSSD), optional restart interlock."""

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
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.electrical_symbols import box, led
from etabli.components.electrical.sensor_output import output_transistor
from etabli.components.hand import add_hand
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

OUTPUTS = ("OSSD1", "OSSD2")
_ON_S, _OFF_S = 5.0, 1e-6
_MINIMUM_V = 19.2
_FOREIGN_V = 8.0
_DISCREPANCY_S = 0.1
_RESET_OHM = 6000.0


@sampled(
    reads=("plus", "minus", "hand", "target", "ossd1", "ossd2", "reset"),
    parameters=("boot_s", "manual", "light", "dead", "open_1", "open_2", "stuck_1", "on", "off"),
    memory=("powered", "booted_s", "clear", "allowed", "reset", "output", "lockout", "strange_s"),
    writes=("conductance_1", "conductance_2"),
    stage=Stage.ACTUATE,
)
def curtain_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Type 4 curtain (EN 61496-1/-2): field clear → both outputs, a hand or ``target`` (0…1) in the field → none.

    ``light`` is the share of the light that arrives (dirt, alignment): below a half the field counts as interrupted.
    After ``boot_s`` of self-test it may start; with ``manual`` (0/1) it waits for the falling edge of the reset input.
    An output that does not follow (foreign 24 V, shorted transistor, one of two missing) for 0.1 s locks it out until
    the supply is cut: that is what the test pulses find. ``open_1``/``open_2``/``stuck_1`` (0/1): output transistors.
    """
    powered = less(_MINIMUM_V, r.plus - r.minus) * less(p.dead, 0.5)
    booted = select(powered, m.booted_s + h, 0.0)
    ready = less(p.boot_s, booted)
    clear = powered * less(maximum(r.hand, r.target), 0.5) * less(0.5, p.light)
    reset = powered * less(12.0, r.reset - r.minus)
    released = m.reset * (1.0 - reset)
    allowed = ready * clear * maximum(maximum(m.allowed, released), less(p.manual, 0.5))
    first, second = r.ossd1 - r.minus, r.ossd2 - r.minus
    foreign = (1.0 - m.output) * maximum(less(_FOREIGN_V, first), less(_FOREIGN_V, second))
    missing = m.output * maximum(less(first, _FOREIGN_V), less(second, _FOREIGN_V))
    strange = select(ready * maximum(foreign, missing), m.strange_s + h, 0.0)
    lockout = powered * maximum(m.lockout, less(_DISCREPANCY_S, strange))
    output = allowed * (1.0 - lockout)
    first_on = maximum(output * less(p.open_1, 0.5), powered * less(0.5, p.stuck_1))
    return {
        "powered": powered,
        "booted_s": booted,
        "clear": clear,
        "allowed": allowed,
        "reset": reset,
        "output": output,
        "lockout": lockout,
        "strange_s": strange,
        "conductance_1": select(first_on, p.on, p.off),
        "conductance_2": select(output * less(p.open_2, 0.5), p.on, p.off),
    }


explain(
    curtain_logic,
    Text(
        "Barrière de type 4 (EN 61496) : champ libre, deux sorties actives ; une sortie qui ne suit pas verrouille la "
        "barrière.",
        "Type 4 light curtain (EN 61496): field clear, both outputs on; an output that does not follow locks it out.",
    ),
    Curve(
        Text("champ reconnu libre selon la lumière reçue", "field seen as clear against the light received"),
        Axis(Text("part de la lumière reçue", "share of the light received"), "%"),
        Axis(Text("champ libre", "field clear")),
        sweep(0.0, 100.0, lambda d, x: d.having(light=0.01 * x * d.p.light).step(plus=24.0)["clear"], 101),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "field")
    b.device("electronics", resistor, {"a": "+", "b": "-"}, {"resistance": 24.0 / p["supply_a"]})
    b.device("input_reset", resistor, {"a": "RES", "b": "-"}, {"resistance": _RESET_OHM})
    for name in OUTPUTS:
        b.device(
            f"output_{name}",
            output_transistor,
            {"high": "+", "low": name},
            {"conductance": _OFF_S, "drop": 1.0, "leak": 1e-6, "limit": 0.5},
        )
        # Pull-down of the output stage: without a load it reads 0 V when off.
        b.device(f"load_{name}", resistor, {"a": name, "b": "-"}, {"resistance": 15e3})
    hand = b.memory("field", "position")
    b.sample(
        "logic",
        curtain_logic,
        {
            "plus": b.across("+"),
            "minus": b.across("-"),
            "hand": hand,
            "target": b.linked("target") or hand,
            "ossd1": b.across("OSSD1"),
            "ossd2": b.across("OSSD2"),
            "reset": b.across("RES"),
        },
        {
            "boot_s": p["boot_s"],
            "manual": float(p["manual_restart"]),
            "light": 1.0,
            "dead": 0.0,
            "open_1": 0.0,
            "open_2": 0.0,
            "stuck_1": 0.0,
            "on": _ON_S,
            "off": _OFF_S,
        },
        {
            "conductance_1": b.parameter("output_OSSD1", "conductance"),
            "conductance_2": b.parameter("output_OSSD2", "conductance"),
        },
    )


def _output_open(k: int) -> FailureMode:
    return FailureMode(
        f"ossd{k}_open",
        Text(f"sortie OSSD{k} coupée", f"output OSSD{k} open"),
        (Effect(f"logic.open_{k}", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
    )


FAILURE_MODES = (
    FailureMode(
        "dead",
        Text("barrage immatériel hors service", "light curtain dead"),
        (Effect("logic.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.5,
    ),
    FailureMode(
        "misaligned",
        Text("émetteur et récepteur désalignés", "sender and receiver misaligned"),
        (Effect("logic.light", 0.2),),
        repair=Repair.ADJUST,
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=1.2,
        degrees=(0.75, 1.0),
        visible=Text("La colonne du récepteur a tourné dans son étrier.", "The receiver has turned in its bracket."),
    ),
    FailureMode(
        "dirty",
        Text("vitres encrassées", "dirty windows"),
        (Effect("logic.light", 0.1),),
        repair=Repair.CLEAN,
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=1.0,
        degrees=(0.7, 1.0),
        visible=Text("Un film d'huile couvre la vitre.", "A film of oil covers the window."),
    ),
    _output_open(1),
    _output_open(2),
    FailureMode(
        "ossd1_stuck",
        Text("transistor OSSD1 claqué (passant)", "OSSD1 transistor shorted (on)"),
        (Effect("logic.stuck_1", 1.0),),
        rate=0.2,
    ),
)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    def lit(name: str) -> bool:
        return read(MemoryRef(f"{tag}.logic", name)) > 0.5

    if not lit("powered"):
        said = Text("Aucune LED du barrage n'est allumée.", "No LED of the curtain is lit.")
    elif lit("lockout"):
        said = Text("La LED rouge clignote : verrouillage sur défaut.", "The red LED blinks: locked out on a fault.")
    elif lit("output"):
        said = Text("LED verte : champ libre, sorties actives.", "Green LED: field clear, outputs on.")
    elif lit("clear"):
        said = Text("LED jaune : champ libre, attente.", "Yellow LED: field clear, waiting.")
    else:
        said = Text("LED rouge : champ interrompu.", "Red LED: field interrupted.")
    return (Perception(Sense.LOOK, said),)


def _symbol() -> Symbol:
    names = ("+", "-", "RES", *OUTPUTS)
    pins = tuple(Pin(n, 4 * k + 2, 8, "s") for k, n in enumerate(names))
    beams = tuple(Line(((4, y), (16, y)), "dashed") for y in (2.2, 3.1, 4.0))
    columns = (Rectangle(2.4, 1.6, 1.4, 3), Rectangle(16.2, 1.6, 1.4, 3))
    lights = (*led(7, 5.8, "output"), *led(10, 5.8, "interrupted", "red"), *led(13, 5.8, "lockout", "orange"))
    return box(20, 8, pins, (*columns, *beams, *lights, Label(17, 6.0, "AOPD", 0.9)))


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    def seen(name: str, memory: str, fr: str, en: str, low: float = 0.0, high: float = 1.0) -> Channel:
        return Channel(name, MemoryRef(f"{tag}.logic", memory), low, high, seen=True, text=Text(fr, en))

    return (
        seen("output", "output", "LED verte", "green LED"),
        seen("interrupted", "clear", "LED rouge", "red LED", 1.0, 0.0),
        seen("lockout", "lockout", "LED de défaut", "fault LED"),
    )


COMPONENT = Component(
    family="light_curtain",
    letter="B",
    text=Text("barrage immatériel", "light curtain"),
    sheet=Text(
        "Barrage immatériel type 4 (EN 61496), résolution 30 mm, 24 V 0,2 A, deux sorties PNP de sécurité OSSD1 et "
        "OSSD2 de 0,5 A surveillées par impulsions de test. Redémarrage automatique, ou manuel par RES (24 V, front "
        "descendant). Une sortie qui ne suit pas verrouille l'appareil jusqu'à la coupure du 24 V. Valeurs : fiche de "
        "barrage de sécurité de type 4.",
        "Type 4 light curtain (EN 61496), resolution 30 mm, 24 V 0.2 A, two PNP safety outputs OSSD1 and OSSD2 of "
        "0.5 A, watched by test pulses. Restarts by itself, or by RES (24 V, falling edge). An output that does not "
        "follow locks it out until the 24 V is cut. Values: sheet of a type 4 safety curtain.",
    ),
    parameters=(
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.2, 0.02, 1.0),
        Parameter("boot_s", Text("autotest à la mise sous tension", "self-test at power-up"), "s", 1.5, 0.0, 10.0),
        Parameter("manual_restart", Text("redémarrage manuel (RES)", "manual restart (RES)"), "", 0, 0, 1),
    ),
    ports=tuple(Port(n, Domain.DC, "optional" if n == "RES" else "") for n in ("+", "-", "RES", *OUTPUTS)),
    build=_build,
    optional_links=("target",),
    failure_modes=FAILURE_MODES,
    channels=_channels,
    signals={"output": lambda tag, p: MemoryRef(f"{tag}.logic", "output")},
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"interrupted": "field.position"},
)

"""Timer relay 24 V DC: on-delay or off-delay, one change-over contact."""

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
from etabli.components.curve import SECONDS, STATE, Curve, explain, sweep
from etabli.components.drawing import Arc, Label, Lights, Line, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import changeover_symbol
from etabli.components.electrical.output_relay import add_output_relay
from etabli.physics.expression import clamp, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_ON_V, _OFF_V = 16.0, 8.0
_CONTROL_OHM = 8000.0


@sampled(
    reads=("a1", "a2", "b1"),
    parameters=("delay_s", "off_delay", "drift", "dead", "stuck_on"),
    memory=("powered", "started", "elapsed_s", "output"),
    stage=Stage.SENSE,
)
def timer(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """IEC 61812-1: on-delay E (the supply A1 starts the time) or off-delay (``off_delay`` 1: control B1 gives the
    output at once, its fall starts the time, the supply stays on).

    ``drift`` multiplies the time (aged capacitor), ``dead`` (0/1), ``stuck_on`` (0/1) a timer that has run out already.
    """
    powered = less(select(m.powered, _OFF_V, _ON_V), r.a1 - r.a2) * less(p.dead, 0.5)
    control = powered * less(select(m.started, _OFF_V, _ON_V), r.b1 - r.a2)
    late = less(0.5, p.off_delay)
    running = select(late, 1.0 - control, powered)
    elapsed = powered * running * clamp(m.elapsed_s + h, 0.0, 1e6)
    over = less(p.delay_s * p.drift - 0.5 * h, elapsed)
    delayed_off = maximum(control, m.output * (1.0 - over))
    output = powered * maximum(select(late, delayed_off, over), less(0.5, p.stuck_on))
    return {"powered": powered, "started": control, "elapsed_s": elapsed, "output": output}


explain(
    timer,
    Text(
        "Temporisation au travail ou au repos (IEC 61812-1) : la sortie change quand le temps réglé est écoulé.",
        "On-delay or off-delay (IEC 61812-1): the output changes when the set time has run out.",
    ),
    Curve(
        Text("sortie après la mise sous tension", "output after power is applied"),
        SECONDS,
        STATE,
        sweep(
            0.0,
            lambda d: 2.0 * d.p.delay_s,
            lambda d, t: d.held(max(t, 1e-3), d.start(), 40, a1=24.0, b1=24.0)["output"],
            60,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / p["supply_a"]})
    b.device("control", resistor, {"a": "B1", "b": "A2"}, {"resistance": _CONTROL_OHM})
    b.sample(
        "timer",
        timer,
        {name.lower(): b.across(name) for name in ("A1", "A2", "B1")},
        {
            "delay_s": p["delay_s"],
            "off_delay": 1.0 if p["function"] == "off_delay" else 0.0,
            "drift": 1.0,
            "dead": 0.0,
            "stuck_on": 0.0,
        },
    )
    position = add_output_relay(b, "relay", b.memory("timer", "output"))
    add_contact(b, "15", "16", position, normally_closed=True)
    add_contact(b, "15", "18", position)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.timer", "powered")) < 0.5:
        said = Text("Aucune LED du relais temporisé n'est allumée.", "No LED of the timer is lit.")
    elif read(MemoryRef(f"{tag}.timer", "output")) > 0.5:
        said = Text("LED verte et LED de sortie allumées.", "Green LED and output LED lit.")
    else:
        said = Text("LED verte seule.", "Green LED alone.")
    found = [Perception(Sense.LOOK, said)]
    if read(MemoryRef(f"{tag}.relay", "activity")) > 0.2:
        found.append(Perception(Sense.LISTEN, Text("Un clic de relais.", "A relay clicks.")))
    return tuple(found)


def _symbol() -> Symbol:
    """Coil of a timer: the usual box with the part that says "delayed"."""
    shapes: tuple[Shape, ...] = (
        Line(((2, 0), (2, 1.2))),
        Line(((2, 2.8), (2, 4))),
        Line(((6, 0), (6, 2), (5, 2))),
        Rectangle(0.5, 1.2, 4.5, 1.6),
        Rectangle(0.5, 1.2, 1.0, 1.6, True),
        Lights("output", (Rectangle(0.5, 1.2, 4.5, 1.6),), "orange"),
        Label(3.3, 2.0, "t", 1.1),
    )
    return Symbol(8, 4, shapes, (Pin("A1", 2, 0, "n"), Pin("B1", 6, 0, "n"), Pin("A2", 2, 4, "s")))


def _contact_symbol() -> Symbol:
    base = changeover_symbol("15", "16", "18", "output")
    delay = (Arc(0.9, 2.05, 0.6, 270, 450), Line(((0.9, 2.05), (2.6, 2.05)), "dashed"))
    return Symbol(6, 4, base.shapes + delay, base.pins)


COMPONENT = Component(
    family="timer_relay",
    letter="KT",
    text=Text("relais temporisé", "timer relay"),
    sheet=Text(
        "Relais temporisé 24 V : retard à l'appel (le temps part à la mise sous tension de A1) ou retard à la retombée "
        "(alimentation permanente, commande sur B1). Inverseur 15-16-18. Valeurs : fiche IEC 61812-1 de relais "
        "temporisé multifonction.",
        "24 V timer relay: on-delay (the time starts when A1 is fed) or off-delay (permanent supply, control on B1). "
        "Change-over 15-16-18. Values: IEC 61812-1 sheet of a multifunction timer.",
    ),
    parameters=(
        Parameter("function", Text("fonction", "function"), "", "on_delay", choices=("on_delay", "off_delay")),
        Parameter("delay_s", Text("temporisation", "delay"), "s", 3.0, 0.05, 3600.0, adjustable=True),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.02, 0.002, 0.2),
    ),
    ports=tuple(Port(n, Domain.DC, "optional" if n == "B1" else "") for n in ("A1", "A2", "B1", "15", "16", "18")),
    build=_build,
    failure_modes=(
        FailureMode(
            "dead",
            Text("relais temporisé hors service", "timer dead"),
            (Effect("timer.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
        FailureMode(
            "wrong_setting",
            Text("temporisation mal réglée", "delay set wrongly"),
            (Effect("timer.delay_s", 6.0, relative=True, logarithmic=True),),
            repair=Repair.ADJUST,
            rate=0.9,
            degrees=(0.5, 1.0),
            visible=Text("L'index de réglage n'est pas sur la valeur du dossier.", "The dial is off the file's value."),
        ),
        FailureMode(
            "drift",
            Text("temporisation dérivée", "drifted delay"),
            (Effect("timer.drift", 3.0),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.4,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "stuck_on",
            Text("base de temps court-circuitée (sortie immédiate)", "time base shorted (immediate output)"),
            (Effect("timer.stuck_on", 1.0),),
            rate=0.3,
        ),
        contact_not_closing("15", "18", rate=0.7),
        contact_resistive("15", "18", ohms=30000.0, rate=0.6),
        contact_welded("15", "18", rate=0.4),
        contact_not_closing("15", "16", rate=0.4),
    ),
    channels=lambda tag, p: (
        Channel("powered", MemoryRef(f"{tag}.timer", "powered"), seen=True, text=Text("LED verte", "green LED")),
        Channel("output", MemoryRef(f"{tag}.timer", "output"), seen=True, text=Text("LED de sortie", "output LED")),
    ),
    senses=_senses,
    symbols={"coil": _symbol(), "contact_15": _contact_symbol()},
    adjusts={"delay_s": "timer.delay_s"},
)

"""Electronic vacuum switch with display, with a switching output."""

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
)
from etabli.components.curve import STATE, Axis, Curve, explain, loop
from etabli.components.drawing import Label, Lights, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.sensor_output import (
    DETECTOR_MEMORY,
    DETECTOR_PARAMETERS,
    DETECTOR_READS,
    add_sensor,
    powered,
    shown,
    switching_sensor,
)
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, orifice
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import less, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@sampled(
    reads=DETECTOR_READS,
    parameters=("set_bar", "hysteresis_bar", "gain", "zero", *DETECTOR_PARAMETERS),
    memory=(*DETECTOR_MEMORY, "vacuum"),
    writes=("conductance",),
    stage=Stage.SENSE,
)
def vacuum_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Output on from a vacuum of ``set_bar`` (bar below the workshop air), off ``hysteresis_bar`` less deep.

    ``target`` is the absolute pressure in the cell, bar; ``gain`` and ``zero`` (bar) what drift makes of it; memory
    ``vacuum`` is what the display shows. Source: electronic vacuum switch sheets (hysteresis mode).
    """
    live = powered(r, p)
    vacuum = p.gain * (ATMOSPHERE_BAR - r.target) + p.zero
    seen = less(select(m.led, p.set_bar - p.hysteresis_bar, p.set_bar), vacuum)
    return {**shown(p, live, seen), "vacuum": live * vacuum}


explain(
    vacuum_logic,
    Text(
        "Vacuostat électronique : la sortie monte au seuil de vide et retombe une hystérésis plus bas. Source : fiches "
        "de vacuostats.",
        "Electronic vacuum switch: the output rises at the vacuum set point and falls one hysteresis below. Source: "
        "sheets of vacuum switches.",
    ),
    Curve(
        Text("sortie selon la pression de la cellule", "output against the pressure of the cell"),
        Axis(Text("pression absolue", "absolute pressure"), "bar"),
        STATE,
        loop(0.1, 1.1, "target", "led", count=100, plus=24.0),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "P")
    add_volume(b, "cell")
    b.device("strainer", orifice, {"a": "P", "b": "cell"}, {"conductance": 0.1, "critical_ratio": 0.4, "opening": 1.0})
    add_leak(b, "leak", "P")
    detection = {"set_bar": p["set_bar"], "hysteresis_bar": p["hysteresis_bar"], "gain": 1.0, "zero": 0.0}
    add_sensor(b, p, vacuum_logic, detection, b.across("cell"))


def _pneumatic_symbol() -> Symbol:
    """ISO 1219-1 electronic switch: box with p and its switched output, pressure line below."""
    return Symbol(
        8,
        7,
        (
            Rectangle(1, 1, 6, 4),
            Line(((1, 5), (7, 1)), "thin"),
            Label(2.6, 2.2, "p<", 0.9),
            Line(((4.6, 4.2), (5.4, 4.2), (5.4, 3.4), (6.4, 3.4))),
            Lights("led", (Rectangle(6.0, 1.4, 0.6, 0.6, True),), "orange"),
            Line(((4, 5), (4, 7))),
        ),
        (Pin("P", 4, 7, "s"),),
    )


_SENSOR = switching_sensor(
    "vacuum_switch",
    Text("vacuostat électronique", "electronic vacuum switch"),
    Text(
        "Mesure le vide et commute sa sortie (pièce prise). Brun +, noir sortie, bleu 0 V ; LED jaune : vide "
        "atteint ; afficheur en bar relatifs. Valeurs : fiche de vacuostat électronique -1 à 0 bar, 35 mA, hystérésis "
        "réglable.",
        "Measures the vacuum and switches its output (part gripped). Brown +, black output, blue 0 V; yellow LED: "
        "vacuum reached; display in bar gauge. Values: data sheet of an electronic vacuum switch -1 to 0 bar, 35 mA, "
        "adjustable hysteresis.",
    ),
    parameters=(
        Parameter("set_bar", Text("seuil de vide", "vacuum set point"), "bar", 0.6, 0.05, 1.0, adjustable=True),
        Parameter("hysteresis_bar", Text("hystérésis", "hysteresis"), "bar", 0.1, 0.005, 0.5, adjustable=True),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.035, 0.001, 0.1),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "set_too_deep",
            Text("seuil réglé trop profond", "set point too deep"),
            (Effect("logic.set_bar", 0.95),),
            Repair.ADJUST,
            rate=1.2,
            degrees=(0.9, 1.0),
        ),
        FailureMode(
            "set_too_low",
            Text("seuil réglé trop faible", "set point too shallow"),
            (Effect("logic.set_bar", 0.11),),
            Repair.ADJUST,
            rate=0.8,
            degrees=(0.8, 1.0),
        ),
        FailureMode(
            "drift",
            Text("cellule dérivée : lit un vide plus faible", "cell drifted: reads less vacuum"),
            (Effect("logic.gain", 0.4),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.6,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "port_clogged",
            Text("prise de vide bouchée par la poussière", "vacuum port clogged with dust"),
            (Effect("strainer.opening", 1e-6, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.2,
            (0.7, 1.0),
        ),
        leak_mode(
            "leak", Text("raccord du vacuostat desserré", "fitting of the switch loose"), "leak", 0.3, Repair.TIGHTEN
        ),
    ),
    marks=(Rectangle(1.4, 3.6, 1.8, 1.2), Label(2.3, 4.2, "p<", 0.8)),
    adjusts={"set_bar": "logic.set_bar", "hysteresis_bar": "logic.hysteresis_bar"},
)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    display = Channel("vacuum", MemoryRef(f"{tag}.logic", "vacuum"), seen=True, text=Text("vide affiché", "display"))
    assert _SENSOR.channels is not None
    return (*_SENSOR.channels(tag, p), display)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    assert _SENSOR.senses is not None
    found = list(_SENSOR.senses(tag, p, read))
    if read(MemoryRef(f"{tag}.logic", "powered")) > 0.5:
        shown_bar = f"{-read(MemoryRef(f'{tag}.logic', 'vacuum')):.2f}"
        fr = shown_bar.replace(".", ",")
        found.append(
            Perception(Sense.LOOK, Text(f"L'afficheur indique {fr} bar.", f"The display shows {shown_bar} bar."))
        )
    where = Text("au raccord du vacuostat", "at the fitting of the vacuum switch")
    return (*found, *hiss(read, tag, "leak", f"{tag}:P", where))


COMPONENT = replace(
    _SENSOR,
    ports=lambda p: (Port("P", Domain.PNEUMATIC), *_SENSOR.ports_of(p)),
    links=(),
    channels=_channels,
    signals={"vacuum": lambda tag, p: MemoryRef(f"{tag}.logic", "vacuum")},
    senses=_senses,
    symbols={**_SENSOR.symbols, "pneumatic": _pneumatic_symbol()},
)

"""Three-way pressure reducing valve: a lower, constant pressure for a branch of the circuit."""

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
    Port,
    Repair,
    Swap,
)
from etabli.components.curve import L_MIN, Axis, Curve, explain, spaced
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.hydraulic.hydraulic_symbols import pressure_valve, setting_spring
from etabli.components.hydraulic.oil import follow_oil, orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_factor,
    passage_senses,
    ramp,
)
from etabli.physics.law import Domain, law
from etabli.physics.network import StateRef
from etabli.physics.text import Text

_OF_IT = Text("du réducteur de pression", "of the pressure reducing valve")
_DROOP_BAR = 8.0
_DEAD_BAND_BAR = 2.0


@law(
    terminals={"p": Domain.HYDRAULIC, "a": Domain.HYDRAULIC, "t": Domain.HYDRAULIC},
    parameters=("setting", "k", "droop", "dead_band", "stuck", "gap", "viscosity"),
    states=("flow",),
)
def reducing_valve(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Open from p to a while ``pa - pt`` is below ``setting``; relieves a to t above it (three-way valve).

    Fully open ``droop`` bar below the setting, closed at it; the relieving edge opens over the same band, ``dead_band``
    bar higher (characteristic of direct-operated reducing valves; Merritt, chapter 5). ``stuck`` 0…1 is the opening
    from p to a that a jammed spool keeps. ``gap`` is the spool leak from p to a, cm³/s per bar at 46 mm²/s;
    ``viscosity`` relative. State ``flow`` in cm³/s out of a.
    """
    over = v.a - v.t - p.setting
    opening = (1.0 - p.stuck) * ramp(-over, p.droop) + p.stuck
    fed = orifice_flow(v.p, v.a, p.k * opening) + p.gap / p.viscosity * (v.p - v.a)
    relieved = orifice_flow(v.a, v.t, 0.5 * p.k * ramp(over - p.dead_band, p.droop))
    return {"p": fed, "a": relieved - fed, "t": -relieved}, {"flow": fed - relieved}


explain(
    reducing_valve,
    Text(
        "Réducteur de pression à trois voies : se ferme quand la pression aval atteint le réglage, décharge au bac "
        "au-dessus. Source : fiches de réducteurs ; Merritt, chapitre 5.",
        "Three-way pressure reducing valve: closes when the outlet reaches the setting, relieves to tank above it. "
        "Source: reducing valve sheets; Merritt, chapter 5.",
    ),
    Curve(
        Text("pression aval selon le débit, 150 bar en amont", "outlet pressure against flow, 150 bar at the inlet"),
        Axis(Text("débit sortant de A", "flow out of A"), "l/min"),
        Axis(Text("pression en A", "pressure at A"), "bar"),
        lambda d: [(-d.flow("a", p=150.0, a=bar) * L_MIN, bar) for bar in spaced(1.4 * d.sound.p.setting, 0.0, 161)],
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "P", "A", "T", leak_at="A")
    b.device(
        "spool",
        reducing_valve,
        {"p": "P", "a": "A", "t": "T"},
        {
            "setting": p["setting_bar"],
            "k": p["k"],
            "droop": _DROOP_BAR,
            "dead_band": _DEAD_BAND_BAR,
            "stuck": 0.0,
            "gap": 1e-3,
            "viscosity": 1.0,
        },
    )
    volumes = tuple((f"volume_{port}", "air") for port in ("P", "A", "T"))
    follow_oil(b, viscosity=(("spool", "viscosity"),), air=volumes)


def _symbol() -> Symbol:
    feedback = Line(((4, 1.5), (1, 1.5), (1, 5), (2, 5)), "dashed")
    drain = Line(((8.4, 5), (9.4, 5), (9.4, 7)), "dashed")
    return Symbol(
        10,
        10,
        (
            *pressure_valve(2, 3, normally_open=True),
            *setting_spring(6, 5),
            Line(((4, 10), (4, 7))),
            Line(((4, 3), (4, 0))),
            feedback,
            drain,
            Line(((9.4, 7), (10, 7)), "dashed"),
        ),
        (Pin("P", 4, 10, "s"), Pin("A", 4, 0, "n"), Pin("T", 10, 7, "e")),
    )


COMPONENT = Component(
    family="pressure_reducing_valve",
    letter="V",
    purpose="R",
    text=Text("réducteur de pression", "pressure reducing valve"),
    sheet=Text(
        "Limite la pression en A au tarage, quelle que soit celle de P ; laisse retourner en T ce qui ferait monter A "
        "au-dessus. Valeurs : fiche de réducteur à 3 voies NG6 à action directe (40 l/min, statisme de 8 bar).",
        "Limits the pressure at A to its setting, whatever that of P; lets back to T what would raise A above. "
        "Values: data sheet of a direct-operated NG6 three-way reducing valve (40 l/min, droop of 8 bar).",
    ),
    parameters=(
        Parameter("setting_bar", Text("tarage", "setting"), "bar", 60.0, 5.0, 315.0, True),
        flow_factor("k", 200.0, Text("facteur de débit, ouvert", "flow factor, open")),
    ),
    ports=tuple(Port(name, Domain.HYDRAULIC) for name in ("P", "A", "T")),
    build=_build,
    failure_modes=(
        FailureMode(
            "set_low",
            Text("réducteur taré trop bas", "reducing valve set too low"),
            (Effect("spool.setting", 0.1, relative=True),),
            Repair.ADJUST,
            rate=1.2,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "set_high",
            Text("réducteur taré trop haut", "reducing valve set too high"),
            (Effect("spool.setting", 2.5, relative=True),),
            Repair.ADJUST,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "spring_broken",
            Text("ressort de tarage cassé", "setting spring broken"),
            (Effect("spool.setting", 0.03, relative=True),),
            rate=0.5,
        ),
        FailureMode(
            "stuck_open",
            Text("tiroir du réducteur grippé ouvert", "spool of the reducing valve stuck open"),
            (Effect("spool.stuck", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.8,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "spool_worn",
            Text("tiroir usé : la pression réduite monte à débit nul", "worn spool: reduced pressure creeps up"),
            (Effect("spool.gap", 3000.0, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.75, 1.0),
        ),
        FailureMode(
            "hoses_crossed",
            Text("flexibles P et A croisés", "hoses P and A crossed"),
            (Swap("P", "A"),),
            Repair.RECONNECT,
            rate=0.5,
        ),
        clogged_mode("spool.k", _OF_IT, 0.003),
        body_leak_mode(_OF_IT),
    ),
    channels=lambda tag, p: (Channel("flow", StateRef(f"{tag}.spool", "flow"), 0.0, 700.0),),
    optional_links=("viscosity", "air"),
    senses=passage_senses(
        "spool",
        "P",
        "A",
        "A",
        Text("dans le réducteur", "in the reducing valve"),
        Text("au réducteur de pression", "at the reducing valve"),
    ),
    symbols={"main": _symbol()},
    adjusts={"setting_bar": "spool.setting"},
)

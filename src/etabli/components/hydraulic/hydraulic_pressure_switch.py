"""Hydraulic pressure switch: piston, setting spring, snap-action change-over contact."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
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
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol, Turns
from etabli.components.electrical.electrical_symbols import pressure_actuator
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume
from etabli.components.hydraulic.oil_snap import CONTACT_MODES, add_oil_snap, contact_with, tripped_channel
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P")
    add_oil_snap(b, b.across("P"), float(p["setting_bar"]), float(p["differential_bar"]))
    add_external_leak(b, "leak", "P")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    index = Text("L'index du pressostat est au repos.", "The index of the switch is at rest.")
    if read(MemoryRef(f"{tag}.snap", "position")) > 0.5:
        index = Text("L'index du pressostat est basculé.", "The index of the switch has tripped.")
    where = Text("au raccord du pressostat", "at the fitting of the pressure switch")
    return (Perception(Sense.LOOK, index), *leak_perceptions(read, tag, "leak", f"{tag}:P", where))


def _hydraulic() -> Symbol:
    """ISO 1219-1: pressure line, setting spring, contact in the box."""
    spring = Line(((7, 3), (7.4, 2.3), (8.0, 3.7), (8.6, 2.3), (9.2, 3.7), (9.6, 3)))
    arrow = (Line(((7.1, 4.9), (9.5, 1.3)), "thin"), Polygon(((9.5, 1.3), (8.9, 1.7), (9.4, 2.0)), True))
    contact = (Line(((2.0, 2.2), (3.0, 2.2))), Line(((2.0, 3.8), (3.0, 3.8))), Line(((4.8, 3.0), (6.0, 3.0))))
    blade = Turns("tripped", 4.8, 3.0, -42.0, (Line(((4.8, 3.0), (2.9, 3.7))),))
    shapes = (Line(((4, 7), (4, 5))), Rectangle(1, 1, 6, 4), spring, *arrow, *contact, blade)
    return Symbol(10, 7, shapes, (Pin("P", 4, 7, "s"),))


COMPONENT = Component(
    family="hydraulic_pressure_switch",
    letter="B",
    text=Text("pressostat hydraulique", "hydraulic pressure switch"),
    sheet=Text(
        "Pressostat à piston réglable de 20 à 250 bar, hystérésis 10 bar, contact inverseur 11-12-14 à rupture "
        "brusque. "
        "Valeurs : fiche de pressostat hydraulique électromécanique.",
        "Piston pressure switch adjustable from 20 to 250 bar, hysteresis 10 bar, snap-action change-over 11-12-14. "
        "Values: sheet of an electromechanical hydraulic pressure switch.",
    ),
    parameters=(
        Parameter("setting_bar", Text("seuil", "set point"), "bar", 100.0, 5.0, 400.0, adjustable=True),
        Parameter("differential_bar", Text("hystérésis", "hysteresis"), "bar", 10.0, 1.0, 60.0),
    ),
    ports=(Port("P", Domain.HYDRAULIC), *(Port(n, Domain.DC) for n in ("11", "12", "14"))),
    build=_build,
    failure_modes=(
        FailureMode(
            "set_high",
            Text("seuil du pressostat réglé trop haut", "pressure switch set too high"),
            (Effect("snap.set_point", 1.7, relative=True),),
            Repair.ADJUST,
            rate=0.8,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "set_low",
            Text("seuil du pressostat réglé trop bas", "pressure switch set too low"),
            (Effect("snap.set_point", 0.3, relative=True),),
            Repair.ADJUST,
            rate=0.8,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "drift",
            Text("seuil du pressostat dérivé", "switching point drifted"),
            (Effect("snap.drift", 1.8),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.6,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "piston_seized",
            Text("piston grippé : ne bascule plus", "piston seized: no longer trips"),
            (Effect("snap.dead", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
        FailureMode(
            "stuck_on",
            Text("mécanisme bloqué en position basculée", "mechanism stuck tripped"),
            (Effect("snap.stuck_on", 1.0),),
            rate=0.4,
        ),
        *CONTACT_MODES,
        external_leak_mode("leak", Text("joint du pressostat coupé", "seal of the switch cut"), "leak", 0.2, rate=0.6),
    ),
    channels=lambda tag, p: (tripped_channel(tag, Text("contact basculé", "contact tripped")),),
    senses=_senses,
    symbols={"contact_11": contact_with(pressure_actuator()), "hydraulic": _hydraulic()},
    adjusts={"setting_bar": "snap.set_point"},
)

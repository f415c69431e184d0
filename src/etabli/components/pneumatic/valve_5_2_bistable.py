"""5/2 solenoid valve with two pilots: it stays where the last one put it."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Port,
)
from etabli.components.pneumatic.pilot_valve import (
    BODY_MODES,
    PARAMETERS,
    add_pilot,
    blocked_pilot_mode,
    pilot_modes,
    pilot_shapes,
    position_ref,
    valve_channels,
    valve_coil_symbol,
    valve_senses,
)
from etabli.components.pneumatic.valve_5_2 import (
    FLUID_PORTS,
    HOSES_CROSSED,
    add_body,
    body_writes,
    spool_two_pilots,
    valve_symbol,
)
from etabli.physics.law import Domain
from etabli.physics.text import Text

_SIDES = ("_14", "_12")


def _build(b: Builder, p: Parameters) -> None:
    add_body(b, p)
    add_pilot(b, p, "_14", "14A1", "14A2")
    add_pilot(b, p, "_12", "12A1", "12A2")
    b.sample(
        "spool",
        spool_two_pilots,
        {
            "supply": b.across("1"),
            "plunger_14": b.memory("armature_14", "position"),
            "plunger_12": b.memory("armature_12", "position"),
        },
        {"friction": 1.4, "bias": 0.1, "travel_s": 0.012, "gain_14": 1.0, "gain_12": 1.0},
        body_writes(b),
        {"position": float(p["start"])},
    )


COMPONENT = Component(
    family="valve_5_2_bistable",
    letter="V",
    text=Text("distributeur 5/2 bistable", "5/2 double-solenoid valve"),
    sheet=Text(
        "Pilote 14 : 1 vers 4, 2 vers 3. Pilote 12 : 1 vers 2, 4 vers 5. Sans courant, le tiroir reste où il est ; les "
        "deux pilotes ensemble ne le déplacent pas. Il faut environ 1,5 bar en 1. Valeurs : fiche de distributeur 5/2 "
        'taille 1/8" (C = 2,9 dm³/(s·bar), b = 0,35, bobines 24 V 3 W, commutation 15 ms).',
        "Pilot 14: 1 to 4, 2 to 3. Pilot 12: 1 to 2, 4 to 5. With no current the spool stays where it is; both pilots "
        'together do not move it. It needs about 1.5 bar at 1. Values: data sheet of a 1/8" 5/2 valve (C = 2.9 '
        "dm³/(s·bar), b = 0.35, coils 24 V 3 W, switching time 15 ms).",
    ),
    parameters=(
        *PARAMETERS,
        Parameter(
            "start", Text("position au départ (1 travail 14)", "initial position (1 work 14)"), "", 0.0, 0.0, 1.0
        ),
    ),
    ports=(*FLUID_PORTS, *(Port(name, Domain.DC) for name in ("14A1", "14A2", "12A1", "12A2"))),
    build=_build,
    failure_modes=(
        *pilot_modes("_14"),
        *pilot_modes("_12"),
        blocked_pilot_mode("gain_14", "_14"),
        blocked_pilot_mode("gain_12", "_12"),
        FailureMode(
            "no_hold",
            Text("tiroir trop libre : il retombe de lui-même", "spool too loose: it falls back by itself"),
            (Effect("spool.friction", 0.02),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.3,
            degrees=(0.96, 1.0),
        ),
        *BODY_MODES,
        HOSES_CROSSED,
    ),
    channels=lambda tag, p: valve_channels(tag, _SIDES),
    signals={"spool": position_ref},
    senses=lambda tag, p, read: valve_senses(tag, read, _SIDES),
    symbols={
        "main": valve_symbol(pilot_shapes(0, "led_14", "14"), pilot_shapes(32, "led_12", "12", -1)),
        "coil_14": valve_coil_symbol("led_14", "14A1", "14A2"),
        "coil_12": valve_coil_symbol("led_12", "12A1", "12A2"),
    },
    controls={"override_14": "armature_14.pushed", "override_12": "armature_12.pushed"},
)

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
)
from etabli.components.pneumatic.pilot_valve import (
    BODY_MODES,
    PARAMETERS,
    TWO_COIL_SYMBOLS,
    TWO_PILOT_CONTROLS,
    TWO_PILOT_MODES,
    TWO_PILOT_PORTS,
    TWO_SIDES,
    pilot_shapes,
    position_ref,
    two_pilots,
    valve_channels,
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
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_body(b, p)
    b.sample(
        "spool",
        spool_two_pilots,
        two_pilots(b, p),
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
    ports=(*FLUID_PORTS, *TWO_PILOT_PORTS),
    build=_build,
    failure_modes=(
        *TWO_PILOT_MODES,
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
    channels=lambda tag, p: valve_channels(tag, TWO_SIDES),
    signals={"spool": position_ref},
    senses=lambda tag, p, read: valve_senses(tag, read, TWO_SIDES),
    symbols={
        "main": valve_symbol(pilot_shapes(0, "led_14", "14"), pilot_shapes(32, "led_12", "12", -1)),
        **TWO_COIL_SYMBOLS,
    },
    controls=TWO_PILOT_CONTROLS,
)

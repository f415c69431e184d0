"""5/2 solenoid valve with spring return."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Parameters,
    Port,
)
from etabli.components.fluid_symbols import spring
from etabli.components.pneumatic.pilot_valve import (
    BODY_MODES,
    PARAMETERS,
    RETURN_SPRING,
    add_pilot,
    blocked_pilot_mode,
    pilot_modes,
    pilot_shapes,
    position_ref,
    spool_spring_return,
    valve_channels,
    valve_coil_symbol,
    valve_senses,
)
from etabli.components.pneumatic.valve_5_2 import (
    FLUID_PORTS,
    HOSES_CROSSED,
    add_body,
    body_writes,
    valve_symbol,
)
from etabli.physics.law import Domain
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_body(b, p)
    add_pilot(b, p, "", "A1", "A2")
    b.sample(
        "spool",
        spool_spring_return,
        {"supply": b.across("1"), "plunger": b.memory("armature", "position")},
        {"spring": 1.2, "friction": 0.3, "travel_s": 0.015, "gain": 1.0},
        body_writes(b),
    )


COMPONENT = Component(
    family="valve_5_2_monostable",
    letter="V",
    text=Text("distributeur 5/2 monostable", "5/2 single-solenoid valve"),
    sheet=Text(
        "Au repos (ressort) : 1 vers 2, 4 vers 5. Bobine sous tension et pression en 1 : 1 vers 4, 2 vers 3. Le pilote "
        "interne demande environ 1,5 bar en 1. La commande manuelle agit sur le pilote. Valeurs : fiche de "
        'distributeur 5/2 taille 1/8" (C = 2,9 dm³/(s·bar), b = 0,35, bobine 24 V 3 W, commutation 20 ms, retour '
        "55 ms).",
        "At rest (spring): 1 to 2, 4 to 5. Coil live and pressure at 1: 1 to 4, 2 to 3. The internal pilot needs about "
        '1.5 bar at 1. The manual override acts on the pilot. Values: data sheet of a 1/8" 5/2 valve (C = 2.9 '
        "dm³/(s·bar), b = 0.35, coil 24 V 3 W, switches in 20 ms, back in 55).",
    ),
    parameters=PARAMETERS,
    ports=(*FLUID_PORTS, Port("A1", Domain.DC), Port("A2", Domain.DC)),
    build=_build,
    failure_modes=(
        *pilot_modes(""),
        blocked_pilot_mode("gain", ""),
        RETURN_SPRING,
        *BODY_MODES,
        HOSES_CROSSED,
    ),
    channels=lambda tag, p: valve_channels(tag, ("",)),
    signals={"spool": position_ref},
    senses=lambda tag, p, read: valve_senses(tag, read, ("",)),
    symbols={
        "main": valve_symbol(pilot_shapes(0, "led", "14"), (spring(26, 5, 4.0),)),
        "coil": valve_coil_symbol("led", "A1", "A2"),
    },
    controls={"override_14": "armature.pushed"},
)

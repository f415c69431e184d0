"""4/3 directional valve: two solenoids, centred by springs; its centre is a parameter."""

from __future__ import annotations

from etabli.components.component import Builder, Component, Effect, FailureMode, Onset, Parameter, Parameters, Repair
from etabli.components.hydraulic.directional_valve import (
    BODY_MODES,
    FLUID_PORTS,
    PARAMETERS,
    PLUGS_CROSSED,
    Spool,
    add_body,
    add_solenoid,
    add_spool,
    position_ref,
    solenoid_modes,
    solenoid_ports,
    solenoid_spots,
    spring_mode,
    three_square_symbol,
    valve_channels,
    valve_senses,
)
from etabli.components.pneumatic.pilot_valve import valve_coil_symbol
from etabli.physics.text import Text

SIDES = ("a", "b")

_CENTRES = {
    "closed": Spool(),
    "open": Spool(rest_p=1.0, rest_t=1.0),
    "tandem": Spool(rest_pt=1.0),
    "float": Spool(rest_t=1.0),
}


def _build(b: Builder, p: Parameters) -> None:
    add_body(b, p)
    for side in SIDES:
        add_solenoid(b, p, side)
    add_spool(b, p, _CENTRES[str(p["centre"])])


COMPONENT = Component(
    family="valve_4_3",
    letter="V",
    text=Text("distributeur hydraulique 4/3", "4/3 hydraulic directional valve"),
    sheet=Text(
        "Bobine a : P vers A, B vers T. Bobine b : P vers B, A vers T. Sans courant, les ressorts le ramènent au "
        "centre, qui est fermé, ouvert (H), tandem (P vers T) ou flottant (A, B et T reliés). Les poussoirs de secours "
        "agissent sur le tiroir. Valeurs : fiche de distributeur NG6 à bain d'huile (40 l/min sous 3 bar par passage, "
        "bobines 24 V 30 W, enclenchement 45 ms, rappel 50 ms).",
        "Coil a: P to A, B to T. Coil b: P to B, A to T. With no current its springs bring it to the centre, which is "
        "closed, open (H), tandem (P to T) or float (A, B and T joined). The override pins push the spool. Values: "
        "data sheet of an NG6 wet-pin valve (40 l/min at 3 bar per passage, coils 24 V 30 W, on 45 ms, off 50 ms).",
    ),
    parameters=(
        Parameter(
            "centre",
            Text("centre du tiroir", "centre of the spool"),
            "",
            "closed",
            choices=("closed", "open", "tandem", "float"),
        ),
        *PARAMETERS,
    ),
    ports=(*FLUID_PORTS, *solenoid_ports(*SIDES)),
    build=_build,
    failure_modes=(
        *solenoid_modes("a"),
        *solenoid_modes("b"),
        spring_mode("a"),
        spring_mode("b"),
        FailureMode(
            "centre_drift",
            Text("tiroir décentré (ressort tassé)", "spool off its centre (spring set)"),
            (Effect("spool.centre", 0.6),),
            Repair.REPLACE,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.4, 1.0),
        ),
        PLUGS_CROSSED,
        *BODY_MODES,
    ),
    channels=lambda tag, p: valve_channels(tag, SIDES),
    signals={"spool": position_ref},
    optional_links=("viscosity", "air"),
    senses=lambda tag, p, read: valve_senses(tag, read, SIDES),
    spots=lambda tag, p: solenoid_spots(tag, ("a", "b")),
    symbols={
        "main": three_square_symbol("closed"),
        "main_open": three_square_symbol("open"),
        "main_tandem": three_square_symbol("tandem"),
        "main_float": three_square_symbol("float"),
        "coil_a": valve_coil_symbol("led_a", "a+", "a-"),
        "coil_b": valve_coil_symbol("led_b", "b+", "b-"),
    },
    controls={"override_a": "spool.push_a", "override_b": "spool.push_b"},
)

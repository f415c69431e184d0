"""4/2 directional valve: one solenoid and a spring, or two solenoids and a detent."""

from __future__ import annotations

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
)
from etabli.components.drawing import Line
from etabli.components.fluid_symbols import spring
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
    solenoid,
    solenoid_modes,
    solenoid_ports,
    solenoid_spots,
    spring_mode,
    two_square_symbol,
    valve_channels,
    valve_senses,
)
from etabli.components.pneumatic.pilot_valve import valve_coil_symbol
from etabli.physics.text import Text

_DETENT = 0.35


def _sides(p: Parameters) -> tuple[str, ...]:
    return ("a", "b") if str(p["kind"]) == "bistable" else ("a",)


def _ports(p: Parameters) -> tuple[Port, ...]:
    return (*FLUID_PORTS, *solenoid_ports(*_sides(p)))


def _build(b: Builder, p: Parameters) -> None:
    add_body(b, p)
    sides = _sides(p)
    for side in sides:
        add_solenoid(b, p, side)
    start = 2.0 * float(p["start"]) - 1.0
    if len(sides) == 2:
        add_spool(b, p, Spool(sides, start=start, preload=0.0, friction=_DETENT, stroke=2.0))
    else:
        add_spool(b, p, Spool(sides, centre=-1.0, start=-1.0, stroke=2.0))


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    if len(_sides(p)) == 1:
        return (*solenoid_modes("a"), spring_mode("a"), *BODY_MODES)
    worn = FailureMode(
        "detent_worn",
        Text("crantage usé : le tiroir ne tient plus sa position", "worn detent: the spool no longer keeps its place"),
        (Effect("spool.friction", 0.0), Effect("spool.preload_a", 0.02), Effect("spool.preload_b", 0.02)),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.6,
        degrees=(0.96, 1.0),
    )
    return (*solenoid_modes("a"), *solenoid_modes("b"), worn, PLUGS_CROSSED, *BODY_MODES)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return valve_channels(tag, _sides(p), rest=-1.0)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return valve_senses(tag, read, _sides(p))


_NOTCHES = Line(((18, 3.4), (20, 3.4), (20, 2.9), (20.4, 3.4), (21, 3.4), (21.4, 2.9), (21.4, 3.4), (22, 3.4)))

COMPONENT = Component(
    family="valve_4_2",
    letter="V",
    text=Text("distributeur hydraulique 4/2", "4/2 hydraulic directional valve"),
    sheet=Text(
        "Au repos : P vers B, A vers T. Bobine a : P vers A, B vers T. Monostable : un ressort le ramène. Bistable : "
        "une bobine b et un crantage, le tiroir garde sa position sans courant. Valeurs : fiche de distributeur NG6 à "
        "bain d'huile (40 l/min sous 3 bar par passage, bobines 24 V 30 W).",
        "At rest: P to B, A to T. Coil a: P to A, B to T. Monostable: a spring brings it back. Bistable: a coil b and "
        "a detent, the spool keeps its place with no current. Values: data sheet of an NG6 wet-pin valve (40 l/min at "
        "3 bar per passage, coils 24 V 30 W).",
    ),
    parameters=(
        Parameter("kind", Text("rappel", "return"), "", "monostable", choices=("monostable", "bistable")),
        *PARAMETERS,
        Parameter(
            "start",
            Text("position au départ si bistable (1 : a)", "bistable: initial position (1: a)"),
            "",
            0.0,
            0,
            1,
        ),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    channels=_channels,
    signals={"spool": position_ref},
    optional_links=("viscosity", "air"),
    senses=_senses,
    spots=lambda tag, p: solenoid_spots(tag, _sides(p)),
    symbols={
        "main": two_square_symbol(solenoid(2, "a", 1), (spring(18, 5, 3.0),)),
        "main_bistable": two_square_symbol(solenoid(2, "a", 1), (_NOTCHES, *solenoid(22, "b", -1))),
        "coil_a": valve_coil_symbol("led_a", "a+", "a-"),
        "coil_b": valve_coil_symbol("led_b", "b+", "b-"),
    },
    controls={"override_a": "spool.push_a", "override_b": "spool.push_b"},
)

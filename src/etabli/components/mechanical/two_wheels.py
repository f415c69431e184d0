"""What a belt and a chain have in common: two wheels on two shafts, the driven one in its bearing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from etabli.components.component import Channel, Parameter, Parameters, Port
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef, Ref
from etabli.physics.text import Text

PORTS = (Port("in", Domain.ROTATION), Port("out", Domain.ROTATION))
SIGNALS: Mapping[str, Callable[[str, Parameters], Ref]] = {
    "speed": lambda tag, p: NodeRef(f"{tag}:out"),
    "vibration": lambda tag, p: MemoryRef(f"{tag}.driven_vibration", "rms"),
}
"""The driven shaft is made by ``add_shaft(b, "out", "driven", …)``."""


def speed_channels(tag: str, speed_in: float, speed_out: float) -> tuple[Channel, ...]:
    """What is seen of both shafts; full scales in rad/s."""
    return (
        Channel("speed", NodeRef(f"{tag}:out"), 0.0, speed_out, seen=True, text=Text("vitesse", "speed")),
        Channel(
            "speed_in", NodeRef(f"{tag}:in"), 0.0, speed_in, seen=True, text=Text("vitesse d'entrée", "input speed")
        ),
    )


def limits(limit_nm: float, limit_range: tuple[float, float]) -> Parameter:
    """The torque at the input beyond which the link gives way, N·m."""
    return Parameter(
        "limit_nm", Text("couple limite à l'entrée", "limit torque at the input"), "N·m", limit_nm, *limit_range
    )


def bearing_friction(torque_nm: float) -> Parameter:
    """Friction of each of the two bearings, N·m."""
    return Parameter(
        "bearing_nm", Text("frottement d'un palier", "friction of a bearing"), "N·m", torque_nm, 0.001, 50.0
    )


def wheels_symbol(driving: float, driven: float, style: str) -> Symbol:
    """Two wheels of these radii (modules), their strands in ``style``: solid for a belt, dashed for a chain."""
    return Symbol(
        14,
        8,
        (
            Circle(3, 4, driving),
            Circle(11, 4, driven),
            Line(((3, round(4 - driving, 3)), (11, round(4 - driven, 3))), style),
            Line(((3, round(4 + driving, 3)), (11, round(4 + driven, 3))), style),
            Circle(3, 4, 0.25, True),
            Circle(11, 4, 0.25, True),
            Line(((0, 4), (3, 4)), "thin"),
            Line(((11, 4), (14, 4)), "thin"),
        ),
        (Pin("in", 0, 4, "w"), Pin("out", 14, 4, "e")),
    )

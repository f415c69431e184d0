"""Pressure regulator: the stage that filter-regulators and electropneumatic regulators share."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Effect, FailureMode, Onset, Read
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, Piece, explain, spaced
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.seat import CORNER_BAR, SEAT_RATIO, seat_lift
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, Fields, law
from etabli.physics.network import NodeRef, ParameterRef
from etabli.physics.text import Text

_REVERSE_BAND_BAR = 0.5  # the main seat is pushed fully open by this much pressure from behind


def _valve_flow(bowl: Any, outlet: Any, p: Any) -> Any:
    """Air through the main seat: fully open once the outlet is ``droop`` bar below the set pressure, or pushed open
    from behind when the inlet is vented (regulators for use after a shut-off valve let the air back)."""
    regulated = seat_lift(p.set_pressure + ATMOSPHERE_BAR - outlet, p.droop)
    reverse = seat_lift(outlet - bowl - 2.0 * CORNER_BAR, _REVERSE_BAND_BAR)
    opening = p.opening * (maximum(regulated, reverse) + p.seat_leak)
    return air_flow(bowl, outlet, p.conductance * opening, SEAT_RATIO)


def _relief_flow(outlet: Any, p: Any) -> Any:
    """Air let out by the relieving diaphragm when the outlet is above the set pressure, plus a torn diaphragm."""
    over = seat_lift(outlet - p.set_pressure - ATMOSPHERE_BAR - p.relief_gap, p.relief_gap)
    return air_flow(outlet, ATMOSPHERE_BAR, p.relief_conductance * over + p.torn, SEAT_RATIO)


@law(
    terminals={"a": Domain.PNEUMATIC, "b": Domain.PNEUMATIC},
    parameters=(
        "set_pressure",
        "conductance",
        "opening",
        "droop",
        "seat_leak",
        "torn",
        "relief_gap",
        "relief_conductance",
    ),
)
def pressure_regulator(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Relieving pressure regulator, quasi-static: set_pressure bar gauge, C dm³/(s·bar), droop bar at full opening
    (ISO 6953 flow characteristic), seat_leak a share of C, torn a conductance of the diaphragm to the workshop air. The
    relieving seat opens ``relief_gap`` bar above the set pressure, fully as much again, with ``relief_conductance``."""
    passed, relieved = _valve_flow(v.a, v.b, p), _relief_flow(v.b, p)
    return {"a": passed, "b": relieved - passed}, {}


def _set(piece: Piece) -> Piece:
    """At 6 bar where electronics write the set pressure."""
    return piece if piece.p.set_pressure > 0.0 else piece.having(set_pressure=6.0)


def _droop(piece: Piece) -> list[tuple[float, float]]:
    """Flow and gauge pressure at the outlet, 8 bar at the inlet."""
    places = [
        (bar, _set(piece).flow("b", a=8.0 + ATMOSPHERE_BAR, b=bar + ATMOSPHERE_BAR)) for bar in spaced(8.0, 2.0, 121)
    ]
    return [(-flow * AIR_L_MIN, bar) for bar, flow in places if flow < 0.0]


explain(
    pressure_regulator,
    Text(
        "Détendeur à échappement : la pression aval baisse d'autant plus que le débit est grand, et l'excès s'évacue "
        "par la membrane (caractéristique de débit ISO 6953).",
        "Relieving regulator: the outlet pressure falls as the flow grows, and an excess leaves through the diaphragm "
        "(flow characteristic of ISO 6953).",
    ),
    Curve(
        Text("pression aval selon le débit, 8 bar en amont", "outlet pressure against flow, 8 bar at the inlet"),
        AIR_FLOW,
        Axis(Text("pression aval (relative)", "outlet gauge pressure"), "bar"),
        _droop,
    ),
)


def relieved_air(tag: str, read: Read, outlet: str) -> float:
    """Air that leaves through the hole of the bonnet of the device ``regulator`` now, g/s; ``outlet`` is a full node
    name."""
    full = f"{tag}.regulator"
    values = Fields({name: read(ParameterRef(full, name)) for name in pressure_regulator.parameters})
    return float(_relief_flow(read(NodeRef(outlet)), values))


STAGE_MODES = (
    FailureMode(
        "seat_worn",
        Text("clapet du régulateur usé", "regulator seat worn"),
        (Effect("regulator.seat_leak", 0.06),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        degrees=(0.3, 1.0),
    ),
    FailureMode(
        "diaphragm_torn",
        Text("membrane du régulateur percée", "regulator diaphragm torn"),
        (Effect("regulator.torn", 0.5), Effect("regulator.droop", 3.0)),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        degrees=(0.3, 1.0),
    ),
    FailureMode(
        "seized",
        Text("clapet du régulateur grippé presque fermé", "regulator valve seized nearly closed"),
        (Effect("regulator.opening", 0.01, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.7,
        degrees=(0.8, 1.0),
    ),
)
"""Failure modes of any regulator: its device is ``regulator``."""

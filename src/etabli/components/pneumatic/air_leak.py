"""Leaks to the workshop air and the noise they make: shared by every pneumatic family."""

from __future__ import annotations

from etabli.components.component import Builder, Effect, FailureMode, Onset, Perception, Read, Repair, Sense
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow, vent
from etabli.physics.network import NodeRef, ParameterRef
from etabli.physics.text import Text

LEAK_CONDUCTANCE = 1.0
"""Conductance of a leak fully open, dm³/(s·bar): a hose off its fitting is near 2, a cut seal 0.1."""

LEAK_CRITICAL_RATIO = 0.4
"""Rough, thin-edged passage."""

FAINT_G_S = 0.05
CLEAR_G_S = 0.3
VIOLENT_G_S = 1.5
"""Leak flows (g/s) from which the ear finds a hiss faint, clear, violent: about 2.5, 15 and 75 l/min ANR."""


def add_leak(b: Builder, name: str, node: str) -> None:
    """A leak to the workshop air at the local node ``node``, closed for now."""
    b.device(
        name,
        vent,
        {"a": node},
        {"conductance": LEAK_CONDUCTANCE, "critical_ratio": LEAK_CRITICAL_RATIO, "opening": 0.0},
    )


def leak_mode(
    mode: str,
    text: Text,
    device: str,
    full_opening: float,
    repair: Repair = Repair.REPLACE,
    rate: float = 1.0,
    visible: Text | None = None,
) -> FailureMode:
    """A failure mode that opens a leak; its degree is the share of ``full_opening``."""
    return FailureMode(
        mode,
        text,
        (Effect(f"{device}.opening", full_opening),),
        repair,
        (Onset.SUDDEN, Onset.GROWING),
        rate,
        (0.35, 1.0),
        visible,
    )


def vent_flow(read: Read, tag: str, device: str, node: str) -> float:
    """Air that leaves through the vent ``device`` at full node name ``node`` now, g/s (negative: it enters)."""
    full = f"{tag}.{device}"
    opening = read(ParameterRef(full, "opening"))
    if opening <= 0.0:
        return 0.0
    conductance = read(ParameterRef(full, "conductance"))
    ratio = read(ParameterRef(full, "critical_ratio"))
    return float(air_flow(read(NodeRef(node)), ATMOSPHERE_BAR, conductance * opening, ratio))


def hiss(read: Read, tag: str, device: str, node: str, where: Text) -> tuple[Perception, ...]:
    """What the ear finds at the leak ``device``: nothing while no air passes (inwards where there is a vacuum)."""
    return hiss_of(abs(vent_flow(read, tag, device, node)), where)


def hiss_of(flow_g_s: float, where: Text) -> tuple[Perception, ...]:
    """The words for a flow of air that escapes ``where``."""
    if flow_g_s < FAINT_G_S:
        return ()
    if flow_g_s < CLEAR_G_S:
        strength = Text("Léger sifflement d'air", "Faint hiss of air")
    elif flow_g_s < VIOLENT_G_S:
        strength = Text("Sifflement d'air net", "Clear hiss of air")
    else:
        strength = Text("Souffle d'air violent", "Violent blast of air")
    return (Perception(Sense.LISTEN, Text(f"{strength.fr} {where.fr}.", f"{strength.en} {where.en}.")),)

"""Oil that leaves to the floor, and what is seen and felt of it: shared by every hydraulic family."""

from __future__ import annotations

from etabli.components.component import Builder, Effect, FailureMode, Onset, Perception, Read, Repair, Sense
from etabli.components.hydraulic.oil import oil_drain, orifice_flow
from etabli.physics.network import NodeRef, ParameterRef
from etabli.physics.text import Text

LEAK_K = 10.0
"""An external leak fully open, cm³/s per √bar: a hole of 1.1 mm; a torn hose is 20 times more."""

WEEPING_CM3_S = 0.02
DRIPPING_CM3_S = 1.0
SPRAYING_CM3_S = 15.0
"""Flows (cm³/s) from which the eye finds a wet fitting, oil that runs, a jet: 0.001, 0.06 and 0.9 l/min."""


def add_external_leak(b: Builder, name: str, node: str, k: float = LEAK_K) -> None:
    """A leak to the floor at the local node ``node``, closed for now; k in cm³/s per √bar when fully open."""
    b.device(name, oil_drain, {"a": node}, {"k": k, "opening": 0.0})


def external_leak_mode(
    mode: str,
    text: Text,
    device: str,
    full_opening: float,
    repair: Repair = Repair.REPLACE,
    rate: float = 1.0,
    visible: Text | None = None,
    degrees: tuple[float, float] = (0.3, 1.0),
) -> FailureMode:
    """A failure mode that opens a leak of :func:`add_external_leak`; its degree is the share of ``full_opening``."""
    return FailureMode(
        mode,
        text,
        (Effect(f"{device}.opening", full_opening),),
        repair,
        (Onset.SUDDEN, Onset.GROWING),
        rate,
        degrees,
        visible,
    )


def leak_flow(read: Read, tag: str, device: str, node: str) -> float:
    """Oil that leaves through the leak ``device`` at full node name ``node`` now, cm³/s (negative: air comes in)."""
    opening = read(ParameterRef(f"{tag}.{device}", "opening"))
    if opening <= 0.0:
        return 0.0
    return float(orifice_flow(read(NodeRef(node)), 0.0, read(ParameterRef(f"{tag}.{device}", "k")) * opening))


def leak_perceptions(read: Read, tag: str, device: str, node: str, where: Text) -> tuple[Perception, ...]:
    """What eye and ear find at the leak ``device``: nothing while no oil escapes."""
    return leak_perceptions_of(leak_flow(read, tag, device, node), where)


def leak_perceptions_of(flow_cm3_s: float, where: Text) -> tuple[Perception, ...]:
    """The words for oil that escapes ``where`` (or for air that is drawn in there)."""
    if flow_cm3_s < -DRIPPING_CM3_S:
        return (Perception(Sense.LISTEN, Text(f"Aspiration d'air {where.fr}.", f"Air is drawn in {where.en}.")),)
    if flow_cm3_s < WEEPING_CM3_S:
        return ()
    if flow_cm3_s < DRIPPING_CM3_S:
        found = Text(f"Suintement d'huile {where.fr}.", f"Oil weeps {where.en}.")
    elif flow_cm3_s < SPRAYING_CM3_S:
        found = Text(f"L'huile coule goutte à goutte {where.fr}.", f"Oil drips fast {where.en}.")
    else:
        found = Text(f"Un jet d'huile sort {where.fr}.", f"A jet of oil comes out {where.en}.")
    return (Perception(Sense.LOOK, found),)

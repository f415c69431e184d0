"""What the hydraulic valves share: how a seat opens, the noise of throttled oil, modes and channels that recur."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
    Swap,
)
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import HYDRAULIC_W, add_oil_volume
from etabli.physics.expression import clamp
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

WHISTLE_W = 400.0
ROAR_W = 3000.0
"""Hydraulic power lost in a valve from which it whistles, then roars and burns the hand."""


def ramp(x: Any, width: Any) -> Any:
    """Opening 0…1 of a seat whose net closing pressure is passed by ``x`` bar: a cubic without corners over ``width``.

    A poppet on its spring opens in proportion to the excess; the cubic rounds both ends (full lift, closed seat).
    """
    u = clamp(x / width, 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def flow_factor(name: str, default: float, what: Text) -> Parameter:
    """A flow factor of the data sheet: k in cm³/s per √bar."""
    return Parameter(name, what, "cm³/(s·√bar)", default, 0.5, 20000.0)


def add_ports(b: Builder, *ports: str, leak_at: str, volume_cm3: float = 5.0) -> None:
    """The oil in the ports of a valve, and its leak to the floor (device ``leak``) at one of them."""
    for port in ports:
        add_oil_volume(b, port, volume_cm3)
    add_external_leak(b, "leak", leak_at)


def body_leak_mode(where: Text) -> FailureMode:
    """A seal of the valve that lets oil out; ``where`` is "du limiteur" / "of the flow control"."""
    return external_leak_mode(
        "leak",
        Text(f"joint extérieur {where.fr} abîmé : fuite d'huile", f"outer seal {where.en} damaged: oil leaks"),
        "leak",
        1.0,
        visible=Text("Le corps est couvert d'huile sous les raccords.", "The body is wet with oil under its fittings."),
    )


def clogged_mode(target: str, where: Text, left: float = 0.02) -> FailureMode:
    """Dirt in the passages: ``left`` of them remains at degree 1."""
    return FailureMode(
        "clogged",
        Text(f"passage {where.fr} bouché par des impuretés", f"passage {where.en} clogged with dirt"),
        (Effect(target, left, relative=True, logarithmic=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        0.8,
        (0.6, 1.0),
    )


def flow_channel(device: str, full_scale: float, name: str = "flow") -> Any:
    """``channels`` of a valve that only passes oil: its flow over ``full_scale`` cm³/s."""

    def channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
        return (Channel(name, StateRef(f"{tag}.{device}", "flow"), 0.0, full_scale),)

    return channels


def reversed_mode(text: Text) -> FailureMode:
    """Mounted the wrong way round: ports 1 and 2 exchanged."""
    return FailureMode("reversed", text, (Swap("1", "2"),), Repair.RECONNECT, rate=0.5)


def throttled_oil(read: Read, tag: str, device: str, first: str, second: str, where: Text) -> tuple[Perception, ...]:
    """What ear and hand find where oil loses its pressure from port ``first`` to port ``second``."""
    drop = read(NodeRef(f"{tag}:{first}")) - read(NodeRef(f"{tag}:{second}"))
    power = abs(HYDRAULIC_W * drop * read(StateRef(f"{tag}.{device}", "flow")))
    return throttled_words(power, where)


def throttled_words(power_w: float, where: Text) -> tuple[Perception, ...]:
    """The words for a loss of ``power_w`` W ``where`` ("dans le limiteur" / "in the flow control")."""
    if power_w < WHISTLE_W:
        return ()
    if power_w < ROAR_W:
        return (Perception(Sense.LISTEN, Text(f"L'huile siffle {where.fr}.", f"Oil whistles {where.en}.")),)
    return (
        Perception(Sense.LISTEN, Text(f"L'huile gronde et siffle {where.fr}.", f"Oil roars and whistles {where.en}.")),
        Perception(Sense.TOUCH, Text("Le corps est brûlant.", "The body is burning hot.")),
    )


def passage_senses(device: str, first: str, second: str, leak_at: str, inside: Text, at: Text) -> Any:
    """``senses`` of a valve that only passes oil: what is heard ``inside``, what leaks ``at`` it.

    ``inside`` is "dans le clapet" / "in the check valve", ``at`` "au clapet" / "at the check valve".
    """

    def senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
        return (
            *throttled_oil(read, tag, device, first, second, inside),
            *leak_perceptions(read, tag, "leak", f"{tag}:{leak_at}", at),
        )

    return senses

"""Output relays of modules (safety relays, timers, monitors, drives) and the lights on their fronts."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Channel, Perception, Read, Sense
from etabli.components.curve import MILLISECONDS, OHMS, Axis, Curve, explain, sweep
from etabli.components.electrical.conductor import CLOSED_OHM, OPEN_OHM, dc_pole
from etabli.physics.expression import absolute, clamp, less, maximum, minimum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text

SAFE_OUTPUTS = (("13", "14"), ("23", "24"))
"""Terminals of the two redundant outputs of a safety module."""
SAFE_RELAYS = ("K1", "K2")

Lights = tuple[tuple[str, str], ...]
"""Memory of the module that a light shows, and what is printed beside the light."""

_CLICK_MEMORY_S = 0.4


@sampled(
    reads=("command",),
    parameters=("travel_s", "welded", "jammed"),
    memory=("position", "activity"),
    stage=Stage.ACTUATE,
)
def output_relay(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Relay inside a module: travel 0…1 in ``travel_s``; ``welded`` holds it, ``jammed`` keeps it at rest.

    ``activity`` is recent travel (a click that is heard). Times: response times of module data sheets.
    """
    step = select(less(0.5, r.command) * less(p.jammed, 0.5), h / p.travel_s, -(h / p.travel_s))
    position = maximum(clamp(m.position + step, 0.0, 1.0), less(0.5, p.welded))
    fade = maximum(0.0, 1.0 - h / _CLICK_MEMORY_S)
    return {"position": position, "activity": m.activity * fade + absolute(position - m.position)}


explain(
    output_relay,
    Text(
        "Relais de sortie à contacts liés : course en quelques millisecondes ; soudé, il reste collé.",
        "Output relay with force-guided contacts: travels in some milliseconds; welded, it stays up.",
    ),
    Curve(
        Text("course du relais après la commande", "relay travel after the command"),
        MILLISECONDS,
        Axis(Text("course", "travel")),
        sweep(0.0, 60.0, lambda d, ms: d.held(max(ms, 1e-3) * 1e-3, d.start(), 40, command=1.0)["position"]),
    ),
    plain=True,
)


@sampled(
    reads=("k1", "k2"),
    parameters=("closed_ohm", "cut"),
    writes=("resistance",),
    stage=Stage.SWITCH,
)
def redundant_contact(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Contacts of K1 and K2 in series: closed when both have made. ``cut`` (0/1): one no longer makes."""
    closed = less(0.8, minimum(r.k1, r.k2)) * less(p.cut, 0.5)
    return {"resistance": select(closed, p.closed_ohm, OPEN_OHM)}


explain(
    redundant_contact,
    Text(
        "Contacts de K1 et K2 en série : fermés quand les deux relais ont fermé.",
        "Contacts of K1 and K2 in series: closed when both relays have made.",
    ),
    Curve(
        Text("résistance selon la course des deux relais", "resistance against the travel of both relays"),
        Axis(Text("course de K1 et K2", "travel of K1 and K2")),
        OHMS,
        sweep(0.0, 1.0, lambda d, x: d.step(k1=x, k2=x)["resistance"], 81),
    ),
)


def add_output_relay(b: Builder, name: str, command: Ref, travel_s: float = 0.01) -> Ref:
    """Sampled device ``name`` that follows ``command`` (0/1); gives its position for the contacts."""
    b.sample(name, output_relay, {"command": command}, {"travel_s": travel_s, "welded": 0.0, "jammed": 0.0})
    return b.memory(name, "position")


def add_safe_outputs(b: Builder, command: Ref, travel_s: float) -> None:
    """K1 and K2, and the outputs 13-14 and 23-24 that need both: paths ``contact_A_B``, laws ``switch_A_B``."""
    k1, k2 = (add_output_relay(b, name, command, travel_s) for name in SAFE_RELAYS)
    for top, bottom in SAFE_OUTPUTS:
        b.device(f"contact_{top}_{bottom}", dc_pole, {"a": top, "b": bottom}, {"resistance": OPEN_OHM})
        b.sample(
            f"switch_{top}_{bottom}",
            redundant_contact,
            {"k1": k1, "k2": k2},
            {"closed_ohm": 2.0 * CLOSED_OHM, "cut": 0.0},
            {"resistance": b.parameter(f"contact_{top}_{bottom}", "resistance")},
        )


def safe_relay_reads(b: Builder) -> dict[str, Ref]:
    """Positions of K1 and K2, which the logic watches through their mirror contacts."""
    return {name.lower(): b.memory(name, "position") for name in SAFE_RELAYS}


def light_channels(tag: str, device: str, lights: Lights) -> tuple[Channel, ...]:
    """The lights of a front, which anybody sees."""
    return tuple(
        Channel(name, MemoryRef(f"{tag}.{device}", name), seen=True, text=Text(f"voyant {label}", f"{label} light"))
        for name, label in lights
    )


def lights_seen(tag: str, device: str, lights: Lights, read: Read) -> Perception:
    """Which lights are lit."""
    lit = ", ".join(label for name, label in lights if read(MemoryRef(f"{tag}.{device}", name)) > 0.5)
    return Perception(Sense.LOOK, Text(f"LED allumées : {lit or 'aucune'}.", f"LEDs lit: {lit or 'none'}."))


def clicks_heard(tag: str, relays: tuple[str, ...], where: Text, read: Read) -> tuple[Perception, ...]:
    """A click where one of the ``relays`` has just moved."""
    if max(read(MemoryRef(f"{tag}.{name}", "activity")) for name in relays) <= 0.2:
        return ()
    return (Perception(Sense.LISTEN, Text(f"Un claquement dans {where.fr}.", f"A click in {where.en}.")),)

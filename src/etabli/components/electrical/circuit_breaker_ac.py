"""Two-pole AC circuit-breaker (control supply, PSU input)."""

from __future__ import annotations

from etabli.components.component import Builder, Channel, Component, Parameter, Parameters, Port, Read
from etabli.components.electrical.breaker import (
    LATCH_BROKEN,
    NUISANCE_TRIP,
    POLE_OHM,
    add_curve_c,
    breaker_senses,
    pole_ohm,
)
from etabli.components.electrical.contact import add_lever_poles, contact_not_closing, contact_resistive
from etabli.components.electrical.dc_image import Branch, dc_image, poles_image
from etabli.components.electrical.electrical_symbols import breaker_symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

POLES = (("1", "2"), ("3", "4"))


def _build(b: Builder, p: Parameters) -> None:
    position = float(p["initial_position"])
    first, second = (b.state(f"contact_{a}_{c}", "current") for a, c in POLES)
    latched = add_curve_c(b, p["rated_a"], position, (first, second, first))
    add_lever_poles(b, POLES, latched, closed_ohm=pole_ohm(p), closed_now=position > 0.5)


@dc_image("circuit_breaker_ac")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return poles_image(tag, read, POLES)


COMPONENT = Component(
    family="circuit_breaker_ac",
    letter="Q",
    text=Text("disjoncteur bipolaire", "two-pole circuit-breaker"),
    sheet=Text(
        "Disjoncteur bipolaire courbe C : non-déclenchement à 1,13 In, déclenchement thermique à 1,45 In, "
        "magnétique entre 5 et 10 In. Réarmer : ramener à 0 puis à 1. Valeurs : fiche EN 60898-1 de "
        "disjoncteur modulaire.",
        "Two-pole breaker, curve C: holds 1.13 In, thermal trip at 1.45 In, magnetic between 5 and 10 In. "
        "Reset: back to 0, then 1. Values: EN 60898-1 sheet of a modular breaker.",
    ),
    parameters=(
        Parameter("rated_a", Text("calibre In", "rating In"), "A", 4.0, 0.5, 63.0),
        POLE_OHM,
        Parameter("initial_position", Text("position au départ", "position at start"), "", 1, 0, 1),
    ),
    ports=tuple(Port(n, Domain.AC) for n in ("1", "3", "2", "4")),
    build=_build,
    failure_modes=(
        LATCH_BROKEN,
        NUISANCE_TRIP,
        *(contact_not_closing(a, c, rate=0.4) for a, c in POLES),
        *(contact_resistive(a, c, ohms=20000.0, rate=0.4) for a, c in POLES),
    ),
    channels=lambda tag, p: (
        Channel("handle", MemoryRef(f"{tag}.mechanism", "handle"), seen=True, text=Text("poignée", "handle")),
    ),
    senses=lambda tag, p, read: tuple(breaker_senses(tag, read)),
    symbols={"main": breaker_symbol(POLES, "handle")},
    controls={"position": "mechanism.position", "lock": "mechanism.locked"},
)

"""One-pole DC circuit-breaker for 24 V circuits, curve C."""

from __future__ import annotations

from etabli.components.component import Builder, Channel, Component, Parameter, Parameters, Port
from etabli.components.electrical.breaker import (
    LATCH_BROKEN,
    NUISANCE_TRIP,
    POLE_OHM,
    add_curve_c,
    breaker_senses,
    pole_ohm,
)
from etabli.components.electrical.contact import ON_1, add_contact, contact_not_closing, contact_resistive
from etabli.components.electrical.electrical_symbols import breaker_symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    position = float(p["initial_position"])
    current = b.state("contact_1_2", "current")
    latched = add_curve_c(b, p["rated_a"], position, (current, current, current))
    add_contact(
        b,
        "1",
        "2",
        latched,
        window=ON_1,
        closed_ohm=pole_ohm(p),
        closed_now=position > 0.5,
    )


COMPONENT = Component(
    family="circuit_breaker",
    letter="F",
    text=Text("disjoncteur 24 V", "24 V circuit-breaker"),
    sheet=Text(
        "Disjoncteur unipolaire courbe C pour circuits 24 V continu : non-déclenchement à 1,13 In, déclenchement "
        "thermique à 1,45 In, magnétique vers 7,5 In. Réarmer : 0 puis 1. Valeurs : fiche EN 60898 de disjoncteur "
        "modulaire.",
        "One-pole breaker, curve C, for 24 V DC circuits: holds 1.13 In, thermal trip at 1.45 In, magnetic near 7.5 "
        "In. Reset: 0 then 1. Values: EN 60898 sheet of a modular breaker.",
    ),
    parameters=(
        Parameter("rated_a", Text("calibre In", "rating In"), "A", 2.0, 0.5, 32.0),
        POLE_OHM,
        Parameter("initial_position", Text("position au départ", "position at start"), "", 1, 0, 1),
    ),
    ports=(Port("1", Domain.DC), Port("2", Domain.DC)),
    build=_build,
    failure_modes=(
        LATCH_BROKEN,
        NUISANCE_TRIP,
        contact_not_closing("1", "2", rate=0.4),
        contact_resistive("1", "2", ohms=2000.0, rate=0.4),
    ),
    channels=lambda tag, p: (
        Channel("handle", MemoryRef(f"{tag}.mechanism", "handle"), seen=True, text=Text("poignée", "handle")),
    ),
    senses=lambda tag, p, read: tuple(breaker_senses(tag, read)),
    symbols={"main": breaker_symbol((("1", "2"),), "handle")},
    controls={"position": "mechanism.position", "lock": "mechanism.locked"},
)

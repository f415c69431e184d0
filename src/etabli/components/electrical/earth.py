"""Earth bar: the reference of potentials."""

from __future__ import annotations

from dataclasses import replace

from etabli.components.component import Builder, Component, Parameters, Port, Read
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.electrical.conductor import DOMAIN, ac_impedance, domain_of, resistor
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, ParameterRef
from etabli.physics.text import Text

_BOND_OHM = 0.01


def _ports(parameters: Parameters) -> tuple[Port, ...]:
    return (Port("PE", domain_of(parameters), "pe"),)


def _build(b: Builder, p: Parameters) -> None:
    if domain_of(p) is Domain.AC:
        b.device("bond", ac_impedance, {"a": "PE", "b": GROUND}, {"resistance": _BOND_OHM, "reactance": 0.0})
        return
    b.device("bond", resistor, {"a": "PE", "b": GROUND}, {"resistance": _BOND_OHM})


@dc_image("earth")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    if domain_of(parameters) is Domain.DC:
        return ()
    return (("PE", GROUND, read(ParameterRef(f"{tag}.bond", "resistance"))),)


COMPONENT = Component(
    family="earth",
    letter="PE",
    text=Text("barre de terre", "earth bar"),
    sheet=Text(
        "Barre de terre de l'armoire, liaison équipotentielle principale. Sert de référence aux mesures.",
        "Earth bar of the cabinet, main equipotential bonding. Reference of the measurements.",
    ),
    parameters=(replace(DOMAIN, default="ac"),),
    ports=_ports,
    build=_build,
    symbols={
        "main": Symbol(
            2,
            3,
            (
                Line(((1, 0), (1, 1.4))),
                Line(((0.1, 1.4), (1.9, 1.4))),
                Line(((0.4, 1.8), (1.6, 1.8))),
                Line(((0.7, 2.2), (1.3, 2.2))),
            ),
            (Pin("PE", 1, 0, "n"),),
        )
    },
)

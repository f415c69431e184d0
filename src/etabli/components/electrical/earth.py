"""Earth bar: the reference of potentials."""

from __future__ import annotations

from etabli.components.component import Builder, Component, Parameter, Parameters, Port, Read
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, ParameterRef
from etabli.physics.text import Text

_BOND_OHM = 0.01


def _domain(parameters: Parameters) -> Domain:
    return Domain.AC if parameters["domain"] == "ac" else Domain.DC


def _ports(parameters: Parameters) -> tuple[Port, ...]:
    return (Port("PE", _domain(parameters), "pe"),)


def _build(b: Builder, p: Parameters) -> None:
    if _domain(p) is Domain.AC:
        b.device("bond", ac_impedance, {"a": "PE", "b": GROUND}, {"resistance": _BOND_OHM, "reactance": 0.0})
        return
    b.device("bond", resistor, {"a": "PE", "b": GROUND}, {"resistance": _BOND_OHM})


@dc_image("earth")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    if _domain(parameters) is Domain.DC:
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
    parameters=(Parameter("domain", Text("courant", "current"), "", "ac", choices=("dc", "ac")),),
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

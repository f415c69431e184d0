"""Drilled block that joins one inlet to several outlets."""

from __future__ import annotations

from etabli.components.component import Builder, Component, Parameter, Parameters, Perception, Port, Read, Repair
from etabli.components.drawing import Circle, Line, Pin, Rectangle, Shape, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume, add_orifice
from etabli.physics.law import Domain
from etabli.physics.text import Text

MOST_OUTLETS = 8
_PITCH = 8


def _outlets(p: Parameters) -> tuple[str, ...]:
    return tuple(str(k) for k in range(1, int(p["count"]) + 1))


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P", 40.0 + 10.0 * int(p["count"]))
    for name in _outlets(p):
        add_oil_volume(b, name)
        add_orifice(b, f"drilling_{name}", "P", name, float(p["k"]))
    add_external_leak(b, "leak", "P")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("au bouchon du bloc", "at the plug of the block")
    return leak_perceptions(read, tag, "leak", f"{tag}:P", where)


def _symbol(count: int) -> Symbol:
    width = _PITCH * count + 4
    shapes: list[Shape] = [Rectangle(0.5, 1.5, width - 1, 3), Line(((2, 6), (2, 3), (width - 2, 3)))]
    pins = [Pin("P", 2, 6, "s")]
    for k in range(1, count + 1):
        x = _PITCH * k - 2
        shapes += [Line(((x, 3), (x, 0))), Circle(x, 3, 0.3, True)]
        pins.append(Pin(str(k), x, 0, "n"))
    return Symbol(width, 6, tuple(shapes), tuple(pins))


COMPONENT = Component(
    family="hydraulic_manifold",
    letter="Z",
    purpose="W",
    text=Text("bloc foré hydraulique", "hydraulic manifold"),
    sheet=Text(
        "Bloc d'acier foré : un orifice P et plusieurs orifices numérotés, tous à la même pression. Valeurs : bloc "
        "G3/4.",
        "Drilled steel block: a port P and numbered ports, all at the same pressure. Values: G3/4 block.",
    ),
    parameters=(
        Parameter("count", Text("nombre d'orifices numérotés", "number of numbered ports"), "", 4, 1, MOST_OUTLETS),
        Parameter("k", Text("passage d'un orifice", "passage of a port"), "cm³/(s·√bar)", 2500.0, 10.0, 50000.0),
    ),
    ports=lambda p: (Port("P", Domain.HYDRAULIC), *(Port(name, Domain.HYDRAULIC) for name in _outlets(p))),
    build=_build,
    failure_modes=(
        external_leak_mode(
            "leak",
            Text("bouchon du bloc mal serré", "plug of the block not tight"),
            "leak",
            0.4,
            Repair.TIGHTEN,
            visible=Text("Un bouchon du bloc est mouillé.", "A plug of the block is wet."),
        ),
    ),
    senses=_senses,
    symbols={f"main_{k}": _symbol(k) for k in range(1, MOST_OUTLETS + 1)},
)

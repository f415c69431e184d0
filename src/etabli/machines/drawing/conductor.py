"""Conductors and connection points as every drawing writes them: classes, line, and what a screen reader says."""

from __future__ import annotations

from collections.abc import Sequence

from etabli.machines.drawing import svg
from etabli.machines.drawing.plant import Conductor, Kind, Plant
from etabli.physics.law import Domain
from etabli.physics.text import Text

_PINS = {
    Domain.DC: Text("borne", "terminal"),
    Domain.AC: Text("borne", "terminal"),
    Domain.PNEUMATIC: Text("orifice", "port"),
    Domain.HYDRAULIC: Text("orifice", "port"),
    Domain.ROTATION: Text("arbre", "shaft"),
    Domain.TRANSLATION: Text("tige", "rod"),
}
_WIRE, _WIRES = Text("fil", "wire"), Text("fils", "wires")
_TUBE, _TUBES = Text("tuyau", "hose"), Text("tuyaux", "hoses")


def pin_label(plant: Plant, tag: str, port: str, language: str) -> str:
    """What a screen reader says of a connection point: « KM1 borne A1, fil 101 »."""
    found = plant.port(tag, port)
    word = _PINS.get(found.domain if found else Domain.DC, _PINS[Domain.DC]).get(language)
    ends = plant.on(tag, port)
    said = f"{tag} {word} {port}"
    if not ends:
        return said
    hoses = ends[0].kind is Kind.TUBE
    names = list(dict.fromkeys(c.number for c in ends))
    one, many = (_TUBE, _TUBES) if hoses else (_WIRE, _WIRES)
    noun = (one if len(names) == 1 else many).get(language)
    return f"{said}, {noun} {', '.join(names)}"


def conductor_classes(conductor: Conductor) -> str:
    """Classes of a conductor: its kind, its colour, dashed for a pilot line."""
    classes = ["conductor", conductor.kind.value]
    if conductor.colour:
        classes.append(f"c-{conductor.colour.lower()}")
    if conductor.pilot:
        classes.append("pilot")
    return " ".join(classes)


def conductor_label(plant: Plant, conductor: Conductor, language: str) -> str:
    """What a screen reader says of a conductor."""
    noun = (_TUBE if conductor.kind is Kind.TUBE else _WIRE).get(language)
    ends = ", ".join(f"{tag}:{port}" for tag, port in (conductor.first, conductor.second))
    named = conductor.number if conductor.number == conductor.id else f"{conductor.number} ({conductor.id})"
    return f"{noun} {named} : {ends}" if language == "fr" else f"{noun} {named}: {ends}"


def path_data(values: Sequence[tuple[float, float]]) -> str:
    """A ``d`` attribute through these points."""
    return "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in values)


def conductor_svg(plant: Plant, conductor: Conductor, values: Sequence[tuple[float, float]], language: str) -> str:
    """A conductor along these corners, with a wide invisible line to click on."""
    way = path_data(values)
    content = [svg.tag("path", class_="line", d=way)]
    if conductor.kind is Kind.SHAFT or conductor.colour == "GNYE":
        content.append(svg.tag("path", class_="core", d=way))
    if conductor.kind not in (Kind.WIRE, Kind.TUBE):
        return svg.group(content, class_=conductor_classes(conductor))
    content.insert(0, svg.title(conductor_label(plant, conductor, language)))
    content.append(svg.tag("path", class_="hit", d=way))
    return svg.group(
        content,
        class_=conductor_classes(conductor),
        data_conductor=conductor.id,
        data_number=conductor.number,
    )

"""The plan of a terminal strip: one column per terminal, wires of the inside above, wires of the machine below."""

from __future__ import annotations

from collections.abc import Iterator

from etabli.machines.drawing import svg
from etabli.machines.drawing.conductor import conductor_classes, conductor_label, path_data, pin_label
from etabli.machines.drawing.geometry import fanned
from etabli.machines.drawing.plant import Conductor, Plant
from etabli.machines.drawing.sheet import StripPlan

_WIRE = 9.0
"""Length of the wire stubs above and below, modules."""
_BODY = 4.0


def strip_plan(plant: Plant, plan: StripPlan, language: str) -> str:
    """The terminals ``first`` to ``last`` of a strip, from left to right."""
    return svg.group(_content(plant, plan, language), class_="strip-plan", data_component=plan.tag)


def _content(plant: Plant, plan: StripPlan, language: str) -> Iterator[str]:
    x, y = plan.at
    places = dict(plan.terminals)
    yield svg.text(x - 0.8, y, plan.tag, 1.9, "tag", "end", data_component=plan.tag)
    for port, at in places.items():
        yield svg.rectangle(at - plan.pitch / 2, y - _BODY / 2, plan.pitch, _BODY, "ink closed")
        yield from _wires(plant, plan, port, at, language)
    yield from _bridges(plant, plan, places)
    for port, at in places.items():
        yield svg.circle(at, y + 0.7, 0.55, "terminal")
        yield svg.text(at, y - 0.9, port, 1.25, "pin-text strong")
        yield svg.pin_svg(plan.tag, port, at, y + 0.7, pin_label(plant, plan.tag, port, language), dot=0.22)


def _wires(plant: Plant, plan: StripPlan, port: str, at: float, language: str) -> Iterator[str]:
    above, below = plant.sides(plan.tag, port)
    for side, group in ((-1, above), (1, below)):
        for conductor, shift in fanned(group, 1.9):
            yield _stub(plant, plan, conductor, port, at, at + shift, side, language)


def _stub(
    plant: Plant,
    plan: StripPlan,
    conductor: Conductor,
    port: str,
    at: float,
    x: float,
    side: int,
    language: str,
) -> str:
    y = plan.at[1]
    edge, far = y + side * _BODY / 2, y + side * (_BODY / 2 + _WIRE)
    knee = edge + side * 0.8
    way = path_data(((at, edge), (x, knee), (x, far)) if x != at else ((at, edge), (at, far)))
    other = conductor.far_end((plan.tag, port))
    text_y = edge + side * (0.9 + (_WIRE - 0.9) / 2)
    end_anchor = "start" if side < 0 else "end"
    return svg.group(
        (
            svg.title(conductor_label(plant, conductor, language)),
            svg.tag("path", class_="line", d=way),
            svg.tag("path", class_="core", d=way) if conductor.colour == "GNYE" else "",
            svg.tag("path", class_="hit", d=way),
            svg.text(x - 0.95, text_y, conductor.number, 1.15, "wire-number", "middle", True),
            svg.text(x, far + side * 0.7, ":".join(other), 1.15, "destination", end_anchor, True),
        ),
        class_=conductor_classes(conductor),
        data_conductor=conductor.id,
        data_number=conductor.number,
    )


def _bridges(plant: Plant, plan: StripPlan, places: dict[str, float]) -> Iterator[str]:
    y = plan.at[1] + 0.7
    for here in plant.combs({(plan.tag, port): (x, y) for port, x in places.items()}):
        yield svg.polyline((here[0], here[-1]), "bridge-line")

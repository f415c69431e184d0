"""The plan of a terminal strip: one column per terminal, wires of the inside above, wires of the machine below."""

from __future__ import annotations

from collections.abc import Iterator

from etabli.machines.drawing import svg
from etabli.machines.drawing.plant import Conductor, Kind, Plant, PortName
from etabli.machines.drawing.sheet import DrawingError, StripPlan
from etabli.physics.text import Text

_WIRE = 9.0
"""Length of the wire stubs above and below, modules."""
_BODY = 4.0


def strip_plan(plant: Plant, plan: StripPlan, language: str) -> str:
    """The terminals ``first`` to ``last`` of a strip, from left to right."""
    return svg.group(_content(plant, plan, language), class_="strip-plan", data_component=plan.tag)


def terminals_of(plan: StripPlan) -> list[tuple[str, float]]:
    """Port and x of each terminal of the plan."""
    return [(str(n), plan.at[0] + (n - plan.first + 0.5) * plan.pitch) for n in range(plan.first, plan.last + 1)]


def _content(plant: Plant, plan: StripPlan, language: str) -> Iterator[str]:
    from etabli.machines.drawing.folio import pin_label

    x, y = plan.at
    places = dict(terminals_of(plan))
    yield svg.text(x - 0.8, y, plan.tag, 1.9, "tag", "end", data_component=plan.tag)
    for port, at in places.items():
        if plant.port(plan.tag, port) is None:
            raise DrawingError(
                "folios",
                plan.line,
                Text(f"la borne {plan.tag}:{port} n'existe pas", f"terminal {plan.tag}:{port} does not exist"),
                Text("corriger « first » et « last »", "mend 'first' and 'last'"),
            )
        yield svg.rectangle(at - plan.pitch / 2, y - _BODY / 2, plan.pitch, _BODY, "ink closed")
        yield from _wires(plant, plan, port, at, language)
    yield from _bridges(plant, plan, places)
    for port, at in places.items():
        yield svg.circle(at, y + 0.7, 0.55, "terminal")
        yield svg.text(at, y - 0.9, port, 1.25, "pin-text strong")
        yield svg.pin_svg(plan.tag, port, at, y + 0.7, pin_label(plant, plan.tag, port, language), dot=0.22)


def is_inside(plant: Plant, other: PortName) -> bool:
    """Whether the other end of a wire is inside the cabinet: its wire is drawn above the strip."""
    part = plant.parts[other[0]]
    location = plant.machine.locations.get(part.location)
    return bool(location and location.enclosed)


def _wires(plant: Plant, plan: StripPlan, port: str, at: float, language: str) -> Iterator[str]:
    ends = plant.on(plan.tag, port)
    above = [c for c in ends if is_inside(plant, _other(c, plan.tag, port))]
    below = [c for c in ends if c not in above]
    for side, group in ((-1, above), (1, below)):
        for i, conductor in enumerate(group):
            shift = (i - (len(group) - 1) / 2) * 1.9
            yield _stub(plant, plan, conductor, port, at, at + shift, side, language)


def _other(conductor: Conductor, tag: str, port: str) -> PortName:
    return conductor.second if conductor.first == (tag, port) else conductor.first


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
    from etabli.machines.drawing.folio import conductor_classes, conductor_label, path_data

    y = plan.at[1]
    edge, far = y + side * _BODY / 2, y + side * (_BODY / 2 + _WIRE)
    knee = edge + side * 0.8
    way = path_data(((at, edge), (x, knee), (x, far)) if x != at else ((at, edge), (at, far)))
    other = _other(conductor, plan.tag, port)
    text_y = edge + side * (0.9 + (_WIRE - 0.9) / 2)
    end_anchor = "start" if side < 0 else "end"
    return svg.group(
        (
            svg.tag("title", conductor_label(plant, conductor, language)),
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
    for kind, group in plant.groups:
        if kind is not Kind.BRIDGE:
            continue
        here = sorted(places[port] for tag, port in group if tag == plan.tag and port in places)
        if len(here) > 1:
            yield svg.polyline(((here[0], y), (here[-1], y)), "bridge-line")

"""Fuse-switch: three cartridges in a drawer that isolates, with the contact that their strikers open."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.curve import explain
from etabli.components.drawing import Line, Pin, Polygon, Shape, Symbol, Turns
from etabli.components.electrical.conductor import ac_pole
from etabli.components.electrical.contact import (
    ON_1,
    THREE_POLES,
    add_contact,
    contact_not_closing,
    contact_resistive,
    contact_welded,
)
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import POLE_PITCH, contact_symbol
from etabli.components.electrical.fuse import (
    Class,
    add_element,
    blown_mode,
    cartridge_parameters,
    clips_mode,
    fuse_senses,
    wrong_rating_mode,
)
from etabli.components.hand import add_hand
from etabli.physics.expression import less, maximum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.text import Text

LINES = ("L1", "L2", "L3")
_ELEMENTS = tuple(f"element_{line}" for line in LINES)
_BLADE_OHM = 0.001


@sampled(
    reads=("blown_1", "blown_2", "blown_3", "drawer"),
    memory=("armed",),
    parameters=("stuck",),
    stage=Stage.ACTUATE,
)
def strikers(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """``armed`` 1 while the drawer is in and no striker is out (IEC 60269-1: a melted element frees its striker).

    ``stuck`` (0/1): a striker that no longer moves the contact.
    """
    out = maximum(maximum(r.blown_1, r.blown_2), r.blown_3) * less(p.stuck, 0.5)
    return {"armed": less(0.5, r.drawer) * (1.0 - out)}


explain(
    strikers,
    Text(
        "Percuteurs : une cartouche fondue libère le sien, qui ouvre le contact (IEC 60269-1).",
        "Strikers: a melted cartridge frees its own, which opens the contact (IEC 60269-1).",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    position = float(p["initial_position"])
    add_hand(b, "drawer", position)
    drawer = b.memory("drawer", "position")
    closed = position > 0.5
    for line, element, (top, bottom) in zip(LINES, _ELEMENTS, THREE_POLES, strict=True):
        add_contact(b, top, f"clip_{line}", drawer, window=ON_1, closed_ohm=_BLADE_OHM, ac=True, closed_now=closed)
        b.device(f"link_{line}", ac_pole, {"a": f"clip_{line}", "b": bottom}, {"resistance": p["cold_ohm"]})
        add_element(b, p, element, f"link_{line}")
    reads = {f"blown_{k}": b.memory(element, "blown") for k, element in enumerate(_ELEMENTS, 1)}
    b.sample("strikers", strikers, {**reads, "drawer": drawer}, {"stuck": 0.0}, initial={"armed": position})
    add_contact(b, "13", "14", b.memory("strikers", "armed"), closed_now=closed)


@dc_image("three_pole_fuses")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return tuple(
        (top, bottom, read(ParameterRef(f"{tag}.contact_{top}_clip_{line}", "resistance")) + _link_ohm(tag, line, read))
        for line, (top, bottom) in zip(LINES, THREE_POLES, strict=True)
    )


def _link_ohm(tag: str, line: str, read: Read) -> float:
    return read(ParameterRef(f"{tag}.link_{line}", "resistance"))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    inside = read(MemoryRef(f"{tag}.drawer", "head")) > 0.5
    look = (
        Text("Le tiroir porte-fusibles est fermé.", "The fuse drawer is in.")
        if inside
        else Text("Le tiroir porte-fusibles est tiré.", "The fuse drawer is out.")
    )
    return (Perception(Sense.LOOK, look), *fuse_senses(tag, read, _ELEMENTS))


def _worn(element: str, line: str) -> FailureMode:
    """The element has half melted under past overloads: it blows on the next start."""
    return FailureMode(
        f"worn_{line}",
        Text(
            f"élément fusible vieilli par les surcharges : fond sans raison ({line})",
            f"element aged by overloads: melts for nothing ({line})",
        ),
        (Effect(f"{element}.worn", 0.95),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.5,
        degrees=(0.9, 1.0),
    )


def _fused_blade(x: float) -> tuple[Shape, ...]:
    """A blade that carries its cartridge (fuse-switch-disconnector of IEC 60617-7)."""
    along, across = (-0.4706, -0.8824), (0.8824, -0.4706)
    corner = (x + 0.35 * along[0] - 0.28 * across[0], 2.8 + 0.35 * along[1] - 0.28 * across[1])
    box = tuple(
        (corner[0] + a * along[0] + c * across[0], corner[1] + a * along[1] + c * across[1])
        for a, c in ((0.0, 0.0), (1.0, 0.0), (1.0, 0.56), (0.0, 0.56))
    )
    return (
        Line(((x, 0), (x, 1.2))),
        Line(((x - 0.35, 1.2), (x + 0.35, 1.2))),
        Line(((x, 2.8), (x, 4))),
        Turns("drawer", x, 2.8, 28.0, (Line(((x, 2.8), (x - 0.8, 1.3))), Polygon(box))),
    )


def _symbol() -> Symbol:
    columns = [POLE_PITCH * k + 2 for k in range(len(THREE_POLES))]
    shapes = tuple(shape for x in columns for shape in _fused_blade(x))
    link = Line(((columns[0] - 0.4, 2.0), (columns[-1] - 0.4, 2.0)), "dashed")
    pins = tuple(
        pin
        for x, (top, bottom) in zip(columns, THREE_POLES, strict=True)
        for pin in (Pin(top, x, 0, "n"), Pin(bottom, x, 4, "s"))
    )
    return Symbol(POLE_PITCH * len(THREE_POLES), 4, (*shapes, link), pins)


COMPONENT = Component(
    family="three_pole_fuses",
    letter="Q",
    text=Text("sectionneur porte-fusibles tripolaire", "three-pole fuse-switch"),
    sheet=Text(
        "Trois cartouches à percuteur dans un tiroir qui sectionne (cadenassable tiré). aM : supporte les démarrages "
        "de moteur, fond à partir de 6,3 In et ne protège pas des surcharges ; gG : usage général. Contact 13-14 fermé "
        "tiroir en place et aucun percuteur sorti : à mettre dans l'arrêt, sinon le moteur reste sur deux phases. "
        "Valeurs : fiche IEC 60269-2 de cartouche 10 × 38 aM 4 A (I²t de préarc 45 A²s, 22 mΩ).",
        "Three striker cartridges in a drawer that isolates (padlocked when out). aM: stands motor starts, melts from "
        "6.3 In on and does not protect from overloads; gG: general use. Contact 13-14 closed with the drawer in and "
        "no striker out: put it in the stop circuit, or the motor stays on two phases. "
        "Values: IEC 60269-2 sheet of a 10 × 38 cartridge aM 4 A (pre-arcing I²t 45 A²s, 22 mΩ).",
    ),
    parameters=(
        *cartridge_parameters(4.0, 45.0, 0.022, Class.AM),
        Parameter("initial_position", Text("position au départ", "position at start"), "", 1, 0, 1),
    ),
    ports=(
        *(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
        Port("13", Domain.DC),
        Port("14", Domain.DC),
    ),
    build=_build,
    failure_modes=(
        *(blown_mode(e, line) for e, line in zip(_ELEMENTS, LINES, strict=True)),
        *(_worn(e, line) for e, line in zip(_ELEMENTS, LINES, strict=True)),
        wrong_rating_mode(*_ELEMENTS),
        *(clips_mode(e, 200.0, line) for e, line in zip(_ELEMENTS, LINES, strict=True)),
        contact_not_closing("13", "14", rate=0.6),
        contact_resistive("13", "14", ohms=30000.0, rate=0.5),
        contact_welded("13", "14", rate=0.3),
    ),
    channels=lambda tag, p: (
        Channel("drawer", MemoryRef(f"{tag}.drawer", "head"), seen=True, text=Text("tiroir", "drawer")),
        Channel("armed", MemoryRef(f"{tag}.strikers", "armed")),
        *(
            Channel(
                f"blown_{line}",
                MemoryRef(f"{tag}.{e}", "blown"),
                seen=True,
                text=Text(f"indicateur de fusion {line}", f"blown indicator {line}"),
            )
            for e, line in zip(_ELEMENTS, LINES, strict=True)
        ),
    ),
    senses=_senses,
    symbols={"main": _symbol(), "contact_13_14": contact_symbol("13", "14", "armed")},
    controls={"position": "drawer.position", "lock": "drawer.locked"},
)

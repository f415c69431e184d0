"""Double-acting pneumatic cylinder with adjustable end cushioning."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Swap,
)
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import adjustable
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.cylinder_parts import (
    CHAMBER_PARAMETERS,
    ROD_MODES,
    ROD_SIGNALS,
    START,
    add_chambers,
    add_rod,
    add_rod_reading,
    rod_channels,
    rod_senses,
    side_symbol,
)
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    stroke, start = float(p["stroke_mm"]) * 1e-3, float(p["stroke_mm"]) * 1e-3 * float(p["start"])
    add_volume(b, "A")
    add_volume(b, "B")
    add_chambers(b, p, stroke, start)
    add_leak(b, "rod_leak", "chamber_b")
    add_leak(b, "cap_leak", "chamber_a")
    add_rod(b, p)
    add_rod_reading(b, p, stroke)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return (
        *rod_senses(tag, p, read),
        *hiss(
            read,
            tag,
            "rod_leak",
            f"{tag}.chamber_b",
            Text("autour de la tige du vérin", "around the rod of the cylinder"),
        ),
        *hiss(read, tag, "cap_leak", f"{tag}.chamber_a", Text("au fond du vérin", "at the cap end of the cylinder")),
    )


def _symbol() -> Symbol:
    """Body 20 × 6, rod out to the right; rod and piston move over 13 modules."""
    moving = (
        Rectangle(2, 0.2, 1.4, 5.6, True),
        Line(((3.4, 2.6), (23, 2.6))),
        Line(((3.4, 3.4), (23, 3.4))),
        Line(((23, 2.6), (23, 3.4))),
    )
    cushion = (Rectangle(1.4, 1.6, 0.6, 2.8), Rectangle(3.4, 1.6, 0.6, 2.8))
    ports = (Line(((2, 6), (2, 8))), Line(((18, 6), (18, 8))))
    return Symbol(
        36,
        8,
        (Rectangle(0, 0, 20, 6), *ports, Moves("rod", 14.6, 0, (*moving, *cushion)), *adjustable(10, 3, 2.5)),
        (Pin("A", 2, 8, "s"), Pin("B", 18, 8, "s")),
    )


COMPONENT = Component(
    family="cylinder",
    letter="A",
    purpose="M",
    text=Text("vérin double effet", "double-acting cylinder"),
    sheet=Text(
        "Convertit la pression en effort : l'air en A fait sortir la tige, l'air en B la fait rentrer. L'amortissement "
        "freine la fin de course par une vis. Valeurs : fiche de vérin ISO 15552 Ø 32, course 100 mm, frottement de "
        "0,25 bar, amortissement pneumatique réglable. Chambres à température constante, ou avec "
        "bilan d'énergie (modèle « energy »).",
        "Converts pressure into force: air in A extends the rod, air in B retracts it. The cushioning brakes the end "
        "of the stroke with a screw. Values: data sheet of an ISO 15552 cylinder, 32 mm bore, 100 mm stroke, friction "
        "of 0.25 bar, adjustable air cushioning. Chambers at constant temperature, or with an energy "
        "balance (model “energy”).",
    ),
    parameters=(*CHAMBER_PARAMETERS, START),
    ports=(Port("A", Domain.PNEUMATIC), Port("B", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "piston_seal",
            Text("joint de piston usé : fuite interne", "worn piston seal: internal leak"),
            (Effect("chambers.piston_leak", 0.1),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.15, 1.0),
        ),
        leak_mode(
            "rod_seal",
            Text("joint de tige usé : fuite au nez", "worn rod seal: leak at the nose"),
            "rod_leak",
            0.4,
            rate=1.5,
            visible=Text(
                "La tige porte un film d'huile noire au nez du vérin.", "The rod carries a black oil film at the nose."
            ),
        ),
        leak_mode("cap_seal", Text("joint du fond usé : fuite", "worn cap seal: leak"), "cap_leak", 0.3, rate=0.5),
        *ROD_MODES,
        FailureMode(
            "cushion_damaged",
            Text("amortissement détruit", "cushioning destroyed"),
            (Effect("chambers.cushion_seal", 0.0),),
            rate=0.8,
        ),
        FailureMode(
            "cushion_closed",
            Text("vis d'amortissement fermée à fond", "cushioning screw fully closed"),
            (Effect("chambers.cushioning", 1.05),),
            Repair.ADJUST,
        ),
        FailureMode(
            "hoses_crossed",
            Text("tubes A et B croisés", "hoses A and B crossed"),
            (Swap("A", "B"),),
            Repair.RECONNECT,
            rate=0.7,
        ),
    ),
    channels=rod_channels,
    signals=ROD_SIGNALS,
    senses=_senses,
    symbols={"main": _symbol(), "side": side_symbol()},
    adjusts={"cushioning": "chambers.cushioning"},
)

"""Oil-mist lubricator: the last part of a service unit, where the cylinders still ask for oil."""

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
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Polygon, Symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, REFERENCE_DENSITY, air_flow, orifice
from etabli.components.pneumatic.seat import SEAT_RATIO
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import clamp, knee, less, maximum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

_DROP_CM3 = 0.03
_CORNER_L_MIN = 2.0


@sampled(
    reads=("up", "down"),
    parameters=("conductance", "passage", "least_l_min", "drops_m3", "needle", "bowl_cm3", "missing"),
    memory=("rate", "used", "level"),
    stage=Stage.SENSE,
)
def oil_drip(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Drops a minute in the sight dome: ``drops_m3`` for each m³ (ANR) of the flow above ``least_l_min``.

    The air speeds up past the dome and sucks oil through the needle (Venturi): too small a flow carries none.
    ``needle`` is its setting (1 as advised), ``level`` the oil left (share of ``bowl_cm3``, ``missing`` was never
    filled in), ``used`` cm³ gone since the start. Source: operating range, advised setting (10 drops a m³) and bowl of
    lubricator sheets; 0.03 cm³ a drop.
    """
    conductance = p.conductance * p.passage
    flow = air_flow(maximum(r.up, r.down), r.down, conductance, SEAT_RATIO) / REFERENCE_DENSITY * 60.0
    level = maximum(1.0 - p.missing - m.used / p.bowl_cm3, 0.0)
    rate = p.needle * p.drops_m3 * 1e-3 * knee(flow - p.least_l_min, _CORNER_L_MIN) * less(0.0, level)
    return {"rate": rate, "used": m.used + h / 60.0 * rate * _DROP_CM3, "level": clamp(level, 0.0, 1.0)}


explain(
    oil_drip,
    Text(
        "Lubrificateur : l'air accéléré aspire l'huile goutte à goutte (effet Venturi), en proportion du débit au-delà "
        "du plus petit qui l'entraîne. Source : fiches de lubrificateurs à brouillard d'huile.",
        "Lubricator: the faster air draws oil drop by drop (Venturi), in proportion to the flow above the least that "
        "carries it. Source: sheets of oil-mist lubricators.",
    ),
    Curve(
        Text("gouttes selon la perte de charge, 6 bar en amont", "drops against pressure drop, 6 bar upstream"),
        Axis(Text("perte de charge", "pressure drop"), "bar"),
        Axis(Text("gouttes", "drops"), "1/min"),
        sweep(0.0, 0.5, lambda d, x: d.step(up=7.013, down=7.013 - x)["rate"], 51),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1", 5.0)
    add_volume(b, "2", 10.0)
    conductance = float(p["conductance"])
    values = {"conductance": conductance, "critical_ratio": SEAT_RATIO, "opening": 1.0}
    b.device("passage", orifice, {"a": "1", "b": "2"}, values)
    b.sample(
        "drip",
        oil_drip,
        {"up": b.across("1"), "down": b.across("2")},
        {
            "conductance": conductance,
            "passage": 1.0,
            "least_l_min": p["least_l_min"],
            "drops_m3": 10.0,
            "needle": p["needle"],
            "bowl_cm3": p["bowl_cm3"],
            "missing": 0.1,
        },
        initial={"level": 0.9},
    )
    add_leak(b, "leak", "1")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    rate, level = (read(MemoryRef(f"{tag}.drip", name)) for name in ("rate", "level"))
    seen = Text("Aucune goutte ne tombe dans le dôme.", "No drop falls in the sight dome.")
    if rate > 60.0:
        seen = Text("L'huile coule en filet dans le dôme.", "Oil runs in a thread in the sight dome.")
    elif rate >= 0.5:
        n = f"{rate:.0f}"
        drops = ("goutte", "drop") if n == "1" else ("gouttes", "drops")
        seen = Text(f"Dans le dôme, {n} {drops[0]} par minute.", f"In the sight dome, {n} {drops[1]} a minute.")
    bowl = Text("La cuve est garnie d'huile.", "There is oil in the bowl.")
    if level < 0.15:
        bowl = Text("La cuve est presque vide d'huile.", "There is hardly any oil in the bowl.")
    fitting = Text("à la cuve du lubrificateur", "at the bowl of the lubricator")
    return (
        Perception(Sense.LOOK, seen),
        Perception(Sense.LOOK, bowl),
        *hiss(read, tag, "leak", f"{tag}:1", fitting),
    )


def _symbol() -> Symbol:
    shapes = (
        Polygon(((1, 4), (4, 1), (7, 4), (4, 7))),
        Line(((4, 1), (4, 2.6))),
        Line(((0, 4), (1, 4))),
        Line(((7, 4), (8, 4))),
    )
    return Symbol(8, 8, shapes, (Pin("1", 0, 4, "w"), Pin("2", 8, 4, "e")))


COMPONENT = Component(
    family="air_lubricator",
    letter="Z",
    purpose="R",
    text=Text("lubrificateur à brouillard d'huile", "oil-mist lubricator"),
    sheet=Text(
        "Charge l'air d'huile pour les vérins et moteurs à air qui le demandent ; à régler vers 10 gouttes par m³. "
        "Trop d'huile salit les silencieux, pas d'huile use les joints. Un vérin graissé à vie n'en veut pas ; une "
        'fois huilé, il en faut toujours. Valeurs : fiche de lubrificateur 1/4", à partir de 20 l/min, cuve de 50 cm³.',
        "Loads the air with oil for the cylinders and air motors that ask for it; set it near 10 drops a m³. Too much "
        "oil soils the silencers, none wears the seals. A cylinder greased for life wants none; once oiled, it always "
        'needs it. Values: data sheet of a 1/4" lubricator, from 20 l/min on, bowl of 50 cm³.',
    ),
    parameters=(
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 8.0, 0.1, 50.0),
        Parameter("needle", Text("réglage du pointeau", "setting of the needle"), "", 1.0, 0.0, 8.0, True),
        Parameter(
            "least_l_min", Text("plus petit débit utile (ANR)", "least useful flow (ANR)"), "l/min", 20.0, 0.0, 500.0
        ),
        Parameter("bowl_cm3", Text("cuve", "bowl"), "cm³", 50.0, 5.0, 2000.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "empty",
            Text("lubrificateur vide", "lubricator empty"),
            (Effect("drip.missing", 1.0),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            visible=Text("La cuve du lubrificateur est vide.", "The bowl of the lubricator is empty."),
        ),
        FailureMode(
            "needle_shut",
            Text("pointeau du lubrificateur trop fermé", "needle of the lubricator shut too far"),
            (Effect("drip.needle", 0.0),),
            Repair.ADJUST,
            rate=1.0,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "needle_open",
            Text("pointeau du lubrificateur trop ouvert", "needle of the lubricator opened too far"),
            (Effect("drip.needle", 8.0, relative=True),),
            Repair.ADJUST,
            rate=0.8,
            degrees=(0.3, 1.0),
            visible=Text("Les silencieux sont gras d'huile.", "The silencers are greasy with oil."),
        ),
        FailureMode(
            "clogged",
            Text("passage du lubrificateur encrassé", "passage of the lubricator clogged"),
            (Effect("passage.opening", 0.02, logarithmic=True), Effect("drip.passage", 0.02, logarithmic=True)),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            0.8,
            (0.6, 1.0),
        ),
        leak_mode("leak", Text("joint de la cuve coupé", "seal of the bowl cut"), "leak", 0.4),
    ),
    channels=lambda tag, p: (
        Channel("pressure", NodeRef(f"{tag}:2"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 10.0),
        Channel("drops", MemoryRef(f"{tag}.drip", "rate"), 0.0, 30.0, seen=True, text=Text("gouttes", "drops")),
        Channel("oil", MemoryRef(f"{tag}.drip", "level"), seen=True, text=Text("huile", "oil")),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
    adjusts={"needle": "drip.needle"},
)

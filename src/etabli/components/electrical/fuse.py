"""Cartridge fuse with its melting element."""

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
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.electrical.electrical_symbols import fuse_symbol
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

MINIMUM_FUSING_RATIO = 1.45
"""Current that melts in the long run over the rating (IEC 60269 gG: holds 1.25…1.5 In, melts by 1.6…2.1 In)."""


@sampled(
    reads=("current",),
    parameters=("rated", "melting_i2t", "cold_ohm", "worn", "broken"),
    memory=("heat", "blown"),
    writes=("resistance",),
    stage=Stage.PROTECT,
)
def fuse_element(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Melting of the element: ``τ dθ/dt = (I / If)² - θ``, melts at θ = 1, with ``If = 1.45 In`` and ``τ = I²t / If²``.

    Long currents above If melt it, short ones when their joule integral reaches ``melting_i2t`` (A²s), as on the
    time-current curves of IEC 60269. ``worn`` (0…1) is an element already partly melted by past overloads.
    """
    fusing = MINIMUM_FUSING_RATIO * p.rated
    constant = p.melting_i2t / (fusing * fusing)
    load = (r.current / fusing) * (r.current / fusing)
    heat = (m.heat + (h / constant) * load) / (1.0 + h / constant)
    blown = maximum(maximum(m.blown, less(1.0 - p.worn, heat)), less(0.5, p.broken))
    return {"heat": heat, "blown": blown, "resistance": select(blown, OPEN_OHM, p.cold_ohm)}


def _build(b: Builder, p: Parameters) -> None:
    b.device("link", dc_pole, {"a": "1", "b": "2"}, {"resistance": p["cold_ohm"]})
    b.sample(
        "element",
        fuse_element,
        {"current": b.state("link", "current")},
        {
            "rated": p["rated_a"],
            "melting_i2t": p["melting_i2t"],
            "cold_ohm": p["cold_ohm"],
            "worn": 0.0,
            "broken": 0.0,
        },
        {"resistance": b.parameter("link", "resistance")},
    )


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.element", "blown")) > 0.5:
        return (
            Perception(
                Sense.LOOK,
                Text("Le voyant de fusion du fusible est sorti.", "The indicator of the fuse has popped out."),
            ),
        )
    if read(MemoryRef(f"{tag}.element", "heat")) > 0.5:
        return (Perception(Sense.TOUCH, Text("Le porte-fusible est chaud.", "The fuse holder is hot.")),)
    return ()


COMPONENT = Component(
    family="fuse",
    letter="F",
    text=Text("fusible", "fuse"),
    sheet=Text(
        "Fusible cylindrique gG 10 × 38 sous porte-fusible, avec voyant de fusion. Fond en moins d'une heure à 1,6 "
        "In, et dès que l'intégrale I²t atteint la valeur de préarc. Se remplace, ne se réarme pas. Valeurs : fiche "
        "IEC 60269 de cartouche gG 2 A (I²t de préarc 8 A²s, 90 mΩ).",
        "gG cylindrical fuse 10 × 38 in a holder, with blown indicator. Melts within the hour at 1.6 In, and as soon "
        "as the I²t integral reaches the pre-arcing value. Replace, never reset. Values: IEC 60269 sheet of a gG 2 A "
        "cartridge (pre-arcing I²t 8 A²s, 90 mΩ).",
    ),
    parameters=(
        Parameter("rated_a", Text("calibre", "rating"), "A", 2.0, 0.1, 63.0),
        Parameter("melting_i2t", Text("I²t de préarc", "pre-arcing I²t"), "A²s", 8.0, 0.01, 5000.0),
        Parameter("cold_ohm", Text("résistance à froid", "cold resistance"), "Ω", 0.09, 0.001, 5.0),
    ),
    ports=(Port("1", Domain.DC), Port("2", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "blown",
            Text("fusible fondu", "fuse blown"),
            (Effect("element.broken", 1.0),),
            rate=2.0,
            visible=Text("Le voyant de fusion est sorti.", "The blown indicator is out."),
        ),
        FailureMode(
            "wrong_rating",
            Text("calibre monté trop faible", "rating fitted is too small"),
            (Effect("element.rated", 0.1, relative=True), Effect("element.melting_i2t", 0.01, relative=True)),
            rate=0.5,
            degrees=(0.8, 1.0),
            visible=Text(
                "Le calibre marqué sur la cartouche n'est pas celui de la nomenclature.",
                "The rating marked on the cartridge is not the one of the parts list.",
            ),
        ),
        FailureMode(
            "holder_resistive",
            Text("mâchoires du porte-fusible oxydées", "oxidised fuse clips"),
            (Effect("element.cold_ohm", 2000.0, logarithmic=True),),
            repair=Repair.CLEAN,
            onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
            degrees=(0.8, 1.0),
            visible=Text(
                "Les mâchoires du porte-fusible sont vert-de-grisées.",
                "The clips of the fuse holder are green with oxide.",
            ),
        ),
    ),
    channels=lambda tag, p: (
        Channel(
            "blown",
            MemoryRef(f"{tag}.element", "blown"),
            seen=True,
            text=Text("indicateur de fusion", "blown indicator"),
        ),
    ),
    senses=_senses,
    symbols={"main": fuse_symbol("1", "2")},
)

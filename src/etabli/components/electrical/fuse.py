"""Cartridge fuse with its melting element."""

from __future__ import annotations

import enum
from dataclasses import dataclass
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
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.electrical.electrical_symbols import fuse_symbol
from etabli.physics.expression import clamp, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


class Class(enum.Enum):
    """Utilisation category: what the cartridge is for."""

    GG = "gG"
    AM = "aM"


@dataclass(frozen=True)
class Melting:
    """How the element of one utilisation category warms up."""

    fusing_ratio: float
    """Current that melts it in the long run, over the rating."""
    fast_share: float
    """Share of the final temperature rise that the notches reach by themselves, before the strip follows, up to 2 A."""
    fast_fall: float
    """Power of the rating with which that share falls: a wide strip draws the heat of its notches away."""
    slow_s: float
    """Time constant of the strip and its caps at 2 A, s."""
    growth: float
    """Power of the rating with which that time constant grows: a bigger cartridge is slower."""
    case_share: float
    """Share of the final rise that comes with the body of the cartridge and its holder, :data:`CASE_SLOWER` times later
    than the strip: what makes a gG cartridge bear twice its rating for minutes."""

    def fast_share_of(self, rated_a: float) -> float:
        """Share that the notches reach by themselves."""
        return float(self.fast_share * max(rated_a / 2.0, 1.0) ** -self.fast_fall)

    def slow_time_s(self, rated_a: float) -> float:
        """Time constant of the strip and its caps, s."""
        return float(self.slow_s * (rated_a / 2.0) ** self.growth)


CASE_SLOWER = 60.0
MELTING = {Class.GG: Melting(1.55, 0.2, 0.47, 5.0, 0.4, 0.5), Class.AM: Melting(5.0, 0.05, 0.0, 1.4, 0.0, 0.0)}
"""Amid the gates of IEC 60269-1 for gG (holds 1.25 to 1.5 In for an hour, melts by 1.6 to 2.1 In, points at 10, 5 and
0.1 s) and of IEC 60269-2 for aM (holds 4 In for a minute and 8 In for half a second, melts at 6.3 In within a minute,
at 12.5 In within half a second, at 19 In within 0.1 s); gG beyond 10 s beside the curves of makers (two thirds of the
current of NH blades, which are slow)."""
_LEAST_FAST_S = 1e-4


@sampled(
    reads=("current",),
    parameters=(
        "rated",
        "fusing_ratio",
        "fast_share",
        "case_share",
        "slow_s",
        "melting_i2t",
        "cold_ohm",
        "worn",
        "broken",
    ),
    memory=("fast", "slow", "case", "heat", "blown"),
    writes=("resistance",),
    stage=Stage.PROTECT,
)
def fuse_element(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Melting of the element: bodies that warm up after ``(I / If)²``, the notches (fast), the strip (slow), the body
    of the cartridge (:data:`CASE_SLOWER` times slower); melts where the sum of their shares is 1.

    ``If = fusing_ratio · In``. A current above If melts it in the long run, a short circuit as soon as its joule
    integral reaches ``melting_i2t`` (A²s): the time constant of the notches follows from it,
    ``If² / I²t = fast_share / τf + slow_share / τs + case_share / τc``. ``worn`` (0…1) is an element already partly
    melted by past overloads, ``broken`` (0/1) a melted one. Source: reduction of notched fuse elements to a few bodies;
    time-current gates of IEC 60269.
    """
    fusing = p.fusing_ratio * p.rated
    load = (r.current / fusing) * (r.current / fusing)
    case_s, slow_share = CASE_SLOWER * p.slow_s, 1.0 - p.fast_share - p.case_share
    per_second = fusing * fusing / p.melting_i2t - slow_share / p.slow_s - p.case_share / case_s
    fast_s = p.fast_share / clamp(per_second, p.fast_share / p.slow_s, p.fast_share / _LEAST_FAST_S)
    fast = (m.fast + (h / fast_s) * load) / (1.0 + h / fast_s)
    slow = (m.slow + (h / p.slow_s) * load) / (1.0 + h / p.slow_s)
    case = (m.case + (h / case_s) * load) / (1.0 + h / case_s)
    heat = p.fast_share * fast + slow_share * slow + p.case_share * case
    blown = maximum(maximum(m.blown, less(1.0 - p.worn, heat)), less(0.5, p.broken))
    return {
        "fast": fast,
        "slow": slow,
        "case": case,
        "heat": heat,
        "blown": blown,
        "resistance": select(blown, OPEN_OHM, p.cold_ohm),
    }


def _melting_time(piece: Piece, load: float) -> float | None:
    """Seconds until the element melts at ``load`` times the rating of a sound one, from cold."""
    if piece.p.broken > 0.5:
        return None
    return piece.time_until(lambda found: found["blown"] > 0.5, 7200.0, current=load * piece.sound.p.rated)


explain(
    fuse_element,
    Text(
        "Élément fusible : trois corps chauffent comme (I / If)², les amincissements (vite), la lame (en secondes) et "
        "le corps de la cartouche (en minutes) ; il fond en long au-dessus de If, et en court-circuit dès que son "
        "intégrale I²t est atteinte. Source : portes temps-courant de IEC 60269.",
        "Fuse element: three bodies heat as (I / If)², the notches (fast), the strip (in seconds) and the body of the "
        "cartridge (in minutes); it melts in the long run above If, and in a short circuit as soon as its I²t is "
        "reached. Source: time-current gates of IEC 60269.",
    ),
    Curve(
        Text("temps de fusion", "melting time"),
        Axis(Text("courant / calibre In", "current / rating In"), logarithmic=True),
        Axis(Text("temps", "time"), "s", logarithmic=True),
        sweep(lambda d: 1.03 * d.p.fusing_ratio, 30.0, _melting_time, 60, logarithmic=True),
    ),
)


def add_element(b: Builder, p: Parameters, name: str, link: str) -> None:
    """The element ``name`` that watches the current of the pole ``link`` and opens it when it melts."""
    melting = MELTING[Class(p["utilisation"])]
    b.sample(
        name,
        fuse_element,
        {"current": b.state(link, "current")},
        {
            "rated": p["rated_a"],
            "fusing_ratio": melting.fusing_ratio,
            "fast_share": melting.fast_share_of(p["rated_a"]),
            "case_share": melting.case_share,
            "slow_s": melting.slow_time_s(p["rated_a"]),
            "melting_i2t": p["melting_i2t"],
            "cold_ohm": p["cold_ohm"],
            "worn": 0.0,
            "broken": 0.0,
        },
        {"resistance": b.parameter(link, "resistance")},
    )


def cartridge_parameters(rated_a: float, i2t: float, ohms: float, utilisation: Class) -> tuple[Parameter, ...]:
    """Data of a cartridge: rating A, pre-arcing I²t A²s, cold resistance Ω, utilisation category."""
    return (
        Parameter("rated_a", Text("calibre", "rating"), "A", rated_a, 0.1, 63.0),
        Parameter("melting_i2t", Text("I²t de préarc", "pre-arcing I²t"), "A²s", i2t, 0.01, 50000.0),
        Parameter("cold_ohm", Text("résistance à froid", "cold resistance"), "Ω", ohms, 0.0001, 5.0),
        Parameter(
            "utilisation",
            Text("catégorie d'emploi", "utilisation category"),
            "",
            utilisation.value,
            choices=tuple(c.value for c in Class),
        ),
    )


def blown_mode(element: str, pole: str = "") -> FailureMode:
    """The element ``element`` has melted; ``pole`` names the cartridge where there are several."""
    key, of = (f"_{pole}", f" ({pole})") if pole else ("", "")
    return FailureMode(
        f"blown{key}",
        Text(f"fusible fondu{of}", f"fuse blown{of}"),
        (Effect(f"{element}.broken", 1.0),),
        rate=2.0,
        visible=Text(f"Le voyant de fusion est sorti{of}.", f"The blown indicator is out{of}."),
    )


def wrong_rating_mode(*elements: str) -> FailureMode:
    """Cartridges of too small a rating."""
    return FailureMode(
        "wrong_rating",
        Text("calibre monté trop faible", "rating fitted is too small"),
        tuple(
            effect
            for e in elements
            for effect in (Effect(f"{e}.rated", 0.1, relative=True), Effect(f"{e}.melting_i2t", 0.01, relative=True))
        ),
        rate=0.5,
        degrees=(0.8, 1.0),
        visible=Text(
            "Le calibre marqué sur la cartouche n'est pas celui de la nomenclature.",
            "The rating marked on the cartridge is not the one of the parts list.",
        ),
    )


def clips_mode(element: str, ohms: float, pole: str = "") -> FailureMode:
    """Oxidised clips: ``ohms`` at full degree."""
    key, of = (f"_{pole}", f" ({pole})") if pole else ("", "")
    return FailureMode(
        f"holder_resistive{key}",
        Text(f"mâchoires du porte-fusible oxydées{of}", f"oxidised fuse clips{of}"),
        (Effect(f"{element}.cold_ohm", ohms, logarithmic=True),),
        repair=Repair.CLEAN,
        onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
        degrees=(0.8, 1.0),
        visible=Text(
            f"Les mâchoires du porte-fusible sont vert-de-grisées{of}.",
            f"The clips of the fuse holder are green with oxide{of}.",
        ),
    )


def fuse_senses(tag: str, read: Read, elements: tuple[str, ...] = ("element",)) -> list[Perception]:
    """Blown indicators, and heat of the holder."""
    if any(read(MemoryRef(f"{tag}.{e}", "blown")) > 0.5 for e in elements):
        out = Text("Le voyant de fusion du fusible est sorti.", "The indicator of the fuse has popped out.")
        return [Perception(Sense.LOOK, out)]
    if any(read(MemoryRef(f"{tag}.{e}", "heat")) > 0.5 for e in elements):
        return [Perception(Sense.TOUCH, Text("Le porte-fusible est chaud.", "The fuse holder is hot."))]
    return []


def _build(b: Builder, p: Parameters) -> None:
    b.device("link", dc_pole, {"a": "1", "b": "2"}, {"resistance": p["cold_ohm"]})
    add_element(b, p, "element", "link")


COMPONENT = Component(
    family="fuse",
    letter="F",
    text=Text("fusible", "fuse"),
    sheet=Text(
        "Fusible cylindrique gG 10 × 38 sous porte-fusible, avec voyant de fusion. Fond en moins d'une heure à 2,1 In "
        "(1,6 In à partir de 16 A), et dès que l'intégrale I²t atteint la valeur de préarc. Se remplace, ne se réarme "
        "pas. Valeurs : fiche IEC 60269 de cartouche gG 2 A (I²t de préarc 8 A²s, 90 mΩ).",
        "gG cylindrical fuse 10 × 38 in a holder, with blown indicator. Melts within the hour at 2.1 In (1.6 In from "
        "16 A on), and as soon as the I²t integral reaches the pre-arcing value. Replace, never reset. Values: IEC "
        "60269 sheet of a gG 2 A cartridge (pre-arcing I²t 8 A²s, 90 mΩ).",
    ),
    parameters=cartridge_parameters(2.0, 8.0, 0.09, Class.GG),
    ports=(Port("1", Domain.DC), Port("2", Domain.DC)),
    build=_build,
    failure_modes=(
        blown_mode("element"),
        wrong_rating_mode("element"),
        clips_mode("element", 2000.0),
    ),
    channels=lambda tag, p: (
        Channel(
            "blown",
            MemoryRef(f"{tag}.element", "blown"),
            seen=True,
            text=Text("indicateur de fusion", "blown indicator"),
        ),
    ),
    senses=lambda tag, p, read: tuple(fuse_senses(tag, read)),
    symbols={"main": fuse_symbol("1", "2")},
)

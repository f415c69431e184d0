"""Vacuum ejector: a jet of compressed air draws a vacuum."""

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
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, REFERENCE_DENSITY, air_flow, vent
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import knee, maximum
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_NOZZLE_RATIO = 0.45
_BEND = 0.05  # rounding of the corner where a stronger jet draws no deeper, as a share of the rated jet
_SILENCER_C = 8.0


@law(
    terminals={"p1": Domain.PNEUMATIC, "pv": Domain.PNEUMATIC, "p3": Domain.PNEUMATIC},
    parameters=("nozzle", "suction", "depth", "rated_jet"),
    states=("jet", "drawn"),
)
def ejector(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Single-stage ejector: the jet from 1 carries air from V to the exhaust 3.

    ``nozzle`` C of the jet, dm³/(s·bar) (ISO 6358-1). A jet of ``rated_jet`` g/s can lower V by ``depth`` bar below 3,
    a weaker one in proportion, a stronger one no more. What is drawn falls in a straight line from ``suction`` times
    that depth, in dm³/s ANR, with V at the pressure of 3, to nothing at that depth; without a jet the same passage lets
    air back. States: jet and drawn air, g/s. Source: suction over vacuum of single-stage ejector sheets (close to
    straight lines) and their vacuum over supply pressure.
    """
    jet = air_flow(v.p1, v.p3, p.nozzle, _NOZZLE_RATIO)
    strength = maximum(jet / p.rated_jet, 0.0)
    lifted = p.depth * (strength - knee(strength - 1.0, _BEND))
    drawn = REFERENCE_DENSITY * p.suction * (v.pv - v.p3 + lifted)
    return {"p1": jet, "pv": drawn, "p3": -jet - drawn}, {"jet": jet, "drawn": drawn}


explain(
    ejector,
    Text(
        "Éjecteur : le jet de la buse (ISO 6358) entraîne l'air aspiré ; l'aspiration décroît en ligne droite avec le "
        "vide et la profondeur suit la force du jet. Source : courbes des fiches d'éjecteurs mono-étage.",
        "Ejector: the jet of the nozzle (ISO 6358) carries the drawn air; suction falls in a straight line with the "
        "vacuum, and its depth follows the strength of the jet. Source: curves of single-stage ejector sheets.",
    ),
    Curve(
        Text("débit aspiré selon le vide, pression nominale", "air drawn against vacuum, rated pressure"),
        Axis(Text("vide", "vacuum"), "bar"),
        AIR_FLOW,
        sweep(0.0, 0.95, lambda d, x: max(_drawn(d, d.value("rated_bar", 4.5), x), 0.0), 39),
    ),
    Curve(
        Text("vide le plus profond selon la pression d'alimentation", "deepest vacuum against supply pressure"),
        Axis(Text("alimentation (relative)", "supply (gauge)"), "bar"),
        Axis(Text("vide", "vacuum"), "bar"),
        sweep(0.0, 7.0, lambda d, x: _drawn(d, x, 0.0) / AIR_L_MIN / (REFERENCE_DENSITY * d.p.suction), 57),
    ),
)


def _drawn(piece: Piece, supply_bar: float, vacuum_bar: float) -> float:
    """l/min ANR drawn at ``supply_bar`` (gauge) and ``vacuum_bar`` below the workshop air."""
    at = {"p1": supply_bar + ATMOSPHERE_BAR, "pv": ATMOSPHERE_BAR - vacuum_bar, "p3": ATMOSPHERE_BAR}
    return piece.flow("pv", None, **at) * AIR_L_MIN


def _build(b: Builder, p: Parameters) -> None:
    depth, nozzle = float(p["depth_bar"]), float(p["nozzle"])
    add_volume(b, "1", 3.0)
    add_volume(b, "V", 3.0)
    add_volume(b, "exhaust", 20.0)
    b.device(
        "jet",
        ejector,
        {"p1": "1", "pv": "V", "p3": "exhaust"},
        {
            "nozzle": nozzle,
            "suction": float(p["suction_l_min"]) / 60.0 / depth,
            "depth": depth,
            "rated_jet": nozzle * REFERENCE_DENSITY * (float(p["rated_bar"]) + ATMOSPHERE_BAR) / (1.0 + _BEND),
        },
    )
    b.device("silencer", vent, {"a": "exhaust"}, {"conductance": _SILENCER_C, "critical_ratio": 0.35, "opening": 1.0})
    add_leak(b, "leak", "V")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found: list[Perception] = []
    share = read(StateRef(f"{tag}.jet", "jet")) / (
        float(p["nozzle"]) * REFERENCE_DENSITY * (float(p["rated_bar"]) + ATMOSPHERE_BAR)
    )
    if share > 0.75:
        found.append(Perception(Sense.LISTEN, Text("L'éjecteur souffle franchement.", "The ejector blows hard.")))
    elif share > 0.05:
        found.append(Perception(Sense.LISTEN, Text("L'éjecteur souffle faiblement.", "The ejector blows weakly.")))
    where = Text("au raccord de vide de l'éjecteur", "at the vacuum fitting of the ejector")
    return (*found, *hiss(read, tag, "leak", f"{tag}:V", where))


def _symbol() -> Symbol:
    """Converging nozzle, diffuser, vacuum connection below, silencer and exhaust on the right."""
    return Symbol(
        16,
        8,
        (
            Line(((0, 3), (2.5, 3))),
            Line(((2.5, 1.4), (5.5, 2.7))),
            Line(((2.5, 4.6), (5.5, 3.3))),
            Line(((6.5, 2.6), (10.5, 1.4))),
            Line(((6.5, 3.4), (10.5, 4.6))),
            Line(((6, 8), (6, 3.2))),
            Line(((10.5, 3), (12, 3))),
            Rectangle(12, 1.8, 1.4, 2.4),
            Polygon(((13.4, 2.2), (13.4, 3.8), (14.8, 3))),
        ),
        (Pin("1", 0, 3, "w"), Pin("V", 6, 8, "s")),
    )


COMPONENT = Component(
    family="vacuum_ejector",
    letter="P",
    purpose="G",
    text=Text("éjecteur de vide", "vacuum ejector"),
    sheet=Text(
        "Effet Venturi : l'air de 1 sort en jet par le silencieux et aspire par V. Le vide est le plus profond vers la "
        "pression nominale ; en dessous il faiblit, au-dessus on gaspille de l'air. Un silencieux encrassé ou une "
        "fuite côté vide le ruinent. Valeurs : fiche d'éjecteur mono-étage à buse de 1 mm (4,5 bar, 44 l/min ANR "
        "consommés, 24 l/min ANR aspirés, vide -0,88 bar).",
        "Venturi effect: the air of 1 leaves as a jet through the silencer and draws at V. The vacuum is deepest near "
        "the rated pressure; below it weakens, above it wastes air. A clogged silencer or a leak on the vacuum side "
        "ruins it. Values: data sheet of a single-stage ejector with a 1 mm nozzle (4.5 bar, 44 l/min ANR used, 24 "
        "l/min ANR drawn, vacuum -0.88 bar).",
    ),
    parameters=(
        Parameter(
            "nozzle", Text("conductance de la buse", "conductance of the nozzle"), "dm³/(s·bar)", 0.133, 0.005, 5.0
        ),
        Parameter(
            "suction_l_min", Text("débit aspiré sans vide", "air drawn at no vacuum"), "l/min", 24.0, 0.5, 2000.0
        ),
        Parameter("depth_bar", Text("vide le plus profond", "deepest vacuum"), "bar", 0.88, 0.2, 0.95),
        Parameter("rated_bar", Text("pression nominale (relative)", "rated pressure (gauge)"), "bar", 4.5, 1.0, 8.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("V", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "nozzle_clogged",
            Text("buse de l'éjecteur encrassée", "nozzle of the ejector clogged"),
            (Effect("jet.nozzle", 0.08, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.2,
            (0.3, 1.0),
        ),
        FailureMode(
            "silencer_clogged",
            Text("silencieux de l'éjecteur colmaté", "silencer of the ejector clogged"),
            (Effect("silencer.opening", 0.02, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.6, 1.0),
            Text(
                "Le silencieux de l'éjecteur est noir de poussière.", "The silencer of the ejector is black with dust."
            ),
        ),
        FailureMode(
            "diffuser_worn",
            Text("diffuseur de l'éjecteur usé", "diffuser of the ejector worn"),
            (Effect("jet.depth", 0.25, relative=True),),
            onsets=(Onset.GROWING,),
            rate=0.6,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "suction_clogged",
            Text("filtre d'aspiration colmaté", "suction filter clogged"),
            (Effect("jet.suction", 0.01, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.6, 1.0),
        ),
        leak_mode(
            "leak",
            Text("prise d'air au raccord de vide", "air drawn in at the vacuum fitting"),
            "leak",
            0.6,
            Repair.TIGHTEN,
            1.5,
        ),
    ),
    channels=lambda tag, p: (
        Channel("vacuum", NodeRef(f"{tag}:V"), ATMOSPHERE_BAR, 0.0),
        Channel("jet", StateRef(f"{tag}.jet", "jet"), 0.0, 2.0 * float(p["nozzle"]) * float(p["rated_bar"])),
    ),
    signals={"vacuum": lambda tag, p: NodeRef(f"{tag}:V")},
    senses=_senses,
    symbols={"main": _symbol()},
)

"""Direct-acting pressure relief valve, adjustable."""

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
from etabli.components.curve import BAR, L_MIN, OIL_FLOW, Curve, explain, spaced
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import arrow
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.hydraulic_symbols import setting_spring
from etabli.components.hydraulic.oil import HYDRAULIC_W, add_oil_volume, orifice_factor, orifice_flow
from etabli.components.hydraulic.warmth import add_warmth, body_spot, warmth_perception
from etabli.physics.expression import knee
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_SENSING_S = 0.01
_LEAD = 1.0
_CORNER_BAR = 0.5
RATED_BAR = 200.0
"""Pressure at which ``flow_l_min`` passes ``override_bar`` above the cracking pressure."""


@law(
    terminals={"P": Domain.HYDRAULIC, "T": Domain.HYDRAULIC},
    parameters=("setting", "spring", "override", "k", "response", "most_lift", "held_open"),
    states=("lift", "felt", "flow", "loss"),
)
def relief(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Poppet on a spring, damped: it cracks at ``setting * spring`` bar over T and gains a lift of 1 per ``override``.

    ``Q = k lift sqrt(dp)`` (k in cm³/s per √bar), so the pressure rises with the flow: the static characteristic of
    relief valve sheets (ISO 6403 test). The poppet follows with the time constant ``response`` (s), and a damping
    piston adds the change of pressure. ``most_lift`` 0: seized shut; ``held_open``: dirt under the seat. Merritt,
    chapter 7. States: lift, felt (bar), flow cm³/s, loss W.
    """
    drop = v.P - v.T
    felt = (s.felt + ah / _SENSING_S * drop) / (1.0 + ah / _SENSING_S)
    excess = drop + _LEAD * (drop - felt) - p.setting * p.spring
    wanted = p.most_lift * knee(excess, _CORNER_BAR) / p.override
    lift = (s.lift + ah / p.response * wanted) / (1.0 + ah / p.response)
    q = orifice_flow(v.P, v.T, p.k * (lift + p.held_open))
    return {"P": q, "T": -q}, {"lift": lift, "felt": felt, "flow": q, "loss": HYDRAULIC_W * q * drop}


explain(
    relief,
    Text(
        "Limiteur de pression à action directe : il s'ouvre au tarage puis Q = k × levée × √Δp, la pression monte donc "
        "avec le débit (caractéristique statique, essai ISO 6403 ; Merritt, chapitre 7).",
        "Direct-acting relief valve: it cracks at its setting, then Q = k × lift × √Δp, so the pressure rises with the "
        "flow (static characteristic, ISO 6403 test; Merritt, chapter 7).",
    ),
    Curve(
        Text("pression selon le débit", "pressure against flow"),
        OIL_FLOW,
        BAR,
        lambda d: [
            (d.flow("P", P=bar) * L_MIN, bar)
            for bar in spaced(0.0, 1.25 * d.sound.p.setting, 200)
            if d.flow("P", P=bar) * L_MIN < 1.2 * d.value("flow_l_min", 60.0)
        ],
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P", 15.0)
    add_oil_volume(b, "T", 15.0)
    b.device(
        "poppet",
        relief,
        {"P": "P", "T": "T"},
        {
            "setting": p["setting_bar"],
            "spring": 1.0,
            "override": p["override_bar"],
            "k": orifice_factor(float(p["flow_l_min"]) * 1000.0 / 60.0, RATED_BAR),
            "response": 0.006,
            "most_lift": 1.0,
            "held_open": 0.0,
        },
    )
    add_external_leak(b, "leak", "P")
    add_warmth(b, b.state("poppet", "loss"), 0.03)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    loss = read(StateRef(f"{tag}.poppet", "loss"))
    heard = Text("Aucun bruit dans le limiteur de pression.", "No noise in the relief valve.")
    if loss > 1500.0:
        heard = Text(
            "Le limiteur de pression siffle fort et sans arrêt.", "The relief valve whistles loudly and steadily."
        )
    elif loss > 60.0:
        heard = Text("On entend un léger sifflement dans le limiteur.", "A faint whistle is heard in the relief valve.")
    return (
        Perception(Sense.LISTEN, heard),
        warmth_perception(read, tag),
        *leak_perceptions(
            read,
            tag,
            "leak",
            f"{tag}:P",
            Text("à la vis de réglage du limiteur", "at the adjusting screw of the relief valve"),
        ),
    )


def _symbol() -> Symbol:
    shapes = (
        Line(((4, 0), (4, 2))),
        Rectangle(2, 2, 4, 4),
        *arrow((5, 2), (5, 6)),
        Line(((4, 6), (4, 8))),
        *setting_spring(6, 4),
        Line(((4, 1), (1, 1), (1, 4), (2, 4)), "dashed"),
    )
    return Symbol(9, 8, shapes, (Pin("P", 4, 0, "n"), Pin("T", 4, 8, "s")))


COMPONENT = Component(
    family="relief_valve",
    letter="V",
    purpose="F",
    text=Text("limiteur de pression", "pressure relief valve"),
    sheet=Text(
        "Limiteur de pression à action directe, réglable. Il commence à s'ouvrir au tarage et la pression monte encore "
        "un peu avec le débit. Ce qui passe au réservoir par lui devient de la chaleur. Valeurs : fiche de cartouche "
        "10 à 315 bar, 40 l/min à 12 bar au-dessus de l'ouverture, réponse 6 ms.",
        "Direct-acting, adjustable relief valve. It starts to open at its setting, and the pressure still rises a "
        "little with the flow. What it passes to the tank turns into heat. Values: sheet of a cartridge 10 to 315 bar, "
        "40 l/min at 12 bar above cracking, response 6 ms.",
    ),
    parameters=(
        Parameter(
            "setting_bar",
            Text("tarage (début d'ouverture)", "setting (cracking pressure)"),
            "bar",
            180.0,
            5.0,
            350.0,
            adjustable=True,
        ),
        Parameter(
            "override_bar",
            Text("surpression au débit nominal", "override at rated flow"),
            "bar",
            12.0,
            1.0,
            60.0,
        ),
        Parameter("flow_l_min", Text("débit nominal", "rated flow"), "l/min", 40.0, 1.0, 600.0),
    ),
    ports=(Port("P", Domain.HYDRAULIC), Port("T", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "setting_low",
            Text("limiteur de pression réglé trop bas", "relief valve set too low"),
            (Effect("poppet.setting", 0.3, relative=True),),
            Repair.ADJUST,
            rate=1.5,
            degrees=(0.5, 1.0),
            visible=Text("Le contre-écrou du limiteur est desserré.", "The lock nut of the relief valve is loose."),
        ),
        FailureMode(
            "setting_high",
            Text("limiteur de pression réglé trop haut", "relief valve set too high"),
            (Effect("poppet.setting", 1.6, relative=True),),
            Repair.ADJUST,
            rate=0.5,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "weak_spring",
            Text("ressort du limiteur affaibli ou cassé", "spring of the relief valve weak or broken"),
            (Effect("poppet.spring", 0.1),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.8,
            degrees=(0.45, 1.0),
        ),
        FailureMode(
            "stuck_open",
            Text("impureté sous le clapet du limiteur", "dirt under the poppet of the relief valve"),
            (Effect("poppet.held_open", 1.2),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            1.5,
            (0.3, 1.0),
        ),
        FailureMode(
            "worn_seat",
            Text("siège du limiteur usé (fuite interne)", "worn seat of the relief valve (internal leak)"),
            (Effect("poppet.held_open", 0.25),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.0,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "stuck_closed",
            Text("clapet du limiteur grippé fermé", "poppet of the relief valve seized shut"),
            (Effect("poppet.most_lift", 0.0),),
            rate=0.3,
            degrees=(0.9, 1.0),
        ),
        external_leak_mode(
            "leak",
            Text("joint de la vis de réglage du limiteur coupé", "seal of the adjusting screw cut"),
            "leak",
            0.1,
        ),
    ),
    channels=lambda tag, p: (
        Channel("lift", StateRef(f"{tag}.poppet", "lift")),
        Channel("pressure", NodeRef(f"{tag}:P"), 0.0, 315.0),
    ),
    signals={"flow": lambda tag, p: StateRef(f"{tag}.poppet", "flow")},
    senses=_senses,
    spots=lambda tag, p: (body_spot(tag),),
    optional_links=("temperature",),
    symbols={"main": _symbol()},
    adjusts={"setting_bar": "poppet.setting"},
)

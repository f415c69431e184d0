"""Heat: what stores it and what lets it pass. Temperatures in °C, heat flows in W."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Perception, Sense
from etabli.components.curve import CELSIUS, WATTS, Axis, Curve, explain, sweep
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import Ref
from etabli.physics.text import Text


@law({"t": Domain.THERMAL}, ("capacity",), ("heat",))
def heat_store(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """One lumped heat capacity, J/K; state ``heat`` J above 0 °C (first law; one temperature in it: Biot < 0.1)."""
    heat = p.capacity * v.t
    return {"t": (heat - s.heat) / ah}, {"heat": heat}


explain(
    heat_store,
    Text(
        "Capacité thermique : l'énergie stockée est C × T (premier principe, une seule température : Biot < 0,1).",
        "Heat capacity: the stored energy is C × T (first law, one temperature: Biot < 0.1).",
    ),
    Curve(
        Text("chaleur stockée au-dessus de 20 °C", "heat stored above 20 °C"),
        CELSIUS,
        Axis(Text("énergie", "energy"), "kJ"),
        sweep(20.0, 120.0, lambda d, t: 1e-3 * (d.answer(t=t)[1]["heat"] - d.answer(t=20.0)[1]["heat"]), 11),
    ),
    plain=True,
)


@law({"a": Domain.THERMAL, "b": Domain.THERMAL}, ("conductance",), ("flow",))
def heat_path(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Conduction (``λ A / l``) or convection (``h A``) between two nodes, W/K; state ``flow`` W from ``a`` to ``b``.

    Source: Fourier's law, Newton's law of cooling.
    """
    flow = p.conductance * (v.a - v.b)
    return {"a": flow, "b": -flow}, {"flow": flow}


explain(
    heat_path,
    Text(
        "Conduction λ S / e ou convection h S : flux proportionnel à l'écart de température (Fourier, Newton).",
        "Conduction λ A / l or convection h A: heat flow in proportion to the difference (Fourier, Newton).",
    ),
    Curve(
        Text("flux de chaleur selon l'écart de température", "heat flow against temperature difference"),
        Axis(Text("écart de température", "temperature difference"), "K"),
        WATTS,
        sweep(0.0, 60.0, lambda d, t: d.flow("a", a=t), 13),
    ),
)


@law({"t": Domain.THERMAL}, ("conductance", "air_c"), ("flow",))
def heat_to_air(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Convection (``h A``, W/K) to air at ``air_c`` °C; state ``flow`` W out of ``t`` (Newton's law of cooling)."""
    flow = p.conductance * (v.t - p.air_c)
    return {"t": flow}, {"flow": flow}


explain(
    heat_to_air,
    Text(
        "Convection vers l'air : flux h S (T − Tair) (loi de Newton).",
        "Convection to the air: h A (T − Tair) (Newton's law of cooling).",
    ),
    Curve(
        Text("chaleur cédée à l'air selon la température", "heat given to the air against temperature"),
        CELSIUS,
        WATTS,
        sweep(lambda d: d.p.air_c, lambda d: d.p.air_c + 60.0, lambda d, t: d.flow("t", t=t), 13),
    ),
)


@law({"t": Domain.THERMAL}, ("power",))
def heat_loss_in(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """``power`` W of losses brought to ``t``; a sampled law may write it."""
    return {"t": -p.power + 0.0 * v.t}, {}


explain(
    heat_loss_in,
    Text("Pertes apportées sous forme de chaleur.", "Losses brought in as heat."),
)


@sampled(reads=("linked",), parameters=("own", "share", "unlinked"), writes=("power",), stage=Stage.ACTUATE)
def losses(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Heat brought in: ``own`` W of its own, and ``share`` of a linked power, W (``unlinked``: read where none is)."""
    return {"power": p.own + p.share * r.linked}


explain(
    losses,
    Text(
        "Chaleur apportée : pertes propres plus une part d'une puissance liée.",
        "Heat brought in: own losses plus a share of a linked power.",
    ),
)


def add_losses(b: Builder, node: str, own: float, link: Ref | None) -> None:
    """Devices ``heating`` and ``losses`` on the thermal node ``node``; ``link`` is a power in W, where there is one."""
    b.device("heating", heat_loss_in, {"t": node}, {"power": own})
    b.sample(
        "losses",
        losses,
        {"linked": b.parameter("losses", "unlinked") if link is None else link},
        {"own": own, "share": 1.0, "unlinked": 0.0},
        {"power": b.parameter("heating", "power")},
    )


def warmth(temperature_c: float, what: Text) -> Perception:
    """What a hand feels of ``what`` ("Le corps" / "The body"); IEC 60417 hot surface practice: 60 °C hurts."""
    if temperature_c > 60.0:
        return Perception(Sense.TOUCH, Text(f"{what.fr} brûle la main.", f"{what.en} burns the hand."))
    if temperature_c > 40.0:
        return Perception(Sense.TOUCH, Text(f"{what.fr} est chaud au toucher.", f"{what.en} feels hot."))
    if temperature_c > 28.0:
        return Perception(Sense.TOUCH, Text(f"{what.fr} est tiède.", f"{what.en} is lukewarm."))
    return Perception(Sense.TOUCH, Text(f"{what.fr} est froid.", f"{what.en} is cold."))

"""Bladder accumulator: gas in a bladder, oil around it, kept in a steel bottle."""

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
from etabli.components.curve import BAR, Axis, Curve, explain, sweep
from etabli.components.drawing import Arc, Line, Pin, Polygon, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import ATMOSPHERE_BAR, add_oil_volume, add_orifice
from etabli.physics.expression import maximum, positive
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_KNEE = 0.004  # rounding of the lift-off of the bladder, as a share of the volume
_LEAST_SHARE = 0.05
_EMPTY_BAR, _EMPTY_SHARE = 2.0, 0.01  # below, an accumulator counts as drained (ISO 4413: no stored energy left)
_GAS_S = 2.0  # nitrogen through its filling valve, or through a torn bladder into the oil
GAS_HEAT = 2.5
"""cv / R of nitrogen: how much slower its temperature rises than its pressure at constant volume."""


@law({"p": Domain.HYDRAULIC}, ("volume", "precharge", "loss_s"), ("oil", "warmth", "charge"))
def gas_bladder(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Oil in a bottle of ``volume`` cm³ around a bladder charged at ``precharge`` bar gauge; ``oil`` in cm³.

    Perfect gas: ``P V = P0 V0 (1 + warmth)``; the bladder fills the bottle below its charge. ``warmth`` is the relative
    rise of the absolute temperature: the work of the oil heats the gas, the steel takes it back with the time constant
    ``loss_s`` (Otis and Pourmovahed, Journal of Dynamic Systems 1985: thermal time-constant model). So a fast stroke is
    nearly adiabatic and a slow one isothermal. ``charge`` (bar absolute) is the gas that is really in:
    it follows ``precharge`` in some seconds, because nitrogen has to flow to be filled in, let out or lost.
    """
    charge = (s.charge + ah / _GAS_S * (p.precharge + ATMOSPHERE_BAR)) / (1.0 + ah / _GAS_S)
    push = charge * (1.0 + s.warmth)
    gas = push / maximum(v.p + ATMOSPHERE_BAR, _LEAST_SHARE * push)
    oil = p.volume * (positive(1.0 - gas, _KNEE) + 1e-5 * v.p)
    flow = (oil - s.oil) / ah
    size = maximum(p.volume - oil, 0.02 * p.volume)
    warmth = (s.warmth + ah * (1.0 + s.warmth) * flow / (GAS_HEAT * size)) / (1.0 + ah / p.loss_s)
    return {"p": flow}, {"oil": oil, "warmth": warmth, "charge": charge}


explain(
    gas_bladder,
    Text(
        "Accumulateur à vessie : gaz parfait P V = P0 V0 (1 + échauffement) ; presque adiabatique si c'est rapide, "
        "isotherme si c'est lent (Otis et Pourmovahed, modèle à constante de temps thermique).",
        "Bladder accumulator: perfect gas P V = P0 V0 (1 + warming); nearly adiabatic when fast, isothermal when slow "
        "(Otis and Pourmovahed, thermal time-constant model).",
    ),
    Curve(
        Text("volume d'huile stocké selon la pression (lentement)", "oil stored against pressure (slowly)"),
        BAR,
        Axis(Text("huile dans l'accumulateur", "oil in the accumulator"), "l"),
        sweep(0.0, lambda d: 3.0 * d.p.precharge, lambda d, x: 1e-3 * d.answer(p=x)[1]["oil"], 80),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P", 20.0)
    add_oil_volume(b, "bottle", 20.0)
    add_orifice(b, "poppet", "P", "bottle", float(p["k"]))
    volume = 1000.0 * float(p["volume_l"])
    b.device(
        "bladder",
        gas_bladder,
        {"p": "bottle"},
        {"volume": volume, "precharge": p["precharge_bar"], "loss_s": p["loss_s"]},
        {"oil": 0.0, "charge": p["precharge_bar"] + ATMOSPHERE_BAR},
    )
    add_external_leak(b, "leak", "P")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    full = read(StateRef(f"{tag}.bladder", "oil")) / (1000.0 * float(p["volume_l"]))
    if full > 0.05:
        ring = Text(
            "Le corps sonne mat sur le bas, creux sur le haut : il y a de l'huile dedans.",
            "The shell sounds dull at the bottom and hollow at the top: there is oil inside.",
        )
    else:
        ring = Text("Le corps sonne creux de haut en bas.", "The shell sounds hollow from top to bottom.")
    found = [Perception(Sense.LISTEN, ring)]
    if read(StateRef(f"{tag}.bladder", "warmth")) > 0.04:
        found.append(Perception(Sense.TOUCH, Text("Le haut du corps est tiède.", "The top of the shell is warm.")))
    where = Text("au raccord de l'accumulateur", "at the fitting of the accumulator")
    return (*found, *leak_perceptions(read, tag, "leak", f"{tag}:P", where))


def _stored(tag: str, p: Parameters, read: Read) -> Text | None:
    """Oil under pressure in the bottle, even behind a closed valve."""
    bar, oil = read(NodeRef(f"{tag}.bottle")), read(StateRef(f"{tag}.bladder", "oil"))
    if bar < _EMPTY_BAR or oil < _EMPTY_SHARE * 1000.0 * float(p["volume_l"]):
        return None
    return Text(
        f"l'accumulateur {tag} garde {oil / 1000.0:.1f} l d'huile à {bar:.0f} bar".replace(".", ","),
        f"accumulator {tag} still keeps {oil / 1000.0:.1f} l of oil at {bar:.0f} bar",
    )


def _symbol() -> Symbol:
    """Bottle with its bladder: gas (open triangle) above, oil below."""
    return Symbol(
        8,
        12,
        (
            Line(((2, 3), (2, 7))),
            Line(((6, 3), (6, 7))),
            Arc(4, 3, 2, 180, 360),
            Arc(4, 7, 2, 0, 180),
            Line(((2.9, 1.33), (2.9, 5))),
            Arc(4, 5, 1.1, 0, 180),
            Line(((5.1, 5), (5.1, 1.33))),
            Polygon(((4, 4.2), (3.3, 3), (4.7, 3))),
            Line(((4, 9), (4, 12))),
        ),
        (Pin("P", 4, 12, "s"),),
    )


COMPONENT = Component(
    family="accumulator",
    letter="Z",
    purpose="C",
    text=Text("accumulateur à vessie", "bladder accumulator"),
    sheet=Text(
        "Bouteille d'acier avec une vessie d'azote. Elle garde de l'huile sous pression pour les pointes de débit, et "
        "la GARDE pompe arrêtée : l'isoler et la vider avant toute intervention. Précharge : 0,9 fois la pression de "
        "service la plus basse, à contrôler vide. Valeurs : fiche d'accumulateur à vessie 330 bar.",
        "Steel bottle with a bladder of nitrogen. It keeps oil under pressure for peaks of flow, and KEEPS it with the "
        "pump off: isolate and empty it before any work. Pre-charge: 0.9 of the lowest working pressure, checked when "
        "empty. Values: sheet of a 330 bar bladder accumulator.",
    ),
    parameters=(
        Parameter("volume_l", Text("volume", "volume"), "l", 10.0, 0.1, 500.0),
        Parameter("precharge_bar", Text("précharge d'azote", "nitrogen pre-charge"), "bar", 90.0, 1.0, 300.0, True),
        Parameter("loss_s", Text("constante de temps thermique", "thermal time constant"), "s", 25.0, 1.0, 600.0),
        Parameter(
            "k", Text("passage de la soupape", "passage of the poppet valve"), "cm³/(s·√bar)", 900.0, 10.0, 20000.0
        ),
    ),
    ports=(Port("P", Domain.HYDRAULIC),),
    build=_build,
    failure_modes=(
        FailureMode(
            "charge_lost",
            Text("précharge d'azote perdue", "nitrogen pre-charge lost"),
            (Effect("bladder.precharge", 5.0),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.6, 1.0),
            Text("Le capuchon de la valve de gonflage est humide.", "The cap of the filling valve is damp."),
        ),
        FailureMode(
            "overcharged",
            Text("précharge d'azote trop haute", "nitrogen pre-charge too high"),
            (Effect("bladder.precharge", 2.2, relative=True),),
            Repair.ADJUST,
            rate=0.5,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "bladder_burst",
            Text("vessie percée", "bladder burst"),
            (Effect("bladder.precharge", -0.9),),  # what nitrogen is left stays in the oil
            rate=0.8,
            degrees=(0.7, 1.0),
        ),
        FailureMode(
            "poppet_stuck",
            Text("soupape d'entrée collée", "inlet poppet stuck"),
            (Effect("poppet.k", 3e-4, relative=True, logarithmic=True),),
            rate=0.4,
            degrees=(0.8, 1.0),
        ),
        external_leak_mode(
            "leak", Text("joint du raccord coupé", "seal of the fitting cut"), "leak", 0.5, Repair.TIGHTEN, 0.8
        ),
    ),
    channels=lambda tag, p: (
        Channel("oil", StateRef(f"{tag}.bladder", "oil"), 0.0, 1000.0 * float(p["volume_l"])),
        Channel("pressure", NodeRef(f"{tag}:P"), 0.0, 250.0),
    ),
    signals={"oil": lambda tag, p: StateRef(f"{tag}.bladder", "oil")},
    senses=_senses,
    stored_energy=_stored,
    symbols={"main": _symbol()},
    adjusts={"precharge_bar": "bladder.precharge"},
)

"""Tubular electric heater: resistance wire in a metal sheath, with its own temperature and a thermal port."""

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
    Port,
    Read,
    Repair,
)
from etabli.components.curve import VOLTAGE, WATTS, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance, ac_pole
from etabli.components.electrical.dc_image import INSULATION_OHM, Branch, dc_image
from etabli.components.thermal.heat import heat_path, heat_store, heat_to_air, warmth
from etabli.physics.expression import Phasor, maximum
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_NICHROME_PER_K = 1e-4
_LINK_OHM = 0.005


@law(
    {"a": Domain.AC, "b": Domain.AC, "wire": Domain.THERMAL},
    ("resistance", "per_k"),
    ("power",),
)
def hot_wire(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Resistance wire: ``resistance`` ohm at 20 °C, plus ``per_k`` for each kelvin; all its power heats ``wire``.

    State ``power`` in W. Source: Ohm, Joule; NiCr 80/20 grows by 0.01 % per kelvin.
    """
    ohms = p.resistance * maximum(1.0 + p.per_k * (v.wire - 20.0), 0.1)
    u = v.a - v.b
    power = u.squared() / ohms
    i = u.scaled(1.0 / ohms)
    return {"a": i, "b": -i, "wire": -power}, {"power": power}


explain(
    hot_wire,
    Text(
        "Fil résistif : loi d'Ohm, effet Joule ; la résistance croît un peu avec la température (NiCr 80/20).",
        "Resistance wire: Ohm, Joule; the resistance grows a little with temperature (NiCr 80/20).",
    ),
)


def _element_w(piece: Piece, volts: float) -> float:
    """Power of the whole element, cold: its link and its two halves in series."""
    at_one_volt = {"a": Phasor(1.0, 0.0), "b": Phasor(0.0, 0.0)}
    halves = (piece.other(name).answer(**at_one_volt, wire=20.0)[0]["a"].re for name in ("half_1", "half_2"))
    link = piece.other("link").answer(**at_one_volt)[0]["a"].re
    return volts * volts / float(sum(1.0 / siemens for siemens in (link, *halves)))


def _cold_ohm(p: Parameters) -> float:
    return float(p["voltage_v"]) ** 2 / float(p["power_w"])


def _build(b: Builder, p: Parameters) -> None:
    half, start = 0.5 * _cold_ohm(p), float(p["ambient_c"])
    for node in ("wire", "t"):
        b.initial(node, start)
    b.device("link", ac_pole, {"a": "1", "b": "end"}, {"resistance": _LINK_OHM})
    for name, a, c in (("half_1", "end", "middle"), ("half_2", "middle", "2")):
        wire = {"resistance": half, "per_k": _NICHROME_PER_K}
        b.device(name, hot_wire, {"a": a, "b": c, "wire": "wire"}, wire)
    # Magnesia lets go where the wire touches the sheath: in the middle, so that the fuse sees half of the element.
    sound = {"resistance": INSULATION_OHM, "reactance": 0.0}
    b.device("insulation", ac_impedance, {"a": "middle", "b": "PE"}, sound)
    wire_j_k, sheath_j_k = 0.1 * p["capacity_j_k"], 0.9 * p["capacity_j_k"]
    b.device("core", heat_store, {"t": "wire"}, {"capacity": wire_j_k}, {"heat": wire_j_k * start})
    b.device("sheath", heat_store, {"t": "t"}, {"capacity": sheath_j_k}, {"heat": sheath_j_k * start})
    b.device("magnesia", heat_path, {"a": "wire", "b": "t"}, {"conductance": p["inner_w_k"]})
    b.device("surface", heat_to_air, {"t": "t"}, {"conductance": p["air_w_k"], "air_c": start})


@dc_image("heater")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    def ohms(device: str) -> float:
        return read(ParameterRef(f"{tag}.{device}", "resistance"))

    # The middle of the wire is inside: half of the element on either side of the leak.
    leak = ohms("insulation")
    return (
        ("1", "2", ohms("link") + ohms("half_1") + ohms("half_2")),
        ("1", "PE", leak + ohms("link") + ohms("half_1")),
    )


COMPONENT = Component(
    family="heater",
    letter="E",
    text=Text("résistance chauffante", "electric heater"),
    sheet=Text(
        "Élément blindé : fil nickel-chrome dans la magnésie, gaine en inox reliée au PE. La borne « t » est la "
        "gaine : elle chauffe l'huile, l'eau ou l'outil qui lui est joint. Contrôles : résistance U²/P à froid, "
        "isolement supérieur à 1 MΩ. Valeurs : fiche d'élément blindé 230 V 1 kW, EN 60335-1.",
        "Sheathed element: nickel-chrome wire in magnesia, stainless sheath bonded to PE. Port “t” is the sheath: it "
        "heats the oil, water or tool joined to it. Checks: cold resistance U²/P, insulation above 1 MΩ. "
        "Values: sheet of a 230 V 1 kW sheathed element, EN 60335-1.",
    ),
    parameters=(
        Parameter("voltage_v", Text("tension nominale", "rated voltage"), "V", 230.0, 12.0, 690.0),
        Parameter("power_w", Text("puissance nominale", "rated power"), "W", 1000.0, 5.0, 50000.0),
        Parameter("capacity_j_k", Text("capacité thermique", "heat capacity"), "J/K", 250.0, 1.0, 1e5),
        Parameter("inner_w_k", Text("conductance fil-gaine", "wire to sheath conductance"), "W/K", 5.0, 0.01, 1e3),
        Parameter("air_w_k", Text("conductance gaine-air", "sheath to air conductance"), "W/K", 2.0, 1e-4, 1e3),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 20.0, -40.0, 100.0),
    ),
    ports=(
        Port("1", Domain.AC),
        Port("2", Domain.AC),
        Port("PE", Domain.AC, "pe"),
        Port("t", Domain.THERMAL, "optional"),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "broken",
            Text("fil chauffant coupé", "heating wire broken"),
            (Effect("link.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.5,
        ),
        FailureMode(
            "aged",
            Text("fil vieilli : puissance réduite", "aged wire: less power"),
            (Effect("half_1.resistance", 2.5, relative=True), Effect("half_2.resistance", 2.5, relative=True)),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.8,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "half_shorted",
            Text("moitié de l'élément en court-circuit", "half of the element shorted"),
            (Effect("half_2.resistance", 0.02, relative=True, logarithmic=True),),
            rate=0.3,
            degrees=(0.6, 1.0),
            visible=Text("La gaine est gonflée et bleuie.", "The sheath is swollen and blued."),
        ),
        FailureMode(
            "insulation_low",
            Text("magnésie humide : défaut d'isolement à la masse", "damp magnesia: insulation fault to earth"),
            (Effect("insulation.resistance", 1.0, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
            degrees=(0.6, 1.0),
            visible=Text("La gaine est percée près de la bride.", "The sheath has a hole near the flange."),
        ),
        FailureMode(
            "scaled",
            Text("gaine entartrée ou calaminée : chauffe mal", "sheath scaled or caked: heats badly"),
            (
                Effect("magnesia.conductance", 0.15, relative=True, logarithmic=True),
                Effect("surface.conductance", 0.3, relative=True, logarithmic=True),
            ),
            repair=Repair.CLEAN,
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.7,
            degrees=(0.4, 1.0),
            visible=Text("Une croûte recouvre la gaine.", "A crust covers the sheath."),
        ),
    ),
    channels=lambda tag, p: (
        Channel("temperature", NodeRef(f"{tag}:t"), 20.0, 400.0),
        Channel("heating", StateRef(f"{tag}.half_1", "power"), 0.0, 0.5 * p["power_w"]),
    ),
    signals={
        "temperature": lambda tag, p: NodeRef(f"{tag}:t"),
        "current": lambda tag, p: StateRef(f"{tag}.link", "current"),
    },
    senses=lambda tag, p, read: (warmth(read(NodeRef(f"{tag}:t")), Text("La gaine", "The sheath")),),
    symbols={
        "main": Symbol(
            6,
            6,
            (
                Rectangle(1.2, 1.2, 1.6, 3.6),
                Line(((2, 0), (2, 1.2))),
                Line(((2, 4.8), (2, 6))),
                *(Line(((1.2, y), (2.8, y))) for y in (2.1, 3.0, 3.9)),
                Line(((2.8, 4.0), (6, 4.0)), "thin"),
                Line(((2.8, 2.0), (6, 2.0)), "dashed"),
            ),
            (Pin("1", 2, 0, "n"), Pin("2", 2, 6, "s"), Pin("PE", 6, 4, "e"), Pin("t", 6, 2, "e")),
        )
    },
    curves=(
        Curve(
            Text("puissance selon la tension, à froid", "power against voltage, cold"),
            VOLTAGE,
            WATTS,
            sweep(0.0, lambda d: 1.1 * d.value("voltage_v", 230.0), _element_w, 26),
            "half_1",
        ),
    ),
)

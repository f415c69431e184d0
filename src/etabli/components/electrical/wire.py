"""Wire: one conductor with its two crimped ends, DC or AC."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
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
    Spot,
)
from etabli.components.curve import CURRENT, VOLTAGE, Curve, explain, spaced
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.electrical.conductor import DOMAIN, OPEN_OHM, ac_impedance, domain_of, resistor
from etabli.components.electrical.dc_image import INSULATION_OHM, Branch, dc_image
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import GROUND, NodeRef, ParameterRef
from etabli.physics.text import Text

COPPER_OHM_MM2_PER_M = 0.0178
BESIDE = "beside"
"""Point of the neighbour in the cable, in the wiring that a machine gives to a wire that has one."""
MINIMUM_OHM = 0.002
SOUND_END_OHM = 0.001
INSULATION_S = 1e-9


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance", "end_a", "end_b", "leak"))
def dc_conductor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Copper and its two ends in series (ohm), and an insulation ``leak`` to earth (S) shared between the ends.

    Ohm's law; the resistance comes from section and length.
    """
    i = (v.a - v.b) / (p.resistance + p.end_a + p.end_b)
    half = 0.5 * p.leak
    return {"a": i + half * v.a, "b": half * v.b - i}, {}


explain(
    dc_conductor,
    Text(
        "Fil : loi d'Ohm, résistance du cuivre (section, longueur) et de ses deux raccordements, fuite d'isolement.",
        "Wire: Ohm's law, resistance of the copper (section, length) and of its two ends, insulation leak.",
    ),
    Curve(
        Text("chute de tension selon le courant", "voltage drop against current"),
        CURRENT,
        VOLTAGE,
        lambda d: [(d.flow("a", a=v), v) for v in spaced(0.0, d.sound.p.resistance * 16.0, 9)],
    ),
)


@law({"a": Domain.AC, "b": Domain.AC}, ("resistance", "end_a", "end_b", "leak"))
def ac_conductor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """As :func:`dc_conductor`, for RMS phasors (reactance neglected below 16 mm²)."""
    i = (v.a - v.b).scaled(1.0 / (p.resistance + p.end_a + p.end_b))
    half = 0.5 * p.leak
    return {"a": i + v.a.scaled(half), "b": v.b.scaled(half) - i}, {}


explain(
    ac_conductor,
    Text(
        "Fil : loi d'Ohm, résistance du cuivre (section, longueur) et de ses deux raccordements, fuite d'isolement ; "
        "réactance négligée sous 16 mm².",
        "Wire: Ohm's law, resistance of the copper (section, length) and of its two ends, insulation leak; reactance "
        "neglected below 16 mm².",
    ),
)


def _ports(parameters: Parameters) -> tuple[Port, ...]:
    return Port("a", domain_of(parameters)), Port("b", domain_of(parameters))


def _build(b: Builder, p: Parameters) -> None:
    copper = max(MINIMUM_OHM, COPPER_OHM_MM2_PER_M * p["length_m"] / p["section_mm2"])
    b.device(
        "conductor",
        ac_conductor if domain_of(p) is Domain.AC else dc_conductor,
        {"a": "a", "b": "b"},
        {"resistance": copper, "end_a": SOUND_END_OHM, "end_b": SOUND_END_OHM, "leak": INSULATION_S},
    )
    if p["beside"]:
        sound = {"resistance": INSULATION_OHM, **({"reactance": 0.0} if domain_of(p) is Domain.AC else {})}
        b.device("insulation", ac_impedance if domain_of(p) is Domain.AC else resistor, {"a": "a", "b": BESIDE}, sound)


def _modes(parameters: Parameters) -> tuple[FailureMode, ...]:
    # A loose end matters when its resistance compares with the load: kilohms on a 24 V input, 200 ohm on a motor.
    worst = 2000.0 if domain_of(parameters) is Domain.AC else 30e3
    return (
        FailureMode(
            "open",
            Text("fil coupé", "wire cut"),
            (Effect("conductor.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
        ),
        _loose("a", worst),
        _loose("b", worst),
        FailureMode(
            "earth_leak",
            Text("défaut d'isolement à la masse", "insulation fault to earth"),
            (Effect("conductor.leak", 5.0, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=0.4,
            degrees=(0.75, 1.0),
            visible=Text(
                "L'isolant est entaillé à un passage de tôle.", "The insulation is cut where it passes the metal sheet."
            ),
        ),
        *((_TOUCHES,) if parameters["beside"] else ()),
    )


_TOUCHES = FailureMode(
    "touches_neighbour",
    Text("fil en court-circuit avec son voisin dans le câble", "wire shorted to its neighbour in the cable"),
    (Effect("insulation.resistance", 0.02, logarithmic=True),),
    onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
    rate=0.3,
    degrees=(0.85, 1.0),
    visible=Text("Le câble est écrasé à un endroit.", "The cable is crushed in one place."),
)


def _loose(end: str, worst_ohm: float) -> FailureMode:
    return FailureMode(
        f"loose_{end}",
        Text(
            f"borne desserrée ou sertissage défectueux (extrémité {end.upper()})",
            f"loose terminal or bad crimp (end {end.upper()})",
        ),
        (Effect(f"conductor.end_{end}", worst_ohm, logarithmic=True),),
        repair=Repair.TIGHTEN,
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.8,
        degrees=(0.88, 1.0),
        visible=Text("Le fil bouge dans la borne quand on tire dessus.", "The wire moves in the terminal when pulled."),
    )


def _end_celsius(tag: str, parameters: Parameters, read: Read) -> float:
    """Surface of the worse end, °C: some 65 K at 5 W (thermography of switchboards), and with radiation the rise grows
    slower than the power (free convection: exponent near 0.75)."""
    return 22.0 + 20.0 * float(_end_watts(tag, parameters, read) ** 0.75)


def _end_watts(tag: str, parameters: Parameters, read: Read) -> float:
    """Power that the worse end of a wire turns into heat, W, from the voltage along the wire."""
    try:
        drops = [
            read(NodeRef(f"{tag}:a", k)) - read(NodeRef(f"{tag}:b", k)) for k in range(domain_of(parameters).unknowns)
        ]
    except KeyError:  # the machine merged the ends of the wire into the ports they join
        return 0.0
    ohms = [read(ParameterRef(f"{tag}.conductor", name)) for name in ("resistance", "end_a", "end_b")]
    current = sum(d * d for d in drops) ** 0.5 / sum(ohms)
    return float(current * current * max(ohms[1:]))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    """Heat at a bad end."""
    power = _end_watts(tag, parameters, read)
    if power > 5.0:
        return (
            Perception(Sense.TOUCH, Text("Une extrémité du fil est brûlante.", "One end of the wire is burning hot.")),
            Perception(
                Sense.LOOK, Text("L'isolant a bruni près de la borne.", "The insulation has browned near the terminal.")
            ),
        )
    if power > 0.5:
        return (Perception(Sense.TOUCH, Text("Une extrémité du fil est tiède.", "One end of the wire is warm.")),)
    return ()


@dc_image("wire")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    if domain_of(parameters) is Domain.DC:
        return ()
    ohms = sum(read(ParameterRef(f"{tag}.conductor", name)) for name in ("resistance", "end_a", "end_b"))
    half = 2.0 / read(ParameterRef(f"{tag}.conductor", "leak"))
    own = (("a", "b", ohms), ("a", GROUND, half), ("b", GROUND, half))
    if not parameters["beside"]:
        return own
    return (*own, ("a", str(parameters["beside"]), read(ParameterRef(f"{tag}.insulation", "resistance"))))


COMPONENT = Component(
    family="wire",
    letter="W",
    text=Text("fil", "wire"),
    sheet=Text(
        "Conducteur souple en cuivre H05V-K / H07V-K, embouts sertis aux deux extrémités. "
        "Résistance : 17,8 mΩ·mm²/m ; isolement neuf supérieur à 1 GΩ. Valeurs : tableau de câbles d'armoire.",
        "Flexible copper conductor H05V-K / H07V-K with ferrules at both ends. "
        "Resistance: 17.8 mΩ·mm²/m; insulation above 1 GΩ when new. Values: cabinet cable tables.",
    ),
    parameters=(
        DOMAIN,
        Parameter("length_m", Text("longueur", "length"), "m", 1.5, 0.01, 500.0),
        Parameter("section_mm2", Text("section", "cross-section"), "mm²", 0.75, 0.14, 50.0),
        Parameter("beside", Text("voisin dans le câble", "neighbour in the cable"), "", ""),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    senses=_senses,
    spots=lambda tag, p: (Spot("ends", Text("extrémités", "ends"), lambda read: _end_celsius(tag, p, read)),),
    symbols={"main": Symbol(4, 2, (Line(((0, 1), (4, 1))),), (Pin("a", 0, 1, "w", False), Pin("b", 4, 1, "e", False)))},
)

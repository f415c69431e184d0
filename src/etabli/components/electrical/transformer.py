"""Transformer: single-phase control transformer, or three-phase Dyn11, with leakage, magnetising branch and heat."""

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
from etabli.components.curve import CURRENT, VOLTAGE, Curve, Piece, explain
from etabli.components.drawing import Circle, Label, Line, Pin, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance, ac_pole
from etabli.components.electrical.dc_image import INSULATION_OHM, Branch, dc_image
from etabli.components.thermal.heat import heat_store, heat_to_air, warmth
from etabli.physics.expression import Phasor, sqrt
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

COPPER_PER_K = 0.0039
_LINK_OHM = 0.002
_SQRT3 = 3.0**0.5
_LETTERS = ("U", "V", "W")
_WINDING_LIMIT_C = 130.0
_NOTHING = Phasor(0.0, 0.0)


@law(
    {"h1": Domain.AC, "h2": Domain.AC, "x1": Domain.AC, "x2": Domain.AC, "winding": Domain.THERMAL},
    ("ratio", "resistance", "reactance", "core_ohm", "magnetising_ohm", "shorted", "turn_ohm"),
    ("primary", "secondary", "losses"),
)
def transformer_unit(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """One pair of windings in RMS phasors: ideal ratio, leakage on the secondary side, magnetising branch across h1-h2.

    ``ratio`` = no-load primary over secondary voltage; ``resistance`` and ``reactance`` (ohm) are both windings seen
    from the secondary, the first at 20 °C; ``core_ohm`` (iron losses) and ``magnetising_ohm`` lie across the primary.
    ``shorted`` (0…1) is the share of the secondary's turns in short circuit: they no longer give voltage and are a
    third winding closed on their own ``turn_ohm · shorted``, seen through ``shorted²``. Copper and iron losses go into
    ``winding`` (°C), whose temperature raises the resistances. States: currents A, losses W.
    Source: equivalent circuit with the leakage gathered on one side (Chapman, Electric Machinery Fundamentals).
    """
    warm = 1.0 + COPPER_PER_K * (v.winding - 20.0)
    high, low = v.h1 - v.h2, v.x1 - v.x2
    sound = 1.0 - p.shorted
    emf = high.scaled(sound / p.ratio)
    secondary = (emf - low) * Phasor(p.resistance * warm, p.reactance).inverse()
    # E (1 / ratio) · shorted across turn_ohm · shorted: the admittance seen from the primary is shorted / (ratio² R).
    eddy = p.shorted / (p.ratio * p.ratio * p.turn_ohm * warm)
    excitation = high * Phasor(1.0 / p.core_ohm + eddy, -1.0 / p.magnetising_ohm)
    primary = secondary.scaled(sound / p.ratio) + excitation
    losses = secondary.squared() * p.resistance * warm + high.squared() * (1.0 / p.core_ohm + eddy)
    return {
        "h1": primary,
        "h2": -primary,
        "x1": -secondary,
        "x2": secondary,
        "winding": -losses,
    }, {
        "primary": _rms(primary),
        "secondary": _rms(secondary),
        "losses": losses,
    }


def _rms(current: Phasor) -> Any:
    return sqrt(current.squared())


explain(
    transformer_unit,
    Text(
        "Transformateur : rapport idéal, résistance et réactance de fuite, branche magnétisante ; des spires en "
        "court-circuit sont un troisième enroulement fermé. Source : schéma équivalent des manuels.",
        "Transformer: ideal ratio, leakage resistance and reactance, magnetising branch; shorted turns are a third, "
        "closed winding. Source: textbook equivalent circuit.",
    ),
    Curve(
        Text("tension secondaire selon le courant (charge résistive)", "secondary voltage against current (resistive)"),
        CURRENT,
        VOLTAGE,
        lambda d: [_loaded(d, 0.5 ** (0.25 * k)) for k in range(-8, 17)],
    ),
)


def _loaded(piece: Piece, share: float) -> tuple[float, float]:
    """Current and voltage of the secondary on a resistance that is the rated one divided by ``share``."""
    high = float(piece.values["primary_v"])
    rated_v = float(piece.values["secondary_v"])
    load = rated_v * rated_v / float(piece.values["power_va"]) / share
    series = complex(piece.p.resistance, piece.p.reactance)
    current = high * (1.0 - piece.p.shorted) / piece.p.ratio / (series + load)
    low = current * load
    # The law itself, under that voltage: what it sends into the load.
    flows, _ = piece.answer(h1=Phasor(high, 0.0), h2=_NOTHING, x1=Phasor(low.real, low.imag), x2=_NOTHING, winding=20.0)
    sent = flows["x1"]
    return float(sent.squared()) ** 0.5, abs(low)


def is_three_phase(p: Parameters) -> bool:
    """Whether it has three pairs of windings."""
    return bool(p["phases"] == "3")


def units(p: Parameters) -> tuple[tuple[str, str, str, str, str], ...]:
    """Name, primary ends and secondary ends of each pair of windings: delta and star with neutral when three-phase.

    Dyn11: the winding between 1U and 1W gives the secondary phase 2U, which leads by 30 degrees.
    """
    if not is_three_phase(p):
        return (("unit", "1U", "1V", "2U", "2V"),)
    before = dict(zip(_LETTERS, ("W", "U", "V"), strict=True))
    return tuple((f"unit_{n}", f"1{n}", f"1{before[n]}", f"2{n}", "2N") for n in _LETTERS)


def _ports(p: Parameters) -> tuple[Port, ...]:
    names = ("1U", "1V", "1W", "2U", "2V", "2W", "2N") if is_three_phase(p) else ("1U", "1V", "2U", "2V")
    return (*(Port(n, Domain.AC) for n in names), Port("PE", Domain.AC, "pe"))


def winding_data(p: Parameters) -> dict[str, float]:
    """Constants of one pair of windings from the plate: rated power, voltages, short-circuit voltage, losses.

    The no-load ratio makes up for half of the drop at full load, as makers of small transformers do. At rated current
    the copper losses and the short-circuit voltage (IEC 60076-1 test at 20 °C) give R and X of the leakage; the no-load
    test gives iron losses and magnetising current.
    """
    count = 3.0 if is_three_phase(p) else 1.0
    power = float(p["power_va"]) / count
    primary_v = float(p["primary_v"])
    secondary_v = float(p["secondary_v"]) / (_SQRT3 if is_three_phase(p) else 1.0)
    current = power / secondary_v
    share = 0.01 * float(p["short_circuit_percent"])
    copper = min(float(p["copper_w"]) / count / power, 0.99 * share)
    base = secondary_v / current
    iron_w = max(float(p["iron_w"]) / count, 1e-3)
    no_load_a = 0.01 * float(p["no_load_percent"]) * power / primary_v
    reactive = max((no_load_a * primary_v) ** 2 - iron_w**2, (0.1 * iron_w) ** 2) ** 0.5
    return {
        "ratio": primary_v / (secondary_v * (1.0 + 0.5 * copper)),
        "resistance": copper * base,
        "reactance": (share**2 - copper**2) ** 0.5 * base,
        "core_ohm": primary_v**2 / iron_w,
        "magnetising_ohm": primary_v**2 / reactive,
        "shorted": 0.0,
        "turn_ohm": 0.5 * copper * base,
    }


def _build(b: Builder, p: Parameters) -> None:
    start = float(p["ambient_c"])
    b.initial("winding", start)
    names = [port.name for port in _ports(p) if port.name != "PE"]
    for name in names:
        b.device(f"link_{name}", ac_pole, {"a": name, "b": f"end_{name}"}, {"resistance": _LINK_OHM})
    data = winding_data(p)
    for name, h1, h2, x1, x2 in units(p):
        ends = {"h1": f"end_{h1}", "h2": f"end_{h2}", "x1": f"end_{x1}", "x2": f"end_{x2}"}
        b.device(name, transformer_unit, {**ends, "winding": "winding"}, data)
    for path, (a, c) in _insulations(p).items():
        b.device(path, ac_impedance, {"a": a, "b": c}, {"resistance": INSULATION_OHM, "reactance": 0.0})
    capacity = float(p["capacity_j_k"])
    b.device("body", heat_store, {"t": "winding"}, {"capacity": capacity}, {"heat": capacity * start})
    b.device("surface", heat_to_air, {"t": "winding"}, {"conductance": p["air_w_k"], "air_c": start})


def _insulations(p: Parameters) -> dict[str, tuple[str, str]]:
    """What separates the windings from the core (PE) and from each other."""
    return {
        "primary_insulation": ("end_1U", "PE"),
        "secondary_insulation": ("end_2U", "PE"),
        "between_windings": ("end_1U", "end_2U"),
    }


@dc_image("transformer")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    """Each winding has half of the copper losses: its resistance, and its ends through their links."""
    data = winding_data(p)
    own = 0.5 * data["resistance"]

    def ohms(device: str) -> float:
        return read(ParameterRef(f"{tag}.{device}", "resistance"))

    links = tuple((n, f"end_{n}", ohms(f"link_{n}")) for n in (q.name for q in _ports(p)) if n != "PE")
    coils: tuple[Branch, ...] = ()
    for name, h1, h2, x1, x2 in units(p):
        left = max(1.0 - read(ParameterRef(f"{tag}.{name}", "shorted")), 1e-3)
        coils += ((f"end_{h1}", f"end_{h2}", own * data["ratio"] ** 2), (f"end_{x1}", f"end_{x2}", own * left))
    return links + coils + tuple((a, c, ohms(path)) for path, (a, c) in _insulations(p).items())


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    opened = ("1U", "1V", "1W", "2U", "2V", "2W") if is_three_phase(p) else ("1U", "2U")
    return (
        *(_open(name, p) for name in opened),
        *(_shorted(name, p) for name, *_ in units(p)),
        _insulation("primary_earth", "primary_insulation", "primaire à la masse", "primary to earth", 5.0),
        _insulation("secondary_earth", "secondary_insulation", "secondaire à la masse", "secondary to earth", 1.0),
        _insulation(
            "windings_touch",
            "between_windings",
            "primaire et secondaire en contact",
            "primary touches secondary",
            50.0,
        ),
        FailureMode(
            "cooling_blocked",
            Text("aération obstruée", "ventilation blocked"),
            (Effect("surface.conductance", 0.3, relative=True),),
            repair=Repair.CLEAN,
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.4,
            degrees=(0.6, 1.0),
            visible=Text("Un chiffon couvre le transformateur.", "A rag covers the transformer."),
        ),
    )


def _open(name: str, p: Parameters) -> FailureMode:
    side = ("primaire", "primary") if name[0] == "1" else ("secondaire", "secondary")
    where = f" ({name})" if is_three_phase(p) else ""
    return FailureMode(
        f"{side[1]}_open{'_' + name[1] if is_three_phase(p) else ''}",
        Text(f"enroulement {side[0]} coupé{where}", f"{side[1]} winding open{where}"),
        (Effect(f"link_{name}.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.7,
    )


def _shorted(unit: str, p: Parameters) -> FailureMode:
    where = f" ({unit[-1]})" if is_three_phase(p) else ""
    return FailureMode(
        f"shorted_turns{'_' + unit[-1] if is_three_phase(p) else ''}",
        Text(f"spires en court-circuit{where}", f"shorted turns{where}"),
        (Effect(f"{unit}.shorted", 0.1),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.6,
        degrees=(0.3, 1.0),
        visible=Text(f"Le vernis est noirci et cloqué{where}.", f"The varnish is black and blistered{where}."),
    )


def _insulation(key: str, path: str, fr: str, en: str, ohms: float) -> FailureMode:
    return FailureMode(
        key,
        Text(fr, en),
        (Effect(f"{path}.resistance", ohms, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.3,
        degrees=(0.75, 1.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    temperature = read(NodeRef(f"{tag}.winding"))
    found = [warmth(temperature, Text("Le transformateur", "The transformer"))]
    if temperature > _WINDING_LIMIT_C:
        found.append(Perception(Sense.LOOK, Text("Odeur de vernis brûlé.", "Smell of burnt varnish.")))
    losses = sum(read(StateRef(f"{tag}.{name}", "losses")) for name, *_ in units(p))
    if losses > 3.0 * (p["copper_w"] + p["iron_w"]):
        heard = Text("Le transformateur ronfle fort.", "The transformer hums loudly.")
    elif losses > 0.3 * p["iron_w"]:
        heard = Text("Léger bourdonnement à 100 Hz.", "A faint 100 Hz hum.")
    else:
        heard = Text("Le transformateur est silencieux.", "The transformer is silent.")
    return (*found, Perception(Sense.LISTEN, heard))


def _single() -> Symbol:
    circles = (Circle(4, 3.4, 1.5), Circle(4, 5.6, 1.5))
    leads = (
        *(Line(((x, 0), (x, 1.2), (x + s, 2.1))) for x, s in ((2, 1.3), (6, -1.3))),
        *(Line(((x, 9), (x, 7.8), (x + s, 6.9))) for x, s in ((2, 1.3), (6, -1.3))),
        Line(((5.0, 4.5), (7, 4.5), (7, 4), (8, 4)), "thin"),
    )
    pins = (Pin("1U", 2, 0, "n"), Pin("1V", 6, 0, "n"), Pin("2U", 2, 9, "s"), Pin("2V", 6, 9, "s"))
    # The earth lead stands for the core between the windings.
    return Symbol(8, 9, (*circles, *leads), (*pins, Pin("PE", 8, 4, "e")))


def _three() -> Symbol:
    circles = (Circle(8, 3.8, 1.9), Circle(8, 6.6, 1.9))
    tops = tuple(Line(((x, 0), (x, 1.0), (8 + 0.35 * (x - 8), 2.5 if x != 8 else 1.9))) for x in (4, 8, 12))
    bottoms = tuple(
        Line(((x, 10), (x, 9.4), (8 + 0.3 * (x - 8), 7.2 if abs(x - 8) > 3 else 8.4))) for x in (2, 6, 10, 14)
    )
    marks = (Label(8, 3.2, "D", 1.0), Label(8, 7.2, "yn11", 0.8), Line(((9.5, 5.2), (16, 5.2), (16, 5)), "thin"))
    pins = (
        *(Pin(f"1{n}", 4 * k + 4, 0, "n") for k, n in enumerate(_LETTERS)),
        *(Pin(f"2{n}", 4 * k + 2, 10, "s") for k, n in enumerate((*_LETTERS, "N"))),
        Pin("PE", 16, 5, "e"),
    )
    return Symbol(16, 10, (*circles, *tops, *bottoms, *marks), pins)


COMPONENT = Component(
    family="transformer",
    letter="T",
    text=Text("transformateur", "transformer"),
    sheet=Text(
        "Transformateur de commande monophasé (1U-1V primaire, 2U-2V secondaire) ou triphasé Dyn11 (1U 1V 1W, 2U 2V 2W "
        "2N). Secondaire isolé : relier un pôle au PE pour que la protection voie un défaut de masse. Contrôles : "
        "rapport à vide, résistance des deux enroulements, isolement entre eux et à la masse. Valeurs : fiche EN "
        "61558-2-2 de transformateur de commande 400/24 V 250 VA.",
        "Single-phase control transformer (1U-1V primary, 2U-2V secondary) or three-phase Dyn11 (1U 1V 1W, 2U 2V 2W "
        "2N). Isolated secondary: bond one pole to PE so that the protection sees an earth fault. Checks: no-load "
        "ratio, resistance of both windings, insulation between them and to earth. Values: EN 61558-2-2 sheet of a "
        "400/24 V 250 VA control transformer.",
    ),
    parameters=(
        Parameter("phases", Text("nombre de phases", "number of phases"), "", "1", choices=("1", "3")),
        Parameter("power_va", Text("puissance nominale", "rated power"), "VA", 250.0, 10.0, 100000.0),
        Parameter("primary_v", Text("tension primaire", "primary voltage"), "V", 400.0, 24.0, 690.0),
        Parameter("secondary_v", Text("tension secondaire en charge", "secondary voltage"), "V", 24.0, 12.0, 690.0),
        Parameter(
            "short_circuit_percent", Text("tension de court-circuit", "short-circuit voltage"), "%", 6.5, 1.0, 20.0
        ),
        Parameter("copper_w", Text("pertes en charge", "load losses"), "W", 14.0, 0.1, 5000.0),
        Parameter("iron_w", Text("pertes à vide", "no-load losses"), "W", 9.0, 0.01, 2000.0),
        Parameter("no_load_percent", Text("courant à vide", "no-load current"), "%", 12.0, 0.1, 60.0),
        Parameter("capacity_j_k", Text("capacité thermique", "heat capacity"), "J/K", 1600.0, 10.0, 1e6),
        Parameter("air_w_k", Text("conductance vers l'air", "conductance to the air"), "W/K", 0.4, 0.01, 1000.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 25.0, -25.0, 60.0),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    channels=lambda tag, p: (
        Channel("temperature", NodeRef(f"{tag}.winding"), 20.0, _WINDING_LIMIT_C),
        Channel("load", StateRef(f"{tag}.{units(p)[0][0]}", "secondary"), 0.0, p["power_va"] / p["secondary_v"]),
    ),
    signals={
        "temperature": lambda tag, p: NodeRef(f"{tag}.winding"),
        "current": lambda tag, p: StateRef(f"{tag}.{units(p)[0][0]}", "secondary"),
    },
    senses=_senses,
    symbols={"main": _single(), "three_phase": _three()},
)

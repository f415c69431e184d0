"""What the pneumatic cylinders share: chambers, rod, its failures, what is seen and heard of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import explain
from etabli.components.drawing import Circle, Line, Moves, Polygon, Rectangle, Symbol
from etabli.components.mechanical.friction import TRANSLATION_CREEP
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.pneumatic.cylinder_chambers import (
    DM3_PER_CM2_M,
    NEWTON_PER_BAR_CM2,
    STOP_FACTOR,
    STOP_STIFFNESS,
    air_energy,
    areas_cm2,
    double_acting_cylinder,
    double_acting_cylinder_with_heat,
    port_conductance,
)
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.seal_friction import seal_friction
from etabli.components.pneumatic.volume import air_mass
from etabli.physics.expression import absolute, clamp, less, maximum
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.text import Text

_AT_END = 0.002  # share of the stroke


@sampled(
    reads=("position", "speed"),
    parameters=("stroke",),
    memory=("fraction", "knock", "fastest"),
    stage=Stage.SENSE,
)
def rod_position(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Rod as an eye and an ear follow it: extended ``fraction``, highest speed of the last 20 ms (``fastest``, m/s)
    and speed at the last hit on an end cap (``knock``, m/s, forgotten in 2 s)."""
    fraction = clamp(r.position / p.stroke, 0.0, 1.0)
    home = less(fraction, _AT_END) * less(_AT_END, m.fraction)
    out = less(1.0 - _AT_END, fraction) * less(m.fraction, 1.0 - _AT_END)
    # On the step of the hit the rod is already at rest: the speed of the last steps is the one that counts.
    return {
        "fraction": fraction,
        "knock": maximum(m.knock * maximum(1.0 - h / 2.0, 0.0), maximum(home, out) * m.fastest),
        "fastest": maximum(absolute(r.speed), m.fastest * maximum(1.0 - h / 0.02, 0.0)),
    }


explain(rod_position, Text("La tige comme l'œil et l'oreille la suivent.", "The rod as eye and ear follow it."))


def add_chambers(b: Builder, p: Parameters, stroke_m: float, start_m: float, cushion_seal: float = 1.0) -> None:
    """Device ``chambers`` of a cylinder with the parameters :data:`CHAMBER_PARAMETERS`; ``cushion_seal`` 0: none."""
    bore = float(p["bore_mm"])
    area_a, area_b = areas_cm2(bore, float(p["rod_mm"]))
    # 5 mm at the end cap and the port, dm³
    dead = float(p["dead_cm3"]) * 1e-3 or area_a * 0.5e-3 + 2e-3
    held = dead + DM3_PER_CM2_M * area_a * start_m, dead + DM3_PER_CM2_M * area_b * (stroke_m - start_m)
    values = {
        "area_a": area_a,
        "area_b": area_b,
        "stroke": stroke_m,
        "dead_a": dead,
        "dead_b": dead,
        "port_conductance": float(p["port_conductance"]) or port_conductance(bore),
        "cushion_length": min(0.012 + bore * 1e-4, 0.3 * stroke_m),
        "cushioning": p["cushioning"],
        "cushion_seal": cushion_seal,
        "piston_leak": 0.0,
        "load": p["load_n"],
        "stop_stiffness": p["stop_stiffness"],
        "stop_factor": p["stop_factor"],
        "stop_damper": p["stop_damper"],
    }
    nodes = {"port_a": "A", "port_b": "B", "a": "chamber_a", "b": "chamber_b", "w": "rod"}
    states = {"mass_a": air_mass(held[0]), "mass_b": air_mass(held[1]), "position": start_m}
    if p["chamber_model"] == "isothermal":
        b.device("chambers", double_acting_cylinder, nodes, values, states)
        return
    b.device(
        "chambers",
        double_acting_cylinder_with_heat,
        {**nodes, "heat_a": "air_a", "heat_b": "air_b"},
        {**values, "perimeter": math.pi * bore * 1e-3, "wall_coefficient": p["wall_coefficient"]},
        {**states, "energy_a": air_energy(held[0]), "energy_b": air_energy(held[1])},
    )


def seals_n(p: Parameters) -> float:
    """Coulomb friction of the seals, N."""
    return NEWTON_PER_BAR_CM2 * float(p["friction_bar"]) * areas_cm2(float(p["bore_mm"]), 0.0)[0]


def add_rod(b: Builder, p: Parameters) -> None:
    """The mass that moves and the friction of its seals."""
    dry = seals_n(p)
    b.device("rod_mass", moving_mass, {"w": "rod"}, {"mass": p["mass_kg"]})
    b.device(
        "rod_friction",
        seal_friction,
        {"w": "rod"},
        {
            "coulomb": dry,
            "stiction": p["stiction"],
            "stribeck": float(p["stribeck_mm_s"]) * 1e-3,
            "viscous": float(p["viscous"]) * dry,
            "creep": TRANSLATION_CREEP,
        },
    )


def add_rod_reading(b: Builder, p: Parameters, stroke_m: float) -> None:
    """The rod as an eye and an ear follow it: sampled device ``rod_reading``."""
    b.sample(
        "rod_reading",
        rod_position,
        {"position": b.state("chambers", "position"), "speed": b.across("rod")},
        {"stroke": stroke_m},
        initial={"fraction": float(p["start"])},
    )


def rod_fraction(tag: str, p: Parameters) -> MemoryRef:
    """How far the rod is out, 0…1."""
    return MemoryRef(f"{tag}.rod_reading", "fraction")


def rod_channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    """The rod, which anybody sees, and the pressures behind and before the piston."""
    return (
        Channel("rod", rod_fraction(tag, p), seen=True, text=Text("tige", "rod")),
        Channel("pressure_a", NodeRef(f"{tag}.chamber_a"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 8.0),
        Channel("pressure_b", NodeRef(f"{tag}.chamber_b"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 8.0),
    )


def _rod_words(fraction: float, speed: float) -> Text:
    if speed > 0.01:
        return Text("La tige sort.", "The rod is extending.")
    if speed < -0.01:
        return Text("La tige rentre.", "The rod is retracting.")
    if fraction > 0.99:
        return Text("La tige est sortie, à l'arrêt.", "The rod is extended, at rest.")
    if fraction < 0.01:
        return Text("La tige est rentrée, à l'arrêt.", "The rod is retracted, at rest.")
    share = round(100.0 * fraction)
    return Text(f"La tige est arrêtée à {share} % de sa course.", f"The rod stands still at {share} % of its stroke.")


def _end_noise(knock_m_s: float) -> tuple[Perception, ...]:
    if knock_m_s > 0.25:
        return (
            Perception(
                Sense.LISTEN,
                Text("Choc métallique sec en fin de course.", "Hard metallic bang at the end of the stroke."),
            ),
        )
    if knock_m_s > 0.08:
        return (Perception(Sense.LISTEN, Text("Bruit sourd en fin de course.", "Dull thud at the end of the stroke.")),)
    return ()


def rod_senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    """Where the rod is, how it hits its ends, how it rubs."""
    speed = read(NodeRef(f"{tag}.rod"))
    grip = read(ParameterRef(f"{tag}.rod_friction", "coulomb"))
    rubbing: tuple[Perception, ...] = ()
    if abs(speed) > 0.01 and grip > 3.0 * seals_n(p):
        rubbing = (Perception(Sense.LISTEN, Text("La tige grince en avançant.", "The rod squeaks as it moves.")),)
    return (
        Perception(Sense.LOOK, _rod_words(read(rod_fraction(tag, p)), speed)),
        *_end_noise(read(MemoryRef(f"{tag}.rod_reading", "knock"))),
        *rubbing,
    )


def side_symbol() -> Symbol:
    """Seen from the side for mimics: body, ports as dots, moving rod with its pad."""
    return Symbol(
        24,
        4,
        (
            Rectangle(0, 0, 12, 4),
            Circle(1, 3.4, 0.3, True),
            Circle(11, 3.4, 0.3, True),
            Moves("rod", 11, 0, (Line(((1, 2), (12.5, 2))), Polygon(((12.5, 1), (13, 1), (13, 3), (12.5, 3)), True))),
        ),
    )


CHAMBER_PARAMETERS = (
    Parameter("bore_mm", Text("alésage", "bore"), "mm", 32.0, 8.0, 320.0),
    Parameter("rod_mm", Text("diamètre de tige", "rod diameter"), "mm", 12.0, 3.0, 125.0),
    Parameter("stroke_mm", Text("course", "stroke"), "mm", 100.0, 5.0, 2000.0),
    Parameter("mass_kg", Text("masse déplacée", "moved mass"), "kg", 1.0, 0.05, 2000.0),
    Parameter("load_n", Text("effort opposé à la sortie", "force against extension"), "N", 0.0, -50000.0, 50000.0),
    Parameter(
        "cushioning",
        Text("serrage de la vis d'amortissement", "tightness of the cushioning screw"),
        "",
        0.6,
        0.0,
        1.0,
        True,
    ),
    Parameter("friction_bar", Text("frottement, en pression", "friction, as a pressure"), "bar", 0.25, 0.02, 2.0),
    Parameter("stiction", Text("décollement / frottement", "breakaway over friction"), "", 1.4, 1.0, 4.0),
    Parameter("stribeck_mm_s", Text("vitesse de Stribeck", "Stribeck speed"), "mm/s", 20.0, 1.0, 200.0),
    Parameter(
        "viscous", Text("frottement ajouté à 1 m/s (rapport)", "friction added at 1 m/s (ratio)"), "s/m", 2.0, 0.0, 20.0
    ),
    Parameter(
        "chamber_model",
        Text("modèle des chambres", "model of the chambers"),
        "",
        "isothermal",
        choices=("isothermal", "energy"),
    ),
    Parameter(
        "wall_coefficient",
        Text("échange avec les parois (modèle « energy »)", "exchange with the walls (model “energy”)"),
        "W/(m²·K)",
        60.0,
        0.0,
        1000.0,
    ),
    Parameter(
        "dead_cm3",
        Text("volume mort d'une chambre (0 : selon l'alésage)", "dead volume of a chamber (0: from the bore)"),
        "cm³",
        0.0,
        0.0,
        5000.0,
    ),
    Parameter(
        "port_conductance",
        Text("conductance d'un orifice (0 : selon l'alésage)", "conductance of a port (0: from the bore)"),
        "dm³/(s·bar)",
        0.0,
        0.0,
        100.0,
    ),
    Parameter(
        "stop_stiffness",
        Text("raideur des butées", "stiffness of the end stops"),
        "N/m",
        STOP_STIFFNESS,
        1e4,
        1e9,
    ),
    Parameter(
        "stop_factor",
        Text("amorti des butées (Hunt-Crossley)", "damping of the end stops (Hunt-Crossley)"),
        "s/m",
        STOP_FACTOR,
        0.0,
        20.0,
    ),
    Parameter(
        "stop_damper",
        Text("amorti des butées (visqueux)", "damping of the end stops (viscous)"),
        "N·s/m",
        0.0,
        0.0,
        1e6,
    ),
)

START = Parameter("start", Text("position au départ (1 sortie)", "initial position (1 extended)"), "", 0.0, 0.0, 1.0)

ROD_MODES = (
    FailureMode(
        "stiff",
        Text("guidage encrassé : vérin dur", "dirty guide: stiff cylinder"),
        (Effect("rod_friction.coulomb", 12.0, relative=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.INTERMITTENT),
        1.5,
        (0.5, 1.0),
        Text("Le guidage est couvert de poussière collée.", "The guide is covered with stuck dust."),
    ),
    FailureMode(
        "bent_rod",
        Text("tige faussée", "bent rod"),
        (Effect("rod_friction.coulomb", 16.0, relative=True), Effect("rod_leak.opening", 0.05)),
        rate=0.6,
        degrees=(0.6, 1.0),
        visible=Text(
            "La tige n'est plus droite : elle frotte d'un côté.",
            "The rod is no longer straight: it rubs on one side.",
        ),
    ),
    FailureMode(
        "seized",
        Text("vérin grippé", "cylinder seized"),
        (Effect("rod_friction.coulomb", 200.0, relative=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
    ),
)
"""Failure modes of the rod: its devices are ``rod_friction`` and ``rod_leak``."""

ROD_SIGNALS: Mapping[str, Callable[[str, Parameters], Ref]] = {
    "position": lambda tag, p: StateRef(f"{tag}.chambers", "position"),
    "extended": rod_fraction,
    "speed": lambda tag, p: NodeRef(f"{tag}.rod"),
}

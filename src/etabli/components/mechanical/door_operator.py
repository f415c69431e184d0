"""Operator of a sliding door: 24 V motor, belt, panel on its track between two stops."""

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
from etabli.components.drawing import Circle, Label, Line, Moves, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.electrical.dc_motor import pm_motor
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import buffer_force, rack_joint
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import absolute, clamp, less, maximum
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_STOP_N_M = 4e4  # rubber stop
_STOP_LOSS = 3.0
_AT_END = 0.005
_GEAR = Text("du réducteur de porte", "of the door gear")


@law(
    {"w": Domain.TRANSLATION},
    ("width", "spring", "obstacle", "obstacle_at", "obstacle_n_m"),
    ("position",),
)
def sliding_panel(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Stops of a panel at 0 (closed) and ``width`` m (open), pulled shut by ``spring`` N (closing weight).

    ``obstacle`` (0/1): something of ``obstacle_n_m`` N/m stands where the closing panel meets it, at ``obstacle_at`` m.
    State: position m. Source: Hunt-Crossley contact (1975).
    """
    x = s.position + ah * v.w
    shut = buffer_force(-x, -v.w, _STOP_N_M, _STOP_LOSS)
    open_ = buffer_force(x - p.width, v.w, _STOP_N_M, _STOP_LOSS)
    met = p.obstacle * buffer_force(p.obstacle_at - x, -v.w, p.obstacle_n_m, 1.0)
    return {"w": p.spring + open_ - shut - met}, {"position": x}


@sampled(
    reads=("position", "speed"),
    parameters=("width",),
    memory=("fraction", "knock", "fastest"),
    stage=Stage.SENSE,
)
def panel_reading(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Opening 0…1 as an eye sees it, and the speed (m/s) of the last hit on a stop, forgotten in 2 s."""
    fraction = clamp(r.position / p.width, 0.0, 1.0)
    shut = less(fraction, _AT_END) * less(_AT_END, m.fraction)
    open_ = less(1.0 - _AT_END, fraction) * less(m.fraction, 1.0 - _AT_END)
    return {
        "fraction": fraction,
        "knock": maximum(m.knock * maximum(1.0 - h / 2.0, 0.0), maximum(shut, open_) * m.fastest),
        "fastest": maximum(absolute(r.speed), m.fastest * maximum(1.0 - h / 0.02, 0.0)),
    }


def _build(b: Builder, p: Parameters) -> None:
    width = 1e-3 * float(p["width_mm"])
    start = width * float(p["start"])
    b.device(
        "motor",
        pm_motor,
        {"plus": "+", "minus": "-", "shaft": "rotor"},
        {
            "resistance": p["winding_ohm"],
            "inductance": 2e-3 * float(p["winding_ohm"]),
            "constant": p["constant_v_s"],
        },
    )
    add_shaft(b, "rotor", "gear", float(p["rotor_kg_m2"]), float(p["drag_nm"]), 2e-5)
    travel = 0.5e-3 * float(p["pulley_mm"]) / float(p["ratio"])
    b.device(
        "belt",
        rack_joint,
        {"w": "rotor", "x": "panel"},
        {"travel": travel, "stiffness": 3e4, "damping": 300.0, "play": 0.0, "grip": 1.0},
    )
    b.device("panel", moving_mass, {"w": "panel"}, {"mass": p["panel_kg"]})
    add_dry_friction(b, "track", "panel", GROUND, float(p["track_n"]), breakaway=1.3, viscous=15.0)
    b.device(
        "travel",
        sliding_panel,
        {"w": "panel"},
        {
            "width": width,
            "spring": p["closing_n"],
            "obstacle": 0.0,
            "obstacle_at": 0.4 * width,
            "obstacle_n_m": 2e4,
        },
        {"position": start},
    )
    b.sample(
        "reading",
        panel_reading,
        {"position": b.state("travel", "position"), "speed": b.across("panel")},
        {"width": width},
        initial={"fraction": float(p["start"])},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("door", MemoryRef(f"{tag}.reading", "fraction"), seen=True, text=Text("porte", "door")),
        Channel("current", StateRef(f"{tag}.motor", "current"), 0.0, 24.0 / float(p["winding_ohm"])),
    )


def _panel_words(fraction: float, speed: float) -> Text:
    if speed > 0.005:
        return Text("La porte s'ouvre.", "The door opens.")
    if speed < -0.005:
        return Text("La porte se ferme.", "The door closes.")
    if fraction > 0.99:
        return Text("La porte est ouverte.", "The door is open.")
    if fraction < 0.01:
        return Text("La porte est fermée.", "The door is closed.")
    share = round(100.0 * fraction)
    return Text(f"La porte est arrêtée, ouverte à {share} %.", f"The door stands still, {share} % open.")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}.panel"))
    found = [Perception(Sense.LOOK, _panel_words(read(MemoryRef(f"{tag}.reading", "fraction")), speed))]
    if read(ParameterRef(f"{tag}.travel", "obstacle")) > 0.5:
        found.append(Perception(Sense.LOOK, Text("Un objet est dans le passage.", "An object stands in the doorway.")))
    if read(MemoryRef(f"{tag}.reading", "knock")) > 0.15:
        found.append(Perception(Sense.LISTEN, Text("La porte claque sur sa butée.", "The door bangs on its stop.")))
    if abs(speed) > 0.005 and read(ParameterRef(f"{tag}.track", "limit")) > 2.0 * float(p["track_n"]):
        found.append(
            Perception(Sense.LISTEN, Text("La porte racle dans sa glissière.", "The door scrapes on its track."))
        )
    current = abs(read(StateRef(f"{tag}.motor", "current")))
    if current > 0.7 * 24.0 / float(p["winding_ohm"]) and abs(speed) < 0.01:
        found.append(
            Perception(Sense.LISTEN, Text("Le moteur de porte force, bloqué.", "The door motor strains, stalled."))
        )
    if abs(read(NodeRef(f"{tag}.rotor"))) > 20.0 and abs(speed) < 0.01:
        found.append(
            Perception(Sense.LISTEN, Text("Le moteur de porte tourne à vide.", "The door motor spins with no load."))
        )
    return (*found, *shaft_senses(tag, "gear", f"{tag}.rotor", float(p["drag_nm"]), read, _GEAR))


def _symbol() -> Symbol:
    return Symbol(
        16,
        10,
        (
            Line(((2, 0), (2, 1.2))),
            Line(((6, 0), (6, 1.2))),
            Line(((2, 1.2), (3, 1.9))),
            Line(((6, 1.2), (5, 1.9))),
            Circle(4, 3, 1.5),
            Label(4, 3, "M", 1.2),
            Circle(4, 6, 0.6),
            Circle(15, 6, 0.6),
            Line(((4, 5.4), (15, 5.4))),
            Line(((4, 6.6), (15, 6.6))),
            Line(((4, 4.5), (4, 6)), "dashed"),
            Moves("door", 6, 0, (Rectangle(3.5, 7.2, 5, 2.6), Line(((6, 6.6), (6, 7.2))))),
        ),
        (Pin("+", 2, 0, "n"), Pin("-", 6, 0, "n")),
    )


COMPONENT = Component(
    family="door_operator",
    letter="M",
    text=Text("opérateur de porte", "door operator"),
    sheet=Text(
        "Moteur 24 V continu, réducteur et courroie : + sur la borne + ouvre, polarité inverse ferme. À vide 0,45 m/s, "
        "effort calé environ 150 N (EN 81-20). Arrêter le moteur aux fins de course. "
        "Valeurs : fiche d'opérateur de porte automatique coulissante 900 mm.",
        "24 V DC motor, gear and belt: + on terminal + opens, reversed polarity closes. No-load 0.45 m/s, stalled "
        "force about 150 N (EN 81-20). Stop the motor at the limit switches. "
        "Values: sheet of an automatic sliding door operator, 900 mm.",
    ),
    parameters=(
        Parameter("width_mm", Text("passage libre", "clear opening"), "mm", 900.0, 100.0, 4000.0),
        Parameter("panel_kg", Text("masse du vantail", "mass of the panel"), "kg", 45.0, 1.0, 1000.0),
        Parameter("track_n", Text("frottement de la glissière", "friction of the track"), "N", 20.0, 1.0, 1000.0),
        Parameter("closing_n", Text("effort du contrepoids de fermeture", "closing weight"), "N", 8.0, 0.0, 500.0),
        Parameter("start", Text("ouverture au départ", "opening at the start"), "", 0.0, 0.0, 1.0),
        Parameter("winding_ohm", Text("résistance du moteur", "motor resistance"), "Ω", 6.5, 0.05, 100.0),
        Parameter("constant_v_s", Text("constante du moteur", "motor constant"), "V·s", 0.073, 1e-3, 5.0),
        Parameter("rotor_kg_m2", Text("inertie du rotor", "rotor inertia"), "kg·m²", 6e-5, 1e-7, 1e-2),
        Parameter("drag_nm", Text("frottement du réducteur", "friction of the gear"), "N·m", 0.02, 1e-4, 1.0),
        Parameter("ratio", Text("rapport de réduction", "reduction ratio"), "", 15.0, 1.0, 200.0),
        Parameter("pulley_mm", Text("diamètre de la poulie", "pulley diameter"), "mm", 50.0, 10.0, 300.0),
    ),
    ports=(Port("+", Domain.DC), Port("-", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "motor_open",
            Text("balais usés : moteur coupé", "worn brushes: motor open"),
            (Effect("motor.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        FailureMode(
            "brushes_worn",
            Text("balais usés : moteur sans force", "worn brushes: weak motor"),
            (Effect("motor.resistance", 12.0, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.INTERMITTENT),
            degrees=(0.6, 1.0),
            visible=Text("Les balais sont usés jusqu'au repère.", "The brushes are worn down to the mark."),
        ),
        FailureMode(
            "belt_broken",
            Text("courroie de porte cassée", "door belt broken"),
            (Effect("belt.grip", 0.0),),
            visible=Text("La courroie pend sous le linteau.", "The belt hangs below the lintel."),
        ),
        FailureMode(
            "belt_slack",
            Text("courroie de porte détendue : jeu", "door belt slack: play"),
            (Effect("belt.play", 0.06),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.3, 1.0),
            Text("La courroie bat de deux centimètres au doigt.", "The belt gives two centimetres under a finger."),
        ),
        FailureMode(
            "track_dirty",
            Text("glissière encrassée : porte dure", "dirty track: stiff door"),
            (Effect("track.limit", 9.0, relative=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.4, 1.0),
            Text("Des gravillons remplissent le seuil.", "Grit fills the sill."),
        ),
        FailureMode(
            "object_in_sill",
            Text("objet coincé dans le seuil", "object stuck in the sill"),
            (Effect("travel.obstacle", 1.0),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            visible=Text("Un boulon est coincé dans le seuil.", "A bolt is stuck in the sill."),
        ),
        *bearing_modes("gear", 5.0, 40.0, _GEAR),
    ),
    channels=_channels,
    signals={
        "position": lambda tag, p: MemoryRef(f"{tag}.reading", "fraction"),
        "position_m": lambda tag, p: StateRef(f"{tag}.travel", "position"),
        "speed": lambda tag, p: NodeRef(f"{tag}.panel"),
        "current": lambda tag, p: StateRef(f"{tag}.motor", "current"),
    },
    senses=_senses,
    symbols={"main": _symbol()},
)

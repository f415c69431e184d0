"""Ram, tool and blanks of a press: guides, die, forming force, cams that sensors feel, and the hand that feeds it."""

from __future__ import annotations

import random
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
    Suspended,
)
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.hand import add_hand
from etabli.components.mechanical.conveyor import held_value
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import GRAVITY
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.mechanical.press_blanks import PressBlanks
from etabli.physics.expression import clamp, less, maximum, positive
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_DIE_ROUNDING_M = 2e-6
_DIE_DAMPING = 4.0  # s/m, Hunt-Crossley factor of steel on steel with oil
_CAM_HYSTERESIS_M = 1e-3
_BREAKAWAY = 1.25
VISCOUS_N_S_M = 2000.0
"""Viscous friction of oiled columns, N·s/m."""
_KNOCK_M_S = 0.05


@law(
    terminals={"w": Domain.TRANSLATION},
    parameters=(
        "weight", "touch", "closed", "shim", "stiffness", "first", "rise", "die_stiffness",
        "strength", "thicker", "fresh",
    ),
    states=("position", "depth", "force"),
)  # fmt: skip
def press_tool(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A heavy ram that goes down (m/s, positive) on a blank that yields, then on a die that does not.

    ``position`` is the travel in m from the top. The blank, touched at ``touch`` less what it is ``thicker``, is an
    elastic-plastic body with isotropic linear hardening (Prager): it springs with ``stiffness`` N/m and yields at
    ``strength * (first + rise * depth)`` N, solved by return mapping (Simo and Hughes, Computational Inelasticity,
    chapter 1); ``depth`` in m is what it keeps. ``strength`` 0 means no blank, ``fresh`` 1 that nothing has touched it.
    The die closes at ``closed + shim`` with ``die_stiffness`` N/m, which holds the stretch of the frame; its damping is
    that of Hunt and Crossley (1975). ``weight`` in N pulls downwards; ``force`` is what the tool presses with, N.
    """
    x = s.position + ah * v.w
    kept = maximum(s.depth, 0.0) * (1.0 - p.fresh)
    reach = x - p.touch + p.thicker
    yields_at = p.strength * (p.first + p.rise * kept)
    over = p.stiffness * (reach - kept) - yields_at
    depth = kept + maximum(over, 0.0) / (p.stiffness + p.strength * p.rise)
    blank = maximum(p.stiffness * (reach - depth), 0.0)
    pressed = positive(x - p.closed - p.shim, _DIE_ROUNDING_M)
    force = blank + p.die_stiffness * pressed * maximum(1.0 + _DIE_DAMPING * v.w, 0.0)
    return {"w": force - p.weight}, {"position": x, "depth": depth, "force": force}


explain(
    press_tool,
    Text(
        "Outil de presse : flan élastoplastique à écrouissage linéaire (Prager, Simo et Hughes), puis matrice rigide "
        "(Hunt et Crossley).",
        "Press tool: elastic-plastic blank with linear hardening (Prager, Simo and Hughes), then a rigid die "
        "(Hunt-Crossley).",
    ),
    Curve(
        Text("effort de l'outil selon la course", "tool force against travel"),
        Axis(Text("course au-delà du contact", "travel beyond contact"), "mm"),
        Axis(Text("effort", "force"), "kN"),
        sweep(-2.0, 12.0, lambda d, x: 1e-3 * _pressed(d, 1e-3 * x), 141),
    ),
)


def _pressed(piece: Piece, travel: float) -> float:
    """Force of the tool on a fresh blank, ``travel`` m beyond the place where a sound one is touched."""
    fresh = piece.having(strength=piece.p.strength or 1.0, fresh=1.0)
    return float(fresh.answer({"position": piece.sound.p.touch + travel}, 1e-9)[1]["force"])


@sampled(reads=("position",), parameters=("at", "side"), memory=("on",), stage=Stage.SENSE)
def ram_cam(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """A cam on the ram: 1 where a sensor faces it, below (``side`` 1) or above (``side`` -1) ``at`` m of travel."""
    return {"on": less(0.0, p.side * (r.position - p.at) + _CAM_HYSTERESIS_M * (m.on - 0.5))}


explain(ram_cam, Text("Came sur le coulisseau, devant un capteur.", "A cam on the ram, in front of a sensor."))


@sampled(reads=("position", "speed"), parameters=("stroke",), memory=("fraction", "pace"), stage=Stage.SENSE)
def ram_image(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The ram as an eye follows it: 0 at the top, 1 at the full stroke; ``pace`` m/s, smoothed over 0.2 s."""
    return {"fraction": clamp(r.position / p.stroke, 0.0, 1.0), "pace": m.pace + (r.speed - m.pace) * h / (h + 0.2)}


explain(ram_image, Text("Le coulisseau comme on le voit.", "The ram as an eye follows it."))


_CAMS = (("up", -1.0), ("slow", 1.0), ("down", 1.0))


def _build(b: Builder, p: Parameters) -> None:
    closed = float(p["closed_mm"]) * 1e-3
    depth = float(p["die_depth_mm"]) * 1e-3
    start = float(p["start_mm"]) * 1e-3
    first, last = float(p["first_kn"]) * 1e3, float(p["last_kn"]) * 1e3
    b.device(
        "tool",
        press_tool,
        {"w": "ram"},
        {
            "weight": float(p["ram_kg"]) * GRAVITY,
            "touch": closed - depth,
            "closed": closed,
            "shim": 0.0,
            "stiffness": float(p["springback_kn_mm"]) * 1e6,
            "first": first,
            "rise": (last - first) / depth,
            "die_stiffness": float(p["frame_kn_mm"]) * 1e6,
            "strength": 0.0,
            "thicker": 0.0,
            "fresh": 1.0,
        },
        {"position": start},
    )
    b.device("ram_mass", moving_mass, {"w": "ram"}, {"mass": p["ram_kg"]})
    add_dry_friction(b, "guides", "ram", GROUND, float(p["guide_n"]), breakaway=_BREAKAWAY, viscous=VISCOUS_N_S_M)
    position = b.state("tool", "position")
    for name, side in _CAMS:
        b.sample(
            f"cam_{name}",
            ram_cam,
            {"position": position},
            {"at": float(p[f"{name}_m"]), "side": side},
            initial={"on": float(side * (start - float(p[f"{name}_m"])) > 0.0)},
        )
    stroke = {"stroke": float(p["stroke_mm"]) * 1e-3}
    b.sample("image", ram_image, {"position": position, "speed": b.across("ram")}, stroke)
    b.sample("blank", held_value, {}, {"value": 0.0})
    b.sample("formed", held_value, {}, {"value": 0.0})
    add_hand(b, "hand")


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    depth = float(p["depth_mm"]) * 1e-3
    return (
        Channel("ram", MemoryRef(f"{tag}.image", "fraction"), seen=True, text=Text("coulisseau", "ram")),
        Channel(
            "blank", ParameterRef(f"{tag}.blank", "value"), seen=True, text=Text("pièce en place", "part in place")
        ),
        Channel(
            "formed",
            ParameterRef(f"{tag}.formed", "value"),
            0.0,
            depth,
            seen=True,
            text=Text("profondeur formée", "formed depth"),
        ),
        Channel(
            "hand", MemoryRef(f"{tag}.hand", "head"), seen=True, text=Text("main dans l'outil", "hand in the tool")
        ),
        Channel("force", StateRef(f"{tag}.tool", "force"), 0.0, 350e3),
    )


def _ram_words(fraction: float, pace: float) -> Text:
    place = round(100.0 * fraction)
    if pace > 0.003:
        return Text(f"Le coulisseau descend (course {place} %).", f"The ram goes down (stroke {place} %).")
    if pace < -0.003:
        return Text(f"Le coulisseau monte (course {place} %).", f"The ram goes up (stroke {place} %).")
    return Text(f"Le coulisseau est arrêté (course {place} %).", f"The ram stands still (stroke {place} %).")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    pace = read(MemoryRef(f"{tag}.image", "pace"))
    formed = read(ParameterRef(f"{tag}.formed", "value"))
    found = [Perception(Sense.LOOK, _ram_words(read(MemoryRef(f"{tag}.image", "fraction")), pace))]
    if read(ParameterRef(f"{tag}.blank", "value")) < 0.5:
        lies = Text("L'outil est vide.", "The tool is empty.")
    elif formed < 2e-4:
        lies = Text("Un flan est posé dans l'outil.", "A blank lies in the tool.")
    else:
        lies = Text(
            f"La pièce dans l'outil est emboutie de {formed * 1e3:.1f} mm.".replace(".", ",", 1),
            f"The part in the tool is drawn {formed * 1e3:.1f} mm deep.",
        )
    found.append(Perception(Sense.LOOK, lies))
    rubbing = read(ParameterRef(f"{tag}.guides", "limit")) / float(p["guide_n"])
    if abs(pace) > 0.003 and rubbing > 2.0:
        text = Text("Les colonnes de guidage grincent.", "The guide columns squeak.")
        found.append(Perception(Sense.LISTEN, text))
    if rubbing > 2.0:
        text = Text("Les colonnes sont sèches et rayées sous le doigt.", "The columns feel dry and scored.")
        found.append(Perception(Sense.TOUCH, text))
    return tuple(found)


def _cam_shifted(name: str, shift_m: float, fr: str, en: str) -> FailureMode:
    return FailureMode(
        f"cam_{name}_shifted",
        Text(f"came {fr} déréglée", f"{en} cam out of place"),
        (Effect(f"cam_{name}.at", shift_m),),
        Repair.ADJUST,
        (Onset.SUDDEN, Onset.GROWING),
        1.0,
        (0.8, 1.0),
        Text(
            f"Le trait de repère de la came {fr} n'est plus en face.", f"The mark of the {en} cam is no longer in line."
        ),
    )


_MODES = (
    FailureMode(
        "guides_dry",
        Text("colonnes de guidage sèches", "guide columns dry"),
        (Effect("guides.limit", 14.0, relative=True, logarithmic=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        1.5,
        (0.6, 1.0),
        Text("Les colonnes n'ont plus de film d'huile.", "There is no oil film on the columns."),
    ),
    FailureMode(
        "guides_seized",
        Text("coulisseau grippé sur ses colonnes", "ram seized on its columns"),
        (Effect("guides.limit", 450.0, relative=True, logarithmic=True),),
        rate=0.4,
        visible=Text("Une colonne est arrachée sur 10 cm.", "One column is galled over 10 cm."),
    ),
    FailureMode(
        "scrap_in_die",
        Text("copeau entre les matrices", "scrap between the dies"),
        (Effect("tool.shim", -1.8e-3),),
        Repair.CLEAN,
        (Onset.SUDDEN,),
        1.5,
        (0.7, 1.0),
        Text(
            "Un morceau de tôle est collé au fond de la matrice.", "A piece of sheet sticks to the bottom of the die."
        ),
    ),
    FailureMode(
        "shim_lost",
        Text("cale de hauteur d'outil perdue", "height shim of the tool lost"),
        (Effect("tool.shim", 3e-3),),
        Repair.ADJUST,
        (Onset.SUDDEN,),
        0.8,
        (0.7, 1.0),
        Text("Il manque une cale sous la matrice.", "A shim is missing under the die."),
    ),
    _cam_shifted("up", 0.012, "du haut", "top"),
    _cam_shifted("slow", 0.262, "de ralentissement", "slow-down"),
    _cam_shifted("down", 0.262, "du bas", "bottom"),
)


def _number(name: str, fr: str, en: str, unit: str, default: float, low: float, high: float) -> Parameter:
    return Parameter(name, Text(fr, en), unit, default, low, high, adjustable=name in {"up_m", "slow_m", "down_m"})


def _process(tag: str, p: Parameters, rng: random.Random) -> PressBlanks:
    return PressBlanks(tag, p, rng)


COMPONENT = Component(
    family="press_station",
    letter="U",
    purpose="H",
    text=Text("coulisseau et outil de presse", "press ram and tool"),
    sheet=Text(
        "Coulisseau guidé par colonnes, outil d'emboutissage de 12 mm de profondeur : 60 kN au contact, 190 kN en fin "
        "d'emboutissage, frappe au fond à 300 kN. Une main pose le flan et retire la pièce ; la pièce est bonne à la "
        "profondeur voulue. Valeurs : fiche de presse hydraulique à col de cygne de 300 kN et de son outil.",
        "Ram on guide columns, drawing tool 12 mm deep: 60 kN at contact, 190 kN at the end of drawing, coined at "
        "300 kN. A hand lays the blank and takes the part out; the part is good at the wanted depth. Values: sheet of "
        "a 300 kN hydraulic C-frame press and of its tool.",
    ),
    parameters=(
        _number("ram_kg", "masse du coulisseau et de l'outil", "mass of ram and tool", "kg", 320.0, 10.0, 5000.0),
        _number("guide_n", "frottement des colonnes", "friction of the columns", "N", 600.0, 1.0, 20000.0),
        _number("stroke_mm", "course", "stroke", "mm", 300.0, 10.0, 2000.0),
        _number("start_mm", "position au départ", "position at start", "mm", 40.0, 0.0, 2000.0),
        _number("closed_mm", "course à outil fermé", "travel at closed tool", "mm", 250.0, 10.0, 2000.0),
        _number("die_depth_mm", "profondeur de la matrice", "depth of the die", "mm", 12.0, 0.5, 200.0),
        _number("first_kn", "effort au contact", "force at contact", "kN", 60.0, 0.1, 5000.0),
        _number("last_kn", "effort en fin d'emboutissage", "force at the end of drawing", "kN", 190.0, 0.1, 5000.0),
        _number("springback_kn_mm", "raideur de la pièce", "stiffness of the part", "kN/mm", 200.0, 1.0, 2000.0),
        _number(
            "frame_kn_mm", "raideur du bâti et de l'outil", "stiffness of frame and tool", "kN/mm", 350.0, 1.0, 2000.0
        ),
        _number("depth_mm", "profondeur voulue", "wanted depth", "mm", 11.43, 0.5, 200.0),
        _number("tolerance_mm", "tolérance", "tolerance", "mm", 0.12, 0.01, 5.0),
        _number("strength_scatter", "dispersion de la tôle", "scatter of the sheet metal", "", 0.03, 0.0, 0.3),
        _number("thickness_scatter_mm", "dispersion d'épaisseur", "scatter of thickness", "mm", 0.03, 0.0, 1.0),
        _number(
            "open_mm", "course où la main peut entrer", "travel at which a hand can enter", "mm", 80.0, 1.0, 2000.0
        ),
        _number("handling_s", "temps de chargement", "handling time", "s", 1.0, 0.1, 60.0),
        _number("up_m", "came du haut", "top cam", "m", 0.06, 0.0, 2.0),
        _number("slow_m", "came de ralentissement", "slow-down cam", "m", 0.215, 0.0, 2.0),
        _number("down_m", "came du bas", "bottom cam", "m", 0.248, 0.0, 2.0),
    ),
    ports=(Port("ram", Domain.TRANSLATION),),
    build=_build,
    failure_modes=_MODES,
    channels=_channels,
    signals={
        "position": lambda tag, p: StateRef(f"{tag}.tool", "position"),
        "speed": lambda tag, p: NodeRef(f"{tag}:ram"),
        "pace": lambda tag, p: MemoryRef(f"{tag}.image", "pace"),
        "force": lambda tag, p: StateRef(f"{tag}.tool", "force"),
        "depth": lambda tag, p: ParameterRef(f"{tag}.formed", "value"),
        "hand": lambda tag, p: MemoryRef(f"{tag}.hand", "head"),
        **{
            f"at_{name}": (lambda tag, p, name=name: MemoryRef(f"{tag}.cam_{name}", "on"))  # type: ignore[misc]
            for name, _ in _CAMS
        },
    },
    senses=_senses,
    suspends=lambda tag, p: (
        Suspended("ram", Text("coulisseau", "ram"), "ram", StateRef(f"{tag}.tool", "position"), 1.0),
    ),
    symbols={
        "main": Symbol(
            16,
            10,
            (
                Line(((8, 0), (8, 2))),
                Rectangle(3, 2, 10, 2),
                Polygon(((6, 4), (10, 4), (9, 5.6), (7, 5.6)), True),
                Line(((4.5, 6.4), (11.5, 6.4))),
                Rectangle(3, 7.4, 10, 1.8),
                Line(((1, 0.6), (1, 9.6), (15, 9.6), (15, 0.6)), "thin"),
            ),
            (Pin("ram", 8, 0, "n"),),
        )
    },
    process=_process,
    controls={"hand": "hand.position"},
    adjusts={f"{name}_m": f"cam_{name}.at" for name, _ in _CAMS},
)

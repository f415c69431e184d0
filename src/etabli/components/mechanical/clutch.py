"""Electromagnetic friction clutch: engaged while its 24 V coil is fed."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.drawing import Lights, Line, Moves, Pin, Rectangle, Symbol
from etabli.components.electrical.coil import COIL_MODES, add_electromagnet, coil_senses
from etabli.components.electrical.diode import FLYBACK_SHORTED
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.lining import add_lining, lining_modes, lining_senses, lining_spot
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    for port in ("in", "out"):
        b.device(f"half_{port}", rotating_mass, {"w": port}, {"inertia": p["half_kg_m2"]})
    add_electromagnet(
        b,
        volts=24.0,
        ohms=float(p["coil_ohm"]),
        time_constant_s=0.03,
        close_s=0.05,
        open_s=0.03,
        plus="+",
        minus="-",
    )
    add_lining(
        b,
        "discs",
        "in",
        "out",
        b.memory("armature", "position"),
        float(p["torque_nm"]),
        breakaway=1.1,
        start=0.0,
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("engaged", MemoryRef(f"{tag}.armature", "position"), seen=True, text=Text("disque", "disc")),
        Channel("speed", NodeRef(f"{tag}:out"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("energised", StateRef(f"{tag}.coil", "current"), 0.0, 24.0 / float(p["coil_ohm"])),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    if abs(speed_in - speed_out) > 1.0:
        seen = Text("Les deux disques ne tournent pas ensemble.", "The two discs do not turn together.")
    elif abs(speed_out) > 0.1:
        seen = Text("L'embrayage tourne d'un bloc.", "The clutch turns as one.")
    else:
        seen = Text("L'embrayage est arrêté.", "The clutch stands still.")
    return (Perception(Sense.LOOK, seen), *coil_senses(tag, read), *lining_senses(tag, "discs", read))


def _symbol() -> Symbol:
    return Symbol(
        12,
        8,
        (
            Line(((0, 4), (5.4, 4))),
            Line(((6.6, 4), (12, 4))),
            Rectangle(4.8, 2, 0.6, 4),
            Moves("engaged", -0.6, 0, (Rectangle(6.2, 2, 0.6, 4),)),
            Line(((4, 0), (4, 1))),
            Line(((8, 0), (8, 1))),
            Rectangle(3.6, 1, 4.8, 0.7),
            Lights("energised", (Rectangle(3.6, 1, 4.8, 0.7),), "orange"),
        ),
        (Pin("in", 0, 4, "w"), Pin("out", 12, 4, "e"), Pin("+", 4, 0, "n"), Pin("-", 8, 0, "n")),
    )


COMPONENT = Component(
    family="clutch",
    letter="Y",
    text=Text("embrayage électromagnétique", "electromagnetic clutch"),
    sheet=Text(
        "Deux arbres liés par friction tant que la bobine 24 V est alimentée. Au-delà du couple limite il glisse et "
        "chauffe ; à chaud il perd son couple. Valeurs : fiche d'embrayage monodisque de taille 10, 40 N·m, 24 W.",
        "Two shafts joined by friction while the 24 V coil is fed. Beyond its limit torque it slips and heats; hot, it "
        "fades. Values: sheet of a size 10 single-disc clutch, 40 N·m, 24 W.",
    ),
    parameters=(
        Parameter("torque_nm", Text("couple transmissible", "transmissible torque"), "N·m", 40.0, 0.05, 1e4),
        Parameter("coil_ohm", Text("résistance de bobine", "coil resistance"), "Ω", 24.0, 1.0, 2000.0),
        Parameter("half_kg_m2", Text("inertie d'un disque", "inertia of one disc"), "kg·m²", 1.5e-3, 1e-7, 10.0),
    ),
    ports=(
        Port("in", Domain.ROTATION),
        Port("out", Domain.ROTATION),
        Port("+", Domain.DC),
        Port("-", Domain.DC),
    ),
    build=_build,
    failure_modes=(*COIL_MODES, FLYBACK_SHORTED, *lining_modes("discs")),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:out"),
        "engaged": lambda tag, p: MemoryRef(f"{tag}.armature", "position"),
    },
    senses=_senses,
    spots=lambda tag, p: (lining_spot(tag, "discs"),),
    symbols={"main": _symbol()},
    controls={"test": "armature.pushed"},
)

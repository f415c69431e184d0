"""Fixed stop with an elastic buffer at the end of a slide's travel."""

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
from etabli.components.curve import FORCE, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.mechanical.elastic import buffer_force
from etabli.components.mechanical.guided_mass import buffer_knock
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import MemoryRef, StateRef
from etabli.physics.text import Text


@law({"w": Domain.TRANSLATION}, ("at", "side", "stiffness", "loss"), ("position", "force"))
def fixed_stop(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A stop at m from where the slide started; ``side`` 1 stops what moves positively, -1 the other way.

    N/m and loss factor s/m. States: position m, ``force`` N of the contact. Source: Hunt-Crossley contact (1975).
    """
    position = s.position + ah * v.w
    force = buffer_force(p.side * (position - 1e-3 * p.at), p.side * v.w, p.stiffness, p.loss)
    return {"w": p.side * force}, {"position": position, "force": force}


explain(
    fixed_stop,
    Text(
        "Butée : contact de Hunt et Crossley (1975), qui pousse et dissipe.",
        "End stop: Hunt-Crossley contact (1975), which pushes and dissipates.",
    ),
    Curve(
        Text("effort de contact selon l'enfoncement", "contact force against depth"),
        Axis(Text("enfoncement", "depth"), "mm"),
        FORCE,
        sweep(
            -2.0,
            3.0,
            lambda d, x: d.answer({"position": 1e-3 * (d.sound.p.at + d.p.side * x)}, 1e-9)[1]["force"],
            81,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("pad", moving_mass, {"w": "slide"}, {"mass": 0.02})
    b.device(
        "stop",
        fixed_stop,
        {"w": "slide"},
        {
            "at": p["at_mm"],
            "side": 1.0 if p["side"] == "forward" else -1.0,
            "stiffness": p["stiffness_n_m"],
            "loss": p["loss_s_m"],
        },
    )
    b.sample(
        "knock",
        buffer_knock,
        {"buffer": b.state("stop", "force"), "speed": b.across("slide")},
        {"weight": 0.01 * float(p["stiffness_n_m"]) * 1e-2},
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(StateRef(f"{tag}.stop", "force")) > 1.0:
        found = [Perception(Sense.LOOK, Text("Le coulisseau appuie sur la butée.", "The slide rests on the stop."))]
    else:
        found = [Perception(Sense.LOOK, Text("Rien ne touche la butée.", "Nothing touches the stop."))]
    knock = read(MemoryRef(f"{tag}.knock", "knock"))
    if knock > 0.3:
        found.append(Perception(Sense.LISTEN, Text("Choc violent sur la butée.", "Violent bang on the stop.")))
    elif knock > 0.05:
        found.append(Perception(Sense.LISTEN, Text("Choc amorti sur la butée.", "Cushioned thud on the stop.")))
    return tuple(found)


COMPONENT = Component(
    family="end_stop",
    letter="G",
    purpose="R",
    text=Text("butée de fin de course", "end stop"),
    sheet=Text(
        "Butée élastique : effort de contact de Hunt-Crossley, qui ne tire jamais. "
        "Valeurs : fiche de butée en élastomère Ø 40 mm.",
        "Elastic stop: Hunt-Crossley contact force, which never pulls. Values: sheet of a 40 mm elastomer buffer.",
    ),
    parameters=(
        Parameter("at_mm", Text("place de la butée", "place of the stop"), "mm", 500.0, -1e6, 1e6, adjustable=True),
        Parameter("side", Text("sens arrêté", "direction stopped"), "", "forward", choices=("forward", "backward")),
        Parameter("stiffness_n_m", Text("raideur", "stiffness"), "N/m", 4e5, 1e2, 1e9),
        Parameter("loss_s_m", Text("facteur de perte", "loss factor"), "s/m", 1.5, 0.0, 20.0),
    ),
    ports=(Port("slide", Domain.TRANSLATION),),
    build=_build,
    failure_modes=(
        FailureMode(
            "rubber_gone",
            Text("élastomère arraché : choc métallique", "elastomer gone: metal to metal"),
            (Effect("stop.stiffness", 50.0, relative=True, logarithmic=True), Effect("stop.loss", 0.1, relative=True)),
            degrees=(0.5, 1.0),
            visible=Text("La butée est nue, métal contre métal.", "The stop is bare, metal to metal."),
        ),
        FailureMode(
            "moved",
            Text("butée desserrée : elle a reculé", "stop loose: it has moved back"),
            (Effect("stop.at", 1.3, relative=True),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.2, 1.0),
            Text("La butée a quitté son trait de repère.", "The stop has left its painted mark."),
        ),
    ),
    channels=lambda tag, p: (Channel("force", StateRef(f"{tag}.stop", "force"), 0.0, 5000.0),),
    signals={"force": lambda tag, p: StateRef(f"{tag}.stop", "force")},
    senses=_senses,
    adjusts={"at_mm": "stop.at"},
    symbols={
        "main": Symbol(
            5,
            4,
            (
                Line(((0, 2), (2, 2)), "thin"),
                Polygon(((2, 1.2), (3, 0.8), (3, 3.2), (2, 2.8))),
                Rectangle(3, 0.4, 0.8, 3.2, True),
            ),
            (Pin("slide", 0, 2, "w"),),
        )
    },
)

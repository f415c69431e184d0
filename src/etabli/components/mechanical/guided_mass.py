"""A mass on a guide between two buffers: what a hoist, a vertical axis and a slide have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Symbol
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import GRAVITY, buffer_force
from etabli.physics.expression import absolute, less, maximum
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

BUFFER_LOSS = 1.2  # s/m: a third of the speed comes back from 0.5 m/s
_KNOCK_FORGOTTEN_S = 2.0
_LEVEL = 0.02  # sine of the slope below which friction holds a carriage


@law(
    {"w": Domain.TRANSLATION},
    ("mass", "load_mass", "load", "slope", "low", "high", "stiffness", "loss"),
    ("momentum", "position", "buffer"),
)
def guided_mass(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A mass on a guide, up (positive) and down, between a buffer at ``low`` and one at ``high`` (m).

    kg; ``load`` (0…1) of ``load_mass`` kg is on board; ``slope`` is the sine of the incline (1 vertical). Buffers N/m
    with the loss factor s/m. States: momentum N·s, position m, ``buffer`` force N. Source: Newton, weight,
    Hunt-Crossley contact (1975).
    """
    mass = p.mass + p.load * p.load_mass
    momentum, position = mass * v.w, s.position + ah * v.w
    below = buffer_force(p.low - position, -v.w, p.stiffness, p.loss)
    above = buffer_force(position - p.high, v.w, p.stiffness, p.loss)
    force = (momentum - s.momentum) / ah + GRAVITY * p.slope * mass - below + above
    return {"w": force}, {"momentum": momentum, "position": position, "buffer": below + above}


explain(
    guided_mass,
    Text(
        "Masse guidée : seconde loi de Newton, poids, butées de Hunt et Crossley (1975).",
        "Guided mass: Newton's second law, weight, Hunt-Crossley buffers (1975).",
    ),
    Curve(
        Text("effort du tampon bas selon l'enfoncement", "force of the lower buffer against depth"),
        Axis(Text("enfoncement", "depth"), "mm"),
        Axis(Text("effort", "force"), "kN"),
        sweep(
            -10.0,
            60.0,
            lambda d, x: 1e-3 * d.answer({"position": d.sound.p.low - 1e-3 * x}, 1e-9)[1]["buffer"],
            71,
        ),
    ),
)


@sampled(
    reads=("buffer", "speed"),
    parameters=("weight",),
    memory=("knock", "fastest"),
    stage=Stage.SENSE,
)
def buffer_knock(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Speed of the last hit on a buffer, m/s, forgotten in 2 s; ``fastest`` is the speed of the last 50 ms."""
    hit = less(0.02 * p.weight, r.buffer)
    fastest = maximum(absolute(r.speed), m.fastest * maximum(1.0 - h / 0.05, 0.0))
    return {"knock": maximum(m.knock * maximum(1.0 - h / _KNOCK_FORGOTTEN_S, 0.0), hit * fastest), "fastest": fastest}


explain(buffer_knock, Text("Choc sur un tampon, pour l'oreille.", "A knock on a buffer, for the ear."))


def _add_guided_mass(b: Builder, p: Parameters, slope: float) -> None:
    """Devices ``body``, ``guide`` and the sampled ``knock`` on the node ``slide``; ``slope``: sine of the incline."""
    mass, guide_n = float(p["mass_kg"]), float(p["guide_n"])
    b.device(
        "body",
        guided_mass,
        {"w": "slide"},
        {
            "mass": mass,
            "load_mass": float(p["load_kg"]),
            "load": 0.0,
            "slope": slope,
            "low": 0.0,
            "high": 1e-3 * float(p["travel_mm"]),
            "stiffness": float(p["buffer_n_m"]),
            "loss": BUFFER_LOSS,
        },
        {"position": 1e-3 * float(p["start_mm"])},
    )
    add_dry_friction(b, "guide", "slide", GROUND, guide_n, breakaway=1.3, viscous=0.25 * guide_n)
    b.sample(
        "knock",
        buffer_knock,
        {"buffer": b.state("body", "buffer"), "speed": b.across("slide")},
        {"weight": GRAVITY * mass},
    )


_MODES = (
    FailureMode(
        "guide_dry",
        Text("glissière sèche : broutage", "dry guide: stick-slip"),
        (Effect("guide.limit", 8.0, relative=True), Effect("guide.breakaway", 2.0)),
        Repair.CLEAN,
        (Onset.GROWING, Onset.INTERMITTENT),
        1.5,
        (0.4, 1.0),
        Text("La glissière est sèche, piquée de rouille.", "The guide is dry, spotted with rust."),
    ),
    FailureMode(
        "jammed",
        Text("coulisseau coincé", "slide jammed"),
        (Effect("guide.limit", 500.0, relative=True, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.7,
        degrees=(0.9, 1.0),
        visible=Text("Un copeau est pris entre le coulisseau et le rail.", "A chip is caught between slide and rail."),
    ),
    FailureMode(
        "buffer_torn",
        Text("butée élastique arrachée", "elastic buffer torn off"),
        (Effect("body.stiffness", 20.0, relative=True, logarithmic=True), Effect("body.loss", 0.1, relative=True)),
        rate=0.5,
        degrees=(0.5, 1.0),
        visible=Text("La butée est nue, métal contre métal.", "The stop is bare, metal to metal."),
    ),
)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    travel = 1e-3 * float(p["travel_mm"])
    return (
        Channel("slide", StateRef(f"{tag}.body", "position"), 0.0, travel, seen=True, text=Text("coulisseau", "slide")),
        Channel("load", ParameterRef(f"{tag}.body", "load"), seen=True, text=Text("charge", "load")),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    position, speed = read(StateRef(f"{tag}.body", "position")), read(NodeRef(f"{tag}:slide"))
    if abs(speed) > 0.002:
        seen = Text("Le coulisseau se déplace.", "The slide is moving.")
    else:
        mm = round(1000.0 * position)
        seen = Text(f"Le coulisseau est arrêté à {mm} mm.", f"The slide stands still at {mm} mm.")
    found = [Perception(Sense.LOOK, seen)]
    if abs(speed) > 0.002 and read(ParameterRef(f"{tag}.guide", "limit")) > 2.0 * float(p["guide_n"]):
        found.append(Perception(Sense.LISTEN, Text("Le coulisseau grince et broute.", "The slide squeaks and jerks.")))
    knock = read(MemoryRef(f"{tag}.knock", "knock"))
    if knock > 0.3:
        found.append(Perception(Sense.LISTEN, Text("Choc violent en butée.", "Violent bang on the stop.")))
    elif knock > 0.05:
        found.append(Perception(Sense.LISTEN, Text("Choc sourd en butée.", "Dull thud on the stop.")))
    return tuple(found)


def _suspended(tag: str, slope: float) -> tuple[Suspended, ...]:
    """A level carriage does not fall."""
    if abs(slope) < _LEVEL:
        return ()
    down = -1.0 if slope > 0.0 else 1.0
    return (Suspended("slide", Text("coulisseau", "slide"), "slide", StateRef(f"{tag}.body", "position"), down),)


def guided_family(
    *,
    family: str,
    text: Text,
    sheet: Text,
    symbol: Symbol,
    mass_kg: float,
    travel_mm: float,
    guide_n: float,
    incline: Sequence[Parameter] = (),
    slope: Callable[[Parameters], float] = lambda p: 1.0,
) -> Component:
    """A family that is a mass on a guide: defaults (kg, mm, N), ``slope`` the sine of its incline (vertical unless
    said), ``incline`` the parameters it is computed from."""
    return Component(
        family=family,
        letter="G",
        purpose="U",
        text=text,
        sheet=sheet,
        parameters=(
            Parameter("mass_kg", Text("masse mobile", "moving mass"), "kg", mass_kg, 0.01, 1e5),
            Parameter(
                "load_kg", Text("charge posée à la commande 1", "load put on at control 1"), "kg", mass_kg, 0.01, 1e5
            ),
            *incline,
            Parameter("travel_mm", Text("course", "travel"), "mm", travel_mm, 1.0, 1e5),
            Parameter("start_mm", Text("position au départ", "position at the start"), "mm", 0.0, 0.0, 1e5),
            Parameter("guide_n", Text("frottement de la glissière", "friction of the guide"), "N", guide_n, 0.1, 2e4),
            Parameter("buffer_n_m", Text("raideur d'une butée", "stiffness of a stop"), "N/m", 5e5, 1e2, 1e8),
        ),
        ports=(Port("slide", Domain.TRANSLATION),),
        build=lambda b, p: _add_guided_mass(b, p, slope(p)),
        failure_modes=_MODES,
        channels=_channels,
        signals={
            "position": lambda tag, p: StateRef(f"{tag}.body", "position"),
            "speed": lambda tag, p: NodeRef(f"{tag}:slide"),
            "load": lambda tag, p: ParameterRef(f"{tag}.body", "load"),
        },
        senses=_senses,
        suspends=lambda tag, p: _suspended(tag, slope(p)),
        symbols={"main": symbol},
        controls={"load": "body.load"},
    )

"""Coils and the armatures they move (relays, contactors; solenoids of valves may use the coil too)."""

from __future__ import annotations

import math
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Effect,
    FailureMode,
    Onset,
    Parameters,
    Perception,
    Read,
    Sense,
    Spot,
)
from etabli.components.curve import MILLISECONDS, Axis, Curve, explain, in_time, loop
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.electrical.diode import add_flyback
from etabli.physics.expression import absolute, clamp, less, maximum, minimum, select
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import MemoryRef, ParameterRef, StateRef
from etabli.physics.text import Text

_CLICK_MEMORY_S = 0.4
_WARM_MEMORY_S = 60.0


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance", "inductance"), ("current",))
def coil(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Series R-L: ``L di/dt = v - R i`` (Ohm, Faraday). State ``current`` in A from ``a`` to ``b``; ohm, henry."""
    i = (s.current * p.inductance + ah * (v.a - v.b)) / (p.inductance + ah * p.resistance)
    return {"a": i, "b": -i}, {"current": i}


explain(
    coil,
    Text(
        "Bobine : résistance et inductance en série, L di/dt = u − R i (lois d'Ohm et de Faraday). Le courant "
        "s'établit avec la constante de temps L / R.",
        "Coil: resistance and inductance in series, L di/dt = u − R i (Ohm, Faraday). The current builds up with the "
        "time constant L / R.",
    ),
    Curve(
        Text("établissement du courant sous tension nominale", "current after switching on the rated voltage"),
        MILLISECONDS,
        Axis(Text("courant", "current"), "mA"),
        in_time(
            lambda d: 5.0 * d.p.inductance / d.p.resistance,
            "current",
            scale=1e3,
            time_scale=1e3,
            a=lambda d: d.value("coil_v", 24.0),
        ),
    ),
)


@sampled(
    reads=("current",),
    parameters=("pull_in", "drop_out", "close_s", "open_s", "turns", "spring", "jammed", "held", "pushed"),
    memory=("position", "pulled", "activity", "warmth"),
    stage=Stage.ACTUATE,
)
def armature(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Armature of an electromagnet: travel 0 (rest) … 1 (sealed), with a pull-in and a drop-out current (A).

    ``turns`` is the share of the turns that still work (ampere-turns pull, not amperes), ``spring`` the strength of the
    return spring (1 new, 0 broken: the armature stays), ``jammed`` the part of the travel that is blocked, ``held`` the
    travel below which a welded contact does not let it fall, ``pushed`` a finger on the armature (0/1).
    ``activity`` is recent travel (clicks heard), ``warmth`` the filtered ``(current / pull_in)²`` (heat felt).
    Times: mechanical operating times of relay data sheets.
    """
    pull = absolute(r.current) * p.turns
    pulled = select(m.pulled, less(p.drop_out * p.spring, pull), less(p.pull_in, pull))
    step = select(maximum(pulled, less(0.5, p.pushed)), h / p.close_s, -(h / p.open_s) * p.spring)
    position = maximum(minimum(clamp(m.position + step, 0.0, 1.0), 1.0 - p.jammed), p.held)
    fade = maximum(0.0, 1.0 - h / _CLICK_MEMORY_S)
    heating = (r.current / p.pull_in) * (r.current / p.pull_in)
    return {
        "position": position,
        "pulled": pulled,
        "activity": m.activity * fade + absolute(position - m.position),
        "warmth": m.warmth + (h / _WARM_MEMORY_S) * (heating - m.warmth),
    }


explain(
    armature,
    Text(
        "Équipage mobile : appelé au-dessus du courant d'appel (70 % du nominal), relâché sous le courant de chute "
        "(20 %) ; le ressort et les spires restantes comptent. Source : temps et seuils des fiches de relais.",
        "Armature: pulled in above the pick-up current (70 % of the rated one), released below the drop-out current "
        "(20 %); the spring and the turns that work count. Source: times and thresholds of relay sheets.",
    ),
    Curve(
        Text("course de l'équipage selon le courant (aller et retour)", "armature travel against current, up and down"),
        Axis(Text("courant de bobine", "coil current"), "mA"),
        Axis(Text("course (0 repos, 1 collé)", "travel (0 at rest, 1 sealed)")),
        loop(0.0, lambda d: 1.5 * d.p.pull_in, "current", "position", scale=1e3),
    ),
)


def armature_parameters(nominal_current: float, close_s: float, open_s: float) -> dict[str, float]:
    """Healthy armature for a coil of ``nominal_current`` A: picks up at 70 %, drops at 20 % (24 V relay sheets: 17 V
    and 2.4…6 V)."""
    return {
        "pull_in": 0.70 * nominal_current,
        "drop_out": 0.20 * nominal_current,
        "close_s": close_s,
        "open_s": open_s,
        "turns": 1.0,
        "spring": 1.0,
        "jammed": 0.0,
        "held": 0.0,
        "pushed": 0.0,
    }


def add_electromagnet(
    builder: Builder,
    *,
    volts: float,
    ohms: float,
    time_constant_s: float,
    close_s: float,
    open_s: float,
    plus: str = "A1",
    minus: str = "A2",
    side: str = "",
) -> None:
    """Coil with its flyback diode, and the armature it moves: devices ``coil``, ``flyback`` and sampled ``armature``.

    ``time_constant_s`` is L/R, ``close_s`` and ``open_s`` the travel times of the armature. ``side`` is added to the
    three names where a component has two coils.
    """
    builder.device(
        f"coil{side}", coil, {"a": plus, "b": minus}, {"resistance": ohms, "inductance": time_constant_s * ohms}
    )
    add_flyback(builder, plus, minus, f"flyback{side}")
    builder.sample(
        f"armature{side}",
        armature,
        {"current": builder.state(f"coil{side}", "current")},
        armature_parameters(volts / ohms, close_s, open_s),
    )


def add_relay_coil(builder: Builder, p: Parameters) -> None:
    """Electromagnet of a relay or contactor, from its data sheet parameters."""
    add_electromagnet(
        builder,
        volts=p["coil_v"],
        ohms=p["coil_ohm"],
        time_constant_s=p["coil_time_constant_s"],
        close_s=p["closing_s"],
        open_s=p["opening_s"],
    )


def relay_coil_channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    """The armature of a relay or contactor, which anybody sees, and its coil current over the rated one."""
    return (
        Channel(
            "armature", MemoryRef(f"{tag}.armature", "position"), seen=True, text=Text("équipage mobile", "armature")
        ),
        Channel("energised", StateRef(f"{tag}.coil", "current"), 0.0, p["coil_v"] / p["coil_ohm"]),
    )


COIL_MODES = (
    FailureMode(
        "coil_open",
        Text("bobine coupée", "coil open"),
        (Effect("coil.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=1.5,
    ),
    FailureMode(
        "coil_short_turns",
        Text("spires de la bobine en court-circuit", "shorted turns in the coil"),
        (
            Effect("coil.resistance", 0.02, relative=True),
            Effect("coil.inductance", 0.0004, relative=True),
            Effect("armature.turns", 0.02, relative=True),
        ),
        rate=0.6,
        visible=Text("L'enrobage de la bobine est bruni.", "The coil moulding has turned brown."),
    ),
    FailureMode(
        "armature_jammed",
        Text("équipage mobile bloqué au repos", "armature jammed at rest"),
        (Effect("armature.jammed", 0.9),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.5,
    ),
    FailureMode(
        "weak_spring",
        Text("ressort de rappel affaibli (retombée lente)", "weak return spring (slow release)"),
        (Effect("armature.spring", 0.01),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.4,
        degrees=(0.95, 1.0),
    ),
)


_RISE_K = 67.5
_BEND_K = 24.0


def coil_spot(tag: str) -> Spot:
    """The moulding of the coil of :func:`add_electromagnet`."""
    return Spot("coil", Text("bobine", "coil"), lambda read: _coil_celsius(tag, read))


def _coil_celsius(tag: str, read: Read) -> float:
    """Surface of the coil, °C, in a cabinet at 22 °C: 60 K above it at the rated current (IEC 60947-1 allows 65 K).

    Its power goes with the square of the current and with the turns that are left. Hot, it gives off more than in
    proportion (free convection and radiation): shorted turns make it hundreds of degrees, not thousands.
    """
    left = read(ParameterRef(f"{tag}.armature", "turns"))
    power = _RISE_K * left * read(MemoryRef(f"{tag}.armature", "warmth"))
    return 22.0 + _BEND_K * (math.sqrt(1.0 + 2.0 * power / _BEND_K) - 1.0)


def coil_senses(tag: str, read: Read) -> list[Perception]:
    """What coil and armature let a person hear and feel."""
    found = []
    activity = read(MemoryRef(f"{tag}.armature", "activity"))
    warmth = read(MemoryRef(f"{tag}.armature", "warmth"))
    if activity > 3.0:
        found.append(
            Perception(
                Sense.LISTEN, Text("Il bat : claquements rapides et répétés.", "It chatters: fast, repeated clicks.")
            )
        )
    elif activity > 0.2:
        found.append(Perception(Sense.LISTEN, Text("Un claquement net.", "One clear click.")))
    if warmth > 12.0:
        found.append(Perception(Sense.TOUCH, Text("La bobine est brûlante.", "The coil is burning hot.")))
        found.append(
            Perception(
                Sense.LOOK, Text("Odeur de vernis chaud près de la bobine.", "Smell of hot varnish near the coil.")
            )
        )
    elif warmth > 0.5:
        found.append(Perception(Sense.TOUCH, Text("La bobine est tiède.", "The coil is warm.")))
    else:
        found.append(Perception(Sense.TOUCH, Text("La bobine est froide.", "The coil is cold.")))
    return found

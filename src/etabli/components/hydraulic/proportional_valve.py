"""4/3 proportional valve with its amplifier inside."""

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
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import L_MIN, OIL_FLOW, Axis, Curve, Piece, explain, sweep
from etabli.components.electrical.analog_plug import PLUG_MODES, PLUG_PORTS, add_plug, amplifier_symbol, plug_reads
from etabli.components.hydraulic.directional_valve import FLUID_PORTS, three_square_symbol
from etabli.components.hydraulic.external_leak import leak_perceptions
from etabli.components.hydraulic.oil import HYDRAULIC_W, follow_oil, orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_factor,
    throttled_words,
)
from etabli.physics.expression import clamp, knee, less, select
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, StateRef
from etabli.physics.text import Text

_OF_IT = Text("de la valve proportionnelle", "of the proportional valve")
_FULL_SCALE_V = 10.0
_SUPPLY_OHM = 24.0
"""Draw of the amplifier and its coils at half command: 1 A at 24 V."""

_RAMP_PER_S = 20.0
_CORNER = 0.02


def _edge(x: Any, overlap: Any) -> Any:
    """Opening 0…1 of an edge that the spool, at ``x``, uncovers beyond ``overlap``; its corners are rounded."""
    return knee((x - overlap) / (1.0 - overlap), _CORNER)


@law(
    terminals=dict.fromkeys(("p", "a", "b", "t"), Domain.HYDRAULIC),
    parameters=("k", "command", "natural", "damping", "free", "overlap", "offset", "gap", "viscosity"),
    states=("position", "speed", "flow_a", "flow_b", "lost"),
)
def proportional_body(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Spool of the second order behind its position loop, four edges with a dead band.

    ``x'' = natural² (command - x) - 2 damping natural x'``: the step and frequency response of proportional valve
    sheets (natural in rad/s). ``free`` 0…1 is the share of its speed that dirt leaves (0: stuck), ``overlap`` the dead
    band as a share of the travel, ``offset`` the place of the spool's edges away from its zero. Edges are turbulent
    orifices with k in cm³/s per √bar at full opening (Merritt, chapters 5 and 6), ``gap`` the laminar leak of each, in
    cm³/s per bar at 46 mm²/s, ``viscosity`` relative. States: position -1…1, speed 1/s, oil out of a and b in cm³/s,
    power lost in bar·cm³/s.
    """
    pull = p.natural * p.natural
    speed = (s.speed + ah * pull * (p.command - s.position)) / (
        1.0 + 2.0 * p.damping * p.natural * ah + p.free * pull * ah * ah
    )
    position = s.position + ah * p.free * speed
    x = position + p.offset
    right, left = _edge(x, p.overlap), _edge(-x, p.overlap)
    leak = p.gap / p.viscosity
    pa, pb, at, bt = v.p - v.a, v.p - v.b, v.a - v.t, v.b - v.t
    q_pa = orifice_flow(v.p, v.a, p.k * right) + leak * pa
    q_bt = orifice_flow(v.b, v.t, p.k * right) + leak * bt
    q_pb = orifice_flow(v.p, v.b, p.k * left) + leak * pb
    q_at = orifice_flow(v.a, v.t, p.k * left) + leak * at
    flows = {"p": q_pa + q_pb, "a": q_at - q_pa, "b": q_bt - q_pb, "t": -q_at - q_bt}
    lost = q_pa * pa + q_pb * pb + q_at * at + q_bt * bt
    states = {"position": position, "speed": speed, "flow_a": q_pa - q_at, "flow_b": q_pb - q_bt, "lost": lost}
    return flows, states


explain(
    proportional_body,
    Text(
        "Distributeur proportionnel : tiroir du second ordre, quatre arêtes à recouvrement, q = k × ouverture × √Δp. "
        "Source : réponses des fiches ; Merritt, chapitres 5 et 6.",
        "Proportional valve: second-order spool, four overlapped edges, q = k × opening × √Δp. Source: responses of "
        "sheets; Merritt, chapters 5 and 6.",
    ),
    Curve(
        Text("débit en A selon la commande, Δp 35 bar par arête", "flow at A against command, 35 bar drop an edge"),
        Axis(Text("commande", "command"), "%"),
        OIL_FLOW,
        sweep(-100.0, 100.0, lambda d, x: _metered(d, 0.01 * x) * L_MIN, 101),
    ),
)


def _metered(piece: Piece, command: float) -> float:
    """Steady oil out of port a, cm³/s: a jammed spool (``free`` 0) stays in its middle."""
    there = {"position": command if piece.p.free > 0.0 else 0.0}
    held = piece.having(command=there["position"])
    return float(held.answer(there, 1e-9, p=70.0, a=35.0, b=35.0, t=0.0)[1]["flow_a"])


@sampled(
    reads=("supply", "ground", "plus", "minus"),
    parameters=("gain", "zero", "jump", "ramp", "healthy", "least_supply", "coil_a", "coil_b"),
    memory=("command", "ready"),
    writes=("command",),
    stage=Stage.ACTUATE,
)
def proportional_amplifier(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Amplifier: set point (±10 V) to spool position, with zero, gain, dead-band jump and a slew limit.

    ``zero`` is added to the set point as a share of full scale; beyond 1 % of it the command jumps over the overlap of
    the spool by ``jump``; ``ramp`` is the fastest change in 1/s. Below ``least_supply`` V, or with ``healthy`` 0, both
    coils are off and the springs centre the spool. ``coil_a``, ``coil_b`` 0…1: what each solenoid can still do. The
    spool takes ``command`` at the next step. Source: block diagrams of on-board electronics sheets.
    """
    ready = less(p.least_supply, r.supply - r.ground) * less(0.5, p.healthy)
    wanted = clamp(p.gain * (r.plus - r.minus) / _FULL_SCALE_V + p.zero, -1.0, 1.0)
    # The jump comes in over 1 % of the set point: no step in the command.
    jumped = wanted * (1.0 - p.jump) + p.jump * clamp(100.0 * wanted, -1.0, 1.0)
    target = ready * select(less(0.0, jumped), jumped * p.coil_a, jumped * p.coil_b)
    return {"command": m.command + clamp(target - m.command, -p.ramp * h, p.ramp * h), "ready": ready}


explain(
    proportional_amplifier,
    Text(
        "Amplificateur : consigne ±10 V vers position du tiroir, avec zéro, gain, saut de zone morte et rampe. "
        "Source : schémas-blocs des électroniques embarquées.",
        "Amplifier: ±10 V set point to spool position, with zero, gain, dead-band jump and ramp. Source: block "
        "diagrams of on-board electronics.",
    ),
    Curve(
        Text("commande du tiroir selon la consigne", "spool command against set point"),
        Axis(Text("consigne", "set point"), "V"),
        Axis(Text("commande", "command")),
        sweep(-10.0, 10.0, lambda d, u: d.held(60.0, d.start(), 60, supply=24.0, plus=u)["command"], 81),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, *(port.name for port in FLUID_PORTS), leak_at="P")
    b.device(
        "body",
        proportional_body,
        {"p": "P", "a": "A", "b": "B", "t": "T"},
        {
            "k": p["k"],
            "command": 0.0,
            "natural": p["natural_rad_s"],
            "damping": p["damping"],
            "free": 1.0,
            "overlap": p["overlap"],
            "offset": 0.0,
            "gap": p["gap"],
            "viscosity": 1.0,
        },
    )
    add_plug(b, _SUPPLY_OHM)
    b.sample(
        "amplifier",
        proportional_amplifier,
        plug_reads(b),
        {
            "gain": 1.0,
            "zero": 0.0,
            "jump": p["jump"],
            "ramp": _RAMP_PER_S,
            "healthy": 1.0,
            "least_supply": 18.0,
            "coil_a": 1.0,
            "coil_b": 1.0,
        },
        {"command": b.parameter("body", "command")},
    )
    volumes = tuple((f"volume_{port.name}", "air") for port in FLUID_PORTS)
    follow_oil(b, viscosity=(("body", "viscosity"),), air=volumes)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    at = StateRef(f"{tag}.body", "position")
    return (
        Channel("spool_a", at, 0.0, 1.0),
        Channel("spool_b", at, 0.0, -1.0),
        Channel("command", MemoryRef(f"{tag}.amplifier", "command"), -1.0, 1.0),
        Channel("ready", MemoryRef(f"{tag}.amplifier", "ready"), seen=True, text=Text("LED verte", "green LED")),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    lit = read(MemoryRef(f"{tag}.amplifier", "ready")) > 0.5
    led = (
        Text("La LED verte de l'amplificateur est allumée.", "The green LED of the amplifier is on.")
        if lit
        else Text("La LED de l'amplificateur est éteinte.", "The LED of the amplifier is off.")
    )
    at = Text("sous la valve proportionnelle", "under the proportional valve")
    return (
        Perception(Sense.LOOK, led),
        *throttled_words(
            HYDRAULIC_W * read(StateRef(f"{tag}.body", "lost")),
            Text("dans la valve proportionnelle", "in the proportional valve"),
        ),
        *leak_perceptions(read, tag, "leak", f"{tag}:P", at),
    )


def _dead_coil(side: str) -> FailureMode:
    return FailureMode(
        f"coil_open_{side}",
        Text(f"bobine {side} coupée", f"coil {side} open"),
        (Effect(f"amplifier.coil_{side}", 0.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
    )


COMPONENT = Component(
    family="proportional_valve",
    letter="V",
    text=Text("distributeur proportionnel 4/3", "4/3 proportional directional valve"),
    sheet=Text(
        "Ouvre P vers A et B vers T avec une consigne positive, P vers B et A vers T avec une consigne négative, en "
        "proportion (±10 V). L'électronique intégrée saute la zone morte du tiroir ; sans 24 V il se centre, fermé. "
        "Valeurs : fiche de valve proportionnelle NG6 à électronique intégrée (26 l/min sous 5 bar par arête, "
        "recouvrement 15 %, fréquence propre 20 Hz, amortissement 0,8).",
        "Opens P to A and B to T with a positive set point, P to B and A to T with a negative one, in proportion "
        "(±10 V). The on-board electronics jump over the spool's dead band; without 24 V it centres, closed. Values: "
        "data sheet of an NG6 proportional valve with on-board electronics (26 l/min at 5 bar per edge, overlap 15 %, "
        "natural frequency 20 Hz, damping 0.8).",
    ),
    parameters=(
        flow_factor("k", 194.0, Text("facteur de débit d'une arête ouverte", "flow factor of an open edge")),
        Parameter("natural_rad_s", Text("pulsation propre du tiroir", "spool frequency"), "rad/s", 126.0, 5.0, 2000.0),
        Parameter("damping", Text("amortissement du tiroir", "damping of the spool"), "", 0.8, 0.1, 5.0),
        Parameter("overlap", Text("recouvrement (zone morte)", "overlap (dead band)"), "", 0.15, 0.0, 0.5),
        Parameter("jump", Text("compensation de zone morte", "dead band compensation"), "", 0.12, 0.0, 0.5, True),
        Parameter(
            "gap",
            Text("fuite interne par arête à 46 mm²/s", "internal leak of an edge at 46 mm²/s"),
            "cm³/(s·bar)",
            0.003,
            1e-5,
            1.0,
        ),
    ),
    ports=(*FLUID_PORTS, *PLUG_PORTS),
    build=_build,
    failure_modes=(
        FailureMode(
            "zero_drift",
            Text("zéro de l'amplificateur déréglé", "zero of the amplifier drifted"),
            (Effect("amplifier.zero", 0.25),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.3, 1.0),
        ),
        FailureMode(
            "gain_low",
            Text("gain de l'amplificateur trop faible", "gain of the amplifier too low"),
            (Effect("amplifier.gain", 0.3),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "amplifier_dead",
            Text("électronique intégrée hors service", "on-board electronics dead"),
            (Effect("amplifier.healthy", 0.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        *PLUG_MODES,
        _dead_coil("a"),
        _dead_coil("b"),
        FailureMode(
            "spool_stuck",
            Text("tiroir grippé", "spool seized"),
            (Effect("body.free", 0.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.5,
        ),
        FailureMode(
            "spool_gummed",
            Text("tiroir gommé : réponse lente", "gummed spool: slow response"),
            (Effect("body.natural", 0.02, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "spool_offset",
            Text("capteur de position du tiroir décalé", "position sensor of the spool off its place"),
            (Effect("body.offset", 0.35),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.7,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "edges_worn",
            Text("arêtes de tiroir usées : fuite interne", "worn spool edges: internal leak"),
            (Effect("body.gap", 500.0, relative=True, logarithmic=True), Effect("body.overlap", 0.0)),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.5, 1.0),
        ),
        clogged_mode("body.k", _OF_IT),
        body_leak_mode(_OF_IT),
    ),
    channels=_channels,
    signals={
        "spool": lambda tag, p: StateRef(f"{tag}.body", "position"),
        "command": lambda tag, p: MemoryRef(f"{tag}.amplifier", "command"),
    },
    optional_links=("viscosity", "air"),
    senses=_senses,
    symbols={"main": three_square_symbol("closed", proportional=True), "amplifier": amplifier_symbol("±10 V")},
    adjusts={"jump": "amplifier.jump"},
)

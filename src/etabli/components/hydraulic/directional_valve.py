"""What the hydraulic directional valves share: body, spool, wet-pin solenoids, sliding symbol."""

from __future__ import annotations

from dataclasses import dataclass
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
    Port,
    Read,
    Repair,
    Sense,
    Spot,
    Swap,
)
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Axis, Curve, explain, loop, sweep
from etabli.components.drawing import Label, Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.electrical.diode import add_flyback
from etabli.components.fluid_symbols import arrow, blocked, spring
from etabli.components.hydraulic.external_leak import leak_perceptions
from etabli.components.hydraulic.oil import HYDRAULIC_W, follow_oil, orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_factor,
    throttled_words,
)
from etabli.components.pneumatic.pilot_valve import plug_led
from etabli.physics.expression import absolute, clamp, less, maximum, minimum, select
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, Ref, StateRef
from etabli.physics.text import Text

FLUID_PORTS = tuple(Port(name, Domain.HYDRAULIC) for name in ("P", "A", "B", "T"))

PATHS = ("pa", "pb", "at", "bt", "pt")
"""Passages of the body, in the order of the law's parameters."""

_HAND_FORCE = 4.0  # of a pin pushed with a tool, in nominal solenoid forces
_SEALED_GAIN = 1.2  # the solenoid pulls 2.2 times harder when its gap is closed
_SATURATION = 2.0  # largest force of the iron, in nominal forces
_PRELOAD = 0.45
_FRICTION = 0.06
_STIFFER = 1.0 / 3.0  # growth of the spring force over its travel
_TRAVEL_FACTOR = 1.09
"""Travel time over ``drag`` at rated current: integral of dx / (1 + 1.2 x - 0.45 (1 + x/3) - 0.06) from 0 to 1."""

_CLICK_MEMORY_S = 0.4
_WARM_MEMORY_S = 90.0
_OF_IT = Text("du distributeur", "of the directional valve")


@law(
    terminals=dict.fromkeys(("p", "a", "b", "t"), Domain.HYDRAULIC),
    parameters=("k", *PATHS, "gap", "viscosity"),
    states=("flow_a", "flow_b", "lost"),
)
def directional_body(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Four metering edges and the way from p to t through the spool: ``q = k opening √drop`` each (Merritt, chapter 5).

    ``pa`` … ``pt`` are the openings 0…1, k in cm³/s per √bar. ``gap`` is the laminar leak of each edge, in cm³/s per
    bar at 46 mm²/s; ``viscosity`` relative. States: oil out of a and of b (cm³/s), power lost in the edges (bar·cm³/s).
    """
    leak = p.gap / p.viscosity
    pa, pb = v.p - v.a, v.p - v.b
    at, bt = v.a - v.t, v.b - v.t
    q_pa = orifice_flow(v.p, v.a, p.k * p.pa) + leak * pa
    q_pb = orifice_flow(v.p, v.b, p.k * p.pb) + leak * pb
    q_at = orifice_flow(v.a, v.t, p.k * p.at) + leak * at
    q_bt = orifice_flow(v.b, v.t, p.k * p.bt) + leak * bt
    q_pt = orifice_flow(v.p, v.t, p.k * p.pt)
    flow_a, flow_b = q_pa - q_at, q_pb - q_bt
    flows = {"p": q_pa + q_pb + q_pt, "a": -flow_a, "b": -flow_b, "t": -q_at - q_bt - q_pt}
    lost = q_pa * pa + q_pb * pb + q_at * at + q_bt * bt + q_pt * (v.p - v.t)
    return flows, {"flow_a": flow_a, "flow_b": flow_b, "lost": lost}


explain(
    directional_body,
    Text(
        "Corps de distributeur : quatre arêtes, q = k × ouverture × √Δp chacune (orifice turbulent), et les fuites "
        "laminaires du tiroir. Source : Merritt, Hydraulic Control Systems, chapitre 5.",
        "Body of a directional valve: four edges, q = k × opening × √Δp each (turbulent orifice), and the laminar "
        "leaks of the spool. Source: Merritt, Hydraulic Control Systems, chapter 5.",
    ),
    Curve(
        Text("débit de P vers A selon la perte de charge, tiroir ouvert", "flow from P to A against drop, spool open"),
        DROP,
        OIL_FLOW,
        sweep(
            0.0, 16.0, lambda d, x: d.having(pa=1.0, bt=1.0, pb=0.0, at=0.0, pt=0.0).answer(p=x)[1]["flow_a"] * L_MIN
        ),
    ),
)


def _pull(current: Any, turns: Any, rated: Any, closed: Any) -> Any:
    """Force of a solenoid in nominal forces: square of its ampere-turns, more when its gap is ``closed`` (0…1)."""
    share = current * turns / rated
    return minimum(share * share, _SATURATION) * (1.0 + _SEALED_GAIN * closed)


@sampled(
    reads=("current_a", "current_b"),
    parameters=(
        "rated", "turns_a", "turns_b", "preload_a", "preload_b", "stiffer", "centre", "seat", "friction", "drag",
        "push_a", "push_b", "overlap", "underlap", "rest_p", "rest_t", "rest_pt",
    ),
    memory=("position", "activity", "warmth_a", "warmth_b"),
    writes=PATHS,
    stage=Stage.SWITCH,
)  # fmt: skip
def solenoid_spool(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Spool of a direct-operated valve, position -1 (b) … 0 … 1 (a), and the openings that it gives.

    Forces in nominal solenoid forces: solenoids a and b (``turns_*`` the share of turns that work), a spring with
    preload on each side of ``centre``, ``friction``, fingers on the override pins (``push_*`` 0/1). In oil a spool is
    all damping: its speed is the net force over ``drag`` (s). ``seat`` is the position from which the gap of a solenoid
    closes. An edge opens beyond ``overlap``; the passages of the centre (``rest_p`` P-A and P-B, ``rest_t`` A-T and
    B-T, ``rest_pt`` P-T, 0/1) close at ``underlap``. ``warmth_*`` is the filtered square of the current over the rated
    one, ``activity`` recent travel (heard). Times and pull-in of the sheets of wet-pin NG6 and NG10 valves.
    """
    x = m.position
    closed_a = clamp((x - p.seat) / (1.0 - p.seat), 0.0, 1.0)
    closed_b = clamp((-x - p.seat) / (1.0 - p.seat), 0.0, 1.0)
    pull_a = maximum(_pull(r.current_a, p.turns_a, p.rated, closed_a), _HAND_FORCE * less(0.5, p.push_a))
    pull_b = maximum(_pull(r.current_b, p.turns_b, p.rated, closed_b), _HAND_FORCE * less(0.5, p.push_b))
    force, off = pull_a - pull_b, x - p.centre
    back = select(
        less(0.0, off),
        -p.preload_a * (1.0 + p.stiffer * off),
        select(less(off, 0.0), p.preload_b * (1.0 - p.stiffer * off), -clamp(force, -p.preload_b, p.preload_a)),
    )
    net = force + back
    moved = x + h * (net - clamp(net, -p.friction, p.friction)) / p.drag
    # The springs end on their washers: a spool that comes home stops at the centre.
    crossed = less(off * (moved - p.centre), 0.0)
    position = clamp(select(crossed, p.centre, moved), -1.0, 1.0)
    work_a = clamp((position - p.overlap) / (1.0 - p.overlap), 0.0, 1.0)
    work_b = clamp((-position - p.overlap) / (1.0 - p.overlap), 0.0, 1.0)
    rest = clamp(1.0 - absolute(position) / p.underlap, 0.0, 1.0)
    heat = h / _WARM_MEMORY_S
    share_a, share_b = r.current_a / p.rated, r.current_b / p.rated
    return {
        "position": position,
        "activity": m.activity * maximum(0.0, 1.0 - h / _CLICK_MEMORY_S) + absolute(position - x),
        "warmth_a": m.warmth_a + heat * (share_a * share_a - m.warmth_a),
        "warmth_b": m.warmth_b + heat * (share_b * share_b - m.warmth_b),
        "pa": maximum(work_a, p.rest_p * rest),
        "bt": maximum(work_a, p.rest_t * rest),
        "pb": maximum(work_b, p.rest_p * rest),
        "at": maximum(work_b, p.rest_t * rest),
        "pt": p.rest_pt * rest,
    }


_PULLED_BY_A = loop(0.0, lambda d: 1.2 * d.p.rated, "current_a", "position", held_s=0.4, count=60)
"""Spool position with the current of coil a (A), up and down."""


explain(
    solenoid_spool,
    Text(
        "Tiroir à commande directe : la force de chaque électroaimant contre les ressorts de centrage et le "
        "frottement, amortie par l'huile. Source : temps et courants d'appel des fiches de distributeurs NG6 et NG10.",
        "Direct-operated spool: the force of each solenoid against the centring springs and friction, damped by oil. "
        "Source: times and pull-in of sheets of NG6 and NG10 valves.",
    ),
    Curve(
        Text(
            "position du tiroir selon le courant de la bobine a (aller et retour)",
            "spool position against the current of coil a, up and down",
        ),
        Axis(Text("courant / courant nominal", "current / rated current"), "%"),
        Axis(Text("tiroir (0 centre, 1 côté a)", "spool (0 centre, 1 side a)")),
        lambda d: [(100.0 * i / d.sound.p.rated, x) for i, x in _PULLED_BY_A(d)],
    ),
)


@dataclass(frozen=True, slots=True)
class Spool:
    """How a spool stands: springs that bring it back (in nominal forces), where to, and what its centre joins."""

    sides: tuple[str, ...] = ("a", "b")
    centre: float = 0.0
    start: float = 0.0
    preload: float = _PRELOAD
    friction: float = _FRICTION
    stroke: float = 1.0
    rest_p: float = 0.0
    rest_t: float = 0.0
    rest_pt: float = 0.0


OVERLAP = 0.15
UNDERLAP = 0.4


def add_body(b: Builder, p: Parameters) -> None:
    """Body with its ports and leaks; every edge closed until the spool says otherwise."""
    add_ports(b, *(port.name for port in FLUID_PORTS), leak_at="P")
    b.device(
        "body",
        directional_body,
        {"p": "P", "a": "A", "b": "B", "t": "T"},
        {"k": p["k"], **dict.fromkeys(PATHS, 0.0), "gap": p["gap"], "viscosity": 1.0},
    )
    volumes = tuple((f"volume_{port.name}", "air") for port in FLUID_PORTS)
    follow_oil(b, viscosity=(("body", "viscosity"),), air=volumes)


def add_solenoid(b: Builder, p: Parameters, side: str) -> None:
    """Coil with its free-wheeling diode and the LED of its plug."""
    volts = float(p["voltage"])
    ohms = volts * volts / float(p["power_w"])
    plus, minus = f"{side}+", f"{side}-"
    b.device(
        f"coil_{side}",
        coil,
        {"a": plus, "b": minus},
        {"resistance": ohms, "inductance": float(p["coil_time_constant_s"]) * ohms},
    )
    add_flyback(b, plus, minus, f"flyback_{side}")
    b.sample(f"led_{side}", plug_led, {"plus": b.across(plus), "minus": b.across(minus)}, {"rated": volts})


def add_spool(b: Builder, p: Parameters, spool: Spool) -> None:
    """The spool, moved by the solenoids of ``spool.sides``, and what it opens."""
    currents: dict[str, Ref] = {
        f"current_{side}": b.state(f"coil_{side}", "current")
        if side in spool.sides
        else b.parameter("body", "pt")  # no solenoid on that side: its turns are 0, whatever is read here
        for side in ("a", "b")
    }
    b.sample(
        "spool",
        solenoid_spool,
        currents,
        {
            "rated": float(p["power_w"]) / float(p["voltage"]),
            "turns_a": 1.0,
            "turns_b": 1.0 if "b" in spool.sides else 0.0,
            "preload_a": spool.preload,
            "preload_b": spool.preload,
            "stiffer": _STIFFER / spool.stroke,
            "centre": spool.centre,
            "seat": 1.0 - spool.stroke,
            "friction": spool.friction,
            "drag": float(p["travel_s"]) / (_TRAVEL_FACTOR * spool.stroke),
            "push_a": 0.0,
            "push_b": 0.0,
            "overlap": OVERLAP,
            "underlap": UNDERLAP,
            "rest_p": spool.rest_p,
            "rest_t": spool.rest_t,
            "rest_pt": spool.rest_pt,
        },
        {path: b.parameter("body", path) for path in PATHS},
        {"position": spool.start},
    )


PARAMETERS = (
    flow_factor("k", 390.0, Text("facteur de débit d'un passage", "flow factor of one passage")),
    Parameter(
        "gap",
        Text("fuite interne par arête à 46 mm²/s", "internal leak of an edge at 46 mm²/s"),
        "cm³/(s·bar)",
        0.0025,
        1e-5,
        1.0,
    ),
    Parameter("voltage", Text("tension des bobines", "coil voltage"), "V", 24.0, 5.0, 220.0),
    Parameter("power_w", Text("puissance d'une bobine", "power of a coil"), "W", 30.0, 2.0, 100.0),
    Parameter("travel_s", Text("temps de course du tiroir", "travel time of the spool"), "s", 0.02, 0.002, 2.0),
    Parameter("coil_time_constant_s", Text("constante de temps L/R", "time constant L/R"), "s", 0.010, 0.0005, 0.2),
)


def solenoid_ports(*sides: str) -> tuple[Port, ...]:
    """Terminals of the plugs, "a+", "a-"…"""
    return tuple(Port(f"{side}{pole}", Domain.DC) for side in sides for pole in ("+", "-"))


def solenoid_modes(side: str) -> tuple[FailureMode, ...]:
    """How the solenoid ``side`` fails."""
    return (
        FailureMode(
            f"coil_open_{side}",
            Text(f"bobine {side} coupée", f"coil {side} open"),
            (Effect(f"coil_{side}.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.5,
            ports=(f"{side}+", f"{side}-"),
        ),
        FailureMode(
            f"coil_short_turns_{side}",
            Text(f"spires de la bobine {side} en court-circuit", f"shorted turns in coil {side}"),
            (
                Effect(f"coil_{side}.resistance", 0.02, relative=True),
                Effect(f"coil_{side}.inductance", 0.0004, relative=True),
                Effect(f"spool.turns_{side}", 0.02, relative=True),
            ),
            rate=0.6,
            visible=Text("L'enrobage de la bobine est bruni.", "The coil moulding has turned brown."),
            ports=(f"{side}+", f"{side}-"),
        ),
        FailureMode(
            f"plunger_stuck_{side}",
            Text(f"noyau de l'électroaimant {side} coincé", f"plunger of solenoid {side} jammed"),
            (Effect(f"spool.turns_{side}", 0.0),),
            rate=0.5,
            degrees=(0.6, 1.0),
            ports=(f"{side}+", f"{side}-"),
        ),
    )


def spring_mode(side: str) -> FailureMode:
    """The spring that pushes the spool home from side ``side`` is broken."""
    return FailureMode(
        f"spring_broken_{side}",
        Text(f"ressort de rappel (côté {side}) cassé", f"return spring (side {side}) broken"),
        (Effect(f"spool.preload_{side}", 0.0),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.8,
        degrees=(0.9, 1.0),
    )


BODY_MODES = (
    FailureMode(
        "spool_stuck",
        Text("tiroir grippé par des impuretés", "spool seized by dirt"),
        (Effect("spool.friction", 50.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=2.0,
        degrees=(0.5, 1.0),
    ),
    FailureMode(
        "spool_gummed",
        Text("tiroir gommé : commutation lente", "gummed spool: slow switching"),
        (Effect("spool.drag", 60.0, relative=True, logarithmic=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        1.0,
        (0.6, 1.0),
    ),
    FailureMode(
        "spool_worn",
        Text("tiroir usé : fuite interne", "worn spool: internal leak"),
        (Effect("body.gap", 800.0, relative=True, logarithmic=True),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=1.5,
        degrees=(0.5, 1.0),
    ),
    FailureMode(
        "hoses_crossed",
        Text("flexibles A et B croisés", "hoses A and B crossed"),
        (Swap("A", "B"),),
        Repair.RECONNECT,
        rate=0.7,
    ),
    FailureMode(
        "lines_crossed",
        Text("flexibles P et T croisés", "hoses P and T crossed"),
        (Swap("P", "T"),),
        Repair.RECONNECT,
        rate=0.2,
    ),
    clogged_mode("body.k", _OF_IT),
    body_leak_mode(_OF_IT),
)

PLUGS_CROSSED = FailureMode(
    "plugs_crossed",
    Text("connecteurs des bobines a et b intervertis", "plugs of coils a and b exchanged"),
    (Swap("a+", "b+"), Swap("a-", "b-")),
    Repair.RECONNECT,
    rate=0.6,
    ports=("a+", "b+"),
)


def position_ref(tag: str, p: Parameters) -> MemoryRef:
    """Spool position, -1…1."""
    return MemoryRef(f"{tag}.spool", "position")


def valve_channels(tag: str, sides: tuple[str, ...], rest: float = 0.0) -> tuple[Channel, ...]:
    """Spool on each side of its place at rest (inside the body: nobody sees it), flows, plug LEDs."""
    at = MemoryRef(f"{tag}.spool", "position")
    slides = (Channel("spool_a", at, rest, 1.0), Channel("spool_b", at, rest, -1.0))
    leds = tuple(
        Channel(
            f"led_{side}",
            MemoryRef(f"{tag}.led_{side}", "lit"),
            seen=True,
            text=Text(f"LED du connecteur {side}", f"LED of plug {side}"),
        )
        for side in sides
    )
    flows = tuple(Channel(f"flow_{s}", StateRef(f"{tag}.body", f"flow_{s}"), -1000.0, 1000.0) for s in ("a", "b"))
    return (*(slides if rest == 0.0 else slides[:1]), *flows, *leds)


def valve_senses(tag: str, read: Read, sides: tuple[str, ...]) -> tuple[Perception, ...]:
    """Plug LEDs, coils, the knock of the spool, oil that whistles or runs."""
    found: list[Perception] = []
    for side in sides:
        found.append(Perception(Sense.LOOK, led_words(read(MemoryRef(f"{tag}.led_{side}", "lit")), side)))
        found.append(_coil_warmth(read(MemoryRef(f"{tag}.spool", f"warmth_{side}")), side))
    if read(MemoryRef(f"{tag}.spool", "activity")) > 0.3:
        found.append(
            Perception(Sense.LISTEN, Text("Le tiroir claque en se déplaçant.", "The spool knocks as it moves."))
        )
    found.extend(body_senses(tag, read))
    return tuple(found)


_SOLENOID_RISE_K = 70.0
"""Rise of a wet-pin solenoid held at its rated current (sheets: up to 70 K)."""


def solenoid_spots(tag: str, sides: tuple[str, ...]) -> tuple[Spot, ...]:
    """The solenoids ``sides``."""

    def spot(side: str) -> Spot:
        warmth = MemoryRef(f"{tag}.spool", f"warmth_{side}")
        text = Text(f"bobine {side}", f"coil {side}")
        return Spot(f"coil_{side}", text, lambda read: 22.0 + _SOLENOID_RISE_K * read(warmth))

    return tuple(spot(side) for side in sides)


def body_senses(tag: str, read: Read) -> tuple[Perception, ...]:
    """Oil throttled in the body, oil that leaves it."""
    lost = HYDRAULIC_W * read(StateRef(f"{tag}.body", "lost"))
    return (
        *throttled_words(lost, Text("dans le distributeur", "in the directional valve")),
        *leak_perceptions(read, tag, "leak", f"{tag}:P", Text("sous le distributeur", "under the directional valve")),
    )


def led_words(lit: float, side: str) -> Text:
    """What is seen of the LED of the plug ``side``, ``lit`` 0…1."""
    if lit > 0.5:
        return Text(f"La LED du connecteur {side} est allumée.", f"The LED of plug {side} is on.")
    return Text(f"La LED du connecteur {side} est éteinte.", f"The LED of plug {side} is off.")


def _coil_warmth(warmth: float, side: str) -> Perception:
    if warmth > 2.0:
        text = Text(f"La bobine {side} est brûlante et sent le vernis.", f"Coil {side} burns and smells of varnish.")
    elif warmth > 0.15:
        text = Text(f"La bobine {side} est chaude.", f"Coil {side} is hot.")
    else:
        text = Text(f"La bobine {side} est froide.", f"Coil {side} is cold.")
    return Perception(Sense.TOUCH, text)


# --- symbols -------------------------------------------------------------------------------------------------------

SQUARE = 6.0
"""Side of a square of the symbol: two ports above, two below, four modules apart."""

_TOP, _BOTTOM = 2.0, 8.0


def straight_square(x: float) -> tuple[Shape, ...]:
    """P to A, B to T."""
    return (
        Rectangle(x, _TOP, SQUARE, SQUARE),
        *arrow((x + 1, _BOTTOM), (x + 1, _TOP)),
        *arrow((x + 5, _TOP), (x + 5, _BOTTOM)),
    )


def crossed_square(x: float) -> tuple[Shape, ...]:
    """P to B, A to T."""
    return (
        Rectangle(x, _TOP, SQUARE, SQUARE),
        *arrow((x + 1, _BOTTOM), (x + 5, _TOP)),
        *arrow((x + 1, _TOP), (x + 5, _BOTTOM)),
    )


def centre_square(x: float, centre: str) -> tuple[Shape, ...]:
    """The middle square: what ``centre`` (closed, open, tandem, float) joins."""
    left, right = x + 1, x + 5
    frame = Rectangle(x, _TOP, SQUARE, SQUARE)
    top = (*blocked(left, _TOP, up=False), *blocked(right, _TOP, up=False))
    if centre == "closed":
        return (frame, *top, *blocked(left, _BOTTOM, up=True), *blocked(right, _BOTTOM, up=True))
    if centre == "tandem":
        return (frame, *top, Line(((left, _BOTTOM), (left, 6), (right, 6), (right, _BOTTOM))))
    bar = Line(((left, 5), (right, 5)))
    if centre == "float":
        pipes = (Line(((left, _TOP), (left, 5))), Line(((right, _TOP), (right, _BOTTOM))))
        return (frame, *pipes, bar, *blocked(left, _BOTTOM, up=True))
    return (frame, Line(((left, _TOP), (left, _BOTTOM))), Line(((right, _TOP), (right, _BOTTOM))), bar)


def solenoid(x: float, label: str, inwards: int, proportional: bool = False) -> tuple[Shape, ...]:
    """A solenoid four modules wide from x; ``inwards`` is 1 when it pushes to the right, -1 to the left."""
    slope = (Line(((x + 1.2, 6.5), (x + 2.8, 3.5))),) if inwards > 0 else (Line(((x + 1.2, 3.5), (x + 2.8, 6.5))),)
    varies = arrow((x + 0.2, 7.4), (x + 3.8, 2.6), "thin", 0.6) if proportional else ()
    return (Rectangle(x, 3.5, 4, 3), *slope, *varies, Label(x + 2, 7.7, label))


def fluid_pins(x: float) -> tuple[Pin, ...]:
    """Pins of the square at x."""
    left, right = int(x) + 1, int(x) + 5
    return (Pin("P", left, 10, "s"), Pin("T", right, 10, "s"), Pin("A", left, 0, "n"), Pin("B", right, 0, "n"))


def stems(x: float) -> tuple[Shape, ...]:
    """Pipes from the pins to the square at x, where the squares slide."""
    return tuple(
        Line(((place, y), (place, edge))) for place in (x + 1, x + 5) for y, edge in ((0, _TOP), (10, _BOTTOM))
    )


def three_square_symbol(centre: str, proportional: bool = False) -> Symbol:
    """Springs, solenoids and three squares that slide with the spool, one square to each side."""
    at = 12.0
    sliding: tuple[Shape, ...] = (
        spring(at - 6, 5, 2.0),
        *solenoid(at - 4, "a", 1, proportional),
        *straight_square(at),
        *centre_square(at + SQUARE, centre),
        *crossed_square(at + 2 * SQUARE),
        *solenoid(at + 3 * SQUARE, "b", -1, proportional),
        spring(at + 3 * SQUARE + 4, 5, 2.0),
    )
    if proportional:
        ends = at + 3 * SQUARE
        sliding = (*sliding, Line(((at, 1.5), (ends, 1.5))), Line(((at, 8.5), (ends, 8.5))))
    moves = Moves("spool_a", SQUARE, 0, (Moves("spool_b", -SQUARE, 0, sliding),))
    return Symbol(42, 10, (*stems(at + SQUARE), moves), fluid_pins(at + SQUARE))


def two_square_symbol(left: tuple[Shape, ...], right: tuple[Shape, ...]) -> Symbol:
    """Work square (a) on the left, rest square in place on the right; they slide one square to the right."""
    at = 6.0
    rest = at + SQUARE
    sliding = (*left, *straight_square(at), *crossed_square(rest), *right)
    return Symbol(30, 10, (*stems(rest), Moves("spool_a", SQUARE, 0, sliding)), fluid_pins(rest))

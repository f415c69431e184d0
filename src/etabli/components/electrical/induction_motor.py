"""Three-phase squirrel-cage motor, star connected, with winding temperature, bearings and frame."""

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
    Spot,
)
from etabli.components.curve import CELSIUS, CURRENT, ROTATION, RPM, SINE, TORQUE, WATTS, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance, ac_pole
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import motor_symbol
from etabli.components.mechanical.friction import rotation_friction
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.vibration import add_vibration, housing_vibration_of
from etabli.physics.expression import Phasor, maximum
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

COPPER_PER_K = 0.0039
RATED_HZ = 50.0
_A = Phasor(-0.5, 0.75**0.5)
_A2 = Phasor(-0.5, -(0.75**0.5))
_LINK_OHM = 0.005
_INSULATION_OHM = 1e9
PHASES = ("U", "V", "W")
PAIRS = (("U", "V"), ("V", "W"), ("W", "U"))
_MACHINE_TERMINALS = {
    "u": Domain.AC,
    "v": Domain.AC,
    "w": Domain.AC,
    "shaft": Domain.ROTATION,
    "winding": Domain.THERMAL,
}
_MACHINE_PARAMETERS = (
    "stator_resistance",
    "stator_reactance",
    "magnetising_reactance",
    "rotor_resistance",
    "rotor_reactance",
    "inner_reactance",
    "outer_cage",
    "synchronous_speed",
)


@law(_MACHINE_TERMINALS, (*_MACHINE_PARAMETERS, "frequency"))
def induction_machine(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Steady-state T circuit per phase (ohm, rotor referred to the stator), in symmetrical components.

    ``frequency`` is that of the supply in Hz, never negative (a drive that reverses exchanges two phases); reactances
    and ``synchronous_speed`` (rad/s) are given at :data:`RATED_HZ`. The positive sequence sees the rotor frequency
    ``f/50 - w/ws``, the negative one ``f/50 + w/ws``; star without neutral, so no zero sequence. Torque
    ``3/ws (|Ir+|² Rr/s+ - |Ir-|² Rr/s-)`` on the shaft, all copper losses into ``winding`` (°C), whose temperature
    raises all resistances. Direct current is the frequency 0: the law brakes then. The cage may be a double one, or
    deep bars: ``rotor_resistance`` and ``inner_reactance`` (ohm) in series, beside ``outer_cage`` (S); 0 and 0 for a
    single cage. Source: textbook equivalent circuit at variable frequency (Fitzgerald, Electric Machinery), double cage
    (Boldea and Nasar, The Induction Machine Handbook) and symmetrical components (Fortescue).
    """
    return _machine(v, p, p.frequency), {}


@law(_MACHINE_TERMINALS, (*_MACHINE_PARAMETERS, "hertz_per_s"), ("frequency",))
def driven_machine(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """The same machine behind a drive, whose frequency goes along a ramp: :func:`induction_machine` with the state
    ``frequency`` Hz and its slope ``hertz_per_s``. Source: the same."""
    frequency = s.frequency + ah * p.hertz_per_s
    return _machine(v, p, frequency), {"frequency": frequency}


def _machine(v: Any, p: Any, frequency: Any) -> Flows:
    warm = 1.0 + COPPER_PER_K * (v.winding - 20.0)
    stator = p.stator_resistance * warm
    third = 1.0 / 3.0
    v_u, w_u, w_v = v.v - v.u, v.w - v.u, v.w - v.v
    forward, backward = (_A * v_u + _A2 * w_u).scaled(third), (_A2 * v_u + _A * w_u).scaled(third)
    turning = v.shaft / p.synchronous_speed
    fed = frequency / RATED_HZ
    y_forward, t_forward, w_forward = _sequence(p, stator, warm, fed, fed - turning)
    y_backward, t_backward, w_backward = _sequence(p, stator, warm, fed, fed + turning)
    f_square, b_square = forward.squared(), backward.squared()
    torque = 3.0 / p.synchronous_speed * (t_forward * f_square - t_backward * b_square)
    heat = 3.0 * (w_forward * f_square + w_backward * b_square)
    # The sum of a line of the admittance matrix is 0: each current follows from two differences of voltages.
    ahead = (_A * y_forward + _A2 * y_backward).scaled(third)
    behind = (_A2 * y_forward + _A * y_backward).scaled(third)
    return {
        "u": ahead * v_u + behind * w_u,
        "v": ahead * w_v - behind * v_u,
        "w": -(ahead * w_u + behind * w_v),
        "shaft": -torque,
        "winding": -heat,
    }


explain(
    induction_machine,
    Text(
        "Moteur asynchrone : schéma équivalent par phase en régime établi, en composantes symétriques ; le couple est "
        "la puissance transmise au rotor divisée par la vitesse de synchronisme. Source : Fitzgerald, Electric "
        "Machinery ; Fortescue.",
        "Induction motor: steady-state equivalent circuit per phase, in symmetrical components; the torque is the "
        "power that crosses to the rotor over the synchronous speed. Source: Fitzgerald; Fortescue.",
    ),
    Curve(
        Text("couple selon la vitesse, réseau 230/400 V 50 Hz", "torque against speed, 230/400 V 50 Hz mains"),
        ROTATION,
        TORQUE,
        sweep(0.0, lambda d: 1.02 * d.p.synchronous_speed * RPM, lambda d, n: -_on_the_mains(d, n)["shaft"], 80),
    ),
    Curve(
        Text("courant de ligne selon la vitesse", "line current against speed"),
        ROTATION,
        CURRENT,
        sweep(
            0.0,
            lambda d: 1.02 * d.p.synchronous_speed * RPM,
            lambda d, n: _on_the_mains(d, n)["u"].squared() ** 0.5,
            80,
        ),
    ),
)


def _on_the_mains(piece: Piece, rpm: float) -> dict[str, Any]:
    """Flows of the machine on a 230/400 V supply through its three links (one may be open), windings at 20 °C.

    The machine is linear in its voltages at a given speed: its admittances give the voltages behind the links.
    """
    turning = {"shaft": rpm / RPM, "winding": 20.0}
    nodes = ("u", "v", "w")
    supply = [230.0 + 0.0j, 230.0 * complex(-0.5, -SINE), 230.0 * complex(-0.5, SINE)]
    ohms = [piece.other(f"link_{name.upper()}").p.resistance for name in nodes]
    rows = [[complex(i == k) for k in range(3)] for i in range(3)]
    for k, name in enumerate(nodes):
        unit = {each: Phasor(float(each == name), 0.0) for each in nodes}
        flows = piece.answer(**unit, **turning)[0]
        for i, each in enumerate(nodes):
            rows[i][k] += ohms[i] * complex(flows[each].re, flows[each].im)
    volts = _solved(rows, supply)
    return piece.answer(**{n: Phasor(u.real, u.imag) for n, u in zip(nodes, volts, strict=True)}, **turning)[0]


def _solved(rows: list[list[complex]], right: list[complex]) -> list[complex]:
    """Solution of three linear equations (Cramer's rule)."""

    def determinant(m: list[list[complex]]) -> complex:
        (a, b, c), (d, e, f), (g, h, i) = m
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    whole = determinant(rows)
    columns = range(3)
    return [
        determinant([[right[i] if k == j else rows[i][k] for k in columns] for i in columns]) / whole for j in columns
    ]


def _sequence(p: Any, stator: Any, warm: Any, fed: Any, slipping: Any) -> tuple[Phasor, Any, Any]:
    """Admittance (S) of one phase for one sequence; torque term ``|Ir|² Rr / slipping`` and copper loss, W per V².

    ``fed`` and ``slipping`` are the frequencies of the stator and of the rotor over 50 Hz; both stay in numerators:
    nothing is divided by a slip or a frequency, which go through zero.
    """
    magnetising = p.magnetising_reactance
    # Both cages in parallel, times the slip: R + j s X beside 1 / outer_cage. No division by the slip.
    inner = Phasor(p.rotor_resistance * warm, slipping * p.inner_reactance)
    beside = inner.scaled(p.outer_cage / warm)
    bars = inner * Phasor(1.0 + beside.re, beside.im).inverse()
    rotor = bars.re
    below = Phasor(rotor, bars.im + slipping * (p.rotor_reactance + magnetising)).inverse()
    rotor_branch = Phasor(0.0, fed * magnetising) * Phasor(rotor, bars.im + slipping * p.rotor_reactance) * below
    admittance = (Phasor(stator, fed * p.stator_reactance) + rotor_branch).inverse()
    stator_square = admittance.squared()
    # |Ir| = |Is| Xm slipping / |Rr + j slipping (Xr + Xm)|
    rotor_over_slip = stator_square * magnetising * magnetising * below.squared()
    gap = rotor_over_slip * slipping * rotor
    return admittance, gap, stator * stator_square + gap * slipping


@sampled(reads=("hertz", "frequency"), writes=("hertz_per_s",), stage=Stage.SWITCH)
def supply_frequency(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Leads the machine's ``frequency`` (Hz) to that of the drive that it is linked to, until the next sample."""
    return {"hertz_per_s": (maximum(r.hertz, 0.0) - r.frequency) / h}


@law(
    {"winding": Domain.THERMAL, "frame": Domain.THERMAL},
    ("winding_j_k", "frame_j_k", "slot_w_k", "air_w_k", "air_c"),
    ("winding", "frame"),
)
def motor_heat(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Winding and frame, two heat capacities (J/K), with the slot insulation between them (two-body lumped model).

    ``air_w_k`` (W/K) takes the heat from the frame to the air at ``air_c`` (°C).
    """
    through = p.slot_w_k * (v.winding - v.frame)
    winding, frame = p.winding_j_k * v.winding, p.frame_j_k * v.frame
    return {
        "winding": (winding - s.winding) / ah + through,
        "frame": (frame - s.frame) / ah - through + p.air_w_k * (v.frame - p.air_c),
    }, {"winding": winding, "frame": frame}


explain(
    motor_heat,
    Text(
        "Échauffement du moteur : deux capacités thermiques (bobinage, carcasse) séparées par l'isolant d'encoche, "
        "refroidies par l'air (modèle à deux corps).",
        "Motor heating: two heat capacities (winding, frame) with the slot insulation between them, cooled by air "
        "(two-body lumped model).",
    ),
    Curve(
        Text("puissance évacuée selon l'échauffement du bobinage", "heat given off against winding temperature"),
        CELSIUS,
        WATTS,
        sweep(lambda d: d.p.air_c, 155.0, lambda d, t: _cooling(d, t), 12),
    ),
)


def _cooling(piece: Piece, winding: float) -> float:
    """Heat that leaves a winding held at a temperature, W: the frame settles where it takes and gives the same."""
    frame = piece.p.air_c
    for _ in range(40):
        excess = piece.flow("frame", winding=winding, frame=frame)
        slope = piece.flow("frame", winding=winding, frame=frame + 1.0) - excess
        frame -= excess / slope
    return piece.flow("winding", winding=winding, frame=frame)


def _build(b: Builder, p: Parameters) -> None:
    for phase in PHASES:
        b.device(f"link_{phase}", ac_pole, {"a": phase, "b": f"end_{phase}"}, {"resistance": _LINK_OHM})
    for first, second in PAIRS:
        _insulation(b, f"turns_{first}{second}", f"end_{first}", f"end_{second}")
    for phase in PHASES:
        _insulation(b, _earth_path(phase), f"end_{phase}", "PE")
    terminals = {"u": "end_U", "v": "end_V", "w": "end_W", "shaft": "shaft", "winding": "winding"}
    plate = {
        "stator_resistance": p["stator_ohm"],
        "stator_reactance": p["stator_reactance_ohm"],
        "magnetising_reactance": p["magnetising_ohm"],
        "rotor_resistance": p["rotor_ohm"],
        "rotor_reactance": p["rotor_reactance_ohm"],
        "inner_reactance": p["inner_reactance_ohm"],
        "outer_cage": p["outer_cage_s"],
        "synchronous_speed": synchronous_speed(p),
    }
    hertz = b.linked("frequency")
    if hertz is None:
        b.device("machine", induction_machine, terminals, {**plate, "frequency": RATED_HZ})
    else:
        b.device("machine", driven_machine, terminals, {**plate, "hertz_per_s": 0.0})
        slope = b.parameter("machine", "hertz_per_s")
        reads = {"hertz": hertz, "frequency": b.state("machine", "frequency")}
        b.sample("supply", supply_frequency, reads, writes={"hertz_per_s": slope})
    b.device("rotor", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    # A fan's torque grows with the square of the speed; near rated speed a viscous term of equal power will do.
    b.device(
        "bearings",
        rotation_friction,
        {"w": "shaft"},
        {"coulomb": p["friction_nm"], "stiction": 1.5, "viscous": p["fan_w"] / synchronous_speed(p) ** 2},
    )
    add_vibration(b, "shaft", _UNBALANCE_UM, 0.15, 0.05, b.linked("misalignment"))
    ambient = p["ambient_c"]
    b.initial("winding", ambient)
    b.initial("frame", ambient)
    heat = {"winding_j_k": p["winding_j_k"], "frame_j_k": p["frame_j_k"]}
    b.device(
        "heat",
        motor_heat,
        {"winding": "winding", "frame": "frame"},
        {**heat, "slot_w_k": p["slot_w_k"], "air_w_k": p["air_w_k"], "air_c": ambient},
        {"winding": heat["winding_j_k"] * ambient, "frame": heat["frame_j_k"] * ambient},
    )


_UNBALANCE_UM = 16.0  # balance grade G 2.5 at 1500 rpm (ISO 21940-11)


def _insulation(b: Builder, name: str, a: str, c: str) -> None:
    b.device(name, ac_impedance, {"a": a, "b": c}, {"resistance": _INSULATION_OHM, "reactance": 0.0})


def _earth_path(phase: str) -> str:
    """Device of the insulation between a phase and the frame."""
    return "earth_insulation" if phase == "U" else f"earth_insulation_{phase}"


def synchronous_speed(parameters: Parameters) -> float:
    """Synchronous speed in rad/s at 50 Hz."""
    return 2.0 * 3.141592653589793 * RATED_HZ / float(parameters["pole_pairs"])


def _winding_open(phase: str) -> FailureMode:
    return FailureMode(
        f"winding_{phase}_open",
        Text(f"enroulement {phase} coupé", f"winding {phase} open"),
        (Effect(f"link_{phase}.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.5,
    )


def _winding_short(first: str, second: str) -> FailureMode:
    return FailureMode(
        f"winding_{first}{second}_short",
        Text(f"enroulements {first} et {second} en court-circuit", f"windings {first} and {second} shorted"),
        (Effect(f"turns_{first}{second}.resistance", 3.0, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.4,
        degrees=(0.85, 1.0),
        visible=Text("La boîte à bornes sent le vernis brûlé.", "The terminal box smells of burnt varnish."),
    )


def _winding_to_earth(phase: str) -> FailureMode:
    first = phase == "U"
    return FailureMode(
        "earth_leak" if first else f"earth_leak_{phase}",
        Text(f"enroulement {phase} à la masse", f"winding {phase} to earth"),
        (Effect(f"{_earth_path(phase)}.resistance", 2.0, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.5 if first else 0.2,
        degrees=(0.75, 1.0),
    )


FAILURE_MODES = (
    *(_winding_open(phase) for phase in PHASES),
    *(_winding_short(first, second) for first, second in PAIRS),
    *(_winding_to_earth(phase) for phase in PHASES),
    FailureMode(
        "bearing_seized",
        Text("roulement grippé (rotor bloqué)", "bearing seized (rotor locked)"),
        (Effect("bearings.coulomb", 40.0, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.6,
        degrees=(0.9, 1.0),
        visible=Text("L'arbre ne tourne pas à la main.", "The shaft does not turn by hand."),
    ),
    FailureMode(
        "bearing_worn",
        Text("roulement usé", "worn bearing"),
        (Effect("bearings.coulomb", 1.2, logarithmic=True), Effect("vibration.outer", 1.0)),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=1.0,
        degrees=(0.6, 1.0),
        visible=Text(
            "L'arbre a du jeu et gratte quand on le tourne à la main.",
            "The shaft has play and grates when turned by hand.",
        ),
    ),
    FailureMode(
        "fan_blocked",
        Text("ventilation obstruée", "cooling blocked"),
        (Effect("heat.air_w_k", 0.25, relative=True),),
        repair=Repair.CLEAN,
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.6,
        degrees=(0.6, 1.0),
        visible=Text("La grille du ventilateur est colmatée.", "The fan grille is clogged."),
    ),
)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = abs(read(NodeRef(f"{tag}:shaft")))
    current = max(read(StateRef(f"{tag}.link_{phase}", "current")) for phase in PHASES)
    frame = read(NodeRef(f"{tag}.frame"))
    winding = read(NodeRef(f"{tag}.winding"))
    found = list(_sound(tag, parameters, read, speed, current))
    found.append(Perception(Sense.LOOK, _rotation(speed)))
    found.append(Perception(Sense.TOUCH, _warmth(frame)))
    if winding > 130.0:
        found.append(Perception(Sense.LOOK, Text("Odeur de vernis brûlé.", "Smell of burnt varnish.")))
    return tuple(found)


def _sound(tag: str, parameters: Parameters, read: Read, speed: float, current: float) -> tuple[Perception, ...]:
    if speed < 5.0:
        if current > 1.5 * parameters["rated_a"]:
            return (
                Perception(
                    Sense.LISTEN,
                    Text("Le moteur ronfle fort sans tourner.", "The motor hums loudly and does not turn."),
                ),
            )
        return (Perception(Sense.LISTEN, Text("Aucun bruit au moteur.", "No noise at the motor.")),)
    friction_w = read(ParameterRef(f"{tag}.bearings", "coulomb")) * speed
    if friction_w > 60.0:
        return (
            Perception(
                Sense.LISTEN, Text("Grincement continu côté roulement.", "Steady grinding on the bearing side.")
            ),
        )
    if current > 1.5 * parameters["rated_a"]:
        return (Perception(Sense.LISTEN, Text("Le moteur force et ronfle.", "The motor labours and hums.")),)
    return (Perception(Sense.LISTEN, Text("Ronronnement régulier.", "Steady purr.")),)


def _rotation(speed: float) -> Text:
    if speed < 0.5:
        return Text("L'arbre est arrêté.", "The shaft stands still.")
    return Text("L'arbre tourne.", "The shaft turns.")


def _warmth(frame: float) -> Text:
    if frame > 75.0:
        return Text("Carcasse brûlante : la main ne tient pas.", "Frame burning hot: the hand cannot stay.")
    if frame > 50.0:
        return Text("Carcasse très chaude.", "Frame very hot.")
    if frame > 30.0:
        return Text("Carcasse tiède.", "Frame warm.")
    return Text("Carcasse froide.", "Frame cold.")


@dc_image("induction_motor")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    warm = 1.0 + COPPER_PER_K * (read(NodeRef(f"{tag}.winding")) - 20.0)
    phase_ohm = read(ParameterRef(f"{tag}.machine", "stator_resistance")) * warm
    links = tuple((n, f"end_{n}", read(ParameterRef(f"{tag}.link_{n}", "resistance"))) for n in PHASES)
    coils = tuple((f"end_{n}", "star", phase_ohm) for n in PHASES)
    shorts = tuple((f"end_{a}", f"end_{c}", read(ParameterRef(f"{tag}.turns_{a}{c}", "resistance"))) for a, c in PAIRS)
    earth = tuple((f"end_{n}", "PE", read(ParameterRef(f"{tag}.{_earth_path(n)}", "resistance"))) for n in PHASES)
    return links + coils + shorts + earth


COMPONENT = Component(
    family="induction_motor",
    letter="M",
    text=Text("moteur asynchrone triphasé", "three-phase induction motor"),
    sheet=Text(
        "Moteur asynchrone à cage 0,37 kW, 400 V Y 50 Hz, 4 pôles, 1,03 A, cos φ 0,73, 1400 tr/min, 2,5 N·m, "
        "Id/In 4,1, Cd/Cn 2,3, classe F. Schéma équivalent ajusté sur ces valeurs, cage simple ou double. "
        "Valeurs : fiche de moteur basse tension de taille 71.",
        "Cage induction motor 0.37 kW, 400 V star 50 Hz, 4 poles, 1.03 A, cos φ 0.73, 1400 rpm, 2.5 N·m, "
        "starting current 4.1 times, starting torque 2.3 times, class F. Equivalent circuit fitted to these values, "
        "single or double cage. "
        "Values: sheet of a low-voltage motor, frame 71.",
    ),
    parameters=(
        Parameter("rated_a", Text("courant nominal", "rated current"), "A", 1.03, 0.1, 100.0),
        Parameter("pole_pairs", Text("paires de pôles", "pole pairs"), "", 2, 1, 4),
        Parameter("stator_ohm", Text("résistance stator (20 °C)", "stator resistance (20 °C)"), "Ω", 30.0, 0.01, 500.0),
        Parameter("stator_reactance_ohm", Text("réactance stator", "stator reactance"), "Ω", 11.0, 0.01, 500.0),
        Parameter("magnetising_ohm", Text("réactance magnétisante", "magnetising reactance"), "Ω", 270.0, 1.0, 5000.0),
        Parameter("rotor_ohm", Text("résistance rotor ramenée", "referred rotor resistance"), "Ω", 17.5, 0.01, 500.0),
        Parameter(
            "rotor_reactance_ohm", Text("réactance rotor ramenée", "referred rotor reactance"), "Ω", 11.0, 0.01, 500.0
        ),
        Parameter(
            "inner_reactance_ohm",
            Text("réactance de la cage intérieure", "reactance of the inner cage"),
            "Ω",
            0.0,
            0.0,
            500.0,
        ),
        Parameter(
            "outer_cage_s",
            Text("conductance de la cage extérieure", "conductance of the outer cage"),
            "S",
            0.0,
            0.0,
            1e3,
        ),
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 0.0011, 1e-5, 10.0),
        Parameter("friction_nm", Text("frottement des roulements", "bearing friction"), "N·m", 0.04, 0.001, 5.0),
        Parameter("fan_w", Text("puissance du ventilateur", "fan power"), "W", 8.0, 0.1, 500.0),
        Parameter(
            "winding_j_k", Text("capacité thermique du cuivre", "heat capacity of the copper"), "J/K", 450.0, 10.0, 1e5
        ),
        Parameter(
            "frame_j_k",
            Text("capacité thermique de la carcasse", "heat capacity of the frame"),
            "J/K",
            2600.0,
            10.0,
            1e6,
        ),
        Parameter(
            "slot_w_k", Text("conductance cuivre-carcasse", "copper to frame conductance"), "W/K", 8.0, 0.1, 1000.0
        ),
        Parameter("air_w_k", Text("conductance carcasse-air", "frame to air conductance"), "W/K", 2.6, 0.1, 1000.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 22.0, -20.0, 60.0),
    ),
    ports=(
        *(Port(n, Domain.AC) for n in PHASES),
        Port("PE", Domain.AC, "pe"),
        Port("shaft", Domain.ROTATION),
    ),
    build=_build,
    failure_modes=FAILURE_MODES,
    optional_links=("frequency", "misalignment"),
    channels=lambda tag, p: (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, synchronous_speed(p), seen=True, text=Text("vitesse", "speed")),
        Channel("winding_temperature", NodeRef(f"{tag}.winding"), 20.0, 155.0),
    ),
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
        "current": lambda tag, p: StateRef(f"{tag}.link_U", "current"),
    },
    senses=_senses,
    spots=lambda tag, p: (
        Spot(
            "frame",
            Text("carcasse", "frame"),
            lambda read: read(NodeRef(f"{tag}.frame")),
            housing_vibration_of(tag, f"{tag}:shaft"),
        ),
    ),
    symbols={
        "main": motor_symbol(
            PHASES,
            "3 ~",
            (Pin("PE", 12, 4, "e"), Pin("shaft", 6, 8, "s", label=False)),
            (Line(((8.5, 4), (12, 4))), Line(((6, 6.5), (6, 8)))),
        )
    },
)

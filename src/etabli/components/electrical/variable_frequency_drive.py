"""Variable-frequency drive: three-phase 400 V, V/f, with ramps, brake sequence and trips."""

from __future__ import annotations

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
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance, resistor
from etabli.components.electrical.contact import (
    add_contact,
    contact_not_closing,
    contact_resistive,
    contact_welded,
)
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.drive_control import (
    INPUTS,
    TRIP_TEXTS,
    Trip,
    drive_commands,
    drive_output,
    drive_trips,
)
from etabli.components.electrical.drive_power import MAINS_READS, dc_link, inverter, rectifier, rectifier_input
from etabli.components.electrical.electrical_symbols import box, changeover_symbol, contact_symbol, led
from etabli.components.electrical.output_relay import add_output_relay
from etabli.components.electrical.power_supply import limited_source
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, MemoryRef, NodeRef, Ref, StateRef
from etabli.physics.text import Text

MAINS, MOTOR = ("L1", "L2", "L3"), ("U", "V", "W")
_INPUT_OHM = 4700.0
_ANALOG_OHM = 30e3
_FILTER_OHM = 1e6
_LEG_OHM = 1e-3
_SQRT2, _SQRT3 = 2.0**0.5, 3.0**0.5
_OVERCURRENT_RATIO = 2.5
_RIPPLE_S = 0.01
"""Half a period: how long the capacitor feeds the load alone on two phases."""


def _build(b: Builder, p: Parameters) -> None:
    _add_power(b, p)
    _add_terminals(b, p)
    _add_control(b, p)
    _add_relays(b)


def _add_power(b: Builder, p: Parameters) -> None:
    b.device(
        "input",
        rectifier_input,
        {"l1": "L1", "l2": "L2", "l3": "L3"},
        {"conductance": 1e-8, "distortion": p["distortion"]},
    )
    braking = p["braking_ohm"]
    b.device(
        "link",
        dc_link,
        {"plus": "P+", "minus": "P-"},
        {
            "emf": 0.0,
            "conductance": 1.0 / p["precharge_ohm"],
            "capacitance": p["capacitance_f"],
            "power": 0.0,
            "leak": 1.0 / p["discharge_ohm"],
            "chopper_v": p["chopper_v"],
            "chopper_s": 1.0 / braking if braking > 0.0 else 0.0,
        },
    )
    # The rectifier keeps the link half and half about the earthed neutral.
    for pole in ("P+", "P-"):
        b.device(f"filter_{pole[1]}", resistor, {"a": pole, "b": GROUND}, {"resistance": _FILTER_OHM})
    b.device(
        "output",
        inverter,
        {"u": "U", "v": "V", "w": "W"},
        {
            "volts_per_s": 0.0,
            "direction": 1.0,
            "resistance": p["transistor_ohm"],
            **{f"leg_{n.lower()}": _LEG_OHM for n in MOTOR},
            "on": 0.0,
        },
    )
    # Interference filter: what holds the motor side to earth while its contactor is open.
    for name in MOTOR:
        b.device(
            f"filter_{name}", ac_impedance, {"a": name, "b": GROUND}, {"resistance": _FILTER_OHM, "reactance": 0.0}
        )
    mains: dict[str, Ref] = {name: b.across(MAINS[k // 2], k % 2) for k, name in enumerate(MAINS_READS)}
    b.sample(
        "rectifier",
        rectifier,
        {**mains, **_link_volts(b), "taken": b.state("link", "taken")},
        {
            "source_ohm": p["source_ohm"],
            "ripple_ohm": 0.5 * _RIPPLE_S / p["capacitance_f"],
            "precharge_ohm": p["precharge_ohm"],
            "rated_v": p["rated_v"],
        },
        {
            "emf": b.parameter("link", "emf"),
            "conductance": b.parameter("link", "conductance"),
            "input_s": b.parameter("input", "conductance"),
        },
    )


def _link_volts(b: Builder) -> dict[str, Ref]:
    return {"volts_plus": b.across("P+"), "volts_minus": b.across("P-")}


def _add_terminals(b: Builder, p: Parameters) -> None:
    b.device(
        "internal_supply",
        limited_source,
        {"plus": "24V", "minus": "0V"},
        {"voltage": 0.0, "conductance": 5.0, "limit": 0.2, "capacitance": 1e-4},
    )
    b.device("bleeder", resistor, {"a": "24V", "b": "0V"}, {"resistance": 1000.0})
    b.device("common", resistor, {"a": "0V", "b": GROUND}, {"resistance": _FILTER_OHM})
    for name in INPUTS:
        b.device(f"load_{name}", resistor, {"a": name, "b": "0V"}, {"resistance": _INPUT_OHM})
    b.device("load_AI", resistor, {"a": "AI+", "b": "AI-"}, {"resistance": _ANALOG_OHM})
    b.device("common_AI", resistor, {"a": "AI-", "b": "0V"}, {"resistance": _FILTER_OHM})


def _add_control(b: Builder, p: Parameters) -> None:
    b.sample(
        "commands",
        drive_commands,
        {
            **_link_volts(b),
            "zero": b.across("0V"),
            "ai_plus": b.across("AI+"),
            "ai_minus": b.across("AI-"),
            **{name.lower(): b.across(name) for name in INPUTS},
        },
        {
            **{name: p[name] for name in ("speed1_hz", "speed2_hz", "maximum_hz")},
            "analog": float(p["analog"]),
            "analog_gain": 1.0,
            "dead": 0.0,
            **{f"dead_{k}": 0.0 for k in range(1, 5)},
        },
        {"supply_v": b.parameter("internal_supply", "voltage")},
    )
    losses = {"loss_w_a": p["loss_w_a"], "standby_w": p["standby_w"]}
    b.sample(
        "ramp",
        drive_output,
        {
            "powered": b.memory("commands", "powered"),
            "charged": b.memory("rectifier", "charged"),
            "direction": b.memory("commands", "direction"),
            "target": b.memory("commands", "target"),
            "code": b.memory("trips", "code"),
            **_link_volts(b),
            "current": b.memory("trips", "current"),
            **{name: b.state("output", name) for name in ("power", "voltage", "energy")},
        },
        {
            **{name: p[name] for name in _RAMP_PARAMETERS},
            "boost": 0.01 * p["boost_percent"],
            "brake_logic": float(p["brake_logic"]),
            **losses,
            "peak_w": _OVERCURRENT_RATIO * p["rated_a"] * _SQRT3 * p["rated_v"],
        },
        {
            "volts_per_s": b.parameter("output", "volts_per_s"),
            "direction": b.parameter("output", "direction"),
            "on": b.parameter("output", "on"),
            "link_w": b.parameter("link", "power"),
        },
    )
    peak = _SQRT2 * p["rated_v"]
    b.sample(
        "trips",
        drive_trips,
        {
            "powered": b.memory("commands", "powered"),
            "charged": b.memory("rectifier", "charged"),
            "running": b.memory("ramp", "running"),
            "frequency": b.memory("ramp", "frequency"),
            "reset": b.memory("commands", "reset"),
            **_link_volts(b),
            "unbalanced_s": b.memory("rectifier", "unbalanced_s"),
            **{f"current_{n.lower()}": b.state("output", f"current_{n.lower()}") for n in MOTOR},
            "earth": b.state("output", "earth"),
        },
        {
            "motor_a": p["motor_a"],
            "overcurrent_a": _OVERCURRENT_RATIO * p["rated_a"],
            "earth_a": 0.3 * p["rated_a"],
            "phase_loss_s": 1.0,
            "undervoltage_v": 0.65 * peak,
            "overvoltage_v": p["overvoltage_v"],
            "hot_c": 90.0,
            "ambient_c": p["ambient_c"],
            "heatsink_j_k": p["heatsink_j_k"],
            "cooling_w_k": p["cooling_w_k"],
            "thermal_s": p["thermal_s"],
            "sensor": 1.0,
            "broken": 0.0,
            **losses,
        },
        initial={"heatsink_c": p["ambient_c"]},
    )


_RAMP_PARAMETERS = (
    "ramp_up_s",
    "ramp_down_s",
    "maximum_hz",
    "base_hz",
    "rated_v",
    "current_limit_a",
    "brake_open_hz",
    "brake_close_hz",
    "brake_open_a",
    "brake_release_s",
    "brake_engage_s",
)


def _add_relays(b: Builder) -> None:
    """R1 holds while the drive is live and sound; R2 while the brake must be open."""
    fault = add_output_relay(b, "R1", b.memory("trips", "healthy"))
    brake = add_output_relay(b, "R2", b.memory("ramp", "brake"))
    add_contact(b, "R1A", "R1C", fault)
    add_contact(b, "R1B", "R1C", fault, normally_closed=True)
    add_contact(b, "R2A", "R2C", brake)


def _leg_open(phase: str) -> FailureMode:
    return FailureMode(
        f"leg_{phase}_open",
        Text(f"étage de sortie {phase} hors service", f"output stage {phase} dead"),
        (Effect(f"output.leg_{phase.lower()}", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
    )


def _input_dead(k: int) -> FailureMode:
    name = INPUTS[k - 1]
    return FailureMode(
        f"{name.lower()}_dead",
        Text(f"entrée {name} du variateur hors service", f"drive input {name} dead"),
        (Effect(f"commands.dead_{k}", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.3,
        ports=(name,),
    )


def _wrong(mode: str, fr: str, en: str, *effects: Effect, rate: float = 0.4) -> FailureMode:
    return FailureMode(mode, Text(fr, en), effects, repair=Repair.ADJUST, rate=rate)


_MODES = (
    FailureMode(
        "dead",
        Text("carte de commande hors service", "control board dead"),
        (Effect("commands.dead", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
    ),
    FailureMode(
        "internal_fault",
        Text("autotest du variateur en défaut", "drive self-test failed"),
        (Effect("trips.broken", 1.0),),
        rate=0.3,
    ),
    FailureMode(
        "precharge_open",
        Text("résistance de précharge coupée", "precharge resistor open"),
        (Effect("rectifier.precharge_ohm", OPEN_OHM, logarithmic=True),),
        rate=0.4,
        visible=Text("La résistance de précharge est fendue.", "The precharge resistor is cracked."),
    ),
    FailureMode(
        "capacitors_dry",
        Text("condensateurs du bus secs", "dried DC-link capacitors"),
        (
            Effect("link.capacitance", 0.08, relative=True, logarithmic=True),
            Effect("rectifier.ripple_ohm", 12.5, relative=True, logarithmic=True),
            Effect("rectifier.source_ohm", 8.0, relative=True, logarithmic=True),
        ),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.5,
        degrees=(0.7, 1.0),
        visible=Text("Le dessus des condensateurs est bombé.", "The tops of the capacitors bulge."),
    ),
    *(_leg_open(phase) for phase in MOTOR),
    FailureMode(
        "fan_blocked",
        Text("ventilateur du variateur bloqué", "drive fan blocked"),
        (Effect("trips.cooling_w_k", 0.2, relative=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=1.0,
        degrees=(0.9, 1.0),
        visible=Text("Le ventilateur est collé par la poussière.", "The fan is stuck with dust."),
    ),
    FailureMode(
        "current_sensor_drift",
        Text("mesure de courant faussée", "current measurement wrong"),
        (Effect("trips.sensor", 4.0),),
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.3,
        degrees=(0.6, 1.0),
    ),
    *(_input_dead(k) for k in range(1, 5)),
    FailureMode(
        "analog_drift",
        Text("entrée analogique faussée", "analog input wrong"),
        (Effect("commands.analog_gain", 0.3),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.3,
        degrees=(0.6, 1.0),
        ports=("AI+", "AI-"),
    ),
    FailureMode(
        "supply_24v_weak",
        Text("alimentation 24 V interne effondrée", "internal 24 V supply collapsed"),
        (Effect("internal_supply.limit", 5e-4, logarithmic=True),),
        rate=0.4,
        ports=("24V",),
    ),
    _wrong(
        "ramp_down_short",
        "rampe de décélération trop courte",
        "deceleration ramp too short",
        Effect("ramp.ramp_down_s", 0.1, logarithmic=True),
    ),
    _wrong(
        "ramp_up_short",
        "rampe d'accélération trop courte",
        "acceleration ramp too short",
        Effect("ramp.ramp_up_s", 0.05, logarithmic=True),
    ),
    _wrong(
        "motor_current_low",
        "courant moteur réglé trop bas",
        "motor current set too low",
        Effect("trips.motor_a", 0.4, relative=True),
    ),
    _wrong(
        "current_limit_low",
        "limitation de courant réglée trop bas",
        "current limit set too low",
        Effect("ramp.current_limit_a", 0.35, relative=True),
    ),
    _wrong("speed_1_wrong", "vitesse 1 mal réglée", "speed 1 set wrongly", Effect("commands.speed1_hz", 5.0)),
    contact_not_closing("R1A", "R1C", rate=0.4),
    contact_resistive("R1A", "R1C", ohms=30000.0, rate=0.4),
    contact_not_closing("R2A", "R2C", rate=0.5),
    contact_resistive("R2A", "R2C", ohms=2000.0, rate=0.5),
    contact_welded("R2A", "R2C", rate=0.3),
)

_BRAKING_MODES = (
    FailureMode(
        "braking_resistor_open",
        Text("résistance de freinage coupée", "braking resistor open"),
        (Effect("link.chopper_s", 1e-9, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
        visible=Text("Le fil résistif est rompu.", "The resistance wire is broken."),
    ),
    FailureMode(
        "chopper_shorted",
        Text("hacheur de freinage en court-circuit", "braking chopper shorted"),
        (Effect("link.chopper_v", 1.0, logarithmic=True),),
        rate=0.3,
        visible=Text("La résistance de freinage est rougie par la chaleur.", "The braking resistor glowed with heat."),
    ),
)


def _modes(parameters: Parameters) -> tuple[FailureMode, ...]:
    return (*_MODES, *_BRAKING_MODES) if parameters["braking_ohm"] > 0.0 else _MODES


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    def seen(name: str, ref: Ref, high: float, fr: str, en: str) -> Channel:
        return Channel(name, ref, 0.0, high, seen=True, text=Text(fr, en))

    return (
        seen("powered", MemoryRef(f"{tag}.commands", "powered"), 1.0, "afficheur allumé", "display lit"),
        seen("frequency", MemoryRef(f"{tag}.ramp", "frequency"), 100.0, "fréquence affichée", "frequency shown"),
        seen("code", MemoryRef(f"{tag}.trips", "code"), 10.0, "code de défaut", "fault code"),
        seen("charge", NodeRef(f"{tag}:P+"), 25.0, "voyant de charge du bus", "DC link charge light"),
        Channel("running", MemoryRef(f"{tag}.ramp", "running")),
        Channel("fault_relay", MemoryRef(f"{tag}.R1", "position")),
        Channel("brake", MemoryRef(f"{tag}.R2", "position")),
        Channel("link", NodeRef(f"{tag}:P+"), 0.0, 400.0),
        Channel("heatsink", MemoryRef(f"{tag}.trips", "heatsink_c"), 20.0, 90.0),
    )


def _decimal(value: float) -> Text:
    shown = f"{value:.1f}"
    return Text(shown.replace(".", ","), shown)


def _display(tag: str, read: Read) -> Text:
    if read(MemoryRef(f"{tag}.commands", "powered")) < 0.5:
        return Text("L'afficheur du variateur est éteint.", "The drive's display is dark.")
    code = Trip(round(read(MemoryRef(f"{tag}.trips", "code"))))
    if code is not Trip.NONE:
        said = TRIP_TEXTS[code]
        return Text(f"L'afficheur clignote : F{code:02d} ({said.fr}).", f"The display blinks: F{code:02d} ({said.en}).")
    if read(MemoryRef(f"{tag}.ramp", "running")) > 0.5:
        hertz = _decimal(read(MemoryRef(f"{tag}.ramp", "frequency")))
        limit = read(MemoryRef(f"{tag}.ramp", "limiting")) > 0.5
        return Text(
            f"L'afficheur indique {hertz.fr} Hz{' et « CLI » (limitation de courant)' if limit else ''}.",
            f"The display shows {hertz.en} Hz{' and “CLI” (current limit)' if limit else ''}.",
        )
    if read(MemoryRef(f"{tag}.rectifier", "charged")) < 0.5:
        return Text("L'afficheur indique « nLP » : pas de puissance.", "The display shows “nLP”: no mains power.")
    return Text("L'afficheur indique « rdY » : prêt.", "The display shows “rdY”: ready.")


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    found = [Perception(Sense.LOOK, _display(tag, read))]
    lit = [name for name in INPUTS if read(MemoryRef(f"{tag}.commands", name.lower())) > 0.5]
    if lit:
        names = ", ".join(lit)
        found.append(Perception(Sense.LOOK, Text(f"Entrées actives : {names}.", f"Inputs on: {names}.")))
    volts = read(NodeRef(f"{tag}:P+")) - read(NodeRef(f"{tag}:P-"))
    if volts > 50.0:
        found.append(
            Perception(
                Sense.LOOK,
                Text("Le voyant rouge de charge du bus est allumé.", "The red DC-link charge light is on."),
            )
        )
    hot = read(MemoryRef(f"{tag}.trips", "heatsink_c"))
    if hot > 70.0:
        found.append(Perception(Sense.TOUCH, Text("Le radiateur est brûlant.", "The heatsink is burning hot.")))
    elif hot > 40.0:
        found.append(Perception(Sense.TOUCH, Text("Le radiateur est chaud.", "The heatsink is hot.")))
    else:
        found.append(Perception(Sense.TOUCH, Text("Le radiateur est froid.", "The heatsink is cold.")))
    if read(MemoryRef(f"{tag}.ramp", "running")) > 0.5:
        found.append(
            Perception(Sense.LISTEN, Text("Sifflement du découpage au moteur.", "Switching whine at the motor."))
        )
    if max(read(MemoryRef(f"{tag}.{k}", "activity")) for k in ("R1", "R2")) > 0.2:
        found.append(Perception(Sense.LISTEN, Text("Un clic de relais dans le variateur.", "A relay click inside.")))
    return tuple(found)


@dc_image("variable_frequency_drive")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    """Diodes and transistors block the small voltage of an ohmmeter; the discharge resistor shows behind them."""
    ohms = 2.0 * parameters["discharge_ohm"]
    pairs = ((0, 1), (1, 2), (2, 0))
    return tuple((side[a], side[c], ohms) for side in (MAINS, MOTOR) for a, c in pairs)


def _power_symbol() -> Symbol:
    pins = tuple(Pin(n, 4 * k + 2, 0, "n") for k, n in enumerate(MAINS))
    pins += tuple(Pin(n, 4 * k + 2, 10, "s") for k, n in enumerate(MOTOR))
    display = (Rectangle(8, 4, 2.6, 1.4), *led(9.3, 4.7, "powered", "orange"))
    extra = (
        Line(((1, 9), (11, 1))),
        Label(3.4, 2.8, "3 ~", 1.4),
        Label(8.6, 7.6, "3 ~ f", 1.4),
        *display,
        *led(2.4, 5.2, "charge", "red"),
    )
    return box(12, 10, pins, extra)


def _control_symbol() -> Symbol:
    names = ("24V", *INPUTS, "0V", "AI+", "AI-")
    pins = tuple(Pin(n, 4 * k + 2, 0, "n") for k, n in enumerate(names))
    return box(4 * len(names), 4, pins, (Label(2.0 * len(names), 2.2, "U/f", 1.3),))


def _bus_symbol() -> Symbol:
    return box(8, 4, (Pin("P+", 2, 0, "n"), Pin("P-", 6, 0, "n")), (Label(4, 2.2, "= bus", 1.2),))


def _settings() -> tuple[Parameter, ...]:
    """What a person sets on the keypad."""

    def setting(name: str, fr: str, en: str, unit: str, default: float, low: float, high: float) -> Parameter:
        return Parameter(name, Text(fr, en), unit, default, low, high, adjustable=True)

    return (
        setting("ramp_up_s", "rampe d'accélération", "acceleration ramp", "s", 3.0, 0.05, 300.0),
        setting("ramp_down_s", "rampe de décélération", "deceleration ramp", "s", 3.0, 0.05, 300.0),
        setting("speed1_hz", "vitesse 1", "speed 1", "Hz", 50.0, 0.0, 100.0),
        setting("speed2_hz", "vitesse 2", "speed 2", "Hz", 10.0, 0.0, 100.0),
        setting("motor_a", "courant moteur", "motor current", "A", 8.3, 0.1, 100.0),
        setting("current_limit_a", "limitation de courant", "current limit", "A", 14.0, 0.1, 200.0),
        setting("brake_open_hz", "fréquence d'ouverture du frein", "brake release frequency", "Hz", 2.5, 0.0, 10.0),
        setting("brake_close_hz", "fréquence de fermeture du frein", "brake engage frequency", "Hz", 2.0, 0.0, 10.0),
        setting("brake_open_a", "courant d'ouverture du frein", "brake release current", "A", 3.0, 0.0, 100.0),
        setting("brake_release_s", "temps d'ouverture du frein", "brake release time", "s", 0.2, 0.0, 5.0),
        setting("brake_engage_s", "temps de fermeture du frein", "brake engage time", "s", 0.2, 0.0, 5.0),
    )


def _plate() -> tuple[Parameter, ...]:
    """What the maker fixed."""

    def plate(name: str, fr: str, en: str, unit: str, default: float, low: float, high: float) -> Parameter:
        return Parameter(name, Text(fr, en), unit, default, low, high)

    return (
        plate("rated_v", "tension réseau", "mains voltage", "V", 400.0, 200.0, 500.0),
        plate("rated_a", "courant nominal de sortie", "rated output current", "A", 9.5, 0.5, 100.0),
        plate("maximum_hz", "fréquence maximale", "highest frequency", "Hz", 50.0, 10.0, 100.0),
        plate("base_hz", "fréquence nominale du moteur", "rated motor frequency", "Hz", 50.0, 10.0, 100.0),
        plate("boost_percent", "tension à 0 Hz (boost)", "voltage at 0 Hz (boost)", "%", 9.0, 0.0, 30.0),
        plate("analog", "vitesse 1 par AI (0–10 V)", "speed 1 from AI (0–10 V)", "", 0, 0, 1),
        plate("brake_logic", "séquence de frein sur R2", "brake sequence on R2", "", 0, 0, 1),
        plate("braking_ohm", "résistance de freinage (0 : sans)", "braking resistor (0: none)", "Ω", 0.0, 0.0, 1000.0),
        plate("chopper_v", "seuil du hacheur", "chopper threshold", "V", 760.0, 300.0, 900.0),
        plate("overvoltage_v", "seuil de surtension", "overvoltage level", "V", 820.0, 350.0, 1000.0),
        plate("capacitance_f", "capacité du bus", "DC link capacitance", "F", 4.7e-4, 1e-5, 0.05),
        plate("discharge_ohm", "résistance de décharge", "discharge resistor", "Ω", 1e5, 1e3, 1e7),
        plate("precharge_ohm", "résistance de précharge", "precharge resistor", "Ω", 60.0, 1.0, 500.0),
        plate("source_ohm", "résistance équivalente du redresseur", "rectifier's own resistance", "Ω", 2.0, 0.05, 50.0),
        plate("transistor_ohm", "résistance d'un bras", "resistance of a leg", "Ω", 0.1, 0.005, 5.0),
        plate("distortion", "courant harmonique / courant actif", "distortion over active current", "", 1.0, 0.0, 2.0),
        plate("loss_w_a", "pertes par ampère", "losses per ampere", "W/A", 11.0, 1.0, 50.0),
        plate("standby_w", "consommation propre", "own consumption", "W", 15.0, 1.0, 200.0),
        plate("heatsink_j_k", "capacité thermique du radiateur", "heatsink capacity", "J/K", 800.0, 10.0, 1e5),
        plate("cooling_w_k", "conductance du radiateur", "heatsink conductance", "W/K", 3.5, 0.1, 200.0),
        plate("thermal_s", "constante de l'image thermique", "motor image time constant", "s", 75.0, 1.0, 3600.0),
        plate("ambient_c", "température ambiante", "ambient temperature", "°C", 22.0, -20.0, 60.0),
    )


_DEVICE_OF = {"speed1_hz": "commands", "speed2_hz": "commands", "motor_a": "trips"}

COMPONENT = Component(
    family="variable_frequency_drive",
    letter="U",
    purpose="T",
    text=Text("variateur de vitesse", "variable-frequency drive"),
    sheet=Text(
        "Variateur 4 kW triphasé 400 V, 9,5 A, commande U/f avec boost. DI1 avant, DI2 arrière, DI3 vitesse 2, DI4 "
        "réarmement (24 V interne, commun 0V) ; AI 0–10 V en option pour la vitesse 1. R1A-R1C fermé quand le "
        "variateur est sous tension et sans défaut (R1B-R1C : l'inverse) ; R2A-R2C commande le frein (ou signale la "
        "marche). Défauts : F01 surintensité, F02 terre, F03 phase réseau, F04 phase moteur, F05 sous-tension, F06 "
        "surtension (charge entraînante sans résistance de freinage), F07 surchauffe, F08 surcharge moteur, F09 "
        "interne ; réarmer par DI4 ou en coupant le réseau. Le bus P+ P- (560 V) met plus d'une minute à se décharger"
        " : vérifier l'absence de tension. Valeurs : fiche EN 61800-2 de variateur compact 4 kW.",
        "4 kW three-phase 400 V drive, 9.5 A, V/f control with boost. DI1 forward, DI2 reverse, DI3 speed 2, DI4 reset "
        "(internal 24 V, common 0V); AI 0–10 V as an option for speed 1. R1A-R1C closed while live and without fault "
        "(R1B-R1C the opposite); R2A-R2C drives the brake (or tells running). Faults: F01 overcurrent, F02 earth, F03 "
        "mains phase, F04 motor phase, F05 undervoltage, F06 overvoltage (driving load without braking resistor), F07 "
        "overtemperature, F08 motor overload, F09 internal; reset with DI4 or by cutting the mains. The DC link P+ P- "
        "(560 V) takes more than a minute to discharge: check that it is dead. Values: EN 61800-2 sheet of a compact "
        "4 kW drive.",
    ),
    parameters=(*_settings(), *_plate()),
    ports=(
        *(Port(n, Domain.AC) for n in (*MAINS, *MOTOR)),
        Port("24V", Domain.DC, "optional"),
        Port("0V", Domain.DC),
        *(Port(n, Domain.DC, "optional") for n in (*INPUTS, "AI+", "AI-")),
        *(Port(n, Domain.DC, "optional") for n in ("R1A", "R1B", "R1C", "R2A", "R2C", "P+", "P-")),
    ),
    build=_build,
    failure_modes=_modes,
    channels=_channels,
    signals={
        "frequency": lambda tag, p: MemoryRef(f"{tag}.ramp", "frequency"),
        "current": lambda tag, p: MemoryRef(f"{tag}.trips", "current"),
        "power": lambda tag, p: StateRef(f"{tag}.output", "power"),
    },
    senses=_senses,
    spots=lambda tag, p: (
        Spot("heatsink", Text("radiateur", "heatsink"), lambda read: read(MemoryRef(f"{tag}.trips", "heatsink_c"))),
    ),
    symbols={
        "main": _power_symbol(),
        "control": _control_symbol(),
        "relay_1": changeover_symbol("R1C", "R1B", "R1A", "fault_relay"),
        "relay_2": contact_symbol("R2A", "R2C", "brake"),
        "bus": _bus_symbol(),
    },
    adjusts={s.name: f"{_DEVICE_OF.get(s.name, 'ramp')}.{s.name}" for s in _settings()},
)

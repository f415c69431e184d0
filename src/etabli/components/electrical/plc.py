"""PLC: the electrical side only. Inputs read 24 V, outputs drive it; the program runs in the automation room."""

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
    Sense,
)
from etabli.components.curve import VOLTAGE, Axis, Curve, explain, loop
from etabli.components.drawing import Label, Pin, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.electrical_symbols import box, led
from etabli.physics.expression import absolute, clamp, knee, less, maximum, select
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

MAX_CHANNELS = 32
ON_V, OFF_V = 15.0, 5.0
_INPUT_OHM = 4000.0
_KNEE_A = 0.03
_CLAMP_V = 47.0
_BODY_DIODE_V = 0.7
_HOT = 1.0
_HEATING_PER_JOULE = 0.5
_COOLING_S = 1.5
_RESTART = 0.6


@law({"supply": Domain.DC, "output": Domain.DC}, ("conductance", "limit", "leak"), ("current",))
def high_side_switch(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Protected high-side transistor: on-conductance (S), current limit (A), off-state leak (S), A out in ``current``.

    It clamps what an inductive load gives back at ``supply - 47 V`` and lets current return to the supply through its
    body diode. Source: block diagram of smart high-side switches in PLC output sheets (EN 61131-2, 0.5 A).
    """
    u = v.supply - v.output
    wanted = p.conductance * u
    forward = wanted - knee(wanted - p.limit, _KNEE_A)
    back = 2.0 * knee(-u - _BODY_DIODE_V, 0.05)
    i = forward + 0.5 * knee(u - _CLAMP_V, 0.5) - back + p.leak * u
    return {"supply": i, "output": -i}, {"current": i}


explain(
    high_side_switch,
    Text(
        "Sortie transistor d'automate : conductance de l'étage fermé, limitée en courant. Source : fiches de sorties "
        "24 V 0,5 A (EN 61131-2).",
        "Transistor output of a PLC: conductance of the closed stage, held at a current limit. Source: sheets of 24 V "
        "0.5 A outputs (EN 61131-2).",
    ),
)


@sampled(
    reads=("plus", "minus"),
    parameters=("start_v", "stop_v", "hold_s", "boot_s", "dead"),
    memory=("on", "charge"),
    stage=Stage.SENSE,
)
def cpu_supply(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """CPU power: on after ``boot_s`` above ``start_v``, holds ``hold_s`` below ``stop_v`` (EN 61131-2 asks 10 ms)."""
    u = r.plus - r.minus
    fed = less(select(m.on, p.stop_v, p.start_v), u) * less(p.dead, 0.5)
    charge = clamp(m.charge + select(fed, select(m.on, 1.0, h / p.boot_s), -(h / p.hold_s)), 0.0, 1.0)
    return {"on": select(m.on, less(0.0, charge), less(0.999, charge)) * less(p.dead, 0.5), "charge": charge}


explain(
    cpu_supply,
    Text(
        "Alimentation de l'automate : démarre au-dessus d'un seuil, tient quelques millisecondes sans tension.",
        "Supply of the PLC: starts above a threshold, holds for some milliseconds without voltage.",
    ),
)


@sampled(
    reads=("input", "common", "powered"),
    parameters=("on_v", "off_v", "dead", "stuck_on"),
    memory=("on",),
    stage=Stage.ACTUATE,
)
def digital_input(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Input with hysteresis (EN 61131-2 type 1: 1 above 15 V, 0 below 5 V); its LED is the memory ``on``."""
    seen = less(select(m.on, p.off_v, p.on_v), r.input - r.common)
    return {"on": r.powered * maximum(seen * less(p.dead, 0.5), less(0.5, p.stuck_on))}


explain(
    digital_input,
    Text(
        "Entrée tout ou rien de type 1 : 1 au-dessus de 15 V, 0 sous 5 V, hystérésis entre les deux (EN 61131-2).",
        "Type 1 digital input: 1 above 15 V, 0 below 5 V, hysteresis between (EN 61131-2).",
    ),
    Curve(
        Text("état lu selon la tension d'entrée (aller et retour)", "state read against input voltage, up and down"),
        VOLTAGE,
        Axis(Text("état lu", "state read")),
        loop(0.0, 24.0, "input", "on", count=120, powered=1.0),
    ),
)


@sampled(
    reads=("supply", "output", "current", "powered"),
    parameters=("command", "on_siemens", "off_siemens", "dead", "stuck_on"),
    memory=("led", "heat", "off_hot"),
    writes=("conductance",),
    stage=Stage.ACTUATE,
)
def digital_output(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Output driver: ``command`` (0/1, from the program) to the transistor; LED = what the program asks.

    ``heat`` (1 = 150 °C junction) rises with the power lost in the transistor; a short makes it shut down and retry.
    ``dead``: transistor open; ``stuck_on``: transistor shorted.
    """
    asked = less(0.5, p.command) * r.powered
    lost = absolute((r.supply - r.output) * r.current)
    heat = (m.heat + h * _HEATING_PER_JOULE * lost) / (1.0 + h / _COOLING_S)
    off_hot = select(m.off_hot, less(_RESTART, heat), less(_HOT, heat))
    on = maximum(asked * less(p.dead, 0.5) * (1.0 - off_hot), less(0.5, p.stuck_on))
    return {"led": asked, "heat": heat, "off_hot": off_hot, "conductance": select(on, p.on_siemens, p.off_siemens)}


explain(
    digital_output,
    Text(
        "Commande de la sortie : le programme ferme l'étage, une surcharge qui dure le coupe à chaud.",
        "Output stage: the program closes it, a lasting overload switches it off when hot.",
    ),
)


def input_names(parameters: Parameters) -> tuple[str, ...]:
    """Addresses of the inputs: I0.0 … I0.7, I1.0 …"""
    return tuple(_address("I", k) for k in range(int(parameters["inputs"])))


def output_names(parameters: Parameters) -> tuple[str, ...]:
    """Addresses of the outputs: Q0.0 …"""
    return tuple(_address("Q", k) for k in range(int(parameters["outputs"])))


def _address(letter: str, index: int) -> str:
    return f"{letter}{index // 8}.{index % 8}"


def _ports(parameters: Parameters) -> tuple[Port, ...]:
    names = ("L+", "M", "1L+", "1M", *input_names(parameters), *output_names(parameters))
    return tuple(Port(n, Domain.DC) for n in names)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "L+", "b": "M"}, {"resistance": 24.0 / p["supply_a"]})
    b.device("output_supply", resistor, {"a": "1L+", "b": "1M"}, {"resistance": 2400.0})
    b.sample(
        "supply",
        cpu_supply,
        {"plus": b.across("L+"), "minus": b.across("M")},
        {"start_v": 19.2, "stop_v": 15.0, "hold_s": 0.02, "boot_s": 0.5, "dead": 0.0},
    )
    powered = b.memory("supply", "on")
    for name in input_names(p):
        b.device(f"load_{name}", resistor, {"a": name, "b": "M"}, {"resistance": _INPUT_OHM})
        b.sample(
            name,
            digital_input,
            {"input": b.across(name), "common": b.across("M"), "powered": powered},
            {"on_v": ON_V, "off_v": OFF_V, "dead": 0.0, "stuck_on": 0.0},
        )
    for name in output_names(p):
        device = f"transistor_{name}"
        b.device(
            device,
            high_side_switch,
            {"supply": "1L+", "output": name},
            {"conductance": 1e-9, "limit": 1.2, "leak": 1e-6},
        )
        b.sample(
            name,
            digital_output,
            {
                "supply": b.across("1L+"),
                "output": b.across(name),
                "current": b.state(device, "current"),
                "powered": powered,
            },
            {"command": 0.0, "on_siemens": 10.0, "off_siemens": 1e-9, "dead": 0.0, "stuck_on": 0.0},
            {"conductance": b.parameter(device, "conductance")},
        )


def _input_modes(name: str) -> tuple[FailureMode, ...]:
    return (
        _dead(name, Text(f"entrée {name} hors service", f"input {name} dead"), 0.3),
        _stuck_on(name, Text(f"entrée {name} bloquée à 1", f"input {name} stuck on"), 0.2),
        FailureMode(
            f"{_key(name)}_short",
            Text(f"entrée {name} en court-circuit au 0 V", f"input {name} shorted to 0 V"),
            (Effect(f"load_{name}.resistance", 20.0, logarithmic=True),),
            rate=0.1,
            ports=(name,),
        ),
    )


def _output_modes(name: str) -> tuple[FailureMode, ...]:
    shorted = Text(f"sortie {name} bloquée à 1 (transistor claqué)", f"output {name} stuck on (transistor shorted)")
    return (
        _dead(name, Text(f"sortie {name} hors service", f"output {name} dead"), 0.6),
        _stuck_on(name, shorted, 0.3),
    )


def _dead(name: str, text: Text, rate: float) -> FailureMode:
    return FailureMode(
        f"{_key(name)}_dead",
        text,
        (Effect(f"{name}.dead", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=rate,
        ports=(name,),
    )


def _stuck_on(name: str, text: Text, rate: float) -> FailureMode:
    return FailureMode(f"{_key(name)}_stuck_on", text, (Effect(f"{name}.stuck_on", 1.0),), rate=rate, ports=(name,))


def _key(name: str) -> str:
    """A channel in the id of a failure mode: i0_3."""
    return name.lower().replace(".", "_")


def _modes(parameters: Parameters) -> tuple[FailureMode, ...]:
    modes = [
        FailureMode(
            "cpu_dead",
            Text("unité centrale hors service", "CPU dead"),
            (Effect("supply.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
            rate=0.2,
        )
    ]
    for name in input_names(parameters):
        modes += _input_modes(name)
    for name in output_names(parameters):
        modes += _output_modes(name)
    return tuple(modes)


def _led(tag: str, name: str, memory: str) -> Channel:
    return Channel(name, MemoryRef(f"{tag}.{name}", memory), seen=True, text=Text(f"voyant {name}", f"{name} light"))


def _channels(tag: str, parameters: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("run", MemoryRef(f"{tag}.supply", "on"), seen=True, text=Text("voyant RUN", "RUN light")),
        *(_led(tag, n, "on") for n in input_names(parameters)),
        *(_led(tag, n, "led") for n in output_names(parameters)),
    )


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.supply", "on")) < 0.5:
        return (Perception(Sense.LOOK, Text("Aucune LED de l'automate n'est allumée.", "No LED of the PLC is lit.")),)
    lit = [n for n in input_names(parameters) if read(MemoryRef(f"{tag}.{n}", "on")) > 0.5]
    lit += [n for n in output_names(parameters) if read(MemoryRef(f"{tag}.{n}", "led")) > 0.5]
    found = [
        Perception(Sense.LOOK, Text("LED RUN verte allumée.", "Green RUN LED lit.")),
        Perception(
            Sense.LOOK,
            Text(
                f"LED de voies allumées : {', '.join(lit) or 'aucune'}.",
                f"Channel LEDs lit: {', '.join(lit) or 'none'}.",
            ),
        ),
    ]
    if any(read(MemoryRef(f"{tag}.{n}", "heat")) > 0.5 for n in output_names(parameters)):
        found.append(Perception(Sense.TOUCH, Text("La carte de sorties est chaude.", "The output card is hot.")))
    return tuple(found)


def _input_cell(name: str) -> Symbol:
    extra = (Label(3, 2.0, name, 1.1), *led(3, 3.2, name))
    return box(6, 5, (Pin(name, 3, 0, "n"),), extra)


def _output_cell(name: str) -> Symbol:
    extra = (Label(3, 3.0, name, 1.1), *led(3, 1.8, name))
    return box(6, 5, (Pin(name, 3, 5, "s"),), extra)


def _symbols() -> dict[str, Symbol]:
    found = {
        "supply": box(
            8, 5, (Pin("L+", 2, 0, "n"), Pin("M", 6, 0, "n")), (Label(3.4, 2.5, "CPU", 1.2), *led(6, 2.5, "run"))
        ),
        "output_supply": box(8, 5, (Pin("1L+", 2, 0, "n"), Pin("1M", 6, 0, "n")), (Label(4, 2.5, "24 V Q", 1.2),)),
    }
    for k in range(MAX_CHANNELS):
        found[f"input_{_address('I', k)}"] = _input_cell(_address("I", k))
        found[f"output_{_address('Q', k)}"] = _output_cell(_address("Q", k))
    return found


COMPONENT = Component(
    family="plc",
    letter="A",
    purpose="K",
    text=Text("automate programmable", "programmable controller"),
    sheet=Text(
        "Automate compact 24 V : alimentation L+/M, entrées 24 V type 1 (6 mA, 1 au-dessus de 15 V, 0 sous 5 V, "
        "commun M), sorties transistor 24 V 0,5 A alimentées par 1L+/1M, protégées contre les courts-circuits. Les "
        "LED d'entrée montrent ce que lit le programme, les LED de sortie ce qu'il commande. Valeurs : fiche EN "
        "61131-2 d'automate compact.",
        "Compact 24 V controller: supply L+/M, 24 V inputs type 1 (6 mA, 1 above 15 V, 0 below 5 V, common M), "
        "transistor outputs 24 V 0.5 A fed by 1L+/1M, short-circuit proof. Input LEDs show what the program reads, "
        "output LEDs what it commands. Values: EN 61131-2 sheet of a compact controller.",
    ),
    parameters=(
        Parameter("inputs", Text("nombre d'entrées", "number of inputs"), "", 16, 1, MAX_CHANNELS),
        Parameter("outputs", Text("nombre de sorties", "number of outputs"), "", 8, 1, MAX_CHANNELS),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.2, 0.02, 3.0),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    channels=_channels,
    senses=_senses,
    symbols=_symbols(),
)

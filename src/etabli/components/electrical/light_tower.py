"""Light tower: red, orange, green lamps and a buzzer on one common."""

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
from etabli.components.electrical.conductor import dc_pole
from etabli.components.electrical.electrical_symbols import buzzer_symbol, lamp_symbol
from etabli.components.electrical.pilot_light import lamp_modes
from etabli.physics.law import Domain
from etabli.physics.network import StateRef
from etabli.physics.text import Text

LAMPS = {
    "R": (Text("feu rouge", "red lamp"), "red"),
    "O": (Text("feu orange", "orange lamp"), "orange"),
    "V": (Text("feu vert", "green lamp"), "green"),
}


def _build(b: Builder, p: Parameters) -> None:
    for port in LAMPS:
        b.device(f"lamp_{port}", dc_pole, {"a": port, "b": "C"}, {"resistance": 24.0 / p["lamp_a"]})
    b.device("buzzer", dc_pole, {"a": "Z", "b": "C"}, {"resistance": 24.0 / p["buzzer_a"]})


def _channels(tag: str, parameters: Parameters) -> tuple[Channel, ...]:
    def level(device: str, nominal: float, text: Text) -> Channel:
        name = device.removeprefix("lamp_")
        current = StateRef(f"{tag}.{device}", "current")
        return Channel(name, current, 0.08 * nominal, 0.9 * nominal, seen=True, text=text)

    lamps = (level(f"lamp_{port}", parameters["lamp_a"], text) for port, (text, _) in LAMPS.items())
    return (*lamps, level("buzzer", parameters["buzzer_a"], Text("ronfleur", "buzzer")))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    found = []
    for port, (text, _) in LAMPS.items():
        on = abs(read(StateRef(f"{tag}.lamp_{port}", "current"))) > 0.5 * parameters["lamp_a"]
        state = ("allumé", "on") if on else ("éteint", "off")
        found.append(
            Perception(
                Sense.LOOK, Text(f"{text.fr.capitalize()} : {state[0]}.", f"{text.en.capitalize()}: {state[1]}.")
            )
        )
    if abs(read(StateRef(f"{tag}.buzzer", "current"))) > 0.5 * parameters["buzzer_a"]:
        found.append(Perception(Sense.LISTEN, Text("Le ronfleur sonne.", "The buzzer sounds.")))
    return tuple(found)


COMPONENT = Component(
    family="light_tower",
    letter="H",
    text=Text("colonne lumineuse", "light tower"),
    sheet=Text(
        "Colonne Ø 50 à trois feux LED 24 V (45 mA) et un ronfleur 85 dB (25 mA), commun C au 0 V. "
        "Valeurs : fiche de colonne lumineuse modulaire.",
        "Tower Ø 50 with three 24 V LED lamps (45 mA) and an 85 dB buzzer (25 mA), common C at 0 V. "
        "Values: sheet of a modular light tower.",
    ),
    parameters=(
        Parameter("lamp_a", Text("courant d'un feu", "lamp current"), "A", 0.045, 0.005, 0.5),
        Parameter("buzzer_a", Text("courant du ronfleur", "buzzer current"), "A", 0.025, 0.005, 0.5),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("C", *LAMPS, "Z")),
    build=_build,
    failure_modes=(
        *(mode for port, (text, _) in LAMPS.items() for mode in lamp_modes(f"lamp_{port}", port, text)),
        lamp_modes("buzzer", "Z", Text("ronfleur", "buzzer"))[0],
    ),
    channels=_channels,
    senses=_senses,
    symbols={
        **{f"lamp_{port}": lamp_symbol(port, "C", port, colour) for port, (_, colour) in LAMPS.items()},
        "buzzer": buzzer_symbol("Z", "C", "buzzer"),
    },
)

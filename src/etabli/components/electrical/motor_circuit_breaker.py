"""Motor circuit-breaker: three poles, adjustable thermal release, magnetic release, one auxiliary contact."""

from __future__ import annotations

from etabli.components.component import Builder, Channel, Component, Parameter, Parameters, Port, Read
from etabli.components.electrical.breaker import (
    LATCH_BROKEN,
    THERMAL_DRIFT,
    WRONG_SETTING,
    breaker_mechanism,
    breaker_memory,
    breaker_senses,
)
from etabli.components.electrical.contact import (
    ON_1,
    THREE_POLES,
    add_contact,
    add_lever_poles,
    contact_not_closing,
    contact_resistive,
)
from etabli.components.electrical.dc_image import Branch, dc_image, poles_image
from etabli.components.electrical.electrical_symbols import breaker_symbol, contact_symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    position = float(p["initial_position"])
    currents = {f"current_{k}": b.state(f"contact_{a}_{c}", "current") for k, (a, c) in enumerate(THREE_POLES, 1)}
    b.sample(
        "mechanism",
        breaker_mechanism,
        currents,
        {
            "position": position,
            "locked": 0.0,
            "rated": p["setting_a"],
            "trip_level": 1.27,  # trips at 1.13 Ir: between 1.05 (must hold) and 1.20 (must trip)
            "time_constant_s": 285.0,  # class 10: 7 s at 7.2 Ir from cold
            "magnetic_a": 13.0 * p["range_top_a"],
            "imbalance_gain": 0.25,
            "sensitivity": 1.0,
            "latch_broken": 0.0,
        },
        initial=breaker_memory(position),
    )
    latched = b.memory("mechanism", "latched")
    add_lever_poles(b, THREE_POLES, latched, closed_ohm=p["pole_ohm"], closed_now=position > 0.5)
    add_contact(b, "13", "14", latched, window=ON_1, closed_now=position > 0.5)


@dc_image("motor_circuit_breaker")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return poles_image(tag, read, THREE_POLES)


COMPONENT = Component(
    family="motor_circuit_breaker",
    letter="Q",
    text=Text("disjoncteur moteur", "motor circuit-breaker"),
    sheet=Text(
        "Disjoncteur magnéto-thermique tripolaire, classe 10, sensible à la perte de phase. Régler Ir au courant "
        "nominal de la plaque du moteur. Magnétique fixe : 13 fois le haut de la plage. Réarmer : 0 puis 1. Contact "
        "auxiliaire 13-14 fermé quand l'appareil est enclenché. Valeurs : fiche EN 60947-4-1 de disjoncteur moteur à "
        "large plage 0,4–1,6 A.",
        "Three-pole thermal-magnetic breaker, class 10, phase-loss sensitive. Set Ir to the motor's plate current. "
        "Fixed magnetic release: 13 times the top of the range. Reset: 0 then 1. Auxiliary contact 13-14 closed while "
        "latched. Values: EN 60947-4-1 sheet of a wide-range motor breaker, 0.4–1.6 A.",
    ),
    parameters=(
        Parameter(
            "setting_a", Text("réglage thermique Ir", "thermal setting Ir"), "A", 1.1, 0.1, 63.0, adjustable=True
        ),
        Parameter("range_top_a", Text("haut de la plage de réglage", "top of the setting range"), "A", 1.6, 0.1, 80.0),
        Parameter("pole_ohm", Text("résistance d'un pôle", "pole resistance"), "Ω", 0.8, 0.001, 10.0),
        Parameter("initial_position", Text("position au départ", "position at start"), "", 1, 0, 1),
    ),
    ports=(
        *(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
        Port("13", Domain.DC),
        Port("14", Domain.DC),
    ),
    build=_build,
    failure_modes=(
        WRONG_SETTING,
        LATCH_BROKEN,
        THERMAL_DRIFT,
        *(contact_not_closing(a, c, rate=0.5) for a, c in THREE_POLES),
        *(contact_resistive(a, c, ohms=2000.0, rate=0.5) for a, c in THREE_POLES),
        contact_not_closing("13", "14", rate=0.5),
        contact_resistive("13", "14", ohms=30000.0, rate=0.4),
    ),
    channels=lambda tag, p: (
        Channel("handle", MemoryRef(f"{tag}.mechanism", "handle"), seen=True, text=Text("poignée", "handle")),
        Channel("heat", MemoryRef(f"{tag}.mechanism", "heat"), 0.0, 1.27),
    ),
    senses=lambda tag, p, read: tuple(breaker_senses(tag, read)),
    symbols={
        "main": breaker_symbol(THREE_POLES, "handle"),
        "contact_13_14": contact_symbol("13", "14", "handle"),
    },
    controls={"position": "mechanism.position", "lock": "mechanism.locked"},
    adjusts={"setting_a": "mechanism.rated"},
)

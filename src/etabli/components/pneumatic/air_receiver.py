"""Air receiver: a tank with its safety valve, its drain and the water that gathers in it."""

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
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Arc, Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.fluid_symbols import arrow, spring
from etabli.components.hand import add_hand
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow, orifice
from etabli.components.pneumatic.seat import SEAT_RATIO, safety_flow, safety_seat
from etabli.components.pneumatic.shutoff_valve import slide_follows
from etabli.components.pneumatic.volume import AIR_DENSITY_PER_BAR, add_volume, air_mass
from etabli.physics.expression import maximum, sqrt
from etabli.physics.law import Domain, law
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text

_STEAM_SHARE = 0.622
"""Molar mass of water over that of air."""
_SATURATION_BAR = 0.02339
"""Saturation pressure of water at 20 °C, bar (IAPWS)."""

_DRAIN_K = 60.0
"""Water through the drain tap wide open, cm³/s per root of bar: a 6 mm hole."""
_DRAIN_C = 1.5
"""Conductance of the same tap for air, dm³/(s·bar)."""
_FILM_CM3 = 2.0  # below this much water the tap lets air out
_LEAST_AIR_SHARE = 0.02


def moisture(relative_humidity: Any, pressure: Any) -> Any:
    """Grams of water in a gram of air at 20 °C, ``pressure`` bar absolute (perfect gases)."""
    steam = relative_humidity * _SATURATION_BAR
    return _STEAM_SHARE * steam / maximum(pressure - steam, 0.1)


def condensed(relative_humidity: Any, pressure: Any) -> Any:
    """Grams of water that a gram of workshop air can no longer hold at ``pressure`` bar absolute."""
    return maximum(moisture(relative_humidity, ATMOSPHERE_BAR) - moisture(1.0, pressure), 0.0)


@law(
    terminals={"inlet": Domain.PNEUMATIC, "tank": Domain.PNEUMATIC},
    parameters=("conductance", "volume", "humidity", "silted", "drain", "drain_passage"),
    states=("charge", "water"),
)
def air_tank(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A tank of ``volume`` dm³ behind its inlet (C dm³/(s·bar)), isothermal; states: air in g per dm³ of the tank
    less its mud, water in cm³.

    Air that enters at ``humidity`` (0…1, of the workshop) can hold less water once compressed: the rest gathers at the
    bottom and takes the room of the air, as does the mud that never leaves (``silted``, share of the volume). The
    ``drain`` (0…1, times ``drain_passage``) lets the water out first (orifice), then air. Source: psychrometry of
    perfect gases, ISO 6358-1.
    """
    entering = air_flow(v.inlet, v.tank, p.conductance, SEAT_RATIO)
    present = maximum(s.water, 0.0)
    tap = p.drain * p.drain_passage
    out_cm3_s = _DRAIN_K * tap * sqrt(maximum(v.tank - ATMOSPHERE_BAR, 1e-4))
    water = (present + ah * maximum(entering, 0.0) * condensed(p.humidity, v.tank)) / (
        1.0 + ah * out_cm3_s / (present + _FILM_CM3)
    )
    dry = _FILM_CM3 / (present + _FILM_CM3)
    lost = air_flow(v.tank, ATMOSPHERE_BAR, _DRAIN_C * tap * dry, SEAT_RATIO)
    # Per dm³ of what mud leaves: mud that is there from one moment to the next (a fault) squeezes no air.
    room = p.volume * maximum(1.0 - p.silted, _LEAST_AIR_SHARE)
    charge = AIR_DENSITY_PER_BAR * maximum(1.0 - 1e-3 * water / room, _LEAST_AIR_SHARE) * v.tank
    return {"inlet": entering, "tank": room * (charge - s.charge) / ah - entering + lost}, {
        "charge": charge,
        "water": water,
    }


explain(
    air_tank,
    Text(
        "Réservoir : gaz parfait isotherme ; l'air comprimé y laisse l'eau qu'il ne peut plus porter (psychrométrie), "
        "et la purge rend l'eau puis l'air.",
        "Tank: perfect gas, isothermal; the compressed air leaves the water that it can no longer hold "
        "(psychrometry), and the drain gives the water, then air.",
    ),
    Curve(
        Text("eau laissée par un mètre cube d'air libre", "water left by a cubic metre of free air"),
        Axis(Text("pression du réservoir (relative)", "gauge pressure of the tank"), "bar"),
        Axis(Text("eau", "water"), "cm³"),
        sweep(
            0.0,
            12.0,
            lambda d, x: 1000.0 * AIR_DENSITY_PER_BAR * ATMOSPHERE_BAR * condensed(d.p.humidity, x + ATMOSPHERE_BAR),
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    volume, pressure = float(p["volume_l"]), float(p["start_bar"]) + ATMOSPHERE_BAR
    water = float(p["start_water_cm3"])
    add_volume(b, "1", 10.0, pressure_bar=pressure)
    add_volume(b, "2", 10.0, pressure_bar=pressure)
    b.initial("tank", pressure)
    b.device(
        "tank",
        air_tank,
        {"inlet": "1", "tank": "tank"},
        {
            "conductance": p["conductance"],
            "volume": volume,
            "humidity": p["humidity"],
            "silted": 0.0,
            "drain": 0.0,
            "drain_passage": 1.0,
        },
        {"charge": air_mass(volume - 1e-3 * water, pressure) / volume, "water": water},
    )
    b.device(
        "outlet",
        orifice,
        {"a": "tank", "b": "2"},
        {"conductance": p["conductance"], "critical_ratio": SEAT_RATIO, "opening": 1.0},
    )
    b.device(
        "safety",
        safety_seat,
        {"a": "tank"},
        {
            "set_pressure": p["safety_bar"],
            "drift": 1.0,
            "conductance": p["safety_conductance"],
            "free": 1.0,
            "leak": 0.0,
        },
    )
    add_leak(b, "drain_leak", "tank")
    add_hand(b, "tap")
    b.sample(
        "drain",
        slide_follows,
        {"handle": b.memory("tap", "position")},
        writes={"position": b.parameter("tank", "drain")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("pressure", NodeRef(f"{tag}.tank"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + float(p["safety_bar"])),
        Channel("water", StateRef(f"{tag}.tank", "water"), 0.0, 1000.0 * float(p["volume_l"])),
        Channel("drain", MemoryRef(f"{tag}.tap", "head"), seen=True, text=Text("robinet de purge", "drain tap")),
    )


def _drain_words(tag: str, read: Read) -> tuple[Perception, ...]:
    """What comes out of the open drain."""
    if read(MemoryRef(f"{tag}.tap", "position")) < 0.5 or read(NodeRef(f"{tag}.tank")) < ATMOSPHERE_BAR + 0.05:
        return ()
    if read(StateRef(f"{tag}.tank", "water")) > 10.0:
        return (Perception(Sense.LOOK, Text("De l'eau rouillée jaillit de la purge.", "Rusty water spurts out.")),)
    return (Perception(Sense.LISTEN, Text("De l'air sort par la purge.", "Air comes out of the drain.")),)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    share = read(StateRef(f"{tag}.tank", "water")) / (1000.0 * float(p["volume_l"]))
    if share > 0.05:
        rings = Text(
            "Frappé du doigt, le bas du réservoir sonne mat : il y a de l'eau.",
            "Tapped with a finger, the bottom of the tank sounds dull: there is water.",
        )
    else:
        rings = Text("Frappé du doigt, le réservoir sonne creux.", "Tapped with a finger, the tank sounds hollow.")
    blowing = safety_flow(read, tag, "safety", f"{tag}.tank")
    return (
        Perception(Sense.LISTEN, rings),
        *hiss_of(blowing, Text("à la soupape de sûreté", "at the safety valve")),
        *hiss(
            read,
            tag,
            "drain_leak",
            f"{tag}.tank",
            Text("sous le réservoir, à la purge", "under the tank, at the drain"),
        ),
        *_drain_words(tag, read),
    )


def _symbol() -> Symbol:
    """Capsule with its safety valve above and its drain below."""
    safety = (
        Line(((11, 4.5), (11, 3))),
        Rectangle(9.5, 0.4, 2.6, 2.6),
        *arrow((11.6, 3), (11.6, 0.4), size=0.7),
        spring(12.1, 1.7, 2.0),
    )
    drain = (
        Line(((8, 8.5), (8, 9.4))),
        Polygon(((7.4, 9.4), (8.6, 9.4), (8, 10.0))),
        Polygon(((7.4, 10.6), (8.6, 10.6), (8, 10.0))),
    )
    return Symbol(
        16,
        12,
        (
            Line(((3, 4.5), (13, 4.5))),
            Line(((3, 8.5), (13, 8.5))),
            Arc(3, 6.5, 2, 90, 270),
            Arc(13, 6.5, 2, -90, 90),
            Line(((0, 6), (1.1, 6))),
            Line(((14.9, 6), (16, 6))),
            *safety,
            *drain,
        ),
        (Pin("1", 0, 6, "w"), Pin("2", 16, 6, "e")),
    )


COMPONENT = Component(
    family="air_receiver",
    letter="Z",
    purpose="C",
    text=Text("réservoir d'air comprimé", "air receiver"),
    sheet=Text(
        "Réserve d'air entre le compresseur et le réseau : elle espace les démarrages et passe les pointes de débit. "
        "L'air comprimé y laisse son eau ; il faut purger, sinon le volume utile fond et la tôle rouille. Soupape de "
        "sûreté plombée. Reste SOUS PRESSION compresseur arrêté. Valeurs : fiche de réservoir vertical 90 l, 11 bar, "
        "EN 286-1.",
        "Store of air between the compressor and the network: it spaces the starts and covers peaks of flow. The "
        "compressed air leaves its water in it; drain it, or the useful volume melts and the steel rusts. Sealed "
        "safety valve. Stays UNDER PRESSURE with the compressor off. Values: data sheet of a vertical 90 l tank, "
        "11 bar, EN 286-1.",
    ),
    parameters=(
        Parameter("volume_l", Text("volume", "volume"), "l", 90.0, 0.1, 20000.0),
        Parameter(
            "conductance", Text("conductance d'un orifice", "conductance of a port"), "dm³/(s·bar)", 10.0, 0.1, 200.0
        ),
        Parameter("safety_bar", Text("tarage de la soupape", "safety valve setting"), "bar", 11.0, 0.5, 50.0),
        Parameter(
            "safety_conductance",
            Text("conductance de la soupape", "conductance of the safety valve"),
            "dm³/(s·bar)",
            6.0,
            0.1,
            100.0,
        ),
        Parameter("humidity", Text("humidité de l'atelier", "humidity of the workshop"), "", 0.6, 0.0, 1.0),
        Parameter(
            "start_bar", Text("pression au départ (relative)", "initial pressure (gauge)"), "bar", 0.0, 0.0, 50.0
        ),
        Parameter("start_water_cm3", Text("eau au départ", "initial water"), "cm³", 50.0, 0.0, 1e6),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "full_of_water",
            Text("réservoir plein d'eau et de boue", "tank full of water and mud"),
            (Effect("tank.silted", 0.85),),
            Repair.CLEAN,
            (Onset.GROWING,),
            1.5,
            (0.4, 1.0),
        ),
        FailureMode(
            "drain_blocked",
            Text("purge bouchée par la rouille", "drain blocked with rust"),
            (Effect("tank.drain_passage", 1e-4, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            degrees=(0.6, 1.0),
        ),
        leak_mode(
            "drain_leak",
            Text("robinet de purge mal fermé", "drain tap not tight"),
            "drain_leak",
            0.5,
            Repair.TIGHTEN,
            1.5,
        ),
        FailureMode(
            "safety_weak",
            Text("soupape de sûreté tarée trop bas (ressort fatigué)", "safety valve set too low (tired spring)"),
            (Effect("safety.drift", 0.4),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.5,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "safety_leaks",
            Text("siège de soupape piqué : fuite continue", "seat of the safety valve pitted: steady leak"),
            (Effect("safety.leak", 0.08),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.7,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "safety_stuck",
            Text("soupape de sûreté collée", "safety valve stuck"),
            (Effect("safety.free", 0.0),),
            rate=0.3,
        ),
        FailureMode(
            "outlet_blocked",
            Text("sortie du réservoir obstruée", "outlet of the tank obstructed"),
            (Effect("outlet.opening", 0.002, logarithmic=True),),
            Repair.CLEAN,
            rate=0.3,
            degrees=(0.7, 1.0),
        ),
    ),
    channels=_channels,
    signals={
        "pressure": lambda tag, p: NodeRef(f"{tag}.tank"),
        "water": lambda tag, p: StateRef(f"{tag}.tank", "water"),
    },
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"drain": "tap.position"},
)

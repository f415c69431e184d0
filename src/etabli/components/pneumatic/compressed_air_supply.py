"""Compressed air supply of the workshop: the drop pipe that feeds the machine."""

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
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, spaced
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.fluid_symbols import air_source
from etabli.components.hand import add_hand
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.shutoff_valve import slide_follows
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain, law
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

_VENT = 2.5
"""Conductance of the vent of the workshop's valve, dm³/(s·bar)."""


@law(terminals={"a": Domain.PNEUMATIC}, parameters=("gauge_pressure", "conductance", "critical_ratio", "open"))
def air_network(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A large tank at ``gauge_pressure`` (bar) behind a pipe of sonic conductance C dm³/(s·bar) (ISO 6358-1).

    ``open`` 1: the workshop's valve lets the air through; 0: it holds the network back and vents the drop pipe.
    """
    fed = air_flow(p.gauge_pressure + ATMOSPHERE_BAR, v.a, p.conductance * p.open, p.critical_ratio)
    vented = air_flow(v.a, ATMOSPHERE_BAR, _VENT * (1.0 - p.open), p.critical_ratio)
    return {"a": vented - fed}, {}


explain(
    air_network,
    Text(
        "Réseau d'air : grande réserve derrière une conduite de conductance sonique C ; fermé, il retient l'air et "
        "purge l'aval (ISO 6358-1).",
        "Air network: a large tank behind a pipe of sonic conductance C; closed, it holds the air back and vents the "
        "drop pipe (ISO 6358-1).",
    ),
    Curve(
        Text("pression disponible selon le débit pris", "pressure left against the flow taken"),
        AIR_FLOW,
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        lambda d: [
            (-d.flow("a", a=bar + ATMOSPHERE_BAR) * AIR_L_MIN, bar)
            for bar in spaced(d.sound.p.gauge_pressure, 0.0, 60)
            if d.flow("a", a=bar + ATMOSPHERE_BAR) <= 0.0
        ],
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    start = float(p["pressure"]) + ATMOSPHERE_BAR
    add_volume(b, "1", 50.0, pressure_bar=start)
    b.device(
        "network",
        air_network,
        {"a": "1"},
        {"gauge_pressure": p["pressure"], "conductance": p["conductance"], "critical_ratio": 0.3, "open": 1.0},
    )
    add_hand(b, "handle", 1.0)
    b.sample(
        "stem",
        slide_follows,
        {"handle": b.memory("handle", "position")},
        writes={"position": b.parameter("network", "open")},
    )
    add_leak(b, "leak", "1")


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("pressure", NodeRef(f"{tag}:1"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 8.0),
        Channel("position", MemoryRef(f"{tag}.handle", "head"), seen=True, text=Text("position", "position")),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    valve = Text("La vanne de l'atelier est ouverte.", "The valve of the workshop is open.")
    if read(MemoryRef(f"{tag}.handle", "head")) < 0.5:
        valve = Text("La vanne de l'atelier est fermée.", "The valve of the workshop is closed.")
    return (
        Perception(Sense.LOOK, valve),
        *hiss(read, tag, "leak", f"{tag}:1", Text("au raccord d'arrivée d'air", "at the air inlet fitting")),
    )


COMPONENT = Component(
    family="compressed_air_supply",
    letter="Z",
    purpose="G",
    text=Text("arrivée d'air comprimé", "compressed air supply"),
    sheet=Text(
        "Descente du réseau d'air comprimé de l'atelier. La pression tombe quand le débit demandé dépasse ce que la "
        "conduite laisse passer. Sa vanne 3/2 cadenassable isole et purge tout l'aval, vanne de la machine comprise. "
        "Valeurs : réseau d'atelier courant à 7 bar relatifs, "
        "tube Ø 15 mm avec raccord rapide.",
        "Drop pipe of the workshop compressed air network. The pressure falls when the flow asked for is more than the "
        "pipe lets through. Its lockable 3/2 valve isolates and vents everything downstream, the valve "
        "of the machine too. "
        "Values: usual workshop network at 7 bar gauge, 15 mm pipe with a quick coupling.",
    ),
    parameters=(
        Parameter("pressure", Text("pression du réseau (relative)", "network pressure (gauge)"), "bar", 7.0, 0.0, 12.0),
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 8.0, 0.1, 50.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC),),
    build=_build,
    failure_modes=(
        FailureMode(
            "low_pressure",
            Text("pression du réseau trop basse", "network pressure too low"),
            (Effect("network.gauge_pressure", 0.35, relative=True),),
            Repair.RESET,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            2.0,
            (0.6, 1.0),
        ),
        FailureMode(
            "no_pressure",
            Text("plus d'air dans le réseau", "no air in the network"),
            (Effect("network.gauge_pressure", 0.0),),
            Repair.RESET,
        ),
        FailureMode(
            "obstructed",
            Text("conduite d'arrivée obstruée", "inlet pipe obstructed"),
            (Effect("network.conductance", 0.008, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            0.5,
            (0.7, 1.0),
        ),
        leak_mode(
            "leak",
            Text("fuite au raccord d'arrivée", "leak at the inlet fitting"),
            "leak",
            0.8,
            Repair.TIGHTEN,
            visible=Text("Le raccord d'arrivée est desserré.", "The inlet fitting is loose."),
        ),
    ),
    channels=_channels,
    senses=_senses,
    symbols={"main": Symbol(4, 4, (Line(((2, 0), (2, 1.5))), *air_source(2, 1.5)), (Pin("1", 2, 0, "n"),))},
    controls={"position": "handle.position", "lock": "handle.locked"},
)

"""Manifold: one inlet, several outlets, a plugged block of aluminium."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
)
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import orifice
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.text import Text

MOST_OUTLETS = 8


def _outlets(p: Parameters) -> tuple[str, ...]:
    return tuple(str(i) for i in range(1, int(p["count"]) + 1))


def _ports(p: Parameters) -> tuple[Port, ...]:
    return (Port("P", Domain.PNEUMATIC), *(Port(name, Domain.PNEUMATIC) for name in _outlets(p)))


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "P", float(p["volume_cm3"]))
    add_leak(b, "leak", "P")
    for name in _outlets(p):
        add_volume(b, name)
        b.device(
            f"outlet_{name}",
            orifice,
            {"a": "P", "b": name},
            {"conductance": p["conductance"], "critical_ratio": 0.4, "opening": 1.0},
        )


def _failure_modes(p: Parameters) -> tuple[FailureMode, ...]:
    blocked = tuple(
        FailureMode(
            f"outlet_{name}_blocked",
            Text(f"sortie {name} du répartiteur bouchée", f"outlet {name} of the manifold blocked"),
            (Effect(f"outlet_{name}.opening", 0.002, logarithmic=True),),
            Repair.CLEAN,
            rate=0.2,
            degrees=(0.8, 1.0),
        )
        for name in _outlets(p)
    )
    plug = leak_mode(
        "leak",
        Text("bouchon du répartiteur desserré", "plug of the manifold loose"),
        "leak",
        0.6,
        Repair.TIGHTEN,
        visible=Text(
            "Un bouchon du répartiteur est dévissé d'un tour.", "A plug of the manifold is undone by one turn."
        ),
    )
    return (plug, *blocked)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return hiss(read, tag, "leak", f"{tag}:P", Text("au bouchon du répartiteur", "at the plug of the manifold"))


def _symbol(outlets: int) -> Symbol:
    width = 4 * outlets
    stems = tuple(Line(((4 * i + 2, 0), (4 * i + 2, 2))) for i in range(outlets))
    pins = tuple(Pin(str(i + 1), 4 * i + 2, 0, "n") for i in range(outlets))
    return Symbol(
        width, 4, (Rectangle(0, 2, width, 1, True), Line(((2, 3), (2, 4))), *stems), (Pin("P", 2, 4, "s"), *pins)
    )


COMPONENT = Component(
    family="air_manifold",
    letter="V",
    purpose="W",
    text=Text("répartiteur d'air", "air manifold"),
    sheet=Text(
        "Bloc qui distribue l'air à plusieurs départs. Le symbole « main_N » convient à N sorties. Valeurs : bloc "
        'aluminium 1/4" à départs 1/8".',
        'Block that feeds several outlets. The symbol “main_N” suits N outlets. Values: 1/4" aluminium block with 1/8" '
        "outlets.",
    ),
    parameters=(
        Parameter("count", Text("nombre de sorties", "number of outlets"), "", 4, 1, MOST_OUTLETS),
        Parameter(
            "conductance",
            Text("conductance sonique par sortie", "sonic conductance of each outlet"),
            "dm³/(s·bar)",
            5.0,
            0.1,
            50.0,
        ),
        Parameter("volume_cm3", Text("volume du bloc", "volume of the block"), "cm³", 60.0, 2.0, 5000.0),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_failure_modes,
    senses=_senses,
    symbols={"main": _symbol(4), **{f"main_{n}": _symbol(n) for n in range(1, MOST_OUTLETS + 1)}},
)

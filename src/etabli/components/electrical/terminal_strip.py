"""Terminal strip: nodes only, one per terminal, and cross-connection bars between neighbours."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Port,
    Read,
    Repair,
)
from etabli.components.electrical.conductor import DOMAIN, OPEN_OHM, ac_impedance, domain_of, resistor
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import terminal
from etabli.physics.law import Domain
from etabli.physics.network import ParameterRef
from etabli.physics.text import Text

MAX_TERMINALS = 80
_BAR_OHM = 0.002


def _ports(parameters: Parameters) -> tuple[Port, ...]:
    return tuple(Port(str(k), domain_of(parameters)) for k in range(1, int(parameters["count"]) + 1))


def bridged(parameters: Parameters) -> tuple[tuple[int, int], ...]:
    """Neighbouring terminals joined by a bar: ``"1-4,7-9"`` gives (1, 2), (2, 3), (3, 4), (7, 8), (8, 9)."""
    pairs: list[tuple[int, int]] = []
    for group in filter(None, (g.strip() for g in str(parameters["bridges"]).split(","))):
        first, dash, last = group.partition("-")
        if not (dash and first.strip().isdigit() and last.strip().isdigit()):
            raise ValueError(f"bridges: {group!r} is not a range such as 1-4")
        low, high = int(first), int(last)
        if not 1 <= low < high <= int(parameters["count"]):
            raise ValueError(f"bridges: {group!r} leaves the strip, which has terminals 1 to {parameters['count']}")
        pairs += [(k, k + 1) for k in range(low, high)]
    return tuple(pairs)


def _build(b: Builder, p: Parameters) -> None:
    for port in _ports(p):
        b.network.node(b.node(port.name), port.domain)
    ac = domain_of(p) is Domain.AC
    for low, high in bridged(p):
        b.device(
            f"bar_{low}_{high}",
            ac_impedance if ac else resistor,
            {"a": str(low), "b": str(high)},
            {"resistance": _BAR_OHM, "reactance": 0.0} if ac else {"resistance": _BAR_OHM},
        )


def _modes(parameters: Parameters) -> tuple[FailureMode, ...]:
    return tuple(
        FailureMode(
            f"bar_{low}_{high}_loose",
            Text(
                f"barrette de liaison déboîtée entre les bornes {low} et {high}",
                f"cross-connection bar out between terminals {low} and {high}",
            ),
            (Effect(f"bar_{low}_{high}.resistance", OPEN_OHM, logarithmic=True),),
            repair=Repair.TIGHTEN,
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.4,
            visible=Text("La barrette de liaison dépasse des autres.", "The cross-connection bar sticks out."),
        )
        for low, high in bridged(parameters)
    )


@dc_image("terminal_strip")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    if domain_of(parameters) is Domain.DC:
        return ()
    return tuple(
        (str(low), str(high), read(ParameterRef(f"{tag}.bar_{low}_{high}", "resistance")))
        for low, high in bridged(parameters)
    )


COMPONENT = Component(
    family="terminal_strip",
    letter="X",
    text=Text("bornier", "terminal strip"),
    sheet=Text(
        "Blocs de jonction à vis 2,5 mm² sur rail, numérotés. Les barrettes de liaison joignent des bornes voisines "
        "(paramètre `bridges`, par exemple `1-4,7-9`). Valeurs : fiche de blocs de jonction.",
        "Screw terminal blocks 2.5 mm² on rail, numbered. Cross-connection bars join neighbours "
        "(parameter `bridges`, for example `1-4,7-9`). Values: terminal block sheet.",
    ),
    parameters=(
        Parameter("count", Text("nombre de bornes", "number of terminals"), "", 10, 1, MAX_TERMINALS),
        DOMAIN,
        Parameter("bridges", Text("barrettes de liaison", "cross-connection bars"), "", ""),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    symbols={f"terminal_{k}": terminal(str(k)) for k in range(1, MAX_TERMINALS + 1)},
)

"""Multicore cable: cores that run together, and the insulation between them and to their screen or to the frame."""

from __future__ import annotations

from itertools import pairwise

from etabli.components.component import (
    Builder,
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
from etabli.components.drawing import Arc, Line, Pin, Symbol
from etabli.components.electrical.conductor import DOMAIN, OPEN_OHM, ac_impedance, domain_of, resistor
from etabli.components.electrical.dc_image import INSULATION_OHM, Branch, dc_image
from etabli.components.electrical.wire import (
    COPPER_OHM_MM2_PER_M,
    INSULATION_S,
    MINIMUM_OHM,
    SOUND_END_OHM,
    ac_conductor,
    dc_conductor,
)
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, NodeRef, ParameterRef
from etabli.physics.text import Text

MOST_CORES = 7
_BOLTED_OHM = 0.02


def _cores(p: Parameters) -> range:
    return range(1, int(p["cores"]) + 1)


def _ports(p: Parameters) -> tuple[Port, ...]:
    return tuple(Port(f"{k}{end}", domain_of(p)) for end in ("a", "b") for k in _cores(p))


def _build(b: Builder, p: Parameters) -> None:
    ac = domain_of(p) is Domain.AC
    copper = max(MINIMUM_OHM, COPPER_OHM_MM2_PER_M * p["length_m"] / p["section_mm2"])
    ends = {"end_a": SOUND_END_OHM, "end_b": SOUND_END_OHM, "leak": INSULATION_S}
    for k in _cores(p):
        law = ac_conductor if ac else dc_conductor
        b.device(f"core_{k}", law, {"a": f"{k}a", "b": f"{k}b"}, {"resistance": copper, **ends})
    sound = {"resistance": INSULATION_OHM, **({"reactance": 0.0} if ac else {})}
    for k, n in pairwise(_cores(p)):
        # The damage lies near the far end, where cables move.
        b.device(f"between_{k}_{n}", ac_impedance if ac else resistor, {"a": f"{k}b", "b": f"{n}b"}, sound)


def _core_modes(k: int) -> tuple[FailureMode, ...]:
    return (
        FailureMode(
            f"core_{k}_open",
            Text(f"conducteur {k} rompu dans le câble", f"core {k} broken inside the cable"),
            (Effect(f"core_{k}.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
            ports=(f"{k}a", f"{k}b"),
        ),
        FailureMode(
            f"core_{k}_earth",
            Text(f"conducteur {k} à la masse", f"core {k} to earth"),
            (Effect(f"core_{k}.leak", 10.0, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=0.4,
            degrees=(0.75, 1.0),
            visible=Text("La gaine du câble est usée contre la tôle.", "The cable sheath is worn against metal."),
            ports=(f"{k}a",),
        ),
    )


def _short(k: int, n: int) -> FailureMode:
    return FailureMode(
        f"short_{k}_{n}",
        Text(f"conducteurs {k} et {n} en court-circuit", f"cores {k} and {n} shorted"),
        (Effect(f"between_{k}_{n}.resistance", _BOLTED_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.6,
        degrees=(0.7, 1.0),
        visible=Text("Le câble est écrasé à un endroit.", "The cable is crushed in one place."),
        ports=(f"{k}a", f"{n}a"),
    )


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    pairs = tuple(pairwise(_cores(p)))
    crushed = FailureMode(
        "water_in",
        Text("eau dans le câble : isolement bas partout", "water in the cable: low insulation everywhere"),
        tuple(Effect(f"between_{k}_{n}.resistance", 2000.0, logarithmic=True) for k, n in pairs),
        repair=Repair.REPLACE,
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=0.3,
        degrees=(0.7, 1.0),
    )
    return (*(m for k in _cores(p) for m in _core_modes(k)), *(_short(k, n) for k, n in pairs), crushed)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    """Heat along the cable, from the voltage drop of its cores."""
    parts = range(domain_of(p).unknowns)
    try:
        squares = [
            sum((read(NodeRef(f"{tag}:{k}a", i)) - read(NodeRef(f"{tag}:{k}b", i))) ** 2 for i in parts)
            for k in _cores(p)
        ]
    except KeyError:  # the machine merged the ends into the ports they join
        return ()
    ohms = (read(ParameterRef(f"{tag}.core_{k}", "resistance")) for k in _cores(p))
    watts = sum(square / ohm for square, ohm in zip(squares, ohms, strict=True))
    if watts > 15.0 * p["length_m"]:
        return (Perception(Sense.TOUCH, Text("Le câble est chaud sur sa longueur.", "The cable is hot all along.")),)
    return ()


@dc_image("cable")
def _image(tag: str, p: Parameters, read: Read) -> tuple[Branch, ...]:
    if domain_of(p) is Domain.DC:
        return ()
    found: list[Branch] = []
    for k in _cores(p):
        core = f"{tag}.core_{k}"
        ohms = sum(read(ParameterRef(core, name)) for name in ("resistance", "end_a", "end_b"))
        half = 2.0 / read(ParameterRef(core, "leak"))
        found += [(f"{k}a", f"{k}b", ohms), (f"{k}a", GROUND, half), (f"{k}b", GROUND, half)]
    for k, n in pairwise(_cores(p)):
        found.append((f"{k}b", f"{n}b", read(ParameterRef(f"{tag}.between_{k}_{n}", "resistance"))))
    return tuple(found)


def _symbol(cores: int) -> Symbol:
    """Cores crossed by the oval of the cable (IEC 60617-3)."""
    columns = [4 * k + 2 for k in range(cores)]
    wires = tuple(Line(((x, 0), (x, 5))) for x in columns)
    left, right = columns[0] - 0.7, columns[-1] + 0.7
    oval = (
        Line(((left, 2.2), (right, 2.2))),
        Line(((left, 2.8), (right, 2.8))),
        Arc(left, 2.5, 0.3, 90, 270),
        Arc(right, 2.5, 0.3, 270, 450),
    )
    pins = tuple(p for k, x in enumerate(columns, 1) for p in (Pin(f"{k}a", x, 0, "n"), Pin(f"{k}b", x, 5, "s")))
    return Symbol(4 * cores, 5, (*wires, *oval), pins)


COMPONENT = Component(
    family="cable",
    letter="W",
    text=Text("câble multiconducteur", "multicore cable"),
    sheet=Text(
        "Câble souple de 2 à 7 conducteurs qui courent ensemble : chaque conducteur peut se rompre, toucher son "
        "voisin ou la masse. Contrôles hors tension : continuité de chaque conducteur, isolement entre conducteurs "
        "et à la masse. Valeurs : fiche de câble de commande souple (17,8 mΩ·mm²/m, plus de 1 GΩ).",
        "Flexible cable of 2 to 7 cores that run together: each core can break, touch its neighbour or earth. Checks "
        "with the power off: continuity of each core, insulation between cores and to earth. "
        "Values: sheet of a flexible control cable (17.8 mΩ·mm²/m, above 1 GΩ).",
    ),
    parameters=(
        Parameter("cores", Text("nombre de conducteurs", "number of cores"), "", 4, 2, MOST_CORES),
        DOMAIN,
        Parameter("length_m", Text("longueur", "length"), "m", 5.0, 0.01, 500.0),
        Parameter("section_mm2", Text("section", "cross-section"), "mm²", 0.75, 0.14, 50.0),
    ),
    ports=_ports,
    build=_build,
    failure_modes=_modes,
    senses=_senses,
    symbols={f"cores_{n}": _symbol(n) for n in range(2, MOST_CORES + 1)},
)

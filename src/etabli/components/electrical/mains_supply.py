"""Mains supply of the machine: 3 x 400 V + N + PE, TN-S."""

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
    Swap,
)
from etabli.components.curve import CURRENT, VOLTAGE, Curve, Piece, explain, spaced
from etabli.components.drawing import Label, Pin
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance
from etabli.components.electrical.dc_image import Branch, dc_image
from etabli.components.electrical.electrical_symbols import box
from etabli.components.hand import add_hand
from etabli.components.pneumatic.shutoff_valve import slide_follows
from etabli.physics.expression import Phasor
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import GROUND, MemoryRef, ParameterRef
from etabli.physics.text import Text

_SQRT3 = 3.0**0.5
_ANGLES = {"L1": (1.0, 0.0), "L2": (-0.5, -_SQRT3 / 2.0), "L3": (-0.5, _SQRT3 / 2.0)}
_POLES = (*_ANGLES, "N")
_BOND_OHM = 0.02
_OPEN_S = 1e-9
"""What an ohmmeter still finds of a pole that is off, relative to its conductance."""


@law({"line": Domain.AC}, ("voltage", "cosine", "sine", "resistance", "reactance", "on"))
def ac_source(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Thevenin source between ``line`` and earth: RMS ``voltage`` at the angle (cosine, sine), behind R + jX.

    ``on`` 1 or 0: the pole of the switch at the distribution board.
    """
    emf = Phasor(p.voltage * p.cosine, p.voltage * p.sine)
    return {"line": ((v.line - emf) * Phasor(p.resistance, p.reactance).inverse()).scaled(p.on)}, {}


explain(
    ac_source,
    Text(
        "Réseau : tension efficace derrière l'impédance de la ligne et du transformateur.",
        "Mains: RMS voltage behind the impedance of line and transformer.",
    ),
    Curve(
        Text("tension disponible selon le courant demandé", "voltage left against the current drawn"),
        CURRENT,
        VOLTAGE,
        lambda d: [_under_load(d, share) for share in spaced(0.0, 0.1)],
    ),
)


def _under_load(piece: Piece, droop: float) -> tuple[float, float]:
    """(current, voltage) at the terminals, ``droop`` the share of its voltage that the phase loses."""
    volts = piece.p.voltage * (1.0 - droop)
    held = Phasor(volts * piece.p.cosine, volts * piece.p.sine)
    return piece.answer(line=held)[0]["line"].squared() ** 0.5, volts


def _build(b: Builder, p: Parameters) -> None:
    # Short-circuit power: Isc = U / (sqrt(3) |Z|); a cabinet far from the transformer has R = 2 X.
    impedance = p["voltage_v"] / _SQRT3 / p["short_circuit_a"]
    resistance, reactance = 0.894 * impedance, 0.447 * impedance
    for line, (cosine, sine) in _ANGLES.items():
        b.device(
            line,
            ac_source,
            {"line": line},
            {
                "voltage": p["voltage_v"] / _SQRT3,
                "cosine": cosine,
                "sine": sine,
                "resistance": resistance,
                "reactance": reactance,
                "on": 1.0,
            },
        )
    neutral = {"voltage": 0.0, "cosine": 1.0, "sine": 0.0, "resistance": _BOND_OHM, "reactance": 0.0, "on": 1.0}
    b.device("N", ac_source, {"line": "N"}, neutral)
    b.device("PE", ac_impedance, {"a": "PE", "b": GROUND}, {"resistance": _BOND_OHM, "reactance": 0.0})
    add_hand(b, "handle", 1.0)
    b.sample(
        "switch",
        slide_follows,
        {"handle": b.memory("handle", "position")},
        writes={"position": tuple(b.parameter(pole, "on") for pole in _POLES)},
    )


def _phase_lost(line: str) -> FailureMode:
    return FailureMode(
        f"phase_{line}_lost",
        Text(f"phase {line} absente en amont", f"phase {line} missing upstream"),
        (Effect(f"{line}.resistance", OPEN_OHM, logarithmic=True),),
        repair=Repair.RESET,
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.5,
    )


FAILURE_MODES = (
    *(_phase_lost(line) for line in _ANGLES),
    FailureMode(
        "neutral_lost",
        Text("neutre coupé en amont", "neutral open upstream"),
        (Effect("N.resistance", OPEN_OHM, logarithmic=True),),
        repair=Repair.RESET,
        rate=0.2,
    ),
    FailureMode(
        "low_voltage",
        Text("tension du réseau trop basse", "mains voltage too low"),
        tuple(Effect(f"{line}.voltage", 0.6, relative=True) for line in _ANGLES),
        repair=Repair.ADJUST,
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.3,
        degrees=(0.7, 1.0),
    ),
    FailureMode(
        "unbalanced",
        Text("tensions déséquilibrées en amont (L2 trop basse)", "unbalanced voltages upstream (L2 too low)"),
        (Effect("L2.voltage", 0.6, relative=True),),
        repair=Repair.RESET,
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=0.3,
        degrees=(0.6, 1.0),
    ),
    FailureMode(
        "phases_crossed",
        Text("phases L1 et L2 inversées", "phases L1 and L2 crossed"),
        (Swap("L1", "L2"),),
        repair=Repair.RECONNECT,
        rate=0.2,
    ),
)


@dc_image("mains_supply")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    """The windings of the upstream transformer are nearly a short circuit for direct current."""

    def ohms(name: str) -> float:
        resistance = read(ParameterRef(f"{tag}.{name}", "resistance"))
        return resistance if name == "PE" else resistance / max(read(ParameterRef(f"{tag}.{name}", "on")), _OPEN_S)

    return tuple((name, GROUND, ohms(name)) for name in (*_POLES, "PE"))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.handle", "head")) > 0.5:
        said = Text("Au tableau de distribution, le départ est sur 1.", "At the distribution board the switch is on 1.")
    else:
        said = Text("Au tableau de distribution, le départ est sur 0.", "At the distribution board the switch is on 0.")
    return (Perception(Sense.LOOK, said),)


COMPONENT = Component(
    family="mains_supply",
    letter="G",
    purpose="G",
    text=Text("arrivée réseau 400 V", "400 V mains supply"),
    sheet=Text(
        "Arrivée triphasée 3 × 400 V + N + PE, 50 Hz, régime TN-S. Ordre des phases direct L1-L2-L3. Courant de "
        "court-circuit présumé en tête d'armoire : 3 kA. Valeurs : note de calcul d'une petite installation. L'amont "
        "du sectionneur reste sous tension tant que le départ du tableau de distribution n'est pas ouvert et "
        "cadenassé.",
        "Three-phase supply 3 × 400 V + N + PE, 50 Hz, TN-S. Phase order L1-L2-L3. Prospective short-circuit current "
        "at the cabinet: 3 kA. Values: design note of a small installation. Upstream of the isolator stays live until "
        "the switch of the distribution board is off and padlocked.",
    ),
    parameters=(
        Parameter("voltage_v", Text("tension composée", "line voltage"), "V", 400.0, 200.0, 480.0),
        Parameter(
            "short_circuit_a", Text("courant de court-circuit", "short-circuit current"), "A", 3000.0, 100.0, 20000.0
        ),
    ),
    ports=tuple(Port(n, Domain.AC, "pe" if n == "PE" else "") for n in ("L1", "L2", "L3", "N", "PE")),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: (
        Channel("position", MemoryRef(f"{tag}.handle", "head"), seen=True, text=Text("position", "position")),
    ),
    senses=_senses,
    controls={"position": "handle.position", "lock": "handle.locked"},
    symbols={
        "main": box(
            20,
            5,
            tuple(Pin(n, 4 * k + 2, 5, "s") for k, n in enumerate(("L1", "L2", "L3", "N", "PE"))),
            (Label(10, 2.6, "3/N/PE ~ 400 V 50 Hz", 1.2),),
        )
    },
)

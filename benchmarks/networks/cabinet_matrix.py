"""Benchmark E as tables of numbers, for the peers that solve its nodal equations without the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from networks import relay_cabinet as cabinet
from numpy.typing import NDArray

from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import CLOSED_OHM
from etabli.physics.network import GROUND

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

SOURCE_A = 480.0
"""Into the internal 50 mΩ: 24 V."""
GMIN_S = 1e-9
BUTTONS, RELAYS = len(cabinet.BUTTONS), len(cabinet.RELAYS)


@dataclass(frozen=True)
class Circuit:
    """Pairs are node numbers of two-terminal parts; the ground is the last number."""

    nodes: int
    """Without the ground."""
    source: int
    fixed: Floats
    """Conductances of the resistors, ground included, S."""
    coils: Places
    ohms: Floats
    henries: Floats
    paths: Places
    """Buttons, then contacts."""
    closed_if: Places
    """Of each path: the bit that moves it (buttons, then relays) and the value of that bit that closes it."""


def stamp(matrix: Floats, pair: Places, conductance: float) -> None:
    """Add a conductance between two nodes."""
    a, b = pair[0], pair[1]
    matrix[a, a] += conductance
    matrix[b, b] += conductance
    matrix[a, b] -= conductance
    matrix[b, a] -= conductance


def conductance_s(closed: bool) -> float:
    """Of a contact or a button."""
    return 1.0 / (CLOSED_OHM if closed else cabinet.OPEN_OHM)


def circuit() -> Circuit:
    """The tables of ``relay_cabinet.py``; the relays are the first coils."""
    network = cabinet.network()
    number = {name: i for i, name in enumerate(network.nodes)} | {GROUND: len(network.nodes)}

    def places(pairs: list[tuple[str, str]]) -> Places:
        return np.array([[number[a], number[b]] for a, b in pairs], np.int64)

    inductive = [d for d in network.devices.values() if d.law is coil and d.name != "feed"]
    ohms, henries = (np.array([d.parameters[i] for d in inductive]) for i in (0, 1))
    fixed = GMIN_S * np.eye(len(number))
    for _, a, b, resistance in cabinet.RESISTORS:
        stamp(fixed, places([(a, b)])[0], 1.0 / resistance)
    moving = [*cabinet.BUTTONS, *cabinet.CONTACTS]
    bit = {b.name: k for k, b in enumerate(cabinet.BUTTONS)}
    bit |= {relay: BUTTONS + k for k, relay in enumerate(cabinet.RELAYS)}
    closed_if = [
        [bit[m.relay if isinstance(m, cabinet.Contact) else m.name], int(not m.normally_closed)] for m in moving
    ]
    return Circuit(
        len(network.nodes),
        number["source"],
        fixed,
        places([(d.nodes[0], d.nodes[1]) for d in inductive]),
        ohms,
        henries,
        places([(m.a, m.b) for m in moving]),
        np.array(closed_if),
    )

"""Benchmark E by the simplest fast method: nodal backward Euler at a fixed step, numba, one inverse kept per topology.

    python benchmarks/nodal_euler.py [--step 1e-3]

The circuit is read from ``networks/relay_cabinet.py``; nothing of the engine computes here. A contact, a button and a
diode are on or off; each combination that occurs has its conductance matrix inverted once. A step in which a relay
answers to its current is done again with its contacts moved: late by less than a step becomes early by less than one,
and a chain of relays does not add delays up. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numba
import numpy as np
from networks import relay_cabinet as cabinet
from numpy.typing import NDArray

from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import CLOSED_OHM
from etabli.physics.network import GROUND

THRESHOLD_V, SLOPE_S, LEAK_S = 0.7, 20.0, 1e-9
SOURCE_A = 480.0
GMIN = 1e-9
MOST_TOPOLOGIES, MOST_TRIES = 4096, 12
BUTTONS, RELAYS = len(cabinet.BUTTONS), len(cabinet.RELAYS)
PULL_IN_A, DROP_OUT_A, OPEN_OHM = cabinet.PULL_IN_A, cabinet.DROP_OUT_A, cabinet.OPEN_OHM

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def places(pairs: list[tuple[str, str]], number: dict[str, int]) -> Places:
    """Node numbers of two-terminal devices; the ground is the last number."""
    return np.array([[number[a], number[b]] for a, b in pairs], np.int64)


@numba.njit  # type: ignore[untyped-decorator]
def stamp(matrix: Floats, pair: Places, conductance: float) -> None:
    """Add a conductance between two nodes."""
    a, b = pair[0], pair[1]
    matrix[a, a] += conductance
    matrix[b, b] += conductance
    matrix[a, b] -= conductance
    matrix[b, a] -= conductance


@numba.njit  # type: ignore[untyped-decorator]
def inverse(fixed: Floats, paths: Places, closed_if: Places, coils: Places, key: int) -> Floats:
    """Inverse for one topology. Bits of ``key``: buttons and relays, then diodes."""
    matrix = fixed.copy()
    for k in range(len(paths)):
        on = (key >> closed_if[k, 0]) & 1
        stamp(matrix, paths[k], 1.0 / CLOSED_OHM if on == closed_if[k, 1] else 1.0 / OPEN_OHM)
    first = BUTTONS + RELAYS
    for k in range(len(coils)):
        stamp(matrix, coils[k], SLOPE_S if (key >> (first + k)) & 1 else LEAK_S)
    n = len(matrix) - 1
    return np.linalg.inv(matrix[:n, :n].copy())


@numba.njit  # type: ignore[untyped-decorator]
def run(
    fixed: Floats,
    paths: Places,
    closed_if: Places,
    coils: Places,
    ohms: Floats,
    lag: Floats,
    source: int,
    pressed: Places,
    currents: Floats,
) -> int:
    """Fill ``currents`` (steps, relays); ``lag`` is L/h of each coil. Returns how many topologies occurred."""
    n = len(fixed) - 1
    known = numba.typed.Dict.empty(numba.int64, numba.int64)
    kept = np.empty((MOST_TOPOLOGIES, n, n))
    current, new = np.zeros(len(coils)), np.zeros(len(coils))
    volts, flow = np.zeros(n + 1), np.zeros(n + 1)
    pulled, conducting = 0, 0
    for step in range(len(pressed)):
        answered = False
        for _ in range(MOST_TRIES):
            key = pressed[step] | (pulled << BUTTONS) | (conducting << (BUTTONS + RELAYS))
            if key not in known:
                index = len(known)
                kept[index] = inverse(fixed, paths, closed_if, coils, key)
                known[key] = index
            flow[:] = 0.0
            flow[source] = SOURCE_A
            for k in range(len(coils)):
                drawn = lag[k] * current[k] / (ohms[k] + lag[k])
                if (conducting >> k) & 1:
                    drawn += SLOPE_S * THRESHOLD_V
                flow[coils[k, 0]] -= drawn
                flow[coils[k, 1]] += drawn
            volts[:n] = kept[known[key]] @ flow[:n]
            on = 0
            for k in range(len(coils)):
                across = volts[coils[k, 0]] - volts[coils[k, 1]]
                new[k] = (lag[k] * current[k] + across) / (ohms[k] + lag[k])
                if -across > THRESHOLD_V:
                    on |= 1 << k
            if on != conducting:
                conducting = on
                continue
            moved = pulled
            for k in range(RELAYS):
                if new[k] > PULL_IN_A:
                    moved |= 1 << k
                elif new[k] < DROP_OUT_A:
                    moved &= ~(1 << k)
            if moved == pulled or answered:
                break
            answered = True
            pulled = moved
        current[:] = new
        currents[step] = current[:RELAYS]
    return len(known)


def pressed_at(seconds: float, step_s: float) -> Places:
    """One number a step: bit k says that button k is pressed."""
    bits = np.zeros(round(seconds / step_s), np.int64)
    for cycle in range(round(seconds / cabinet.CYCLE_S)):
        for k, b in enumerate(cabinet.BUTTONS):
            first, last = (round((cycle * cabinet.CYCLE_S + t) / step_s) for t in (b.pressed_s, b.released_s))
            bits[first:last] |= 1 << k
    return bits


def simulate(seconds: float, step_s: float) -> tuple[Floats, float, int]:
    """Relay currents after each step, CPU seconds (compilation not counted), number of topologies."""
    network = cabinet.network()
    number = {name: i for i, name in enumerate(network.nodes)} | {GROUND: len(network.nodes)}
    inductive = [d for d in network.devices.values() if d.law is coil and d.name != "feed"]
    coils = places([(d.nodes[0], d.nodes[1]) for d in inductive], number)
    ohms, henries = (np.array([d.parameters[i] for d in inductive]) for i in (0, 1))
    lag = henries / step_s
    fixed = GMIN * np.eye(len(number))
    for _, a, b, resistance in cabinet.RESISTORS:
        stamp(fixed, np.array([number[a], number[b]]), 1.0 / resistance)
    for pair, conductance in zip(coils, 1.0 / (ohms + lag), strict=True):
        stamp(fixed, pair, conductance)
    moving = [*cabinet.BUTTONS, *cabinet.CONTACTS]
    bit = {b.name: k for k, b in enumerate(cabinet.BUTTONS)}
    bit |= {relay: BUTTONS + k for k, relay in enumerate(cabinet.RELAYS)}
    closed_if = np.array(
        [[bit[m.relay if isinstance(m, cabinet.Contact) else m.name], int(not m.normally_closed)] for m in moving]
    )
    paths = places([(m.a, m.b) for m in moving], number)
    tables = (fixed, paths, closed_if, coils, ohms, lag, number["source"])
    pressed = pressed_at(seconds, step_s)
    currents = np.empty((len(pressed), RELAYS))
    run(*tables, pressed[:2], currents[:2])
    start = time.process_time()
    topologies = run(*tables, pressed, currents)
    return currents, time.process_time() - start, topologies


def main() -> None:
    """Print one line of JSON: CPU seconds and relay events."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--step", type=float, default=1e-3, help="s")
    asked = parser.parse_args()
    currents, spent, topologies = simulate(60.0, asked.step)
    events = cabinet.relay_events(currents, asked.step)
    print(json.dumps({"sim_s": 60.0, "cpu_s": spent, "topologies": topologies, "events": events}))


if __name__ == "__main__":
    main()

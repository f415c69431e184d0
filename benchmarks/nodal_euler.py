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
from networks.cabinet_matrix import BUTTONS, RELAYS, SOURCE_A, Floats, Places, circuit, conductance_s, stamp

THRESHOLD_V, SLOPE_S, LEAK_S = 0.7, 20.0, 1e-9
MOST_TOPOLOGIES, MOST_TRIES = 4096, 12
PULL_IN_A, DROP_OUT_A = cabinet.PULL_IN_A, cabinet.DROP_OUT_A
CLOSED_S, OPEN_S = conductance_s(True), conductance_s(False)

_stamp = numba.njit(stamp)


@numba.njit  # type: ignore[untyped-decorator]
def inverse(fixed: Floats, paths: Places, closed_if: Places, coils: Places, key: int) -> Floats:
    """Inverse for one topology. Bits of ``key``: buttons and relays, then diodes."""
    matrix = fixed.copy()
    for k in range(len(paths)):
        on = (key >> closed_if[k, 0]) & 1
        _stamp(matrix, paths[k], CLOSED_S if on == closed_if[k, 1] else OPEN_S)
    first = BUTTONS + RELAYS
    for k in range(len(coils)):
        _stamp(matrix, coils[k], SLOPE_S if (key >> (first + k)) & 1 else LEAK_S)
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
    c = circuit()
    lag = c.henries / step_s
    for pair, conductance in zip(c.coils, 1.0 / (c.ohms + lag), strict=True):
        stamp(c.fixed, pair, conductance)
    tables = (c.fixed, c.paths, c.closed_if, c.coils, c.ohms, lag, c.source)
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

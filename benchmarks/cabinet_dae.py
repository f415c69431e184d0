"""Benchmark E as a differential-algebraic system, by the two front ends of SUNDIALS: scikit-sundae IDA, casadi IDAS.

    python benchmarks/cabinet_dae.py {ida|idas} [--tolerance 1e-4]

The circuit is read from ``networks/relay_cabinet.py``; nothing of the engine computes here. Unknowns are the currents
of the coils and the voltages of the nodes, and the diodes are Shockley's, as those of the ngspice netlist. The solver
runs from one event to the next. A relay event is a root of IDA's own root finding; casadi's IDAS has none, so it writes
out a grid, and goes back to the first crossing on it. Residual and Jacobian: numba, or casadi's own. After an event the
voltages jump and SUNDIALS finds no consistent start (IDACalcIC), so both get one from Newton with SPICE's junction
limits. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numba
import numpy as np
from networks import relay_cabinet as cabinet
from networks.cabinet_matrix import BUTTONS, RELAYS, SOURCE_A, Circuit, Floats, Places, circuit, conductance_s, stamp

SECONDS = 60.0
SATURATION_A, EMISSION_V = 7.0e-9, 1.8 * 0.02585
MOST_V = 1.0
"""Above, a diode is a straight line: no overflow while Newton searches."""
TOP = float(np.exp(MOST_V / EMISSION_V))
GRID = np.linspace(0.0, 1.0, 61)[1:] ** 3
"""Where IDAS writes its currents out, as shares of a stretch: close together where they move."""


@numba.njit  # type: ignore[untyped-decorator]
def settled(g: Floats, pairs: Places, currents: Floats, source: int, v: Floats, limit: float) -> Floats:
    """Voltages of the nodes for given currents of the coils, from ``v`` on."""
    n = len(g)
    critical = EMISSION_V * np.log(EMISSION_V / (SATURATION_A * np.sqrt(2.0)))
    full, across = np.append(v, 0.0), np.zeros(len(pairs))
    for k in range(len(pairs)):
        across[k] = min(full[pairs[k, 1]] - full[pairs[k, 0]], critical)
    for _ in range(200):
        matrix, flow = np.zeros((n + 1, n + 1)), np.zeros(n + 1)
        matrix[:n, :n] = g
        flow[source] = SOURCE_A
        for k in range(len(pairs)):
            a, b = pairs[k, 0], pairs[k, 1]
            back = SATURATION_A * np.exp(across[k] / EMISSION_V)
            slope = back / EMISSION_V
            pushed = currents[k] - (back - SATURATION_A) + slope * across[k]
            flow[a] -= pushed
            flow[b] += pushed
            matrix[a, a] += slope
            matrix[b, b] += slope
            matrix[a, b] -= slope
            matrix[b, a] -= slope
        full[:n] = np.linalg.solve(matrix[:n, :n].copy(), flow[:n])
        moved = 0.0
        for k in range(len(pairs)):
            wanted = full[pairs[k, 1]] - full[pairs[k, 0]]
            step = wanted - across[k]
            if wanted > critical and step > 2.0 * EMISSION_V:  # Nagel 1975
                wanted = across[k] + EMISSION_V * np.log(1.0 + step / EMISSION_V) if across[k] > 0.0 else critical
            moved = max(moved, abs(wanted - across[k]) / (1.0 + abs(wanted)))
            across[k] = wanted
        if moved < limit:
            break
    return full[:n]


class Cabinet:
    """Which buttons are pressed and which relays are pulled, and the conductances that follow."""

    def __init__(self) -> None:
        self.circuit: Circuit = circuit()
        self.coils, self.size = len(self.circuit.coils), len(self.circuit.coils) + self.circuit.nodes
        self.pulled, self.pressed = np.zeros(RELAYS, bool), np.zeros(BUTTONS, bool)
        self.events: dict[str, list[float]] = {name: [] for name in cabinet.RELAYS}

    def conductances(self) -> Floats:
        """Of resistors, buttons and contacts, S, without the ground."""
        matrix = self.circuit.fixed.copy()
        for pair, conductance in zip(self.circuit.paths, self.paths(), strict=True):
            stamp(matrix, pair, conductance)
        return matrix[:-1, :-1].copy()

    def paths(self) -> list[float]:
        """Conductance of each button and contact, S."""
        moved = np.concatenate([self.pressed, self.pulled])
        return [conductance_s(bool(moved[bit] == value)) for bit, value in self.circuit.closed_if]

    def start(self, matrix: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Unknowns and rates with the currents of ``y`` kept and the voltages that go with them."""
        c, n = self.circuit, self.coils
        v = settled(matrix, c.coils, y[:n], c.source, y[n:], 1e-10)
        ends = np.append(v, 0.0)[c.coils]
        rates = np.zeros(self.size)
        rates[:n] = (ends[:, 0] - ends[:, 1] - c.ohms * y[:n]) / c.henries
        return np.concatenate([y[:n], v]), rates

    def levels(self) -> Floats:
        """Current at which each relay moves next, A."""
        return np.where(self.pulled, cabinet.DROP_OUT_A, cabinet.PULL_IN_A)

    def answer(self, relay: int, at_s: float) -> None:
        """A relay moves."""
        self.pulled[relay] = not self.pulled[relay]
        self.events[cabinet.RELAYS[relay]].append(at_s)

    def stretches(self) -> Iterator[tuple[float, float]]:
        """From one move of a button to the next; the buttons are as they are in it."""
        moves = []
        for cycle in range(round(SECONDS / cabinet.CYCLE_S)):
            for k, b in enumerate(cabinet.BUTTONS):
                moves += [(cycle * cabinet.CYCLE_S + t, k, on) for t, on in ((b.pressed_s, 1), (b.released_s, 0))]
        before = 0.0
        for at, button, on in sorted(moves):
            yield before, at
            before = at
            self.pressed[button] = bool(on)
        yield before, SECONDS


def by_ida(tolerance: float) -> tuple[dict[str, list[float]], float]:
    """Relay events and CPU seconds of scikit-sundae."""
    from sksundae.ida import IDA

    made = Cabinet()
    c, coils, size = made.circuit, made.coils, made.size
    source, tables = c.source, (c.coils, c.ohms, c.henries)
    matrix, levels = made.conductances(), made.levels()

    @numba.njit  # type: ignore[untyped-decorator]
    def residual(y: Floats, yp: Floats, g: Floats, pairs: Any, ohms: Floats, henries: Floats, out: Floats) -> None:
        n = len(g)
        out[coils:] = g @ y[coils:]
        out[coils + source] -= SOURCE_A
        for k in range(coils):
            a, b = pairs[k, 0], pairs[k, 1]
            va = y[coils + a] if a < n else 0.0
            vb = y[coils + b] if b < n else 0.0
            u = min(vb - va, MOST_V)
            back = SATURATION_A * (np.exp(u / EMISSION_V) - 1.0 + TOP / EMISSION_V * (vb - va - u))
            out[k] = henries[k] * yp[k] + ohms[k] * y[k] - (va - vb)
            if a < n:
                out[coils + a] += y[k] - back
            if b < n:
                out[coils + b] += back - y[k]

    @numba.njit  # type: ignore[untyped-decorator]
    def slopes(y: Floats, cj: float, g: Floats, pairs: Any, ohms: Floats, henries: Floats, out: Floats) -> None:
        n = len(g)
        out[:] = 0.0
        out[coils:, coils:] = g
        for k in range(coils):
            a, b = pairs[k, 0], pairs[k, 1]
            u = (y[coils + b] if b < n else 0.0) - (y[coils + a] if a < n else 0.0)
            slope = SATURATION_A / EMISSION_V * np.exp(min(u, MOST_V) / EMISSION_V)
            out[k, k] = henries[k] * cj + ohms[k]
            for at, sign, other in ((a, 1.0, b), (b, -1.0, a)):
                if at < n:
                    out[k, coils + at] -= sign
                    out[coils + at, k] += sign
                    out[coils + at, coils + at] += slope
                    if other < n:
                        out[coils + at, coils + other] -= slope

    def crossings(t: float, y: Floats, yp: Floats, out: Floats) -> None:
        out[:] = y[:RELAYS] - levels

    solver = IDA(
        lambda t, y, yp, out: residual(y, yp, matrix, *tables, out), rtol=tolerance, atol=1e-2 * tolerance,
        jacfn=lambda t, y, yp, res, cj, out: slopes(y, cj, matrix, *tables, out), eventsfn=crossings,
        num_events=RELAYS, algebraic_idx=list(range(coils, size)), max_num_steps=100000,
    )  # fmt: skip
    y, yp = np.zeros(size), np.zeros(size)
    made.start(matrix, y)  # numba compiles
    residual(y, yp, matrix, *tables, np.zeros(size))
    slopes(y, 1.0, matrix, *tables, np.zeros((size, size)))
    start = time.process_time()
    for now, end in made.stretches():
        while now < end - 1e-9:
            matrix, levels = made.conductances(), made.levels()
            y, yp = made.start(matrix, y)
            found = solver.solve(np.array([now, end]), y, yp)
            if not found.success:
                raise RuntimeError(f"{now:.6f} s: {found.message}")
            now, y = float(found.t[-1]), found.y[-1].copy()
            if found.i_events is not None and now < end:  # at the end it still holds an older event
                for relay in np.flatnonzero(found.i_events[-1]):
                    made.answer(int(relay), now)
    return made.events, time.process_time() - start


def first_crossing(currents: Floats, made: Cabinet) -> tuple[int, float] | None:
    """The relay that moves first, and at which share of the stretch; ``currents`` at its start and on the grid."""
    above = (currents - made.levels()[:, None]) * np.where(made.pulled, -1.0, 1.0)[:, None]
    relays, places = np.nonzero((above[:, :-1] <= 0.0) & (above[:, 1:] > 0.0))
    if not len(relays):
        return None
    before, after = above[relays, places], above[relays, places + 1]
    grid = np.concatenate([[0.0], GRID])
    shares = grid[places] + before / (before - after) * (grid[places + 1] - grid[places])
    k = int(shares.argmin())
    return int(relays[k]), float(shares[k])


def by_idas(tolerance: float) -> tuple[dict[str, list[float]], float]:
    """Relay events and CPU seconds of casadi; time is scaled by a parameter, so that one integrator serves all."""
    import casadi as ca

    made = Cabinet()
    c, coils, n = made.circuit, made.coils, made.circuit.nodes
    x, z = ca.SX.sym("x", coils), ca.SX.sym("z", n)
    closed, span = ca.SX.sym("closed", len(c.paths)), ca.SX.sym("span")
    v, balance = ca.vertcat(z, 0.0), ca.SX.zeros(n + 1)
    balance[:] = ca.mtimes(ca.sparsify(ca.SX(c.fixed)), v)
    balance[c.source] -= SOURCE_A
    for k, (a, b) in enumerate(c.paths):
        through = closed[k] * (v[int(a)] - v[int(b)])
        balance[int(a)] += through
        balance[int(b)] -= through
    rates = []
    for k, (a, b) in enumerate(c.coils):
        u = v[int(b)] - v[int(a)]
        inside = ca.fmin(u, MOST_V)
        back = SATURATION_A * (ca.exp(inside / EMISSION_V) - 1.0 + TOP / EMISSION_V * (u - inside))
        rates.append(span * (-u - c.ohms[k] * x[k]) / c.henries[k])
        balance[int(a)] += x[k] - back
        balance[int(b)] += back - x[k]
    dae = {"x": x, "z": z, "p": ca.vertcat(span, closed), "ode": ca.vertcat(*rates), "alg": balance[:n]}
    options = {
        "reltol": tolerance, "abstol": 1e-2 * tolerance, "max_num_steps": 100000, "show_eval_warnings": False,
    }  # fmt: skip
    solver = ca.integrator("cabinet", "idas", dae, 0.0, list(GRID), options)
    y = made.start(made.conductances(), np.zeros(made.size))[0]  # numba compiles
    y[:] = 0.0

    def run(seconds: float) -> tuple[Floats, Floats]:
        parameters = np.concatenate([[seconds], made.paths()])
        found = solver(x0=y[:coils], z0=y[coils:], p=parameters)
        return np.array(found["xf"]), np.array(found["zf"])

    start = time.process_time()
    for now, end in made.stretches():
        while now < end - 1e-9:
            y, _ = made.start(made.conductances(), y)
            currents, volts = run(end - now)
            first = first_crossing(np.column_stack([y[:coils], currents])[:RELAYS], made)
            if first is None:
                now, y = end, np.concatenate([currents[:, -1], volts[:, -1]])
                continue
            relay, share = first
            currents, volts = run(share * (end - now))
            now, y = now + share * (end - now), np.concatenate([currents[:, -1], volts[:, -1]])
            made.answer(relay, now)
    return made.events, time.process_time() - start


def main() -> None:
    """Print one line of JSON: CPU seconds and relay events."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tool", choices=("ida", "idas"))
    parser.add_argument("--tolerance", type=float, default=1e-4)
    asked = parser.parse_args()
    events, spent = (by_ida if asked.tool == "ida" else by_idas)(asked.tolerance)
    print(json.dumps({"sim_s": SECONDS, "cpu_s": spent, "events": events}))


if __name__ == "__main__":
    main()

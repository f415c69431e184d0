"""An independent integration of a network: scipy's Radau on the equations, sampled laws run in Python between steps."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.integrate import Radau
from scipy.linalg.lapack import dgetrf, dgetrs

from etabli.physics.equations import Floats, independent_parts
from etabli.physics.law import Fields
from etabli.physics.simulator import Simulator
from reference.compiled import CompiledEquations

_LIMIT = 50.0
_TOLERANCE = 1e-10
_ROUNDING = 1e-6
_DRIFT = 1e-2
_PATIENCE = 12
_NEAR = 1e-4
_CONTRACTION = 0.3


def _size(change: Floats, u: Floats) -> float:
    return float(np.max(np.abs(change) / (1.0 + np.abs(u)), initial=0.0))


class Part:
    """One connected part of the network, integrated on its own (parts meet at the sampled instants only)."""

    def __init__(self, simulator: Simulator, devices: list[str], tolerance: float) -> None:
        self.equations = CompiledEquations(simulator, devices)
        self.tolerance = tolerance
        self.u, self.s = self.equations.start()
        self._stages: dict[float, Floats] = {}
        self._factors: tuple[Floats, Floats] | None = None
        self.evaluations = 0
        self.time_s = 0.0
        self._solver: Radau | None = None

    def _refresh(self, u: Floats, s: Floats) -> Floats:
        self.evaluations += 1
        residual, by_u, self._by_s = self.equations.evaluate(u, s)
        self._factors = dgetrf(by_u.T, overwrite_a=True)[:2]  # of the transpose: as LAPACK has it in memory
        return residual

    def solve(self, s: Floats) -> Floats:
        """Unknowns and rates for the states ``s``. Newton: the last Jacobian while it contracts, else a fresh one; an
        unknown that turns back goes half as far next time, one that keeps its direction farther again."""
        u, n = self.u.copy(), self.equations.unknowns
        reach, before = np.full(n, _LIMIT), np.zeros(len(u))
        last, fresh = 1.0, self._factors is None
        for iteration in range(100):
            residual = self._refresh(u, s) if fresh else self._residual(u, s)
            change = self._back(residual)
            size = _size(change, u)
            if iteration > _PATIENCE and (iteration > 3 * _PATIENCE or (size < _NEAR and change @ before < 0.0)):
                change *= 0.5  # to and fro over a corner of a law
            step = change.copy()
            if iteration > 3:
                # Far away in the end: a trial current that has no path but 1 nS needs kilovolts.
                cap = _LIMIT if iteration < 20 else 1e6
                reach = np.minimum(cap, reach * np.where((step * before)[:n] < 0.0, 0.5, 1.5))
            before = step
            change[:n] = np.clip(step[:n], -reach, reach)
            u -= change
            # A floating wire (1 nS to everything, 100 S between its ends) is known to a millivolt at best: rounding.
            known = size < _ROUNDING or float(np.abs(residual).max(initial=0.0)) < _ROUNDING
            stuck = iteration > 2 * _PATIENCE and size < _ROUNDING
            if size < _TOLERANCE or stuck or (fresh and known and size > _CONTRACTION * last):
                self.u = u
                return u
            fresh = size > _CONTRACTION * last
            last = size
        worst = self.equations.name_of(int(np.argmax(np.abs(change) / (1.0 + np.abs(u)))))
        left = float(np.abs(residual).max())
        raise ArithmeticError(f"no solution: last change {size:.1e} at {worst}, largest residual {left:.1e}")

    def _residual(self, u: Floats, s: Floats) -> Floats:
        self.evaluations += 1
        return self.equations.residual(u, s)

    def _back(self, residual: Floats) -> Floats:
        assert self._factors is not None
        change: Floats = dgetrs(*self._factors, residual, trans=1)[0]
        return change

    def _rates(self, time_s: float, s: Floats) -> Floats:
        self.u = self._stages.get(time_s, self.u)  # the integrator's own Newton comes back to the same three instants
        try:
            rates = self.solve(s)[self.equations.unknowns :]
            self._remember(time_s)
            # At rest only rounding is left, and scipy's Newton takes its to and fro for divergence.
            return np.where(np.abs(rates) < 1e-3 * self.tolerance * (1e-2 + np.abs(s)), 0.0, rates)
        except ArithmeticError:  # a trial state beyond reason (a cut coil with its current reversed): a shorter step
            return np.full(len(s), np.nan)

    def _remember(self, time_s: float) -> None:
        if len(self._stages) > 3:
            self._stages.pop(next(iter(self._stages)))
        self._stages[time_s] = self.u

    def _jacobian(self, time_s: float, s: Floats) -> Floats:
        try:
            u = self.solve(s)
        except ArithmeticError:  # as in _rates; a Jacobian from nearby only makes the integrator slower
            u = self.u
        self._refresh(u, s)
        solved: Floats = -self._back(self._by_s)[self.equations.unknowns :]
        return solved

    def advance(self, duration_s: float) -> None:
        """Integrate over one sampled interval, parameters as they are now. As long as none of them changes, the
        integrator goes on with steps of its own length and is read between them."""
        self.time_s += duration_s
        change = self.equations.change() if self._solver is not None else math.inf
        if change > 0.0:
            self.equations.take_parameters()
            self._factors = None
            self._stages.clear()
            # After a jump short steps come first; a drift (oil that warms) takes the interval in one if it can.
            first = duration_s if change < _DRIFT else 0.05 * duration_s
            self._solver = self._restarted(self.time_s - duration_s, first)
        if self._solver is not None:
            self.s = self._at(self._solver, self.time_s)
        self.solve(self.s)

    def _restarted(self, time_s: float, first_step_s: float) -> Radau | None:
        if not self.equations.states:
            return None
        return Radau(
            self._rates, time_s, self.s, np.inf, jac=self._jacobian,
            rtol=self.tolerance, atol=self.tolerance * 1e-2, first_step=first_step_s,
        )  # fmt: skip

    def _at(self, solver: Radau, time_s: float) -> Floats:
        while solver.t < time_s:
            message = solver.step()
            assert solver.status == "running", message
        found: Floats = solver.dense_output()(time_s)
        return found

    def publish(self, values: Floats) -> None:
        """Write what was found into the value array that the sampled laws read."""
        values[self.equations.node_places] = self.u[: self.equations.unknowns]
        values[self.equations.single_places] = self.s[self.equations.single_states]
        for place, value in self.equations.shown(self.u, self.s).items():
            values[place] = value


class Reference:
    """Runs the network of ``simulator`` without the engine: only names, parameters and initial values come from it.

    The sampled laws run every ``step_s`` seconds, as they do in the engine; between two of these instants the
    continuous equations are integrated to ``tolerance`` by Radau IIA (implicit, order 5) with exact Jacobians.
    """

    def __init__(self, simulator: Simulator, step_s: float, tolerance: float = 1e-8) -> None:
        self.simulator = simulator
        self.step_s = step_s
        self.parts = [self._part(devices, tolerance) for devices in independent_parts(simulator.network)]

    def _part(self, devices: list[str], tolerance: float) -> Part:
        return Part(self.simulator, devices, tolerance)

    def advance(self, steps: int, before: Callable[[int], None] | None = None) -> None:
        """Run ``steps`` sampled steps; ``before(step)`` may write parameters of the simulator (schedules, PLC)."""
        for step in range(steps):
            if before is not None:
                before(step)
            for part in self.parts:
                part.advance(self.step_s)
            for part in self.parts:
                part.publish(self.simulator.values)
            self._run_sampled_laws()

    def _run_sampled_laws(self) -> None:
        values, index = self.simulator.values, self.simulator.index
        for device in self.simulator.sampled_order:
            law = device.law
            first = self.simulator.parameter_place(device.name)
            parameters = {n: float(values[first + i]) for i, n in enumerate(law.parameters)}
            reads = {n: float(values[index(r)]) for n, r in zip(law.reads, device.reads, strict=True)}
            place = self.simulator.memory_place(device.name)
            memory = {n: float(values[place + i]) for i, n in enumerate(law.memory)}
            result = law.function(Fields(reads), Fields(parameters), Fields(memory), self.step_s)
            for i, n in enumerate(law.memory):
                values[place + i] = result[n]
            for name, targets in zip(law.writes, device.writes, strict=True):
                for target in targets:
                    values[index(target)] = result[name]

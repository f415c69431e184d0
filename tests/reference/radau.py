"""An independent integration of a network: scipy's Radau on the equations, sampled laws run in Python between steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sparse
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import splu

from etabli.physics.equations import Equations, Floats
from etabli.physics.law import Fields
from etabli.physics.simulator import Simulator


class Reference:
    """Runs the network of ``simulator`` without the engine: only names, parameters and initial values come from it.

    The sampled laws run every ``step_s`` seconds, as they do in the engine; between two of these instants the
    continuous equations are integrated to ``tolerance`` by Radau IIA (implicit, order 5) with exact Jacobians.
    """

    def __init__(self, simulator: Simulator, step_s: float, tolerance: float = 1e-8) -> None:
        self.simulator = simulator
        self.equations = Equations(simulator)
        self.step_s = step_s
        self.tolerance = tolerance
        self.u, self.s = self.equations.start()
        self.evaluations = 0

    def _solve(self, s: Floats) -> Floats:
        """Unknowns and rates for the states ``s``: Newton with exact sparse Jacobian."""
        u = self.u.copy()
        for _ in range(60):
            residual, du, _ = self.equations.evaluate(u, s)
            self.evaluations += 1
            change = splu(sparse.csc_matrix((du[2], (du[0], du[1])))).solve(residual)
            u -= np.clip(change, -50.0, 50.0) if np.abs(change[: self.equations.unknowns]).max() > 50.0 else change
            if np.abs(change).max() < 1e-9 * (1.0 + np.abs(u).max()):
                break
        self.u = u
        return u

    def _rates(self, time_s: float, s: Floats) -> Floats:
        return self._solve(s)[self.equations.unknowns :]

    def _jacobian(self, time_s: float, s: Floats) -> Floats:
        u = self._solve(s)
        _, du, ds = self.equations.evaluate(u, s)
        matrix = sparse.csc_matrix((du[2], (du[0], du[1])))
        right = sparse.csc_matrix((ds[2], (ds[0], ds[1])), shape=(len(u), len(s))).toarray()
        solved: Floats = -splu(matrix).solve(right)[self.equations.unknowns :]
        return solved

    def advance(self, steps: int, before: Callable[[int], None] | None = None) -> None:
        """Run ``steps`` sampled steps; ``before(step)`` may write parameters of the simulator (schedules, PLC)."""
        for step in range(steps):
            if before is not None:
                before(step)
            solved = solve_ivp(
                self._rates, (0.0, self.step_s), self.s, method="Radau", jac=self._jacobian,
                rtol=self.tolerance, atol=self.tolerance * 1e-2,
            )  # fmt: skip
            assert solved.status == 0, solved.message
            self.s = solved.y[:, -1]
            self._solve(self.s)
            self._publish()
            self._run_sampled_laws()

    def _publish(self) -> None:
        n = self.equations.unknowns
        self.simulator.values[:n] = self.u[:n]
        self.simulator.values[n + 1 : n + 1 + len(self.s)] = self.s

    def _run_sampled_laws(self) -> None:
        network = self.simulator.network
        order = sorted(
            enumerate(network.sampled.values()), key=lambda pair: (pair[1].law.stage, pair[1].law.name, pair[0])
        )
        values, index = self.simulator.values, self.simulator.index
        for _, device in order:
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

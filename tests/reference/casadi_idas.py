"""The equations of a network solved by casadi's IDAS (SUNDIALS), restarted at each sampled step as the engine is."""

from __future__ import annotations

from collections.abc import Callable

import casadi as ca
import numpy as np

from etabli.physics.equations import GMIN, WEIGHT_S, python_function
from etabli.physics.simulator import Simulator
from reference.radau import Reference

CASADI_OPERATIONS = {
    "sqrt": ca.sqrt,
    "abs": ca.fabs,
    "min": ca.fmin,
    "max": ca.fmax,
    "less": lambda a, b: a < b,
    "select": ca.if_else,
}


class CasadiReference(Reference):
    """As :class:`Reference`, with casadi's expressions, its exact Jacobian and IDAS."""

    def __init__(self, simulator: Simulator, step_s: float, tolerance: float) -> None:
        super().__init__(simulator, step_s, tolerance)
        n, states = self.equations.unknowns, self.equations.states
        x, z, s = ca.SX.sym("x", n), ca.SX.sym("z", states), ca.SX.sym("s", states)
        self._first = n + 1 + states
        parameters = ca.SX.sym("p", len(simulator.values) - self._first)
        residual = self._residual(x, z, s, parameters)
        dae = {"x": s, "z": ca.vertcat(x, z), "p": parameters, "ode": z, "alg": residual}
        options = {"reltol": tolerance, "abstol": tolerance * 1e-2, "max_num_steps": 20000}
        self._integrate = ca.integrator("machine", "idas", dae, 0.0, step_s, options)
        self._find = ca.rootfinder("start", "newton", {"x": dae["z"], "p": ca.vertcat(s, parameters), "g": residual})

    def _residual(self, x: ca.SX, z: ca.SX, s: ca.SX, parameters: ca.SX) -> ca.SX:
        n = self.equations.unknowns
        padded = ca.vertcat(x, 0.0)
        predicted = s - WEIGHT_S * z
        balance = [GMIN * x[i] for i in range(n)] + [ca.SX(0)]
        new = [ca.SX(0)] * s.numel()
        for group in self.equations.groups:
            function = python_function(group.outputs, CASADI_OPERATIONS)
            width = group.nodes.shape[1]
            for nodes, states, first in zip(group.nodes, group.states, group.first_parameter, strict=True):
                inputs = {"ah": WEIGHT_S}
                inputs |= {f"v{i}": padded[int(k)] for i, k in enumerate(nodes)}
                inputs |= {f"s{i}": predicted[int(k)] for i, k in enumerate(states)}
                count = len(group.traced.law.parameters)
                inputs |= {f"p{i}": parameters[first - self._first + i] for i in range(count)}
                results = function(inputs)
                for k, value in zip(nodes, results[:width], strict=True):
                    balance[int(k)] = balance[int(k)] + value
                for k, value in zip(states, results[width:], strict=True):
                    new[int(k)] = value
        return ca.vertcat(*balance[:n], ca.vertcat(*new) - s)

    def advance(self, steps: int, before: Callable[[int], None] | None = None) -> None:
        """Run ``steps`` sampled steps."""
        for step in range(steps):
            if before is not None:
                before(step)
            parameters = self.simulator.values[self._first :].copy()
            start = self._find(x0=self.u, p=np.concatenate([self.s, parameters]))["x"]
            solved = self._integrate(x0=self.s, z0=start, p=parameters)
            self.s = np.array(solved["xf"]).ravel()
            self.u = np.array(solved["zf"]).ravel()
            self._publish()
            self._run_sampled_laws()

"""The equations of a network solved by casadi's IDAS (SUNDIALS), restarted at each sampled step as the engine is."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np

from etabli.physics.equations import GMIN, python_function
from etabli.physics.simulator import Simulator
from reference.radau import Part, Reference

CASADI_OPERATIONS = {
    "sqrt": ca.sqrt,
    "abs": ca.fabs,
    "min": ca.fmin,
    "max": ca.fmax,
    "less": lambda a, b: a < b,
    "select": ca.if_else,
}


class CasadiPart(Part):
    """As :class:`Part`, integrated by IDAS on casadi's expressions: a semi-explicit DAE, exact sparse Jacobian."""

    def __init__(self, simulator: Simulator, devices: list[str], tolerance: float, step_s: float) -> None:
        super().__init__(simulator, devices, tolerance)
        self._simulator = simulator
        self._places = np.unique(np.concatenate([at for g in self.equations.groups for at in g.parameter_places]))
        if not self.equations.states:
            return
        u, s = ca.SX.sym("u", self.equations.size), ca.SX.sym("s", self.equations.states)
        parameters = ca.SX.sym("p", len(self._places))
        dae = {
            "x": s, "z": u, "p": parameters, "ode": u[self.equations.unknowns :],
            "alg": self._expressions(u, s, parameters),
        }  # fmt: skip
        options = {
            "reltol": tolerance, "abstol": tolerance * 1e-2, "max_num_steps": 50000, "print_stats": False,
            "show_eval_warnings": False,
        }  # fmt: skip
        self._integrate = ca.integrator("machine", "idas", dae, 0.0, step_s, options)

    def _expressions(self, u: Any, s: Any, parameters: Any) -> Any:
        n, size = self.equations.unknowns, self.equations.size
        across = ca.vertcat(u, 0.0)
        predicted = ca.vertcat(s - self.equations.weights * u[n:], 0.0)
        total = (
            [GMIN * u[i] for i in range(n)]
            + [-s[i] - late * u[n + i] for i, late in enumerate(self.equations.relaxations)]
            + [ca.SX(0)]
        )
        for group in self.equations.groups:
            function = python_function(group.laws.outputs, group.laws.names, CASADI_OPERATIONS)
            for row in range(len(group.rows)):
                v = [across[int(k)] for k in group.rows[row, : group.width]]
                p = [parameters[int(np.searchsorted(self._places, at[row]))] for at in group.parameter_places]
                results = function(group.laws.weight_s, *v, *p, *[predicted[int(k)] for k in group.states[row]])
                for k, value in zip(group.rows[row], results, strict=True):
                    total[int(k)] = total[int(k)] + value
        return ca.vertcat(*total[:size])

    def advance(self, duration_s: float) -> None:
        """Integrate over one sampled interval, parameters as they are now."""
        self.equations.take_parameters()
        self._factors = None
        start = self.solve(self.s)
        if not self.equations.states:
            return
        solved = self._integrate(x0=self.s, z0=start, p=self._simulator.values[self._places])
        self.s = np.array(solved["xf"]).ravel()
        self.u = np.array(solved["zf"]).ravel()


class CasadiReference(Reference):
    """As :class:`Reference`, by IDAS."""

    def _part(self, devices: list[str], tolerance: float) -> Part:
        return CasadiPart(self.simulator, devices, tolerance, self.step_s)

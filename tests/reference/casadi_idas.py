"""The equations of a network solved by casadi's IDAS (SUNDIALS), restarted at each sampled step as the engine is.

IDAS does not pass a corner where an unknown jumps: the instant at which the current of a cut coil has died away, and
its free-wheel diode lets the voltage go. Its Newton, with a Jacobian from before the corner, then fails however short
the step. There the interval is halved until IDAS passes all of it but one short piece, which scipy's Radau takes.
"""

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

_PIECES = 64


class CasadiPart(Part):
    """As :class:`Part`, integrated by IDAS on casadi's expressions: a semi-explicit DAE, exact sparse Jacobian."""

    def __init__(self, simulator: Simulator, devices: list[str], tolerance: float, step_s: float) -> None:
        super().__init__(simulator, devices, tolerance)
        self.pieces = 0
        """Pieces of ``1/_PIECES`` of an interval that Radau took in the place of IDAS."""
        self._simulator = simulator
        self._places = np.unique(np.concatenate([at for g in self.equations.groups for at in g.parameter_places]))
        if not self.equations.states:
            return
        u, s = ca.SX.sym("u", self.equations.size), ca.SX.sym("s", self.equations.states)
        parameters = ca.SX.sym("p", len(self._places))
        self._dae = {
            "x": s, "z": u, "p": parameters, "ode": u[self.equations.unknowns :],
            "alg": self._expressions(u, s, parameters),
        }  # fmt: skip
        # Voltages and rates follow from the states: only these need the tolerance (IDASetSuppressAlg).
        self._options = {
            "reltol": tolerance, "abstol": tolerance * 1e-2, "max_num_steps": 50000, "print_stats": False,
            "show_eval_warnings": False, "suppress_algebraic": True, "disable_internal_warnings": True,
        }  # fmt: skip
        self._integrators: dict[float, Any] = {}
        self._shortest_s = step_s / _PIECES
        self._integrator(step_s)  # its making is no part of the integration

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
        if not self.equations.states:
            self.solve(self.s)
            return
        self._cross(duration_s)

    def _integrator(self, duration_s: float) -> Any:
        if duration_s not in self._integrators:
            made = ca.integrator("machine", "idas", self._dae, 0.0, duration_s, self._options)
            self._integrators[duration_s] = made
        return self._integrators[duration_s]

    def _cross(self, duration_s: float) -> None:
        """Go on by ``duration_s``: by IDAS, or in halves where it gives up."""
        start, values = self.solve(self.s), self._simulator.values[self._places]
        try:
            solved = self._integrator(duration_s)(x0=self.s, z0=start, p=values)
        except RuntimeError:
            self._cross_in_pieces(duration_s)
            return
        self.s = np.array(solved["xf"]).ravel()
        self.u = np.array(solved["zf"]).ravel()

    def _cross_in_pieces(self, duration_s: float) -> None:
        if duration_s > self._shortest_s:
            self._cross(0.5 * duration_s)
            self._cross(0.5 * duration_s)
            return
        self.pieces += 1
        solver = self._restarted(0.0, 0.05 * duration_s)
        assert solver is not None
        self.s = self._at(solver, duration_s)


class CasadiReference(Reference):
    """As :class:`Reference`, by IDAS."""

    @property
    def pieces(self) -> int:
        """Short pieces that Radau took where IDAS gave up."""
        return sum(part.pieces for part in self.parts if isinstance(part, CasadiPart))

    def _part(self, devices: list[str], tolerance: float) -> Part:
        return CasadiPart(self.simulator, devices, tolerance, self.step_s)

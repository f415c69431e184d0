"""The DC part of a machine as an ngspice netlist: another solver, the curves of the devices written out here again.

Wires, contacts, coils and capacitors are ngspice's own R, L and C; diodes, transistors and the supply are behavioural
sources after their data sheets: threshold and slope, current limit, corners rounded over the stated band.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from etabli.physics.equations import independent_parts
from etabli.physics.network import GROUND, Device, NodeRef, ParameterRef
from etabli.physics.simulator import Simulator

Floats = NDArray[np.float64]
Jump = tuple[float, float]
"""Time in s and value from then on."""

# max(x, 0) with its corner rounded over ±w, and what each non-linear device draws at the voltage u across it.
_ROUNDED = "(({x}) > {w} ? ({x}) : (({x}) < -{w} ? 0 : (({x}) + {w}) * (({x}) + {w}) / (4 * {w})))"


def _rounded(x: str, width: float) -> str:
    return _ROUNDED.format(x=x, w=width)


def _limited(x: str, limit: str, width: float) -> str:
    """``x`` held under ``limit``."""
    return f"({x} - {_rounded(f'{x} - {limit}', width)})"


def _diode(u: str, p: Mapping[str, str]) -> str:
    above = _rounded(f"{u} - {p['threshold']}", 0.05)
    return f"{p['conductance']} * {above} + {p['leak']} * {u}"


def _pnp_output(u: str, p: Mapping[str, str]) -> str:
    above = _rounded(f"{u} - {p['drop']}", 0.1)
    wanted = f"({p['conductance']} * {above})"
    return f"{_limited(wanted, p['limit'], 0.02)} + {p['leak']} * {u}"


def _high_side_output(u: str, p: Mapping[str, str]) -> str:
    """Channel with current limit; avalanche clamp at 47 V; body diode the other way."""
    channel = _limited(f"({p['conductance']} * {u})", p["limit"], 0.03)
    clamp = f"0.5 * {_rounded(f'{u} - 47', 0.5)}"
    body = f"2 * {_rounded(f'-({u}) - 0.7', 0.05)}"
    return f"{channel} + {clamp} - {body} + {p['leak']} * {u}"


def _supply(u: str, p: Mapping[str, str]) -> str:
    """Constant voltage behind a slope, then constant current, never backwards; the current leaves at plus."""
    wanted = f"({p['conductance']} * ({p['voltage']} - {u}))"
    return f"-({_rounded(_limited(wanted, p['limit'], 0.05), 0.05)})"


CURVES: Mapping[str, Callable[[str, Mapping[str, str]], str]] = {
    "diode": _diode,
    "output_transistor": _pnp_output,
    "high_side_switch": _high_side_output,
    "limited_source": _supply,
}


class ControlCircuit:
    """The connected DC part around ``node``, with the parameters of ``simulator`` as they are now."""

    def __init__(self, simulator: Simulator, node: str) -> None:
        self.simulator = simulator
        network = simulator.network
        parts = independent_parts(network)
        names = next(part for part in parts if any(node in network.devices[d].nodes for d in part))
        self.devices = [network.devices[d] for d in names]
        self.nodes = list(dict.fromkeys(n for d in self.devices for n in d.nodes if n != GROUND))
        self._number = {GROUND: "0"} | {n: f"n{i}" for i, n in enumerate(self.nodes)}
        self._coils = [d.name for d in self.devices if d.law.name == "coil"]

    def netlist(self, jumps: Mapping[ParameterRef, Jump] | None = None) -> list[str]:
        """Element lines. A parameter of a transistor may jump once."""
        # 1 nS from every node to earth, as in the engine.
        lines = [f"Rmin{i} n{i} 0 1e9" for i in range(len(self.nodes))]
        # A starting point for Newton on flat curves, not an answer: ngspice iterates from there to its own tolerance.
        lines += [f".nodeset v(n{i})={self.simulator.read(NodeRef(n))!r}" for i, n in enumerate(self.nodes)]
        for i, device in enumerate(self.devices):
            lines += self._lines(i, device, jumps or {})
        return lines

    def _parameters(self, device: Device, jumps: Mapping[ParameterRef, Jump]) -> dict[str, str]:
        found = {}
        for name in device.law.parameters:
            ref = ParameterRef(device.name, name)
            found[name] = repr(self.simulator.read(ref))
            if ref in jumps:
                at, value = jumps[ref]
                found[name] = f"(time < {at!r} ? {found[name]} : {value!r})"
        return found

    def _lines(self, i: int, device: Device, jumps: Mapping[ParameterRef, Jump]) -> list[str]:
        a, b = (self._number[n] for n in device.nodes)
        p = self._parameters(device, jumps)
        law = device.law.name
        if law in {"resistor", "dc_pole"}:
            return [f"R{i} {a} {b} {p['resistance']}"]
        if law == "dc_conductor":
            copper = sum(float(p[name]) for name in ("resistance", "end_a", "end_b"))
            leak = 2.0 / float(p["leak"])
            return [f"R{i} {a} {b} {copper!r}", f"Ra{i} {a} 0 {leak!r}", f"Rb{i} {b} 0 {leak!r}"]
        if law == "coil":
            k = self._coils.index(device.name)
            return [f"Lcoil{k} {a} m{i} {p['inductance']}", f"R{i} m{i} {b} {p['resistance']}"]
        lines = [f"B{i} {a} {b} I = {CURVES[law](f'V({a},{b})', p)}"]
        if law == "limited_source":
            lines.append(f"C{i} {a} {b} {p['capacitance']}")
        return lines

    def steady(self, folder: Path) -> dict[str, float]:
        """Node voltages of the operating point."""
        _, values = run(self.netlist(), "op", folder)
        return {n: float(values[f"v({self._number[n]})"][0]) for n in self.nodes}

    def transient(
        self, folder: Path, seconds: float, jumps: Mapping[ParameterRef, Jump]
    ) -> tuple[Floats, dict[str, Floats], dict[str, Floats]]:
        """Times, node voltages and coil currents, from the operating point on."""
        times, values = run(self.netlist(jumps), f"tran 20u {seconds!r} 0 20u", folder)
        volts = {n: values[f"v({self._number[n]})"] for n in self.nodes}
        return times, volts, {c: values[f"i(lcoil{k})"] for k, c in enumerate(self._coils)}


def require_ngspice() -> str:
    """The program; without it the test is skipped, or fails where ``ETABLI_REQUIRE_NGSPICE`` is 1."""
    found = shutil.which("ngspice")
    if found is None and os.environ.get("ETABLI_REQUIRE_NGSPICE") == "1":
        pytest.fail("ngspice is not installed, and ETABLI_REQUIRE_NGSPICE=1: install the package ngspice")
    if found is None:
        pytest.skip("ngspice is not installed: the control circuit is not checked against it")
    return str(found)


def run(lines: list[str], analysis: str, folder: Path) -> tuple[Floats, dict[str, Floats]]:
    """Run one analysis; the first variable (time in a transient), and all of them by name."""
    program = require_ngspice()
    circuit, output = folder / "circuit.cir", folder / "result.raw"
    text = [
        "control circuit", *lines,
        ".options reltol=1e-6 abstol=1e-12 vntol=1e-9 gmin=1e-15 itl1=1000",
        ".control", "set filetype=ascii", analysis, f"write {output}", "quit", ".endc", ".end",
    ]  # fmt: skip
    circuit.write_text("\n".join(text) + "\n", encoding="ascii")
    done = subprocess.run(
        [program, "-b", str(circuit)], capture_output=True, text=True, check=False, cwd=folder, timeout=60
    )
    if not output.exists():
        raise AssertionError(f"ngspice gave no result:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return parse_raw(output.read_text(encoding="ascii"))


def parse_raw(text: str) -> tuple[Floats, dict[str, Floats]]:
    """An ASCII raw file of real values."""
    head, _, body = text.partition("Values:")
    fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line and not line.startswith("\t"))
    variables, points = int(fields["No. Variables"]), int(fields["No. Points"])
    names = [line.split()[1] for line in head.partition("Variables:\n")[2].splitlines() if line.strip()][:variables]
    numbers = np.array(body.split(), float).reshape(points, variables + 1)[:, 1:]
    return numbers[:, 0], {name: numbers[:, i] for i, name in enumerate(names)}

"""The electrical parts of a machine as ngspice netlists: another solver, the curves written out here again.

Wires, contacts, coils and capacitors are ngspice's own R, L and C; diodes, transistors and the supply are behavioural
sources after their data sheets: threshold and slope, current limit, corners rounded over the stated band.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from etabli.physics.equations import independent_parts
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Device, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

Floats = NDArray[np.float64]
Jump = tuple[float, float] | str
"""Time in s and value from then on; or an expression of ``time``."""

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


def _sensor_output(u: str, p: Mapping[str, str]) -> str:
    above = _rounded(f"{u} - {p['drop']}", 0.02)
    wanted = f"({p['conductance']} * {above})"
    return f"{_limited(wanted, p['limit'], 0.02)} + {p['leak']} * {u}"


def _high_side_output(u: str, p: Mapping[str, str]) -> str:
    """Channel with current limit; avalanche clamp at 47 V; body diode the other way."""
    channel = _limited(f"({p['conductance']} * {u})", p["limit"], 0.03)
    clamp = f"0.5 * {_rounded(f'{u} - 47', 0.5)}"
    body = f"2 * {_rounded(f'-({u}) - 0.7', 0.05)}"
    return f"{channel} + {clamp} - {body} + {p['leak']} * {u}"


def _loop_sink(u: str, p: Mapping[str, str]) -> str:
    """Two-wire transmitter: its current once it is awake."""
    foot = f"({u} / ({p['wake']} + 0.05 * max({u}, 0)))"
    return f"{p['current']} * max(0, min(1, {foot})) + 1e-6 * {u}"


def _supply(u: str, p: Mapping[str, str]) -> str:
    """Constant voltage behind a slope, then constant current, never backwards; the current leaves at plus."""
    wanted = f"({p['conductance']} * ({p['voltage']} - {u}))"
    return f"-({_rounded(_limited(wanted, p['limit'], 0.05), 0.05)})"


def _dc_link(u: str, p: Mapping[str, str]) -> str:
    """Link of a drive: the pulses of a six-pulse bridge in, inverter, brake chopper (20 V wide) and discharge out."""
    below = f"max({p['emf']} - {u}, 0)"
    rectified = f"({p['conductance']} * {below} * {below} / ({below} + {1.0 - 3.0 / math.pi!r} * {p['emf']} + 0.2))"
    over = _rounded(f"{u} - {p['chopper_v']}", 5.0)
    return (
        f"{p['chopper_s']} * {u} * min({over} / 20, 1) + {p['power']} / max({u}, 100) + {p['leak']} * {u} - {rectified}"
    )


CURVES: Mapping[str, Callable[[str, Mapping[str, str]], str]] = {
    "diode": _diode,
    "output_transistor": _sensor_output,
    "high_side_switch": _high_side_output,
    "limited_source": _supply,
    "loop_sink": _loop_sink,
    "dc_link": _dc_link,
}
_ANGLE = math.sqrt(3.0) / 2.0


def part_of(simulator: Simulator, node: str) -> list[Device]:
    """The connected part of the network around ``node``."""
    network = simulator.network
    parts = independent_parts(network)
    names = next(part for part in parts if any(node in network.devices[d].nodes for d in part))
    return [network.devices[d] for d in names]


class ControlCircuit:
    """The connected DC part around ``node``, with the parameters of ``simulator`` as they are now."""

    def __init__(self, simulator: Simulator, node: str) -> None:
        self.simulator = simulator
        # The mechanics of a motor is not in it: the shaft turns as it turns now.
        self.devices = [d for d in part_of(simulator, node) if Domain.DC in d.law.terminals.values()]
        domains = simulator.network.nodes
        self.nodes = list(dict.fromkeys(n for d in self.devices for n in d.nodes if domains.get(n) is Domain.DC))
        self._number = {GROUND: "0"} | {n: f"n{i}" for i, n in enumerate(self.nodes)}
        self._coils = [d.name for d in self.devices if d.law.name == "coil"]

    def netlist(self, jumps: Mapping[ParameterRef, Jump] | None = None) -> list[str]:
        """Element lines. A parameter of a transistor may jump, or follow an expression."""
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
            jump = jumps.get(ref)
            if isinstance(jump, str):
                found[name] = jump
            elif jump is not None:
                at, value = jump
                found[name] = f"(time < {at!r} ? {found[name]} : {value!r})"
        return found

    def _lines(self, i: int, device: Device, jumps: Mapping[ParameterRef, Jump]) -> list[str]:
        a, b = (self._number[n] for n in device.nodes[:2])
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
        if law == "dc_machine":
            emf = float(p["constant"]) * self.simulator.read(NodeRef(device.nodes[2]))
            return [f"R{i} {a} m{i} {p['resistance']}", f"Vemf{i} m{i} {b} {emf!r}"]
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


class PhasorCircuit:
    """The connected AC part around ``node`` in ngspice's frequency analysis, as the machine is now.

    Reactances are inductors at the frequency of the part. An induction motor is the two-axis model in the frame of the
    stator (Stanley 1938; Krause, Analysis of Electric Machinery): transformer and speed voltages, no symmetrical
    components. Its shaft and its winding are as fast and as warm as they are now.
    """

    def __init__(self, simulator: Simulator, node: str) -> None:
        self.simulator = simulator
        part = part_of(simulator, node)
        self.devices = [d for d in part if Domain.AC in d.law.terminals.values()]
        domains = simulator.network.nodes
        self.nodes = list(dict.fromkeys(n for d in self.devices for n in d.nodes if domains.get(n) is Domain.AC))
        self._number = {GROUND: "0"} | {n: f"n{i}" for i, n in enumerate(self.nodes)}
        fed = [d for d in self.devices if d.law.name == "inverter"]
        motor = [d for d in self.devices if d.law.name == "driven_machine"]
        self.hertz = self._read(motor[0])["frequency"] if fed and motor else 50.0

    def _read(self, device: Device) -> dict[str, float]:
        """Parameters and states."""
        read, name = self.simulator.read, device.name
        states = {s: read(StateRef(name, s)) for s in device.law.states}
        return states | {p: read(ParameterRef(name, p)) for p in device.law.parameters}

    def netlist(self) -> list[str]:
        """Element lines."""
        lines = [f"Rmin{i} n{i} 0 1e9" for i in range(len(self.nodes))]
        for i, device in enumerate(self.devices):
            lines += self._lines(str(i), device, [self._number.get(n, n) for n in device.nodes], self._read(device))
        return lines

    def _lines(self, i: str, device: Device, at: list[str], p: dict[str, float]) -> list[str]:
        law = device.law.name
        if law == "ac_pole":
            return [f"R{i} {at[0]} {at[1]} {p['resistance']!r}"]
        if law == "ac_conductor":
            copper, leak = p["resistance"] + p["end_a"] + p["end_b"], 2.0 / p["leak"]
            return [f"R{i} {at[0]} {at[1]} {copper!r}", f"Ra{i} {at[0]} 0 {leak!r}", f"Rb{i} {at[1]} 0 {leak!r}"]
        if law == "ac_impedance":
            return self._impedance(i, at[0], at[1], p["resistance"], p["reactance"])
        if law == "ac_source":
            return self._source(i, at[0], p)
        if law == "inverter":
            return self._inverter(i, at, p)
        if law == "rectifier_input":
            return self._rectifier(i, at, p)
        assert law in {"induction_machine", "driven_machine"}, f"{device.name}: {law} is not known here"
        turns, warm = (self.simulator.read(NodeRef(n)) for n in device.nodes[3:])
        return self._motor(i, at, p, turns, 1.0 + 0.0039 * (warm - 20.0))

    def _impedance(self, i: str, a: str, b: str, ohm: float, reactance: float) -> list[str]:
        if reactance == 0.0:
            return [f"R{i} {a} {b} {ohm!r}"]
        return [f"R{i} {a} x{i} {ohm!r}", f"L{i} x{i} {b} {reactance / (2.0 * math.pi * self.hertz)!r}"]

    def _source(self, i: str, line: str, p: dict[str, float]) -> list[str]:
        if p["on"] == 0.0:
            return []
        degrees = math.degrees(math.atan2(p["sine"], p["cosine"]))
        source = f"V{i} e{i} 0 dc 0 ac {p['voltage']!r} {degrees!r}"
        return [source, *self._impedance(i, f"e{i}", line, p["resistance"], p["reactance"])]

    def _inverter(self, i: str, at: list[str], p: dict[str, float]) -> list[str]:
        if p["on"] == 0.0:
            return []
        lines = []
        for leg, node, degrees in zip("uvw", at, (0.0, -120.0 * p["direction"], 120.0 * p["direction"]), strict=True):
            ohm = (p["resistance"] + p[f"leg_{leg}"]) / p["on"]
            lines.append(f"V{i}{leg} e{i}{leg} 0 dc 0 ac {p['voltage']!r} {degrees!r}")
            lines.append(f"R{i}{leg} e{i}{leg} {node} {ohm!r}")
        return lines

    def _rectifier(self, i: str, at: list[str], p: dict[str, float]) -> list[str]:
        if p["conductance"] == 0.0:
            return []
        lines = []
        for k in range(3):
            a, b = at[k], at[(k + 1) % 3]
            lines.append(f"R{i}_{k} {a} {b} {1.0 / p['conductance']!r}")
            susceptance = p["conductance"] * p["distortion"]
            if susceptance > 0.0:
                lines.append(f"L{i}_{k} {a} {b} {1.0 / (susceptance * 2.0 * math.pi * self.hertz)!r}")
        return lines

    def _motor(self, i: str, at: list[str], p: dict[str, float], turns: float, warm: float) -> list[str]:
        u, v, w = at[:3]
        rated = 100.0 * math.pi
        leak_s, leak_r = p["stator_reactance"] / rated, p["rotor_reactance"] / rated
        mutual = p["magnetising_reactance"] / rated
        electrical = turns * rated / p["synchronous_speed"]
        lines = [
            f"Ea{i}_1 a{i} a{i}_1 {u} 0 {2.0 / 3.0!r}",
            f"Ea{i}_2 a{i}_1 a{i}_2 {v} 0 {-1.0 / 3.0!r}",
            f"Ea{i}_3 a{i}_2 0 {w} 0 {-1.0 / 3.0!r}",
            f"Eb{i} b{i} 0 {v} {w} {1.0 / math.sqrt(3.0)!r}",
            f"Fu{i} {u} 0 Vsa{i} 1",
            f"Fv{i}_1 {v} 0 Vsa{i} -0.5", f"Fv{i}_2 {v} 0 Vsb{i} {_ANGLE!r}",
            f"Fw{i}_1 {w} 0 Vsa{i} -0.5", f"Fw{i}_2 {w} 0 Vsb{i} {-_ANGLE!r}",
        ]  # fmt: skip
        for axis, other, sign in (("a", "b", -1.0), ("b", "a", 1.0)):
            k = f"{axis}{i}"
            lines += [
                f"Vs{k} {k} {k}_s 0",
                f"Rs{k} {k}_s {k}_l {p['stator_resistance'] * warm!r}",
                f"Ls{k} {k}_l {k}_m {leak_s!r}",
                f"Lm{k} {k}_m {k}_n {mutual!r}",
                f"Vm{k} {k}_n 0 0",
                f"Lr{k} {k}_m {k}_r {leak_r!r}",
                f"Rr{k} {k}_r {k}_j {p['rotor_resistance'] * warm!r}",
                f"Vj{k} {k}_j {k}_e 0",
                # Speed voltage: the flux of the other axis of the rotor turns through this one.
                f"Hj{k} {k}_e {k}_f Vj{other}{i} {-sign * electrical * leak_r!r}",
                f"Hm{k} {k}_f 0 Vm{other}{i} {sign * electrical * mutual!r}",
            ]
        return lines

    def phasors(self, folder: Path) -> dict[str, complex]:
        """Node voltages, RMS."""
        _, values = run(self.netlist(), f"ac lin 1 {self.hertz!r} {self.hertz!r}", folder)
        return {n: complex(values[f"v({self._number[n]})"][0]) for n in self.nodes}


def require_ngspice() -> str:
    """The program; without it the test is skipped, or fails where ``ETABLI_REQUIRE_NGSPICE`` is 1."""
    found = shutil.which("ngspice")
    if found is None:
        import pytest  # benchmarks use this module too, without it

        if os.environ.get("ETABLI_REQUIRE_NGSPICE") == "1":
            pytest.fail("ngspice is not installed, and ETABLI_REQUIRE_NGSPICE=1: install the package ngspice")
        pytest.skip("ngspice is not installed: the control circuit is not checked against it")
    return str(found)


def run(lines: list[str], analysis: str, folder: Path, tolerance: float = 1e-6) -> tuple[Floats, dict[str, Floats]]:
    """Run one analysis; the first variable (time in a transient), and all of them by name."""
    program = require_ngspice()
    circuit, output = folder / "circuit.cir", folder / "result.raw"
    text = [
        "control circuit", *lines,
        f".options reltol={tolerance!r} abstol=1e-12 vntol=1e-9 gmin=1e-15 itl1=1000",
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
    """An ASCII raw file of real or complex values."""
    head, _, body = text.partition("Values:")
    fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line and not line.startswith("\t"))
    variables, points = int(fields["No. Variables"]), int(fields["No. Points"])
    names = [line.split()[1] for line in head.partition("Variables:\n")[2].splitlines() if line.strip()][:variables]
    if "complex" in fields["Flags"]:
        words: list[float | complex] = [complex(*map(float, w.split(","))) if "," in w else 0.0 for w in body.split()]
    else:
        words = [float(w) for w in body.split()]
    numbers = np.array(words).reshape(points, variables + 1)[:, 1:]
    return numbers[:, 0].real, {name: numbers[:, i] for i, name in enumerate(names)}

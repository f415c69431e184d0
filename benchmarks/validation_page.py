"""Figures and tables of docs/validation.md, computed anew: ``python benchmarks/validation_page.py``.

Writes ``docs/images/validation/*.svg`` and the part of the page between its two markers. ``--only radau,energy`` makes
some sections again and leaves the others as they are; ``--help`` names them.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: a second thread only waits

import numpy as np  # noqa: E402

from components import electrical_rig, rig  # noqa: E402, F401 - they declare laws of their own
from etabli.components.catalogue import catalogue  # noqa: E402
from etabli.physics.build import compile_core  # noqa: E402
from etabli.physics.core_library import use_core  # noqa: E402
from etabli.physics.kernels import c_source  # noqa: E402
from etabli.physics.law import LAWS, SAMPLED_LAWS  # noqa: E402
from etabli.physics.network import NodeRef  # noqa: E402

PAGE = ROOT / "docs" / "validation.md"
IMAGES = ROOT / "docs" / "images" / "validation"
BEGIN, END = "<!-- figures: benchmarks/validation_page.py -->", "<!-- end of figures -->"
COLOURS = ("#1f6fb2", "#c4511a", "#2c8a4b", "#7a4fa3", "#8a6d1f")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 66, 12, 30, 44


# --- charts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """A curve, or points of a reference."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    points: bool = False


def _ticks(low: float, high: float, logarithmic: bool) -> list[float]:
    if logarithmic:
        decades = range(math.floor(low), math.ceil(high) + 1)
        factors = (1.0, 2.0, 5.0) if high - low < 1.5 else (1.0,)
        return [f * 10.0**k for k in decades for f in factors if low <= math.log10(f) + k <= high]
    step = 10.0 ** math.floor(math.log10((high - low) / 4.0))
    step *= next(f for f in (1.0, 2.0, 5.0, 10.0) if (high - low) / (f * step) <= 6.0)
    return [step * k for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _range(values: Sequence[float], logarithmic: bool) -> tuple[float, float]:
    seen = np.log10(values) if logarithmic else np.asarray(values)
    low, high = float(np.min(seen)), float(np.max(seen))
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin


def chart(
    name: str, title: str, x_label: str, y_label: str, series: Sequence[Series], log: tuple[bool, bool] = (False, False)
) -> str:
    """Write an SVG and return its line of Markdown."""
    ranges = [_range([v for s in series for v in getattr(s, axis)], log[i]) for i, axis in enumerate("xy")]

    def place(x: float, y: float) -> tuple[float, float]:
        values = [math.log10(v) if log[i] else v for i, v in enumerate((x, y))]
        share = [(v - low) / (high - low) for v, (low, high) in zip(values, ranges, strict=True)]
        return LEFT + share[0] * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - share[1] * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="14" fill="#222">{title}</text>',
    ]
    for i, axis in enumerate("xy"):
        for tick in _ticks(*ranges[i], log[i]):
            at = place(tick, 10.0 ** ranges[1][0] if log[1] else ranges[1][0]) if axis == "x" else None
            if at is not None:
                out.append(f'<path d="M{at[0]:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
                out.append(
                    f'<text x="{at[0]:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle" fill="#444">{tick:g}</text>'
                )
                continue
            _, y = place(10.0 ** ranges[0][0] if log[0] else ranges[0][0], tick)
            out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
            out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#444">{tick:g}</text>')
    out.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end" fill="#222">{x_label}</text>')
    out.append(f'<text transform="translate(14 {TOP}) rotate(-90)" text-anchor="end" fill="#222">{y_label}</text>')
    along = 8.0
    for k, s in enumerate(series):
        colour = COLOURS[k % len(COLOURS)]
        spots = [place(x, y) for x, y in zip(s.x, s.y, strict=True)]
        if s.points:
            out += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="none" stroke="{colour}" stroke-width="1.3"/>'
                for x, y in spots
            ]
        else:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
            out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        sign = "○" if s.points else "—"
        out.append(f'<text x="{along:.0f}" y="{HEIGHT - 8}" fill="{colour}">{sign} {s.name}</text>')
        along += 7.0 * len(s.name) + 28.0
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.svg").write_text("\n".join([*out, "</svg>"]) + "\n", encoding="utf-8")
    return f"![{title}](images/validation/{name}.svg)"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Markdown."""
    return ["| " + " | ".join(r) + " |" for r in (head, ["---"] * len(head), *rows)]


# --- sections ---------------------------------------------------------------------------------------------------------

FINE = 3e-8
LOOSER = 100.0
DRAWN = {
    "poste_tri: ejector out": ("ejector 1 cap pressure [bar]", "ejector 1 rod pressure [bar]"),
    "presse: decompression": ("cap side [bar]", "system [bar]"),
    "monte_charge: brake opens, trip up": ("motor speed [rad/s]", "motor current U [A]"),
}


def _percent(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _everywhere(found: Any) -> str:
    """Worst unknown or state of each domain."""
    worst = sorted(found.everywhere().items(), key=lambda item: item[0].value)
    return ", ".join(f"{domain.value} {_percent(percent)}" for domain, (_, percent) in worst)


def radau(tolerance: float) -> list[str]:
    """The three machines against scipy's Radau."""
    from reference.scenarios import STEP_S, WINDOWS, record

    rows, all_rows, figures = [], [], []
    for window in WINDOWS:
        recording = record(window)
        reference = recording.by_radau(tolerance)
        looser = recording.held(recording.by_radau(LOOSER * tolerance), reference)
        found, fine = (recording.held(recording.by_engine(a), reference) for a in (None, FINE))
        worst, ringing = found.worst(found.rms), found.worst(found.ringing)
        named = found.rms[: len(found.names)]
        rows.append([
            str(window), f"{np.median(named):.3f} %", f"{worst[1]:.2f} % ({worst[0]})",
            f"{ringing[1]:.2f} % ({ringing[0]})", f"{fine.worst(fine.rms)[1]:.1g} %",
            f"{looser.worst(looser.rms)[1]:.1g} %",
        ])  # fmt: skip
        all_rows.append([
            str(window), str(len(found.places)), f"{np.median(found.of_own_range):.2g}", _everywhere(found),
            _everywhere(fine), _percent(float(looser.of_own_range.max())),
        ])  # fmt: skip
        print(window, flush=True)
        if str(window) in DRAWN:
            times = STEP_S * np.arange(1, len(found.engine) + 1)
            series = []
            for name in DRAWN[str(window)]:
                at = found.names.index(name)
                series.append(Series(name, times, found.engine[:, at]))
                series.append(Series("Radau", times[::3], found.radau[::3, at], points=True))
            figures.append(chart(f"radau-{window.machine}", f"{window}", "s", "", series))
    head = ("window", "median RMS", "worst RMS", "worst zigzag", "steps by estimated error", "Radau's own error")
    all_head = ("window", "unknowns and states", "median", "worst by domain", "steps by estimated error", "Radau's own")
    named_text = (
        f"All windows with Radau at {tolerance:g}. Named signals: error in percent of each signal's scale, steps of "
        f"5 ms; then the worst RMS of the engine in steps by estimated error (`accuracy={FINE:g}`), and of Radau at "
        f"{LOOSER * tolerance:g} against {tolerance:g}."
    )
    all_text = (
        "Every unknown and every state of the network: RMS in percent of its own range in the window (or of 1 V, "
        "0.1 bar of air, 1 bar of oil, 0.01 m/s, 1 rad/s, 1 K, 1 mA, 1 % of a state's largest value, where it moves "
        "less). Where translation leads in the press, it is the bristles of dry friction: micrometres, in the "
        "milliseconds in which the ram starts or turns back."
    )
    return [named_text, "", *table(head, rows), "", all_text, "", *table(all_head, all_rows), "", *figures]


def ngspice(_: float) -> list[str]:
    """Steady values of all electrical circuits."""
    from reference.ngspice import ControlCircuit, PhasorCircuit
    from reference.scenarios import Life
    from validation import test_ngspice as tests

    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for machine in tests.MACHINES:
            simulator = tests.at_work(machine)
            dc = ControlCircuit(simulator, tests.SUPPLY)
            steady = dc.steady(folder)
            simulator.advance()
            worst = max(abs(simulator.read(NodeRef(n)) - v) / max(abs(v), 1.0) for n, v in steady.items())
            rows.append([machine, "24 V", str(len(dc.nodes)), f"{100.0 * worst:.1e} %"])
            for entry in tests.AC_PARTS[machine]:
                life = Life(machine)
                life.reach(tests.MACHINES[machine][0])
                ac = PhasorCircuit(life.run.simulator, life.run.machine.resolve(NodeRef(entry)).node)
                tests.until_unchanged(life.run.simulator, ac)
                read = life.run.simulator.read
                worst = max(
                    abs(complex(read(NodeRef(n)), read(NodeRef(n, 1))) - v) / max(abs(v), 1.0)
                    for n, v in ac.phasors(folder).items()
                )
                rows.append([machine, f"AC, from {entry}", str(len(ac.nodes)), f"{100.0 * worst:.1e} %"])
    return table(("machine", "circuit", "nodes", "worst node voltage"), rows)


def energy(_: float) -> list[str]:
    """Balance of each part of each machine."""
    from reference.energy import balance
    from validation import test_energy as tests

    rows = []
    for moment in sorted(tests.MOMENTS):
        whole = balance(tests.audited(moment))
        rows.append(
            [moment, *(f"{x:.1f}" for x in (whole.given, whole.stored, whole.lost)), f"{100.0 * whole.error:+.3f} %"]
        )
    return table(("0.3 s from", "in, J", "stored, J", "lost, J", "not closed"), rows)


def msl(_: float) -> list[str]:
    """Trajectories of the Modelica Standard Library."""
    from validation import test_msl as tests

    rows, figures = [], []
    for name, made in tests.EXAMPLES.items():
        theirs, example = tests.reference(name), made()
        times, ours = example.run(float(theirs["time"][-1]))
        errors = {s: tests.mean_error(times, ours[s], theirs["time"], theirs[s]) for s in tests.wanted(name)}
        worst = max(errors, key=lambda s: errors[s])
        short = name.rpartition(".")[2]
        rows.append([short, str(len(errors)), f"{100.0 * errors[worst]:.4f} % ({worst})"])
        if short in {"Friction", "Backlash"}:
            some = np.linspace(0, len(theirs["time"]) - 1, 60).astype(int)
            thin = slice(None, None, max(1, len(times) // 400))
            figures.append(chart(
                f"msl-{short.lower()}", f"{short}: {worst}", "s", "",
                [Series("Établi", times[thin], ours[worst][thin]),
                 Series("Modelica", theirs["time"][some], theirs[worst][some], points=True)],
            ))  # fmt: skip
    return [*table(("example", "signals", "worst mean error of the range"), rows), "", *figures]


def iso6358(_: float) -> list[str]:
    """C = 2 dm³/(s·bar), b = 0.3 from 0.4 MPa gauge: curve, choked limit, and the maker's point."""
    law = LAWS["orifice"]
    p1, c, b = 5.01325, 2.0, 0.3

    def litres(p2: float) -> float:
        flows, _ = law.evaluate({"a": p1, "b": p2}, {"conductance": c, "critical_ratio": b, "opening": 1.0})
        return float(flows["a"]) / 1.185 * 60.0

    downstream = np.linspace(0.2, p1, 80)
    formula = [
        60.0 * c * p1 * (1.0 if p / p1 <= b else math.sqrt(1.0 - ((p / p1 - b) / (1.0 - b)) ** 2)) for p in downstream
    ]
    point = 3.0 + 1.01325
    figure = chart(
        "iso6358", "ISO 6358, C = 2, b = 0.3, 0.4 MPa", "downstream, bar absolute", "l/min (ANR)",
        [Series("law", downstream, [litres(p) for p in downstream]),
         Series("standard", downstream[::4], formula[::4], True),
         Series("maker: 600 choked, 420 at 0.3 MPa", [b * p1, point], [600.0, 420.0], True)],
    )  # fmt: skip
    rows = [["choked", "600 (rounded)", f"{litres(1.0):.0f}"], ["0.4 → 0.3 MPa", "420", f"{litres(point):.0f}"]]
    return [*table(("point", "maker, l/min (ANR)", "law"), rows), "", figure]


def motor(_: float) -> list[str]:
    """Torque and current of a published 22 kW motor over its speed."""
    from validation.test_published_motors import MOTORS, Dynamometer

    plate = MOTORS["Sg180L-4"].plate
    bench = Dynamometer(plate, 20.0)
    speeds = np.linspace(0.0, 1495.0, 24)
    runs = [bench.at(n * math.pi / 30.0) for n in speeds]
    torque = [bench.torque(s, n * math.pi / 30.0) / plate.torque for s, n in zip(runs, speeds, strict=True)]
    current = [bench.amperes(s) / plate.amperes for s in runs]
    breakdown = float(speeds[int(np.argmax(torque))])
    return [chart(
        "motor", "22 kW, 4 poles (Sg180L-4), 400 V", "rev/min", "of the rated value",
        [Series("torque", speeds, torque), Series("current", speeds, current),
         Series("data sheet", [0.0, 0.0, breakdown, 1465.0],
                [plate.start_torque, plate.start_current, plate.breakdown_torque, 1.0], True)],
    )]  # fmt: skip


def orifice(_: float) -> list[str]:
    """Flow through a hole of 2 mm against a maker's formula and calculator."""
    from etabli.components.hydraulic.oil import orifice_factor_of_hole
    from validation import test_hydraulics as tests

    law, k = LAWS["oil_orifice"], orifice_factor_of_hole(2.0)

    def litres(bar: float) -> float:
        flows, _ = law.evaluate({"a": bar, "b": 0.0}, {"k": k, "opening": 1.0})
        return float(flows["a"]) / tests.L_MIN

    drops, some = np.linspace(0.0, 320.0, 161), np.linspace(10.0, 310.0, 16)
    maker = [tests.maker_s_flow(2.0 / tests.INCH_MM, bar / tests.PSI_BAR) / tests.L_MIN for bar in some]
    worst = max(abs(litres(bar) / q - 1.0) for bar, q in zip(some, maker, strict=True))
    figure = chart(
        "orifice", "Hole of 2 mm, oil of 870 kg/m³", "bar", "l/min",
        [Series("law", drops, [litres(bar) for bar in drops]), Series("Hydor, formula", some, maker, True),
         Series("Danfoss, calculator", [tests.CALCULATED_BAR], [30.0], True)],
    )  # fmt: skip
    short = litres(tests.CALCULATED_BAR) / 30.0 - 1.0
    said = f"Law and formula differ by {100.0 * worst:.1f} % of flow, law and calculator by {100.0 * abs(short):.1f} %."
    return [said, "", figure]


def relief(_: float) -> list[str]:
    """Pressure over flow of the valve of the catalogue, and of a textbook's."""
    from components.rig import set_parameter
    from validation import test_hydraulics as tests
    from validation import test_published_hydraulics as published

    litres = np.linspace(2.0, 60.0, 12)
    pressures = []
    for q in litres:
        sim = tests.relieving().start(step_s=0.005)
        set_parameter(sim, "pump.flow", q * tests.L_MIN)
        sim.advance(200)
        pressures.append(sim.read(NodeRef("V1:P")))
    formula = [tests.characteristic(q * tests.L_MIN) for q in litres]
    worst = max(abs(a - b) / b for a, b in zip(pressures, formula, strict=True))
    ours = chart(
        "relief", "Relief valve set at 200 bar", "l/min", "bar",
        [Series("engine", litres, pressures), Series("Merritt", litres, formula, True)],
    )  # fmt: skip
    full = published.FULL_GPM * published.GPM_L_MIN
    flows = np.linspace(0.001 * full, 1.1 * full, 24)
    printed = [published.CRACKS_PSI * published.PSI_BAR, published.FULL_PSI * published.PSI_BAR]
    textbook = chart(
        "relief-textbook", "Poppet of 0.75 in² on a spring of 2500 lb/in", "l/min", "bar",
        [Series("engine", flows, published.relief_pressures(flows)),
         Series("Esposito, example 8-1", [0.0, full], printed, True)],
    )  # fmt: skip
    return [f"Worst difference from the closed form: {100.0 * worst:.3f} %.", "", ours, textbook]


def pumps(_: float) -> list[str]:
    """Delivery over pressure: a gear pump against its maker's table, cut-off against makers' figures."""
    from validation import test_published_hydraulics as tests

    rows, series = [], []
    size = "FBE 1/2"
    fitted = tests.gear_pump(size)
    for rpm, printed in tests.GEAR_L_MIN[size].items():
        bench = tests.Bench("hydraulic_pump", rpm, **fitted)
        found = [bench.delivers(bar) for bar in tests.GEAR_BAR]
        error = max(abs(a / b - 1.0) for a, b in zip(found, printed, strict=True))
        rows.append([f"{size}, {rpm:g} rev/min, to {tests.GEAR_BAR[-1]:g} bar", f"{100.0 * error:.1f} %"])
        series += [Series(f"{rpm:g} rev/min", tests.GEAR_BAR, found), Series("maker", tests.GEAR_BAR, printed, True)]
    gear = chart("pump-gear", f"Gear pump {size}", "bar", "l/min", series)

    eaton, bench = tests.EATON, tests.eaton_pump()
    full, none = eaton["full"] * tests.PSI_BAR, eaton["none"] * tests.PSI_BAR
    bars = [*np.linspace(0.0, 0.97 * full, 9), *np.linspace(0.975 * full, 1.004 * none, 25)]
    corner = abs(bench.delivers(full) / eaton["l_min"] - 1.0)
    rows.append(["PV3-240-18, at 2850 psi, the round corner of its cut-off", f"{100.0 * corner:.1f} %"])
    cut_off = chart(
        "pump-cut-off", "Pressure-compensated pump of 2.40 in³/rev, 3750 rev/min", "bar", "l/min",
        [Series("engine", bars, [bench.delivers(bar) for bar in bars]),
         Series("Eaton", [full, none], [eaton["l_min"], 0.0], True)],
    )  # fmt: skip
    return [*table(("pump", "worst difference from its maker's flow"), rows), "", gear, cut_off]


Window = tuple[float, float]
"""Multiple of the rating, seconds."""
BREAKER_LIMITS: tuple[Window, ...] = ((1.45, 3600.0), (2.55, 1.0), (2.55, 60.0), (5.0, 0.1), (5.0, 15.0), (10.0, 0.1))
RELAY_LIMITS: tuple[Window, ...] = ((1.2, 7200.0), (7.2, 4.0), (7.2, 10.0))
AM_LIMITS: tuple[Window, ...] = ((4.0, 60.0), (6.3, 60.0), (8.0, 0.5), (10.0, 0.2), (12.5, 0.5), (19.0, 0.1))
"""As in ``test_protection_curves.py``: IEC 60898-1 curve C, IEC 60947-4-1 class 10, IEC 60269-2 aM."""


def _time_current(made: Callable[[], Any], unit: float, multiples: Sequence[float], sign: str, name: str) -> Series:
    """Seconds until the sign over the multiple of the rating ``unit``, all poles alike, from cold."""
    found = [(m, made().time((m * unit,) * 3, 7200.0 if m < 2.0 else 130.0, sign)) for m in multiples]
    kept = [(m, max(t, 0.002)) for m, t in found if math.isfinite(t)]
    return Series(name, [m for m, _ in kept], [t for _, t in kept])


def protection(_: float) -> list[str]:
    """Time-current curves of a C breaker, a class 10 relay and two fuses, with the points that they are held to."""
    from validation import test_protection_curves as tests

    def breaker() -> Any:
        return tests.breaker("circuit_breaker")

    def motor_fuse() -> Any:
        return tests.Protection("three_pole_fuses", "element_L1")

    breaker_at = (1.32, 1.36, 1.45, 1.6, 2.0, 2.55, 3.5, 5.0, 7.0, 7.4, 7.6, 8.0, 10.0, 15.0)
    relay_at = (1.14, 1.17, 1.2, 1.3, 1.5, 2.0, 3.0, 5.0, 7.2, 10.0)
    releases = chart(
        "protection", "Circuit-breaker and overload relay, from cold", "multiple of the rating", "s",
        [_time_current(breaker, 4.0, breaker_at, "tripped", "breaker, curve C"),
         Series("limits", *zip(*BREAKER_LIMITS, strict=True), True),
         _time_current(tests.relay, 1.0, relay_at, "tripped", "relay, class 10"),
         Series("limits", *zip(*RELAY_LIMITS, strict=True), True)],
        log=(True, True),
    )  # fmt: skip
    rated = 25.0
    i2t, holds_10, melts_5, holds_01, melts_01 = tests.GG[rated]
    gates = ((1.6, 3600.0), *((a / rated, s) for a, s in
             ((holds_10, 10.0), (melts_5, 5.0), (holds_01, 0.1), (melts_01, 0.1))))  # fmt: skip
    gg_at = (1.56, 1.58, 1.6, 1.7, 1.85, 2.1, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.4)
    am_at = (5.05, 5.2, 5.5, 6.3, 7.0, 8.0, 10.0, 12.5, 15.0, 19.0)
    fuses = chart(
        "protection-fuses", "Fuses: gG of 25 A, aM of 4 A", "multiple of the rating", "s",
        [_time_current(lambda: tests.gg(rated, i2t), rated, gg_at, "blown", "gG"),
         Series("gates", *zip(*gates, strict=True), True),
         _time_current(motor_fuse, 4.0, am_at, "blown", "aM"),
         Series("gates", *zip(*AM_LIMITS, strict=True), True)],
        log=(True, True),
    )  # fmt: skip
    return [releases, fuses]


def stroke(_: float) -> list[str]:
    """Stroke of a 32 x 100 cylinder against the maker's rule."""
    from components.rig import time_until
    from validation import test_stroke_time as tests

    rows = []
    for seconds in (0.25, 0.5, 1.0):
        valve = tests.C_PER_CV * tests.rule_cv(tests.AREA_SQ_IN, tests.STROKE_IN, seconds, 5)
        taken = time_until(tests.out_stroke(valve, 0.5 * tests.THRUST_N), tests.POSITION, 0.099, 10.0)
        rows.append([f"{seconds:g} s", f"{valve:.3f}", f"{taken:.3f} s"])
    return table(("rule", "valve, C in dm³/(s·bar)", "stroke at half load"), rows)


def servo(_: float) -> list[str]:
    """Natural frequency of a servo axis."""
    from validation.test_hydraulics import ringing

    rows = []
    for area, mass in ((10.0, 50.0), (10.0, 500.0), (50.0, 2000.0)):
        bulk, length, metres2 = 14000.0, 0.4, area * 1e-4
        expected = 2.0 * math.sqrt(bulk * 1e5 * metres2**2 / (metres2 * length * mass)) / (2.0 * math.pi)
        rows.append(
            [f"{area:g} cm², {mass:g} kg", f"{expected:.3f} Hz", f"{ringing(area, area, length, mass, bulk):.3f} Hz"]
        )
    return table(("axis", "2 √(K A² / (V m))", "engine"), rows)


SECTIONS: dict[str, tuple[str, Callable[[float], list[str]]]] = {
    "radau": ("Trois machines contre Radau / Three machines against Radau", radau),
    "ngspice": ("Circuits électriques contre ngspice / Electrical circuits against ngspice", ngspice),
    "energy": ("Bilan d'énergie / Energy balance", energy),
    "msl": ("Modelica Standard Library", msl),
    "iso6358": ("Débit d'air ISO 6358 / Air flow", iso6358),
    "motor": ("Moteur asynchrone / Induction motor", motor),
    "orifice": ("Passage d'huile par un trou / Oil through a hole", orifice),
    "relief": ("Limiteur de pression / Relief valve", relief),
    "pumps": ("Débit des pompes / Delivery of pumps", pumps),
    "protection": ("Protections / Protective devices", protection),
    "stroke": ("Temps de course d'un vérin 32 × 100 / Stroke time", stroke),
    "servo": ("Fréquence propre d'un axe hydraulique / Natural frequency of a hydraulic axis", servo),
}


def kept(name: str, text: str) -> list[str]:
    """A section as the page has it now."""
    begin = f"### {SECTIONS[name][0]}\n"
    if begin not in text:
        return []
    body = text.split(begin, 1)[1]
    for stop in ("\n### ", f"\n{END}"):
        body = body.split(stop, 1)[0]
    return body.strip().split("\n")


def main() -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default=",".join(SECTIONS), help=f"sections to compute again, of {', '.join(SECTIONS)}"
    )
    parser.add_argument("--tolerance", type=float, default=1e-8, help="of Radau")
    given = parser.parse_args()
    catalogue()
    with tempfile.TemporaryDirectory() as folder:
        use_core(compile_core(c_source(LAWS, SAMPLED_LAWS), Path(folder)).parent)
        for name in given.only.split(","):
            made = SECTIONS[name][1](given.tolerance)
            text = PAGE.read_text(encoding="utf-8")
            lines: list[str] = []
            for other, (title, _) in SECTIONS.items():
                body = made if other == name else kept(other, text)
                lines += [f"### {title}", "", *body, ""] if body else []
            before, _, after = text.partition(BEGIN)
            after = after.partition(END)[2]
            PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")
            print(f"{name}: done", flush=True)


if __name__ == "__main__":
    main()

"""Time of one PLC scan: 200 statements of five contacts, plain and watched; 50 timers; compilation of 30 kB.

Run ``python benchmarks/plc_scan.py``. It prints the best of several runs (the least disturbed by other work).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from etabli.automation import Plc, compile_st


def rungs(count: int) -> str:
    """A program of ``count`` rungs of five contacts over 64 inputs and ``count`` coils."""
    inputs = [f"i{index} AT %IX{index // 8}.{index % 8} : BOOL;" for index in range(64)]
    coils = [f"q{index} AT %QX{index // 8}.{index % 8} : BOOL;" for index in range(count)]
    body = []
    for k in range(count):
        stop, step, neighbour = (7 * k + 1) % 64, (3 * k + 2) % 64, (k + count - 1) % count
        body.append(f"q{k} := (i{k % 64} OR q{k}) AND NOT i{stop} AND (i{step} OR q{neighbour});")
    return "\n".join(["PROGRAM Rungs", "VAR", *inputs, *coils, "END_VAR", *body, "END_PROGRAM"])


def mixed(count: int) -> str:
    """``count`` statements as a machine has them: rungs, edges, timers, counters, sums, IF."""
    declarations = [f"i{index} AT %IX{index // 8}.{index % 8} : BOOL;" for index in range(32)]
    body: list[str] = []
    statement = 0
    while len(body) < count:
        k, statement = statement, statement + 1
        declarations += [f"a{k} : BOOL;", f"n{k} : INT;", f"t{k} : TON;", f"e{k} : R_TRIG;"]
        body += [
            f"a{k} := (i{k % 32} OR a{k}) AND NOT i{(k + 5) % 32} AND i{(k + 9) % 32};",
            f"t{k}(IN := a{k}, PT := T#1s);",
            f"e{k}(CLK := t{k}.Q);",
            f"IF e{k}.Q THEN n{k} := n{k} + 1; END_IF;",
            f"a{k} := a{k} AND n{k} < 100;",
        ]
    return "\n".join(["PROGRAM Mixed", "VAR", *declarations, "END_VAR", *body[:count], "END_PROGRAM"])


def timers(count: int) -> str:
    """``count`` running timers."""
    declarations = "\n".join(f"t{index} : TON;" for index in range(count))
    body = "\n".join(f"t{index}(IN := go, PT := T#1h);" for index in range(count))
    return f"VAR go AT %IX0.0 : BOOL; {declarations} END_VAR\n{body}"


def best_us(action: Callable[[], object], repeats: int, runs: int = 15) -> float:
    """Best mean time of one call over several runs, in microseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(repeats):
            action()
        times.append((time.perf_counter() - start) / repeats * 1e6)
    return min(times)


def scan_us(source: str, *, watched: bool) -> float:
    """Time of a scan with all even inputs true."""
    plc = Plc(compile_st(source))
    plc.watched = watched
    for slot in plc.input_slots[::2]:
        plc.slots[slot] = True
    plc.scan(0)
    return best_us(lambda: plc.scan(10_000), 200)


def main() -> None:
    """Print the figures."""
    for name, source in (
        ("200 rungs of five contacts", rungs(200)),
        ("200 mixed statements", mixed(200)),
        ("50 running timers", timers(50)),
    ):
        plain, watched = scan_us(source, watched=False), scan_us(source, watched=True)
        print(f"{name:28} {plain:7.1f} us a scan, watched {watched:7.1f} us")
    source = rungs(400)
    compile_ms = best_us(lambda: compile_st(source), 1, 5) / 1000
    print(f"compilation of {len(source) / 1000:.0f} kB        {compile_ms:7.0f} ms")


if __name__ == "__main__":
    main()

"""Time that the parts of the conveyor take in one scan of the PLC: empty, and with the belt full.

Run ``python benchmarks/conveyor_scan.py``. It prints the best of several runs (the least disturbed by other work).
"""

from __future__ import annotations

import random
import time

from etabli.components.catalogue import catalogue
from etabli.physics.network import MemoryRef, NodeRef, Ref

SCAN_S = 0.01
SCANS = 1000
RUNS = 5


def scan_us(parts: int) -> float:
    """Best CPU time of one scan of a conveyor with ``parts`` parts on it, in µs."""
    family = catalogue()["conveyor"]
    assert family.process is not None
    parameters = {**family.defaults(), "feed_min_s": 1e6, "feed_max_s": 1e6}
    belt = family.process("G1", parameters, random.Random(1))
    values: dict[Ref, float] = {NodeRef("G1.belt"): 0.2}
    values |= {MemoryRef(f"G1.{rod}", "fraction"): 0.0 for rod in ("stop", "ejector_1", "ejector_2")}
    seen = [values[ref] for ref in belt.reads]
    for _ in range(parts):
        belt.act("place_part", {"kind": "tall_metal"})
        for _ in range(50):
            belt.step(0.0, SCAN_S, seen, lambda ref, value: None)
    seen[0] = 0.0  # the belt stands

    def run() -> float:
        begun = time.process_time()
        for _ in range(SCANS):
            belt.step(1.0, SCAN_S, seen, lambda ref, value: None)
        return (time.process_time() - begun) / SCANS * 1e6

    return min(run() for _ in range(RUNS))


if __name__ == "__main__":
    print(f"no part on the belt: {scan_us(0):6.1f} µs a scan")
    print(f"five parts on it:    {scan_us(5):6.1f} µs a scan")

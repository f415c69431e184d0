"""What may leave a bench: layout, frame, state, evidence for the learner; faults and journal for the teacher.

Only this module decides what a learner sees. It reads seen channels, displays of connected instruments, production
counters, the program while the console is plugged; never a fault, never a node that nobody measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from etabli.bench.actions import ACTIONS
from etabli.bench.actions.repairs import REPLACE_DEFAULT_MINUTES, REPLACE_MINUTES
from etabli.bench.control_words import words_of
from etabli.bench.errors import ActionRefused
from etabli.bench.instruments import DIALS
from etabli.bench.journal import read_journal
from etabli.bench.live import Bench
from etabli.bench.plant import ELECTRICAL, FLUIDS, Plant
from etabli.bench.state import TICK_S, Acceptance, BenchMode, RunState
from etabli.components.component import Swap
from etabli.machines.operator import noticed
from etabli.physics.law import Domain
from etabli.physics.text import Text

FORMAT = 1
LOG_SHOWN = 200
UNITS = {Domain.DC: "V", Domain.AC: "V", Domain.PNEUMATIC: "bar", Domain.HYDRAULIC: "bar"}
ACCEPTANCE_TEXT = {
    RunState.RUNNING: Text("Essai en cours.", "Run in progress."),
    RunState.PASSED: Text(
        "Essai réussi : la machine est remise en service.", "Run passed: the machine is back in service."
    ),
    RunState.FAILED: Text("Essai non concluant.", "Run failed."),
}


def two(text: Text) -> dict[str, str]:
    """A text in both languages, for JSON."""
    return {"fr": text.fr, "en": text.en}


# --- layout ---------------------------------------------------------------------------------------


def layout(bench: Bench) -> dict[str, Any]:
    """What never changes for the life of a bench."""
    plant, machine = bench.plant, bench.plant.machine
    return {
        "format": FORMAT,
        "bench": bench.header.bench,
        "machine": machine.id,
        "name": two(machine.name),
        "mode": bench.header.mode,
        "tick_s": TICK_S,
        "channels": [c.id for c in bench.channels],
        "chronogram": bench.chronogram.channels(),
        "nodes": _nodes(bench),
        "controls": _controls(plant),
        "points": {
            "electrical": list(plant.points(*ELECTRICAL)),
            "pneumatic": list(plant.points(*FLUIDS)),
            "rotation": list(plant.points(Domain.ROTATION)),
            "thermal": list(plant.warm_spots),
            "vibration": list(plant.shaking_spots),
        },
        "spots": [{"id": s.id, "text": two(s.spot.text)} for s in plant.spots.values()],
        "loads": [{"id": w.id, "tag": w.tag, "text": two(w.load.text)} for w in plant.loads.values()],
        "conductors": [
            {
                "tag": c.tag,
                "kind": "tube" if c.tag in machine.tubes else "wire",
                "number": c.number,
                "a": c.a,
                "b": c.b,
                "domain": c.domain.value,
            }
            for c in plant.conductors.values()
        ],
        "components": [_component(plant, tag) for tag in plant.parts],
        "plc": _plc(bench),
        "works": bool(machine.operator.works),
        "questions": [{"id": q.id, "text": two(q.text)} for q in machine.operator.questions],
        "dial": [{"id": name, "text": two(text)} for name, text in DIALS.items()],
        "actions": [
            {
                "name": a.name,
                "text": two(a.text),
                "minutes": a.minutes,
                "arguments": [{"name": x.name, "kind": x.kind, "needed": x.needed} for x in a.arguments],
            }
            for a in ACTIONS.values()
        ],
        "gestures": [
            {"tag": tag, "action": action, "text": two(text)}
            for tag, process in bench.processes.items()
            for action, text in process.gestures.items()
        ],
        "complaint": two(bench.complaint()),
    }


def _nodes(bench: Bench) -> list[dict[str, str]] | None:
    if bench.header.mode is not BenchMode.STUDY:
        return None
    domains = bench.plant.domains
    return [{"id": p, "domain": domains[p].value, "unit": UNITS[domains[p]]} for p in bench.study_points]


def _controls(plant: Plant) -> list[dict[str, Any]]:
    return [
        {
            "text": two(words_of(plant, c).name),
            "positions": [two(text) for text in words_of(plant, c).positions],
            "tag": c.tag,
            "control": c.name,
            "location": plant.machine.placed[c.tag].location,
            "kind": c.kind,
            "minimum": 0.0,
            "maximum": c.maximum,
            "value": c.value,
        }
        for c in plant.controls.values()
        if c.name != "lock"
    ]


def _component(plant: Plant, tag: str) -> dict[str, Any]:
    part = plant.parts[tag]
    line = plant.machine.bom_line(tag)
    known = {p.name: p for p in part.component.parameters}
    return {
        "tag": tag,
        "family": part.component.family,
        "text": two(part.text),
        "location": part.location,
        "enclosed": plant.is_enclosed(tag),
        "reference": part.reference,
        "price": line.price_eur if line is not None else None,
        "stock": line.stock if line is not None else None,
        "minutes": REPLACE_MINUTES.get(part.component.family, REPLACE_DEFAULT_MINUTES),
        "modes": [{"id": m.id, "text": two(m.text)} for m in part.failure_modes],
        "adjusts": [
            {
                "parameter": name,
                "text": two(known[name].text),
                "unit": known[name].unit,
                "minimum": known[name].minimum,
                "maximum": known[name].maximum,
            }
            for name in part.component.adjusts
            if name in known
        ],
        "lockable": plant.is_lockable(tag),
    }


def _plc(bench: Bench) -> dict[str, Any] | None:
    if bench.card is None:
        return None
    return {
        "tag": bench.plant.machine.plc,
        "inputs": list(bench.plant.plc_inputs),
        "outputs": list(bench.plant.plc_outputs),
        "variables": bench.card.names,
        "forceable": bench.card.addresses,
    }


# --- frame ----------------------------------------------------------------------------------------


def frame(bench: Bench, running: bool = True, speed: float = 1.0, since_s: float | None = None) -> dict[str, Any]:
    """What a learner sees at this instant."""
    return {
        "t": round(bench.time_s, 2),
        "i": bench.minutes_now,
        "s": int(running),
        "x": speed,
        "n": bench.state.version,
        "v": bench.seen_values(),
        "m": bench.meters.rows(),
        "p": {tag: process.view() for tag, process in bench.processes.items()},
        "c": bench.counters(),
        "a": _acceptance(bench.state.acceptance),
        "o": None if bench.card is None else bench.card.values(),
        "e": bench.node_values(),
        "h": _rows(bench, since_s),
    }


def _rows(bench: Bench, since_s: float | None) -> list[list[float | None]] | None:
    if not bench.chronogram.chosen or since_s is None:
        return None
    found = []
    for row in reversed(bench.chronogram.history):
        if row[0] is not None and row[0] <= since_s + 1e-9:
            break
        found.append(row)
    return found[::-1]


def _acceptance(run: Acceptance | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "wanted": run.wanted,
        "good": run.good,
        "bad": run.bad,
        "state": run.state,
        "text": two(ACCEPTANCE_TEXT[run.state]),
    }


# --- state ----------------------------------------------------------------------------------------


def state(bench: Bench) -> dict[str, Any]:
    """What this person did, set and wrote; changes with the number ``n``."""
    s = bench.state
    meter = s.instruments.multimeter
    plain = msgspec.to_builtins
    return {
        "n": s.version,
        "minutes": bench.minutes_now,
        "cost": round(s.cost, 2),
        "cabinet_open": s.cabinet_open,
        "padlocks": list(s.padlocks),
        "labels": list(s.labels),
        "epi": list(s.epi),
        "props": list(s.props),
        "console": s.console,
        "controls": {c.id: s.controls.get(c.id, c.value) for c in bench.plant.controls.values() if c.name != "lock"},
        "disconnected": [
            {
                "tag": m.tag,
                "end": m.end,
                "from": getattr(bench.plant.machine.conductor(m.tag), m.end),
                "loose": f"{m.tag}:{m.end}",
            }
            for m in s.moved
            if m.to is None
        ],
        "moved": [{"tag": m.tag, "end": m.end, "to": m.to} for m in s.moved if m.to is not None],
        "forces": dict(s.forces),
        "settings": dict(s.settings),
        "instruments": {
            "multimeter": {
                "dial": meter.dial,
                "jack": meter.jack,
                "red": meter.red,
                "black": meter.black,
                "fuse": "ok" if meter.fuse_ok else "blown",
            },
            "clamp": {"wire": s.instruments.clamp},
            "gauge": {"point": s.instruments.gauge},
            "tachometer": {"point": s.instruments.tachometer},
            "flowmeter": {"tube": s.instruments.flowmeter},
            "thermometer": {"point": s.instruments.thermometer, "mode": s.instruments.thermometer_mode},
            "vibrometer": {"point": s.instruments.vibrometer},
        },
        "notebook": plain(s.notebook),
        "declared": plain(s.declared),
        "parts": plain(s.parts),
        "stock": {r: bench.stock(r) for r in s.stock},
        "dangers": plain(s.dangers),
        "log": plain(s.log[-LOG_SHOWN:]),
        "vat": {"tested": s.instruments.vat_tested, "i": s.instruments.vat_tested_minutes},
        "acceptance": _acceptance(s.acceptance),
        "producing": s.hands.on,
        "finished": s.finished,
    }


def program(bench: Bench) -> dict[str, Any]:
    """On-line view of the program; raises :class:`ActionRefused` without the console."""
    if bench.plc is None or not bench.state.console:
        raise ActionRefused(
            Text("la console n'est pas connectée à l'automate", "the console is not connected to the PLC"),
            Text("connecter la console", "connect the console"),
        )
    known, machine = bench.plc.program, bench.plant.machine
    forced = set(bench.state.forces)
    texts = {line.variable: two(line.text) for line in machine.io}
    texts |= {alarm.variable: two(alarm.text) for alarm in machine.alarms}
    values = [
        {
            "name": v.name,
            "address": v.address,
            "type": str(v.type),
            "value": bench.plc.value(v.name),
            "forced": _card_address(v.address) in forced,
            "line": v.line,
            "comment": v.comment,
            "text": texts.get(v.name),
        }
        for v in known.variables
        if known.slot_of(v.name) is not None
    ]
    return {
        "source": known.source,
        "mode": bench.plc.mode.value if bench.state.plc_powered else "OFF",
        "scan_us": bench.plc.scan_time_us,
        "values": values,
        "online": {str(line): entries for line, entries in bench.plc.online_text().items()},
        "diagnostics": [
            {"t": d.time_us / 1e6, "code": d.code.value, "text": two(d.text)} for d in bench.plc.diagnostics
        ],
    }


def _card_address(address: str | None) -> str:
    return (address or "").replace("%", "").replace("X", "")


# --- evidence -------------------------------------------------------------------------------------

SENSING = ("look", "listen", "touch", "ask", "vat")


def evidence(bench: Bench) -> dict[str, Any]:
    """What a report is made from: what was done, seen, measured, written. No secret: not even the seed, which anybody
    could draw the fault from again with this very program."""
    s, machine, header = bench.state, bench.plant.machine, bench.header
    plain = msgspec.to_builtins
    return {
        "identification": {
            "bench": header.bench,
            "machine": {"id": machine.id, "name": two(machine.name)},
            "created": header.created,
            "engine": header.engine,
            "machine_hash": header.machine_hash,
        },
        "complaint": two(bench.complaint()),
        "observations": [plain(e) for e in s.log if e.action in SENSING],
        "readings": plain(s.readings),
        "notebook": plain(s.notebook),
        "actions": plain(s.log),
        "parts": plain(s.parts),
        "declared": _declared(bench),
        "dangers": plain(s.dangers),
        "machine_s": round(bench.time_s, 2),
        "minutes": bench.minutes_now,
        "cost": round(s.cost, 2),
        "counters": bench.counters(),
        "counted": {"good": two(machine.acceptance.good), "bad": two(machine.acceptance.bad)},
        "acceptance": _acceptance(s.acceptance),
        "finished": s.finished,
    }


def _declared(bench: Bench) -> dict[str, Any] | None:
    declared = bench.state.declared
    if declared is None:
        return None
    known: dict[str, Any] = {**msgspec.to_builtins(declared), "text": None, "component": None}
    if declared.tag is not None:
        part = bench.plant.parts[declared.tag]
        known["component"] = two(part.text)
        known["text"] = next(two(m.text) for m in part.failure_modes if m.id == declared.mode)
    return known


# --- teacher --------------------------------------------------------------------------------------


def reveal(bench: Bench) -> dict[str, Any]:
    """The faults, and whether the operator noticed anything: for the teacher only."""
    return {
        "noticed": noticed(bench.plant.machine.operator, bench.complaint()),
        "faults": [
            {
                "id": f.id,
                "tag": f.tag,
                "mode": f.mode,
                "text": two(bench.plant.machine.fault(f.id).text),
                "onset_s": f.onset_s,
                "degree": f.degree,
                "onset": f.onset.value,
                "now": f.level if f.cured_tick is None else 0.0,
                "cured_s": None if f.cured_tick is None else round(f.cured_tick * TICK_S, 2),
                "repair": bench.plant.machine.fault(f.id).mode.repair.value,
                "crossed": any(isinstance(e, Swap) for e in bench.plant.machine.fault(f.id).mode.effects),
            }
            for f in bench.state.faults
        ],
    }


def journal(path: Path) -> dict[str, Any]:
    """Header and events of a journal, with their outcomes: for the teacher only."""
    recorded = read_journal(path)
    events = [
        {**msgspec.to_builtins(e), "t": round(e.tick * TICK_S, 2), "outcome": recorded.outcomes.get(e.n)}
        for e in recorded.events
    ]
    return {
        "header": msgspec.to_builtins(recorded.header),
        "events": events,
        "last_s": round(recorded.last_tick * TICK_S, 2),
    }

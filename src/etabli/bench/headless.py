"""Benches without a page: what ``etabli run``, ``etabli replay`` and ``etabli report`` call.

Their JSON forms are documented in docs/json.md and stay stable (key ``format``).
"""

from __future__ import annotations

import csv
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from etabli.bench import views
from etabli.bench.errors import BenchError
from etabli.bench.faults import InjectedFault
from etabli.bench.live import Bench
from etabli.bench.plant import Plant, as_plant
from etabli.bench.state import TICK_S
from etabli.components.component import Onset
from etabli.machines.model import BAD_PARTS, GOOD_PARTS
from etabli.physics.blame import Blame, Sentinel
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text, unwritable

FORMAT = 1
WATCH_TICKS = 5
"""Alarms, protections and the CSV file are sampled every 50 ms."""
MOST_SECONDS = 86_400.0
_FAULT = re.compile(r"(?P<id>[^@*~]+)(@(?P<onset>[0-9.]+))?(\*(?P<degree>[0-9.]+))?(~(?P<kind>[a-z]+))?")
_PRESS = re.compile(r"(?P<tag>[^@=.]+)(\.(?P<control>\w+))?(=(?P<value>[0-9.]+))?@(?P<at>[0-9.]+)")


class HeadlessError(Exception):
    """A mistake in what was asked: one line, with its mend."""

    def __init__(self, text: Text, mend: Text) -> None:
        self.text = text
        self.mend = mend
        super().__init__(f"{text.fr} → {mend.fr}")


@contextmanager
def clear_errors() -> Iterator[None]:
    """Errors of machines and benches as :class:`HeadlessError`."""
    from etabli.machines import MachineError, UnknownMachine

    try:
        yield
    except (BenchError, MachineError, UnknownMachine) as error:
        raise HeadlessError(error.text, error.mend) from error


# --- reading the command line ---------------------------------------------------------------------


def parse_fault(text: str) -> InjectedFault:
    """``KM1.coil_open``, ``W101.loose_a@20*0.9``; ``~growing`` or ``~intermittent`` says how it comes."""
    found = _FAULT.fullmatch(text)
    kinds = "|".join(onset.value for onset in Onset)
    try:
        if found is None:
            raise ValueError
        onset = Onset(found["kind"]) if found["kind"] else Onset.SUDDEN
        return InjectedFault(found["id"], float(found["onset"] or 0.0), float(found["degree"] or 1.0), onset)
    except ValueError:
        raise HeadlessError(
            Text(f"panne « {text} » : écriture inconnue", f"fault “{text}”: unknown writing"),
            Text(
                f"écrire ID[@INSTANT_S][*DEGRÉ][~{kinds}], par exemple KM1.coil_open@10*0.8",
                f"write ID[@ONSET_S][*DEGREE][~{kinds}], for example KM1.coil_open@10*0.8",
            ),
        ) from None


@dataclass(frozen=True)
class Gesture:
    """A hand on a control at a time: pressed for 0.3 s, or put at ``value``."""

    at_s: float
    tag: str
    control: str
    value: float | None


def parse_press(plant: Plant, text: str) -> Gesture:
    """``S1@3`` (a press), ``S4=1@2.5`` (a selector put on 1), ``Q1.position=0@10``."""
    found = _PRESS.fullmatch(text)
    operated = sorted({control.tag for control in plant.controls.values()})
    if found is not None and found["tag"] not in operated:
        raise HeadlessError(
            Text(
                f"--press {text} : rien à actionner sur « {found['tag']} »",
                f"--press {text}: nothing to operate on “{found['tag']}”",
            ),
            Text(f"choisir parmi : {', '.join(operated)}", f"choose among: {', '.join(operated)}"),
        )
    try:
        if found is None:
            raise ValueError
        tag, value = found["tag"], float(found["value"]) if found["value"] else None
        return Gesture(float(found["at"]), tag, found["control"] or _control_of(plant, tag, value), value)
    except ValueError:
        raise HeadlessError(
            Text(f"--press {text} : écriture inconnue", f"--press {text}: unknown writing"),
            Text(
                "écrire BOUTON@INSTANT_S, ou SÉLECTEUR=POSITION@INSTANT_S",
                "write BUTTON@TIME_S, or SELECTOR=POSITION@TIME_S",
            ),
        ) from None


def _control_of(plant: Plant, tag: str, value: float | None) -> str:
    """The control meant when none is named: the button, or the only handle of this component."""
    names = [c.name for c in plant.controls.values() if c.tag == tag and c.name != "lock"]
    for likely in ("pressed", "position"):
        if likely in names and (likely == "pressed") == (value is None or "position" not in names):
            return likely
    return names[0] if names else "pressed"


# --- etabli run -----------------------------------------------------------------------------------


@dataclass
class RunResult:
    """What a headless run found."""

    machine: str
    seed: int
    simulated_s: float
    wall_s: float
    faults: list[dict[str, Any]]
    counters: dict[str, float]
    alarms: list[dict[str, Any]] = field(default_factory=list)
    protections: list[dict[str, Any]] = field(default_factory=list)
    unresolved_steps: int = 0
    unknowns: int = 0
    fingerprint: str = ""
    counted: tuple[Text, Text] = (GOOD_PARTS, BAD_PARTS)
    """What the machine counts as good and as bad."""
    blame: Blame | None = None
    """Who spoilt the first step without a solution, where there was one."""

    @property
    def ratio(self) -> float:
        """Simulated time over wall time."""
        return self.simulated_s / max(self.wall_s, 1e-9)

    def json(self) -> dict[str, Any]:
        """The documented form (docs/json.md)."""
        return {
            "format": FORMAT,
            "machine": self.machine,
            "seed": self.seed,
            "simulated_s": round(self.simulated_s, 3),
            "wall_s": round(self.wall_s, 4),
            "ratio": round(self.ratio, 1),
            "unknowns": self.unknowns,
            "faults": self.faults,
            "counters": self.counters,
            "alarms": self.alarms,
            "protections": self.protections,
            "unresolved_steps": self.unresolved_steps,
            "blame": None
            if self.blame is None
            else {
                "t": round(self.blame.time_s, 3),
                "device": self.blame.device,
                "text": views.two(self.blame.text),
                "mend": views.two(self.blame.mend),
            },
            "fingerprint": self.fingerprint,
        }

    def lines(self, language: str = "fr") -> list[str]:
        """The same for people."""
        say = _ENGLISH if language.startswith("en") else _FRENCH
        lines = [say["time"].format(self.simulated_s, self.wall_s, self.ratio)]
        names = zip(("good", "bad"), self.counted, strict=True)
        counts = [f"{text.get(language)} {self.counters.get(name, 0.0):.0f}" for name, text in names]
        jams = [say["jams"].format(self.counters["jams"])] if "jams" in self.counters else []
        lines.append(", ".join((*counts, *jams)))
        lines += [say["alarm"].format(a["t"], a["text"][language[:2]]) for a in self.alarms] or [say["no_alarm"]]
        lines += [say["trip"].format(p["t"], p["tag"]) for p in self.protections] or [say["no_trip"]]
        if self.unresolved_steps:
            lines.append(say["unresolved"].format(self.unresolved_steps))
        if self.blame is not None:
            lines.append(f"{self.blame.text.get(language)} → {self.blame.mend.get(language)}")
        return lines


_FRENCH = {
    "time": "temps simulé {:.2f} s, temps réel {:.3f} s, rapport {:.0f}",
    "jams": "bourrages {:.0f}",
    "alarm": "alarme à {:.2f} s : {}",
    "no_alarm": "aucune alarme",
    "trip": "protection déclenchée à {:.2f} s : {}",
    "no_trip": "aucune protection déclenchée",
    "unresolved": "attention : {} pas de calcul non résolus",
}
_ENGLISH = {
    "time": "simulated time {:.2f} s, wall time {:.3f} s, ratio {:.0f}",
    "jams": "jams {:.0f}",
    "alarm": "alarm at {:.2f} s: {}",
    "no_alarm": "no alarm",
    "trip": "protection tripped at {:.2f} s: {}",
    "no_trip": "no protection tripped",
    "unresolved": "attention: {} unresolved steps",
}


def run(
    machine: str,
    seconds: float,
    faults: Sequence[str] = (),
    presses: Sequence[str] = (),
    seed: int = 0,
    csv_file: Path | None = None,
    journal: Path | None = None,
    start: bool = False,
) -> RunResult:
    """Run a machine without a page. ``start``: the operator's own starting gestures (machine.yaml) come first.

    Raises :class:`HeadlessError`.
    """
    if not TICK_S <= seconds <= MOST_SECONDS:
        raise HeadlessError(
            Text(f"--seconds {seconds:g} : durée impossible", f"--seconds {seconds:g}: impossible duration"),
            Text(f"entre 0,01 et {MOST_SECONDS:.0f} s", f"between 0.01 and {MOST_SECONDS:.0f} s"),
        )
    ticks = round(seconds / TICK_S)
    injected = faults_of(faults, ticks)
    with clear_errors():
        plant = as_plant(machine)
        gestures = gestures_of(plant, presses, start, ticks)
        bench = Bench.create(plant, seed, injected, journal=journal)
        with _csv(csv_file, bench) as row:
            watch = AlarmWatch(bench)

            def look() -> None:
                if bench.state.tick % WATCH_TICKS == 0:
                    watch.look()
                    row()

            begun = time.perf_counter()
            advance(bench, ticks, gestures, takes_post_s(plant) if start else None, look)
            wall = time.perf_counter() - begun
        result = RunResult(
            bench.plant.machine.id,
            seed,
            bench.time_s,
            wall,
            [{"id": f.id, "onset_s": f.onset_s, "degree": f.degree, "onset": f.onset.value} for f in injected],
            bench.counters(),
            watch.alarms,
            watch.protections,
            bench.simulator.unresolved,
            bench.simulator.network.unknowns,
            fingerprint(bench),
            (plant.machine.acceptance.good, plant.machine.acceptance.bad),
            watch.blame,
        )
        bench.close()
    return result


def faults_of(asked: Sequence[str], ticks: int) -> list[InjectedFault]:
    """The faults of a run of ``ticks``. Raises :class:`HeadlessError`, also for one that would come after the end."""
    faults = [parse_fault(text) for text in asked]
    for text, fault in zip(asked, faults, strict=True):
        _check_in_time(text, fault.onset_s, ticks)
    return faults


def gestures_of(plant: Plant, presses: Sequence[str], start: bool, ticks: int) -> list[Gesture]:
    """What the hands do, in the order of time: ``presses`` and, with ``start``, the operator's starting gestures."""
    asked = [parse_press(plant, p) for p in presses]
    for text, gesture in zip(presses, asked, strict=True):
        _check_in_time(f"--press {text}", gesture.at_s, ticks)
    if start:
        asked += [Gesture(t, tag, control, value) for t, tag, control, value in plant.machine.operator.starts]
    return sorted(asked, key=lambda g: g.at_s)


def _check_in_time(what: str, at_s: float, ticks: int) -> None:
    """Who asks for something that comes after the end would read a healthy run as the effect of it."""
    if is_due(at_s, ticks - 1):
        return
    end = f"{ticks * TICK_S:g}"
    raise HeadlessError(
        Text(
            f"{what} : n'arrive pas dans un essai de {end.replace('.', ',')} s",
            f"{what}: does not come within a run of {end} s",
        ),
        Text("un instant plus petit, ou --seconds plus grand", "an earlier time, or more --seconds"),
    )


def takes_post_s(plant: Plant) -> float | None:
    """When the operator starts the gestures of production; None where the machine needs nobody."""
    rules = plant.machine.operator
    return max((at_s for at_s, *_ in rules.starts), default=0.0) if rules.works else None


def advance(
    bench: Bench, ticks: int, gestures: Sequence[Gesture], produce_s: float | None, each_tick: Callable[[], None]
) -> None:
    """Run ``ticks``; ``produce_s`` is when the operator takes the post, None where nobody does."""
    coming = list(gestures)
    for tick in range(ticks):
        while coming and is_due(coming[0].at_s, tick):
            _gesture(bench, coming.pop(0))
        if produce_s is not None and tick * TICK_S >= produce_s:
            bench.act("produce", on=True)
            produce_s = None
        bench.tick()
        each_tick()


def is_due(at_s: float, tick: int) -> bool:
    """Whether what is planned at ``at_s`` is done before this tick."""
    return at_s <= tick * TICK_S + 1e-9


def _gesture(bench: Bench, gesture: Gesture) -> None:
    if gesture.value is None:
        bench.act("press", tag=gesture.tag, control=gesture.control)
    else:
        bench.act("operate", tag=gesture.tag, control=gesture.control, value=gesture.value)


class AlarmWatch:
    """Alarms of the program and protections of the machine, with the time they come."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.alarms: list[dict[str, Any]] = []
        self.protections: list[dict[str, Any]] = []
        self._standing: list[Text] = []
        self._tripped: set[str] = set()
        self.blame: Blame | None = None
        self._sentinel = Sentinel(bench.simulator)
        sampled = bench.simulator.network.sampled.values()
        self._trips = [
            (d.name.partition(".")[0], MemoryRef(d.name, memory))
            for d in sampled
            for memory in ("tripped", "blown")
            if memory in d.law.memory
        ]

    def look(self) -> None:
        """Note what has just come."""
        bench = self._bench
        if self._sentinel.simulator is not bench.simulator:  # a hose or a wire was moved: another network runs
            self._sentinel = Sentinel(bench.simulator)
        self.blame = self.blame or self._sentinel.look()
        standing = bench.alarms()
        for text in standing:  # in the order of the machine's list: those that come together too
            if text not in self._standing:
                self.alarms.append({"t": round(bench.time_s, 2), "text": views.two(text)})
        self._standing = standing
        tripped = {tag for tag, ref in self._trips if bench.simulator.read(ref) > 0.5}
        for tag in sorted(tripped - self._tripped):
            self.protections.append({"t": round(bench.time_s, 2), "tag": tag})
        self._tripped = tripped


@contextmanager
def _csv(path: Path | None, bench: Bench) -> Iterator[Any]:
    """Writes a row of all seen channels and the production counts; does nothing without a file."""
    if path is None:
        yield lambda: None
        return
    try:
        file: IO[str] = path.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise HeadlessError(*unwritable(path, error)) from error
    with file:
        writer = csv.writer(file)
        writer.writerow(["t_s", *(c.id for c in bench.channels), "good", "bad"])

        def row() -> None:
            counters = bench.counters()
            counts = [int(counters.get(name, 0.0)) for name in ("good", "bad")]
            writer.writerow([f"{bench.time_s:.2f}", *bench.channel_values(), *counts])

        yield row


def fingerprint(bench: Bench) -> str:
    """SHA-256 of the whole state: two runs that are equal bit for bit have the same."""
    return hashlib.sha256(bench.simulator.snapshot() + bench.saved_state()).hexdigest()


# --- etabli replay, etabli report -----------------------------------------------------------------


def replay(journal: Path) -> dict[str, Any]:
    """Replay a journal from its first line and tell what it gives; raises :class:`HeadlessError`."""
    with clear_errors():
        begun = time.perf_counter()
        bench = Bench.open(journal, resume=False)
        wall = time.perf_counter() - begun
        view = views.journal(journal)
        told = {e["n"]: e["outcome"] for e in view["events"]}
        replayed = {n: entry.text.fr for n, entry in enumerate(bench.state.log, start=1)}
        differing = [n for n, o in told.items() if o is not None and o["text"]["fr"] != replayed.get(n)]
        return {
            "format": FORMAT,
            "machine": view["header"]["machine"],
            "seed": view["header"]["seed"],
            "mode": view["header"]["mode"],
            "faults": view["header"]["faults"],
            "simulated_s": round(bench.time_s, 2),
            "wall_s": round(wall, 4),
            "actions": view["events"],
            "differing_outcomes": differing,
            "counters": bench.counters(),
            "alarms": [views.two(a) for a in bench.alarms()],
            "minutes": bench.minutes_now,
            "cost": round(bench.state.cost, 2),
            "fingerprint": fingerprint(bench),
        }


def replay_lines(result: dict[str, Any], language: str = "fr") -> list[str]:
    """A replay for people."""
    french = not language.startswith("en")
    lines = []
    for event in result["actions"]:
        text = (event["outcome"] or {}).get("text", {}).get("fr" if french else "en", "")
        lines.append(f"{event['t']:9.2f} s  {event['name']:12} {text}")
    words = (
        "rejoué {:.2f} s en {:.3f} s, {} actions, empreinte {}"
        if french
        else "replayed {:.2f} s in {:.3f} s, {} actions, fingerprint {}"
    )
    lines.append(
        words.format(result["simulated_s"], result["wall_s"], len(result["actions"]), result["fingerprint"][:16])
    )
    if result["differing_outcomes"]:
        warn = (
            "ATTENTION : résultats différents aux actions {}"
            if french
            else "ATTENTION: different outcomes at actions {}"
        )
        lines.append(warn.format(result["differing_outcomes"]))
    return lines


def evidence(journal: Path) -> dict[str, Any]:
    """What a report is made from, out of a journal (see the README, *Evidence*); raises :class:`HeadlessError`."""
    with clear_errors():
        return views.evidence(Bench.open(journal, resume=False))

"""A network written by hand in one small text file: components, bare laws, connections, events, what to record.

``load_network("rc.yaml")`` gives an :class:`Experiment` (network and schedule) or raises :class:`MachineError` with
every mistake, its line and its mend. The format is described in docs/simulate.md, in French in docs/simuler.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from etabli.components.catalogue import catalogue
from etabli.components.component import Effect
from etabli.machines.network_build import NetworkBuilder
from etabli.machines.network_run import DEFAULT_STEP_S, Event, Experiment, Input, Recorded, Write
from etabli.machines.network_words import NOTHING, ONE_EVENT, ONE_WAVEFORM, SWAP, twice
from etabli.machines.problem import MachineError, Problems
from etabli.machines.read_waveform import WAVEFORMS
from etabli.machines.section import Section
from etabli.machines.source import read_yaml, suggestion
from etabli.physics.blame import UNITS
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, ParameterRef, Ref
from etabli.physics.soundness import Finding, check_network
from etabli.physics.text import Text

FIELDS = (
    "title",
    "seconds",
    "step_ms",
    "every_ms",
    "components",
    "devices",
    "sampled",
    "nodes",
    "connect",
    "inputs",
    "events",
    "record",
)
UNIT_OF_NODE = {**UNITS, Domain.PNEUMATIC: "bar abs"}
"""Unit written in the header of a node's column."""


def load_network(path: str | Path) -> Experiment:
    """The experiment of a file. Raises :class:`MachineError` with all that is wrong in it."""
    path = Path(path)
    catalogue()  # declares every law
    problems = Problems()
    experiment = _read(path, problems)
    if experiment is None or problems.errors:
        raise MachineError(problems.sorted())
    return experiment


def _read(path: Path, problems: Problems) -> Experiment | None:
    source = read_yaml(path.parent, path.name, problems)
    if source is None:
        return None
    top = Section(source, problems)
    top.only(*FIELDS)
    return _Reader(top).experiment()


class _Reader(NetworkBuilder):
    """The whole file: its network, then what happens to it and what is recorded."""

    def experiment(self) -> Experiment | None:
        top = self.top
        title = _title(top)
        seconds = top.number("seconds", 1e-6, 1e6, 1.0)
        step_s = top.number("step_ms", 1e-3, 1e3, DEFAULT_STEP_S * 1e3) * 1e-3
        every_s = top.number("every_ms", 0.0, 1e6, 0.0) * 1e-3
        self.build()
        if not self.network.nodes and not top.problems.errors:
            top.error("", *NOTHING)
        if top.problems.errors:
            return None  # a half-built network would only give messages about what is missing
        inputs, events = tuple(self._inputs()), tuple(self._events())
        records = self._records()
        self._check(inputs, events)
        return Experiment(title, self.network, inputs, events, records, seconds, step_s, every_s)

    # --- what happens -----------------------------------------------------------------------------------------------

    def _inputs(self) -> Iterator[Input]:
        for section in self.top.items("inputs"):
            section.only("to", *WAVEFORMS)
            target = section.string("to", required=True)
            given = [name for name in WAVEFORMS if name in section.values]
            if len(given) != 1:
                section.error("", *ONE_WAVEFORM)
                continue
            follows = WAVEFORMS[given[0]](section)
            to = self.parameter(section, "to", target) if target else None
            if to is not None and follows is not None:
                yield Input(to, follows)

    def _events(self) -> Iterator[Event]:
        for section in self.top.items("events"):
            section.only("at", "write", "press", "release", "operate", "value", "fault", "degree")
            at_s = section.number("at", 0.0, 1e6)
            kinds = [k for k in ("write", "press", "release", "operate", "fault") if k in section.values]
            if len(kinds) != 1:
                section.error("", *ONE_EVENT)
                continue
            writes = tuple(self._fault(section) if kinds[0] == "fault" else self._hand(section, kinds[0]))
            yield Event(at_s, writes, f"{kinds[0]} {section.values[kinds[0]]}")

    def _hand(self, section: Section, kind: str) -> Iterator[Write]:
        if kind == "write":
            inside = section.mapping("write")
            values = {name: inside.number(name) for name in inside.values} if inside is not None else {}
            where = inside or section
            targets = {name: self.parameter(where, name, name) for name in values}
        else:
            name = section.string(kind)
            value = section.number("value") if kind == "operate" else float(kind == "press")
            values, targets = {name: value}, {name: self._operated(section, kind, name)}
        for name, value in values.items():
            target = targets[name]
            if target is not None:
                yield Write(target, _constant(value))

    def _operated(self, section: Section, kind: str, name: str) -> ParameterRef | None:
        """The control of ``press: S1`` or ``operate: Q1.position``."""
        tag = name.partition(".")[0]
        if tag not in self.placed:
            section.no_component(kind, Text("événement", "event"), tag, self.placed)
            return None
        found = self._control(name)
        if found is None:
            known = [f"{tag}.{c}" for c in self.placed[tag][0].controls]
            text = Text(f"{tag} n'a pas de commande « {name} »", f"{tag} has no control “{name}”")
            section.error(kind, text, suggestion(name, known))
        return found

    def _fault(self, section: Section) -> Iterator[Write]:
        fault, degree = section.string("fault"), section.number("degree", 0.0, 1.0, 1.0)
        tag, _, name = fault.partition(".")
        if tag not in self.placed:
            section.no_component("fault", Text("panne", "fault"), tag, self.placed)
            return
        component, parameters, _ = self.placed[tag]
        modes = {m.id: m for m in component.failure_modes_of(parameters)}
        if name not in modes:
            text = Text(f"{tag} n'a pas de panne « {name} »", f"{tag} has no fault “{name}”")
            section.error("fault", text, suggestion(name, modes))
            return
        for effect in modes[name].effects:
            if not isinstance(effect, Effect):
                section.error("fault", *SWAP)
                return
            device, _, parameter = effect.target.rpartition(".")
            yield Write(ParameterRef(f"{tag}.{device}", parameter), _effect(effect, degree))

    # --- what is recorded -------------------------------------------------------------------------------------------

    def _records(self) -> tuple[Recorded, ...]:
        found = []
        for index, item in enumerate(self.top.listed("record", required=True)):
            section = Section(self.top.source, self.top.problems, ("record", index))
            made = self._record(section) if isinstance(item, dict) else self._recorded(section, "", str(item))
            if made is not None:
                found.append(made)
        repeated = {r.name for r in found if sum(o.name == r.name for o in found) > 1}
        for name in sorted(repeated):
            self.top.error("record", *twice(name))
        return tuple(found)

    def _record(self, section: Section) -> Recorded | None:
        section.only("value", "minus", "name", "unit", "scale", "offset")
        value = section.values.get("value")
        if value is None:
            section.missing("value")
            return None
        return self._recorded(section, "value", str(value))

    def _recorded(self, section: Section, where: str, value: str) -> Recorded | None:
        more = section.values
        ref = self.ref(section, where, value)
        minus = self.ref(section, "minus", str(more["minus"])) if "minus" in more else None
        if ref is None or ("minus" in more and minus is None):
            return None
        scale, offset = section.number("scale", default=1.0), section.number("offset", default=0.0)
        name = str(more.get("name") or (f"{value} - {more['minus']}" if minus is not None else value))
        unit = str(more["unit"]) if "unit" in more else self._unit(ref)
        return Recorded(name, unit, ref, minus, scale, offset)

    def _unit(self, ref: Ref) -> str:
        if isinstance(ref, NodeRef):
            return UNIT_OF_NODE[self.network.nodes[ref.node]] if ref.node in self.network.nodes else ""
        for tag, (component, _, _) in self.placed.items():
            for name, target in component.adjusts.items():
                device, _, parameter = target.rpartition(".")
                if ref == ParameterRef(f"{tag}.{device}", parameter):
                    return next(p.unit for p in component.parameters if p.name == name)
        return ""

    # --- soundness ----------------------------------------------------------------------------------------------------

    def _check(self, inputs: Iterable[Input], events: Iterable[Event]) -> None:
        driven = {i.to for i in inputs} | {w.to for e in events for w in e.writes}
        for finding in check_network(self.network, driven):
            self.top.problems.error(self.top.source.file, self._line(finding), finding.text, finding.mend)

    def _line(self, finding: Finding) -> int:
        for device, _ in finding.terminals:
            if ("devices", device) in self.top.source.lines:
                return self.top.line("devices", device)
            tag = device.partition(".")[0]
            if tag in self.placed:
                return self.top.line("components", tag)
        node = next(iter(finding.nodes), "")
        return self.top.line("nodes", node)


def _constant(value: float) -> Callable[[float], float]:
    return lambda before: value


def _effect(effect: Effect, degree: float) -> Callable[[float], float]:
    return lambda healthy: effect.at(healthy, degree)


def _title(top: Section) -> Text:
    value = top.values.get("title")
    if isinstance(value, str):
        return Text(value, value)
    return top.text("title", required=False)


__all__ = ["Experiment", "load_network"]

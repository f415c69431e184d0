"""A network written by hand in one small text file: components, bare laws, connections, events, what to record.

``load_network("rc.yaml")`` gives an :class:`Experiment` (network and schedule) or raises :class:`MachineError` with
every mistake, its line and its mend. The format is described in docs/simulate.md, in French in docs/simuler.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder, Component, Effect, Port
from etabli.machines.model import Coupling, coupled_nodes
from etabli.machines.network_run import DEFAULT_STEP_S, Event, Experiment, Input, Recorded, Write
from etabli.machines.problem import MachineError, Problems
from etabli.machines.read_components import read_parameters
from etabli.machines.read_waveform import WAVEFORMS
from etabli.machines.section import Section
from etabli.machines.source import read_yaml, suggestion
from etabli.physics.blame import UNITS
from etabli.physics.law import LAWS, SAMPLED_LAWS, Domain
from etabli.physics.network import (
    GROUND,
    MemoryRef,
    Network,
    NetworkError,
    NodeRef,
    ParameterRef,
    Ref,
    StateRef,
)
from etabli.physics.probe import stored_at_start
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
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_DOMAINS = {d.value: d for d in Domain}


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


@dataclass
class _Reader:
    """What the reading has understood so far."""

    top: Section
    network: Network = field(default_factory=Network)
    placed: dict[str, tuple[Component, dict[str, Any], Section]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    """Point -> node, for points that connections tie together."""

    def experiment(self) -> Experiment | None:
        top = self.top
        title = _title(top)
        seconds = top.number("seconds", 1e-6, 1e6, 1.0)
        step_s = top.number("step_ms", 1e-3, 1e3, DEFAULT_STEP_S * 1e3) * 1e-3
        every_s = top.number("every_ms", 0.0, 1e6, 0.0) * 1e-3
        self._read_components()
        self._read_connections()
        self._read_nodes()
        self._build_devices()
        self._build_components()
        self._fill_stores()
        self._build_sampled()
        if not self.network.nodes and not top.problems.errors:
            top.error("", *_NOTHING)
        if top.problems.errors:
            return None  # a half-built network would only give messages about what is missing
        inputs, events = tuple(self._inputs()), tuple(self._events())
        records = self._records()
        self._check(inputs, events)
        return Experiment(title, self.network, inputs, events, records, seconds, step_s, every_s)

    # --- what is connected ------------------------------------------------------------------------------------------

    def _read_components(self) -> None:
        for tag, section in self.top.sections("components"):
            section.only("family", "parameters", "links")
            family = section.string("family", required=True)
            component = catalogue().get(family)
            if not _NAME.fullmatch(tag):
                section.error("", *_bad_name(tag))
            elif component is None:
                if family:
                    text = Text(f"{tag} : famille « {family} » inconnue", f"{tag}: unknown family “{family}”")
                    section.error("family", text, suggestion(family, catalogue()))
            else:
                parameters = read_parameters(component, section.mapping("parameters"))
                self.placed[tag] = (component, parameters, section)

    def _ports(self, tag: str) -> tuple[Port, ...]:
        component, parameters, section = self.placed[tag]
        try:
            return component.ports_of(parameters)
        except (ValueError, TypeError, KeyError) as wrong:
            section.error("parameters", *_refused(tag, wrong))
            return ()

    def _points(self) -> dict[str, Domain]:
        """Every point that can be connected: ports, and nodes that bare devices name."""
        found = {f"{tag}:{port.name}": port.domain for tag in self.placed for port in self._ports(tag)}
        for _, section in self.top.sections("devices"):
            law = LAWS.get(str(section.values.get("law")))
            nodes = section.values.get("nodes")
            if law is None or not isinstance(nodes, dict):
                continue
            for terminal, domain in law.terminals.items():
                point = str(nodes.get(terminal, GROUND))
                if point != GROUND:
                    found.setdefault(point, domain)
        return found

    def _read_connections(self) -> None:
        points = self._points()
        couplings = []
        for index, tied in enumerate(self.top.listed("connect")):
            line = Section(self.top.source, self.top.problems, ("connect", index))
            if not isinstance(tied, list) or len(tied) < 2:
                line.error("", *_BAD_CONNECTION)
                continue
            names = [str(point) for point in tied]
            unknown = [n for n in names if n not in points and n != GROUND]
            for name in unknown:
                if self._may_exist(name):
                    continue  # what was not understood has its own message
                line.error("", *self._unknown_point(name, points))
            domains = {points[n] for n in names if n in points}
            if len(domains) > 1:
                line.error("", *_mixed(names, points))
            elif not unknown:
                couplings.append(Coupling(tuple(names)))
        self.merged = coupled_nodes(couplings)
        earthed = {node for point, node in self.merged.items() if point == GROUND}
        self.merged = {point: GROUND if node in earthed else node for point, node in self.merged.items()}

    def _may_exist(self, point: str) -> bool:
        """Whether a point belongs to a component or a device that could not be understood."""
        components, devices = self.top.values.get("components"), self.top.values.get("devices")
        if isinstance(components, dict) and point.partition(":")[0] in set(components) - set(self.placed):
            return True
        misread = [d for d in (devices.values() if isinstance(devices, dict) else ()) if isinstance(d, dict)]
        nodes = [d.get("nodes") for d in misread if d.get("law") not in LAWS]
        return any(point in map(str, n.values()) for n in nodes if isinstance(n, dict))

    def _unknown_point(self, name: str, points: Collection[str]) -> tuple[Text, Text]:
        tag, _, _ = name.partition(":")
        if tag in self.placed:
            ports = [f"{tag}:{p.name}" for p in self._ports(tag)]
            family = self.placed[tag][0].family
            text = Text(f"{tag} ({family}) n'a pas de borne {name}", f"{tag} ({family}) has no port {name}")
            return text, suggestion(name, ports)
        return Text(f"point « {name} » inconnu", f"unknown point “{name}”"), suggestion(name, points)

    def node(self, point: str) -> str:
        """Node on which a point lies."""
        return self.merged.get(point, point)

    def _read_nodes(self) -> None:
        for name, section in self.top.sections("nodes"):
            section.only("domain", "initial")
            domain = section.string("domain")
            if domain and domain not in _DOMAINS:
                text = Text(f"domaine « {domain} » inconnu", f"unknown domain “{domain}”")
                section.error("domain", text, suggestion(domain, _DOMAINS))
                continue
            node = self.node(name)
            if domain:
                self._try(section, partial(self.network.node, node, _DOMAINS[domain]))
            if "initial" in section.values:
                self.network.initial[node] = section.number("initial")

    def _try(self, section: Section, build: Callable[[], object]) -> None:
        """Run a step of the building; what it refuses is said at ``section``."""
        try:
            build()
        except (NetworkError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as wrong:
            section.error("", *_refused(section.name, wrong))

    # --- devices and components -------------------------------------------------------------------------------------

    def _build_devices(self) -> None:
        for name, section in self.top.sections("devices"):
            section.only("law", "nodes", "parameters", "initial")
            law = self._law(name, section, LAWS)
            if law is None:
                continue
            nodes = self._named(section, "nodes", law.terminals, str)
            parameters = self._numbers(section, "parameters", law.parameters)
            initial = self._numbers(section, "initial", law.states, optional=True)
            if nodes is None or parameters is None or initial is None:
                continue
            where = {terminal: self.node(point) for terminal, point in nodes.items()}
            self._try(section, partial(self.network.add, name, law, where, parameters, initial))

    def _fill_stores(self) -> None:
        """Bare volumes, masses and capacities start with what their node's initial value stores in them."""
        for name, section in self.top.sections("devices"):
            device = self.network.devices.get(name)
            if device is None:
                continue
            given = section.values.get("initial") or {}
            start = stored_at_start(self.network, device)
            initial = zip(device.law.states, device.initial, strict=True)
            filled = tuple(value if state in given else start.get(state, value) for state, value in initial)
            self.network.devices[name] = replace(device, initial=filled)

    def _law(self, name: str, section: Section, known: Mapping[str, Any]) -> Any:
        law = section.string("law", required=True)
        if not _NAME.fullmatch(name):
            section.error("", *_bad_name(name))
        elif law and law not in known:
            section.error(
                "law", Text(f"{name} : loi « {law} » inconnue", f"{name}: unknown law “{law}”"), suggestion(law, known)
            )
        else:
            return known.get(law)
        return None

    def _named(
        self, section: Section, what: str, wanted: Collection[str], read: Callable[[Any], Any], optional: bool = False
    ) -> dict[str, Any] | None:
        """The entries of a mapping with exactly these names; ``None`` with a problem otherwise."""
        inside = section.mapping(what, required=bool(wanted) and not optional)
        given = inside.values if inside is not None else {}
        wrong = inside is None and bool(wanted) and not optional
        for name in given:
            if name not in wanted and inside is not None:
                text = Text(f"{inside.name} : « {name} » inconnu", f"{inside.name}: unknown “{name}”")
                inside.error(name, text, suggestion(name, wanted))
                wrong = True
        missing = [name for name in wanted if name not in given]
        if missing and inside is not None and not optional:
            names = ", ".join(missing)
            section.error(
                what,
                Text(f"{inside.name} : il manque {names}", f"{inside.name}: {names} missing"),
                Text(f"ajouter {names} (tous sont nécessaires)", f"add {names} (all are needed)"),
            )
            wrong = True
        return None if wrong else {name: read(value) for name, value in given.items()}

    def _numbers(
        self, section: Section, what: str, wanted: Collection[str], optional: bool = False
    ) -> dict[str, float] | None:
        found = self._named(section, what, wanted, lambda value: value, optional)
        if found is None:
            return None
        inside = section.mapping(what)
        before = len(self.top.problems.found)
        numbers = {name: inside.number(name) for name in found} if inside is not None else {}
        return numbers if len(self.top.problems.found) == before else None

    def _build_components(self) -> None:
        for tag, (component, parameters, section) in self.placed.items():
            ports = self._ports(tag)
            links = self._links(tag, component, section)
            if links is None:
                continue
            wiring = {port.name: self.node(f"{tag}:{port.name}") for port in ports}
            builder = Builder(self.network, tag, ports, links, wiring)
            initial = {node: value for node, value in self.network.initial.items() if node in self._told()}
            self._try(section, partial(component.build, builder, parameters))
            self.network.initial.update(initial)  # what the file says wins over what the family starts from

    def _told(self) -> set[str]:
        return {self.node(name) for name, section in self.top.sections("nodes") if "initial" in section.values}

    def _links(self, tag: str, component: Component, section: Section) -> dict[str, Ref] | None:
        given = section.mapping("links")
        found: dict[str, Ref] = {}
        names = (*component.links, *component.optional_links)
        for name, target in (given.values if given is not None else {}).items():
            if given is None or name not in names:
                text = Text(f"{tag} : lien « {name} » inconnu", f"{tag}: unknown link “{name}”")
                (given or section).error(name, text, suggestion(name, names))
                return None
            ref = self._signal(str(target))
            if ref is None:
                text = Text(f"{tag} : signal « {target} » inconnu", f"{tag}: unknown signal “{target}”")
                given.error(name, text, suggestion(str(target), self._signals()))
                return None
            found[name] = ref
        missing = [name for name in component.links if name not in found]
        if missing:
            names_ = ", ".join(missing)
            section.error(
                "links",
                Text(f"{tag} : il manque le lien {names_}", f"{tag}: link {names_} missing"),
                Text(
                    f"écrire links: {{{missing[0]}: REPÈRE.signal}}, signaux : {', '.join(self._signals()[:8]) or '–'}",
                    f"write links: {{{missing[0]}: TAG.signal}}, signals: {', '.join(self._signals()[:8]) or '–'}",
                ),
            )
            return None
        return found

    def _signals(self) -> list[str]:
        return [f"{tag}.{name}" for tag, (component, _, _) in self.placed.items() for name in component.signals]

    def _signal(self, text: str) -> Ref | None:
        """``TAG.signal`` of a component, or anything of a bare device."""
        tag, _, name = text.partition(".")
        if tag in self.placed and name in self.placed[tag][0].signals:
            component, parameters, _ = self.placed[tag]
            return self._resolved(component.signals[name](tag, parameters))
        return self._inside(text)

    def _resolved(self, ref: Ref) -> Ref:
        return NodeRef(self.node(ref.node), ref.part) if isinstance(ref, NodeRef) else ref

    def _build_sampled(self) -> None:
        for name, section in self.top.sections("sampled"):
            section.only("law", "reads", "parameters", "initial", "writes")
            law = self._law(name, section, SAMPLED_LAWS)
            if law is None:
                continue
            reads = self._named(section, "reads", law.reads, str)
            writes = self._named(section, "writes", law.writes, str)
            parameters = self._numbers(section, "parameters", law.parameters)
            initial = self._numbers(section, "initial", law.memory, optional=True)
            if reads is None or writes is None or parameters is None or initial is None:
                continue
            found = {k: self.ref(section, "reads", v) for k, v in reads.items()}
            targets = {k: self.parameter(section, "writes", v) for k, v in writes.items()}
            seen = {k: ref for k, ref in found.items() if ref is not None}
            put = {k: ref for k, ref in targets.items() if ref is not None}
            if len(seen) < len(found) or len(put) < len(targets):
                continue
            self._try(section, partial(self.network.sample, name, law, seen, parameters, put, initial))

    # --- names -----------------------------------------------------------------------------------------------------

    def _inside(self, text: str) -> Ref | None:
        """``DEVICE.name``: a state, a parameter or a memory."""
        device, _, name = text.rpartition(".")
        continuous, sampled = self.network.devices.get(device), self.network.sampled.get(device)
        if continuous is not None and name in continuous.law.states:
            return StateRef(device, name)
        owner = continuous or sampled
        if owner is not None and name in owner.law.parameters:
            return ParameterRef(device, name)
        if sampled is not None and name in sampled.law.memory:
            return MemoryRef(device, name)
        return None

    def find(self, text: str) -> Ref | None:
        """Anything that can be read: a node, a state, a parameter, a memory, a signal or a channel."""
        node = self.node(text)
        if node in self.network.nodes or node == GROUND:
            return NodeRef(node)
        return self._inside(text) or self._signal(text) or self._channel(text)

    def _channel(self, text: str) -> Ref | None:
        tag, _, name = text.partition(".")
        if tag not in self.placed or self.placed[tag][0].channels is None:
            return None
        component, parameters, _ = self.placed[tag]
        assert component.channels is not None
        found = next((c.ref for c in component.channels(tag, parameters) if c.name == name), None)
        return self._resolved(found) if found is not None else None

    def _known(self, text: str) -> list[str]:
        """Names worth suggesting for ``text``: those of its device or component first."""
        network, (start, _, _) = self.network, text.rpartition(".")
        found = [f"{d.name}.{n}" for d in network.devices.values() for n in (*d.law.states, *d.law.parameters)]
        found += [f"{d.name}.{n}" for d in network.sampled.values() for n in (*d.law.memory, *d.law.parameters)]
        found += self._signals()
        near = [n for n in found if start and n.startswith(f"{start}.")]
        return near or [*network.nodes, *found]

    def ref(self, section: Section, name: str, text: str) -> Ref | None:
        """What ``text`` names; ``None`` with a problem at ``name`` of ``section``."""
        found = self.find(text)
        if found is None:
            section.error(
                name,
                Text(f"« {text} » ne désigne rien", f"“{text}” names nothing"),
                suggestion(text, self._known(text)),
            )
        return found

    def parameter(self, section: Section, name: str, text: str) -> ParameterRef | None:
        """A parameter that may be written; ``None`` with a problem."""
        found = self._control(text) or self.ref(section, name, text)
        if found is None:
            return None
        if not isinstance(found, ParameterRef):
            section.error(name, *_not_a_parameter(text))
            return None
        if found in {r for d in self.network.sampled.values() for targets in d.writes for r in targets}:
            section.error(name, *_held(text))
            return None
        return found

    def _control(self, text: str) -> ParameterRef | None:
        """``TAG.control`` of a component, or ``TAG`` alone for its button."""
        tag, _, name = text.partition(".")
        if tag not in self.placed:
            return None
        controls = self.placed[tag][0].controls
        target = controls.get(name or ("pressed" if "pressed" in controls else next(iter(controls), "")))
        if target is None or isinstance(target, ParameterRef):
            return target
        device, _, parameter = target.rpartition(".")
        return ParameterRef(f"{tag}.{device}", parameter)

    # --- what happens -----------------------------------------------------------------------------------------------

    def _inputs(self) -> Iterator[Input]:
        for section in self.top.items("inputs"):
            section.only("to", *WAVEFORMS)
            target = section.string("to", required=True)
            given = [name for name in WAVEFORMS if name in section.values]
            if len(given) != 1:
                section.error("", *_ONE_WAVEFORM)
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
                section.error("", *_ONE_EVENT)
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
                section.error("fault", *_SWAP)
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
        twice = {r.name for r in found if sum(o.name == r.name for o in found) > 1}
        for name in sorted(twice):
            self.top.error("record", *_twice(name))
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


# --- sentences --------------------------------------------------------------------------------------------------------

_NOTHING = (
    Text("ce fichier ne décrit aucun réseau", "this file describes no network"),
    Text("ajouter des « components: » ou des « devices: »", "add “components:” or “devices:”"),
)
_BAD_CONNECTION = (
    Text("un raccordement relie au moins deux points", "a connection joins two points or more"),
    Text("écrire par exemple - [G1:+, KA1:A1]", "write for example - [G1:+, KA1:A1]"),
)
_ONE_WAVEFORM = (
    Text("une entrée suit une fonction du temps et une seule", "an input follows exactly one function of time"),
    Text(f"écrire l'une de : {', '.join(WAVEFORMS)}", f"write one of: {', '.join(WAVEFORMS)}"),
)
_ONE_EVENT = (
    Text("un événement fait une seule chose", "an event does exactly one thing"),
    Text(
        "écrire l'un de : write, press, release, operate, fault", "write one of: write, press, release, operate, fault"
    ),
)
_SWAP = (
    Text("cette panne croise deux raccordements", "this fault crosses two connections"),
    Text("échanger les deux points dans « connect »", "exchange the two points in “connect”"),
)


def _bad_name(name: str) -> tuple[Text, Text]:
    return (
        Text(f"« {name} » n'est pas un nom", f"“{name}” is not a name"),
        Text("une lettre, puis lettres, chiffres, _ ou -", "a letter, then letters, digits, _ or -"),
    )


def _refused(what: str, wrong: Exception) -> tuple[Text, Text]:
    return (
        Text(f"{what} ne se construit pas : {wrong}", f"{what} cannot be built: {wrong}"),
        Text("corriger ses valeurs ou ses raccordements", "mend its values or its connections"),
    )


def _mixed(names: Iterable[str], points: Mapping[str, Domain]) -> tuple[Text, Text]:
    each = ", ".join(f"{n} ({points[n].value})" for n in names if n in points)
    return (
        Text(f"ces points ne sont pas de même nature : {each}", f"these points are not of one kind: {each}"),
        Text("ne relier que des points d'un même domaine", "join points of one domain only"),
    )


def _not_a_parameter(text: str) -> tuple[Text, Text]:
    return (
        Text(f"« {text} » se lit mais ne s'écrit pas", f"“{text}” can be read but not written"),
        Text("choisir un paramètre : COMPOSANT.organe.paramètre", "choose a parameter: COMPONENT.device.parameter"),
    )


def _held(text: str) -> tuple[Text, Text]:
    return (
        Text(
            f"« {text} » est écrit à chaque pas par le composant", f"“{text}” is written at each step by the component"
        ),
        Text(
            "agir sur ce qui le commande (tension, commande, panne)", "act on what drives it (voltage, control, fault)"
        ),
    )


def _twice(name: str) -> tuple[Text, Text]:
    return (
        Text(f"deux colonnes s'appellent « {name} »", f"two columns are named “{name}”"),
        Text("donner un « name » différent à l'une", "give one of them another “name”"),
    )


__all__ = ["Experiment", "load_network"]

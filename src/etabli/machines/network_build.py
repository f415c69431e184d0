"""The network of a file written by hand: its components, bare devices and connections, and what names mean in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder, Component, Port
from etabli.machines.model import Coupling, coupled_nodes
from etabli.machines.network_words import (
    BAD_CONNECTION,
    VACUUM,
    bad_name,
    held,
    mixed,
    not_a_parameter,
    refused,
)
from etabli.machines.read_components import read_parameters
from etabli.machines.section import Section
from etabli.machines.source import suggestion
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
from etabli.physics.text import Text

_NAME = re.compile(r"[A-Za-z_][\w-]*")
_DOMAINS = {d.value: d for d in Domain}


@dataclass
class NetworkBuilder:
    """What the reading has understood so far; ``top`` is the whole file. Every mistake is noted in its problems."""

    top: Section
    network: Network = field(default_factory=Network)
    placed: dict[str, tuple[Component, dict[str, Any], Section]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    """Point -> node, for points that connections tie together."""

    def build(self) -> None:
        """Read all that is connected, in the order in which names become known."""
        self._read_components()
        self._read_connections()
        self._read_nodes()
        self._build_devices()
        self._build_components()
        self._fill_stores()
        self._build_sampled()

    # --- what is connected ------------------------------------------------------------------------------------------

    def _read_components(self) -> None:
        for tag, section in self.top.sections("components"):
            section.only("family", "parameters", "links")
            family = section.string("family", required=True)
            component = catalogue().get(family)
            if not _NAME.fullmatch(tag):
                section.error("", *bad_name(tag))
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
            section.error("parameters", *refused(tag, wrong))
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
                line.error("", *BAD_CONNECTION)
                continue
            names = [str(point) for point in tied]
            unknown = [n for n in names if n not in points and n != GROUND]
            for name in unknown:
                if self._may_exist(name):
                    continue  # what was not understood has its own message
                line.error("", *self._unknown_point(name, points))
            domains = {points[n] for n in names if n in points}
            if len(domains) > 1:
                line.error("", *mixed(names, points))
            elif GROUND in names and domains == {Domain.PNEUMATIC}:
                line.error("", *VACUUM)
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
            section.error("", *refused(section.name, wrong))

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
            section.error("", *bad_name(name))
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
            section.error(name, *not_a_parameter(text))
            return None
        if found in {r for d in self.network.sampled.values() for targets in d.writes for r in targets}:
            section.error(name, *held(text))
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

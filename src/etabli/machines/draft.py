"""A machine while it is read: what was understood so far, and where each thing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from etabli.components.component import Port
from etabli.machines.model import BomLine, Coupling, Link, Location, Placed, Tube, Wire
from etabli.machines.problem import Problems
from etabli.machines.source import Source

SHEET = "machine.yaml"
COMPONENTS = "components.yaml"
WIRES = "wires.csv"
TUBES = "tubes.csv"
BOM = "bom.csv"
PROGRAM = "program.st"


@dataclass
class Draft:
    """What the reading found. Things that are wrong are left out, their problem is noted."""

    folder: Path
    problems: Problems = field(default_factory=Problems)
    sheet: Source | None = None
    components: Source | None = None
    locations: dict[str, Location] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    """Every tag of components.yaml, also of components that could not be understood, with its line."""
    wires: dict[str, Wire] = field(default_factory=dict)
    tubes: dict[str, Tube] = field(default_factory=dict)
    couplings: list[Coupling] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    bom: dict[str, BomLine] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each wire, tube (by tag), coupling (by its first port) and BOM reference."""
    refused: set[str] = field(default_factory=set)
    """References of the bill of materials that could not be understood."""
    incomplete: bool = False
    """Part of what is joined could not be read: what is left dangling then says nothing."""

    def port(self, point: str) -> Port | None:
        """The port "TAG:NAME" of a component, where both exist."""
        tag, _, name = point.partition(":")
        placed = self.placed.get(tag)
        return next((p for p in placed.ports if p.name == name), None) if placed else None

    def locate(self, tag: str) -> tuple[str, int]:
        """File and line where a tag is written."""
        if tag in self.wires:
            return WIRES, self.lines[tag]
        if tag in self.tubes:
            return TUBES, self.lines[tag]
        return COMPONENTS, self.tags.get(tag, 1)

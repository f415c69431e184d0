"""The folio file: what stands where on a sheet. Everything else (wires, numbers, references) is computed.

The format is described in ``docs/dev/folios.md``. Positions are whole modules (2.5 mm) inside the drawing area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from etabli.machines.problem import Problem, Problems
from etabli.machines.source import Place, Source, read_yaml
from etabli.physics.text import Text


class DrawingError(ValueError):
    """A drawing file cannot be drawn: which file, which line, what, and the mend."""

    def __init__(self, file: str, line: int, text: Text, mend: Text) -> None:
        super().__init__(Problem(file, line, text, mend).format("en"))
        self.problem = Problem(file, line, text, mend)
        self.text = text
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Reader:
    """Takes fields out of one mapping of a YAML file, with one clear message when one is wrong."""

    source: Source
    path: Place = ()

    @property
    def values(self) -> dict[str, Any]:
        """The mapping."""
        found = self.source.values
        for step in self.path:
            found = found[step]
        if not isinstance(found, dict):
            raise self.error(
                "une table « clé: valeur » est attendue ici",
                "a mapping 'key: value' is expected here",
                "voir docs/dev/folios.md",
                "see docs/dev/folios.md",
            )
        return found

    @property
    def line(self) -> int:
        """Line of the mapping."""
        return self.source.line(*self.path)

    def error(self, fr: str, en: str, mend_fr: str, mend_en: str) -> DrawingError:
        """A mistake at this place."""
        return DrawingError(self.source.file, self.line, Text(fr, en), Text(mend_fr, mend_en))

    def only(self, *names: str) -> None:
        """Refuse unknown fields."""
        for name in self.values:
            if name not in names:
                raise self.error(
                    f"champ inconnu « {name} »",
                    f"unknown field {name!r}",
                    f"champs permis : {', '.join(names)}",
                    f"allowed fields: {', '.join(names)}",
                )

    def point(self, name: str, default: tuple[int, int] | None = None) -> tuple[int, int]:
        """A grid point ``[x, y]``."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if _is_point(value):
            return value[0], value[1]
        raise self.error(
            f"« {name} » doit être [x, y] en modules entiers",
            f"{name!r} must be [x, y] in whole modules",
            f"écrire par exemple {name}: [12, 30]",
            f"write for example {name}: [12, 30]",
        )

    def place(self, name: str) -> tuple[float, float]:
        """A free point ``[x, y]``, fractions allowed (texts, cabinet, mimic)."""
        value = self.values.get(name)
        if isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
            return float(value[0]), float(value[1])
        raise self.error(
            f"« {name} » doit être [x, y]",
            f"{name!r} must be [x, y]",
            f"écrire par exemple {name}: [12.5, 30]",
            f"write for example {name}: [12.5, 30]",
        )

    def text(self, name: str) -> Text:
        """A text ``{fr: …, en: …}``."""
        value = self.values.get(name)
        if isinstance(value, dict) and isinstance(value.get("fr"), str) and isinstance(value.get("en"), str):
            return Text(value["fr"], value["en"])
        raise self.error(
            f"« {name} » doit avoir un texte fr et un texte en",
            f"{name!r} must have a text in fr and one in en",
            f"écrire {name}: {{fr: …, en: …}}",
            f"write {name}: {{fr: …, en: …}}",
        )

    def string(self, name: str, default: str | None = None) -> str:
        """A string."""
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value
        raise self.error(
            f"« {name} » manque ou n'est pas un texte",
            f"{name!r} is missing or not a text",
            f"ajouter le champ {name}",
            f"add the field {name}",
        )

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.error(
            f"« {name} » manque ou n'est pas un nombre entier",
            f"{name!r} is missing or not a whole number",
            f"ajouter le champ {name}",
            f"add the field {name}",
        )

    def number(self, name: str, default: float | None = None) -> float:
        """A number."""
        value = self.values.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise self.error(
            f"« {name} » manque ou n'est pas un nombre",
            f"{name!r} is missing or not a number",
            f"ajouter le champ {name}",
            f"add the field {name}",
        )

    def flag(self, name: str) -> bool:
        """A truth value, false by default."""
        return bool(self.values.get(name, False))

    def each(self, name: str) -> list[Reader]:
        """A list of mappings, empty by default."""
        value = self.values.get(name) or []
        if not isinstance(value, list):
            raise self.error(
                f"« {name} » doit être une liste",
                f"{name!r} must be a list",
                "une ligne par élément, commençant par un tiret",
                "one line per item, starting with a dash",
            )
        return [Reader(self.source, (*self.path, name, i)) for i in range(len(value))]

    def down(self, *steps: str | int) -> Reader:
        """Reader of a mapping inside this one."""
        return Reader(self.source, (*self.path, *steps))

    def mapping(self, name: str) -> dict[str, Any]:
        """A mapping, empty by default."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise self.error(
                f"« {name} » doit être une table", f"{name!r} must be a mapping", "clé: valeur", "key: value"
            )
        return {str(k): v for k, v in value.items()}


@dataclass(frozen=True, slots=True)
class Format:
    """A sheet in landscape: size of the paper and its reference grid, in modules."""

    name: str
    width: int
    height: int
    columns: int
    column_width: int
    row_height: float

    rows: str = "ABCDEF"
    left: int = 5
    top: int = 5

    @property
    def area(self) -> tuple[int, int]:
        """Width and height of the drawing area."""
        return self.columns * self.column_width, round(len(self.rows) * self.row_height)


FORMATS = {
    "A4": Format("A4", 118, 84, 10, 11, 11.0),
    "A3": Format("A3", 168, 118, 20, 8, 16.5),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One drawn part of a component. ``ports`` renames the pins of a symbol that serves several ports."""

    tag: str
    symbol: str
    at: tuple[int, int]
    quarters: int
    mirror: bool
    label: str
    """Sides to try first for the tag, best first ("w", "nw,e"…)."""
    label_at: tuple[float, float] | None
    """Start of the tag, from the top left corner of the symbol."""
    text: bool
    ports: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class TerminalPlace:
    """One terminal of a strip; ``label`` is the side of its number."""

    tag: str
    port: str
    at: tuple[int, int]
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A component shown for its place only, without pins (a rod sensor on the pneumatic folio)."""

    tag: str
    at: tuple[int, int]
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A dash-dotted frame with its name (cabinet, panel, valve island)."""

    start: tuple[int, int]
    stop: tuple[int, int]
    text: Text


@dataclass(frozen=True, slots=True)
class Note:
    """A free text."""

    at: tuple[float, float]
    text: Text
    size: float
    anchor: str
    vertical: bool


@dataclass(frozen=True, slots=True)
class Run:
    """How one conductor is drawn when the automatic way is not the best one."""

    via: tuple[tuple[int, int], ...] = ()
    label: tuple[float, float] | None = None
    hidden_label: bool = False


@dataclass(frozen=True, slots=True)
class StripPlan:
    """A terminal strip drawn as its plan: one column of the folio per terminal."""

    tag: str
    at: tuple[int, int]
    first: int
    last: int
    pitch: float
    line: int

    @property
    def terminals(self) -> list[tuple[str, float]]:
        """Port and x of each terminal, from left to right."""
        return [(str(n), self.at[0] + (n - self.first + 0.5) * self.pitch) for n in range(self.first, self.last + 1)]


@dataclass(frozen=True, slots=True)
class Folio:
    """A folio file."""

    id: str
    file: str
    number: int
    title: Text
    revision: str
    date: str
    format: Format
    elements: tuple[Element, ...]
    terminals: tuple[TerminalPlace, ...]
    marks: tuple[Mark, ...]
    frames: tuple[Frame, ...]
    notes: tuple[Note, ...]
    runs: Mapping[str, Run]
    hide: frozenset[str]
    plans: tuple[StripPlan, ...] = field(default=())


def _element(read: Reader) -> Element:
    read.only("tag", "symbol", "at", "turn", "mirror", "label", "text", "ports")
    turn = read.integer("turn", 0)
    if turn not in (0, 90, 180, 270):
        raise read.error(
            f"rotation de {turn}° impossible",
            f"no turn of {turn}°",
            "choisir 0, 90, 180 ou 270",
            "choose 0, 90, 180 or 270",
        )
    placed_by_hand = isinstance(read.values.get("label"), list)
    return Element(
        read.string("tag"),
        read.string("symbol"),
        read.point("at"),
        turn // 90,
        read.flag("mirror"),
        "" if placed_by_hand else read.string("label", ""),
        read.place("label") if placed_by_hand else None,
        read.flag("text"),
        {k: str(v) for k, v in read.mapping("ports").items()},
        read.line,
    )


def _terminals(read: Reader) -> list[TerminalPlace]:
    read.only("strip", "ports", "at", "step", "label")
    ports = read.values.get("ports")
    if not isinstance(ports, list) or not ports:
        raise read.error(
            "« ports » doit être une liste de bornes",
            "'ports' must be a list of terminals",
            "écrire par exemple ports: [1, 2, 3]",
            "write for example ports: [1, 2, 3]",
        )
    x, y = read.point("at")
    dx, dy = read.point("step", (4, 0))
    tag, label = read.string("strip"), read.string("label", "")
    return [TerminalPlace(tag, str(port), (x + i * dx, y + i * dy), label, read.line) for i, port in enumerate(ports)]


def _run(read: Reader) -> Run:
    read.only("via", "label", "nolabel")
    via = read.values.get("via") or []
    if not isinstance(via, list) or not all(_is_point(p) for p in via):
        raise read.error(
            "« via » doit être une liste de points [x, y]",
            "'via' must be a list of points [x, y]",
            "écrire par exemple via: [[12, 30], [40, 30]]",
            "write for example via: [[12, 30], [40, 30]]",
        )
    label = read.place("label") if "label" in read.values else None
    return Run(tuple((p[0], p[1]) for p in via), label, read.flag("nolabel"))


def _is_point(value: Any) -> TypeGuard[list[int]]:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value)


def read_drawing(folder: Path, file: str) -> Reader:
    """A drawing file of a machine folder; raises :class:`DrawingError` when it is not readable YAML."""
    problems = Problems()
    source = read_yaml(folder, file, problems)
    if problems.found or source is None:
        first = problems.found[0]
        raise DrawingError(first.file, first.line, first.text, first.mend)
    return Reader(source)


def _note(read: Reader) -> Note:
    read.only("at", "fr", "en", "size", "anchor", "vertical")
    text = Text(read.string("fr"), read.string("en"))
    return Note(
        read.place("at"),
        text,
        read.number("size", 1.3),
        read.string("anchor", "start"),
        read.flag("vertical"),
    )


def _frame(read: Reader) -> Frame:
    read.only("from", "to", "fr", "en")
    return Frame(read.point("from"), read.point("to"), Text(read.string("fr"), read.string("en")))


def _mark(read: Reader) -> Mark:
    read.only("tag", "at", "label")
    return Mark(read.string("tag"), read.point("at"), read.string("label", ""), read.line)


def _plan(read: Reader) -> StripPlan:
    read.only("strip", "at", "first", "last", "pitch")
    return StripPlan(
        read.string("strip"),
        read.point("at"),
        read.integer("first"),
        read.integer("last"),
        read.number("pitch", 4.0),
        read.line,
    )


def read_folio(folder: Path, file: str) -> Folio:
    """The folio of one file (relative to the machine folder); its id is the stem of the file."""
    read = read_drawing(folder, file)
    read.only(
        "folio", "title", "revision", "date", "size", "elements", "terminals", "marks", "frames", "notes", "runs",
        "hide", "plans",
    )  # fmt: skip
    size = read.string("size", "A4")
    if size not in FORMATS:
        raise read.error(
            f"format « {size} » inconnu", f"unknown format {size!r}", "choisir A3 ou A4", "choose A3 or A4"
        )
    return Folio(
        id=Path(file).stem,
        file=file,
        number=read.integer("folio"),
        title=read.text("title"),
        revision=str(read.values.get("revision", "A")),
        date=str(read.values.get("date", "")),
        format=FORMATS[size],
        elements=tuple(_element(e) for e in read.each("elements")),
        terminals=tuple(place for row in read.each("terminals") for place in _terminals(row)),
        marks=tuple(_mark(m) for m in read.each("marks")),
        frames=tuple(_frame(f) for f in read.each("frames")),
        notes=tuple(_note(n) for n in read.each("notes")),
        runs={name: _run(read.down("runs", name)) for name in read.mapping("runs")},
        hide=frozenset(str(h) for h in read.values.get("hide") or []),
        plans=tuple(_plan(p) for p in read.each("plans")),
    )

"""Takes typed fields out of a YAML mapping and notes every mistake, so that one reading finds them all."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from etabli.machines.problem import Problems
from etabli.machines.source import Place, Source, suggestion
from etabli.physics.text import Text

NO_TEXT = Text("", "")


@dataclass(frozen=True)
class Section:
    """One mapping of a YAML file."""

    source: Source
    problems: Problems
    path: Place = ()

    @property
    def values(self) -> dict[str, Any]:
        """The mapping itself."""
        found: Any = self.source.values
        for step in self.path:
            found = found[step]
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """How messages call this place."""
        return ".".join(str(step) for step in self.path) or self.source.file

    def line(self, *names: str | int) -> int:
        """Line of a field, or of the mapping when the field is absent."""
        return self.source.line(*self.path, *names)

    def error(self, field: str, text: Text, mend: Text) -> None:
        """Note a mistake at ``field``."""
        self.problems.error(self.source.file, self.line(field) if field else self.line(), text, mend)

    def warning(self, field: str, text: Text, mend: Text) -> None:
        """Note something worth a look at ``field``."""
        self.problems.warning(self.source.file, self.line(field) if field else self.line(), text, mend)

    def no_component(self, field: str, who: Text, tag: str, known: Collection[str]) -> None:
        """Note that ``field`` names a component that no file declares; ``who`` says whose field it is."""
        self.error(
            field,
            Text(f"{who.fr} : le composant « {tag} » n'existe pas", f"{who.en}: there is no component “{tag}”"),
            suggestion(tag, known),
        )

    def only(self, *names: str) -> None:
        """Note every field that is not one of ``names``."""
        for name in self.values:
            if name not in names:
                self.error(
                    name, Text(f"champ inconnu « {name} »", f"unknown field “{name}”"), suggestion(name, tuple(names))
                )

    def missing(self, name: str) -> None:
        """Note that ``name`` is absent."""
        fr, en = (f"{self.name} : ", f"{self.name}: ") if self.path else ("", "")  # the file is named anyway
        self.error(
            name,
            Text(f"{fr}il manque « {name} »", f"{en}“{name}” is missing"),
            Text(f"ajouter une ligne « {name}: … »", f"add a line “{name}: …”"),
        )

    def string(self, name: str, required: bool = False) -> str:
        """A word; empty when absent."""
        value = self.values.get(name)
        if value is None:
            if required:
                self.missing(name)
            return ""
        if isinstance(value, str):
            return value
        self.error(
            name,
            Text(f"« {name} » doit être un mot", f"“{name}” must be a word"),
            Text("le mettre entre guillemets", "put it between quotes"),
        )
        return ""

    def text(self, name: str, required: bool = True) -> Text:
        """A text in both languages: ``{fr: "…", en: "…"}``."""
        value = self.values.get(name)
        if value is None:
            if required:
                self.missing(name)
            return NO_TEXT
        if (
            isinstance(value, dict)
            and set(value) == {"fr", "en"}
            and all(isinstance(t, str) and t for t in value.values())
        ):
            return Text(value["fr"], value["en"])
        self.error(
            name,
            Text(
                f"« {name} » doit être écrit en français et en anglais",
                f"“{name}” must be written in French and English",
            ),
            Text(f'écrire {name}: {{fr: "…", en: "…"}}', f'write {name}: {{fr: "…", en: "…"}}'),
        )
        return NO_TEXT

    def number(
        self, name: str, minimum: float = -math.inf, maximum: float = math.inf, default: float | None = None
    ) -> float:
        """A number within limits; required without ``default``."""
        value = self.values.get(name)
        if value is None:
            if default is None:
                self.missing(name)
            return default if default is not None else 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.error(
                name,
                Text(f"« {name} » doit être un nombre, pas « {value} »", f"“{name}” must be a number, not “{value}”"),
                Text(
                    "écrire un nombre avec un point décimal, sans unité", "write a number with a decimal point, no unit"
                ),
            )
            return 0.0
        if minimum <= value <= maximum:
            return float(value)
        self.error(
            name,
            Text(f"« {name} » vaut {value:g}, hors limites", f"“{name}” is {value:g}, out of limits"),
            Text(f"choisir entre {minimum:g} et {maximum:g}", f"choose between {minimum:g} and {maximum:g}"),
        )
        return 0.0

    def mapping(self, name: str, required: bool = False) -> Section | None:
        """A mapping inside this one."""
        value = self.values.get(name)
        if value is None:
            if required:
                self.missing(name)
            return None
        if isinstance(value, dict):
            return Section(self.source, self.problems, (*self.path, name))
        self.error(
            name,
            Text(f"« {name} » doit contenir des lignes « clé: valeur »", f"“{name}” must hold lines “key: value”"),
            Text("écrire les clés sur les lignes suivantes, en retrait", "write the keys on the next lines, indented"),
        )
        return None

    def sections(self, name: str) -> Iterator[tuple[str, Section]]:
        """The mappings of a mapping of mappings, with their keys."""
        inside = self.mapping(name)
        if inside is None:
            return
        for key in inside.values:
            found = inside.mapping(key)
            if found is not None:
                yield key, found

    def items(self, name: str, required: bool = False) -> Iterator[Section]:
        """The mappings of a list."""
        for index, value in enumerate(self.listed(name, required)):
            path = (*self.path, name, index)
            if isinstance(value, dict):
                yield Section(self.source, self.problems, path)
                continue
            self.problems.error(
                self.source.file,
                self.source.line(*path),
                Text(f"chaque élément de « {name} » doit contenir des clés", f"each item of “{name}” must hold keys"),
                Text("écrire « - clé: valeur »", "write “- key: value”"),
            )

    def listed(self, name: str, required: bool = False) -> list[Any]:
        """A list; empty when absent."""
        value = self.values.get(name)
        if value is None:
            if required:
                self.missing(name)
            return []
        if isinstance(value, list):
            return value
        self.error(
            name,
            Text(f"« {name} » doit être une liste", f"“{name}” must be a list"),
            Text("écrire chaque élément sur sa ligne après un tiret", "write each item on its line after a dash"),
        )
        return []

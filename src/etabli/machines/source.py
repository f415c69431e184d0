"""Text files of a machine, read with the line of every value, so that every message can name file and line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from etabli.machines.problem import Problems
from etabli.physics.text import Text, system_reason

Place = tuple[str | int, ...]
"""Where a value is inside a YAML file: keys and list indices from the top."""

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # whichever of the two there is
    """YAML 1.1, but ``1e-6`` is a number as in YAML 1.2 (``1E6`` stays a word: it may be a tag)."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?(e[-+]?|E[-+])[0-9]+$"), list("-+0123456789")
)


@dataclass
class Source:
    """A YAML file as plain values, with the line of each."""

    file: str
    values: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Line of the value at ``path``, or of the closest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Table:
    """A CSV file with a line of titles."""

    file: str
    rows: tuple[Row, ...] = ()


def read_text(folder: Path, file: str, problems: Problems) -> str | None:
    """Contents of a UTF-8 file; ``None`` with a problem when it cannot be read."""
    try:
        return (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.error(
            file,
            0,
            Text("fichier absent", "missing file"),
            Text(
                f"créer {file} dans ce dossier, ou corriger son nom", f"create {file} in this folder, or mend its name"
            ),
        )
    except UnicodeDecodeError as wrong:
        line = (folder / file).read_bytes()[: wrong.start].count(b"\n") + 1
        problems.error(
            file,
            line,
            Text("ce fichier n'est pas en UTF-8", "this file is not UTF-8"),
            Text("l'enregistrer avec l'encodage UTF-8", "save it with the UTF-8 encoding"),
        )
    except OSError as wrong:
        why = system_reason(wrong)
        problems.error(
            file,
            0,
            Text(f"lecture impossible ({why.fr})", f"cannot be read ({why.en})"),
            Text("vérifier les droits et le type du fichier", "check the rights and the type of the file"),
        )
    return None


def read_yaml(folder: Path, file: str, problems: Problems) -> Source | None:
    """Read a YAML file whose top is a mapping; ``None`` with a problem when it cannot be understood."""
    text = read_text(folder, file, problems)
    if text is None:
        return None
    source = Source(file, None)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        source.values = _build(node, (), source, problems, loader) if node is not None else {}
    except RecursionError:
        problems.error(
            file,
            max(source.lines.values(), default=1),
            Text("des valeurs sont imbriquées sans fin", "values are nested without end"),
            Text("ne pas mettre une valeur (*nom) dans elle-même", "do not put a value (*name) inside itself"),
        )
        return None
    except yaml.YAMLError as wrong:
        line = _line_of(wrong)
        said = getattr(wrong, "problem", None) or str(wrong)
        problems.error(
            file,
            line,
            Text(f"YAML illisible : {said}", f"YAML cannot be read: {said}"),
            Text(
                "corriger cette ligne ou celle d'avant (deux-points, retrait, guillemet ou crochet)",
                "mend this line or the one before (colon, indent, quote or bracket)",
            ),
        )
        return None
    if isinstance(source.values, dict):
        return source
    problems.error(
        file,
        1,
        Text("ce fichier doit être une suite de « clé: valeur »", "this file must be a list of “key: value”"),
        Text(
            "commencer la première ligne par une clé suivie de deux-points",
            "start the first line with a key and a colon",
        ),
    )
    return None


def _line_of(wrong: yaml.YAMLError) -> int:
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    return int(mark.line) + 1 if mark is not None else 1


def _build(node: Any, path: Place, source: Source, problems: Problems, loader: Any) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, i), source, problems, loader) for i, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, source.file, problems, loader)
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in values:
            problems.error(
                source.file,
                line,
                Text(f"« {key} » est écrit deux fois", f"“{key}” is written twice"),
                Text("garder une seule des deux lignes ou renommer l'une", "keep one of the two lines or rename one"),
            )
            continue
        # The line of a value is that of its key: an alias (*name) would otherwise point to where it was defined.
        source.lines[(*path, key)] = line
        values[key] = _build(value_node, (*path, key), source, problems, loader)
    return values


def _scalar(node: Any, file: str, problems: Problems, loader: Any) -> Any:
    try:
        return loader.construct_object(node)
    except (yaml.YAMLError, ValueError, AttributeError):
        problems.error(
            file,
            node.start_mark.line + 1,
            Text(f"valeur « {node.value} » illisible", f"value “{node.value}” cannot be read"),
            Text("la mettre entre guillemets", "put it between quotes"),
        )
        return str(node.value)


def read_table(
    folder: Path, file: str, columns: Sequence[str], problems: Problems, optional: Iterable[str] = ()
) -> Table | None:
    """Read a comma-separated table; its first line gives the titles, which must be ``columns`` (some ``optional``)."""
    text = read_text(folder, file, problems)
    if text is None:
        return None
    lines = csv.reader(io.StringIO(text), strict=True)
    try:
        titles = [title.strip() for title in next(lines, [])]
        if not _titles_fit(file, titles, columns, set(optional), problems):
            return None
        return Table(file, tuple(_rows(file, lines, titles, problems)))
    except csv.Error as wrong:
        problems.error(
            file,
            lines.line_num,
            Text(f"ligne illisible ({wrong})", f"unreadable line ({wrong})"),
            Text("vérifier les guillemets de cette ligne", "check the quotes of this line"),
        )
        return None


def _titles_fit(file: str, titles: list[str], columns: Sequence[str], optional: set[str], problems: Problems) -> bool:
    missing = [c for c in columns if c not in titles and c not in optional]
    unknown = [t for t in titles if t not in columns]
    wanted = ",".join(columns)
    if missing:
        names = ", ".join(missing)
        problems.error(
            file,
            1,
            Text(f"colonne absente : {names}", f"missing column: {names}"),
            Text(f"écrire la première ligne : {wanted}", f"write the first line: {wanted}"),
        )
    if unknown:
        names = ", ".join(t or "?" for t in unknown)
        problems.error(
            file,
            1,
            Text(f"colonne inconnue : {names}", f"unknown column: {names}"),
            Text(f"écrire la première ligne : {wanted}", f"write the first line: {wanted}"),
        )
    return not missing and not unknown


def _rows(file: str, lines: Any, titles: list[str], problems: Problems) -> Iterable[Row]:
    for cells in lines:
        if not cells or cells[0].startswith("#"):
            continue
        if len(cells) != len(titles):
            problems.error(
                file,
                lines.line_num,
                Text(
                    f"{len(cells)} cases au lieu de {len(titles)}",
                    f"{len(cells)} cells instead of {len(titles)}",
                ),
                Text(
                    "ajouter ou enlever des virgules pour avoir une case par colonne (décimales : un point)",
                    "add or remove commas to have one cell per column (decimals: a point)",
                ),
            )
            continue
        yield Row(lines.line_num, dict(zip(titles, (c.strip() for c in cells), strict=True)))


@cache
def closest_words(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Known words that look like ``word``, best first."""
    import difflib

    return tuple(difflib.get_close_matches(word, known, n=3, cutoff=0.5))


def suggestion(word: str, known: Iterable[str], most: int = 12) -> Text:
    """The mend of an unknown name: the closest known ones, or a few of them."""
    names = tuple(sorted(set(known)))
    close = closest_words(word, names)
    if close:
        joined = ", ".join(close)
        return Text(f"écrire plutôt : {joined}", f"write rather: {joined}")
    if not names:
        return Text(
            "enlever cette ligne : il n'y a rien à nommer ici", "remove this line: there is nothing to name here"
        )
    joined = ", ".join(names[:most]) + (" …" if len(names) > most else "")
    return Text(f"choisir parmi : {joined}", f"choose among: {joined}")

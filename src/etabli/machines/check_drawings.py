"""Checks of folios, cabinet and mimic: every element has its component, every component is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etabli.machines.draft import COMPONENTS, Draft
from etabli.machines.drawing.sheet import DrawingError, read_folio
from etabli.machines.source import Place, Source, read_yaml, suggestion
from etabli.physics.text import Text

CABINET, MIMIC = "cabinet.yaml", "mimic.yaml"
_TAG_KEYS = ("tag", "strip")


def check_drawings(draft: Draft) -> None:
    """Note every mistake of the drawing files."""
    drawn: set[str] = set()
    folios = sorted(p.name for p in (draft.folder / "folios").glob("*.yaml"))
    if not folios:
        draft.problems.error(
            "folios",
            0,
            Text("aucun folio", "no folio"),
            Text("dessiner au moins un folio dans folios/*.yaml", "draw at least one folio in folios/*.yaml"),
        )
    for name in folios:
        drawn |= _check_folio(draft, f"folios/{name}")
    for file in (CABINET, MIMIC):
        source = read_yaml(draft.folder, file, draft.problems)
        if source is not None:
            drawn |= _check_elements(draft, source)
    _check_all_drawn(draft, drawn, bool(folios))


def _check_folio(draft: Draft, file: str) -> set[str]:
    """Tags that the folio draws."""
    errors = len(draft.problems.errors)
    source = read_yaml(draft.folder, file, draft.problems)
    if source is None:
        return set()
    drawn = _check_elements(draft, source)
    if len(draft.problems.errors) == errors:
        _check_form(draft, file)
    return drawn


def _check_form(draft: Draft, file: str) -> None:
    try:
        read_folio(Path(draft.folder), file)
    except DrawingError as wrong:
        draft.problems.error(wrong.problem.file, wrong.problem.line, wrong.problem.text, wrong.problem.mend)


def _check_elements(draft: Draft, source: Source) -> set[str]:
    drawn = set()
    for path, mapping in _mappings(source.values, ()):
        for key in _TAG_KEYS:
            tag = mapping.get(key)
            if not isinstance(tag, str):
                continue
            drawn.add(tag)
            if tag not in draft.tags:
                draft.problems.error(
                    source.file,
                    source.line(*path, key),
                    Text(f"élément dessiné sans composant : « {tag} »", f"drawn element without component: “{tag}”"),
                    suggestion(tag, draft.tags),
                )
                continue
            _check_symbol(draft, source, (*path, "symbol"), tag, mapping.get("symbol"))
            if key == "strip":
                _check_ports(draft, source, (*path, "ports"), tag, mapping.get("ports"))
    return drawn


def _check_symbol(draft: Draft, source: Source, path: Place, tag: str, symbol: object) -> None:
    placed = draft.placed.get(tag)
    if placed is None or symbol is None or str(symbol) in placed.component.symbols:
        return
    draft.problems.error(
        source.file,
        source.line(*path),
        Text(
            f"{tag} : la famille {placed.component.family} n'a pas de symbole « {symbol} »",
            f"{tag}: the family {placed.component.family} has no symbol “{symbol}”",
        ),
        suggestion(str(symbol), placed.component.symbols),
    )


def _check_ports(draft: Draft, source: Source, path: Place, tag: str, ports: object) -> None:
    placed = draft.placed.get(tag)
    if placed is None or not isinstance(ports, list):
        return
    names = {port.name for port in placed.ports}
    for index, port in enumerate(ports):
        if str(port) not in names:
            draft.problems.error(
                source.file,
                source.line(*path, index),
                Text(f"{tag} n'a pas de borne « {port} »", f"{tag} has no port “{port}”"),
                suggestion(str(port), names),
            )


def _mappings(values: object, path: Place) -> Iterator[tuple[Place, dict[str, object]]]:
    if isinstance(values, dict):
        yield path, values
        for key, value in values.items():
            yield from _mappings(value, (*path, key))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _mappings(value, (*path, index))


def _check_all_drawn(draft: Draft, drawn: set[str], has_folios: bool) -> None:
    if not has_folios:
        return
    for tag, placed in draft.placed.items():
        if tag in drawn or not placed.component.symbols:
            continue
        draft.problems.error(
            COMPONENTS,
            draft.tags[tag],
            Text(f"{tag} n'est dessiné nulle part", f"{tag} is drawn nowhere"),
            Text(
                f"ajouter un élément « tag: {tag} » dans un folio, l'armoire ou le synoptique",
                f"add an element “tag: {tag}” to a folio, the cabinet or the mimic",
            ),
        )

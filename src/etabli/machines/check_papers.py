"""Checks of what is on paper: documents, bill of materials, questions to the operator."""

from __future__ import annotations

import re
from collections import defaultdict

from etabli.machines.draft import BOM, COMPONENTS, SHEET, Draft
from etabli.machines.model import Machine
from etabli.machines.source import closest_words, suggestion
from etabli.physics.text import Text

_TAG_IN_TEXT = re.compile(r"`([0-9]*[A-Z]{1,3}[0-9]+)(?::[^`]*)?`")
_LEAST_CHARACTERS = 200


def check_papers(draft: Draft, machine: Machine) -> None:
    """Note every mistake of documents, bill of materials and questions."""
    _check_references(draft)
    _check_documents(draft, machine)
    _check_questions(draft, machine)


def _check_references(draft: Draft) -> None:
    unknown = len(draft.problems.errors)
    for tag, placed in draft.placed.items():
        reference = placed.reference
        if not reference or reference in draft.bom or reference in draft.refused or not draft.bom:
            continue
        line = draft.components.line(tag, "reference") if draft.components else 1
        draft.problems.error(
            COMPONENTS,
            line,
            Text(
                f"{tag} : la référence {reference} n'est pas dans la nomenclature",
                f"{tag}: the reference {reference} is not in the bill of materials",
            ),
            Text(f"ajouter une ligne {reference} à {BOM}", f"add a line {reference} to {BOM}")
            if not closest_words(reference, tuple(sorted(draft.bom)))
            else suggestion(reference, draft.bom),
        )
    if len(draft.problems.errors) > unknown or draft.components is None:
        return
    entries = [e for e in draft.components.values.values() if isinstance(e, dict)]
    used = {str(entry.get("reference", "")) for entry in entries}
    for reference in draft.bom:
        if reference not in used:
            draft.problems.warning(
                BOM,
                draft.lines[reference],
                Text(
                    f"aucun composant ne porte la référence {reference}", f"no component has the reference {reference}"
                ),
                Text("l'enlever, ou la donner à un composant", "remove it, or give it to a component"),
            )


def _check_documents(draft: Draft, machine: Machine) -> None:
    known: set[str] = set()
    for document in machine.documents:
        for file in document.files.values():
            known.add(file)
            _check_document(draft, file)
    folder = draft.folder / "documents"
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        file = f"documents/{path.name}"
        if file not in known:
            draft.problems.warning(
                file,
                1,
                Text(
                    "ce document n'est pas dans la liste de machine.yaml", "this document is not listed in machine.yaml"
                ),
                Text("l'ajouter sous documents, ou l'effacer", "add it under documents, or delete it"),
            )


def _check_document(draft: Draft, file: str) -> None:
    try:
        text = (draft.folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        draft.problems.error(
            file,
            1,
            Text("document illisible", "the document cannot be read"),
            Text("l'enregistrer en UTF-8", "save it in UTF-8"),
        )
        return
    if len(text.strip()) < _LEAST_CHARACTERS:
        draft.problems.error(
            file,
            1,
            Text("document vide ou presque", "empty or nearly empty document"),
            Text("écrire son contenu", "write its contents"),
        )
    for number, line in enumerate(text.splitlines(), start=1):
        for tag in _TAG_IN_TEXT.findall(line):
            if tag not in draft.tags and tag not in draft.wires and tag not in draft.tubes:
                draft.problems.error(
                    file,
                    number,
                    Text(
                        f"ce document parle de « {tag} », qui n'existe pas",
                        f"this document names “{tag}”, which does not exist",
                    ),
                    suggestion(tag, draft.tags),
                )


def _check_questions(draft: Draft, machine: Machine) -> None:
    seen: dict[str, int] = defaultdict(int)
    for question in machine.operator.questions:
        seen[question.id] += 1
        if seen[question.id] == 2:
            draft.problems.error(
                SHEET,
                draft.sheet.line("operator", "questions") if draft.sheet else 1,
                Text(f"question « {question.id} » écrite deux fois", f"question “{question.id}” written twice"),
                Text("donner un autre id à l'une des deux", "give one of the two another id"),
            )

"""Reads the rest of machine.yaml (name, panel, input-output table, alarms, acceptance, documents) and bom.csv."""

from __future__ import annotations

import math
from collections.abc import Mapping

from etabli.machines.draft import BOM, Draft
from etabli.machines.model import BAD_PARTS, GOOD_PARTS, Acceptance, Alarm, BomLine, Document, IoLine, PanelItem
from etabli.machines.section import NO_TEXT, Section
from etabli.machines.source import Row, read_table, suggestion
from etabli.physics.text import Text

BOM_COLUMNS = ("reference", "text_fr", "text_en", "price_eur", "stock", "lead_days")
SHEET_FIELDS = (
    "id",
    "name",
    "summary",
    "locations",
    "couplings",
    "links",
    "plc",
    "io",
    "alarms",
    "panel",
    "acceptance",
    "documents",
    "operator",
)
LANGUAGES = ("fr", "en")


def read_bom(draft: Draft) -> None:
    """Fill ``draft.bom``."""
    table = read_table(draft.folder, BOM, BOM_COLUMNS, draft.problems)
    for row in table.rows if table else ():
        line = _bom_line(draft, row)
        if line is None:
            draft.refused.add(row["reference"])
        elif line.reference in draft.bom:
            draft.problems.error(
                BOM,
                row.line,
                Text(f"la référence {line.reference} est déjà donnée", f"reference {line.reference} is already given"),
                Text("garder une seule des deux lignes", "keep one of the two lines"),
            )
        else:
            draft.bom[line.reference] = line
            draft.lines[line.reference] = row.line


def _bom_line(draft: Draft, row: Row) -> BomLine | None:
    price = _amount(draft, row, "price_eur", whole=False)
    stock = _amount(draft, row, "stock", whole=True)
    lead = _amount(draft, row, "lead_days", whole=True)
    if not row["reference"] or not row["text_fr"] or not row["text_en"]:
        draft.problems.error(
            BOM,
            row.line,
            Text("référence ou désignation vide", "empty reference or description"),
            Text("remplir reference, text_fr et text_en", "fill in reference, text_fr and text_en"),
        )
        return None
    if price is None or stock is None or lead is None:
        return None
    return BomLine(row["reference"], Text(row["text_fr"], row["text_en"]), price, int(stock), int(lead))


def _amount(draft: Draft, row: Row, column: str, whole: bool) -> float | None:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if 0.0 <= value <= 1e6 and (not whole or value == int(value)):
        return value
    draft.problems.error(
        BOM,
        row.line,
        Text(
            f"{row['reference']} : {column} « {row[column]} » refusé",
            f"{row['reference']}: {column} “{row[column]}” refused",
        ),
        Text("écrire un nombre entier positif ou nul", "write a whole number, zero or more")
        if whole
        else Text(
            "écrire un prix en euros avec un point décimal, 0 ou plus",
            "write a price in euros with a decimal point, 0 or more",
        ),
    )
    return None


def read_io(draft: Draft, top: Section) -> tuple[IoLine, ...]:
    """The input-output table: address -> variable and sentence."""
    lines = []
    for address, section in top.sections("io"):
        section.only("variable", "text")
        variable = section.string("variable", required=True)
        if variable:
            lines.append(IoLine(address, variable, section.text("text")))
    return tuple(lines)


def read_alarms(top: Section) -> tuple[Alarm, ...]:
    """The alarms of the program."""
    return tuple(Alarm(name, _alarm_text(section)) for name, section in top.sections("alarms"))


def _alarm_text(section: Section) -> Text:
    section.only("text")
    return section.text("text")


def read_panel(draft: Draft, top: Section) -> tuple[PanelItem, ...]:
    """What is on the control panel."""
    items: list[PanelItem] = []
    for section in top.items("panel", required=True):
        section.only("tag", "control", "engraved", "row", "column", "positions")
        tag, control = section.string("tag", required=True), section.string("control")
        placed = draft.placed.get(tag)
        if placed is None:
            if tag and tag not in draft.tags:
                section.no_component("tag", Text("pupitre", "panel"), tag, draft.tags)
            continue
        if control and control not in placed.component.controls:
            section.error(
                "control",
                Text(f"pupitre : {tag} n'a pas de commande « {control} »", f"panel: {tag} has no control “{control}”"),
                suggestion(control, placed.component.controls),
            )
            continue
        items.append(
            PanelItem(
                tag,
                control,
                section.text("engraved"),
                int(section.number("row", 0, 20)),
                int(section.number("column", 0, 20)),
                tuple(_position(section, i) for i in range(len(section.listed("positions")))),
            )
        )
        _check_place(section, items)
    return tuple(items)


def _check_place(section: Section, items: list[PanelItem]) -> None:
    last = items[-1]
    for other in items[:-1]:
        if (other.row, other.column) == (last.row, last.column):
            section.error(
                "row",
                Text(
                    f"pupitre : {other.tag} et {last.tag} sont au même endroit",
                    f"panel: {other.tag} and {last.tag} are at the same place",
                ),
                Text("changer row ou column de l'un des deux", "change row or column of one of them"),
            )


def _position(section: Section, index: int) -> Text:
    value = section.listed("positions")[index]
    if isinstance(value, dict) and set(value) == set(LANGUAGES):
        return Text(str(value["fr"]), str(value["en"]))
    section.problems.error(
        section.source.file,
        section.line("positions", index),
        Text(
            "une position doit être nommée en français et en anglais", "a position must be named in French and English"
        ),
        Text('écrire {fr: "auto", en: "auto"}', 'write {fr: "auto", en: "auto"}'),
    )
    return NO_TEXT


def read_acceptance(top: Section) -> Acceptance:
    """When the machine is accepted after a repair."""
    section = top.mapping("acceptance", required=True)
    if section is None:
        return Acceptance(1, 60.0)
    section.only("good_parts", "seconds", "bad_parts", "good", "bad")
    return Acceptance(
        int(section.number("good_parts", 1, 10000)),
        section.number("seconds", 1.0, 86400.0),
        int(section.number("bad_parts", 0, 10000, default=0)),
        section.text("good") if "good" in section.values else GOOD_PARTS,
        section.text("bad") if "bad" in section.values else BAD_PARTS,
    )


def read_documents(draft: Draft, top: Section) -> tuple[Document, ...]:
    """The documents, each in both languages."""
    found = []
    for section in top.items("documents", required=True):
        section.only("id", "title", "file")
        name, stem = section.string("id", required=True), section.string("file", required=True)
        if not name or not stem:
            continue
        found.append(Document(name, section.text("title"), _document_files(draft, section, stem)))
    return tuple(found)


def _document_files(draft: Draft, section: Section, stem: str) -> Mapping[str, str]:
    files = {language: f"{stem}.{language}.md" for language in LANGUAGES}
    there = {language: (draft.folder / file).is_file() for language, file in files.items()}
    if not any(there.values()):
        section.error(
            "file",
            Text(f"document absent : {files['fr']}", f"missing document: {files['fr']}"),
            Text(f"écrire {files['fr']} et {files['en']}", f"write {files['fr']} and {files['en']}"),
        )
        return {}
    for language, present in there.items():
        if not present:
            other = Text("française", "French") if language == "fr" else Text("anglaise", "English")
            section.error(
                "file",
                Text(
                    f"il manque la version {other.fr} : {files[language]}",
                    f"the {other.en} version is missing: {files[language]}",
                ),
                Text(
                    f"traduire l'autre version dans {files[language]}",
                    f"translate the other version into {files[language]}",
                ),
            )
    return {language: file for language, file in files.items() if there[language]}

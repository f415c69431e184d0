"""From a machine folder to a :class:`Machine`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from etabli.automation import Program, ProgramError, Severity, compile_st
from etabli.machines.draft import PROGRAM, SHEET, Draft
from etabli.machines.model import MACHINES_KEPT, Machine
from etabli.machines.operator import read_operator
from etabli.machines.problem import MachineError, UnknownMachine
from etabli.machines.read_components import read_components, read_locations
from etabli.machines.read_sheet import (
    SHEET_FIELDS,
    read_acceptance,
    read_alarms,
    read_bom,
    read_documents,
    read_io,
    read_panel,
)
from etabli.machines.read_wiring import conductor_parts, read_couplings, read_links, read_tubes, read_wires
from etabli.machines.section import Section
from etabli.machines.source import read_text, read_yaml, suggestion
from etabli.physics.text import Text

_HERE = Path(__file__).parent
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def list_machines() -> tuple[str, ...]:
    """Names of the machines that come with the product."""
    return tuple(sorted(p.parent.name for p in _HERE.glob(f"*/{SHEET}")))


def machine_folder(name_or_folder: str | Path) -> Path:
    """Folder of a machine given by name or by folder; raises :class:`UnknownMachine`."""
    text = str(name_or_folder)
    if _ID.fullmatch(text) and (_HERE / text / SHEET).is_file():
        return _HERE / text
    folder = Path(name_or_folder)
    if folder.is_dir():
        return folder
    raise UnknownMachine(text, list_machines())


def load_machine(name_or_folder: str | Path) -> Machine:
    """The machine of a folder, or of this product by name.

    Raises :class:`UnknownMachine`, or :class:`MachineError` with everything that was found wrong.
    """
    folder = machine_folder(name_or_folder)
    newest = max((p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()), default=0)
    return _load(folder.resolve(), newest)


@lru_cache(maxsize=MACHINES_KEPT)
def _load(folder: Path, _newest_ns: int) -> Machine:
    """A machine never changes: one object serves every bench, until a file of the folder is newer."""
    draft, machine = read_machine(folder)
    if machine is None or draft.problems.errors:
        raise MachineError(draft.problems.sorted())
    return machine


def read_machine(folder: Path) -> tuple[Draft, Machine | None]:
    """Read everything; the machine is ``None`` only when machine.yaml or components.yaml cannot be read at all."""
    draft = Draft(folder)
    draft.sheet = read_yaml(folder, SHEET, draft.problems)
    read_locations(draft)
    read_components(draft)
    read_bom(draft)
    program_source = read_text(folder, PROGRAM, draft.problems)
    program = _compile(draft, program_source)
    if draft.sheet is None or draft.components is None:
        draft.incomplete = True
        return draft, None
    read_wires(draft)
    read_tubes(draft)
    read_couplings(draft)
    read_links(draft)
    top = Section(draft.sheet, draft.problems)
    top.only(*SHEET_FIELDS)
    return draft, _assemble(draft, top, program, program_source or "")


def _assemble(draft: Draft, top: Section, program: Program | None, program_source: str) -> Machine:
    return Machine(
        id=_identifier(top),
        name=top.text("name"),
        summary=top.text("summary"),
        folder=draft.folder,
        locations=draft.locations,
        placed=draft.placed,
        wires=draft.wires,
        tubes=draft.tubes,
        couplings=tuple(draft.couplings),
        links=tuple(draft.links),
        plc=_plc(draft, top),
        program=program,
        program_source=program_source,
        io=read_io(draft, top),
        alarms=read_alarms(top),
        panel=read_panel(draft, top),
        bom=draft.bom,
        documents=read_documents(draft, top),
        acceptance=read_acceptance(top),
        operator=read_operator(draft.placed, draft.tags, top),
        folios=tuple(sorted(f"folios/{p.name}" for p in (draft.folder / "folios").glob("*.yaml"))),
        cabinet="cabinet.yaml" if (draft.folder / "cabinet.yaml").is_file() else "",
        mimic="mimic.yaml" if (draft.folder / "mimic.yaml").is_file() else "",
        conductor_parts=conductor_parts(
            draft.wires.values(),
            draft.tubes.values(),
            upstream=[tag for tag, placed in draft.placed.items() if placed.component.family == "mains_supply"],
        ),
    )


def _identifier(top: Section) -> str:
    name = top.string("id", required=True)
    if name and not _ID.fullmatch(name):
        top.error(
            "id",
            Text(f"« {name} » ne peut pas être un nom de machine", f"“{name}” cannot be the name of a machine"),
            Text("écrire des minuscules, chiffres et _", "write lower-case letters, digits and _"),
        )
    return name


def _plc(draft: Draft, top: Section) -> str:
    tag = top.string("plc", required=True)
    if tag and tag not in draft.tags:
        top.error(
            "plc",
            Text(f"l'automate « {tag} » n'existe pas", f"there is no PLC “{tag}”"),
            suggestion(tag, (t for t, p in draft.placed.items() if p.component.family == "plc")),
        )
    return tag


def _compile(draft: Draft, source: str | None) -> Program | None:
    if source is None:
        return None
    program: Program | None = None
    try:
        program = compile_st(source, PROGRAM)
        messages = list(program.warnings)
    except ProgramError as wrong:
        messages = wrong.messages
    for message in messages:
        note = draft.problems.error if message.severity is Severity.ERROR else draft.problems.warning
        column = message.column
        note(
            PROGRAM,
            message.line,
            Text(f"colonne {column} : {message.text.fr}", f"column {column}: {message.text.en}"),
            message.mend,
        )
    return program

"""``etabli machine check FOLDER``: everything that is wrong in a machine folder, found in one pass."""

from __future__ import annotations

from pathlib import Path

from etabli.machines.check_drawings import check_drawings
from etabli.machines.check_papers import check_papers
from etabli.machines.check_program import check_program
from etabli.machines.check_wiring import check_wiring
from etabli.machines.draft import COMPONENTS, Draft
from etabli.machines.loader import machine_folder, read_machine
from etabli.machines.model import Machine
from etabli.machines.problem import Problem
from etabli.physics.network import NetworkError
from etabli.physics.text import Text


def check_machine(folder: str | Path) -> tuple[Problem, ...]:
    """All problems of a machine (by folder or name), by file and line; empty when the machine is right.

    Raises :class:`UnknownMachine` when there is no such folder.
    """
    draft, machine = read_machine(machine_folder(folder))
    check_wiring(draft)
    if machine is not None:
        check_program(draft, machine)
        check_papers(draft, machine)
        check_drawings(draft)
        if not draft.problems.errors:
            _check_network(draft, machine)
    return draft.problems.sorted()


def _check_network(draft: Draft, machine: Machine) -> None:
    """The last word: the network can be built."""
    try:
        machine.network()
        machine.faults()
    except (NetworkError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        said = str(wrong)
        tag = next((t for t in draft.tags if said.startswith((f"{t}.", f"{t}:", f"{t} "))), "")
        file, line = draft.locate(tag) if tag else (COMPONENTS, 1)
        draft.problems.error(
            file,
            line,
            Text(f"le réseau ne se construit pas : {said}", f"the network cannot be built: {said}"),
            Text("corriger les paramètres ou les raccordements de ce composant", "mend the parameters or the connections of this component"),
        )

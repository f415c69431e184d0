"""``etabli machine check FOLDER``: everything that is wrong in a machine folder, found in one pass."""

from __future__ import annotations

import random
from pathlib import Path

from etabli.components.component import Builder
from etabli.machines.check_drawings import check_drawings
from etabli.machines.check_papers import check_papers
from etabli.machines.check_program import check_program
from etabli.machines.check_wiring import check_wiring
from etabli.machines.draft import COMPONENTS, Draft
from etabli.machines.drawing import check_drawings as drawing_problems
from etabli.machines.loader import machine_folder, read_machine
from etabli.machines.model import Machine
from etabli.machines.problem import Problem
from etabli.physics.network import Network, NetworkError, ParameterRef, Ref
from etabli.physics.soundness import Finding, Unsound, check_network
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
        if _components_build(draft) and not draft.problems.errors:
            _check_network(draft, machine)
            draft.problems.found.extend(drawing_problems(machine))
    return draft.problems.sorted()


def _components_build(draft: Draft) -> bool:
    """Build each component alone, so that a value that its family refuses is said at its own line."""
    fine = True
    for tag, placed in draft.placed.items():
        links: dict[str, Ref] = {name: ParameterRef(tag, name) for name in placed.component.links}
        try:
            placed.component.build(Builder(Network(), tag, placed.ports, links), placed.parameters)
            if placed.component.process is not None:
                placed.component.process(tag, placed.parameters, random.Random(0))
        except (NetworkError, ValueError, KeyError, TypeError, AttributeError) as wrong:
            fine = False
            draft.problems.error(
                COMPONENTS,
                draft.components.line(tag, "parameters") if draft.components else 1,
                Text(f"{tag} ne se construit pas : {wrong}", f"{tag} cannot be built: {wrong}"),
                Text("corriger les paramètres de ce composant", "mend the parameters of this component"),
            )
    return fine


def _check_network(draft: Draft, machine: Machine) -> None:
    """The last word: the whole network can be built."""
    try:
        network = machine.network()
        machine.faults()
    except (NetworkError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        draft.problems.error(
            COMPONENTS,
            1,
            Text(f"le réseau ne se construit pas : {wrong}", f"the network cannot be built: {wrong}"),
            Text("corriger les raccordements de ce composant", "mend the connections of this component"),
        )
        return
    for finding in check_network(network):
        _note(draft, finding)


def _note(draft: Draft, finding: Finding) -> None:
    """Say a structural mistake at the line of the component where it shows."""
    tag = finding.device.partition(".")[0]
    if not tag and finding.nodes:
        tag = finding.nodes[0].partition(":")[0]
    file, line = draft.locate(tag)
    # A circuit that nothing earths runs (IT system), but its voltages to earth mean nothing.
    note = draft.problems.warning if finding.kind is Unsound.FLOATING else draft.problems.error
    note(file, line, finding.text, finding.mend)

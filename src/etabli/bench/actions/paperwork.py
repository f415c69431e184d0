"""Notebook, diagnosis, acceptance run, end of the intervention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etabli.bench.actions.registry import Argument, Arguments, action, among
from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.outcome import Outcome
from etabli.bench.state import Acceptance, Declaration, Note
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench


# --- notebook, diagnosis, end ---------------------------------------------------------------------

_NOTE_FIELDS = ("hypothesis", "check", "expected", "reading", "conclusion")


def _check_note(bench: Bench, given: Arguments) -> None:
    line = given.get("line")
    if line is not None and not any(n.line == line for n in bench.state.notebook):
        raise bad_argument(
            "line",
            Text("cette ligne n'existe pas", "this line does not exist"),
            Text("donner une ligne écrite", "give a written line"),
        )
    if line is None and not any(given.get(f, "").strip() for f in _NOTE_FIELDS):
        raise bad_argument(
            "hypothesis",
            Text("la ligne est vide", "the line is empty"),
            Text("remplir au moins une case", "fill at least one field"),
        )


@action(
    "note",
    "écrire au carnet",
    "write in the notebook",
    1.0,
    *(Argument(name, "text", False) for name in _NOTE_FIELDS),
    Argument("line", "number", False),
    check=_check_note,
)
def _note(bench: Bench, given: Arguments) -> Outcome:
    fields = {name: given[name] for name in _NOTE_FIELDS if name in given}
    known = next((n for n in bench.state.notebook if n.line == given.get("line")), None)
    if known is not None:
        for name, value in fields.items():
            setattr(known, name, value)
        return Outcome(
            True,
            Text(f"Ligne {known.line} reprise.", f"Line {known.line} rewritten."),
            0.5,
            values={"line": known.line},
        )
    line = len(bench.state.notebook) + 1
    bench.state.notebook.append(Note(line, bench.time_s, bench.minutes_now, **fields))
    return Outcome(True, Text(f"Ligne {line} écrite.", f"Line {line} written."), 1.0, values={"line": line})


def _check_declare(bench: Bench, given: Arguments) -> None:
    tag, mode = given["tag"], given.get("mode")
    if tag is None:
        return
    modes = [m.id for m in bench.plant.parts[tag].failure_modes]
    among("mode", mode, modes, Text("mode de défaillance", "failure mode"))


@action(
    "declare",
    "déclarer le diagnostic",
    "declare the diagnosis",
    1.0,
    Argument("tag", "maybe_part"),
    Argument("mode", "text", False),
    Argument("evidence", "lines"),
    check=_check_declare,
)
def _declare(bench: Bench, given: Arguments) -> Outcome:
    tag, mode = given["tag"], given.get("mode") if given["tag"] is not None else None
    bench.state.declared = Declaration(tag, mode, given["evidence"], bench.minutes_now)
    if tag is None:
        return Outcome(True, Text("Déclaré : aucune panne trouvée.", "Declared: no fault found."), 1.0)
    text = next(m.text for m in bench.plant.parts[tag].failure_modes if m.id == mode)
    return Outcome(True, Text(f"Déclaré : {tag}, {text.fr}.", f"Declared: {tag}, {text.en}."), 1.0)


def _check_acceptance(bench: Bench, given: Arguments) -> None:
    if not bench.processes:
        raise ActionRefused(
            Text("cette machine ne produit rien", "this machine makes nothing"),
            Text("essayer ses fonctions une à une", "try its functions one by one"),
        )
    if not 1 <= given.get("parts", 1) <= 1000:
        raise bad_argument(
            "parts", Text("nombre impossible", "impossible number"), Text("entre 1 et 1000", "between 1 and 1000")
        )


@action(
    "acceptance",
    "essai de remise en service",
    "acceptance run",
    0.5,
    Argument("parts", "number", False),
    check=_check_acceptance,
)
def _acceptance(bench: Bench, given: Arguments) -> Outcome:
    rules = bench.plant.machine.acceptance
    wanted = int(given.get("parts", rules.good_parts))
    counters = bench.counters()
    came = bool(bench.plant.machine.operator.works) and not bench.state.hands.on
    bench.hands.begin()
    bench.state.acceptance = Acceptance(
        wanted, counters.get("good", 0.0), counters.get("bad", 0.0), bench.time_s, operator_came=came
    )
    return Outcome(
        True,
        Text(
            f"Essai commencé, à atteindre ({rules.good.fr}) : {wanted}.",
            f"Run started, to reach ({rules.good.en}): {wanted}.",
        ),
        0.5,
    )


@action(
    "finish",
    "terminer l'intervention",
    "finish the intervention",
    1.0,
    Argument("observation", "text", False),
    Argument("recommendation", "text", False),
    Argument("cause", "text", False),
)
def _finish(bench: Bench, given: Arguments) -> Outcome:
    bench.state.finished = {name: str(given.get(name, "")) for name in ("observation", "recommendation", "cause")}
    left = [*bench.state.padlocks, *(f"{m.tag}:{m.end}" for m in bench.state.moved), *bench.state.forces]
    if left:
        names = ", ".join(left)
        return Outcome(True, Text(f"Terminé, mais il reste : {names}.", f"Finished, but these remain: {names}."), 1.0)
    return Outcome(True, Text("Intervention terminée.", "Intervention finished."), 1.0)

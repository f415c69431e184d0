"""Content of the intervention report (compte rendu): what the bench can prove, in the order a workshop reads it.

Sections after the usual six parts: identification, constat, diagnostic, actions, résultat, recommandations. Everything
comes from the evidence of the bench (journal) and from what the learner wrote; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etabli.physics.text import Text
from etabli.report.words import WORDS, decimal, minutes_text, money

MOST_ROWS = {"observations": 4, "measurements": 9, "actions": 9}
"""Rows that one A4 page holds; the journal keeps the rest and the report says how many lines it left out."""

_REPAIRS = {"replace", "tighten", "clean", "adjust", "reset", "disconnect", "reconnect", "exchange", "remove_jam"}
_ENERGIES = {"padlock", "label", "vat", "purge", "prop", "remove_padlock", "remove_label"}
"""What a report keeps first, and next, when its page is too short for every action."""

_LOOKING = {"look", "listen", "touch", "ask", "note", "declare", "finish", "probe", "dial", "jack", "clamp", "gauge"}
_LOOKING |= {"tachometer", "thermometer", "vibrometer", "spectrum", "flowmeter"}
_LOOKING |= {"console", "acceptance", "press", "operate"}


@dataclass(frozen=True)
class Form:
    """What only a person can say. ``number`` is the work order; empty fields print as a dotted line."""

    number: str = ""
    author: str = ""
    group: str = ""
    date: str = ""
    observation: str = ""
    recommendation: str = ""


@dataclass(frozen=True)
class Measurement:
    """One line of the notebook, as it supports the diagnosis. ``proof`` marks those chosen in the conclusion."""

    hypothesis: str
    check: str
    expected: str
    reading: str
    conclusion: str
    proof: bool


@dataclass(frozen=True)
class Report:
    """A finished report, every text in one language, ready to be set."""

    language: str
    title: str
    identification: tuple[tuple[str, str], ...]
    complaint: str
    observations: tuple[str, ...]
    measurements: tuple[Measurement, ...]
    cause: str
    actions: tuple[str, ...]
    parts: tuple[str, ...]
    totals: tuple[tuple[str, str], ...]
    result: str
    safety: str
    recommendation: str
    left_out: Mapping[str, int]


def _text(value: Any, language: str) -> str:
    """A text of the bench: a mapping {"fr", "en"}, a Text or a plain string."""
    if isinstance(value, Text):
        return value.get(language)
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("fr") or "")
    return "" if value is None else str(value)


def _limited(rows: Sequence[Any], most: int) -> tuple[tuple[Any, ...], int]:
    return tuple(rows[:most]), max(0, len(rows) - most)


def _actions(evidence: Mapping[str, Any], language: str, most: int) -> tuple[tuple[str, ...], int]:
    """What was done to the machine, in order; where ``most`` are not all, repairs stay, then what locks out."""
    done = [action for action in evidence.get("actions", ()) if action.get("action") not in _LOOKING]

    def rank(place: int) -> tuple[int, int]:
        name = done[place].get("action")
        return 0 if name in _REPAIRS else 1 if name in _ENERGIES else 2, place

    kept, more = _limited(sorted(range(len(done)), key=rank), most)
    return tuple(_text(done[place].get("text"), language) for place in sorted(kept)), more


def _identification(evidence: Mapping[str, Any], form: Form, words: Mapping[str, str], language: str) -> Any:
    machine = evidence["identification"]["machine"]
    return (
        (words["order"], form.number or "—"),
        (words["asset"], _text(machine["name"], language)),
        (words["author"], ", ".join(p for p in (form.author, form.group) if p) or "—"),
        (words["date"], form.date or "—"),
    )


def _measurements(evidence: Mapping[str, Any], language: str) -> list[Measurement]:
    declared = evidence.get("declared") or {}
    proofs = set(declared.get("evidence") or ())
    lines = []
    for line in evidence.get("notebook", ()):
        written = {k: str(line.get(k) or "") for k in ("hypothesis", "check", "expected", "reading", "conclusion")}
        numbers = {k: decimal(written[k], language) for k in ("check", "expected", "reading")}
        lines.append(Measurement(**(written | numbers), proof=line["line"] in proofs))
    # The page is short: what proves the cause comes first, in the order it was found.
    return sorted(lines, key=lambda m: not m.proof)


def _cause(evidence: Mapping[str, Any], modes: Mapping[str, Text], words: Mapping[str, str], language: str) -> str:
    declared = evidence.get("declared")
    if not declared:
        return words["no_declaration"]
    if declared.get("tag") is None:
        return words["no_fault_found"]
    mode = modes.get(f"{declared['tag']}.{declared.get('mode')}")
    return f"{declared['tag']}{words['colon']}{mode.get(language) if mode else declared.get('mode')}"


def _result(evidence: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    acceptance = evidence.get("acceptance")
    if not acceptance:
        return words["not_tried"]
    numbers = {name: acceptance[name] for name in ("good", "wanted", "bad")}
    names = {f"{name}_parts": text[language] for name, text in evidence["counted"].items()}
    counts = words["counts"].format(**numbers, **names)
    return f"{words.get(acceptance['state'], '')} {counts}".strip()


def _safety(evidence: Mapping[str, Any], words: Mapping[str, str], language: str) -> str:
    dangers = evidence.get("dangers") or ()
    if not dangers:
        return words["no_danger"]
    first = _text(dangers[0].get("text"), language)
    return words["danger" if len(dangers) == 1 else "dangers"].format(count=len(dangers), first=first)


def build_report(
    evidence: Mapping[str, Any], modes: Mapping[str, Text], form: Form | None = None, language: str = "fr"
) -> Report:
    """Build the report from the bench's evidence (``src/etabli/bench/README.md``, *Evidence*).

    ``modes`` gives the text of each failure mode by fault id ("KM1.coil_open"). ``language`` is "fr" or "en".
    """
    words = WORDS[language]
    form = form or Form()
    finished = evidence.get("finished") or {}
    looked = [o for o in evidence.get("observations", ()) if o.get("action") != "vat"]  # locking out: an action
    seen = [_text(o.get("text"), language) for o in looked]
    written = form.observation or finished.get("observation") or ""
    observations, more_observations = _limited([*([written] if written else []), *seen], MOST_ROWS["observations"])
    measurements, more_measurements = _limited(_measurements(evidence, language), MOST_ROWS["measurements"])
    unused = MOST_ROWS["measurements"] - len(measurements)  # a short diagnosis leaves its place to the actions
    actions, more_actions = _actions(evidence, language, MOST_ROWS["actions"] + unused)
    parts = tuple(
        f"{p['tag']} — {p.get('reference') or '?'} ({money(p.get('price') or 0.0, language)})"
        for p in evidence.get("parts", ())
    )
    return Report(
        language,
        words["title"],
        _identification(evidence, form, words, language),
        _text(evidence.get("complaint"), language),
        observations,
        measurements,
        _cause(evidence, modes, words, language),
        actions,
        parts,
        (
            (words["time"], minutes_text(float(evidence.get("minutes") or 0.0), language)),
            (words["cost"], money(float(evidence.get("cost") or 0.0), language)),
        ),
        _result(evidence, words, language),
        _safety(evidence, words, language),
        form.recommendation or finished.get("recommendation") or "",
        {"observations": more_observations, "measurements": more_measurements, "actions": more_actions},
    )

"""Wires and hoses taken off, put back, exchanged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from etabli.bench.actions.registry import Argument, Arguments, action, judged, reach_point
from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.judgement import Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import EARTH, FLUIDS
from etabli.bench.state import MovedEnd
from etabli.components.component import Repair
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench


# --- connections ----------------------------------------------------------------------------------


def _check_disconnect(bench: Bench, given: Arguments) -> None:
    tag, end = given["tag"], given["end"]
    place = bench.place_of(tag, end)
    if place is None:
        raise ActionRefused(
            Text(f"l'extrémité {end} de {tag} est déjà débranchée", f"end {end} of {tag} is already disconnected"),
            Text("la rebrancher ou en choisir une autre", "reconnect it or choose another one"),
        )
    reach_point(bench, place)


def _check_reconnect(bench: Bench, given: Arguments) -> None:
    tag, to = given["tag"], given.get("to")
    if to is None:
        return
    if (
        to == EARTH
        or bench.plant.domains[to] is not bench.plant.conductors[tag].domain
        or to.partition(":")[0] in bench.plant.conductors
    ):
        raise ActionRefused(
            Text(f"{tag} ne peut pas se brancher en {to}", f"{tag} cannot be connected at {to}"),
            Text("choisir une borne de même nature", "choose a terminal of the same kind"),
        )
    reach_point(bench, to)


def _end_hazards(bench: Bench, tag: str, points: Iterable[str]) -> list[Hazard | None]:
    if tag in bench.plant.machine.tubes:
        return bench.judge.opening(points)
    return [bench.judge.electrical(points, bench.state.epi)]


def _note_moved(bench: Bench, tag: str, end: str, to: str | None) -> None:
    bench.state.moved = [m for m in bench.state.moved if (m.tag, m.end) != (tag, end)]
    documented = getattr(bench.plant.machine.conductor(tag), end)
    if to != documented:
        bench.state.moved.append(MovedEnd(tag, end, to))


@action(
    "disconnect",
    "débrancher",
    "disconnect",
    2.0,
    Argument("tag", "conductor"),
    Argument("end", "end"),
    check=_check_disconnect,
)
def _disconnect(bench: Bench, given: Arguments) -> Outcome:
    tag, end = given["tag"], given["end"]
    place = bench.place_of(tag, end)

    def work() -> Outcome:
        bench.faults.place(tag, end, None)
        _note_moved(bench, tag, end, None)
        bench.rewire()
        return Outcome(True, Text(f"{tag} débranché de {place}.", f"{tag} disconnected from {place}."), 2.0)

    return judged(bench, "disconnect", tag, _end_hazards(bench, tag, [str(place)]), work)


@action(
    "reconnect",
    "rebrancher",
    "reconnect",
    2.0,
    Argument("tag", "conductor"),
    Argument("end", "end"),
    Argument("to", "point", False),
    check=_check_reconnect,
)
def _reconnect(bench: Bench, given: Arguments) -> Outcome:
    tag, end = given["tag"], given["end"]
    place = bench.place_of(tag, end)
    target: str = given.get("to") or (place if place is not None else getattr(bench.plant.machine.conductor(tag), end))
    points = [p for p in (place, target) if p is not None]

    def work() -> Outcome:
        bench.faults.place(tag, end, target)
        _note_moved(bench, tag, end, target)
        bench.faults.cure(tag, {Repair.RECONNECT}, lambda mode: True)
        bench.faults.notice_swaps()
        bench.rewire()
        return Outcome(True, Text(f"{tag} branché en {target}.", f"{tag} connected at {target}."), 2.0)

    return judged(bench, "reconnect", tag, _end_hazards(bench, tag, points), work)


def _check_exchange(bench: Bench, given: Arguments) -> None:
    first, second = given["first"], given["second"]
    for name in ("first", "second"):
        if given[name] in (None, EARTH) or given[name].partition(":")[0] in bench.plant.conductors:
            raise bad_argument(
                name, Text("une borne est attendue", "a terminal is expected"), Text("donner TAG:PORT", "give TAG:PORT")
            )
        reach_point(bench, given[name])
    if first == second or bench.plant.domains[first] is not bench.plant.domains[second]:
        raise ActionRefused(
            Text(f"{first} et {second} ne s'échangent pas", f"{first} and {second} cannot be exchanged"),
            Text("choisir deux bornes de même nature", "choose two terminals of the same kind"),
        )
    if not bench.nodes.ends_at(first) and not bench.nodes.ends_at(second):
        raise ActionRefused(
            Text("aucun fil ni tube sur ces deux points", "no wire and no tube on these two points"),
            Text("choisir deux points raccordés", "choose two connected points"),
        )


@action(
    "exchange",
    "permuter",
    "exchange",
    4.0,
    Argument("first", "point"),
    Argument("second", "point"),
    check=_check_exchange,
)
def _exchange(bench: Bench, given: Arguments) -> Outcome:
    first, second = given["first"], given["second"]
    fluid = bench.plant.domains[first] in FLUIDS
    points = [first, second]
    hazards = bench.judge.opening(points) if fluid else [bench.judge.electrical(points, bench.state.epi)]

    def work() -> Outcome:
        ends = [(e, second) for e in bench.nodes.ends_at(first)] + [(e, first) for e in bench.nodes.ends_at(second)]
        for (tag, end), to in ends:
            bench.faults.place(tag, end, to)
            _note_moved(bench, tag, end, to)
        bench.faults.notice_swaps()
        bench.rewire()
        return Outcome(True, Text(f"{first} et {second} permutés.", f"{first} and {second} exchanged."), 4.0)

    return judged(bench, "exchange", f"{first} {second}", hazards, work)

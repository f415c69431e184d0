"""New parts, settings, tightening, cleaning, re-arming, and hands in the matter."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from etabli.bench.actions.registry import (
    Argument,
    Arguments,
    action,
    among,
    judged,
    locked_out,
    points_of,
    reach,
    reach_inside,
    reach_point,
)
from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.judgement import Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import ELECTRICAL, parameter_ref
from etabli.bench.state import PartUsed, Release
from etabli.components.component import Effect, FailureMode, Repair
from etabli.physics.network import ParameterRef
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench

WIRE_EUR, TUBE_EUR = 2.0, 3.0
REPLACE_MINUTES = {
    "wire": 8.0,
    "tube": 5.0,
    "fuse": 2.0,
    "pilot_light": 6.0,
    "silencer": 4.0,
    "induction_motor": 45.0,
    "gearbox": 40.0,
    "cylinder": 25.0,
    "conveyor": 90.0,
    "belt_drive": 25.0,
    "plc": 40.0,
    "terminal_strip": 30.0,
    "filter_regulator": 20.0,
    "compressor": 120.0,
    "air_receiver": 90.0,
    "single_acting_cylinder": 20.0,
    "proportional_pressure_valve": 30.0,
    "suction_cup": 5.0,
    "hydraulic_hose": 20.0,
    "hydraulic_pump": 90.0,
    "hydraulic_pump_compensated": 120.0,
    "hydraulic_motor": 75.0,
    "hydraulic_cylinder": 150.0,
    "hydraulic_tank": 240.0,
    "hydraulic_manifold": 60.0,
    "accumulator": 60.0,
    "relief_valve": 30.0,
    "pressure_reducing_valve": 30.0,
    "flow_regulator": 30.0,
    "throttle_valve": 25.0,
    "hydraulic_check_valve": 25.0,
    "pilot_check_valve": 30.0,
    "hydraulic_shutoff_valve": 25.0,
    "hydraulic_filter": 25.0,
    "valve_2_2": 30.0,
    "valve_4_2": 35.0,
    "valve_4_3": 35.0,
    "proportional_valve": 45.0,
    "counterbalance_valve": 40.0,
    "oil_cooler": 60.0,
    "suction_strainer": 60.0,
    "motor_brake": 60.0,
    "friction_brake": 60.0,
    "rolling_bearing": 60.0,
    "traction_sheave": 240.0,
    "safety_gear": 120.0,
    "overspeed_governor": 90.0,
    "door_operator": 60.0,
    "landing_door": 60.0,
    "coupling": 60.0,
    "clutch": 90.0,
    "chain_drive": 40.0,
    "lead_screw": 90.0,
    "rack_pinion": 60.0,
    "shaft": 60.0,
    "flywheel": 60.0,
    "variable_frequency_drive": 40.0,
}
"""Bench minutes to take a part off and fit the new one, once the energies are locked out: usual times of a workshop
(an oil part also has to be drained, plugged and bled)."""
REPLACE_DEFAULT_MINUTES = 15.0
ORDER_MINUTES, ORDER_EUR = 240.0, 40.0
"""An express courier: half a day, and its price on top of the part's."""


# --- repair ---------------------------------------------------------------------------------------


def _price(bench: Bench, tag: str) -> tuple[str, float] | None:
    line = bench.plant.machine.bom_line(tag)
    if line is not None:
        return line.reference, line.price_eur
    if tag in bench.plant.machine.wires:
        return "fil", WIRE_EUR
    return ("tube", TUBE_EUR) if tag in bench.plant.machine.tubes else None


def _check_replace(bench: Bench, given: Arguments) -> None:
    tag = given["tag"]
    if _price(bench, tag) is None:
        raise ActionRefused(
            Text(f"{tag} n'est pas une pièce de la machine tenue en magasin", f"{tag} is not a part kept in stores"),
            Text(
                "la resserrer, la nettoyer, la régler ou la réarmer, selon le cas",
                "tighten, clean, adjust or re-arm it, as the case may be",
            ),
        )
    line = bench.plant.machine.bom_line(tag)
    if line is not None and bench.stock(line.reference) <= 0:
        raise ActionRefused(
            Text(f"plus de {line.reference} en magasin", f"no {line.reference} left in stores"),
            Text(
                f"la commander en express (délai normal : {line.lead_days} jours)",
                f"order it by express (normal delay: {line.lead_days} days)",
            ),
        )
    _reach_work(bench, tag)


def _reach_work(bench: Bench, tag: str, end: str = "") -> None:
    """Hands get to the terminals of a part; to both ends of a wire or hose, or to the one that is worked on."""
    if tag not in bench.plant.conductors:
        reach_inside(bench, tag)
        return
    for place in (bench.place_of(tag, each) for each in (end or "ab")):
        reach_point(bench, place)


def _work_hazards(bench: Bench, tag: str) -> list[Hazard | None]:
    return [
        bench.judge.electrical(points_of(bench, tag, electrical=True), bench.state.epi),
        *bench.judge.opening(points_of(bench, tag, electrical=False)),
        bench.judge.unloaded(tag),
        bench.judge.hot(tag),
        bench.judge.mechanical(tag, locked_out(bench)),
    ]


@action("replace", "remplacer", "replace", REPLACE_DEFAULT_MINUTES, Argument("tag", "part"), check=_check_replace)
def _replace(bench: Bench, given: Arguments) -> Outcome:
    tag = given["tag"]
    reference, price = _price(bench, tag) or ("", 0.0)
    minutes = REPLACE_MINUTES.get(bench.plant.family(tag), REPLACE_DEFAULT_MINUTES)

    def work() -> Outcome:
        if bench.plant.machine.bom_line(tag) is not None:
            bench.state.stock[reference] = bench.stock(reference) - 1
        bench.state.parts.append(PartUsed(tag, reference, price, bench.minutes_now))
        bench.renew(tag)
        return Outcome(
            True,
            Text(f"{tag} remplacé par une pièce neuve ({reference}).", f"{tag} replaced by a new part ({reference})."),
            minutes,
            price,
        )

    return judged(bench, "replace", tag, _work_hazards(bench, tag), work)


def _check_order(bench: Bench, given: Arguments) -> None:
    line = bench.plant.machine.bom_line(given["tag"])
    if line is None:
        raise ActionRefused(
            Text(f"{given['tag']} n'a pas de référence à commander", f"{given['tag']} has no reference to order"),
            Text("choisir un composant de la nomenclature", "choose a component of the bill of materials"),
        )
    if bench.stock(line.reference) > 0:
        raise ActionRefused(
            Text(f"{line.reference} est en magasin", f"{line.reference} is in stores"),
            Text("prendre celle du magasin : remplacer", "take the one in stores: replace"),
        )


@action("order", "commander en express", "order by express", ORDER_MINUTES, Argument("tag", "part"), check=_check_order)
def _order(bench: Bench, given: Arguments) -> Outcome:
    line = bench.plant.machine.bom_line(given["tag"])
    assert line is not None
    bench.state.stock[line.reference] = bench.stock(line.reference) + 1
    return Outcome(
        True,
        Text(
            f"{line.reference} livré en express (délai normal : {line.lead_days} jours).",
            f"{line.reference} delivered by express (normal delay: {line.lead_days} days).",
        ),
        ORDER_MINUTES,
        ORDER_EUR,
    )


def _check_adjust(bench: Bench, given: Arguments) -> None:
    tag, name = given["tag"], given.get("parameter")
    reach(bench, tag)
    if name is None:
        return
    part = bench.plant.parts[tag]
    among("parameter", name, part.component.adjusts, Text("réglage", "setting"))
    if "value" not in given:
        raise bad_argument(
            "value", Text("il manque", "missing"), Text("donner la valeur du réglage", "give the value of the setting")
        )
    known = next(p for p in part.component.parameters if p.name == name)
    low = known.minimum if known.minimum is not None else -math.inf
    high = known.maximum if known.maximum is not None else math.inf
    if not low <= given["value"] <= high:
        raise bad_argument(
            "value",
            Text(
                f"{given['value']:g} {known.unit} est hors de la plage de réglage",
                f"{given['value']:g} {known.unit} is outside the range",
            ),
            Text(f"entre {low:g} et {high:g} {known.unit}", f"between {low:g} and {high:g} {known.unit}"),
        )


@action(
    "adjust",
    "régler",
    "adjust",
    4.0,
    Argument("tag", "part"),
    Argument("parameter", "text", False),
    Argument("value", "number", False),
    check=_check_adjust,
)
def _adjust(bench: Bench, given: Arguments) -> Outcome:
    """With a parameter: set it. Without: put straight what is out of place (alignment, folded tube)."""
    tag, name = given["tag"], given.get("parameter")
    adjusts = bench.plant.parts[tag].component.adjusts
    settable = {parameter_ref(tag, target) for target in adjusts.values()}

    def work() -> Outcome:
        if name is None:
            bench.faults.cure(tag, {Repair.ADJUST}, lambda mode: not _targets(tag, mode) & settable)
            return Outcome(True, Text(f"{tag} remis en place.", f"{tag} put straight."), 4.0)
        ref = parameter_ref(tag, adjusts[name])
        bench.faults.cure(tag, {Repair.ADJUST}, lambda mode: ref in _targets(tag, mode))
        bench.faults.set_base(ref, given["value"])
        bench.state.settings[f"{tag}.{name}"] = given["value"]
        return Outcome(
            True, Text(f"{tag} : {name} réglé à {given['value']:g}.", f"{tag}: {name} set to {given['value']:g}."), 4.0
        )

    # Dials and screws are within reach without touching terminals; an alignment puts the hands in the machine.
    hazard = bench.judge.mechanical(tag, locked_out(bench)) if name is None else None
    return judged(bench, "adjust", tag, [hazard], work)


def _targets(tag: str, mode: FailureMode) -> set[ParameterRef]:
    return {parameter_ref(tag, e.target) for e in mode.effects if isinstance(e, Effect)}


def _check_target(bench: Bench, given: Arguments) -> None:
    target = given["target"]
    if target not in bench.plant.parts and target not in bench.plant.domains:
        among(
            "target",
            target,
            [*bench.plant.parts, *bench.plant.domains],
            Text("composant ou borne", "component or terminal"),
        )
    tag, _, port = target.partition(":")
    _reach_work(bench, tag, port)


@action("tighten", "resserrer", "tighten", 2.0, Argument("target", "text"), check=_check_target)
def _tighten(bench: Bench, given: Arguments) -> Outcome:
    """A terminal: the wire ends on it. A component: its fixings and all its terminals. A wire or tube: both ends."""
    target: str = given["target"]
    tag, _, port = target.partition(":")
    points = [target] if port else [f"{tag}:{p.name}" for p in bench.plant.parts[tag].ports]
    ends = _ends_to_tighten(bench, tag, port, points)
    electrical = [p for p in points if bench.plant.domains[p] in ELECTRICAL]
    hazards = [bench.judge.electrical(electrical, bench.state.epi)]
    if not port:
        hazards.append(bench.judge.mechanical(tag, locked_out(bench)))

    def work() -> Outcome:
        if not port:
            bench.faults.cure(tag, {Repair.TIGHTEN}, lambda mode: True)
        for conductor, end in ends:
            bench.faults.cure(conductor, {Repair.TIGHTEN}, partial(_at_end, end=end))
        minutes = 1.0 + max(1, len(ends)) * 1.0
        return Outcome(True, Text(f"{target} resserré.", f"{target} tightened."), minutes)

    return judged(bench, "tighten", target, hazards, work)


def _ends_to_tighten(bench: Bench, tag: str, port: str, points: list[str]) -> list[tuple[str, str]]:
    if tag in bench.plant.conductors:
        return [(tag, port)] if port else [(tag, "a"), (tag, "b")]
    return [end for point in points for end in bench.nodes.ends_at(point)]


def _at_end(mode: FailureMode, *, end: str) -> bool:
    """A mode named after the other end is not under this screwdriver."""
    return not mode.id.endswith("_b" if end == "a" else "_a")


@action("clean", "nettoyer", "clean", 4.0, Argument("target", "text"), check=_check_target)
def _clean(bench: Bench, given: Arguments) -> Outcome:
    tag = given["target"].partition(":")[0]

    def work() -> Outcome:
        bench.faults.cure(tag, {Repair.CLEAN}, lambda mode: True)
        return Outcome(True, Text(f"{tag} nettoyé.", f"{tag} cleaned."), 4.0)

    hazards = [
        bench.judge.electrical(points_of(bench, tag, electrical=True), bench.state.epi),
        bench.judge.mechanical(tag, locked_out(bench)),
    ]
    return judged(bench, "clean", tag, hazards, work)


def _check_reset(bench: Bench, given: Arguments) -> None:
    tag = given["tag"]
    reach(bench, tag)
    if not bench.can_trip(tag) and all(m.repair is not Repair.RESET for m in bench.plant.parts[tag].failure_modes):
        raise ActionRefused(
            Text(f"{tag} n'a rien à réarmer", f"{tag} has nothing to re-arm"),
            Text("choisir une protection", "choose a protection"),
        )


@action("reset", "réarmer", "re-arm", 1.0, Argument("tag", "part"), check=_check_reset)
def _reset(bench: Bench, given: Arguments) -> Outcome:
    """Off, then on again half a second later where there is a handle; physics says whether it holds."""
    tag = given["tag"]
    bench.faults.cure(tag, {Repair.RESET}, lambda mode: True)
    if not bench.can_trip(tag):
        return Outcome(
            True,
            Text(f"{tag} : remis en service en amont.", f"{tag}: put back in service upstream."),
            1.0,
        )
    if f"{tag}.position" in bench.plant.controls and tag not in bench.state.padlocks:
        bench.set_control(tag, "position", 0.0)
        bench.state.releases.append(Release(bench.state.tick + 50, tag, "position", 1.0))
    return Outcome(
        True,
        Text(f"{tag} : remis sur 0 puis sur 1. Voir s'il tient.", f"{tag}: put on 0, then on 1. See whether it holds."),
        1.0,
    )


# --- matter ---------------------------------------------------------------------------------------


def _holders(bench: Bench) -> Text:
    """The components in which there are parts, to choose from."""
    named = ", ".join(bench.processes)
    return Text(named or "une autre machine", named or "another machine")


def _why_not(error: Exception) -> Text:
    """What the matter itself says of a gesture that it does not take."""
    said = getattr(error, "text", None)
    return said if isinstance(said, Text) else Text("Sans effet.", "No effect.")


def _matter(name: str, fr: str, en: str) -> None:
    def check(bench: Bench, given: Arguments) -> None:
        if given["tag"] not in bench.processes:
            raise ActionRefused(
                Text(f"il n'y a pas de pièces sur {given['tag']}", f"there are no parts on {given['tag']}"),
                Text("choisir " + _holders(bench).fr, "choose " + _holders(bench).en),
            )

    def do(bench: Bench, given: Arguments) -> Outcome:
        tag = given["tag"]

        def work() -> Outcome:
            rest = {k: v for k, v in given.items() if k != "tag"}
            process = bench.processes[tag]
            text = process.gestures.get(name, Text(fr, en))
            try:
                process.act(name, rest)
            except (KeyError, ValueError, TypeError) as error:
                return Outcome(False, _why_not(error), 0.5)
            return Outcome(True, Text(f"{text.fr} : fait.", f"{text.en}: done."), 1.0)

        return judged(bench, name, tag, [bench.judge.mechanical(tag, locked_out(bench))], work)

    arguments = [Argument("tag", "tag")]
    if name == "place_part":
        arguments.append(Argument("kind", "text", False))
    action(name, fr, en, 1.0, *arguments, check=check)(do)


_matter("place_part", "poser une pièce", "place a part")
_matter("remove_jam", "dégager un bourrage", "remove a jam")
_matter("clear", "enlever toutes les pièces", "take all parts off")
_matter("empty_bins", "vider les bacs", "empty the bins")

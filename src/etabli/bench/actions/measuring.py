"""Instruments set, connected, and misused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etabli.bench.actions.registry import Argument, Arguments, Check, action, among, reach, reach_point
from etabli.bench.errors import bad_argument
from etabli.bench.instruments import DIALS, is_shorting
from etabli.bench.judgement import HAZARD_V, Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import EARTH, ELECTRICAL, FLUIDS
from etabli.bench.state import Danger, PartUsed
from etabli.physics.law import Domain
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench

METER_FUSE_EUR = 9.0
VAT_VALID_MINUTES = 15.0
VAT_STEPS = (12.0, 24.0, 50.0, 120.0, 230.0, 400.0)


# --- instruments ----------------------------------------------------------------------------------


def _check_dial(bench: Bench, given: Arguments) -> None:
    among("position", given["position"], DIALS, Text("position du sélecteur", "dial position"))


def _check_jack(bench: Bench, given: Arguments) -> None:
    among("jack", given["jack"], ("v", "a"), Text("prise", "socket"))


@action("dial", "tourner le sélecteur", "turn the dial", 0.1, Argument("position", "text"), check=_check_dial)
def _dial(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.multimeter.dial = given["position"]
    bench.connect_instrument("multimeter")
    text = DIALS[given["position"]]
    return Outcome(True, Text(f"Multimètre sur {text.fr}.", f"Multimeter on {text.en}."), 0.1)


@action(
    "jack",
    "changer la prise du cordon rouge",
    "move the red lead's plug",
    0.2,
    Argument("jack", "text"),
    check=_check_jack,
)
def _jack(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.multimeter.jack = given["jack"]
    danger = _arc(bench, "jack")
    bench.connect_instrument("multimeter")
    name = Text("10 A", "10 A") if given["jack"] == "a" else Text("V/Ω", "V/Ω")
    return Outcome(True, Text(f"Cordon rouge en {name.fr}.", f"Red lead in {name.en}."), 0.2, danger=danger)


def _arc(bench: Bench, name: str) -> Danger | None:
    """Leads in the amp socket across a hazardous voltage: an arc at the probe until the fuse of the meter melts."""
    meter = bench.state.instruments.multimeter
    if not is_shorting(meter) or meter.red is None or meter.black is None:
        return None
    volts = bench.tester_volts(meter.red, meter.black)
    if volts <= HAZARD_V[Domain.AC]:
        return None
    text = Text(
        f"ampèremètre branché sur {volts:.0f} V : arc à la pointe de touche",
        f"ammeter put across {volts:.0f} V: arc at the probe",
    )
    return bench.note_danger(name, f"{meter.red} {meter.black}", Hazard("arc", False, text))


def _check_probe(bench: Bench, given: Arguments) -> None:
    for name in ("red", "black"):
        point = given.get(name)
        if point is None or point == EARTH:
            continue
        if bench.plant.domains[point] not in ELECTRICAL:
            raise bad_argument(
                name,
                Text(f"{point} n'est pas un point électrique", f"{point} is not an electrical point"),
                Text("choisir une borne", "choose a terminal"),
            )
        _check_conductor_end(bench, name, point)
        reach_point(bench, point)


def _check_conductor_end(bench: Bench, name: str, point: str) -> None:
    tag, _, end = point.partition(":")
    if tag in bench.plant.conductors and bench.state.ends.get(f"{tag}.{end}", "") is not None:
        raise bad_argument(
            name,
            Text(
                f"l'extrémité {point} n'est pas accessible : elle est branchée",
                f"the end {point} cannot be reached: it is connected",
            ),
            Text("toucher la borne, ou débrancher ce fil", "touch the terminal, or disconnect this wire"),
        )


@action(
    "probe",
    "poser les pointes",
    "place the probes",
    0.3,
    Argument("red", "point", False),
    Argument("black", "point", False),
    check=_check_probe,
)
def _probe(bench: Bench, given: Arguments) -> Outcome:
    meter = bench.state.instruments.multimeter
    touched = [p for p in (given.get("red"), given.get("black")) if p is not None and p != EARTH]
    live = bench.judge.electrical(touched, bench.state.epi)
    danger = None
    if live is not None and not bench.wears_gloves and any(_is_hazardous(bench, p) for p in touched):
        text = Text(
            f"mesure sous tension sans protection ({live.text.fr})",
            f"measurement on live parts without protection ({live.text.en})",
        )
        danger = bench.note_danger("probe", " ".join(touched), Hazard("live", False, text))
    if "red" in given:
        meter.red = given["red"]
    if "black" in given:
        meter.black = given["black"]
    danger = _arc(bench, "probe") or danger
    bench.connect_instrument("multimeter")
    red, black = meter.red or "–", meter.black or "–"
    return Outcome(
        True, Text(f"Rouge en {red}, noir en {black}.", f"Red at {red}, black at {black}."), 0.3, danger=danger
    )


def _is_hazardous(bench: Bench, point: str) -> bool:
    volts, domain = bench.judge.volts(point)
    return domain is not None and volts > HAZARD_V[domain]


def _check_clamp(bench: Bench, given: Arguments) -> None:
    if given["wire"] is not None:
        reach(bench, given["wire"])


@action("clamp", "pince ampèremétrique", "clamp meter", 0.5, Argument("wire", "wire"), check=_check_clamp)
def _clamp(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.clamp = given["wire"]
    bench.connect_instrument("clamp")
    if given["wire"] is None:
        return Outcome(True, Text("Pince retirée.", "Clamp removed."), 0.2)
    return Outcome(True, Text(f"Pince autour de {given['wire']}.", f"Clamp around {given['wire']}."), 0.5)


def _check_on(domains: tuple[Domain, ...], fr: str, en: str) -> Check:
    def check(bench: Bench, given: Arguments) -> None:
        point = given["point"]
        if point is None:
            return
        if point == EARTH or bench.plant.domains[point] not in domains:
            raise bad_argument(
                "point", Text(f"{point} n'est pas {fr}", f"{point} is not {en}"), Text(f"choisir {fr}", f"choose {en}")
            )
        if domains == FLUIDS:
            _check_conductor_end(bench, "point", point)
        reach_point(bench, point)

    return check


@action(
    "gauge",
    "manomètre",
    "pressure gauge",
    1.0,
    Argument("point", "point"),
    check=_check_on(FLUIDS, "un point pneumatique ou hydraulique", "a pneumatic or hydraulic point"),
)
def _gauge(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.gauge = given["point"]
    bench.connect_instrument("gauge")
    if given["point"] is None:
        return Outcome(True, Text("Manomètre retiré.", "Gauge removed."), 0.5)
    return Outcome(True, Text(f"Manomètre en {given['point']}.", f"Gauge at {given['point']}."), 1.0)


@action(
    "tachometer",
    "tachymètre",
    "tachometer",
    0.5,
    Argument("point", "point"),
    check=_check_on((Domain.ROTATION,), "un arbre tournant", "a rotating shaft"),
)
def _tachometer(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.tachometer = given["point"]
    bench.connect_instrument("tachometer")
    if given["point"] is None:
        return Outcome(True, Text("Tachymètre rangé.", "Tachometer put away."), 0.1)
    return Outcome(True, Text(f"Tachymètre visé sur {given['point']}.", f"Tachometer aimed at {given['point']}."), 0.5)


@action("meter_fuse", "changer le fusible du multimètre", "change the multimeter's fuse", 3.0)
def _meter_fuse(bench: Bench, given: Arguments) -> Outcome:
    meter = bench.state.instruments.multimeter
    meter.fuse_ok, meter.fuse_heat = True, 0.0
    bench.state.parts.append(PartUsed("multimeter", "fusible multimètre", METER_FUSE_EUR, bench.minutes_now))
    bench.connect_instrument("multimeter")
    return Outcome(True, Text("Fusible du multimètre neuf.", "New fuse in the multimeter."), 3.0, METER_FUSE_EUR)


@action("vat_test", "essayer le VAT", "test the voltage tester", 0.3)
def _vat_test(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.vat_tested = True
    bench.state.instruments.vat_tested_minutes = bench.minutes_now
    return Outcome(
        True,
        Text("Le VAT s'allume sur son bloc d'essai : il marche.", "The tester lights up on its test block: it works."),
        0.3,
    )


def _check_vat(bench: Bench, given: Arguments) -> None:
    _check_probe(bench, {"red": given["first"], "black": given["second"]})
    if given["first"] == given["second"] or given["first"] is None or given["second"] is None:
        raise bad_argument(
            "second",
            Text("deux points différents sont nécessaires", "two different points are needed"),
            Text("toucher deux conducteurs", "touch two conductors"),
        )


@action(
    "vat",
    "vérifier l'absence de tension",
    "check the absence of voltage",
    0.5,
    Argument("first", "point"),
    Argument("second", "point"),
    check=_check_vat,
)
def _vat(bench: Bench, given: Arguments) -> Outcome:
    volts = bench.tester_volts(given["first"], given["second"])
    step = max((s for s in VAT_STEPS if volts >= 0.85 * s), default=0.0)
    tested = (
        bench.state.instruments.vat_tested
        and bench.minutes_now - bench.state.instruments.vat_tested_minutes <= VAT_VALID_MINUTES
    )
    where = f"{given['first']} – {given['second']}"
    if step:
        text = Text(
            f"Présence de tension ({step:.0f} V) entre {where}.", f"Voltage present ({step:.0f} V) between {where}."
        )
    else:
        text = Text(f"Aucun voyant entre {where}.", f"No light between {where}.")
    if not tested:
        text = Text(
            f"{text.fr} VAT non essayé juste avant : ne prouve rien.",
            f"{text.en} Tester not tested just before: proves nothing.",
        )
    return Outcome(
        True, text, 0.5, values={"step_v": step, "tested": tested, "points": [given["first"], given["second"]]}
    )

"""Instruments set, connected, and misused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etabli.bench.actions.registry import (
    Argument,
    Arguments,
    Check,
    action,
    among,
    judged,
    points_of,
    reach_inside,
    reach_point,
)
from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.instruments import DIALS, MODES, is_shorting
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
        reach_inside(bench, given["wire"])


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


# --- flow meter, thermometer, vibration meter -----------------------------------------------------

FLOW_METER_IN, FLOW_METER_OUT = 8.0, 6.0
"""Minutes to undo a fitting, screw the flow meter in and bleed; and to put the hose back."""
SPECTRUM_MINUTES = 2.0
SPECTRUM_LINES = 8


def _check_flow_meter(bench: Bench, given: Arguments) -> None:
    tube, present = given["tube"], bench.state.instruments.flowmeter
    if tube is None or tube == present:
        return
    if present is not None:
        raise ActionRefused(
            Text(f"le débitmètre est déjà monté sur {present}", f"the flow meter is already in {present}"),
            Text("le démonter d'abord", "take it out first"),
        )
    place = bench.place_of(tube, "a")
    if place is None:
        raise ActionRefused(
            Text(f"{tube} est débranché", f"{tube} is disconnected"),
            Text("le rebrancher d'abord", "reconnect it first"),
        )
    reach_point(bench, place)


@action("flowmeter", "débitmètre", "flow meter", FLOW_METER_IN, Argument("tube", "tube"), check=_check_flow_meter)
def _flow_meter(bench: Bench, given: Arguments) -> Outcome:
    """Screwed between the hose and its port at end a, or taken out: a fitting is undone, so the pressure is judged."""
    tube, present = given["tube"], bench.state.instruments.flowmeter
    at = tube if tube is not None else present
    if at is None or tube == present:
        return Outcome(True, Text("Débitmètre rangé.", "Flow meter put away."), 0.1)
    place = bench.place_of(at, "a")
    points = [f"{at}:a", *([] if place is None else [place])]

    def work() -> Outcome:
        bench.state.instruments.flowmeter = tube
        bench.connect_instrument("flowmeter")
        if tube is None:
            return Outcome(True, Text(f"Débitmètre démonté de {at}.", f"Flow meter out of {at}."), FLOW_METER_OUT)
        return Outcome(
            True,
            Text(
                f"Débitmètre monté entre {place} et {tube} ; positif de {place} vers {tube}.",
                f"Flow meter between {place} and {tube}; positive from {place} to {tube}.",
            ),
            FLOW_METER_IN,
        )

    return judged(bench, "flowmeter", at, bench.judge.opening(points), work)


def _tag_of(spot: str) -> str:
    return spot.partition("/")[0]


def _at(bench: Bench, spot: str, fr: str, en: str) -> Text:
    name = bench.plant.spots[spot].name
    return Text(f"{fr} {name.fr}.", f"{en} {name.en}.")


def _check_spot(bench: Bench, given: Arguments) -> None:
    if given["point"] is not None:
        reach_inside(bench, _tag_of(given["point"]))


def _check_thermometer(bench: Bench, given: Arguments) -> None:
    _check_spot(bench, given)
    if "mode" in given:
        among("mode", given["mode"], MODES, Text("mode", "mode"))


def _touched(bench: Bench, spot: str) -> list[Hazard | None]:
    """A hand with a probe on a part: what turns catches it, live terminals of an open cabinet are within reach."""
    tag = _tag_of(spot)
    return [bench.judge.mechanical(tag, locked=True), *_within_reach(bench, tag)]


def _within_reach(bench: Bench, tag: str) -> list[Hazard | None]:
    if not bench.plant.is_enclosed(tag):  # covers and insulation protect the fingers outside the cabinet
        return []
    return [bench.judge.electrical(points_of(bench, tag, electrical=True), bench.state.epi)]


@action(
    "thermometer",
    "thermomètre",
    "thermometer",
    0.5,
    Argument("point", "warm_spot"),
    Argument("mode", "text", False),
    check=_check_thermometer,
)
def _thermometer(bench: Bench, given: Arguments) -> Outcome:
    """Infrared: aimed from a distance, without danger. Contact: a probe held on the part by hand, more exact."""
    spot, mode = given["point"], given.get("mode", bench.state.instruments.thermometer_mode)

    def work() -> Outcome:
        bench.state.instruments.thermometer, bench.state.instruments.thermometer_mode = spot, mode
        bench.connect_instrument("thermometer")
        if spot is None:
            return Outcome(True, Text("Thermomètre rangé.", "Thermometer put away."), 0.1)
        if mode == "contact":
            return Outcome(True, _at(bench, spot, "Sonde posée sur", "Probe held on"), 0.5)
        return Outcome(True, _at(bench, spot, "Thermomètre visé sur", "Thermometer aimed at"), 0.5)

    hazards = _touched(bench, spot) if spot is not None and mode == "contact" else []
    return judged(bench, "thermometer", str(spot), hazards, work)


@action("vibrometer", "vibromètre", "vibration meter", 1.0, Argument("point", "shaking_spot"), check=_check_spot)
def _vibrometer(bench: Bench, given: Arguments) -> Outcome:
    """An accelerometer on a magnet, put on a bearing housing; the machine may run."""
    spot = given["point"]

    def work() -> Outcome:
        bench.state.instruments.vibrometer = spot
        bench.connect_instrument("vibrometer")
        if spot is None:
            return Outcome(True, Text("Vibromètre rangé.", "Vibration meter put away."), 0.2)
        return Outcome(True, _at(bench, spot, "Capteur aimanté sur", "Magnet sensor on"), 1.0)

    return judged(bench, "vibrometer", str(spot), [] if spot is None else _within_reach(bench, _tag_of(spot)), work)


def _check_spectrum(bench: Bench, given: Arguments) -> None:
    if bench.state.instruments.vibrometer is None:
        raise ActionRefused(
            Text("le capteur de vibrations n'est pas posé", "the vibration sensor is not in place"),
            Text("le poser sur un palier", "put it on a bearing housing"),
        )


@action("spectrum", "relever le spectre", "take the spectrum", SPECTRUM_MINUTES, check=_check_spectrum)
def _spectrum(bench: Bench, given: Arguments) -> Outcome:
    """The strongest lines of the vibration under the sensor; what they mean is for the person to find."""
    lines = bench.meters.spectrum()[:SPECTRUM_LINES]
    spot = str(bench.state.instruments.vibrometer)
    name = bench.plant.spots[spot].name
    if not lines:
        nothing = Text(f"{name.fr} : aucun pic au-dessus du bruit.", f"{name.en}: no line above the noise.")
        return Outcome(True, nothing, SPECTRUM_MINUTES, values={"point": spot, "lines": []})
    fr = " ; ".join(f"{hz:.1f} Hz : {level:.2f} mm/s".replace(".", ",") for hz, level in lines)
    en = "; ".join(f"{hz:.1f} Hz: {level:.2f} mm/s" for hz, level in lines)
    return Outcome(
        True,
        Text(f"Pics en {name.fr} : {fr}.", f"Lines at {name.en}: {en}."),
        SPECTRUM_MINUTES,
        values={"point": spot, "lines": [list(line) for line in lines]},
    )


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

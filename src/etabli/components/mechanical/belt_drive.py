"""Drive belt between two pulleys."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
)
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.slip_drive import slip_drive
from etabli.components.mechanical.two_wheels import (
    PORTS,
    SIGNALS,
    bearing_friction,
    limits,
    speed_channels,
    wheels_symbol,
)
from etabli.physics.network import NodeRef, ParameterRef
from etabli.physics.text import Text

_CREEP_SHARE = 0.02
_DRIVEN = Text("de la poulie menée", "of the driven pulley")


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "in", "driving", 1e-3, float(p["bearing_nm"]), 1e-3)
    add_shaft(b, "out", "driven", 2e-3, float(p["bearing_nm"]), 1e-3)
    b.device(
        "belt",
        slip_drive,
        {"a": "in", "b": "out"},
        {"ratio": p["ratio"], "limit": p["limit_nm"], "creep": _CREEP_SHARE * float(p["speed_in"])},
    )


def _belt_words(speed_in: float, speed_out: float, slipping: bool, off: bool) -> Text:
    if off:
        return Text("La courroie n'est plus sur les poulies.", "The belt is no longer on the pulleys.")
    if slipping:
        return Text("La poulie motrice tourne et la courroie patine.", "The driving pulley turns and the belt slips.")
    if abs(speed_in) > 0.1 or abs(speed_out) > 0.1:
        return Text("La courroie tourne.", "The belt runs.")
    return Text("La courroie est arrêtée.", "The belt stands still.")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    limit = read(ParameterRef(f"{tag}.belt", "limit"))
    off = limit < 0.01 * float(p["limit_nm"])
    slip = abs(speed_in - float(p["ratio"]) * speed_out)
    slipping = not off and slip > 4.0 * _CREEP_SHARE * float(p["speed_in"])
    found = [Perception(Sense.LOOK, _belt_words(speed_in, speed_out, slipping, off))]
    if slipping:
        found.append(Perception(Sense.LISTEN, Text("La courroie crisse.", "The belt squeals.")))
        found.append(
            Perception(
                Sense.LOOK, Text("Odeur de caoutchouc chaud près de la courroie.", "Smell of hot rubber near the belt.")
            )
        )
    return (*found, *shaft_senses(tag, "driven", f"{tag}:out", float(p["bearing_nm"]), read, _DRIVEN))


COMPONENT = Component(
    family="belt_drive",
    letter="T",
    text=Text("transmission par courroie", "belt drive"),
    sheet=Text(
        "Transmet le mouvement entre deux poulies par frottement ; au-delà de son couple limite, elle patine. La "
        "tension se contrôle à la flèche du brin. Valeurs : fiche de courroie trapézoïdale SPZ, couple transmissible "
        "25 N·m.",
        "Passes motion between two pulleys by friction; beyond its limit torque, it slips. Tension is checked by the "
        "deflection of the strand. Values: data sheet of an SPZ V-belt, 25 N·m transmissible.",
    ),
    parameters=(
        Parameter("ratio", Text("rapport (entrée / sortie)", "ratio (in / out)"), "", 1.5, 0.1, 10.0),
        limits(25.0, (0.1, 5000.0)),
        Parameter("speed_in", Text("vitesse d'entrée nominale", "rated input speed"), "rad/s", 7.5, 0.5, 400.0),
        bearing_friction(0.1),
    ),
    ports=PORTS,
    build=_build,
    failure_modes=(
        FailureMode(
            "slipping",
            Text("courroie détendue : elle patine", "slack belt: it slips"),
            (Effect("belt.limit", 0.04, relative=True, logarithmic=True),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.25, 1.0),
            Text(
                "Le brin de courroie s'enfonce de trois centimètres au doigt.",
                "The strand gives three centimetres under a finger.",
            ),
        ),
        FailureMode(
            "glazed",
            Text("courroie glacée par l'usure", "belt glazed by wear"),
            (Effect("belt.limit", 0.06, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            degrees=(0.25, 1.0),
            visible=Text("Les flancs de la courroie brillent.", "The flanks of the belt shine."),
        ),
        FailureMode(
            "broken",
            Text("courroie cassée", "belt broken"),
            (Effect("belt.limit", 0.0),),
            visible=Text("La courroie est tombée dans le carter.", "The belt lies at the bottom of its guard."),
        ),
        *bearing_modes("driven", 20.0, 800.0, _DRIVEN),
    ),
    channels=lambda tag, p: speed_channels(tag, float(p["speed_in"]), float(p["speed_in"]) / float(p["ratio"])),
    signals=SIGNALS,
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "driven", f"{tag}:out", _DRIVEN),),
    symbols={"main": wheels_symbol(2, 3, "solid")},
)

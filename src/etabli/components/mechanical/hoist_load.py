"""Car and counterweight of a hoist: two guided masses that hang from ropes, between their buffers."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Sense,
    Suspended,
)
from etabli.components.curve import explain
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import GRAVITY
from etabli.components.mechanical.guided_mass import BUFFER_LOSS, buffer_knock, guided_mass
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text


@sampled(reads=("kg",), parameters=("full_kg",), memory=("kg",), writes=("load",), stage=Stage.ACTUATE)
def carried_load(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Goods that somebody else moves in and out: ``kg`` on board, as a share of ``full_kg``."""
    return {"kg": r.kg, "load": r.kg / p.full_kg}


explain(carried_load, Text("Charge embarquée par d'autres.", "Goods that others move in and out."))


def _build(b: Builder, p: Parameters) -> None:
    travel, start, gap = float(p["travel_m"]), float(p["start_m"]), float(p["buffer_gap_m"])
    overhead = float(p["overhead_m"])
    for side, mass, load, at in (
        ("car", float(p["car_kg"]), float(p["load_kg"]), start),
        ("counterweight", float(p["counterweight_kg"]), 0.0, travel - start),
    ):
        b.device(
            side,
            guided_mass,
            {"w": side},
            {
                "mass": mass,
                "load_mass": load,
                "load": 0.0,
                "slope": 1.0,
                "low": -gap,
                "high": travel + overhead,
                "stiffness": p["buffer_n_m"],
                "loss": BUFFER_LOSS,
            },
            {"position": at},
        )
        add_dry_friction(b, f"{side}_guide", side, GROUND, float(p["guide_n"]), breakaway=1.3, viscous=20.0)
        b.sample(
            f"{side}_knock",
            buffer_knock,
            {"buffer": b.state(side, "buffer"), "speed": b.across(side)},
            {"weight": GRAVITY * mass},
        )
    goods = b.linked("load")
    if goods is not None:
        full = {"full_kg": float(p["load_kg"])}
        b.sample("carried", carried_load, {"kg": goods}, full, {"load": b.parameter("car", "load")})


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    travel = float(p["travel_m"])
    return (
        Channel("car", StateRef(f"{tag}.car", "position"), 0.0, travel, seen=True, text=Text("cabine", "car")),
        Channel(
            "counterweight",
            StateRef(f"{tag}.counterweight", "position"),
            0.0,
            travel,
            seen=True,
            text=Text("contrepoids", "counterweight"),
        ),
        Channel("load", ParameterRef(f"{tag}.car", "load"), seen=True, text=Text("charge", "load")),
    )


def _car_words(position: float, speed: float) -> Text:
    if speed > 0.005:
        return Text("La cabine monte.", "The car goes up.")
    if speed < -0.005:
        return Text("La cabine descend.", "The car goes down.")
    cm = round(100.0 * position)
    return Text(f"La cabine est arrêtée à {cm} cm du niveau bas.", f"The car stands {cm} cm above the lowest level.")


def _guide_senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found = []
    for side, name in (("car", _CAR), ("counterweight", _OTHER)):
        friction = read(ParameterRef(f"{tag}.{side}_guide", "limit"))
        if abs(read(NodeRef(f"{tag}:{side}"))) > 0.005 and friction > 2.5 * float(p["guide_n"]):
            found.append(
                Perception(
                    Sense.LISTEN,
                    Text(f"Les guides grincent {name.fr}.", f"The guides screech {name.en}."),
                )
            )
        if read(MemoryRef(f"{tag}.{side}_knock", "knock")) > 0.05:
            found.append(
                Perception(
                    Sense.LISTEN,
                    Text(f"Choc sur l'amortisseur {name.fr}.", f"A bang on the buffer {name.en}."),
                )
            )
        if read(StateRef(f"{tag}.{side}", "buffer")) > 50.0:
            found.append(
                Perception(
                    Sense.LOOK,
                    Text(f"L'amortisseur est écrasé {name.fr}.", f"The buffer is compressed {name.en}."),
                )
            )
    return tuple(found)


_CAR = Text("de la cabine", "of the car")
_OTHER = Text("du contrepoids", "of the counterweight")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    position, speed = read(StateRef(f"{tag}.car", "position")), read(NodeRef(f"{tag}:car"))
    kg = round(read(ParameterRef(f"{tag}.car", "load")) * float(p["load_kg"]))
    return (
        Perception(Sense.LOOK, _car_words(position, speed)),
        Perception(Sense.LOOK, Text(f"Charge dans la cabine : {kg} kg.", f"Load in the car: {kg} kg.")),
        *_guide_senses(tag, p, read),
    )


def _stiff(side: str, name: Text) -> FailureMode:
    return FailureMode(
        f"{side}_guides_dry",
        Text(f"guides secs {name.fr}", f"dry guides {name.en}"),
        (Effect(f"{side}_guide.limit", 12.0, relative=True), Effect(f"{side}_guide.breakaway", 2.0)),
        Repair.CLEAN,
        (Onset.GROWING, Onset.INTERMITTENT),
        1.2,
        (0.4, 1.0),
        Text("Les rails sont secs, marqués de poussière brune.", "The rails are dry, marked with brown dust."),
    )


def _jammed(side: str, name: Text) -> FailureMode:
    return FailureMode(
        f"{side}_jammed",
        Text(f"coulisseau coincé {name.fr}", f"guide shoe jammed {name.en}"),
        (Effect(f"{side}_guide.limit", 150.0, relative=True, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
        degrees=(0.9, 1.0),
        visible=Text("Un coulisseau est de travers sur son rail.", "A guide shoe sits askew on its rail."),
    )


def _symbol() -> Symbol:
    """Two shafts side by side: car on the left, counterweight on the right."""
    cabin = (Rectangle(1, 16, 4, 4), Line(((3, 16), (3, 15.4))))
    weight = (Rectangle(8, 16, 2, 4, True), Line(((9, 16), (9, 15.4))))
    return Symbol(
        12,
        22,
        (
            Line(((0.5, 1), (0.5, 21))),
            Line(((5.5, 1), (5.5, 21))),
            Line(((7.5, 1), (7.5, 21))),
            Line(((10.5, 1), (10.5, 21))),
            Line(((3, 0), (3, 3)), "thin"),
            Line(((9, 0), (9, 3)), "thin"),
            Line(((2, 21), (4, 21), (3, 20.3), (2, 21))),
            Line(((8, 21), (10, 21), (9, 20.3), (8, 21))),
            Moves("car", 0, -13, cabin),
            Moves("counterweight", 0, -13, weight),
        ),
        (Pin("car", 3, 0, "n"), Pin("counterweight", 9, 0, "n")),
    )


COMPONENT = Component(
    family="hoist_load",
    letter="G",
    purpose="U",
    text=Text("cabine et contrepoids", "car and counterweight"),
    sheet=Text(
        "Cabine guidée, contrepoids égal à la cabine plus la moitié de la charge nominale, amortisseurs à ressort en "
        "cuvette. La charge se pose à bord (commande « load » : 0 à 1 fois load_kg, soit 125 % de la charge nominale) "
        "ou vient du signal en kg lié à « load ». "
        "Valeurs : fiche de monte-charge 500 kg, deux niveaux, guides à coulisseaux lubrifiés.",
        "Guided car, counterweight equal to the car plus half the rated load, spring buffers in the pit. The load is "
        "put on board (control “load”: 0 to 1 times load_kg, 125 % of the rated load), or comes from the signal in kg "
        "linked to “load”. Values: sheet of a 500 kg goods lift, two levels, oiled sliding guides.",
    ),
    parameters=(
        Parameter("car_kg", Text("masse de la cabine", "mass of the car"), "kg", 600.0, 1.0, 1e5),
        Parameter("counterweight_kg", Text("masse du contrepoids", "mass of the counterweight"), "kg", 850.0, 1.0, 1e5),
        Parameter(
            "load_kg", Text("charge à bord à la commande 1", "load on board at control 1"), "kg", 625.0, 1.0, 1e5
        ),
        Parameter("travel_m", Text("course entre niveaux extrêmes", "travel between end levels"), "m", 4.0, 0.2, 200.0),
        Parameter(
            "start_m", Text("hauteur de la cabine au départ", "height of the car at the start"), "m", 0.0, -1.0, 200.0
        ),
        Parameter(
            "buffer_gap_m",
            Text("jeu sur l'amortisseur au niveau", "clearance to the buffer at level"),
            "m",
            0.15,
            0.0,
            2.0,
        ),
        Parameter("overhead_m", Text("réserve en partie haute", "overhead clearance"), "m", 0.6, 0.0, 5.0),
        Parameter("buffer_n_m", Text("raideur d'un amortisseur", "stiffness of a buffer"), "N/m", 2.5e5, 1e3, 1e8),
        Parameter("guide_n", Text("frottement des guides", "friction of the guides"), "N", 80.0, 1.0, 2e4),
    ),
    ports=(Port("car", Domain.TRANSLATION), Port("counterweight", Domain.TRANSLATION)),
    build=_build,
    failure_modes=(
        _stiff("car", _CAR),
        _stiff("counterweight", _OTHER),
        _jammed("car", _CAR),
        _jammed("counterweight", _OTHER),
        FailureMode(
            "weights_missing",
            Text("gueuses retirées du contrepoids", "filler weights taken off the counterweight"),
            (Effect("counterweight.mass", 0.6, relative=True),),
            Repair.ADJUST,
            rate=0.4,
            degrees=(0.3, 1.0),
            visible=Text("Le cadre du contrepoids n'est pas plein.", "The counterweight frame is not full."),
        ),
        FailureMode(
            "buffer_broken",
            Text("ressort d'amortisseur cassé (cabine)", "buffer spring broken (car)"),
            (Effect("car.stiffness", 0.12, relative=True, logarithmic=True),),
            rate=0.2,
            visible=Text("Une spire du ressort est fendue en cuvette.", "A coil of the spring in the pit is cracked."),
        ),
    ),
    channels=_channels,
    optional_links=("load",),
    signals={
        "position": lambda tag, p: StateRef(f"{tag}.car", "position"),
        "speed": lambda tag, p: NodeRef(f"{tag}:car"),
        "counterweight_position": lambda tag, p: StateRef(f"{tag}.counterweight", "position"),
        "load": lambda tag, p: ParameterRef(f"{tag}.car", "load"),
        "buffer": lambda tag, p: StateRef(f"{tag}.car", "buffer"),
    },
    senses=_senses,
    suspends=lambda tag, p: tuple(
        Suspended(side, text, side, StateRef(f"{tag}.{side}", "position"), -1.0)
        for side, text in (("car", Text("cabine", "car")), ("counterweight", Text("contrepoids", "counterweight")))
    ),
    symbols={"main": _symbol()},
    controls={"load": "car.load"},
)

"""Contacts: a path whose resistance follows a moving part (armature, button, lever).

Everything that can go wrong in a contact is a parameter of the sampled law :func:`contact`, because that law writes the
resistance of the path at every step: a fault written on the resistance itself would be overwritten.
"""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset, Read, Repair
from etabli.components.curve import OHMS, Axis, Curve, explain, sweep
from etabli.components.electrical.conductor import CLOSED_OHM, OPEN_OHM, ac_pole, dc_pole
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.network import ParameterRef, Ref, StateRef
from etabli.physics.text import Text

NEVER_BELOW, NEVER_ABOVE = -10.0, 10.0
MAKE_AT = 0.8
"""Travel (0…1) above which a normally open contact touches."""
BREAK_AT = 0.3
"""Travel (0…1) above which a normally closed contact has left its seat."""
THREE_POLES = (("1", "2"), ("3", "4"), ("5", "6"))
"""Terminals of three power poles, top and bottom (EN 50005 numbering)."""
ON_1 = (0.5, 1.5)
"""Window of the position 1 of a lever."""


@sampled(
    reads=("position",),
    parameters=("closed_above", "closed_below", "closed_ohm", "welded", "cut"),
    writes=("resistance",),
    stage=Stage.SWITCH,
)
def contact(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Closed while ``closed_above < position < closed_below`` (travel 0…1, or detent number of a selector).

    ``welded`` (0/1) closes it for good, ``cut`` (0/1) opens it for good (blade burnt away, dirt, broken block);
    ``closed_ohm`` grows with wear and oxide.
    """
    touching = less(p.closed_above, r.position) * less(r.position, p.closed_below)
    closed = maximum(touching, less(0.5, p.welded)) * less(p.cut, 0.5)
    return {"resistance": select(closed, p.closed_ohm, OPEN_OHM)}


explain(
    contact,
    Text(
        "Contact : quelques dizaines de milliohms quand la pièce mobile le ferme, isolant sinon. L'usure et l'oxyde "
        "font croître la résistance fermée. Source : fiches de contacts (10 à 50 mΩ à neuf).",
        "Contact: some tens of milliohms while the moving part closes it, insulating otherwise. Wear and oxide raise "
        "its closed resistance. Source: contact sheets (10 to 50 mΩ when new).",
    ),
    Curve(
        Text("résistance du contact selon la position", "contact resistance against position"),
        Axis(Text("position de la pièce mobile (0 repos)", "position of the moving part (0 at rest)")),
        OHMS,
        sweep(0.0, lambda d: 2.0 if d.p.closed_above > 1.0 else 1.0, lambda d, x: d.step(position=x)["resistance"], 81),
    ),
)


def add_contact(
    builder: Builder,
    a: str,
    b: str,
    position: Ref,
    *,
    normally_closed: bool = False,
    window: tuple[float, float] | None = None,
    closed_ohm: float = CLOSED_OHM,
    ac: bool = False,
    closed_now: bool | None = None,
) -> None:
    """Path ``contact_A_B`` between two ports, driven by the sampled device ``switch_A_B`` that reads ``position``."""
    rest = (NEVER_BELOW, BREAK_AT) if normally_closed else (MAKE_AT, NEVER_ABOVE)
    above, below = window or rest
    starts_closed = normally_closed if closed_now is None else closed_now
    builder.device(
        f"contact_{a}_{b}",
        ac_pole if ac else dc_pole,
        {"a": a, "b": b},
        {"resistance": closed_ohm if starts_closed else OPEN_OHM},
    )
    builder.sample(
        f"switch_{a}_{b}",
        contact,
        {"position": position},
        {"closed_above": above, "closed_below": below, "closed_ohm": closed_ohm, "welded": 0.0, "cut": 0.0},
        {"resistance": builder.parameter(f"contact_{a}_{b}", "resistance")},
    )


def add_lever_poles(
    builder: Builder, poles: tuple[tuple[str, str], ...], lever: Ref, *, closed_ohm: float, closed_now: bool
) -> None:
    """AC poles of a switch or breaker, closed while its ``lever`` (or latch) is on 1."""
    for a, b in poles:
        add_contact(builder, a, b, lever, window=ON_1, closed_ohm=closed_ohm, ac=True, closed_now=closed_now)


def contact_not_closing(a: str, b: str, rate: float = 1.0, visible: Text | None = None) -> FailureMode:
    """The contact ``a``-``b`` no longer makes."""
    return FailureMode(
        f"contact_{a}_{b}_open",
        Text(f"contact {a}-{b} ne se ferme plus", f"contact {a}-{b} no longer closes"),
        (Effect(f"switch_{a}_{b}.cut", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=rate,
        visible=visible,
        ports=(a, b),
    )


def contact_resistive(
    a: str, b: str, ohms: float = 2000.0, rate: float = 1.0, repair: Repair = Repair.REPLACE
) -> FailureMode:
    """The contact ``a``-``b`` is oxidised: its closed resistance grows up to ``ohms``."""
    return FailureMode(
        f"contact_{a}_{b}_resistive",
        Text(f"contact {a}-{b} oxydé (résistance élevée)", f"contact {a}-{b} oxidised (high resistance)"),
        (Effect(f"switch_{a}_{b}.closed_ohm", ohms, logarithmic=True),),
        repair=repair,
        onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
        rate=rate,
        degrees=(0.88, 1.0),
        ports=(a, b),
    )


def contact_welded(
    a: str, b: str, rate: float = 0.5, held: str | None = None, visible: Text | None = None
) -> FailureMode:
    """The contact ``a``-``b`` is welded shut; ``held`` ("device.parameter") is the moving part it holds back."""
    effects = [Effect(f"switch_{a}_{b}.welded", 1.0)]
    if held:
        effects.append(Effect(held, WELDED_TRAVEL))
    return FailureMode(
        f"contact_{a}_{b}_welded",
        Text(f"contact {a}-{b} soudé", f"contact {a}-{b} welded"),
        tuple(effects),
        rate=rate,
        visible=visible,
        ports=() if held else (a, b),  # a held armature is felt whatever the contact is wired to
    )


WELDED_TRAVEL = 0.65
"""Travel at which a welded make contact holds its armature: break contacts of the same armature stay open
(mirror contact, IEC 60947-4-1 annex F), the other make contacts open."""


def hot_pole(tag: str, poles: tuple[tuple[str, str], ...], read: Read, watts: float = 15.0) -> bool:
    """True where a closed pole turns more than ``watts`` into heat."""
    for a, b in poles:
        name = f"{tag}.contact_{a}_{b}"
        current = read(StateRef(name, "current"))
        if current * current * read(ParameterRef(name, "resistance")) > watts:
            return True
    return False

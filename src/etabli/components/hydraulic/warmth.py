"""How much hotter than the oil a part gets from what it loses: what a hand finds."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Perception, Read, Sense, Spot
from etabli.components.curve import explain
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text

_WORKSHOP_C = 22.0
"""What the oil is reckoned at where the machine links no oil temperature."""


@sampled(
    reads=("loss", "oil"),
    parameters=("k_per_w", "time_s", "unlinked"),
    memory=("rise", "celsius"),
    stage=Stage.SENSE,
)
def body_warmth(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Rise of a body above its oil, K: a heat capacity cooled by oil and air (``k_per_w`` K/W, ``time_s``).

    ``celsius`` is what a thermometer finds on it: the ``oil`` (°C; ``unlinked`` where it is not linked) and the rise.
    """
    target = p.k_per_w * maximum(r.loss, 0.0)
    rise = m.rise + (target - m.rise) * minimum(h / p.time_s, 1.0)
    return {"rise": rise, "celsius": r.oil + rise}


explain(
    body_warmth,
    Text(
        "Échauffement du corps au-dessus de l'huile : capacité thermique refroidie par l'huile et l'air.",
        "Rise of the body above its oil: a heat capacity cooled by oil and air.",
    ),
)


def add_warmth(b: Builder, loss: Ref, k_per_w: float, time_s: float = 60.0) -> None:
    """Sampled device ``warmth`` that follows the watts behind ``loss``; optional link ``temperature`` of the oil."""
    oil = b.linked("temperature") or b.parameter("warmth", "unlinked")
    values = {"k_per_w": k_per_w, "time_s": time_s, "unlinked": _WORKSHOP_C}
    b.sample("warmth", body_warmth, {"loss": loss, "oil": oil}, values, initial={"celsius": _WORKSHOP_C})


def body_spot(tag: str) -> Spot:
    """The body of a part with :func:`add_warmth`."""
    return Spot("body", Text("corps", "body"), lambda read: read(MemoryRef(f"{tag}.warmth", "celsius")))


def warmth_perception(read: Read, tag: str) -> Perception:
    """What the hand finds, compared with the pipes beside it."""
    rise = read(MemoryRef(f"{tag}.warmth", "rise"))
    if rise > 40.0:
        text = Text(
            "Le corps est brûlant, bien plus que les tuyaux.", "The body is burning hot, far more than the pipes."
        )
    elif rise > 15.0:
        text = Text("Le corps est nettement plus chaud que les tuyaux.", "The body is clearly hotter than the pipes.")
    else:
        text = Text("Le corps est à la température des tuyaux.", "The body is as warm as the pipes.")
    return Perception(Sense.TOUCH, text)

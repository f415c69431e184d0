"""How much hotter than the oil a part gets from what it loses: what a hand finds."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Perception, Read, Sense
from etabli.components.curve import explain
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text


@sampled(reads=("loss",), parameters=("k_per_w", "time_s"), memory=("rise",), stage=Stage.SENSE)
def body_warmth(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Rise of a body above its oil, K: a heat capacity cooled by oil and air (``k_per_w`` K/W, ``time_s``)."""
    target = p.k_per_w * maximum(r.loss, 0.0)
    return {"rise": m.rise + (target - m.rise) * minimum(h / p.time_s, 1.0)}


explain(
    body_warmth,
    Text(
        "Échauffement du corps au-dessus de l'huile : capacité thermique refroidie par l'huile et l'air.",
        "Rise of the body above its oil: a heat capacity cooled by oil and air.",
    ),
)


def add_warmth(b: Builder, loss: Ref, k_per_w: float, time_s: float = 60.0) -> None:
    """Sampled device ``warmth`` that follows the watts behind ``loss``."""
    b.sample("warmth", body_warmth, {"loss": loss}, {"k_per_w": k_per_w, "time_s": time_s})


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

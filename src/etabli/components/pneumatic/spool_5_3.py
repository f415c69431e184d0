"""Five-port body whose spool is a moving part of the network: three positions, or a servo valve.

The 5/2 families move their spool once a step (``valve_5_2.py``); here the spool's lag is a continuous state, so a
stroke does not depend on the step that the bench runs at.
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.components.pneumatic.valve_5_2 import five_port_flows
from etabli.physics.expression import absolute, clamp
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_CENTRE_EDGE = 10.0  # the centre passages are fully open until a tenth of the travel before the end of the overlap


@law(
    terminals={f"p{n}": Domain.PNEUMATIC for n in ("1", "2", "4", "3", "5")},
    parameters=(
        "conductance",
        "critical_ratio",
        "command",
        "lag",
        "overlap",
        "centre_supply",
        "centre_exhaust",
        "seal_leak",
    ),
    states=("position",),
)
def spool_body_5_3(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Spool from -1 (12: 1-2 and 4-5) over 0 (centre) to 1 (14: 1-4 and 2-3), which follows ``command`` with the time
    constant ``lag`` (s): first order. Passages by ISO 6358-1, C in dm³/(s·bar), open in proportion to the travel beyond
    ``overlap`` (0…1); in the centre 2 and 4 see ``centre_supply`` of C to 1 and ``centre_exhaust`` of C to 3 and 5.
    ``seal_leak`` (0…1 of C) is what a worn spool seal lets through from 1 to 3 and to 5.
    """
    position = (s.position * p.lag + ah * p.command) / (p.lag + ah)
    free = 1.0 - p.overlap
    work = clamp((position - p.overlap) / free, 0.0, 1.0)
    rest = clamp((-position - p.overlap) / free, 0.0, 1.0)
    centre = clamp(_CENTRE_EDGE * (p.overlap - absolute(position)), 0.0, 1.0)

    supplied, emptied = p.centre_supply * centre, p.centre_exhaust * centre
    openings = (rest + supplied, rest + emptied, work + supplied, work + emptied)
    return five_port_flows(v, p, openings), {"position": position}


explain(
    spool_body_5_3,
    Text(
        "Tiroir 5/3 : suit sa commande avec un retard du premier ordre ; passages ISO 6358 ouverts au-delà du "
        "recouvrement, centre fermé, ouvert ou sous pression.",
        "5/3 spool: follows its command with a first-order lag; ISO 6358 passages that open beyond the overlap, centre "
        "closed, open or under pressure.",
    ),
    Curve(
        Text("débit de 1 vers 4 selon la position du tiroir", "flow from 1 to 4 against spool position"),
        Axis(Text("position du tiroir (−1 : 12, 1 : 14)", "spool position (−1: 12, 1: 14)")),
        AIR_FLOW,
        sweep(
            -1.0,
            1.0,
            lambda d, x: -d.having(command=x).flow("p4", p1=7.0, p4=5.0, p2=1.013, p3=1.013, p5=1.013) * AIR_L_MIN,
            81,
        ),
    ),
)

"""Five-port body whose spool is a moving part of the network: three positions, or a servo valve.

The 5/2 families move their spool once a step (``valve_5_2.py``); here the spool's lag is a continuous state, so a
stroke does not depend on the step that the bench runs at.
"""

from __future__ import annotations

from typing import Any

from etabli.components.pneumatic.orifice import air_flow
from etabli.physics.expression import absolute, clamp
from etabli.physics.law import Domain, law

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

    def passage(a: Any, b: Any, opening: Any) -> Any:
        return air_flow(a, b, p.conductance * opening, p.critical_ratio)

    supplied, emptied = p.centre_supply * centre, p.centre_exhaust * centre
    m12, m45 = passage(v.p1, v.p2, rest + supplied), passage(v.p4, v.p5, rest + emptied)
    m14, m23 = passage(v.p1, v.p4, work + supplied), passage(v.p2, v.p3, work + emptied)
    m13, m15 = passage(v.p1, v.p3, 0.5 * p.seal_leak), passage(v.p1, v.p5, 0.5 * p.seal_leak)
    flows = {
        "p1": m12 + m14 + m13 + m15,
        "p2": m23 - m12,
        "p4": m45 - m14,
        "p3": -m23 - m13,
        "p5": -m45 - m15,
    }
    return flows, {"position": position}

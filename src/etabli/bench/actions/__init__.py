"""Everything a person can do to a bench: importing this package fills the registry."""

from etabli.bench.actions import connections, controls, measuring, observing, paperwork, repairs
from etabli.bench.actions.registry import ACTIONS, Action, Argument, prepared

MODULES = (controls, connections, repairs, observing, measuring, paperwork)

__all__ = ["ACTIONS", "MODULES", "Action", "Argument", "prepared"]

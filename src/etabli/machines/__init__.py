"""Machines: one folder each, text only; reading, checking, and building their network."""

from etabli.machines.check import check_machine
from etabli.machines.loader import list_machines, load_machine, machine_folder
from etabli.machines.model import (
    Acceptance,
    Alarm,
    BomLine,
    Colour,
    Conductor,
    Coupling,
    Document,
    Fault,
    IoLine,
    Link,
    Location,
    Machine,
    PanelItem,
    Placed,
    Tube,
    Wire,
)
from etabli.machines.operator import Watch
from etabli.machines.problem import MachineError, Problem, Severity, UnknownMachine

__all__ = [
    "Acceptance",
    "Alarm",
    "BomLine",
    "Colour",
    "Conductor",
    "Coupling",
    "Document",
    "Fault",
    "IoLine",
    "Link",
    "Location",
    "Machine",
    "MachineError",
    "PanelItem",
    "Placed",
    "Problem",
    "Severity",
    "Tube",
    "UnknownMachine",
    "Watch",
    "Wire",
    "check_machine",
    "list_machines",
    "load_machine",
    "machine_folder",
]

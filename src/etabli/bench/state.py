"""The logical state of a bench: everything that is not in the arrays of the simulator, as plain data.

It is saved with each snapshot (msgspec writes and reads dataclasses as they are). The network that runs is a pure
function of the machine and of this state, so a restored bench has the same devices in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from etabli.components.component import Onset
from etabli.machines.hands import HandsState
from etabli.physics.text import Text

TICK_S = 0.01
"""One PLC scan, s."""
STEP_S = 0.005
"""One step of the engine, s: two in a tick."""


class BenchMode(StrEnum):
    """What a bench is for."""

    INTERVENTION = "intervention"
    STUDY = "study"
    """A healthy machine that shows every value."""


class RunState(StrEnum):
    """How far an acceptance run is."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """What the operator says: the complaint, and the answer to each question of the machine."""

    complaint: Text
    answers: dict[str, Text] = field(default_factory=dict)


@dataclass
class FaultState:
    """One injected fault, now. Never leaves the server."""

    id: str
    tag: str
    mode: str
    onset_s: float
    degree: float
    onset: Onset
    level: float = 0.0
    """Present degree, 0 (healthy) … 1."""
    started: bool = False
    cured_tick: int | None = None
    next_change_tick: int = 0
    draws: int = 0


@dataclass
class BaseValue:
    """Value that a parameter has without any fault: as built, or as a person set it."""

    device: str
    parameter: str
    value: float


@dataclass
class Release:
    """A finger that lets go of a control by itself."""

    tick: int
    tag: str
    control: str
    value: float


@dataclass
class Multimeter:
    """Two leads, a dial and two sockets for the red lead."""

    dial: str = "off"
    jack: str = "v"
    red: str | None = None
    black: str | None = None
    fuse_ok: bool = True
    fuse_heat: float = 0.0
    """I²t of the 10 A fuse, A²s."""


@dataclass
class Display:
    """The screen of one instrument: averages over 0.2 s, as a real one does."""

    total: float = 0.0
    count: int = 0
    value: float | None = None
    status: str = "off"
    moved_tick: int = 0
    noted: bool = True
    """Whether the settled display already entered the readings."""


@dataclass
class Instruments:
    """What is connected to the machine."""

    multimeter: Multimeter = field(default_factory=Multimeter)
    clamp: str | None = None
    gauge: str | None = None
    tachometer: str | None = None
    flowmeter: str | None = None
    """The hose or tube into which it is screwed, at end a."""
    thermometer: str | None = None
    thermometer_mode: str = "infrared"
    vibrometer: str | None = None
    vat_tested: bool = False
    vat_tested_minutes: float = 0.0
    displays: dict[str, Display] = field(default_factory=dict)


@dataclass
class Note:
    """One line of the notebook."""

    line: int
    t: float
    i: float
    hypothesis: str = ""
    check: str = ""
    expected: str = ""
    reading: str = ""
    conclusion: str = ""


@dataclass
class Danger:
    """A dangerous action, judged on the true physics."""

    t: float
    i: float
    action: str
    target: str
    kind: str
    accident: bool
    text: Text


@dataclass
class LogEntry:
    """What a person did and was told."""

    t: float
    i: float
    action: str
    arguments: dict[str, Any]
    text: Text
    minutes: float
    cost: float
    perceptions: list[dict[str, Any]] = field(default_factory=list)
    ok: bool = True
    """False where an accident stopped the action before it was done."""


@dataclass
class Reading:
    """What an instrument showed, once settled."""

    t: float
    i: float
    instrument: str
    points: list[str]
    display: str
    unit: str


@dataclass
class PartUsed:
    """A part taken from stores."""

    tag: str
    reference: str
    price: float
    i: float


@dataclass
class Declaration:
    """The diagnosis: component and failure mode, with the notebook lines that prove it. No tag: no fault found."""

    tag: str | None
    mode: str | None
    evidence: list[int]
    i: float


@dataclass
class Acceptance:
    """A run that must give so many good parts."""

    wanted: int
    good_before: float
    bad_before: float
    since_s: float
    good: int = 0
    bad: int = 0
    state: RunState = RunState.RUNNING
    operator_came: bool = False
    """Whether the operator came to the post for this run only, and leaves after it."""


@dataclass
class MovedEnd:
    """An end of a wire or hose that a person undid or put elsewhere (``to`` is None: loose)."""

    tag: str
    end: str
    to: str | None


@dataclass
class BenchState:
    """Everything the bench knows besides the arrays of the simulator."""

    tick: int = 0
    actions: int = 0
    minutes: float = 0.0
    """Minutes that actions took (the machine time is counted apart)."""
    cost: float = 0.0
    version: int = 0
    cabinet_open: bool = False
    padlocks: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    epi: list[str] = field(default_factory=list)
    props: list[str] = field(default_factory=list)
    """Suspended loads under which a prop stands."""
    console: bool = False
    controls: dict[str, float] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    forces: dict[str, Any] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    hands: HandsState = field(default_factory=HandsState)
    """The operator in production."""
    bleeds: dict[str, int] = field(default_factory=dict)
    """Fittings slightly undone to let a trapped volume out: point -> tick at which each is tight again."""
    ends: dict[str, str | None] = field(default_factory=dict)
    """Where each displaced end of a conductor is: ``"W101.a"`` -> point, or None when it hangs loose."""
    moved: list[MovedEnd] = field(default_factory=list)
    """The displaced ends that a person may know of: those they displaced."""
    stock: dict[str, int] = field(default_factory=dict)
    faults: list[FaultState] = field(default_factory=list)
    bases: list[BaseValue] = field(default_factory=list)
    instruments: Instruments = field(default_factory=Instruments)
    notebook: list[Note] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    dangers: list[Danger] = field(default_factory=list)
    log: list[LogEntry] = field(default_factory=list)
    parts: list[PartUsed] = field(default_factory=list)
    declared: Declaration | None = None
    acceptance: Acceptance | None = None
    finished: dict[str, str] | None = None
    process: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Snapshots of the processes, filled when the state is saved."""
    plc: Any = None
    """Snapshot of the PLC, filled when the state is saved."""
    plc_powered: bool = False

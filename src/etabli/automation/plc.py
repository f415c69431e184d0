"""A PLC that runs one program on image tables, in simulated time.

Order of a scan: input image and input forces, program, output forces, output image. See `README.md` of this room.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from etabli.automation.codegen import TraceKind, TracePoint
from etabli.automation.messages import Position
from etabli.automation.program import Program
from etabli.automation.runtime import CpuFault, FaultCode
from etabli.automation.symbols import Variable
from etabli.automation.types import DataType, Value, coerce, default_value, format_value
from etabli.physics.text import Text

DEFAULT_BUDGET: Final = 50_000
"""Nodes that the loops of one scan may execute before the watchdog stops the CPU."""
DIAGNOSTIC_LENGTH: Final = 100
"""Entries kept in the diagnostic buffer, the oldest leave first."""
SCAN_BASE_US: Final = 150.0
NODE_COST_US: Final = 0.5
"""Cost model of the displayed scan time: a small controller of today (order of magnitude, our choice)."""
SNAPSHOT_VERSION: Final = 1

OnlineLine = list[tuple[int, str, Value | None]]


class Mode(StrEnum):
    """State of the CPU."""

    RUN = "RUN"
    STOP = "STOP"
    ERR = "ERR"


class DiagnosticCode(StrEnum):
    """What a line of the diagnostic buffer is about."""

    START_COLD = "start_cold"
    START_WARM = "start_warm"
    STOP = "stop"
    FORCE = "force"
    RELEASE = "release"
    DIVISION_BY_ZERO = "division_by_zero"
    WATCHDOG = "watchdog"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One line of the diagnostic buffer."""

    time_us: int
    code: DiagnosticCode
    text: Text
    position: Position | None = None


class PlcError(ValueError):
    """A wrong request to the PLC; ``text`` says what is wrong and how to mend it."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.fr)


class Plc:
    """The CPU with its image tables. It starts in RUN after a cold start at time 0."""

    def __init__(
        self, program: Program, *, budget: int = DEFAULT_BUDGET, fallback: Mapping[str, Value] | None = None
    ) -> None:
        """``fallback`` gives, by address or name, the outputs in STOP and ERR; 0 where nothing is given."""
        self.program = program
        self.budget = budget
        self.watched = False
        self.now_us = 0
        self.scan_count = 0
        self.node_count = 0
        self.diagnostics: deque[Diagnostic] = deque(maxlen=DIAGNOSTIC_LENGTH)
        self.input_slots = [_slot(variable) for variable in program.inputs]
        self.output_slots = [_slot(variable) for variable in program.outputs]
        self.slots: list[Value] = [slot.initial for slot in program.unit.slots]
        self.output_image: list[Value] = []
        self._types = [slot.type for slot in program.unit.slots]
        self._fallback = [default_value(self._types[slot]) for slot in self.output_slots]
        self._forces: dict[int, Value] = {}
        self._input_forces: list[tuple[int, Value]] = []
        self._output_forces: list[tuple[int, Value]] = []
        self._raw: dict[int, Value] = {}
        self._trace: list[Any] | None = None
        self._scan = program.plain.scan
        for name, value in (fallback or {}).items():
            variable = self._point(name, program.outputs)
            self._fallback[program.outputs.index(variable)] = _checked(variable, value)
        self.mode = Mode.STOP
        self.start(cold=True)

    # --- state --------------------------------------------------------------------------------------------------

    def start(self, cold: bool = True) -> None:
        """Go to RUN. Cold: everything gets its initial value. Warm: RETAIN variables keep theirs. Inputs stay."""
        inputs = set(self.input_slots)
        for index, slot in enumerate(self.program.unit.slots):
            if index not in inputs and (cold or not slot.retain):
                self.slots[index] = slot.initial
        self.mode = Mode.RUN
        if cold:
            self._log(DiagnosticCode.START_COLD, Text("démarrage à froid : RUN", "cold start: RUN"))
        else:
            self._log(DiagnosticCode.START_WARM, Text("démarrage à chaud : RUN", "warm start: RUN"))
        self._write_outputs()

    def stop(self) -> None:
        """Go to STOP: the program no longer runs, the outputs take their fallback value (forces stay)."""
        self.mode = Mode.STOP
        self._trace = None
        self._log(DiagnosticCode.STOP, Text("arrêt : STOP", "stopped: STOP"))
        self._write_outputs()

    @property
    def scan_time_us(self) -> float:
        """Scan time that the CPU shows: from a cost model, so that a replay shows the same."""
        return SCAN_BASE_US + NODE_COST_US * self.node_count

    # --- the scan -----------------------------------------------------------------------------------------------

    def scan(self, now_us: int) -> None:
        """Run one scan at the simulated time ``now_us`` (microseconds)."""
        self.now_us = now_us
        self.scan_count += 1
        if self._input_forces:
            self._force_inputs()
        if self.mode is Mode.RUN:
            try:
                left = self._run(now_us)
                self.node_count = self.program.plain.node_count + self.budget - left
            except CpuFault as fault:
                self._fail(fault)
        self._write_outputs()

    def _run(self, now_us: int) -> int:
        if not self.watched:
            self._trace = None
            return self._scan(self.slots, now_us, self.budget)
        traced = self.program.traced
        self._trace = [None] * len(traced.points)
        return traced.scan(self.slots, now_us, self.budget, self._trace)

    def _force_inputs(self) -> None:
        for slot, value in self._input_forces:
            if self.slots[slot] != value:  # written since the last scan
                self._raw[slot] = self.slots[slot]
                self.slots[slot] = value

    def _write_outputs(self) -> None:
        for slot, value in self._output_forces:
            self.slots[slot] = value
        if self.mode is Mode.RUN:
            slots = self.slots
            self.output_image = [slots[slot] for slot in self.output_slots]
            return
        forces = self._forces
        self.output_image = [
            forces.get(slot, value) for slot, value in zip(self.output_slots, self._fallback, strict=True)
        ]

    def _fail(self, fault: CpuFault) -> None:
        self.mode = Mode.ERR
        at = self.program.positions.get(fault.node, Position(1, 1))
        if fault.code is FaultCode.WATCHDOG:
            self._log(
                DiagnosticCode.WATCHDOG,
                Text(
                    f"chien de garde : boucle sans fin ligne {at.line}, colonne {at.column}",
                    f"watchdog: endless loop at line {at.line}, column {at.column}",
                ),
                at,
            )
            return
        self._log(
            DiagnosticCode.DIVISION_BY_ZERO,
            Text(
                f"division par zéro ligne {at.line}, colonne {at.column}",
                f"division by zero at line {at.line}, column {at.column}",
            ),
            at,
        )

    def _log(self, code: DiagnosticCode, text: Text, position: Position | None = None) -> None:
        self.diagnostics.append(Diagnostic(self.now_us, code, text, position))

    # --- image tables and values --------------------------------------------------------------------------------

    @property
    def inputs(self) -> list[Value]:
        """The input image, in the order of ``program.inputs``."""
        return [self.slots[slot] for slot in self.input_slots]

    def set_input(self, address: str, value: Value) -> None:
        """Write one input by address or name; a forced input keeps its force and remembers ``value``."""
        variable = self._point(address, self.program.inputs)
        slot = _slot(variable)
        checked = _checked(variable, value)
        if slot in self._forces:
            self._raw[slot] = checked
        else:
            self.slots[slot] = checked

    def output(self, address: str) -> Value:
        """One output of the output image (what the cards send), by address or name."""
        variable = self._point(address, self.program.outputs)
        return self.output_image[self.program.outputs.index(variable)]

    def value(self, name: str) -> Value:
        """Present value of a variable, a constant, an address or a block pin (``timer.ET``, in microseconds)."""
        slot = self.program.slot_of(name)
        if slot is not None:
            return self.slots[slot]
        constant = self.program.constant(name)
        if constant is None:
            raise PlcError(
                Text(f"« {name} » n'existe pas dans le programme", f"“{name}” does not exist in the program")
            )
        return constant

    def set_value(self, name: str, value: Value) -> None:
        """Write a variable once, as the variable table of a console does; the program may write it again."""
        slot = self.program.slot_of(name)
        if slot is None:
            raise PlcError(Text(f"« {name} » ne peut pas être écrit", f"“{name}” cannot be written"))
        self.slots[slot] = _fitted(name, self._types[slot], value)

    # --- forcing ------------------------------------------------------------------------------------------------

    def force(self, address: str, value: Value) -> None:
        """Impose the value of an input or output until it is released, also through STOP and RUN."""
        variable = self._point(address, self.program.inputs + self.program.outputs)
        slot, checked = _slot(variable), _checked(variable, value)
        old = self.slots[slot]
        if variable.is_input and slot not in self._forces:
            self._raw[slot] = old
        self._forces[slot] = checked
        self._sort_forces()
        if variable.is_input:
            self.slots[slot] = checked
        name, shown = _name(variable), format_value(self._types[slot], checked)
        was = format_value(self._types[slot], old)
        self._log(
            DiagnosticCode.FORCE,
            Text(f"{name} forcé à {shown} (valait {was})", f"{name} forced to {shown} (was {was})"),
        )
        self._write_outputs()

    def release(self, address: str | None = None) -> None:
        """End the force of one address, or of all when none is given."""
        if address is None:
            for variable in [*self.program.inputs, *self.program.outputs]:
                if _slot(variable) in self._forces:
                    self.release(_name(variable))
            return
        variable = self._point(address, self.program.inputs + self.program.outputs)
        slot = _slot(variable)
        if self._forces.pop(slot, None) is None:
            return
        if slot in self._raw:
            self.slots[slot] = self._raw.pop(slot)
        self._sort_forces()
        self._log(
            DiagnosticCode.RELEASE,
            Text(f"{_name(variable)} : forçage levé", f"{_name(variable)}: force released"),
        )
        self._write_outputs()

    def _sort_forces(self) -> None:
        inputs = set(self.input_slots)
        self._input_forces = [(slot, value) for slot, value in self._forces.items() if slot in inputs]
        self._output_forces = [(slot, value) for slot, value in self._forces.items() if slot not in inputs]

    @property
    def forces(self) -> dict[str, Value]:
        """The active forces by address (by name for a VAR_INPUT or VAR_OUTPUT without address)."""
        points = {_slot(variable): _name(variable) for variable in self.program.inputs + self.program.outputs}
        return {points[slot]: value for slot, value in self._forces.items()}

    # --- on-line view -------------------------------------------------------------------------------------------

    def online(self) -> dict[int, OnlineLine]:
        """Values of the last scan beside the text: for each line, (column, name, value) from left to right.

        A value is None where the program did not pass in that scan. The words IF, ELSIF, WHILE and CASE (at its label)
        carry the result of their condition. Empty when nobody watched the last scan.
        """
        return {
            line: [(column, name, value) for column, name, value, _ in entries]
            for line, entries in self._online_entries().items()
        }

    def online_text(self) -> dict[int, list[tuple[int, str, str]]]:
        """As `online`, with values written as in Structured Text (``TRUE``, ``T#1s500ms``); ``—`` for None."""
        return {
            line: [
                (column, name, "—" if value is None else format_value(data_type, value))
                for column, name, value, data_type in entries
            ]
            for line, entries in self._online_entries().items()
        }

    def _online_entries(self) -> dict[int, list[tuple[int, str, Value | None, DataType]]]:
        lines: dict[int, list[tuple[int, str, Value | None, DataType]]] = {}
        if self._trace is None:
            return lines
        for point, value in zip(self.program.traced.points, self._trace, strict=True):
            if point.kind is TraceKind.VALUE:
                lines.setdefault(point.at.line, []).append((point.at.column, point.name, value, point.type))
                continue
            for at, word, result in _arm_results(point, value):
                lines.setdefault(at.line, []).append((at.column, word, result, DataType.BOOL))
        for entries in lines.values():
            entries.sort(key=lambda entry: entry[0])
        return dict(sorted(lines.items()))

    # --- snapshot -----------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """The whole state as plain JSON data; `restore` gives it back bit for bit."""
        return {
            "version": SNAPSHOT_VERSION,
            "program": self.program.checksum,
            "mode": self.mode.value,
            "now_us": self.now_us,
            "scan_count": self.scan_count,
            "node_count": self.node_count,
            "slots": [_plain(value) for value in self.slots],
            "forces": {str(slot): _plain(value) for slot, value in self._forces.items()},
            "raw": {str(slot): _plain(value) for slot, value in self._raw.items()},
            "outputs": [_plain(value) for value in self.output_image],
            "diagnostics": [
                {
                    "time_us": entry.time_us,
                    "code": entry.code.value,
                    "fr": entry.text.fr,
                    "en": entry.text.en,
                    "position": list(entry.position) if entry.position else None,
                }
                for entry in self.diagnostics
            ],
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take back a state made by `snapshot` of a PLC with the same program; ``watched`` does not change."""
        if data.get("version") != SNAPSHOT_VERSION or data.get("program") != self.program.checksum:
            raise PlcError(
                Text(
                    "cet état vient d'un autre programme ou d'une autre version : recharger le programme d'origine",
                    "this state comes from another program or version: load the original program again",
                )
            )
        types = self._types
        self.slots[:] = [_value(data_type, value) for data_type, value in zip(types, data["slots"], strict=True)]
        self._forces = {int(slot): _value(types[int(slot)], value) for slot, value in data["forces"].items()}
        self._raw = {int(slot): _value(types[int(slot)], value) for slot, value in data["raw"].items()}
        self._sort_forces()
        self.output_image = [
            _value(types[slot], value) for slot, value in zip(self.output_slots, data["outputs"], strict=True)
        ]
        self.mode = Mode(data["mode"])
        self.now_us, self.scan_count, self.node_count = data["now_us"], data["scan_count"], data["node_count"]
        self._trace = None
        self.diagnostics.clear()
        for entry in data["diagnostics"]:
            position = Position(*entry["position"]) if entry["position"] else None
            text = Text(entry["fr"], entry["en"])
            self.diagnostics.append(Diagnostic(entry["time_us"], DiagnosticCode(entry["code"]), text, position))

    # --- helpers ------------------------------------------------------------------------------------------------

    def _point(self, address: str, among: tuple[Variable, ...]) -> Variable:
        variable = self.program.variable(address)
        if variable is not None and variable in among:
            return variable
        known = ", ".join(_name(point) for point in among[:8]) + ("…" if len(among) > 8 else "")
        raise PlcError(
            Text(
                f"« {address} » n'est pas un point d'entrée-sortie utilisable ici ; connus : {known}",
                f"“{address}” is not an input or output usable here; known: {known}",
            )
        )


def _slot(variable: Variable) -> int:
    assert variable.slot is not None, "inputs and outputs always have a slot"
    return variable.slot


def _name(variable: Variable) -> str:
    return variable.address or variable.name


def _checked(variable: Variable, value: Value) -> Value:
    assert isinstance(variable.type, DataType), "inputs and outputs have an elementary type"
    return _fitted(_name(variable), variable.type, value)


def _fitted(name: str, data_type: DataType, value: Value) -> Value:
    try:
        return coerce(data_type, value)
    except ValueError:
        raise PlcError(
            Text(
                f"{name} : la valeur {value!r} ne convient pas au type {data_type}",
                f"{name}: the value {value!r} does not fit the type {data_type}",
            )
        ) from None


def _arm_results(point: TracePoint, taken: int | None) -> list[tuple[Position, str, bool | None]]:
    """Result of each condition from the number of the arm taken; those after it were not computed."""
    results: list[tuple[Position, str, bool | None]] = []
    for index, (at, word) in enumerate(point.arms):
        result = None if taken is None or (index > taken and word != "CASE") else index == taken
        results.append((at, word, result))
    return results


def _plain(value: Value) -> Value | str:
    """JSON has no infinity: such REAL values are written as text."""
    return value if not isinstance(value, float) or math.isfinite(value) else repr(value)


def _value(data_type: DataType, value: Any) -> Value:
    if data_type is DataType.BOOL:
        return bool(value)
    return float(value) if data_type is DataType.REAL else int(value)

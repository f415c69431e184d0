"""The PLC of a bench: from the inputs of its card to the program, and back to the outputs."""

from __future__ import annotations

import numpy as np

from etabli.automation import Plc, Program
from etabli.automation.types import Value
from etabli.bench.plant import Plant
from etabli.bench.state import TICK_S, BenchState
from etabli.physics.simulator import Simulator

TICK_US = round(TICK_S * 1e6)
ON = 0.5
"""A signal above it is on."""


class PlcCard:
    """A PLC with its inputs and outputs on a running machine. It forgets nothing but the places of its signals."""

    def __init__(self, plant: Plant, state: BenchState, program: Program) -> None:
        self.plc = Plc(program)
        self._plant = plant
        self._state = state
        self._inputs = [a for a in plant.plc_inputs if program.variable(a) is not None]
        self._outputs = [a for a in plant.plc_outputs if program.variable(a) is not None]
        order = {v.address: i for i, v in enumerate(program.outputs)}
        self._command_order = [order[_program_address(program, a)] for a in self._outputs]

    def bind(self, simulator: Simulator) -> None:
        """Follow the arrays of the present simulator."""
        plant = self._plant
        self._values = simulator.values
        self._input_places = np.array([simulator.index(plant.input_ref(a)) for a in self._inputs], np.intp)
        self._input_image: bytes = b""
        self._supply_place = simulator.index(plant.plc_supply_ref)
        self._command_writers = [simulator.writer(plant.output_ref(a)) for a in self._outputs]
        # Read back rather than rewritten: a write would disturb its island, and a restored bench must not differ.
        self._commands = [simulator.read(plant.output_ref(a)) > ON for a in self._outputs]
        self.watch()

    def watch(self) -> None:
        """The console is plugged or unplugged: values are traced while it is there."""
        self.plc.watched = self._state.console

    def scan(self) -> None:
        """One scan of this tick, when the CPU is powered."""
        plc, state = self.plc, self._state
        powered = bool(self._values[self._supply_place] > ON)
        if powered != state.plc_powered:
            state.plc_powered = powered
            if powered:
                plc.start(cold=plc.scan_count == 0)
        if not powered:
            self._command([False] * len(self._outputs))
            return
        on = self._values[self._input_places] > ON
        image = on.tobytes()
        if image != self._input_image:
            self._input_image = image
            for address, value in zip(self._inputs, on.tolist(), strict=True):
                plc.set_input(address, value)
        plc.scan(state.tick * TICK_US)
        out = plc.output_image
        self._command([bool(out[i]) for i in self._command_order])

    def _command(self, wanted: list[bool]) -> None:
        if wanted == self._commands:
            return
        for write, new, old in zip(self._command_writers, wanted, self._commands, strict=True):
            if new != old:
                write(1.0 if new else 0.0)
        self._commands = wanted

    # --- the console ------------------------------------------------------------------------------

    @property
    def addresses(self) -> list[str]:
        """Inputs and outputs that the console can force."""
        return [*self._inputs, *self._outputs]

    def force(self, address: str, value: bool | None) -> None:
        """Force an input or output, or release it (None)."""
        if value is None:
            self.plc.release(address)
            self._state.forces.pop(address, None)
        else:
            self.plc.force(address, value)
            self._state.forces[address] = value

    @property
    def names(self) -> list[str]:
        """Variables of the program that have a value, in the order of its text."""
        program = self.plc.program
        return [v.name for v in program.variables if program.slot_of(v.name) is not None]

    @property
    def online(self) -> bool:
        """Whether the console shows anything: it is plugged in and the CPU is powered."""
        return self._state.console and self._state.plc_powered

    def values(self) -> list[Value] | None:
        """On-line values in the order of :attr:`names`; None where nothing is shown."""
        return [self.plc.value(name) for name in self.names] if self.online else None

    def value(self, name: str) -> float | None:
        """The on-line value of one variable as a number; None where nothing is shown."""
        return float(self.plc.value(name)) if self.online else None


def _program_address(program: Program, address: str) -> str | None:
    variable = program.variable(address)
    return None if variable is None else variable.address

"""A compiled program: its variables, its warnings and the functions that run it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from etabli.automation import ir
from etabli.automation.addresses import AddressError, parse_address
from etabli.automation.blocks import BLOCKS, BlockKind
from etabli.automation.checker import check
from etabli.automation.codegen import Generated, generate
from etabli.automation.lexer import lex
from etabli.automation.messages import Message, MessageList, Position, ProgramError
from etabli.automation.parser import parse
from etabli.automation.symbols import Variable, VariableKind
from etabli.automation.types import DataType, Value
from etabli.automation.usage import CrossReference
from etabli.physics.text import Text

MAX_SOURCE_LENGTH: Final = 200_000
"""Characters; a real machine program has some tens of thousands."""


@dataclass(frozen=True)
class Program:
    """A checked program. Slots are numbered from 0; a block instance takes several."""

    name: str
    filename: str
    source: str
    unit: ir.Unit
    variables: tuple[Variable, ...]
    """All declared variables, blocks and constants, in the order of the text."""
    warnings: tuple[Message, ...]
    plain: Generated = field(repr=False)
    _cross_reference: dict[str, CrossReference] = field(repr=False)

    @cached_property
    def inputs(self) -> tuple[Variable, ...]:
        """Variables at ``%I`` addresses and VAR_INPUT, in the order of the text."""
        return tuple(variable for variable in self.variables if variable.is_input)

    @cached_property
    def outputs(self) -> tuple[Variable, ...]:
        """Variables at ``%Q`` addresses and VAR_OUTPUT, in the order of the text."""
        return tuple(variable for variable in self.variables if variable.is_output)

    @cached_property
    def traced(self) -> Generated:
        """The function for the on-line view; built when somebody first watches."""
        return generate(self.unit, traced=True)

    @cached_property
    def checksum(self) -> str:
        """Identity of what the program does: comments and layout of the text do not count."""
        initial = repr([(slot.name, slot.type, slot.initial, slot.retain) for slot in self.unit.slots])
        outside = repr([(variable.name, variable.address) for variable in self.inputs + self.outputs])
        content = self.plain.text + initial + outside
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @cached_property
    def positions(self) -> dict[int, Position]:
        """Place in the text of each node that can stop the CPU, by node id."""
        found: dict[int, Position] = {}
        for network in self.unit.networks:
            _collect_positions(network.body, found)
        return found

    def cross_reference(self) -> dict[str, CrossReference]:
        """For each name (``motor``, ``timer``, ``timer.Q``), the places where it is read and written."""
        return self._cross_reference

    def variable(self, name: str) -> Variable | None:
        """The variable with this name or address, in any writing (``Motor``, ``%I0.0``, ``%IX0.0``)."""
        found = self._by_name.get(name.upper())
        if found is None:
            try:
                found = self._by_name.get(str(parse_address(name)))
            except AddressError:
                return None
        return found

    def slot_of(self, name: str) -> int | None:
        """Slot of a variable, an address or a block pin (``timer.ET``); None when there is none."""
        head, dot, pin = name.partition(".")
        block = self._by_name.get(head.upper()) if dot else None
        if block is not None and isinstance(block.type, BlockKind) and block.slot is not None:
            index = BLOCKS[block.type].index(pin)
            return None if index is None else block.slot + index
        variable = self.variable(name)
        return None if variable is None or isinstance(variable.type, BlockKind) else variable.slot

    def type_of(self, name: str) -> DataType | None:
        """Type of a variable, an address or a block pin; None when there is none."""
        slot = self.slot_of(name)
        if slot is not None:
            return self.unit.slots[slot].type
        variable = self.variable(name)
        return variable.type if variable is not None and isinstance(variable.type, DataType) else None

    def constant(self, name: str) -> Value | None:
        """Value of a CONSTANT, or None when the name is not one."""
        variable = self._by_name.get(name.upper())
        return variable.initial if variable is not None and variable.kind is VariableKind.CONSTANT else None

    @cached_property
    def _by_name(self) -> dict[str, Variable]:
        by_address = {variable.address: variable for variable in self.variables if variable.address is not None}
        return by_address | {variable.name.upper(): variable for variable in self.variables}


def compile_st(source: str, filename: str = "program.st") -> Program:
    """Compile a Structured Text program, or raise `ProgramError` with all its errors and warnings."""
    messages = MessageList(filename)
    if len(source) > MAX_SOURCE_LENGTH:
        messages.error(
            Position(1, 1),
            Text(
                f"programme trop long : {len(source)} caractères",
                f"program too long: {len(source)} characters",
            ),
            Text(f"rester sous {MAX_SOURCE_LENGTH} caractères", f"stay under {MAX_SOURCE_LENGTH} characters"),
        )
        raise ProgramError(messages.all)
    try:
        checked = check(parse(lex(source, messages), messages), messages)
        plain = None if messages.has_errors else generate(checked.unit, traced=False)
    except RecursionError:  # the limits of the parser should prevent it
        messages.error(
            Position(1, 1),
            Text("programme trop imbriqué", "program too deeply nested"),
            Text("le découper en instructions plus simples", "split it into simpler statements"),
        )
        plain = None
    if plain is None:
        raise ProgramError(messages.all)
    return Program(
        name=checked.unit.name,
        filename=filename,
        source=source,
        unit=checked.unit,
        variables=tuple(symbol.variable for symbol in checked.symbols.symbols.values()),
        warnings=tuple(messages.all),
        plain=plain,
        _cross_reference=checked.usage.cross_reference(),
    )


def _collect_positions(statements: tuple[ir.Statement, ...], found: dict[int, Position]) -> None:
    """Loops and divisions are what can stop the CPU."""
    for statement in statements:
        match statement:
            case ir.Assign():
                _collect_divisions(found, statement.value)
            case ir.BlockCall():
                _collect_positions(statement.inputs, found)
            case ir.If():
                for arm in statement.arms:
                    _collect_divisions(found, arm.condition)
                    _collect_positions(arm.body, found)
                _collect_positions(statement.orelse, found)
            case ir.Case():
                _collect_divisions(found, statement.selector)
                for case_arm in statement.arms:
                    _collect_positions(case_arm.body, found)
                _collect_positions(statement.orelse, found)
            case ir.For():
                found[statement.id] = statement.at
                _collect_divisions(found, statement.start, statement.stop, statement.step)
                _collect_positions(statement.body, found)
            case ir.While():
                found[statement.id] = statement.at
                _collect_divisions(found, statement.condition)
                _collect_positions(statement.body, found)
            case ir.Repeat():
                found[statement.id] = statement.at
                _collect_divisions(found, statement.until)
                _collect_positions(statement.body, found)


def _collect_divisions(found: dict[int, Position], *expressions: ir.Expression) -> None:
    for expression in expressions:
        for node in ir.walk(expression):
            if isinstance(node, ir.Arithmetic):
                found[node.id] = node.at

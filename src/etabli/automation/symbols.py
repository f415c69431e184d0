"""Names of a program: variables, block instances and constants, and the slots they take."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from etabli.automation import ir
from etabli.automation.addresses import Address, AddressError, parse_address
from etabli.automation.blocks import BLOCKS, Block, BlockKind
from etabli.automation.messages import MessageList, Position
from etabli.automation.syntax import Declaration
from etabli.automation.types import DataType, Value, default_value
from etabli.physics.text import Text

TYPE_NAMES: Final = tuple(DataType) + tuple(BlockKind)
MAX_SUGGESTIONS: Final = 30
_OTHER_NAMES: Final = {
    "BOOLEAN": "BOOL", "INTEGER": "INT", "SINT": "INT", "LINT": "DINT", "LONG": "DINT", "USINT": "UINT",
    "UDINT": "DINT", "FLOAT": "REAL", "LREAL": "REAL", "DOUBLE": "REAL", "BYTE": "WORD", "DWORD": "WORD",
    "EBOOL": "BOOL", "LTIME": "TIME", "BIT": "BOOL",
}  # fmt: skip


class VariableKind(StrEnum):
    """Where a variable was declared."""

    VAR = "VAR"
    VAR_INPUT = "VAR_INPUT"
    VAR_OUTPUT = "VAR_OUTPUT"
    VAR_GLOBAL = "VAR_GLOBAL"
    CONSTANT = "CONSTANT"
    DIRECT = "DIRECT"
    """Not declared: an address used directly in the program."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the program, as machines, consoles and checks see it."""

    name: str
    type: DataType | BlockKind
    address: str | None
    """Normalised address such as ``%IX0.0``."""
    initial: Value | None
    """None for block instances."""
    comment: str
    line: int
    kind: VariableKind
    column: int = 1
    retain: bool = False
    slot: int | None = None
    """First slot; None for constants."""

    @property
    def is_input(self) -> bool:
        """Whether the machine writes it."""
        return self.kind is VariableKind.VAR_INPUT or (self.address or "").startswith("%I")

    @property
    def is_output(self) -> bool:
        """Whether the machine reads it."""
        return self.kind is VariableKind.VAR_OUTPUT or (self.address or "").startswith("%Q")


@dataclass(slots=True)
class Symbol:
    """What the checker knows of a name."""

    variable: Variable
    block: Block | None = None
    explicit_initial: bool = False

    @property
    def at(self) -> Position:
        """Where it is declared."""
        return Position(self.variable.line, self.variable.column)


@dataclass(slots=True)
class SymbolTable:
    """All names of a program, by name in capitals, and the slots given so far."""

    messages: MessageList
    symbols: dict[str, Symbol] = field(default_factory=dict)
    slots: list[ir.Slot] = field(default_factory=list)
    addresses: dict[Address, Symbol] = field(default_factory=dict)
    _unknown: set[str] = field(default_factory=set)

    # --- looking up ---------------------------------------------------------------------------------------------

    def find(self, name: str, at: Position) -> Symbol | None:
        """The symbol of a name or direct address used at ``at``; an unknown one is reported once."""
        if name.startswith("%"):
            return self._direct(name, at)
        symbol = self.symbols.get(name.upper())
        if symbol is None and name and name.upper() not in self._unknown:
            self._unknown.add(name.upper())
            self._report_unknown(name, at)
        return symbol

    def _report_unknown(self, name: str, at: Position) -> None:
        close = self.close_name(name)
        if close is not None:
            mend = Text(f"vouliez-vous dire « {close} » ?", f"did you mean “{close}”?")
        else:
            mend = Text(f"ajouter dans VAR : « {name} : BOOL; »", f"add in VAR: “{name} : BOOL;”")
        self.messages.error(at, Text(f"« {name} » n'est pas déclaré", f"“{name}” is not declared"), mend)

    def close_name(self, name: str) -> str | None:
        """The declared name most like ``name``, if any is like it (not searched after many unknown names: slow)."""
        if len(self._unknown) > MAX_SUGGESTIONS:
            return None
        found = difflib.get_close_matches(name.upper(), self.symbols, n=1, cutoff=0.7)
        return self.symbols[found[0]].variable.name if found else None

    def _direct(self, text: str, at: Position) -> Symbol | None:
        try:
            address = parse_address(text)
        except AddressError as error:
            self.messages.error(at, error.text, error.mend)
            return None
        symbol = self.addresses.get(address)
        if symbol is None:
            name, data_type = str(address), address.types[0]
            variable = Variable(
                name, data_type, name, default_value(data_type), "", at.line, VariableKind.DIRECT, at.column,
                slot=self._new_slots([ir.Slot(name, data_type, default_value(data_type))]),
            )  # fmt: skip
            symbol = self.addresses[address] = self.symbols[name] = Symbol(variable)
        return symbol

    # --- declaring ----------------------------------------------------------------------------------------------

    def declare(self, declaration: Declaration, initial: Value | None, presets: dict[str, Value]) -> None:
        """Add a declared name; ``initial`` is already converted to its type, or None."""
        if not self._name_is_free(declaration):
            return
        symbol = self._symbol(declaration, initial, presets)
        if symbol is not None:
            self.symbols[declaration.name.upper()] = symbol

    def _name_is_free(self, declaration: Declaration) -> bool:
        upper = declaration.name.upper()
        if upper in TYPE_NAMES or upper in ir.Function.__members__:
            self.messages.error(
                declaration.at,
                Text(f"« {declaration.name} » est un nom réservé", f"“{declaration.name}” is a reserved name"),
                Text(
                    f"choisir un autre nom, par exemple {declaration.name}_1",
                    f"choose another name, for example {declaration.name}_1",
                ),
            )
            return False
        first = self.symbols.get(upper)
        if first is None:
            return True
        self.messages.error(
            declaration.at,
            Text(
                f"« {declaration.name} » est déjà déclaré ligne {first.variable.line}",
                f"“{declaration.name}” is already declared at line {first.variable.line}",
            ),
            Text("supprimer l'une des deux déclarations", "remove one of the two declarations"),
        )
        return False

    def type_of(self, declaration: Declaration) -> DataType | BlockKind | None:
        """The declared type; an unknown one is reported."""
        upper = declaration.type_name.upper()
        if upper in DataType.__members__:
            return DataType(upper)
        if upper in BlockKind.__members__:
            return BlockKind(upper)
        close = difflib.get_close_matches(upper, TYPE_NAMES, n=1)
        better = _OTHER_NAMES.get(upper) or (close[0] if close else None)
        known = ", ".join(TYPE_NAMES)
        self.messages.error(
            declaration.type_at,
            Text(f"type « {declaration.type_name} » inconnu", f"unknown type “{declaration.type_name}”"),
            Text(f"écrire {better}", f"write {better}")
            if better
            else Text(f"types possibles : {known}", f"possible types: {known}"),
        )
        return None

    def _symbol(self, declaration: Declaration, initial: Value | None, presets: dict[str, Value]) -> Symbol | None:
        declared_type = self.type_of(declaration)
        if declared_type is None:
            self._unknown.add(declaration.name.upper())
            return None
        kind = VariableKind.CONSTANT if declaration.constant else VariableKind(declaration.section)
        if isinstance(declared_type, BlockKind):
            return self._block_symbol(declaration, declared_type, kind, presets)
        address = self._address(declaration, declared_type)
        value = default_value(declared_type) if initial is None else initial
        slot = None
        if kind is not VariableKind.CONSTANT:
            slot = self._new_slots([ir.Slot(declaration.name, declared_type, value, declaration.retain)])
        symbol = Symbol(
            Variable(
                declaration.name, declared_type, str(address) if address else None, value, declaration.comment,
                declaration.at.line, kind, declaration.at.column, declaration.retain, slot,
            ),
            explicit_initial=declaration.initial is not None,
        )  # fmt: skip
        if address is not None:
            self.addresses[address] = symbol
        return symbol

    def _block_symbol(
        self, declaration: Declaration, kind: BlockKind, section: VariableKind, presets: dict[str, Value]
    ) -> Symbol:
        if declaration.address is not None or section is not VariableKind.VAR:
            self.messages.error(
                declaration.at,
                Text(
                    f"le bloc « {declaration.name} » se déclare dans VAR, sans adresse",
                    f"the block “{declaration.name}” is declared in VAR, without address",
                ),
                Text(
                    f"écrire dans VAR : « {declaration.name} : {kind}; »",
                    f"write in VAR: “{declaration.name} : {kind};”",
                ),
            )
        block = BLOCKS[kind]
        slot = self._new_slots(
            [
                ir.Slot(
                    f"{declaration.name}.{pin.name}",
                    pin.type,
                    presets.get(pin.name, default_value(pin.type)),
                    declaration.retain,
                )
                for pin in block.pins
            ]
        )
        return Symbol(
            Variable(
                declaration.name, kind, None, None, declaration.comment, declaration.at.line, VariableKind.VAR,
                declaration.at.column, declaration.retain, slot,
            ),
            block,
        )  # fmt: skip

    def _new_slots(self, slots: list[ir.Slot]) -> int:
        first = len(self.slots)
        self.slots += slots
        return first

    def _address(self, declaration: Declaration, data_type: DataType) -> Address | None:
        if declaration.address is None:
            return None
        at = declaration.address_at
        try:
            address = parse_address(declaration.address)
        except AddressError as error:
            self.messages.error(at, error.text, error.mend)
            return None
        if declaration.constant:
            self.messages.error(
                at,
                Text("une constante n'a pas d'adresse", "a constant has no address"),
                Text("supprimer CONSTANT ou l'adresse", "remove CONSTANT or the address"),
            )
            return None
        if data_type not in address.types:
            self._wrong_size(at, address, data_type)
            return None
        for other, symbol in self.addresses.items():
            if address.overlaps(other):
                self._shared_address(at, address, other, symbol)
                return None if address == other else address
        return address

    def _wrong_size(self, at: Position, address: Address, data_type: DataType) -> None:
        types = ", ".join(address.types)
        size = (
            "X"
            if data_type is DataType.BOOL
            else "W"
            if data_type in (DataType.INT, DataType.UINT, DataType.WORD)
            else "D"
        )
        example = f"%{address.area}{size}{address.byte}" + (".0" if size == "X" else "")
        self.messages.error(
            at,
            Text(
                f"l'adresse {address} ne convient pas au type {data_type}",
                f"the address {address} does not fit the type {data_type}",
            ),
            Text(
                f"prendre une adresse comme {example}, ou un type parmi : {types}",
                f"take an address such as {example}, or a type among: {types}",
            ),
        )

    def _shared_address(self, at: Position, address: Address, other: Address, symbol: Symbol) -> None:
        name, line = symbol.variable.name, symbol.variable.line
        if address == other:
            self.messages.error(
                at,
                Text(
                    f"l'adresse {address} est déjà celle de « {name} » (ligne {line})",
                    f"the address {address} already belongs to “{name}” (line {line})",
                ),
                Text("donner une autre adresse", "give another address"),
            )
            return
        self.messages.warning(
            at,
            Text(
                f"l'adresse {address} recouvre {other} de « {name} » (ligne {line})",
                f"the address {address} overlaps {other} of “{name}” (line {line})",
            ),
            Text(
                "les deux variables restent séparées ; donner des adresses distinctes",
                "the two variables stay separate; give distinct addresses",
            ),
        )

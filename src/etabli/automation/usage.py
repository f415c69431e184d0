"""Who reads and writes what, and the warnings that follow: outputs never written, coils written twice…"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import NamedTuple

from etabli.automation.messages import MessageList, Position
from etabli.automation.symbols import Symbol, SymbolTable, VariableKind
from etabli.automation.types import DataType, format_value
from etabli.physics.text import Text

Path = tuple[tuple[int, int], ...]
"""The branches around a statement: (id of the IF or CASE, number of the arm), from the outside in."""


class Use(NamedTuple):
    """One read or write of a name, in the order of execution of the text."""

    at: Position
    write: bool
    path: Path
    epoch: int
    """Number of RETURN before it in the text."""


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The places where a name is read and written."""

    reads: tuple[Position, ...]
    writes: tuple[Position, ...]


@dataclass(slots=True)
class Usage:
    """Collects uses while the program is checked."""

    uses: dict[str, list[Use]] = field(default_factory=dict)
    epoch: int = 0

    def read(self, name: str, at: Position, path: Path) -> None:
        """Note that ``name`` is read."""
        self.uses.setdefault(name, []).append(Use(at, False, path, self.epoch))

    def write(self, name: str, at: Position, path: Path) -> None:
        """Note that ``name`` is written; call of a block counts as writing it."""
        self.uses.setdefault(name, []).append(Use(at, True, path, self.epoch))

    def cross_reference(self) -> dict[str, CrossReference]:
        """All names with their reads and writes."""
        return {
            name: CrossReference(
                tuple(use.at for use in uses if not use.write), tuple(use.at for use in uses if use.write)
            )
            for name, uses in sorted(self.uses.items())
        }

    def warn(self, symbols: SymbolTable, messages: MessageList) -> None:
        """Report what is probably forgotten or written twice."""
        pins: dict[str, list[Use]] = {}
        for name, uses in self.uses.items():
            block, dot, _ = name.partition(".")
            if dot:
                pins.setdefault(block, []).extend(uses)
        for symbol in symbols.symbols.values():
            name = symbol.variable.name
            uses = self.uses.get(name, [])
            _warn_symbol(symbol, uses, pins.get(name, []), messages)
            _warn_lost_write(symbol, uses, messages)


def _warn_symbol(symbol: Symbol, uses: list[Use], pins: list[Use], messages: MessageList) -> None:
    """At most one warning: a block never called, an output never written, an input never read, a name unused."""
    variable = symbol.variable
    name = variable.name
    written, read = any(use.write for use in uses), any(not use.write for use in uses)
    if symbol.block is not None:
        if not written:
            messages.warning(
                symbol.at if not pins else pins[0].at,
                Text(f"le bloc « {name} » n'est jamais appelé", f"the block “{name}” is never called"),
                Text(f"écrire « {name}(…); » dans le programme", f"write “{name}(…);” in the program"),
            )
    elif variable.is_output:
        if not written:
            messages.warning(
                symbol.at,
                Text(f"la sortie « {name} » n'est jamais écrite", f"the output “{name}” is never written"),
                Text(
                    f"écrire « {name} := … » ou supprimer la déclaration",
                    f"write “{name} := …” or remove the declaration",
                ),
            )
    elif variable.is_input:
        if not read:
            messages.warning(
                symbol.at,
                Text(f"l'entrée « {name} » n'est jamais lue", f"the input “{name}” is never read"),
                Text("l'utiliser ou supprimer la déclaration", "use it or remove the declaration"),
            )
    elif not written:
        _warn_never_written(symbol, read, messages)


def _warn_never_written(symbol: Symbol, read: bool, messages: MessageList) -> None:
    """A memory that nothing uses, or that is read and keeps the initial value that nobody chose."""
    variable = symbol.variable
    name = variable.name
    if not read:
        messages.warning(
            symbol.at,
            Text(f"« {name} » n'est jamais utilisé", f"“{name}” is never used"),
            Text("supprimer la déclaration", "remove the declaration"),
        )
        return
    if symbol.explicit_initial or variable.kind in (VariableKind.CONSTANT, VariableKind.VAR_GLOBAL):
        return
    assert isinstance(variable.type, DataType)
    assert variable.initial is not None
    value = format_value(variable.type, variable.initial)
    messages.warning(
        symbol.at,
        Text(
            f"« {name} » est lu mais jamais écrit : il vaut toujours {value}",
            f"“{name}” is read but never written: it is always {value}",
        ),
        Text("l'écrire, ou le déclarer en CONSTANT", "write it, or declare it as CONSTANT"),
    )


def _warn_lost_write(symbol: Symbol, uses: list[Use], messages: MessageList) -> None:
    """A write is lost when a later one always runs too and nothing reads the name in between (double coil)."""
    name = symbol.variable.name
    last: Use | None = None
    for use in uses:
        if not use.write:
            last = None
            continue
        if last is not None and last.epoch == use.epoch and last.path[: len(use.path)] == use.path:
            _report_lost_write(symbol, last, use, messages)
        last = use
    if symbol.block is None:
        return
    calls = [use for use in uses if use.write]
    for first, second in itertools.pairwise(calls):
        if not _exclusive(first.path, second.path):
            messages.warning(
                second.at,
                Text(
                    f"le bloc « {name} » est déjà appelé ligne {first.at.line}",
                    f"the block “{name}” is already called at line {first.at.line}",
                ),
                Text("déclarer un bloc par usage", "declare one block for each use"),
            )


def _report_lost_write(symbol: Symbol, first: Use, second: Use, messages: MessageList) -> None:
    if symbol.block is not None:
        return
    name = symbol.variable.name
    messages.warning(
        second.at,
        Text(
            f"« {name} » est déjà écrit ligne {first.at.line} : seule la dernière écriture compte (bobine double)",
            f"“{name}” is already written at line {first.at.line}: only the last write counts (double coil)",
        ),
        Text(
            "réunir les deux conditions par OR en une seule affectation",
            "join both conditions with OR in one assignment",
        ),
    )


def _exclusive(first: Path, second: Path) -> bool:
    """Whether two branches can never run in the same scan."""
    arms = dict(first)
    return any(arms.get(node, arm) != arm for node, arm in second)

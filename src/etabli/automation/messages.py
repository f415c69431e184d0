"""Messages about a program: every one has a place, says what is wrong and how to mend it, in French and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from etabli.physics.text import Text

MAX_MESSAGES = 200
"""More messages than this help nobody; the list stops there."""


class Position(NamedTuple):
    """A place in the text of a program; line and column start at 1."""

    line: int
    column: int


class Severity(StrEnum):
    """An error stops the compilation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Message:
    """One finding of the compiler, at one place of the source text."""

    line: int
    column: int
    text: Text
    mend: Text
    severity: Severity = Severity.ERROR
    filename: str = ""

    def format(self, language: str = "fr") -> str:
        """Return ``program.st:3:7: erreur : … → mend`` in one line."""
        words = {Severity.ERROR: Text("erreur", "error"), Severity.WARNING: Text("attention", "warning")}
        colon = ": " if language.startswith("en") else " : "
        head = f"{self.filename}:{self.line}:{self.column}: {words[self.severity].get(language)}"
        return f"{head}{colon}{self.text.get(language)} → {self.mend.get(language)}"


class ProgramError(Exception):
    """The program has at least one error; ``messages`` holds all errors and warnings, in text order."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.messages = list(messages)
        super().__init__("\n".join(message.format("fr") for message in self.messages))

    @property
    def errors(self) -> list[Message]:
        """The messages that stop the compilation."""
        return [message for message in self.messages if message.severity is Severity.ERROR]


@dataclass(slots=True)
class MessageList:
    """Collects messages while a program is read and checked; at most one of a severity per place."""

    filename: str
    _found: dict[tuple[Position, Severity], Message] = field(default_factory=dict)

    def error(self, at: Position, text: Text, mend: Text) -> None:
        """Note an error at ``at``."""
        self._add(Severity.ERROR, at, text, mend)

    def warning(self, at: Position, text: Text, mend: Text) -> None:
        """Note a warning at ``at``."""
        self._add(Severity.WARNING, at, text, mend)

    def _add(self, severity: Severity, at: Position, text: Text, mend: Text) -> None:
        key = (Position(*at), severity)
        if key in self._found or len(self._found) >= MAX_MESSAGES:
            return
        self._found[key] = Message(at[0], at[1], text, mend, severity, self.filename)

    @property
    def all(self) -> list[Message]:
        """All messages in text order."""
        return sorted(self._found.values(), key=lambda message: (message.line, message.column))

    @property
    def has_errors(self) -> bool:
        """Whether the program must be refused."""
        return any(severity is Severity.ERROR for _, severity in self._found)

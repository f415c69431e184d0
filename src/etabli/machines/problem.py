"""Problems found in a machine folder: each says where it is, what is wrong and how to mend it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from etabli.physics.text import Text


class Severity(enum.Enum):
    """An error forbids the machine to run; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``file`` is relative to the machine folder; ``line`` starts at 1 (0: the whole file)."""

    file: str
    line: int
    text: Text
    mend: Text
    severity: Severity = Severity.ERROR

    def format(self, language: str = "fr") -> str:
        """``wires.csv:12: erreur : … → …`` in one line."""
        return f"{self.said(language)} → {self.mend.get(language)}"

    def said(self, language: str = "fr") -> str:
        """The same without its mend."""
        english = language.startswith("en")
        words = {Severity.ERROR: Text("erreur", "error"), Severity.WARNING: Text("attention", "warning")}
        place = f"{self.file}:{self.line}" if self.line else self.file
        colon = ": " if english else " : "
        return f"{place}: {words[self.severity].get(language)}{colon}{self.text.get(language)}"


@dataclass
class Problems:
    """Collects problems; the same sentence at the same place is kept once."""

    found: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, text: Text, mend: Text) -> None:
        """Note an error."""
        self._add(Problem(file, line, text, mend))

    def warning(self, file: str, line: int, text: Text, mend: Text) -> None:
        """Note a warning."""
        self._add(Problem(file, line, text, mend, Severity.WARNING))

    def _add(self, problem: Problem) -> None:
        if problem not in self.found:
            self.found.append(problem)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What forbids the machine to run."""
        return tuple(p for p in self.found if p.severity is Severity.ERROR)

    def sorted(self) -> tuple[Problem, ...]:
        """All problems by file and line."""
        return tuple(sorted(self.found, key=lambda p: (p.file, p.line, p.severity.value)))


class MachineError(ValueError):
    """The machine folder cannot be used; ``problems`` holds every finding, the message is the first of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = next((p for p in self.problems if p.severity is Severity.ERROR), self.problems[0])
        more = sum(p.severity is Severity.ERROR for p in self.problems) - 1
        super().__init__(first.format("fr") + (f" (+ {more})" if more > 0 else ""))
        self.text = Text(first.said("fr"), first.said("en"))
        self.mend = first.mend


class UnknownMachine(KeyError):
    """No machine has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known)) or "–"
        self.text = Text(f"machine « {name} » inconnue", f"unknown machine “{name}”")
        self.mend = Text(f"choisir parmi : {names}", f"choose among: {names}")
        super().__init__(f"{self.text.fr} → {self.mend.fr}")

    def __str__(self) -> str:
        return f"{self.text.fr} → {self.mend.fr}"

"""Recursive-descent parser of the Structured Text subset: tokens to syntax tree.

It goes on after an error: the wrong statement is skipped up to its ``;`` or to the next word that can only begin or
end a statement, so that one error does not hide the next. This file reads the whole text; below it, one layer a
file: ``statement_parser``, ``declaration_parser``, ``expression_parser``, ``token_reader``.
"""

from __future__ import annotations

from typing import Final

from etabli.automation.declaration_parser import OTHER_SECTIONS, SECTIONS
from etabli.automation.lexer import Kind, Lexed
from etabli.automation.messages import MessageList
from etabli.automation.statement_parser import StatementParser
from etabli.automation.syntax import Declaration, Source
from etabli.automation.token_reader import describe
from etabli.physics.text import Text

_OTHER_UNITS: Final = ("FUNCTION", "FUNCTION_BLOCK", "TYPE", "CONFIGURATION", "CLASS")


def parse(lexed: Lexed, messages: MessageList) -> Source:
    """Build the tree of a whole program text."""
    return _Parser(lexed, messages).source()


class _Parser(StatementParser):
    """Reads the whole text: PROGRAM, sections, statements."""

    def source(self) -> Source:
        """The whole text: declarations, then statements, with or without PROGRAM around them."""
        declarations = self._sections()
        name = "program"
        if self._accept("PROGRAM"):
            name = self._program_name()
            declarations += self._sections()
            body = self._body(frozenset({"END_PROGRAM"}))
            if not self._accept("END_PROGRAM"):
                self._missing("END_PROGRAM")
            self._accept(";")
            self._after_program()
        else:
            body = self._body(frozenset())
        return Source(name, tuple(declarations), tuple(body))

    def _program_name(self) -> str:
        if self.token.kind is Kind.NAME:
            return self._next().text
        self._error(
            self.token.at,
            Text("le programme n'a pas de nom", "the program has no name"),
            Text("écrire par exemple PROGRAM Principal", "write for example PROGRAM Main"),
        )
        return "program"

    def _after_program(self) -> None:
        token = self.token
        if token.kind is Kind.END:
            return
        if token.text == "PROGRAM":
            self._error(
                token.at,
                Text("un seul PROGRAM par fichier", "only one PROGRAM in a file"),
                Text("réunir les deux programmes en un seul", "join both programs into one"),
            )
            return
        found = describe(token)
        self._error(
            token.at,
            Text(f"{found.fr} après END_PROGRAM", f"{found.en} after END_PROGRAM"),
            Text("placer ce texte avant END_PROGRAM", "move this text before END_PROGRAM"),
        )

    def _sections(self) -> list[Declaration]:
        declarations: list[Declaration] = []
        while True:
            if self._is_one_of(SECTIONS) or self._is_one_of(OTHER_SECTIONS):
                declarations += self._section()
            elif self._is_one_of(_OTHER_UNITS):
                self._unsupported_unit()
            else:
                return declarations

    def _unsupported_unit(self) -> None:
        token = self._next()
        self._error(
            token.at,
            Text(f"{token.text} n'est pas encore pris en charge", f"{token.text} is not supported yet"),
            Text(
                "écrire tout dans un PROGRAM avec les blocs standard",
                "write everything in one PROGRAM with the standard blocks",
            ),
        )
        closing = f"END_{token.text}"
        while self.token.kind is not Kind.END and not self._accept(closing):
            self.index += 1
        self._accept(";")

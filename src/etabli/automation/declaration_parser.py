"""Declarations of Structured Text: VAR sections, names, addresses, types and initial values."""

from __future__ import annotations

from typing import Final

from etabli.automation.expression_parser import ExpressionParser
from etabli.automation.lexer import Comment, Kind, Lexed, Token
from etabli.automation.messages import MessageList, Position
from etabli.automation.syntax import Argument, Declaration, Expression
from etabli.automation.token_reader import Skip
from etabli.physics.text import Text

SECTIONS: Final = ("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_GLOBAL")
OTHER_SECTIONS: Final = ("VAR_IN_OUT", "VAR_TEMP", "VAR_EXTERNAL")
_BLOCK_END_TEXT: Final = """
ELSIF ELSE END_IF END_CASE END_FOR END_WHILE UNTIL END_REPEAT PROGRAM END_PROGRAM END_VAR END_FUNCTION
END_FUNCTION_BLOCK END_TYPE END_STRUCT END_CONFIGURATION END_CLASS
"""
BLOCK_ENDS: Final = frozenset(_BLOCK_END_TEXT.split())
STATEMENT_STARTS: Final = frozenset((*SECTIONS, "IF", "CASE", "FOR", "WHILE", "REPEAT", "EXIT", "RETURN"))


class DeclarationParser(ExpressionParser):
    """Reads VAR sections; the comment beside or above a name is its own."""

    def __init__(self, lexed: Lexed, messages: MessageList) -> None:
        super().__init__(lexed, messages)
        self.comment_after = {c.first_line: c for c in reversed(lexed.comments) if not c.alone}
        self.comment_above = {c.last_line: c for c in lexed.comments if c.alone}

    def _section(self) -> list[Declaration]:
        opening = self._next()
        if opening.text in OTHER_SECTIONS:
            self._error(
                opening.at,
                Text(f"{opening.text} n'est pas pris en charge", f"{opening.text} is not supported"),
                Text("utiliser VAR … END_VAR", "use VAR … END_VAR"),
            )
        section = opening.text if opening.text in SECTIONS else "VAR"
        constant = retain = False
        while self._is_one_of(("CONSTANT", "RETAIN", "NON_RETAIN")):
            word = self._next().text
            constant, retain = constant or word == "CONSTANT", retain or word == "RETAIN"
        declarations: list[Declaration] = []
        while not self._accept("END_VAR"):
            if self.token.kind is Kind.END or (self.token.kind is Kind.KEYWORD and self.token.text != "AT"):
                self._unclosed(opening, "END_VAR")
                break
            try:
                declarations += self._declaration(section, constant, retain)
            except Skip:
                self._skip_declaration()
        self._accept(";")
        return declarations

    def _skip_declaration(self) -> None:
        while self.token.kind is not Kind.END and not self._is("END_VAR") and not self._accept(";"):
            if self._is_one_of(STATEMENT_STARTS):
                return
            self.index += 1

    def _declaration(self, section: str, constant: bool, retain: bool) -> list[Declaration]:
        names = [self._declared_name()]
        while self._accept(","):
            names.append(self._declared_name())
        address, address_at = None, self.token.at
        if self._accept("AT"):
            address, address_at = self._declared_address()
        self._expect(":", Text("écrire « nom : TYPE; »", "write “name : TYPE;”"))
        type_at = self.token.at
        type_name = self._type_name()
        initial, presets = self._initial_value()
        last_line = self.tokens[self.index - 1].end.line
        if not self._accept(";"):
            self._missing(";")
            if self.token.kind is not Kind.NAME:
                raise Skip
        comment = self._comment_of(names[0].at.line, last_line)
        if address is not None and len(names) > 1:
            self._error(
                address_at,
                Text(
                    "une adresse ne peut pas servir à plusieurs noms",
                    "one address cannot serve several names",
                ),
                Text("déclarer un nom par ligne", "declare one name per line"),
            )
        return [
            Declaration(
                token.at, token.text, address, address_at, type_name, type_at, initial, presets,
                section, constant, retain, comment,
            )
            for token in names
        ]  # fmt: skip

    def _declared_name(self) -> Token:
        if self.token.kind is Kind.NAME:
            return self._next()
        raise self._unexpected(Text("un nom de variable", "a variable name"))

    def _declared_address(self) -> tuple[str, Position]:
        if self.token.kind is Kind.ADDRESS:
            token = self._next()
            return token.text, token.at
        raise self._unexpected(Text("une adresse comme %IX0.0", "an address such as %IX0.0"))

    def _type_name(self) -> str:
        token = self.token
        if token.kind is Kind.NAME and token.text.upper() not in ("ARRAY", "STRING", "POINTER"):
            return self._next().text
        if token.kind is Kind.NAME or token.text == "STRUCT":
            self._error(
                token.at,
                Text(
                    f"le type {token.text.upper()} n'est pas pris en charge",
                    f"the type {token.text.upper()} is not supported",
                ),
                Text("déclarer des variables simples", "declare plain variables"),
            )
            raise Skip
        raise self._unexpected(Text("un type : BOOL, INT, REAL, TIME, TON…", "a type: BOOL, INT, REAL, TIME, TON…"))

    def _initial_value(self) -> tuple[Expression | None, tuple[Argument, ...]]:
        if self._is("="):
            self._error(
                self.token.at,
                Text("« = » compare, il ne donne pas de valeur", "“=” compares, it gives no value"),
                Text("écrire « := »", "write “:=”"),
            )
        elif not self._is(":="):
            return None, ()
        self._next()
        named_preset = self._is("(") and self._peek(1).kind is Kind.NAME and self._peek(2).text == ":="
        if named_preset:
            return None, self._arguments()
        return self._expression(), ()

    def _comment_of(self, first_line: int, last_line: int) -> str:
        comment: Comment | None = self.comment_after.get(last_line) or self.comment_above.get(first_line - 1)
        return comment.text if comment else ""

    def _unclosed(self, opening: Token, end: str) -> None:
        else_if = Text("", "")
        if end == "END_IF":
            else_if = Text(" ; « ELSIF » s'écrit en un mot", "; “ELSIF” is one word")
        self._error(
            opening.at,
            Text(f"{opening.text} n'est pas fermé par {end}", f"{opening.text} is not closed by {end}"),
            Text(f"ajouter « {end} »{else_if.fr}", f"add “{end}”{else_if.en}"),
        )

"""Recursive-descent parser of the Structured Text subset: tokens to syntax tree.

It goes on after an error: the wrong statement is skipped up to its ``;`` or to the next word that can only begin or
end a statement, so that one error does not hide the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from etabli.automation.lexer import Comment, Kind, Lexed, Token
from etabli.automation.messages import MessageList, Position
from etabli.automation.syntax import (
    Argument,
    Arm,
    Assign,
    CallStatement,
    Case,
    CaseArm,
    Chain,
    Constant,
    Declaration,
    Exit,
    Expression,
    For,
    FunctionCall,
    If,
    Label,
    Name,
    Poison,
    Repeat,
    Return,
    Source,
    Statement,
    Unary,
    While,
)
from etabli.automation.types import DataType
from etabli.physics.text import Text

MAX_EXPRESSION_DEPTH: Final = 40
"""Nested operators and parentheses of one expression (the generated code must stay within Python's own limits)."""
MAX_STATEMENT_DEPTH: Final = 30
"""Nested IF, CASE and loops."""
MAX_BRANCHES: Final = 600
"""ELSIF and CASE branches, those of the branches around included (Python nests each inside the one before)."""
MAX_LOOP_DEPTH: Final = 10
"""Nested loops (Python allows 20 nested blocks)."""

SECTIONS: Final = ("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_GLOBAL")
_OTHER_SECTIONS: Final = ("VAR_IN_OUT", "VAR_TEMP", "VAR_EXTERNAL")
_OTHER_UNITS: Final = ("FUNCTION", "FUNCTION_BLOCK", "TYPE", "CONFIGURATION", "CLASS")
_BLOCK_END_TEXT: Final = """
ELSIF ELSE END_IF END_CASE END_FOR END_WHILE UNTIL END_REPEAT PROGRAM END_PROGRAM END_VAR END_FUNCTION
END_FUNCTION_BLOCK END_TYPE END_STRUCT END_CONFIGURATION END_CLASS
"""
_BLOCK_ENDS: Final = frozenset(_BLOCK_END_TEXT.split())
_STATEMENT_STARTS: Final = frozenset((*SECTIONS, "IF", "CASE", "FOR", "WHILE", "REPEAT", "EXIT", "RETURN"))
_LOOPS: Final = frozenset(("FOR", "WHILE", "REPEAT"))
_OPENING: Final = {
    "END_IF": "IF", "ELSE": "IF", "ELSIF": "IF", "END_CASE": "CASE", "END_FOR": "FOR", "END_WHILE": "WHILE",
    "UNTIL": "REPEAT", "END_REPEAT": "REPEAT", "END_PROGRAM": "PROGRAM", "END_VAR": "VAR",
}  # fmt: skip

# IEC 61131-3, table of operators: the larger number binds tighter.
_PRECEDENCE: Final = {
    "OR": 1, "XOR": 2, "AND": 3, "=": 4, "<>": 4, "<": 5, ">": 5, "<=": 5, ">=": 5, "+": 6, "-": 6, "*": 7, "/": 7,
    "MOD": 7,
}  # fmt: skip


class _Skip(Exception):
    """Raised after a report: the rest of the statement cannot be understood."""


def parse(lexed: Lexed, messages: MessageList) -> Source:
    """Build the tree of a whole program text."""
    return _Parser(lexed, messages).source()


class _Parser:
    def __init__(self, lexed: Lexed, messages: MessageList) -> None:
        self.tokens = lexed.tokens
        self.messages = messages
        self.index = 0
        self.open_ends: list[frozenset[str]] = []
        self.depth = 0
        self.statement_depth = 0
        self.loop_depth = 0
        self.branches = 0
        self.comment_after = {c.first_line: c for c in reversed(lexed.comments) if not c.alone}
        self.comment_above = {c.last_line: c for c in lexed.comments if c.alone}

    # --- tokens -------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.index]

    @property
    def previous_end(self) -> Position:
        """End of the token read last: where something that is missing should stand."""
        return self.tokens[self.index - 1].end if self.index else self.token.at

    def _peek(self, distance: int) -> Token:
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def _next(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.index += 1
        return token

    def _is(self, text: str) -> bool:
        token = self.token
        return token.text == text and token.kind in (Kind.KEYWORD, Kind.OPERATOR)

    def _is_one_of(self, texts: frozenset[str] | tuple[str, ...]) -> bool:
        return self.token.kind is Kind.KEYWORD and self.token.text in texts

    def _accept(self, text: str) -> bool:
        if not self._is(text):
            return False
        self.index += 1
        return True

    def _error(self, at: Position, text: Text, mend: Text) -> None:
        self.messages.error(at, text, mend)

    def _missing(self, what: str, mend: Text | None = None) -> None:
        """Report that ``what`` is missing right after the previous token."""
        self._error(
            self.previous_end,
            Text(f"il manque « {what} »{_found(self.token).fr}", f"“{what}” is missing{_found(self.token).en}"),
            mend or Text(f"ajouter « {what} » ici", f"add “{what}” here"),
        )

    def _expect(self, text: str, mend: Text | None = None) -> bool:
        """Take ``text``, or report that it is missing and go on as if it were there."""
        if self._accept(text):
            return True
        self._missing(text, mend)
        return False

    def _unexpected(self, wanted: Text) -> _Skip:
        token = self.token
        if token.kind is not Kind.POISON:  # a poison token was reported by the lexer
            found = _shown(token)
            self._error(
                token.at,
                Text(f"{found.fr} inattendu", f"unexpected {found.en}"),
                Text(f"attendu ici : {wanted.fr}", f"expected here: {wanted.en}"),
            )
        return _Skip()

    def _synchronise(self) -> None:
        """Skip to the end of the current statement."""
        while self.token.kind is not Kind.END:
            if self._accept(";"):
                return
            if self._is_one_of(_BLOCK_ENDS) or self._is_one_of(_STATEMENT_STARTS):
                return
            self.index += 1

    # --- units and declarations ---------------------------------------------------------------------------------

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
        found = _shown(token)
        self._error(
            token.at,
            Text(f"{found.fr} après END_PROGRAM", f"{found.en} after END_PROGRAM"),
            Text("placer ce texte avant END_PROGRAM", "move this text before END_PROGRAM"),
        )

    def _sections(self) -> list[Declaration]:
        declarations: list[Declaration] = []
        while True:
            if self._is_one_of(SECTIONS) or self._is_one_of(_OTHER_SECTIONS):
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

    def _section(self) -> list[Declaration]:
        opening = self._next()
        if opening.text in _OTHER_SECTIONS:
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
            except _Skip:
                self._skip_declaration()
        self._accept(";")
        return declarations

    def _skip_declaration(self) -> None:
        while self.token.kind is not Kind.END and not self._is("END_VAR") and not self._accept(";"):
            if self._is_one_of(_STATEMENT_STARTS):
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
                raise _Skip
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
            raise _Skip
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

    # --- statements ---------------------------------------------------------------------------------------------

    def _body(self, ends: frozenset[str]) -> list[Statement]:
        """Statements of the whole program: words that close nothing are reported and skipped."""
        statements: list[Statement] = []
        while True:
            statements += self._statements(ends)
            if self.token.kind is Kind.END or self.token.text in ends:
                return statements
            self._stray(self._next())

    def _stray(self, token: Token) -> None:
        opening = _OPENING.get(token.text)
        if opening is None:
            self._error(
                token.at,
                Text(f"{token.text} n'a pas sa place ici", f"{token.text} does not belong here"),
                Text("le supprimer", "remove it"),
            )
        else:
            self._error(
                token.at,
                Text(f"{token.text} sans {opening} avant lui", f"{token.text} without {opening} before it"),
                Text(f"supprimer {token.text} ou ajouter {opening}", f"remove {token.text} or add {opening}"),
            )
            if token.text == "ELSIF":
                self._synchronise()
        self._accept(";")

    def _statements(self, ends: frozenset[str], in_case: bool = False) -> list[Statement]:
        """Statements up to a word in ``ends``, or to one that closes an outer block."""
        self.open_ends.append(ends)
        self.statement_depth += 1
        statements: list[Statement] = []
        while self.token.kind is not Kind.END:
            if self._is_one_of(_BLOCK_ENDS):
                if self.statement_depth == 1 or any(self.token.text in words for words in self.open_ends):
                    break
                self._stray(self._next())
                continue
            if in_case and self._at_label():
                break
            before = self.index
            try:
                statement = self._statement()
                if statement is not None:
                    statements.append(statement)
            except _Skip:
                self._synchronise()
                if self.index == before:
                    self.index += 1
        self.statement_depth -= 1
        self.open_ends.pop()
        return statements

    def _statement(self) -> Statement | None:
        token = self.token
        if self._accept(";"):
            return None
        if token.kind is Kind.KEYWORD:
            return self._keyword_statement(token)
        if token.kind is Kind.ADDRESS:
            return self._assignment()
        if token.kind is not Kind.NAME:
            raise self._unexpected(Text("une instruction", "a statement"))
        if self._peek(1).text == "(" and self._peek(1).kind is Kind.OPERATOR:
            self._next()
            call = CallStatement(token.at, token.text, self._arguments())
            self._semicolon()
            return call
        return self._assignment()

    def _keyword_statement(self, token: Token) -> Statement | None:
        compound: dict[str, Callable[[Token], Statement]] = {
            "IF": self._if, "CASE": self._case, "FOR": self._for, "WHILE": self._while, "REPEAT": self._repeat,
        }  # fmt: skip
        if token.text in compound:
            self._next()
            self._check_nesting(token)
            branches = self.branches
            self.loop_depth += token.text in _LOOPS
            try:
                statement = compound[token.text](token)
            finally:
                self.loop_depth -= token.text in _LOOPS
                self.branches = branches
            self._accept(";")
            return statement
        if token.text in ("EXIT", "RETURN"):
            self._next()
            self._semicolon()
            return Exit(token.at) if token.text == "EXIT" else Return(token.at)
        if token.text in SECTIONS or token.text in _OTHER_SECTIONS:
            self._error(
                token.at,
                Text(
                    "les déclarations doivent précéder les instructions",
                    "declarations must come before the statements",
                ),
                Text(
                    "déplacer ce bloc VAR au début du programme",
                    "move this VAR block to the start of the program",
                ),
            )
            self._section()
            return None
        raise self._unexpected(Text("une instruction", "a statement"))

    def _check_nesting(self, token: Token) -> None:
        too_deep = self.statement_depth > MAX_STATEMENT_DEPTH
        too_many_loops = token.text in _LOOPS and self.loop_depth >= MAX_LOOP_DEPTH
        if not too_deep and not too_many_loops:
            return
        self._error(
            token.at,
            Text("trop d'instructions imbriquées", "too many nested statements"),
            Text("découper cette partie du programme", "split this part of the program"),
        )
        self._skip_block()
        raise _Skip

    def _count_branch(self, at: Position) -> None:
        self.branches += 1
        if self.branches == MAX_BRANCHES + 1:
            self._error(
                at,
                Text(
                    f"plus de {MAX_BRANCHES} branches ELSIF ou CASE", f"more than {MAX_BRANCHES} ELSIF or CASE branches"
                ),
                Text("découper en plusieurs instructions", "split into several statements"),
            )

    def _skip_block(self) -> None:
        """Skip a block just opened up to its end, so that its closing word is not reported as stray."""
        level = 1
        while self.token.kind is not Kind.END and level:
            if self._is_one_of(("IF", "CASE", "FOR", "WHILE", "REPEAT")):
                level += 1
            elif self._is_one_of(("END_IF", "END_CASE", "END_FOR", "END_WHILE", "END_REPEAT")):
                level -= 1
            self.index += 1

    def _assignment(self) -> Assign:
        target = self._name()
        if not self._accept(":="):
            self._wrong_assignment_sign(target)
        value = self._expression()
        if self._is(":="):
            self._error(
                self.token.at,
                Text("une seule affectation par instruction", "only one assignment in a statement"),
                Text(
                    "écrire deux instructions, ou « = » pour comparer",
                    "write two statements, or “=” to compare",
                ),
            )
            raise _Skip
        self._semicolon()
        return Assign(target.at, target, value)

    def _wrong_assignment_sign(self, target: Name) -> None:
        if self._is("="):
            self._error(
                self.token.at,
                Text("« = » compare, il n'affecte pas", "“=” compares, it does not assign"),
                Text(f"écrire « {target.name} := … »", f"write “{target.name} := …”"),
            )
            self._next()
            return
        if self._is(":") or self._is("=>"):
            self._error(
                self.token.at,
                Text(f"« {self.token.text} » n'affecte pas", f"“{self.token.text}” does not assign"),
                Text("écrire « := » sans espace", "write “:=” without a space"),
            )
            self._next()
            self._accept("=")
            return
        raise self._unexpected(Text("« := »", "“:=”"))

    def _semicolon(self) -> None:
        if self._accept(";"):
            return
        if self._is(")"):
            self._error(
                self.token.at,
                Text("parenthèse « ) » de trop", "one “)” too many"),
                Text("la supprimer, ou ouvrir « ( » plus tôt", "remove it, or open “(” earlier"),
            )
            raise _Skip
        self._missing(";")
        same_line = self.token.at.line == self.previous_end.line
        if same_line and not self._is_one_of(_BLOCK_ENDS) and not self._is_one_of(_STATEMENT_STARTS):
            raise _Skip

    def _unclosed(self, opening: Token, end: str) -> None:
        else_if = Text("", "")
        if end == "END_IF":
            else_if = Text(" ; « ELSIF » s'écrit en un mot", "; “ELSIF” is one word")
        self._error(
            opening.at,
            Text(f"{opening.text} n'est pas fermé par {end}", f"{opening.text} is not closed by {end}"),
            Text(f"ajouter « {end} »{else_if.fr}", f"add “{end}”{else_if.en}"),
        )

    def _close(self, opening: Token, end: str) -> None:
        if not self._accept(end):
            self._unclosed(opening, end)

    def _if(self, opening: Token) -> If:
        ends = frozenset({"ELSIF", "ELSE", "END_IF"})
        arms = [self._arm(opening, ends)]
        orelse: list[Statement] = []
        while self._is("ELSIF"):
            arms.append(self._arm(self._next(), ends))
        if self._accept("ELSE"):
            orelse = self._statements(frozenset({"END_IF"}))
        self._close(opening, "END_IF")
        return If(opening.at, tuple(arms), tuple(orelse))

    def _arm(self, opening: Token, ends: frozenset[str]) -> Arm:
        self._count_branch(opening.at)
        condition = self._condition("THEN")
        return Arm(opening.at, condition, tuple(self._statements(ends)))

    def _condition(self, then: str) -> Expression:
        """A condition and the word that follows it; a wrong condition does not hide the block behind it."""
        try:
            condition = self._expression()
            if self._is(":="):
                self._error(
                    self.token.at,
                    Text("« := » affecte, il ne compare pas", "“:=” assigns, it does not compare"),
                    Text("écrire « = »", "write “=”"),
                )
                self._next()
                self._expression()
                condition = Poison(condition.at)
            self._expect(then)
        except _Skip:
            at = self.token.at
            self._skip_to(then)
            return Poison(at)
        return condition

    def _skip_to(self, word: str) -> None:
        """Skip a broken head of statement up to ``word``, or to where the next statement surely begins."""
        line = self.previous_end.line
        while self.token.kind is not Kind.END and self.token.at.line == line:
            if self._accept(word):
                return
            if self._is_one_of(_BLOCK_ENDS) or self._is_one_of(_STATEMENT_STARTS):
                return
            self.index += 1

    def _case(self, opening: Token) -> Case:
        selector = self._condition("OF")
        arms: list[CaseArm] = []
        orelse: list[Statement] = []
        ends = frozenset({"ELSE", "END_CASE"})
        while self._at_label():
            arms.append(self._case_arm(ends))
        if not arms and not self._is("END_CASE"):
            self._error(
                self.token.at,
                Text("CASE sans étiquette de valeur", "CASE without a value label"),
                Text("écrire par exemple « 1: … ; 2..5: … ; »", "write for example “1: … ; 2..5: … ;”"),
            )
            self._statements(ends)
        if self._accept("ELSE"):
            self._accept(":")
            orelse = self._statements(frozenset({"END_CASE"}))
        self._close(opening, "END_CASE")
        return Case(opening.at, selector, tuple(arms), tuple(orelse))

    def _at_label(self) -> bool:
        token, after = self.token, self._peek(1)
        if token.kind in (Kind.LITERAL, Kind.POISON) or (self._is("-") and after.kind is Kind.LITERAL):
            return True
        return token.kind is Kind.NAME and after.kind is Kind.OPERATOR and after.text in (":", ",", "..")

    def _case_arm(self, ends: frozenset[str]) -> CaseArm:
        at = self.token.at
        self._count_branch(at)
        labels: list[Label] = []
        try:
            labels.append(self._label())
            while self._accept(","):
                labels.append(self._label())
            self._expect(":")
        except _Skip:
            self._skip_to(":")
        return CaseArm(at, tuple(labels), tuple(self._statements(ends, in_case=True)))

    def _label(self) -> Label:
        at = self.token.at
        low = self._expression()
        high = self._expression() if self._accept("..") else None
        return Label(at, low, high)

    def _for(self, opening: Token) -> For:
        variable, start, stop, step = Name(opening.at, ""), _poison(opening), _poison(opening), None
        try:
            variable = self._name()
            if not self._accept(":="):
                self._wrong_assignment_sign(variable)
            start = self._expression()
            self._expect("TO")
            stop = self._expression()
            step = self._expression() if self._accept("BY") else None
            self._expect("DO")
        except _Skip:
            self._skip_to("DO")
        body = self._statements(frozenset({"END_FOR"}))
        self._close(opening, "END_FOR")
        return For(opening.at, variable, start, stop, step, tuple(body))

    def _while(self, opening: Token) -> While:
        condition = self._condition("DO")
        body = self._statements(frozenset({"END_WHILE"}))
        self._close(opening, "END_WHILE")
        return While(opening.at, condition, tuple(body))

    def _repeat(self, opening: Token) -> Repeat:
        body = self._statements(frozenset({"UNTIL", "END_REPEAT"}))
        until: Expression = Poison(self.token.at)
        if self._is("END_REPEAT"):
            self._missing(
                "UNTIL",
                Text("écrire « UNTIL condition » avant END_REPEAT", "write “UNTIL condition” before END_REPEAT"),
            )
        elif self._accept("UNTIL"):
            until = self._until()
        self._close(opening, "END_REPEAT")
        return Repeat(opening.at, tuple(body), until)

    def _until(self) -> Expression:
        try:
            until = self._expression()
        except _Skip:
            self._synchronise()
            return Poison(self.token.at)
        self._accept(";")
        return until

    # --- expressions --------------------------------------------------------------------------------------------

    def _expression(self, lowest: int = 1) -> Expression:
        """Precedence climbing; operators of one level join from left to right."""
        left = self._unary()
        while True:
            token = self.token
            level = _PRECEDENCE.get(token.text, 0) if token.kind in (Kind.KEYWORD, Kind.OPERATOR) else 0
            if self._is("**"):
                self._no_power()
            if level < lowest:
                return left
            self._next()
            left = self._join(token, left, self._expression(level + 1))

    def _no_power(self) -> None:
        self._error(
            self.token.at,
            Text("la puissance « ** » n'est pas prise en charge", "the power “**” is not supported"),
            Text("écrire une multiplication : x * x", "write a multiplication: x * x"),
        )
        raise _Skip

    def _join(self, token: Token, left: Expression, right: Expression) -> Expression:
        operands: tuple[Expression, ...] = (left, right)
        at = token.at
        flat = token.text in ("AND", "OR") and isinstance(left, Chain) and left.operator == token.text
        if flat and isinstance(left, Chain):
            operands, at = (*left.operands, right), left.at
        depth = 1 + max(operand.depth for operand in operands[-2:])
        if flat:
            depth = max(left.depth, depth)
        self._check_depth(depth, token.at)
        return Chain(at, token.text, operands, depth)

    def _check_depth(self, depth: int, at: Position) -> None:
        if depth <= MAX_EXPRESSION_DEPTH:
            return
        self._error(
            at,
            Text("expression trop longue ou trop imbriquée", "expression too long or too deeply nested"),
            Text("la couper en plusieurs instructions", "split it into several statements"),
        )
        raise _Skip

    def _unary(self) -> Expression:
        token = self.token
        if not (self._is("NOT") or self._is("-") or self._is("+")):
            return self._primary()
        self._next()
        self.depth += 1
        try:
            self._check_depth(self.depth, token.at)
            operand = self._unary()
        finally:
            self.depth -= 1
        if token.text == "+":
            return operand
        if token.text == "-" and isinstance(operand, Constant) and operand.type is not DataType.BOOL:
            return Constant(token.at, operand.type, -operand.value, operand.flexible)
        self._check_depth(operand.depth + 1, token.at)
        return Unary(token.at, token.text, operand, operand.depth + 1)

    def _primary(self) -> Expression:
        token = self.token
        if token.kind is Kind.LITERAL:
            self._next()
            assert token.type is not None
            return Constant(token.at, token.type, token.value, token.flexible)
        if token.kind is Kind.POISON:
            self._next()
            return Poison(token.at)
        if self._is_one_of(("TRUE", "FALSE")):
            self._next()
            return Constant(token.at, DataType.BOOL, token.text == "TRUE")
        if self._is("("):
            return self._parenthesis()
        if token.kind is Kind.NAME and self._peek(1).text == "(" and self._peek(1).kind is Kind.OPERATOR:
            return self._function_call()
        if token.kind in (Kind.NAME, Kind.ADDRESS):
            return self._name()
        raise self._unexpected(Text("une valeur ou une variable", "a value or a variable"))

    def _parenthesis(self) -> Expression:
        opening = self._next()
        self.depth += 1
        try:
            self._check_depth(self.depth, opening.at)
            inner = self._expression()
        finally:
            self.depth -= 1
        if not self._accept(")"):
            self._error(
                self.previous_end,
                Text(
                    f"il manque « ) » (ouverte ligne {opening.at.line}, colonne {opening.at.column})",
                    f"“)” is missing (opened at line {opening.at.line}, column {opening.at.column})",
                ),
                Text("ajouter « ) » ici", "add “)” here"),
            )
            raise _Skip
        # A parenthesis shields an AND or OR chain from being flattened into an outer one of the same operator:
        # harmless, since both are associative.
        return inner

    def _function_call(self) -> FunctionCall:
        token = self._next()
        self.depth += 1
        try:
            self._check_depth(self.depth, token.at)
            arguments = self._arguments()
        finally:
            self.depth -= 1
        depth = 1 + max((argument.value.depth for argument in arguments), default=0)
        self._check_depth(depth, token.at)
        return FunctionCall(token.at, token.text, arguments, depth)

    def _arguments(self) -> tuple[Argument, ...]:
        self._next()  # the opening parenthesis
        arguments: list[Argument] = []
        if self._accept(")"):
            return ()
        while True:
            arguments.append(self._argument())
            if self._accept(")"):
                return tuple(arguments)
            if not self._accept(","):
                self._separator_missing()
                raise _Skip

    def _separator_missing(self) -> None:
        what = "," if self.token.kind in (Kind.NAME, Kind.LITERAL) else ")"
        self._missing(what)

    def _argument(self) -> Argument:
        token, sign = self.token, self._peek(1)
        named = token.kind is Kind.NAME and sign.kind is Kind.OPERATOR and sign.text in (":=", "=>")
        if not named:
            return Argument(token.at, None, self._expression())
        self.index += 2
        if sign.text == "=>":
            return Argument(token.at, token.text, self._name(), is_output=True)
        return Argument(token.at, token.text, self._expression())

    def _name(self) -> Name:
        token = self.token
        if token.kind not in (Kind.NAME, Kind.ADDRESS):
            raise self._unexpected(Text("un nom de variable", "a variable name"))
        self._next()
        if token.kind is Kind.ADDRESS or not self._accept("."):
            return Name(token.at, token.text)
        member = self.token
        if member.kind is not Kind.NAME:
            raise self._unexpected(Text(f"une borne du bloc « {token.text} »", f"a pin of the block “{token.text}”"))
        self._next()
        return Name(token.at, token.text, member.text, member.at)


def _poison(token: Token) -> Expression:
    return Poison(token.at)


def _shown(token: Token) -> Text:
    if token.kind is Kind.END:
        return Text("fin du texte", "end of the text")
    return Text(f"« {token.text} »", f"“{token.text}”")


def _found(token: Token) -> Text:
    shown = _shown(token)
    return Text(f" avant {shown.fr}", f" before {shown.en}")

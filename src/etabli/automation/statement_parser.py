"""Statements of Structured Text: assignments, calls, IF, CASE and loops, going on after a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from etabli.automation.declaration_parser import (
    BLOCK_ENDS,
    OTHER_SECTIONS,
    SECTIONS,
    STATEMENT_STARTS,
    DeclarationParser,
)
from etabli.automation.lexer import Kind, Lexed, Token
from etabli.automation.messages import MessageList, Position
from etabli.automation.syntax import (
    Arm,
    Assign,
    CallStatement,
    Case,
    CaseArm,
    Exit,
    Expression,
    For,
    If,
    Label,
    Name,
    Poison,
    Repeat,
    Return,
    Statement,
    While,
)
from etabli.automation.token_reader import Skip
from etabli.physics.text import Text

MAX_STATEMENT_DEPTH: Final = 30
"""Nested IF, CASE and loops."""
MAX_BRANCHES: Final = 600
"""ELSIF and CASE branches, those of the branches around included (Python nests each inside the one before)."""
MAX_LOOP_DEPTH: Final = 10
"""Nested loops (Python allows 20 nested blocks)."""
_LOOPS: Final = frozenset(("FOR", "WHILE", "REPEAT"))
_OPENING: Final = {
    "END_IF": "IF", "ELSE": "IF", "ELSIF": "IF", "END_CASE": "CASE", "END_FOR": "FOR", "END_WHILE": "WHILE",
    "UNTIL": "REPEAT", "END_REPEAT": "REPEAT", "END_PROGRAM": "PROGRAM", "END_VAR": "VAR",
}  # fmt: skip


class StatementParser(DeclarationParser):
    """Reads statements and the blocks they stand in."""

    def __init__(self, lexed: Lexed, messages: MessageList) -> None:
        super().__init__(lexed, messages)
        self.open_ends: list[frozenset[str]] = []
        self.statement_depth = 0
        self.loop_depth = 0
        self.branches = 0

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
            if self._is_one_of(BLOCK_ENDS):
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
            except Skip:
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
        if token.text in SECTIONS or token.text in OTHER_SECTIONS:
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
        raise Skip

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
            raise Skip
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
            raise Skip
        self._missing(";")
        same_line = self.token.at.line == self.previous_end.line
        if same_line and not self._is_one_of(BLOCK_ENDS) and not self._is_one_of(STATEMENT_STARTS):
            raise Skip

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
        except Skip:
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
            if self._is_one_of(BLOCK_ENDS) or self._is_one_of(STATEMENT_STARTS):
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
        except Skip:
            self._skip_to(":")
        return CaseArm(at, tuple(labels), tuple(self._statements(ends, in_case=True)))

    def _label(self) -> Label:
        at = self.token.at
        low = self._expression()
        high = self._expression() if self._accept("..") else None
        return Label(at, low, high)

    def _for(self, opening: Token) -> For:
        variable, step = Name(opening.at, ""), None
        start: Expression = Poison(opening.at)
        stop: Expression = Poison(opening.at)
        try:
            variable = self._name()
            if not self._accept(":="):
                self._wrong_assignment_sign(variable)
            start = self._expression()
            self._expect("TO")
            stop = self._expression()
            step = self._expression() if self._accept("BY") else None
            self._expect("DO")
        except Skip:
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
        except Skip:
            self._synchronise()
            return Poison(self.token.at)
        self._accept(";")
        return until

    def _synchronise(self) -> None:
        """Skip to the end of the current statement."""
        while self.token.kind is not Kind.END:
            if self._accept(";"):
                return
            if self._is_one_of(BLOCK_ENDS) or self._is_one_of(STATEMENT_STARTS):
                return
            self.index += 1

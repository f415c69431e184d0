"""Expressions of Structured Text: tokens to the tree of an expression, by precedence climbing."""

from __future__ import annotations

from typing import Final

from etabli.automation.lexer import Kind, Lexed, Token
from etabli.automation.messages import MessageList, Position
from etabli.automation.syntax import Argument, Chain, Constant, Expression, FunctionCall, Name, Poison, Unary
from etabli.automation.token_reader import Skip, TokenReader
from etabli.automation.types import DataType
from etabli.physics.text import Text

MAX_EXPRESSION_DEPTH: Final = 40
"""Nested operators and parentheses of one expression (the generated code must stay within Python's own limits)."""

# IEC 61131-3, table of operators: the larger number binds tighter.
_PRECEDENCE: Final = {
    "OR": 1, "XOR": 2, "AND": 3, "=": 4, "<>": 4, "<": 5, ">": 5, "<=": 5, ">=": 5, "+": 6, "-": 6, "*": 7, "/": 7,
    "MOD": 7,
}  # fmt: skip


class ExpressionParser(TokenReader):
    """Reads expressions, calls and their arguments."""

    def __init__(self, lexed: Lexed, messages: MessageList) -> None:
        super().__init__(lexed, messages)
        self.depth = 0

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
        raise Skip

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
        raise Skip

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
            raise Skip
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
                raise Skip

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

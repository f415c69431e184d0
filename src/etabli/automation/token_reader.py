"""Reading tokens one after the other, and what the parser says of those it did not expect."""

from __future__ import annotations

from etabli.automation.lexer import Kind, Lexed, Token
from etabli.automation.messages import MessageList, Position
from etabli.physics.text import Text


class Skip(Exception):
    """Raised after a report: the rest of the statement cannot be understood."""


class TokenReader:
    """The tokens of a text, the place of the next one, the messages."""

    def __init__(self, lexed: Lexed, messages: MessageList) -> None:
        self.tokens = lexed.tokens
        self.messages = messages
        self.index = 0

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

    def _unexpected(self, wanted: Text) -> Skip:
        token = self.token
        if token.kind is not Kind.POISON:  # a poison token was reported by the lexer
            found = describe(token)
            self._error(
                token.at,
                Text(f"{found.fr} inattendu", f"unexpected {found.en}"),
                Text(f"attendu ici : {wanted.fr}", f"expected here: {wanted.en}"),
            )
        return Skip()


def describe(token: Token) -> Text:
    if token.kind is Kind.END:
        return Text("fin du texte", "end of the text")
    return Text(f"« {token.text} »", f"“{token.text}”")


def _found(token: Token) -> Text:
    shown = describe(token)
    return Text(f" avant {shown.fr}", f" before {shown.en}")

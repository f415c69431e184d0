"""The live link of a bench page: checks the rights of each command, hands it to the hub, relays what comes back.

A message to the browser is one letter and a JSON body: H hello (layout, state, rights), F frame, S state, A answer to
a command, N news of the link (pages open, host restarted), C channels of the chronogram, R refusal before closing.
Close codes: 4400 message that cannot be read, 4401 not logged in (any more), 4404 no such bench for this person,
4409 bench that cannot be opened, 4429 too many commands.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import msgspec
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import aget_user
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest

from etabli.bench.client import HostError
from etabli.physics.text import Text
from etabli.web.accounts.models import User
from etabli.web.workshop import hosts, rights
from etabli.web.workshop.hub import Client, hub
from etabli.web.workshop.interventions import begin, bench_of
from etabli.web.workshop.limits import LONGEST_MESSAGE, bucket_of
from etabli.web.workshop.models import Intervention
from etabli.web.workshop.slim import slim_layout

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 20.0

FIELDS: dict[str, frozenset[str]] = {
    "act": frozenset({"action", "arguments"}),
    "run": frozenset(),
    "pause": frozenset(),
    "speed": frozenset({"factor"}),
    "step": frozenset({"ticks"}),
    "reset": frozenset(),
    "chronogram": frozenset({"channels"}),
    "history": frozenset({"since"}),
    "program": frozenset(),
}
"""What a browser may ask of the host, with the fields it may give. Everything else is not for it."""

READ_ONLY = frozenset({"history", "program"})
MOST_TICKS = 500
NOT_HERE = frozenset({"finish"})
"""Actions of other pages: the report is handed in with its form."""

TOO_FAST = Text(
    "Trop de commandes à la fois : celle-ci n’a pas été faite.", "Too many commands at once: this one was not done."
)
TOO_FAST_MEND = Text("Attendez une seconde.", "Wait a second.")
WATCHING = Text("Vous suivez ce poste sans pouvoir agir.", "You watch this bench and cannot act on it.")
WATCHING_MEND = Text(
    "Seul l’élève à qui elle est confiée agit sur la machine.", "Only its learner acts on the machine."
)
OVER = Text(
    "L’intervention est rendue : le poste ne peut plus changer.",
    "The intervention is handed in: the bench cannot change any more.",
)
UNKNOWN = Text("Commande inconnue.", "Unknown command.")
NOTHING = Text("", "")


class Command(msgspec.Struct):
    """A message of a browser."""

    id: int
    do: str
    fields: dict[str, Any] = {}


class BenchConsumer(AsyncWebsocketConsumer):
    """One open bench page."""

    client: Client | None = None
    watch: asyncio.Task[None] | None = None
    intervention: Intervention
    user: User
    may_act = False

    async def connect(self) -> None:
        """Let in who may see the bench. Refusals accept first, so that the browser can read the code."""
        await self.accept()
        user = self.scope["user"]
        if not isinstance(user, User):
            await self.close(4401)
            return
        self.user = user
        self.held: set[tuple[str, str]] = set()
        self.springs: set[str] = set()  # buttons that come back by themselves
        try:
            self.intervention = await self._find()
        except (Http404, ValidationError):
            await self.close(4404)
            return
        await self._open()

    async def _open(self) -> None:
        self.may_act = rights.may_act(self.user, self.intervention)
        self.client = Client(bench_of(self.intervention), self._deliver)
        try:
            seen = await hub().join(self.client)
        except HostError as error:
            await self._not_opened(error)
            return
        self.springs = {each["tag"] for each in seen["layout"]["components"] if each["family"] == "pushbutton"}
        layout = slim_layout(seen["layout"], self._language())
        await self._say("H", {"layout": layout, "state": seen["state"], "may_act": self.may_act})
        self.watch = asyncio.create_task(self._check_session())
        if self.may_act:
            await self._begin()

    async def _begin(self) -> None:
        """Note that the work has begun; a busy database costs the date only, the next opening notes it."""
        try:
            await database_sync_to_async(begin)(self.intervention)
        except DatabaseError:
            logger.warning("database busy: %s is noted as begun at the next opening", self.intervention.number)

    def _language(self) -> str:
        asked = parse_qs(self.scope["query_string"].decode("ascii", "replace")).get("langue", ["fr"])
        return "en" if asked[0] == "en" else "fr"

    async def disconnect(self, code: int) -> None:
        """Let go of the buttons this page held, then leave."""
        if self.watch is not None:
            self.watch.cancel()
        if self.client is None:
            return
        with contextlib.suppress(HostError):
            for tag, control in self.held:
                await self._act("operate", {"tag": tag, "control": control, "value": 0})
        await hub().leave(self.client)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One command of the page."""
        if self.client is None or text_data is None or len(text_data) > LONGEST_MESSAGE:
            await self.close(4400)
            return
        try:
            command = msgspec.json.decode(text_data, type=Command)
        except msgspec.DecodeError:
            await self.close(4400)
            return
        bucket = bucket_of(self.user.pk)
        if not bucket.take():
            await self._answer_refusal(command.id, TOO_FAST, TOO_FAST_MEND)
            if bucket.abused:
                await self.close(4429)
            return
        await self._obey(command)

    async def _obey(self, command: Command) -> None:
        allowed = FIELDS.get(command.do)
        if allowed is None or not allowed.issuperset(command.fields) or not _well_formed(command.fields):
            await self._answer_refusal(command.id, UNKNOWN, NOTHING)
            return
        if not self.may_act and command.do not in READ_ONLY:
            text = WATCHING if self.user.pk != self.intervention.learner_id else OVER
            await self._answer_refusal(command.id, text, WATCHING_MEND if text is WATCHING else NOTHING)
            return
        try:
            result = await self._ask(command)
        except HostError as error:
            await self._answer_refusal(command.id, error.text, error.mend)
            return
        await self._say("A", {"id": command.id, "result": result})

    async def _ask(self, command: Command) -> dict[str, Any]:
        assert self.client is not None
        if command.do == "act":
            return await self._act(str(command.fields.get("action", "")), command.fields.get("arguments", {}))
        fields = dict(command.fields)
        if command.do == "step":
            fields["ticks"] = min(MOST_TICKS, max(1, fields.get("ticks", 1)))
        result = await hub().request(command.do, bench=self.client.bench, **fields)
        if command.do == "chronogram":
            hub().put(self.client.bench, "C", msgspec.json.encode(result))
        return result

    async def _act(self, action: str, arguments: dict[str, Any]) -> dict[str, Any]:
        assert self.client is not None
        result = await hub().request(
            "act", bench=self.client.bench, action=action, arguments=arguments, who=str(self.user.pk)
        )
        tag = str(arguments.get("tag"))
        if action == "operate" and arguments.get("control") == "pressed" and tag in self.springs:
            key = (tag, "pressed")
            (self.held.add if arguments.get("value") else self.held.discard)(key)
        return result

    async def _check_session(self) -> None:
        """An open socket does not notice that its session ended or that the work was handed in: look now and then."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            try:
                user = await self._present_user()
                if user is None or user.pk != self.user.pk:
                    await self.close(4401)
                    return
                self.intervention = await self._find()
            except Http404:
                await self.close(4404)
                return
            except DatabaseError:
                logger.warning("database busy: rights are checked at the next turn")
                continue
            self.may_act = rights.may_act(self.user, self.intervention)

    async def _present_user(self) -> User | None:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        request = HttpRequest()
        request.session = store(self.scope["session"].session_key)  # read again: the socket holds an old copy
        user = await aget_user(request)
        return user if isinstance(user, User) and user.is_active else None

    @database_sync_to_async
    def _find(self) -> Intervention:
        return rights.find(self.user, self.scope["url_route"]["kwargs"]["pk"])

    async def _deliver(self, kind: str, payload: bytes) -> None:
        await self.send(text_data=kind + payload.decode())

    async def _say(self, kind: str, body: dict[str, Any]) -> None:
        await self._deliver(kind, msgspec.json.encode(body))

    async def _answer_refusal(self, number: int, text: Text, mend: Text) -> None:
        await self._say("A", {"id": number, "refused": _both(text), "mend": _both(mend)})

    async def _not_opened(self, error: HostError) -> None:
        if error.code == hosts.LOST:  # not a refusal: the browser tries again by itself
            logger.error("no bench host: %s", error)
            await self._say("N", {"pages": 0, "trouble": "lost"})
            await self.close(1013)
            return
        await self._say("R", {"text": _both(error.text), "mend": _both(error.mend), "code": error.code})
        await self.close(4409)


def _well_formed(fields: dict[str, Any]) -> bool:
    """Tell whether the values have the types that the host expects: it is not there to be tried by a browser."""
    return (
        fields.get("action") not in NOT_HERE
        and isinstance(fields.get("arguments", {}), dict)
        and isinstance(fields.get("ticks", 1), int)
        and isinstance(fields.get("factor", 1.0), int | float)
        and isinstance(fields.get("since", 0.0), int | float)
        and isinstance(fields.get("channels", []), list)
    )


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}

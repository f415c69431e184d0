"""The hub gives each open page the newest news, and bears that pages go."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from etabli.web.workshop.hub import Client
from own_loop import in_a_loop


async def some_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_only_the_newest_of_each_kind_waits_for_a_page() -> None:
    async def session() -> list[tuple[str, bytes]]:
        got: list[tuple[str, bytes]] = []

        async def deliver(kind: str, payload: bytes) -> None:
            got.append((kind, payload))

        client = Client("i1", deliver)
        for kind, payload in (("F", b"1"), ("S", b"a"), ("F", b"2")):
            client.put(kind, payload)
        await some_turns()
        client.close()
        return got

    assert in_a_loop(session()) == [("F", b"2"), ("S", b"a")]


def test_a_page_that_is_gone_is_no_error_of_the_server() -> None:
    async def session() -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))

        async def deliver(kind: str, payload: bytes) -> None:
            raise ConnectionResetError

        client = Client("i1", deliver)
        client.put("F", b"1")
        await some_turns()
        del client
        gc.collect()
        await some_turns()
        return told

    assert in_a_loop(session()) == []

"""Between the bench host and the browsers: relays frames as they are, the newest only, to whoever may see them.

One hub per web process, inside its event loop. A client has one slot per kind of push: a frame that was not sent yet is
replaced by the next one, so that a slow browser delays nobody and never lags behind by more than one frame.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from etabli.bench.client import HostClient, HostError
from etabli.web.workshop import hosts

logger = logging.getLogger(__name__)

RESTART_DELAY_S = 0.2
RESTART_ATTEMPTS = 5
REST_AFTER_S = 15.0
"""A bench that nobody looks at leaves the memory of the host after this time; it waits for its learner."""
TIME_COMMANDS = {"run": True, "pause": False, "step": False}


class Client:
    """One open page. ``deliver(kind, payload)`` sends; only the newest of each kind waits for it."""

    def __init__(self, bench: str, deliver: Callable[[str, bytes], Awaitable[None]]) -> None:
        self.bench = bench
        self._deliver = deliver
        self._slots: dict[str, bytes] = {}
        self._filled = asyncio.Event()
        self._task = asyncio.create_task(self._send())

    def put(self, kind: str, payload: bytes) -> None:
        """Leave the newest payload of this kind in its slot."""
        self._slots[kind] = payload
        self._filled.set()

    def close(self) -> None:
        """Send nothing any more."""
        self._task.cancel()

    async def _send(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            waiting, self._slots = self._slots, {}
            try:
                for kind, payload in waiting.items():
                    await self._deliver(kind, payload)
            except OSError:  # the page was closed meanwhile; its consumer leaves the hub
                return


class Hub:
    """The open pages of this process, by bench, and the connection to the host."""

    def __init__(self) -> None:
        self._clients: dict[str, set[Client]] = {}
        self._host: HostClient | None = None
        self._connecting = asyncio.Lock()
        self._recovery: asyncio.Task[None] | None = None
        self._runs: dict[str, bool] = {}
        self._rests: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    async def request(self, do: str, **fields: Any) -> dict[str, Any]:
        """Ask the host. Raises `HostError`: refused, or nobody answers (code `hosts.LOST`)."""
        answer = await (await self._connected()).request(do, **fields)
        if do in TIME_COMMANDS:
            self._runs[fields["bench"]] = TIME_COMMANDS[do]
        return answer

    async def join(self, client: Client) -> dict[str, Any]:
        """Add a page to its bench, opened from its journal if need be; returns layout and state."""
        pages = self._clients.setdefault(client.bench, set())
        pages.add(client)
        if (rest := self._rests.pop(client.bench, None)) is not None:
            rest.cancel()
        try:
            answer = await self._subscribe(client.bench)
            if len(pages) == 1 and self._runs.get(client.bench, True):
                await self.request("run", bench=client.bench)
        except BaseException:
            self._forget(client)
            raise
        self.tell(client.bench)
        return answer

    async def leave(self, client: Client) -> None:
        """Remove a page; the host stops sending frames of a bench nobody looks at."""
        client.close()
        self._forget(client)
        if client.bench in self._clients:
            self.tell(client.bench)
            return
        if not self._stopping:
            self._rests[client.bench] = asyncio.create_task(self._rest(client.bench))
        with contextlib.suppress(HostError):
            await self.request("unsubscribe", bench=client.bench)

    def pages_on(self, bench: str) -> int:
        """Number of pages open on a bench."""
        return len(self._clients.get(bench, ()))

    def put(self, bench: str, kind: str, payload: bytes) -> None:
        """Give every page of a bench the same news."""
        for client in self._clients.get(bench, ()):
            client.put(kind, payload)

    def tell(self, bench: str, trouble: str = "") -> None:
        """Tell the pages of a bench how many they are, and what happened to the host."""
        count = self.pages_on(bench)
        payload = b'{"pages": %d, "trouble": "%s"}' % (count, trouble.encode("ascii"))
        self.put(bench, "N", payload)

    async def stop(self) -> None:
        """Close the connection with the process."""
        self._stopping = True
        for task in (self._recovery, *self._rests.values()):
            if task is not None:
                task.cancel()
        if self._host is not None:
            self._host.close()
        self._host = None

    async def _connected(self) -> HostClient:
        async with self._connecting:
            if self._host is not None:
                return self._host
            running = await asyncio.to_thread(hosts.running_host)
            host = await HostClient.connect(running.address)
            host.on_push = self._push
            host.on_lost = self._lost
            self._host = host
            return host

    async def _subscribe(self, bench: str) -> dict[str, Any]:
        try:
            return await self.request("subscribe", bench=bench)
        except HostError as error:
            if error.code != "unknown_bench":
                raise
        await self.request("open", bench=bench, run=self._runs.get(bench, True))
        return await self.request("subscribe", bench=bench)

    def _push(self, kind: str, bench: str, payload: bytes) -> None:
        self.put(bench, kind, payload)

    def _lost(self) -> None:
        """The host died: say so, start another, bring back the benches somebody looks at."""
        self._host = None
        if self._stopping:
            return
        logger.warning("the bench host is gone: %d benches to bring back", len(self._clients))
        for bench in self._clients:
            self.tell(bench, "lost")
        self._recovery = asyncio.create_task(self._recover())

    async def _recover(self) -> None:
        for attempt in range(RESTART_ATTEMPTS):
            await asyncio.sleep(RESTART_DELAY_S * attempt)
            if all([await self._bring_back(bench) for bench in list(self._clients)]):
                return
        logger.error("the bench host could not be brought back")
        for bench in self._clients:
            self.tell(bench, "dead")

    async def _bring_back(self, bench: str) -> bool:
        """Bring one bench back; false means that the host is gone again."""
        try:
            await self._subscribe(bench)
        except HostError as error:
            logger.error("bench %s does not come back: %s", bench, error)
            self.tell(bench, "dead")
            return error.code != hosts.LOST
        self.tell(bench, "back")
        return True

    async def _rest(self, bench: str) -> None:
        await asyncio.sleep(REST_AFTER_S)
        self._rests.pop(bench, None)
        if bench in self._clients:
            return
        with contextlib.suppress(HostError):
            await self.request("close", bench=bench)

    def _forget(self, client: Client) -> None:
        pages = self._clients.get(client.bench, set())
        pages.discard(client)
        if not pages:
            self._clients.pop(client.bench, None)


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop (one in a server; tests may run several servers in turn)."""
    loop = asyncio.get_running_loop()
    known = _hubs.get(id(loop))
    if known is None:
        _hubs.clear()
        known = _hubs[id(loop)] = Hub()
    return known

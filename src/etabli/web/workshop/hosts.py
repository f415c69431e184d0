"""The bench host of this web process: one child process that owns every live bench, started when first needed.

Views ask it through `ask`, one short blocking connection each; the live link goes through `hub`, which keeps one
connection open. A host that died is started again here; its benches come back from their journals.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from etabli.bench.client import BlockingClient, HostError, HostProcess, start_host
from etabli.physics.text import Text

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_host: HostProcess | None = None


ANSWER_TIMEOUT_S = 60.0
LOST = "host_lost"
"""Code of the client of the bench for "nobody answers"."""


def folder() -> Path:
    """Folder of the journals of this installation."""
    return Path(settings.DATA) / "journals"


def running_host() -> HostProcess:
    """Return the host, started or started again if need be. Blocks about 0.3 s the first time."""
    global _host
    with _lock:
        if _host is not None and _host.alive:
            return _host
        if _host is not None:
            logger.warning("the bench host ended: starting it again")
            _host.stop()
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        _host = start_host(folder())
        return _host


def warm_up() -> None:
    """Start the host ahead of the first need; a failure is told when somebody needs it."""
    try:
        running_host()
    except (HostError, OSError):
        logger.exception("the bench host does not start")


def stop() -> None:
    """End the host with the web process; benches are saved in their journals."""
    global _host
    with _lock:
        if _host is not None:
            _host.stop()
        _host = None


def ask(do: str, **fields: Any) -> dict[str, Any]:
    """One request from a view. Raises `HostError`: refused, or `LOST` when nobody answers even after a new start."""
    try:
        return _ask_once(do, fields)
    except HostError as error:
        if error.code != LOST:
            raise
    logger.warning("lost the bench host during %s: asking again", do)
    return _ask_once(do, fields)


def ask_bench(do: str, bench: str, **fields: Any) -> dict[str, Any]:
    """One request about a bench; one that is not in memory comes back from its journal for as long as it takes."""
    try:
        return ask(do, bench=bench, **fields)
    except HostError as error:
        if error.code != "unknown_bench":
            raise
    ask("open", bench=bench, run=False)
    try:
        return ask(do, bench=bench, **fields)
    finally:
        if not ask("status", bench=bench)["clients"]:  # nobody opened its page meanwhile
            ask("close", bench=bench)


def _ask_once(do: str, fields: dict[str, Any]) -> dict[str, Any]:
    try:
        client = BlockingClient(running_host().address, timeout_s=ANSWER_TIMEOUT_S)
    except OSError as error:
        raise lost() from error
    with client:
        return client.request(do, **fields)


def lost() -> HostError:
    """The error of a host that cannot be reached."""
    return HostError(
        LOST,
        Text(
            "Le moteur de simulation ne répond pas ; ce qui était enregistré est conservé.",
            "The simulation engine does not answer; what was recorded is kept.",
        ),
        Text("Recommencez dans quelques secondes.", "Try again in a few seconds."),
    )

"""Start and stop of the web process.

An application that owns processes connects to these signals in its ``ready()``.
"""

from __future__ import annotations

from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.dispatch import Signal

# Sent inside the event loop of the server, after it started and before it stops; async receivers are awaited.
server_started = Signal()
server_stopping = Signal()


async def lifespan(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Speak the ASGI lifespan protocol with the server."""
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.startup":
            await server_started.asend(sender=None)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await server_stopping.asend(sender=None)
            await send({"type": "lifespan.shutdown.complete"})
            return

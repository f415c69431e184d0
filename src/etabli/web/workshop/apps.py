"""Django application of the workshop."""

from __future__ import annotations

import asyncio
from typing import Any

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    """The workshop; the bench host starts and stops with the server."""

    name = "etabli.web.workshop"
    label = "workshop"

    def ready(self) -> None:
        """Follow the life of the server, and the deletions."""
        from etabli.web.lifecycle import server_started, server_stopping
        from etabli.web.workshop import erasure

        server_started.connect(_start, dispatch_uid="workshop")
        server_stopping.connect(_stop, dispatch_uid="workshop")
        erasure.follow()


async def _start(**_kwargs: Any) -> None:
    """Start the host in the background: the first bench page does not wait for it, nor the first page of all."""
    from etabli.web.workshop import hosts

    asyncio.get_running_loop().run_in_executor(None, hosts.warm_up)


async def _stop(**_kwargs: Any) -> None:
    from etabli.web.workshop import hosts
    from etabli.web.workshop.hub import hub

    await hub().stop()
    await asyncio.to_thread(hosts.stop)

"""The ASGI application: pages through Django, live frames through Channels (without any channel layer)."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etabli.web.settings")
pages = get_asgi_application()  # before the imports below: they need the applications to be ready

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from etabli.web.lifecycle import lifespan  # noqa: E402
from etabli.web.workshop.routing import websocket_urlpatterns  # noqa: E402

live_links: list[Any] = [*websocket_urlpatterns]

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(live_links))),
        "lifespan": lifespan,
    }
)

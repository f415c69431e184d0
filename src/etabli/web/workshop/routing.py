"""WebSocket addresses of the workshop."""

from __future__ import annotations

from django.urls import URLPattern, path

from etabli.web.workshop.consumers import BenchConsumer

websocket_urlpatterns: list[URLPattern] = [
    # Django types its path() for views; Channels routes ASGI applications with it.
    path("lien/<uuid:pk>/", BenchConsumer.as_asgi()),  # type: ignore[arg-type]
]

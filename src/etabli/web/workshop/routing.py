"""WebSocket addresses of the workshop."""

from __future__ import annotations

from django.urls import URLPattern, path

from etabli.web.workshop.consumers import BenchConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("lien/<uuid:pk>/", BenchConsumer.as_asgi()),
]

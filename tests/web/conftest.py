"""Fixtures of the web room: accounts, a live server, a real Chromium.

A test that needs pages only uses ``client`` (pytest-django), ``learner`` and ``teacher``. A test in the browser uses
``browser_page(user)``, which opens a page that is already logged in on ``live.url``; any console error fails the test.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from etabli.web.messages import compile_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from etabli.web.accounts.models import User

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10

PASSWORD = "un-mot-de-passe"


def pytest_configure() -> None:
    """Compile the translations, which are not committed."""
    compile_all()


# --- accounts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def learner(db: None) -> User:
    """A learner; the password is PASSWORD."""
    from etabli.web.accounts.models import ClassGroup, User

    group = ClassGroup.objects.create(name="1 MSPC")
    return User.objects.create_user("ines", PASSWORD, display_name="Inès Martin", class_group=group)


@pytest.fixture
def teacher(db: None) -> User:
    """A teacher; the password is PASSWORD."""
    from etabli.web.accounts.models import Role, User

    return User.objects.create_user("roussel", PASSWORD, display_name="Camille Roussel", role=Role.TEACHER)


# --- live server -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Live:
    """A running server."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Address of the home page, without the last slash."""
        return f"http://{self.host}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """The same for a WebSocket."""
        return f"ws://{self.host}:{self.port}"


@pytest.fixture
def live(transactional_db: None) -> Iterator[Live]:
    """The real ASGI application, served by uvicorn in a thread with the options of production."""
    import uvicorn

    from etabli.web.server import uvicorn_config

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn_config("127.0.0.1", port))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not server.started:
            assert thread.is_alive(), "the server stopped while starting"
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        yield Live("127.0.0.1", port)
        server.should_exit = True
        thread.join(STOP_TIMEOUT_S)
        assert not thread.is_alive(), "the server does not stop"


# --- browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser_errors() -> list[str]:
    """Errors of the consoles and of the pages. A test that provokes one removes it from this list."""
    return []


OpenPage = Callable[..., "Page"]


@pytest.fixture
def browser_page(chromium: Browser, live: Live, browser_errors: list[str]) -> Iterator[OpenPage]:
    """Open pages: ``browser_page(user=None, width=1280, height=800, dark=False, locale="fr-FR", **more)``."""
    contexts: list[BrowserContext] = []

    def open_page(
        user: User | None = None,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        locale: str = "fr-FR",
        **more: object,
    ) -> Page:
        context = chromium.new_context(
            base_url=live.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        if user is not None:
            _open_session(context, live, user)
        page = context.new_page()
        page.on("pageerror", lambda error: browser_errors.append(f"page error: {error}"))
        page.on("console", lambda message: _note_console(message, browser_errors))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not browser_errors, "\n".join(browser_errors)


def _note_console(message: object, errors: list[str]) -> None:
    if getattr(message, "type", "") == "error":
        errors.append(f"console: {getattr(message, 'text', '')} {getattr(message, 'location', '')}")


def _open_session(context: BrowserContext, live: Live, user: User) -> None:
    """Log in with Django's own test client and hand its session over to the browser."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])

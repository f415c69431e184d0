"""Starts the web server: prepares the data folder and the database, then listens."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from etabli.web.environment import EnvironmentMistake, create_secret_key

if TYPE_CHECKING:
    import uvicorn

FIRST_PORT = 8000
PORTS_TRIED = 50
DESKTOP_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY")


class ServerError(Exception):
    """The server cannot start; the message says why and what to do."""


def demo(data: Path, host: str, port: int | None, *, browser: bool) -> int:
    """Serve demonstration data until interrupted."""
    os.environ["ETABLI_DEMO"] = "1"
    port = free_port(host) if port is None else port
    _prepare(data, host, port)
    _create_demo_data()
    address = address_of(host, port)

    def announce() -> None:
        print(demo_banner(address, data), flush=True)
        if browser and _desktop():
            webbrowser.open(address)

    return _listen(host, port, announce)


def serve(data: Path, host: str, port: int) -> int:
    """Serve the data of ``data`` until interrupted; the first start creates an administrator."""
    _prepare(data, host, port)
    password = _first_administrator()
    address = address_of(host, port)

    def announce() -> None:
        print(f"Établi : {address}   (données / data: {data.absolute()})", flush=True)
        if password:
            print(f"Compte créé / account created:  admin   {password}   (notez-le / write it down)", flush=True)

    return _listen(host, port, announce)


def demo_banner(address: str, data: Path) -> str:
    """Return what ``etabli demo`` prints once it answers: the address and the accounts."""
    from etabli.web.accounts.demo import ACCOUNTS

    lines = [f"Établi : {address}", "", "Comptes de démonstration / demonstration accounts:"]
    lines += [f"  {account.username:<8} {account.password:<14} {account.display_name}" for account in ACCOUNTS]
    lines += ["", f"Données / data: {data.absolute()}", "Arrêt / stop: Ctrl+C"]
    return "\n".join(lines)


def address_of(host: str, port: int) -> str:
    """Return the address to type in a browser of this machine."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def free_port(host: str, first: int = FIRST_PORT) -> int:
    """Return the first port from ``first`` on which nobody listens."""
    for port in range(first, first + PORTS_TRIED):
        if _can_listen(host, port):
            return port
    raise ServerError(f"ports {first} to {first + PORTS_TRIED - 1} are all taken: choose one with --port")


def _can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):  # taken, not ours, or no number of a port
            return False
    return True


def _desktop() -> bool:
    if sys.platform in {"darwin", "win32"}:
        return True
    return any(os.environ.get(name) for name in DESKTOP_VARIABLES)


def _prepare(data: Path, host: str, port: int) -> None:
    """Make the data folder, its secret key and the tables; needed before anything of Django is imported."""
    if not _can_listen(host, port):
        raise ServerError(f"port {port} of {host} is taken or not allowed: choose another one with --port")
    if host not in {"127.0.0.1", "localhost", "::1"} and not os.environ.get("ETABLI_HOSTS"):
        raise ServerError(
            f"--host {host} opens the server to other machines: give the names it answers to in ETABLI_HOSTS, "
            "for example ETABLI_HOSTS=etabli.lycee.example,192.168.1.10"
        )
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        create_secret_key(data)
    except OSError as error:
        raise ServerError(
            f"data folder {data.absolute()}: {error.strerror}; choose another with ETABLI_DATA"
        ) from error
    os.environ["ETABLI_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etabli.web.settings")
    try:
        _migrate()
    except EnvironmentMistake as error:
        raise ServerError(str(error)) from error


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        name = connection.settings_dict["NAME"]
        raise ServerError(f"database {name}: {error}; see DATABASE_URL and ETABLI_DATA") from error


def _create_demo_data() -> None:
    """Call ``create_demo_data()`` of the module ``demo`` of each of our applications that has one."""
    from django.apps import apps

    for config in apps.get_app_configs():
        if not config.name.startswith("etabli.") or find_spec(f"{config.name}.demo") is None:
            continue
        import_module(f"{config.name}.demo").create_demo_data()


def _first_administrator() -> str:
    """Create the account ``admin`` in an empty database and return its password; else return nothing."""
    from etabli.web.accounts.models import User

    if User.objects.exists():
        return ""
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser("admin", password, display_name="Administration")
    return password


def uvicorn_config(host: str, port: int) -> uvicorn.Config:
    """Return how the product is served, in production as in the tests."""
    import uvicorn

    return uvicorn.Config(
        "etabli.web.asgi:application",
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # deflate costs five times the work of a frame
        timeout_graceful_shutdown=2,  # open live links must not hold a stopping server
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def _listen(host: str, port: int, announce: Callable[[], None]) -> int:
    import uvicorn

    # whitenoise hands over small files in one piece: Django's advice about long streams does not apply to them.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    server = uvicorn.Server(uvicorn_config(host, port))
    threading.Thread(target=_when_started, args=(server, announce), daemon=True).start()
    with suppress(KeyboardInterrupt):  # Ctrl+C is how a person stops the server: no fault
        server.run()
    return 0 if server.started else 1


def _when_started(server: uvicorn.Server, action: Callable[[], None]) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.01)
    action()

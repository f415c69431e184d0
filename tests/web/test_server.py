"""``etabli demo`` and ``etabli serve`` as a person starts them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etabli.web import server


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ETABLI_", "DJANGO_"))}
    environment["ETABLI_DATA"] = str(data)
    environment["PYTHONPATH"] = str(Path(__file__).parents[2] / "src")
    command = [sys.executable, "-m", "etabli.cli", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def read_until(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if re.search(pattern, line):
            return text
    raise AssertionError(f"{pattern!r} was not printed:\n{text}")


def test_demo_prints_its_address_and_its_accounts(tmp_path: Path) -> None:
    with running(tmp_path, "demo", "--no-browser") as process:
        printed = read_until(process, r"Ctrl\+C")
        address = re.search(r"http://127\.0\.0\.1:\d+/", printed)
        assert address
        for account in ("prof", "eleve1", "eleve2", "eleve3"):
            assert re.search(rf"{account} +{account}-demo", printed)
        with urllib.request.urlopen(address.group()) as page:
            assert "Atelier virtuel de maintenance" in page.read().decode()
    assert process.returncode == 0


def test_serve_creates_an_administrator_once(tmp_path: Path) -> None:
    port = str(server.free_port("127.0.0.1", 8700))
    with running(tmp_path, "serve", "--port", port) as process:
        assert re.search(r"admin +\S{12}\b", read_until(process, "account created"))
    assert process.returncode == 0
    with running(tmp_path, "serve", "--port", port) as process:
        assert "account created" not in read_until(process, "http://")


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with running(tmp_path, "serve", "--port", port) as process:
            assert f"port {port} of 127.0.0.1 is taken" in read_until(process, "etabli:")
            assert process.wait(10) == 1


def test_a_port_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "99999") as process:
        assert "port 99999 of 127.0.0.1 is taken or not allowed" in read_until(process, "etabli:")
        assert process.wait(10) == 1


def test_opening_to_other_machines_needs_their_names(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--host", "0.0.0.0", "--port", "8799") as process:
        assert "ETABLI_HOSTS" in read_until(process, "etabli:")
        assert process.wait(10) == 1


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with running(tmp_path / "file" / "data", "serve", "--port", "8798") as process:
        assert "ETABLI_DATA" in read_until(process, "etabli:")
        assert process.wait(10) == 1


def test_a_database_that_is_not_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "etabli.sqlite3").write_text("this is no database, only a text that is long enough to be read" * 20)
    with running(tmp_path, "serve", "--port", "8797") as process:
        assert "etabli.sqlite3" in read_until(process, "etabli:")
        assert process.wait(10) == 1


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert server.free_port("127.0.0.1", port) > port


def test_the_address_suits_a_browser_of_this_machine() -> None:
    assert server.address_of("0.0.0.0", 80) == "http://127.0.0.1:80/"
    assert server.address_of("::1", 80) == "http://[::1]:80/"

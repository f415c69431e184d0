"""The command ``etabli``: reads the command line and hands over to the room that does the work.

Every subcommand lives in a small function pair: ``_add_xxx`` declares its arguments, ``_run_xxx`` imports what it needs
and does it. Nothing heavy is imported at the top, so that ``etabli --help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

Run: TypeAlias = Callable[[argparse.Namespace], int]


class UserError(Exception):
    """A mistake of the person at the keyboard: shown as one line, without traceback, exit status 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 on success only."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["test"]:
        return _run_test(arguments[1:])  # everything after it belongs to pytest
    options = _parser().parse_args(arguments)
    run: Run = options.run
    try:
        return run(options)
    except UserError as error:
        print(f"etabli: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `etabli machines | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="etabli", description="Établi, a virtual maintenance workshop.")
    parser.add_argument("--version", action="version", version=f"etabli {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands)
    _add_serve(commands)
    commands.add_parser("test", help="run the tests of a checkout; more arguments go to pytest")
    return parser


def _version() -> str:
    try:
        return version("etabli")
    except PackageNotFoundError:  # run from the sources, not installed
        return "(not installed)"


# --- etabli demo, etabli serve -----------------------------------------------------------------------------------


def _add_demo(commands: Subparsers) -> None:
    parser = commands.add_parser("demo", help="start the workshop with demonstration accounts and data")
    _add_server_arguments(parser, port=None)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.set_defaults(run=_run_demo)


def _add_serve(commands: Subparsers) -> None:
    parser = commands.add_parser("serve", help="start the workshop with your own data (folder $ETABLI_DATA)")
    _add_server_arguments(parser, port=8000)
    parser.set_defaults(run=_run_serve)


def _add_server_arguments(parser: argparse.ArgumentParser, port: int | None) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    default = "8000, or the next free one" if port is None else str(port)
    parser.add_argument("--port", type=int, default=port, help=f"port to listen on (default: {default})")


def _run_demo(options: argparse.Namespace) -> int:
    from etabli.web import server

    data = _data_folder("demo")
    try:
        return server.demo(data, options.host, options.port, browser=not options.no_browser)
    except server.ServerError as error:
        raise UserError(str(error)) from error


def _run_serve(options: argparse.Namespace) -> int:
    from etabli.web import server

    data = _data_folder("etabli")
    try:
        return server.serve(data, options.host, options.port)
    except server.ServerError as error:
        raise UserError(str(error)) from error


def _data_folder(name: str) -> Path:
    """Return $ETABLI_DATA, else ``var/NAME`` of the checkout, else of the current folder."""
    if given := os.environ.get("ETABLI_DATA"):
        return Path(given)
    return (_checkout() or Path.cwd()) / "var" / name


def _checkout() -> Path | None:
    """Return the root of the checkout this program runs from, or None when it is installed as a package."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None


# --- etabli test -------------------------------------------------------------------------------------------------


def _run_test(arguments: list[str]) -> int:
    checkout = _checkout()
    if checkout is None:
        print("etabli: the tests are in the checkout, not in the installed package", file=sys.stderr)
        return 1
    if find_spec("pytest") is None:
        print("etabli: pytest is missing; ./etabli test installs it", file=sys.stderr)
        return 1
    os.chdir(checkout)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

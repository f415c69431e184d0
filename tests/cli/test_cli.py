"""The command line itself; what each command does is tested in its own room."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from etabli import cli


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for command in ("demo", "serve", "test"):
        assert command in printed


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Every command and verb below ``parser``."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield below
                yield from commands(below)


def test_every_argument_of_every_command_is_explained() -> None:
    found = list(commands(cli._parser()))
    assert len(found) >= 12
    for command in found:
        for argument in command._actions:
            verbs = isinstance(argument, argparse._SubParsersAction)  # each of them has its own line
            assert argument.help or verbs, f"{command.prog} {argument.dest}: no help"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["fly"])
    assert stop.value.code == 2
    assert "fly" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, etabli.cli; print([m for m in ('numpy', 'django', 'typst', 'yaml') if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    assert printed.strip() == "[]"


def test_a_mistake_is_one_line_and_status_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(options: object) -> int:
        raise cli.UserError("port 80 is taken")

    monkeypatch.setattr(cli, "_run_serve", fail)
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr().err == "etabli: port 80 is taken\n"

"""The examples of the documentation are run as they are printed.

In every README and in every page of ``docs/`` and ``docs/dev/``:

* blocks marked ``python`` run one after the other, in one namespace for the page;
* in blocks marked ``console``, lines that start with ``$ etabli`` run through the command line itself;
* what a page shows as printed (a ``text`` block right after ``python``, the other lines of ``console``) must come out:
  ``…`` stands for anything, and numbers may differ by five per cent.

A page runs in its own empty folder, where ``src`` and ``examples`` of the checkout are found.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from etabli import cli

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = [
    path
    for pattern in ("README*.md", "docs/*.md", "docs/dev/*.md", "src/etabli/**/README.md", "benchmarks/README.md")
    for path in sorted(CHECKOUT.glob(pattern))
]
EXAMPLES = sorted(CHECKOUT.glob("examples/*.py"))
NUMBER = re.compile(r"(?<!\w)(\d+(?:[.,]\d+)?)(?!\w)")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")
MAY_DIFFER = 0.05


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the line of its first line in the page, its text."""

    language: str
    line: int
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Fenced blocks of a page, in order."""
    language, start, lines = None, 0, []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("```"):
            lines.append(line)
        elif language is None:
            language, start, lines = line[3:].strip(), number + 1, []
        else:
            yield Block(language, start, "\n".join(lines))
            language = None
    assert language is None, f"{page.name}: a block is not closed"


def runnable(page: Path) -> bool:
    """Tell whether a page has anything to run."""
    return any(block.language in {"python", "console"} for block in blocks(page))


@pytest.mark.parametrize("page", [p for p in PAGES if runnable(p)], ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "parquet" in page.read_text(encoding="utf-8"):
        pytest.importorskip("pyarrow")
    for name in ("src", "examples"):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed = None
    for block in blocks(page):
        if block.language == "console":
            run_console(page, block)
        elif block.language == "text" and printed is not None:
            assert_shown(block.text, printed, f"{page.name}, line {block.line}")
        printed = run_python(page, block, namespace) if block.language == "python" else None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_an_example_runs(example: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    command = [sys.executable, str(example)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    wanted = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in wanted if not (page.parent / target).exists()] == []


def run_python(page: Path, block: Block, namespace: dict[str, Any]) -> str:
    """Run a block as if it stood at its line of the page; return what it printed."""
    code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, namespace)
    return out.getvalue()


def run_console(page: Path, block: Block) -> None:
    """Run each ``$ etabli …`` line; compare what follows it with what it prints."""
    commands = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    assert commands, f"{page.name}, line {block.line}: a console block starts its commands with “$ ”"
    for command in commands:
        line, _, shown = command.replace("\\\n", " ").partition("\n")
        words = shlex.split(line, comments=True)
        assert words[0] == "etabli", f"{page.name}: {line}: only etabli is run here; mark the block “sh” instead"
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            status = cli.main(words[1:])
        refused = "etabli: " in shown
        assert status == (1 if refused else 0), f"{page.name}: {line}\n{out.getvalue()}"
        assert_shown(shown, out.getvalue(), f"{page.name}: {line}")


def assert_shown(shown: str, printed: str, where: str) -> None:
    """What the page shows is what was printed, but for ``…`` and small differences of numbers."""
    wanted = shown.strip()
    if not wanted:
        return
    pattern = "".join(_pattern(part) for part in NUMBER.split(wanted))
    found = re.fullmatch(pattern, printed.strip(), flags=re.DOTALL)
    assert found, f"{where}\n--- shown\n{wanted}\n--- printed\n{printed}"
    for expected, got in zip(NUMBER.findall(wanted), found.groups(), strict=True):
        close = pytest.approx(_value(expected), rel=MAY_DIFFER)
        assert _value(got) == close, f"{where}: {expected} is shown, {got} is printed"


def _pattern(part: str) -> str:
    if NUMBER.fullmatch(part):
        return NUMBER.pattern
    return r"\s+".join(re.escape(word) for word in re.split(r"\s+", part)).replace("…", ".*?")


def _value(text: str) -> float:
    return float(text.replace(",", "."))


def test_the_comparison_sees_a_difference() -> None:
    assert_shown("23.9 V, …", "23.95 V, 2 A\n", "here")
    with pytest.raises(AssertionError, match=r"is shown"):
        assert_shown("23.9 V", "12.0 V\n", "here")
    with pytest.raises(AssertionError, match="printed"):
        assert_shown("23.9 V", "OL\n", "here")

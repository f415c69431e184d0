"""The examples of the users' page compile without a warning and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etabli.automation import Mode, Plc, compile_st
from etabli.automation.blocks import BLOCKS
from etabli.automation.ir import Function

PAGE = Path(__file__).parents[2] / "docs" / "automate-st.md"
EXAMPLES = re.findall(r"```iecst\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("source", EXAMPLES)
def test_an_example_compiles_without_warning_and_runs(source: str) -> None:
    program = compile_st(source, "automate-st.md")
    assert [message.format() for message in program.warnings] == []
    plc = Plc(program)
    for now in range(0, 100_000, 10_000):
        plc.scan(now)
    assert plc.mode is Mode.RUN


def test_the_page_names_every_block_pin_and_function() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for block in BLOCKS.values():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{block.kind}` |"))
        assert all(f"`{pin.name}`" in row for pin in block.inputs + block.outputs)
    assert all(f"`{function}(" in page for function in Function)

"""The catalogue pages of the docs: they are what the component files give today."""

from __future__ import annotations

from pathlib import Path

import pytest

from etabli.catalogue import card, pages
from etabli.catalogue.numbers import said
from etabli.catalogue.plot import Line, plot_svg
from etabli.catalogue.symbols import drawn_symbols, symbol_svg
from etabli.components.catalogue import catalogue, technology
from etabli.components.curve import Axis
from etabli.physics.text import Text

DOCS = Path(__file__).resolve().parents[2] / "docs"
MEND = "the catalogue pages are stale: run `etabli catalogue --out docs` and commit docs/"
SMALL, ALL = 20_000, 1_500_000


@pytest.mark.parametrize("name", list(card.by_technology()))
def test_the_committed_pages_are_what_the_files_give(name: str) -> None:
    for path, text in pages.technology_files(name).items():
        committed = DOCS / path
        assert committed.is_file(), f"{path}: {MEND}"
        assert committed.read_text(encoding="utf-8") == text, f"{path}: {MEND}"


def test_the_index_and_nothing_else_is_there() -> None:
    for path, text in pages.index_files().items():
        assert (DOCS / path).read_text(encoding="utf-8") == text, f"{path}: {MEND}"
    pictures = {p.stem.partition("-")[0] for p in (DOCS / "images/catalogue").glob("*.svg")}
    assert pictures <= set(catalogue()), MEND


def test_pictures_are_small() -> None:
    sizes = [p.stat().st_size for p in (DOCS / "images/catalogue").glob("*.svg")]
    assert max(sizes) < SMALL
    assert sum(sizes) < ALL


def test_writing_again_removes_what_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "images/catalogue/no_such_family.svg"
    gone.parent.mkdir(parents=True)
    gone.write_text("old")
    kept = tmp_path / "images/other.svg"
    kept.write_text("not ours")
    count = pages.write(tmp_path, {"catalogue.md": "x"})
    assert count == 1
    assert not gone.exists()
    assert kept.exists()


def test_numbers_are_read_as_people_write_them() -> None:
    assert [said(x, "fr") for x in (0.0, 0.09, 1450.0, 20_000.0, 1e11, -0.5)] == [
        "0", "0,09", "1450", "20\u202f000", "10¹¹", "−0,5",
    ]  # fmt: skip
    assert said(2.54e-7, "en") == "2.54·10⁻⁷"


def test_every_technology_and_every_letter_has_its_words() -> None:
    assert {technology(family) for family in catalogue()} <= set(card.TECHNOLOGIES)
    for component in catalogue().values():
        assert component.purpose == "" or component.purpose in card.IEC_81346


def test_a_long_series_is_one_line() -> None:
    plc = catalogue()["plc"]
    assert len(plc.failure_modes_of(plc.defaults())) > 5 * len(card.modes(plc, "fr"))
    assert [d.alike for d in drawn_symbols(plc) if d.name.startswith("input")] == [15]


def test_what_a_fault_changes_is_said_in_numbers() -> None:
    row = next(
        row for row in card.modes(catalogue()["relief_valve"], "en") if row.id == "held_open" or "dirt" in row.name
    )
    assert any("poppet.held_open" in change and "→" in change for change in row.changes)


@pytest.mark.parametrize("family", sorted(catalogue()))
def test_symbols_and_sheets_can_be_shown(family: str) -> None:
    component = catalogue()[family]
    assert drawn_symbols(component), "a family that nobody can picture"
    for drawn in drawn_symbols(component):
        picture = symbol_svg(component, drawn, "x")
        assert "style=" not in picture
        assert 'viewBox="' in picture
    for language in ("fr", "en"):
        assert all(row.name for row in card.modes(component, language))
        assert all(row.text for row in card.parameters(component, language))


def test_a_line_far_outside_is_marked_at_the_edge() -> None:
    axis = Axis(Text("x", "x"))
    sound = Line("", tuple((float(i), float(i)) for i in range(10)))
    wild = Line("leak", tuple((float(i), 1e6) for i in range(10)), "1")
    drawn = plot_svg("t", "t", axis, axis, [sound, wild], "fr")
    assert ">1</text>" in drawn
    assert "1e" not in drawn


def test_nothing_to_draw_is_refused() -> None:
    axis = Axis(Text("x", "x"))
    with pytest.raises(ValueError, match="nothing to draw"):
        plot_svg("t", "t", axis, axis, [Line("", ())], "fr")

"""The drawings of every machine: complete, exact, readable, in two languages. Also examples of use."""

from __future__ import annotations

import itertools
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from etabli.components.drawing import Label, Line, Moves, Pin, Symbol
from etabli.machines import Machine, drawing, list_machines, load_machine
from etabli.machines.drawing.cabinet import device_pins, read_cabinet, strip_pins
from etabli.machines.drawing.drawn import Layout
from etabli.machines.drawing.geometry import Box, placed, text_box
from etabli.machines.drawing.lettering import LINE_HEIGHT, Block, balanced, ink_boxes
from etabli.machines.drawing.mimic import mimic_tags, read_mimic
from etabli.machines.drawing.routing import Board, End, Unroutable, route
from etabli.machines.drawing.sheet import DrawingError, read_folio
from etabli.physics.law import Domain

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=list_machines())
def machine(request: pytest.FixtureRequest) -> Machine:
    return load_machine(request.param)


@pytest.fixture(scope="module")
def layouts(machine: Machine) -> dict[str, Layout]:
    return {folio: drawing.folio_layout(machine, folio) for folio in drawing.folio_ids(machine)}


@pytest.fixture(scope="module")
def sorting() -> Machine:
    """The sorting station, for what is told of one drawing only."""
    return load_machine("poste_tri")


@pytest.fixture(scope="module")
def sorting_layouts(sorting: Machine) -> dict[str, Layout]:
    return {folio: drawing.folio_layout(sorting, folio) for folio in drawing.folio_ids(sorting)}


def all_drawings(machine: Machine, language: str) -> dict[str, str]:
    made = {folio: drawing.folio_svg(machine, folio, language) for folio in drawing.folio_ids(machine)}
    made["cabinet"] = drawing.cabinet_svg(machine, language)
    made["panel"] = drawing.panel_svg(machine, language)
    made["mimic"] = drawing.mimic_svg(machine, language)
    return made


# --- symbols on a sheet -----------------------------------------------------------------------------------------------


def test_a_symbol_turns_with_its_pins_and_keeps_its_corner() -> None:
    symbol = Symbol(6, 4, (Line(((4, 0), (4, 4))), Label(1, 2, "p", anchor="start")), (Pin("13", 4, 0, "n"),))
    upright = placed(symbol, 10, 20)
    assert upright.pin(symbol.pins[0]) == ((14, 20), "n")
    turned = placed(symbol, 10, 20, quarters=1)
    assert turned.box == Box(10, 20, 14, 26)
    assert turned.pin(symbol.pins[0]) == ((14, 24), "e")
    half = placed(symbol, 10, 20, quarters=2)
    assert half.pin(symbol.pins[0]) == ((12, 24), "s")
    label = half.shape(symbol.shapes[1])
    assert isinstance(label, Label)
    assert label.anchor == "end", "the text stays upright and grows the other way"


def test_a_mirrored_part_moves_the_other_way() -> None:
    moving = Moves("rod", 8, 0, (Line(((0, 0), (1, 0))),))
    mirrored = placed(Symbol(10, 4, (moving,)), 0, 0, mirror=True).shape(moving)
    assert isinstance(mirrored, Moves)
    assert (mirrored.dx, mirrored.dy) == (-8, 0)


# --- routing ----------------------------------------------------------------------------------------------------------


def test_a_straight_wire_is_straight() -> None:
    assert route(Board(40, 40), End(5, 5, "s"), End(5, 20, "n"), set()) == ((5, 5), (5, 20))


def test_a_wire_goes_round_a_symbol_and_leaves_its_pin_outwards() -> None:
    board = Board(40, 40)
    board.block(Box(3, 8, 9, 14))
    way = route(board, End(5, 5, "s"), End(5, 20, "n"), set())
    assert way[0] == (5, 5)
    assert way[-1] == (5, 20)
    assert way[1][0] == 5, "it leaves downwards"
    assert not any(3 <= x <= 9 and 8 <= y <= 14 for x, y in way)


def test_two_wires_never_run_on_top_of_each_other() -> None:
    board = Board(40, 40)
    board.lay("W1", route(board, End(5, 5, "e"), End(30, 5, "w"), set()))
    other = route(board, End(8, 9, "n"), End(25, 9, "n"), set())
    board.lay("W2", other)
    assert all(len(names) == 1 for names in board.edges.values())


def test_no_way_is_said() -> None:
    board = Board(20, 20)
    board.block(Box(0, 8, 20, 12))
    with pytest.raises(Unroutable):
        route(board, End(5, 5, "s"), End(5, 16, "n"), set())


# --- folios: complete and exact ---------------------------------------------------------------------------------------


def test_every_component_is_drawn_on_a_folio(machine: Machine, layouts: dict[str, Layout]) -> None:
    drawn = {p.tag for made in layouts.values() for p in made.parts}
    drawn |= {t.tag for made in layouts.values() for t in made.terminals}
    assert set(machine.placed) - drawn == set()


def test_every_port_has_a_probe_target_on_a_folio(machine: Machine) -> None:
    text = "".join(drawing.folio_svg(machine, folio, "fr") for folio in drawing.folio_ids(machine))
    targets = set(re.findall(r'data-component="([^"]+)" data-port="([^"]+)"', text))
    probed = (Domain.DC, Domain.AC, Domain.PNEUMATIC)
    wanted = {
        (part.tag, port.name)
        for part in machine.placed.values()
        for port in part.ports
        if port.domain in probed and machine.conductors_at(f"{part.tag}:{port.name}")
    }
    assert wanted - targets == set()


def test_every_wire_and_tube_is_drawn_once_or_more(machine: Machine, layouts: dict[str, Layout]) -> None:
    drawn = {d.conductor.id for made in layouts.values() for d in made.conductors}
    assert set(machine.conductors) - drawn == set()


def test_every_conductor_ends_on_its_pins(layouts: dict[str, Layout]) -> None:
    for name, made in layouts.items():
        pins: dict[tuple[str, str], set[tuple[int, int]]] = {}
        for part in made.parts:
            for pin in part.pins:
                pins.setdefault((pin.tag, pin.port), set()).add((pin.x, pin.y))
        for terminal in made.terminals:
            pins.setdefault((terminal.tag, terminal.port), set()).add(terminal.at)
        for drawn in made.conductors:
            assert drawn.points[0] in pins[drawn.conductor.first], f"{name}: {drawn.conductor.id}"
            assert drawn.points[-1] in pins[drawn.conductor.second], f"{name}: {drawn.conductor.id}"
            for a, b in itertools.pairwise(drawn.points):
                assert a[0] == b[0] or a[1] == b[1], f"{name}: {drawn.conductor.id} is not orthogonal"


def test_no_two_symbols_overlap_and_all_stay_on_the_sheet(layouts: dict[str, Layout]) -> None:
    for name, made in layouts.items():
        width, height = made.folio.format.area
        for part in made.parts:
            box = part.box
            assert box.left >= 0, f"{name}: {part.tag}"
            assert box.top >= 0, f"{name}: {part.tag}"
            assert box.right <= width, f"{name}: {part.tag}"
            assert box.bottom <= height, f"{name}: {part.tag}"
        for a, b in itertools.combinations(made.parts, 2):
            assert not a.box.overlaps(b.box), f"{name}: {a.tag} and {b.tag}"


def test_conductors_do_not_pass_through_symbols(layouts: dict[str, Layout]) -> None:
    for name, made in layouts.items():
        for drawn in made.conductors:
            for part in made.parts:
                inside = Box(part.box.left + 0.1, part.box.top + 0.1, part.box.right - 0.1, part.box.bottom - 0.1)
                for (x1, y1), (x2, y2) in itertools.pairwise(drawn.points):
                    run = Box(min(x1, x2) - 0.01, min(y1, y2) - 0.01, max(x1, x2) + 0.01, max(y1, y2) + 0.01)
                    if part.tag in (drawn.conductor.first[0], drawn.conductor.second[0]):
                        continue
                    assert not inside.overlaps(run), f"{name}: {drawn.conductor.id} through {part.tag}"


def test_texts_are_readable(layouts: dict[str, Layout]) -> None:
    """No text shares a noticeable area with a line, a symbol or another text."""
    crowded = [
        (name, block.lines[0].text, round(block.crowded, 2))
        for name, made in layouts.items()
        for block in made.blocks
        if block.crowded > 2.0
    ]
    assert crowded == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_texts_touch(machine: Machine, language: str) -> None:
    """Two texts side by side on one line would read as one word: "X1:8" and "5.1" as "X1:85.1"."""
    for name in drawing.folio_ids(machine):
        written = texts_of(drawing.folio_svg(machine, name, language))
        touching = [(a, b) for (a, p), (b, q) in itertools.combinations(written, 2) if p.overlaps(q)]
        assert touching == [], name


def texts_of(svg: str) -> list[tuple[str, Box]]:
    """The texts of a drawing and the box of their letters, a little lower than a line."""
    found = []
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        words, size = "".join(text.itertext()), float(text.get("font-size", "0"))
        anchor = text.get("text-anchor") or "start"
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        vertical = "rotate(-90" in (text.get("transform") or "")
        box = text_box(x, y, words, size, anchor, vertical)
        thin = 0.15 * size
        found.append((words, Box(box.left + thin, box.top + thin, box.right - thin, box.bottom - thin)))
    return found


def test_cross_references_keep_clear_of_symbols(machine: Machine) -> None:
    """ "(9.7)" on the edge of a coil cannot be read."""
    for name in drawing.folio_ids(machine):
        made = drawing.folio_layout(machine, name)
        ink = [box for part in made.parts for box in ink_boxes(part.shapes)]
        lines = [
            (str(line.text), text_box(block.x, y, str(line.text), line.size, block.anchor, block.vertical))
            for block in made.blocks
            for line, y in zip(block.lines, line_heights(block), strict=True)
            if line.style == "reference"
        ]
        assert [text for text, box in lines if any(box.overlaps(other) for other in ink)] == [], name


def line_heights(block: Block) -> Iterator[float]:
    """The y of each line of a block."""
    y = block.y
    for line in block.lines:
        yield y
        y += line.size * LINE_HEIGHT


def test_every_numbered_conductor_shows_its_number(layouts: dict[str, Layout]) -> None:
    for name, made in layouts.items():
        labelled = {b.conductor for b in made.blocks}
        for drawn in made.conductors:
            if drawn.conductor.number:
                assert drawn.conductor.id in labelled, f"{name}: {drawn.conductor.id}"


def test_cross_references_join_coil_and_contacts(sorting_layouts: dict[str, Layout]) -> None:
    table = next(t for t in sorting_layouts["03_securite"].tables if t.tag == "KM1")
    assert {row.ports: row.place.split(".")[0] for row in table.rows} == {
        ("1", "2"): "1",
        ("3", "4"): "1",
        ("5", "6"): "1",
        ("13", "14"): "4",
        ("21", "22"): "3",
    }
    power = next(b for b in sorting_layouts["01_puissance"].blocks if b.component == "KM1" and len(b.lines) > 1)
    assert str(power.lines[-1].text).startswith("(3.")
    assert power.lines[-1].goto == "03_securite"


def test_the_folio_says_where_a_potential_goes_on(sorting_layouts: dict[str, Layout]) -> None:
    assert any(arrow.goto == "02_distribution_24v" for arrow in sorting_layouts["01_puissance"].arrows)


def test_joints_are_only_where_one_conductor_leaves_another(sorting_layouts: dict[str, Layout]) -> None:
    """In a junction box the brown bus crosses the blue leads without joining them."""
    made = sorting_layouts["06_entrees_ejecteurs"]
    blue = {p for d in made.conductors if ("1B1", "BU") in (d.conductor.first, d.conductor.second) for p in d.points}
    brown = [d for d in made.conductors if ("1B1", "BN") in (d.conductor.first, d.conductor.second)]
    rows = {y for d in brown for _, y in d.points}
    assert made.joints
    for x, y in made.joints:
        assert not (y in rows and x in {p[0] for p in blue if p[1] != y})


# --- the SVG text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_drawings_are_well_formed_and_carry_no_style(machine: Machine, language: str) -> None:
    for name, text in all_drawings(machine, language).items():
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg", name
        assert "style=" not in text, f"{name}: strict CSP"
        assert "<script" not in text
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text
        assert root.find(f"{SVG}desc") is not None


def test_ids_are_unique_over_one_page(machine: Machine) -> None:
    ids = [i for text in all_drawings(machine, "fr").values() for i in re.findall(r' id="([^"]+)"', text)]
    assert len(ids) == len(set(ids))


def test_a_terminal_says_what_it_is_in_both_languages(sorting: Machine) -> None:
    french, english = (drawing.folio_svg(sorting, "03_securite", language) for language in ("fr", "en"))
    assert 'aria-label="KM1 borne A1, fil 201"' in french
    assert 'aria-label="KM1 terminal A1, wire 201"' in english


def test_english_drawings_hold_no_french_text(machine: Machine) -> None:
    french = {t for p in machine.placed.values() if p.text.fr != p.text.en for t in (p.text.fr,)}
    for name, text in all_drawings(machine, "en").items():
        assert not [t for t in french if f">{t}<" in text], name


def test_channels_are_declared_by_their_components(machine: Machine) -> None:
    used = drawing.channels_used(machine)
    assert used == tuple(sorted(set(used)))
    for name in used:
        tag, _, channel = name.partition(".")
        part = machine.placed[tag]
        assert part.component.channels is not None, name
        declared = {c.name for c in part.component.channels(tag, part.parameters)}
        assert channel in declared, name


def test_a_drawing_holds_nothing_of_a_fault(machine: Machine) -> None:
    text = "".join(all_drawings(machine, "fr").values()).lower()
    for fault in machine.faults():
        assert fault.id.lower() not in text


# --- cabinet, panel, mimic --------------------------------------------------------------------------------------------


def test_the_cabinet_shows_every_device_inside_with_all_its_terminals(machine: Machine) -> None:
    file = read_cabinet(machine.folder)
    here = {d.tag: {port for port, *_ in device_pins(d)} for d in file.devices}
    for strip in file.strips:
        here.setdefault(strip.tag, set()).update(port for port, *_ in strip_pins(strip))
    for part in machine.placed.values():
        if part.location not in ("cabinet", "cabinet_door"):
            continue
        assert here.get(part.tag) == {p.name for p in part.ports}, part.tag


def test_devices_of_the_cabinet_do_not_overlap(machine: Machine) -> None:
    file = read_cabinet(machine.folder)
    boxes = {d.tag: Box(d.at[0], d.at[1], d.at[0] + d.size[0], d.at[1] + d.size[1]) for d in file.devices}
    for (a, one), (b, other) in itertools.combinations(boxes.items(), 2):
        assert not one.overlaps(other), f"{a} and {b}"


def test_the_panel_has_every_control_of_the_machine(machine: Machine) -> None:
    text = drawing.panel_svg(machine, "fr")
    found = set(re.findall(r'class="control" data-component="([^"]+)" data-control="([^"]+)"', text))
    assert found == {(i.tag, i.control) for i in machine.panel if i.control}
    assert 'role="switch"' in text, "the emergency stop"
    assert 'role="slider"' in text, "the selector"
    first = next(i.positions[0].fr for i in machine.panel if i.positions)
    assert f'aria-valuetext="{first}"' in text


def test_the_mimic_shows_everything_that_stands_on_the_machine(machine: Machine) -> None:
    drawn = set(mimic_tags(read_mimic(machine.folder)))
    on_machine = {p.tag for p in machine.placed.values() if p.location == "machine"}
    assert on_machine - drawn == set()


def test_components_of_the_cabinet_are_found_in_the_mimic(machine: Machine) -> None:
    boxes = re.findall(r'data-components="([^"]+)"', drawing.mimic_svg(machine, "fr"))
    assert any("KM1" in box.split() for box in boxes)


# --- mistakes in the files --------------------------------------------------------------------------------------------


@pytest.fixture
def copy(sorting: Machine, tmp_path: Path) -> Path:
    folder = tmp_path / "poste_tri"
    shutil.copytree(sorting.folder, folder)
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("folios/03_securite.yaml", "symbol: coil,", "symbol: spool,", "no symbol 'spool'"),
        ("folios/03_securite.yaml", "{tag: K1,", "{tag: K9,", "K9"),
        ("folios/03_securite.yaml", "at: [20, 34]", "at: [20.5, 34]", "whole modules"),
        ("folios/03_securite.yaml", "label: w, text: true}", "lable: w}", "unknown field 'lable'"),
        ("folios/03_securite.yaml", "folio: 3", "folio: 2", "already used"),
        ("folios/03_securite.yaml", "ports: [9]", "ports: [99]", "X1:99"),
        ("folios/05_entrees_poste.yaml", "turn: 180", "turn: 45", "45"),
        ("folios/09_borniers.yaml", "first: 1, last: 20", "first: 1, last: 99", "X1:"),
        ("folios/10_pneumatique.yaml", "{tag: 1B1,", "{tag: 1B9,", "1B9"),
        ("cabinet.yaml", "top: [A1, 1, 3, 5, 13, 21]", "top: [A1, 1, 3, 5, 13, 95]", "KM1 has no port 95"),
        ("mimic.yaml", "place: stop, shift: 3.4", "place: nowhere, shift: 3.4", "nowhere"),
        ("mimic.yaml", "type: tower", "type: towers", "towers"),
    ],
)
def test_a_mistake_names_its_file_and_its_mend(copy: Path, file: str, old: str, new: str, said: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = drawing.check_drawings(_reread(copy))
    assert len(problems) == 1
    problem = problems[0]
    assert problem.file == file
    assert said in problem.text.en
    assert problem.mend.fr
    assert problem.mend.en


def test_a_folio_that_is_not_yaml_is_refused_with_its_line(copy: Path) -> None:
    path = copy / "folios/03_securite.yaml"
    path.write_text("folio: 3\ntitle: {fr: a\nelements: []\n", encoding="utf-8")
    with pytest.raises(DrawingError) as wrong:
        read_folio(copy, "folios/03_securite.yaml")
    assert wrong.value.problem.line >= 2


def test_symbols_too_close_for_a_wire_say_so(copy: Path) -> None:
    path = copy / "folios/02_distribution_24v.yaml"
    wall = "elements:\n" + "".join(f"  - {{tag: K1, symbol: main, at: [{x}, 24]}}\n" for x in (0, 50, 60))
    path.write_text(path.read_text(encoding="utf-8").replace("elements:\n", wall, 1), encoding="utf-8")
    problems = drawing.check_drawings(_reread(copy))
    assert problems
    assert "no free way for" in problems[0].text.en


def test_lines_of_a_text_are_balanced_and_keep_values_whole() -> None:
    assert balanced("Moteur du convoyeur 0,37 kW", 20) == ["Moteur du", "convoyeur\u00a00,37\u00a0kW"]
    assert balanced("Bouton Arrêt S2 (0 = appuyé)", 17) == ["Bouton Arrêt S2", "(0\u00a0=\u00a0appuyé)"]


def _reread(folder: Path) -> Machine:
    """The machine of a folder whose drawings may be wrong (the loader itself does not read the drawings)."""
    return load_machine(folder)


# --- colours ----------------------------------------------------------------------------------------------------------

READ = ("ink", "ink-soft", "focus")
SEEN = (
    *("c-bk", "c-bu", "c-lbu", "c-rd", "c-og", "c-bn", "c-gn", "c-ye", "c-wh", "c-gy", "c-pe", "c-air"),
    *("live", "dead", "pressure", "selected", "probe-red", "probe-black"),
)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_lines_and_texts_stand_out_from_the_paper(checkout: Path, theme: int) -> None:
    """WCAG 1.4.3 and 1.4.11, which no checker can judge inside an SVG."""
    css = (checkout / "src/etabli/web/static/etabli/drawing.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    colours: dict[str, str] = {}
    for name, *both in pairs:
        colours.setdefault(name, both[theme])
    for name in READ:
        assert _contrast(colours[name], colours["paper"]) >= 4.5, name
    for name in SEEN:
        assert _contrast(colours[name], colours["paper"]) >= 3.0, name

"""Nothing that a learner receives carries the fault, or a value that nobody measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from etabli.bench import Bench, views
from etabli.bench.plant import Plant

FAULT_WORDS = {"faults", "injected", "onset", "onset_s", "degree", "cured_tick", "level", "draws", "bases", "ends"}
FAULT_WORDS |= {"seed"}
"""Names that would tell the fault. This very program draws it again from the seed."""


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """All (path, value) of a JSON document."""
    if isinstance(value, dict):
        return [x for k, v in value.items() for x in leaves(v, f"{path}.{k}")]
    if isinstance(value, (list, tuple)):
        return [x for i, v in enumerate(value) for x in leaves(v, f"{path}[{i}]")]
    return [(path, value)]


@pytest.mark.parametrize("fault", ["KM1.coil_open", "W115.open", "1V1.hoses_crossed", "B1.misaligned", "F2.blown"])
def test_a_session_never_tells_the_fault(running: Callable[..., Bench], fault: str) -> None:
    bench = running(fault)
    mode = fault.split(".")[1]
    session: list[Any] = [views.layout(bench), views.state(bench)]
    for _ in range(20):
        bench.tick(50)
        session.append(views.frame(bench))
    bench.act("open_cabinet")
    bench.act("listen")
    session += [views.state(bench), views.evidence(bench), views.frame(bench)]
    for document in session:
        for path, value in leaves(document):
            names = path.replace("[", ".").split(".")
            assert not set(names) & FAULT_WORDS, path
            # The layout is the same for every fault (see below): it names all modes and all channels.
            if isinstance(value, str) and document is not session[0]:
                assert value not in (fault, mode), f"{path} says {value}"


def test_the_layout_of_a_faulty_bench_is_that_of_a_healthy_one_but_for_the_complaint(
    running: Callable[..., Bench],
) -> None:
    one, other = views.layout(running()), views.layout(running("KM1.coil_open"))
    assert one.pop("complaint") != other.pop("complaint")
    assert one == other


def test_a_crossed_hose_is_not_told_before_somebody_moves_it(running: Callable[..., Bench]) -> None:
    bench = running("1V1.hoses_crossed")
    assert bench.state.ends
    assert views.state(bench)["moved"] == []
    assert views.state(bench)["disconnected"] == []


def test_only_seen_channels_leave_an_intervention(running: Callable[..., Bench], plant: Plant) -> None:
    bench = running()
    hidden = {c.id for c in plant.channels} - {c.id for c in plant.seen_channels}
    assert hidden
    assert not hidden & set(views.layout(bench)["channels"])
    assert not hidden & {c["id"] for c in views.layout(bench)["chronogram"]}
    frame = views.frame(bench)
    assert len(frame["v"]) == len(plant.seen_channels)
    assert frame["e"] is None
    assert frame["o"] is None
    assert frame["m"] == []


def test_program_values_need_the_console(running: Callable[..., Bench]) -> None:
    bench = running()
    bench.watch(["A1.en_marche"])
    bench.tick(10)
    assert all(row[1] is None for row in bench.chronogram.history)
    bench.act("open_cabinet")
    bench.act("console", connected=True)
    bench.tick(10)
    assert bench.chronogram.history[-1][1] is not None
    assert views.frame(bench)["o"] is not None
    online = views.program(bench)
    assert online["online"]
    assert any(v["name"] == "en_marche" for v in online["values"])


def test_a_study_of_the_healthy_machine_shows_every_node(plant: Plant) -> None:
    bench = Bench.create(plant, 1, mode="study")
    bench.tick(200)
    layout, frame = views.layout(bench), views.frame(bench)
    values = dict(zip((n["id"] for n in layout["nodes"]), frame["e"], strict=True))
    assert values["G1:+"] == pytest.approx(24, abs=0.5)
    assert values["Q1:1"] == pytest.approx(230, abs=5)
    assert values["0Z2:P"] > 6
    assert len(layout["channels"]) == len(plant.channels)


def test_everything_is_json(running: Callable[..., Bench]) -> None:
    bench = running("W115.open")
    bench.act("acceptance")
    bench.act("look")
    bench.tick(200)
    for document in (views.layout, views.frame, views.state, views.evidence, views.reveal):
        json.dumps(document(bench), allow_nan=False)


def test_the_teacher_sees_the_fault_and_its_cure(off: Callable[..., Bench]) -> None:
    bench = off("KM1.coil_open")
    [fault] = views.reveal(bench)["faults"]
    assert (fault["id"], fault["now"], fault["cured_s"]) == ("KM1.coil_open", 1.0, None)
    bench.act("replace", tag="KM1")
    [fault] = views.reveal(bench)["faults"]
    assert fault["now"] == 0.0
    assert fault["cured_s"] is not None


def test_nobody_sees_into_a_closed_cabinet(running: Callable[..., Bench]) -> None:
    """LEDs of the PLC are behind the door: null until it is opened; the machine outside is always seen."""
    bench = running()
    layout = views.layout(bench)["channels"]
    plc, rod = layout.index("A1.run"), layout.index("1A1.rod")
    bench.tick(50)
    frame = views.frame(bench)["v"]
    assert frame[plc] is None
    assert frame[rod] is not None
    bench.act("open_cabinet")
    assert views.frame(bench)["v"][plc] == 1.0


def test_every_seen_channel_has_a_name_for_people(running: Callable[..., Bench]) -> None:
    seen = [c for c in views.layout(running())["chronogram"] if c["source"] == "seen"]
    assert len(seen) > 50
    assert all(c["text"]["fr"] and c["text"]["en"] for c in seen)

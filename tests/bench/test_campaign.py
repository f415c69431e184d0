"""A campaign: the same bits as single benches, one row a sample, one message for each mistake, no half-written file."""

from __future__ import annotations

import itertools
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from etabli.bench.campaign import HEALTHY, Request, Runner, _run_in_worker, _start_worker, campaign, planned
from etabli.bench.headless import HeadlessError
from etabli.bench.plant import Plant, as_plant
from etabli.bench.signals import Source, chosen_signals
from etabli.physics.core_library import CoreError
from etabli.physics.law import Domain
from reference.side_by_side import differences

EVERYTHING = tuple(source.value for source in Source)
HOW = ("@0.3", "@0.2~growing", "~intermittent", "@0.9*0.6")
"""Ways in which a fault comes, one after the other."""


def one_of_each_kind(plant: Plant) -> list[str]:
    """A fault of each failure mode of each family."""
    kinds = {(plant.family(f.tag), f.mode.id): f.id for f in plant.machine.faults()}
    return list(kinds.values())


def one_of_each_family(plant: Plant) -> list[str]:
    """A fault of each family, each time another of its modes, and all those that cross connections."""
    families: dict[str, list[str]] = {}
    for fault in plant.machine.faults():
        families.setdefault(plant.family(fault.tag), []).append(fault.id)
    crossed = [f.id for f in plant.machine.faults() if "crossed" in f.mode.id]
    return [*(ids[(5 * n) % len(ids)] for n, ids in enumerate(families.values())), *crossed]


def test_each_kind_of_fault_has_the_bits_of_a_single_bench() -> None:
    """Started early, so that a second and a half is enough for belt, parts and valves to move."""
    faults = [
        f"{name}{how}" for name, how in zip(one_of_each_kind(as_plant("poste_tri")), itertools.cycle(HOW), strict=False)
    ]
    runner = Runner(
        Request(
            "poste_tri",
            tuple(faults),
            seconds=1.5,
            every_s=0.5,
            signals=EVERYTHING,
            seed=3,
            start=False,
            presses=("S4=1@0.1", "S3@0.5", "S1@1.0"),
        )
    )
    assert list(differences(runner)) == []
    healthy = dict(zip((s.id for s in runner.signals), runner.run((0,))[0].data, strict=True))
    assert healthy["CV1.speed"][-1] > 0.05, "nothing moved: the test would show nothing"


@pytest.mark.parametrize("machine", ["presse", "monte_charge"])
def test_each_family_has_the_bits_of_a_single_bench(machine: str) -> None:
    """Long enough for the operator's hands, the ram, the car and the goods."""
    faults = one_of_each_family(as_plant(machine))
    runner = Runner(Request(machine, tuple(faults), seconds=5.0, every_s=0.25, signals=EVERYTHING))
    assert list(differences(runner)) == []


def test_another_step_of_the_engine_has_the_bits_of_a_single_bench() -> None:
    faults = ("G0.phases_crossed@0.5", "KM1.coil_open@0.5", "1V1.hoses_crossed")
    runner = Runner(Request("poste_tri", faults, seconds=2.5, every_s=0.5, signals=EVERYTHING, step_s=0.002))
    assert list(differences(runner)) == []


def test_without_a_batch_core_every_run_has_a_bench_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Request("poste_tri", ("KM1.coil_open@0.1", "1V1.hoses_crossed"), seconds=0.3)
    in_lanes = {one.run: one.data for batch in Runner(asked).batches() for one in Runner(asked).run(batch)}

    def missing() -> None:
        raise CoreError("no batch core for this processor")

    monkeypatch.setattr("etabli.bench.campaign.batch_core", missing)
    runner = Runner(asked)
    assert runner.batches() == [(0,), (1,), (2,)]
    for one in (one for batch in runner.batches() for one in runner.run(batch)):
        assert one.data.tobytes() == in_lanes[one.run].tobytes()


def test_signals_are_asked_by_group_or_by_name() -> None:
    plant = as_plant("poste_tri")
    usual = [s.id for s in chosen_signals(plant)]
    assert {"KM1.armature", "A1.supply", "A1.I0.0", "counter.good", "M1.winding_temperature"} <= set(usual)
    assert next(s.id for s in chosen_signals(plant, ["A1.I0.0", "plc"])) == "A1.I0.0"
    points = [s.id for s in chosen_signals(plant, ["points"])]
    aside = next(p for p in plant.points(Domain.DC, Domain.PNEUMATIC) if p not in points)
    assert [s.id for s in chosen_signals(plant, [aside, "KM1.armature"])] == [aside, "KM1.armature"]
    for group in Source:
        ids = [s.id for s in chosen_signals(plant, [group.value])]
        assert len(ids) == len(set(ids)) > 5


def test_random_faults_are_drawn_by_their_seed() -> None:
    plant = as_plant("poste_tri")
    drawn = planned(plant, ["random:20:7@1.5~growing"])
    assert drawn == planned(plant, ["random:20@1.5~growing"], seed=7)
    assert drawn != planned(plant, ["random:20:8@1.5~growing"])
    faults = [f for f in drawn if f is not None]
    assert drawn[0] is None
    assert len({f.id for f in faults}) == 20
    for fault in faults:
        low, high = plant.machine.fault(fault.id).mode.degrees
        assert low <= fault.degree <= high
        assert (fault.onset_s, fault.onset.value) == (1.5, "growing")


def test_all_means_every_fault_once() -> None:
    plant = as_plant("presse")
    assert [f.id for f in planned(plant, ["all*0.5"]) if f is not None] == [f.id for f in plant.machine.faults()]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"machine": "poste_trie"}, "poste_tri"),
        ({"faults": ("KM1.coil_opn",)}, "KM1.coil_open"),
        ({"faults": ("random:0",)}, "N entre 1 et"),
        ({"faults": ("random:many",)}, "random:N"),
        ({"faults": ("KM1.coil_open*2",)}, "degré entre 0"),
        ({"seconds": -1.0}, "--seconds -1"),
        ({"seconds": float("nan")}, "--seconds nan"),
        ({"every_s": 0.015}, "multiple de 0,01 s"),
        ({"every_s": 100.0}, "pas plus que --seconds"),
        ({"step_s": 0.003}, "part entière de 10 ms"),
        ({"signals": ("chanels",)}, "channels"),
        ({"presses": ("S99@0.5",)}, "S99"),
        ({"presses": ("S4=7@0.5",)}, "hors de la course"),
        ({"presses": ("S4=1@3",)}, "--press S4=1@3 : n'arrive pas"),
        ({"faults": ("KM1.coil_open", "all@60")}, "all@60 : n'arrive pas dans un essai de 1 s"),
    ],
)
def test_a_mistake_is_one_clear_message(change: dict[str, object], message: str) -> None:
    with pytest.raises(HeadlessError) as caught:
        Runner(Request(**{"machine": "poste_tri", "seconds": 1.0} | change))  # type: ignore[arg-type]
    assert message in str(caught.value)


# --- the file -----------------------------------------------------------------------------------------------------


def test_the_file_holds_every_run(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "x.parquet"
    asked = Request("poste_tri", ("KM1.coil_open@0.5*0.9", "1V1.hoses_crossed"), seconds=1.0, every_s=0.25)
    done = campaign(asked, out, command=["etabli", "campaign"])
    assert [p.name for p in tmp_path.iterdir()] == ["x.parquet"]
    table = parquet.read_table(out)
    runner = Runner(asked)
    assert table.column_names == [
        "run",
        "fault",
        "degree",
        "onset_s",
        "onset",
        "unresolved_steps",
        "t",
        *(s.id for s in runner.signals),
    ]
    assert table["fault"].to_pylist() == [n for n in (HEALTHY, "KM1.coil_open", "1V1.hoses_crossed") for _ in range(4)]
    assert table["t"].to_pylist() == [0.25, 0.5, 0.75, 1.0] * 3
    assert table["degree"].to_pylist()[4] == 0.9
    for run, data in [(o.run, o.data) for batch in runner.batches() for o in runner.run(batch)]:
        for signal, values in zip(runner.signals, data, strict=True):
            assert table[signal.id].to_numpy()[4 * run : 4 * run + 4].tobytes() == values.tobytes()
    about = json.loads(table.schema.metadata[b"etabli"])
    assert about["machine"] == "poste_tri"
    assert about["machine_hash"] == runner.plant.content_hash
    assert about["command"] == ["etabli", "campaign"]
    assert [s["id"] for s in about["signals"]] == [s.id for s in runner.signals]
    assert (done.runs, done.on_own_bench, done.rows, done.unresolved) == (3, 1, 12, {})


def test_several_processes_write_the_same_file(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    asked = Request("poste_tri", ("random:18",), seconds=0.3)
    tables = []
    for jobs in (1, 2):
        campaign(asked, tmp_path / f"{jobs}.parquet", jobs)
        tables.append(parquet.read_table(tmp_path / f"{jobs}.parquet"))
    assert tables[0].equals(tables[1])
    assert np.unique(tables[0]["run"].to_numpy()).tolist() == list(range(19))


def test_nothing_stays_of_an_interrupted_campaign(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet")
    (tmp_path / "x.parquet").write_text("the one before")

    def interrupt(done: float, runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        campaign(Request("poste_tri", ("KM1.coil_open",), seconds=0.2), tmp_path / "x.parquet", progress=interrupt)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["the one before"]


def test_a_worker_leaves_its_batch_as_soon_as_nobody_waits_for_it() -> None:
    stopped = multiprocessing.Event()
    asked = Request("poste_tri", ("random:2",), seconds=0.2)
    with ProcessPoolExecutor(1, initializer=_start_worker, initargs=(asked, stopped)) as pool:
        assert len(pool.submit(_run_in_worker, (0, 1)).result()) == 2
        stopped.set()
        with pytest.raises(KeyboardInterrupt):
            pool.submit(_run_in_worker, (0, 1)).result()


@pytest.mark.parametrize("out", ["missing/x.parquet", ".", ""])
def test_a_file_that_cannot_be_written_is_said_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    pytest.importorskip("pyarrow.parquet")

    def run(done: float, runs: int) -> None:
        raise AssertionError("something was run")

    monkeypatch.chdir(tmp_path)
    with pytest.raises(HeadlessError, match="écriture impossible"):
        campaign(Request("poste_tri", ("KM1.coil_open",), seconds=0.2), Path(out), progress=run)


def test_a_number_of_processes_that_is_impossible_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HeadlessError, match="--jobs 0"):
        campaign(Request("poste_tri"), tmp_path / "x.parquet", jobs=0)

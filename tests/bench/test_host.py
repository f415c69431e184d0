"""The owner process, its clients, and what they may see."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import os
import shutil
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from etabli.bench import Bench
from etabli.bench.client import BlockingClient, HostClient, HostError, HostProcess, start_host
from etabli.bench.connection import Client
from etabli.bench.draws import draw_with_symptom
from etabli.bench.host import Host
from etabli.bench.hosted import HostedBench
from etabli.bench.plant import Plant
from etabli.bench.wire import Unpacker, WireError, pack
from own_loop import in_a_loop


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HostProcess, Path]]:
    folder = tmp_path_factory.mktemp("host")
    process = start_host(folder, fsync=False)
    yield process, folder
    process.stop()


@pytest.fixture
def folder(shared: tuple[HostProcess, Path]) -> Path:
    """Where the journals of the shared host are."""
    return shared[1]


@pytest.fixture
def host(shared: tuple[HostProcess, Path]) -> Iterator[HostProcess]:
    """A host without any bench."""
    process, folder = shared
    yield process
    with BlockingClient(process.address) as client:
        for bench in client.request("status")["benches"]:
            client.request("close", bench=bench["bench"])
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[HostProcess]:
    """A host of its own, to kill."""
    process = start_host(tmp_path, fsync=False)
    yield process
    process.stop()


@pytest.fixture
def client(host: HostProcess) -> Iterator[BlockingClient]:
    with BlockingClient(host.address) as connected:
        yield connected


def create(client: BlockingClient, bench: str = "i1", **more: Any) -> None:
    client.request("create", bench=bench, machine="poste_tri", seed=1, **more)


def test_it_works(client: BlockingClient) -> None:
    create(client)
    first = client.request("subscribe", bench="i1")
    frames = [client.next_frame("i1") for _ in range(5)]
    assert len(frames[0]["v"]) == len(first["layout"]["channels"])
    assert [f["t"] for f in frames] == sorted(f["t"] for f in frames)
    outcome = client.act("i1", "press", tag="S3")
    assert outcome["ok"] is True
    assert client.next_state("i1")["n"] == 1


@pytest.fixture
def paced(plant: Plant, tmp_path: Path) -> Iterator[tuple[HostedBench, Client]]:
    """A bench outside any host, with one viewer: the test says how much time passes."""
    here, there = socket.socketpair()
    hosted = HostedBench("i1", Bench.create(plant, 1), tmp_path / "i1.jsonl")
    viewer = Client(here)
    hosted.clients.add(viewer)
    yield hosted, viewer
    here.close()
    there.close()


def test_a_bench_keeps_real_time_at_20_frames_a_second(paced: tuple[HostedBench, Client]) -> None:
    hosted, viewer = paced
    clock = 100.0
    for turn in range(200):
        passed = 0.004 if turn % 2 else 0.016  # the turns of a host are not regular
        clock += passed
        hosted.advance(passed, math.inf)
        hosted.send_frame(clock)
    assert hosted.bench.time_s == pytest.approx(2.0, abs=0.01)
    frames = [m for m in Unpacker().feed(bytes(viewer.unsent)) if m.kind == b"F"]
    assert len(frames) == pytest.approx(40, abs=1)


@pytest.mark.parametrize("factor", [0.1, 4.0])
def test_slow_and_fast_motion(paced: tuple[HostedBench, Client], factor: float) -> None:
    hosted, _ = paced
    hosted.speed = factor
    hosted.advance(0.1, math.inf)
    assert hosted.bench.time_s == pytest.approx(0.1 * factor)


def test_a_bench_that_falls_behind_drops_machine_time(paced: tuple[HostedBench, Client]) -> None:
    hosted, _ = paced
    hosted.advance(10.0, 0.0)  # no share of the loop is left for it
    assert hosted.bench.time_s == 0.0
    hosted.advance(0.0, math.inf)
    assert hosted.bench.time_s == pytest.approx(0.5)
    assert hosted.late_s == pytest.approx(9.5)


def test_pause_step_slow_motion_and_run(client: BlockingClient) -> None:
    create(client, run=False)
    assert client.request("step", bench="i1", ticks=7)["t"] == 0.07
    assert client.request("step", bench="i1")["t"] == 0.08
    assert client.request("status", bench="i1")["running"] is False
    assert client.request("speed", bench="i1", factor=0.1)["speed"] == 0.1
    assert client.request("speed", bench="i1", factor=100)["speed"] == 4.0
    client.request("subscribe", bench="i1")
    client.request("run", bench="i1")
    while client.next_frame("i1")["t"] < 0.5:
        pass
    client.request("pause", bench="i1")
    t = client.request("status", bench="i1")["t"]
    client.act("i1", "look")  # a hand takes its time, the machine none
    assert client.request("status", bench="i1")["t"] == t


def test_a_paused_bench_sends_one_frame_to_a_new_viewer_and_one_after_each_action(client: BlockingClient) -> None:
    create(client, run=False)
    client.request("subscribe", bench="i1")
    assert client.next_frame("i1")["s"] == 0
    client.act("i1", "look")
    assert client.next_frame("i1")["n"] == 1


def test_two_viewers_of_one_bench_see_the_same(host: HostProcess, client: BlockingClient) -> None:
    create(client)
    with BlockingClient(host.address) as other:
        for viewer in (client, other):
            viewer.request("subscribe", bench="i1")
        other.act("i1", "press", tag="S3")
        one = {f["t"]: f for f in (client.next_frame("i1") for _ in range(20))}
        two = {f["t"]: f for f in (other.next_frame("i1") for _ in range(20))}
        common = one.keys() & two.keys()
        assert len(common) > 10
        assert all(one[t] == two[t] for t in common)
        assert client.next_state("i1")["log"][-1]["action"] == "press"


def test_reset_gives_the_same_bench_at_time_0_and_keeps_the_old_journal(client: BlockingClient, folder: Path) -> None:
    create(client, run=False)
    client.act("i1", "press", tag="S3")
    client.request("step", bench="i1", ticks=100)
    client.request("reset", bench="i1")
    assert client.request("status", bench="i1")["t"] == 0
    assert client.request("state", bench="i1")["log"] == []
    assert (folder / "i1.1.jsonl").exists()


def test_closed_benches_come_back(client: BlockingClient) -> None:
    create(client, run=False)
    client.act("i1", "press", tag="S3")
    client.request("step", bench="i1", ticks=50)
    client.request("close", bench="i1")
    with pytest.raises(HostError) as refused:
        client.request("state", bench="i1")
    assert refused.value.code == "unknown_bench"
    assert client.request("open", bench="i1")["t"] == 0.5
    assert client.request("open", bench="i1")["replayed_s"] == 0.0
    assert client.request("state", bench="i1")["log"][0]["action"] == "press"


def test_killing_the_host_loses_no_accepted_action(doomed: HostProcess, tmp_path: Path) -> None:
    with BlockingClient(doomed.address) as client:
        create(client, run=False)
        for _ in range(20):
            client.act("i1", "press", tag="S1")
            client.request("step", bench="i1", ticks=3)
        os.kill(doomed.pid, signal.SIGKILL)
        with pytest.raises(HostError) as lost:
            client.act("i1", "press", tag="S1")
        assert lost.value.code == "host_lost"
    again = start_host(tmp_path, fsync=False)
    try:
        with BlockingClient(again.address) as client:
            client.request("open", bench="i1")
            assert len(client.request("state", bench="i1")["log"]) == 20
    finally:
        again.stop()


def test_the_host_ends_with_its_parent_and_saves(doomed: HostProcess, tmp_path: Path) -> None:
    with BlockingClient(doomed.address) as client:
        create(client)
        time.sleep(0.2)
        doomed.stop()
    assert not doomed.alive
    assert (tmp_path / "i1.snapshots").is_dir()


@pytest.mark.parametrize(
    ("do", "arguments", "code"),
    [
        ("dance", {}, "unknown_request"),
        ("state", {"bench": "nobody"}, "unknown_bench"),
        ("state", {}, "unknown_bench"),
        ("open", {"bench": "nobody"}, "unknown_bench"),
        ("open", {"bench": "../../etc/passwd"}, "bad_argument"),
        ("create", {"bench": "a b", "machine": "poste_tri"}, "bad_argument"),
        ("create", {"bench": "x"}, "bad_argument"),
        ("create", {"bench": "x", "machine": "moulin"}, "unknown_machine"),
        ("create", {"bench": "x", "machine": "poste_tri", "faults": [{"id": "KM1.tired"}]}, "unknown_fault"),
        (
            "create",
            {"bench": "x", "machine": "poste_tri", "faults": [{"id": "KM1.coil_open", "onset": "soon"}]},
            "bad_argument",
        ),
        ("create", {"bench": "x", "machine": "poste_tri", "mode": "play"}, "bad_argument"),
        (
            "create",
            {"bench": "x", "machine": "poste_tri", "mode": "study", "faults": [{"id": "KM1.coil_open"}]},
            "faults_forbidden",
        ),
        ("create", {"bench": "i1", "machine": "poste_tri"}, "bench_exists"),
        ("act", {"bench": "i1", "action": "dance"}, "unknown_action"),
        ("act", {"bench": "i1", "action": "press", "arguments": {"tag": "S99"}}, "bad_argument"),
        ("act", {"bench": "i1", "action": "press", "arguments": [1]}, "bad_argument"),
        ("act", {"bench": "i1", "action": "replace", "arguments": {"tag": "KM1"}}, "action_refused"),
        ("act", {"bench": "i1"}, "bad_argument"),
        ("chronogram", {"bench": "i1", "channels": ["G1.fault"]}, "bad_argument"),
        ("program", {"bench": "i1"}, "action_refused"),
        ("speed", {"bench": "i1", "factor": "fast"}, "bad_argument"),
        ("step", {"bench": "i1", "ticks": 1.5}, "bad_argument"),
        ("create", {"bench": "x", "machine": "poste_tri", "random": {"count": "two"}}, "bad_argument"),
    ],
)
def test_every_mistake_has_a_code_a_text_and_a_mend(
    client: BlockingClient, do: str, arguments: dict[str, Any], code: str
) -> None:
    create(client, run=False)
    with pytest.raises(HostError) as refused:
        client.request(do, **arguments)
    assert refused.value.code == code
    assert refused.value.text.fr
    assert refused.value.text.en
    assert refused.value.mend.fr
    client.request("state", bench="i1")  # the host goes on


def test_a_badly_formed_request_names_the_field(client: BlockingClient) -> None:
    with pytest.raises(HostError) as refused:
        client.request("speed", bench="i1", factor="fast")
    assert "factor" in refused.value.text.fr


@pytest.fixture
def inside(tmp_path: Path, plant: Plant) -> Iterator[tuple[Host, BlockingClient]]:
    """A host in a thread of this process, with the bench i1: tests may break what is inside."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    host = Host(tmp_path, listener, fsync=False)
    host.benches["i1"] = HostedBench("i1", Bench.create(plant, 1), tmp_path / "i1.jsonl", running=False)
    thread = threading.Thread(target=host.run)
    thread.start()
    with BlockingClient(str(tmp_path / "socket")) as client:
        yield host, client
    host.end()
    thread.join()
    listener.close()


def test_a_fault_of_the_software_is_said_as_such_and_logged_with_its_place(
    inside: tuple[Host, BlockingClient], caplog: pytest.LogCaptureFixture
) -> None:
    host, client = inside
    host.benches["i1"].bench.state.minutes = "many"  # type: ignore[assignment]
    with pytest.raises(HostError) as refused:
        client.request("state", bench="i1")
    assert refused.value.code == "request_failed"
    assert "TypeError" in caplog.text
    assert "live.py" in caplog.text
    assert client.request("layout", bench="i1")["machine"] == "poste_tri"  # the bench and the host go on


def test_a_step_that_fails_is_not_told_as_done(inside: tuple[Host, BlockingClient]) -> None:
    host, client = inside
    host.benches["i1"].bench.state.releases = "none"  # type: ignore[assignment]
    for do in ("step", "state"):
        with pytest.raises(HostError) as refused:
            client.request(do, bench="i1")
        assert refused.value.code == "bench_failed"


def test_a_chronogram_has_every_tick(client: BlockingClient) -> None:
    create(client)
    client.request("subscribe", bench="i1")
    client.request("chronogram", bench="i1", channels=["S1.pressed"])
    client.act("i1", "press", tag="S1", seconds=0.05)
    rows: list[list[float]] = []
    while not rows or rows[-1][0] < rows[0][0] + 1.0:
        rows += client.next_frame("i1")["h"] or []
    times = [row[0] for row in rows]
    assert times == sorted(set(times))
    assert max(b - a for a, b in itertools.pairwise(times)) == pytest.approx(0.01)
    history = client.request("history", bench="i1")
    assert history["channels"] == ["S1.pressed"]
    assert {row[1] for row in history["rows"]} == {0.0, 1.0}


def test_a_slow_viewer_gets_the_newest_frame_and_does_not_slow_the_others(
    host: HostProcess, client: BlockingClient
) -> None:
    create(client)
    lazy = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    lazy.connect(host.address)
    lazy.sendall(pack(b"Q", "", json.dumps({"id": 1, "do": "subscribe", "bench": "i1"}).encode()))
    client.request("subscribe", bench="i1")
    for _ in range(40):  # fails by the patience of the client
        client.next_frame("i1")
    lazy.close()
    assert client.request("status", bench="i1")["running"]


def test_nonsense_closes_that_connection_only(host: HostProcess, client: BlockingClient) -> None:
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", struct.pack("!I", 1) + b"Q", b"\xff" * 64):
        rude = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        rude.connect(host.address)
        rude.settimeout(5)
        rude.sendall(nonsense)
        assert rude.recv(10) == b""
        rude.close()
    assert client.request("status")["benches"] == []


def test_several_benches_run_side_by_side(client: BlockingClient) -> None:
    names = [f"b{n}" for n in range(6)]
    for name in names:
        create(client, name)
        client.request("subscribe", bench=name)
    begun = {name: client.next_frame(name)["t"] for name in names}
    for name in names:
        while client.next_frame(name)["t"] < begun[name] + 0.5:
            pass


def test_the_asyncio_client(doomed: HostProcess) -> None:
    async def session() -> tuple[list[tuple[str, str, bytes]], str]:
        client = await HostClient.connect(doomed.address)
        pushed: list[tuple[str, str, bytes]] = []
        moving, lost = asyncio.Event(), asyncio.Event()

        def note(kind: str, bench: str, payload: bytes) -> None:
            pushed.append((kind, bench, payload))
            if {k for k, _, _ in pushed} == {"F", "S"} and json.loads(payload)["t"] > 0:
                moving.set()

        client.on_push = note
        client.on_lost = lost.set
        await client.request("create", bench="i1", machine="poste_tri", seed=1)
        await client.request("subscribe", bench="i1")
        answers = await asyncio.gather(
            *(client.request("act", bench="i1", action="look", arguments={}) for _ in range(5))
        )
        assert all(a["ok"] for a in answers)
        with pytest.raises(HostError):
            await client.request("act", bench="i1", action="dance")
        await asyncio.wait_for(moving.wait(), 30)
        os.kill(doomed.pid, signal.SIGKILL)
        await asyncio.wait_for(lost.wait(), 30)
        with pytest.raises(HostError) as refused:
            await client.request("status")
        return pushed, refused.value.code

    pushed, code = in_a_loop(session())
    assert code == "host_lost"
    assert {kind for kind, _, _ in pushed} == {"F", "S"}
    assert {bench for _, bench, _ in pushed} == {"i1"}
    assert json.loads(pushed[-1][2])["t"] > 0


def test_two_viewers_may_open_the_same_bench_at_once(host: HostProcess, client: BlockingClient) -> None:
    create(client, run=False)
    client.act("i1", "press", tag="S1")
    client.request("close", bench="i1")

    async def both() -> list[dict[str, Any]]:
        one, two = [await HostClient.connect(host.address) for _ in range(2)]
        return list(await asyncio.gather(one.request("open", bench="i1"), two.request("open", bench="i1")))

    assert [a["bench"] for a in in_a_loop(both())] == ["i1", "i1"]
    client.act("i1", "press", tag="S2")
    assert [e["name"] for e in client.request("journal", bench="i1")["events"]] == ["press", "press"]


def test_a_fault_drawn_at_random_is_noticed_by_the_operator(client: BlockingClient) -> None:
    create(client, random={"count": 1})
    [fault] = client.request("reveal", bench="i1")["faults"]
    complaint = client.request("layout", bench="i1")["complaint"]["fr"]
    assert complaint
    assert fault["tag"] not in complaint
    client.request("create", bench="healthy", machine="poste_tri", seed=1)
    assert complaint != client.request("layout", bench="healthy")["complaint"]["fr"]


def test_making_a_bench_does_not_stop_the_others(
    inside: tuple[Host, BlockingClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draw of the second bench goes on until the first one has run for a while."""
    host, client = inside
    enough = threading.Event()

    def draw_later(*asked: Any) -> Any:
        assert enough.wait(60), "the other bench stands still"
        return draw_with_symptom(*asked)

    monkeypatch.setattr("etabli.bench.host.draw_with_symptom", draw_later)
    client.request("subscribe", bench="i1")
    with BlockingClient(str(tmp_path / "socket")) as other, ThreadPoolExecutor(1) as maker:
        made = maker.submit(create, other, "i2", random={"count": 2})
        client.request("run", bench="i1")
        while client.next_frame("i1")["t"] < 0.5:
            pass
        assert not made.done()
        enough.set()
        made.result()
    assert set(host.benches) == {"i1", "i2"}


# --- framing --------------------------------------------------------------------------------------


def test_messages_survive_any_cutting() -> None:
    stream = b"".join(
        pack(kind, name, b'{"x":1}' * n) for kind, name, n in ((b"F", "i1", 3), (b"S", "a-b", 0), (b"A", "", 50))
    )
    for size in (1, 2, 7, 1000):
        unpacker = Unpacker()
        got = [m for i in range(0, len(stream), size) for m in unpacker.feed(stream[i : i + size])]
        assert [(m.kind, m.bench, len(m.payload)) for m in got] == [(b"F", "i1", 21), (b"S", "a-b", 0), (b"A", "", 350)]


def test_an_absurd_length_is_refused() -> None:
    with pytest.raises(WireError):
        list(Unpacker().feed(b"\x7f\xff\xff\xff"))

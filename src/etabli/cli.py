"""The command ``etabli``: reads the command line and hands over to the room that does the work.

Every subcommand lives in a small function pair: ``_add_xxx`` declares its arguments, ``_run_xxx`` imports what it needs
and does it. Nothing heavy is imported at the top, so that ``etabli --help`` answers at once.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from etabli.bench.headless import HeadlessError
    from etabli.machines import Machine, MachineError, UnknownMachine
    from etabli.machines.network_run import Event, ImpossibleRun

    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

Run: TypeAlias = Callable[[argparse.Namespace], int]


FAILED_CALCULATION = 3
"""Exit status of a run whose equations had no solution at some step."""


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
    except RuntimeError as error:
        from etabli.physics.core_library import CoreError  # here: it loads numpy, which --help does without

        if not isinstance(error, CoreError):
            raise
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
    _add_machines(commands)
    _add_machine(commands)
    _add_faults(commands)
    _add_run(commands)
    _add_campaign(commands)
    _add_simulate(commands)
    _add_replay(commands)
    _add_report(commands)
    _add_catalogue(commands)
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


# --- etabli machines, etabli machine check, etabli faults --------------------------------------------------------


def _add_machines(commands: Subparsers) -> None:
    parser = commands.add_parser("machines", help="list the machines of the workshop")
    _add_output_arguments(parser)
    parser.set_defaults(run=_run_machines)


def _add_machine(commands: Subparsers) -> None:
    parser = commands.add_parser("machine", help="work on a machine folder")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    check = verbs.add_parser("check", help="say what is wrong in a machine folder, with file, line and mend")
    check.add_argument("folder", help="folder of a machine, or the name of one of ours")
    _add_output_arguments(check)
    check.set_defaults(run=_run_machine_check)


def _add_faults(commands: Subparsers) -> None:
    parser = commands.add_parser("faults", help="list every fault that a machine can have")
    parser.add_argument("machine", help="name of a machine, or its folder")
    _add_output_arguments(parser)
    parser.set_defaults(run=_run_faults)


def _add_output_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="machine-readable output (docs/json.md)")
    _add_language_argument(parser)


def _add_language_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the texts (default: fr)")


def _add_runs_arguments(parser: argparse.ArgumentParser) -> None:
    """What `etabli run` and `etabli campaign` do alike."""
    parser.add_argument("machine", help="name of a machine, or its folder")
    parser.add_argument("--seconds", type=float, default=60.0, help="simulated time of each run (default: 60)")
    parser.add_argument(
        "--press",
        action="append",
        default=[],
        metavar="BUTTON[=POSITION]@T",
        help="press a button, or turn a switch, at T seconds; may be given again",
    )
    parser.add_argument("--no-start", action="store_true", help="leave out the operator's own starting gestures")
    parser.add_argument(
        "--seed", type=int, default=0, help="decides the parts and all that is drawn: same seed, same run (default: 0)"
    )


def _run_machines(options: argparse.Namespace) -> int:
    from etabli.machines import list_machines

    rows = [_machine_row(name) for name in list_machines()]
    if options.json:
        print(json.dumps({"machines": rows}, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        print(f"{row['id']:20} {row['name'][options.lang]}")
        counts = (row["components"], row["conductors"], row["unknowns"], row["failure_modes"])
        words = {
            "fr": "{} composants, {} fils et tubes, {} inconnues, {} modes de défaillance",
            "en": "{} components, {} wires and tubes, {} unknowns, {} failure modes",
        }
        print(" " * 21 + words[options.lang].format(*counts))
    return 0


def _machine_row(name: str) -> dict[str, Any]:
    machine = _machine(name)
    return {
        "id": machine.id,
        "name": {"fr": machine.name.fr, "en": machine.name.en},
        "components": len(machine.placed),
        "conductors": len(machine.conductors),
        "unknowns": machine.network().unknowns,
        "failure_modes": len(machine.faults()),
    }


def _machine(name: str, language: str = "fr") -> Machine:
    from etabli.machines import MachineError, UnknownMachine, load_machine

    try:
        return load_machine(name)
    except UnknownMachine as error:
        raise UserError(_said(error, language)) from error
    except MachineError as error:
        raise UserError(f"{_said(error, language)}\n  → etabli machine check {name}") from error


def _run_machine_check(options: argparse.Namespace) -> int:
    from etabli.machines import Severity, UnknownMachine, check_machine, machine_folder

    try:
        folder = machine_folder(options.folder)
    except UnknownMachine as error:
        words = {
            "fr": "{} : dossier absent → donner le dossier d'une machine (il contient machine.yaml)",
            "en": "{}: no such folder → give the folder of a machine (it holds machine.yaml)",
        }
        raise UserError(words[options.lang].format(options.folder)) from error
    problems = check_machine(folder)
    errors = sum(p.severity is Severity.ERROR for p in problems)
    if options.json:
        rows = [
            {
                "file": p.file,
                "line": p.line,
                "severity": p.severity.value,
                "text": {"fr": p.text.fr, "en": p.text.en},
                "mend": {"fr": p.mend.fr, "en": p.mend.en},
            }
            for p in problems
        ]
        print(json.dumps({"errors": errors, "warnings": len(problems) - errors, "problems": rows}, ensure_ascii=False))
        return 1 if errors else 0
    for problem in problems:
        print(problem.format(options.lang))
    words = {"fr": "{} erreur(s), {} remarque(s)", "en": "{} error(s), {} warning(s)"}
    print(words[options.lang].format(errors, len(problems) - errors))
    return 1 if errors else 0


def _run_faults(options: argparse.Namespace) -> int:
    faults = _machine(options.machine, options.lang).faults()
    if not options.json:
        for fault in faults:
            print(f"{fault.id:32} {fault.text.get(options.lang)}")
        return 0
    rows = [
        {
            "id": f.id,
            "component": f.tag,
            "mode": f.mode.id,
            "text": {"fr": f.text.fr, "en": f.text.en},
            "onsets": [onset.value for onset in f.mode.onsets],
            "degrees": list(f.mode.degrees),
            "repair": f.mode.repair.value,
            "rate": f.mode.rate,
        }
        for f in faults
    ]
    print(json.dumps({"faults": rows}, ensure_ascii=False, indent=1))
    return 0


# --- etabli run, etabli replay -----------------------------------------------------------------------------------


def _add_run(commands: Subparsers) -> None:
    parser = commands.add_parser("run", help="run a machine without a page and say what it did")
    _add_runs_arguments(parser)
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="ID[@ONSET_S][*DEGREE][~KIND]",
        help="a fault of `etabli faults MACHINE`; KIND is sudden, growing or intermittent; may be given again",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write what can be seen on the machine, every 50 ms")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="write the journal, for replay and report")
    _add_output_arguments(parser)
    parser.set_defaults(run=_run_run)


def _add_replay(commands: Subparsers) -> None:
    parser = commands.add_parser("replay", help="replay a journal from its first line")
    parser.add_argument("journal", type=Path, help="file that `etabli run --journal` or the workshop wrote")
    _add_output_arguments(parser)
    parser.set_defaults(run=_run_replay)


def _run_run(options: argparse.Namespace) -> int:
    from etabli.bench import headless

    try:
        result = headless.run(
            options.machine,
            options.seconds,
            options.fault,
            options.press,
            options.seed,
            options.csv,
            options.journal,
            start=not options.no_start,
        )
    except headless.HeadlessError as error:
        raise UserError(_said(error, options.lang)) from error
    print(json.dumps(result.json(), ensure_ascii=False) if options.json else "\n".join(result.lines(options.lang)))
    return 0 if result.blame is None else FAILED_CALCULATION


def _run_replay(options: argparse.Namespace) -> int:
    from etabli.bench import headless

    try:
        result = headless.replay(options.journal)
    except headless.HeadlessError as error:
        raise UserError(_said(error, options.lang)) from error
    lines = headless.replay_lines(result, options.lang)
    print(json.dumps(result, ensure_ascii=False) if options.json else "\n".join(lines))
    return 1 if result["differing_outcomes"] else 0


def _said(error: HeadlessError | MachineError | UnknownMachine | ImpossibleRun, language: str) -> str:
    return f"{error.text.get(language)} → {error.mend.get(language)}"


# --- etabli campaign ----------------------------------------------------------------------------------------------


def _add_campaign(commands: Subparsers) -> None:
    parser = commands.add_parser("campaign", help="run a machine with each of many faults, into one Parquet file")
    _add_runs_arguments(parser)
    parser.add_argument(
        "--faults",
        nargs="+",
        default=["all"],
        metavar="ID[@ONSET_S][*DEGREE][~KIND]",
        help="faults written as for `etabli run`, or all, or random:N[:SEED] (default: all)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="Parquet file to write")
    parser.add_argument("--every", type=float, default=0.1, metavar="S", help="time between two rows (default: 0.1)")
    parser.add_argument(
        "--signals",
        nargs="+",
        default=[],
        metavar="GROUP|ID",
        help="channels, seen, plc, alarms, program, counters, points, or single signals"
        " (default: channels plc alarms counters)",
    )
    parser.add_argument("--step", type=float, default=5.0, metavar="MS", help="step of the engine (default: 5)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    _add_output_arguments(parser)
    parser.set_defaults(run=_run_campaign)


def _run_campaign(options: argparse.Namespace) -> int:
    from etabli.bench import campaign, headless

    asked = campaign.Request(
        options.machine,
        tuple(options.faults),
        options.seconds,
        options.every,
        tuple(options.signals),
        options.seed,
        options.step * 1e-3,
        not options.no_start,
        tuple(options.press),
    )
    bar = ProgressBar(options.lang)
    try:
        done = campaign.campaign(asked, options.out, options.jobs, sys.argv, bar.show)
    except headless.HeadlessError as error:
        raise UserError(_said(error, options.lang)) from error
    finally:
        bar.clear()
    print(json.dumps(done.json(), ensure_ascii=False) if options.json else "\n".join(done.lines(options.lang)))
    return FAILED_CALCULATION if done.unresolved else 0


class ProgressBar:
    """One line on a terminal that says how far a long command is; silent where nobody looks."""

    WIDTH, EACH_S = 30, 0.2

    def __init__(self, language: str) -> None:
        self._language = language
        self._begun = time.monotonic()
        self._shown = 0.0 if sys.stderr.isatty() else None

    def show(self, done: float, total: int) -> None:
        """``done`` of ``total`` runs are over; parts count."""
        now = time.monotonic()
        if self._shown is None or now - self._shown < self.EACH_S:
            return
        self._shown = now
        full = round(self.WIDTH * done / total)
        text = self._pace(done, total, now - self._begun) if done >= 1.0 else ""  # before that it would be a guess
        print(f"\r[{'#' * full:-<{self.WIDTH}}] {done:.0f}/{total} {text}\033[K", end="", file=sys.stderr, flush=True)

    def _pace(self, done: float, total: int, elapsed_s: float) -> str:
        speed = done / max(elapsed_s, 1e-9)
        words = {"fr": "{:.1f} essais/s, reste {:.0f} s", "en": "{:.1f} runs/s, {:.0f} s left"}
        text = words[self._language].format(speed, (total - done) / speed)
        return text.replace(".", ",") if self._language == "fr" else text

    def clear(self) -> None:
        """Leave an empty line."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


# --- etabli simulate ----------------------------------------------------------------------------------------------


def _add_simulate(commands: Subparsers) -> None:
    parser = commands.add_parser("simulate", help="simulate a network written by hand (docs/simulate.md)")
    parser.add_argument("file", type=Path, help="YAML file of the network")
    parser.add_argument("--seconds", type=float, help="simulated time (default: what the file says)")
    parser.add_argument("--step", type=float, metavar="MS", help="step in milliseconds (default: what the file says)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every recorded value; without it, a summary")
    _add_language_argument(parser)
    parser.set_defaults(run=_run_simulate)


def _run_simulate(options: argparse.Namespace) -> int:
    from etabli.machines.network_file import load_network
    from etabli.machines.network_run import ImpossibleRun
    from etabli.machines.problem import MachineError

    try:
        experiment = load_network(options.file)
    except MachineError as error:
        raise UserError("\n".join(p.format(options.lang) for p in error.problems)) from error
    try:
        recording = experiment.run(options.seconds, None if options.step is None else options.step * 1e-3)
    except ImpossibleRun as error:
        raise UserError(_said(error, options.lang)) from error
    if options.csv is None:
        print("\n".join(recording.summary(options.lang)))
    else:
        _write_whole(options.csv, recording.write_csv, options.lang)
        print(f"{options.csv}: {len(recording.time)} × {len(recording.records)}")
    for event in recording.unreached:
        print(f"etabli: {_said_unreached(event, options.lang)}", file=sys.stderr)
    if recording.blame is None:
        return 0
    blame = recording.blame
    print(f"etabli: {blame.text.get(options.lang)} → {blame.mend.get(options.lang)}", file=sys.stderr)
    return FAILED_CALCULATION


def _said_unreached(event: Event, language: str) -> str:
    at = f"{event.at_s:g}"
    words = {
        "fr": f"à {at.replace('.', ',')} s ({event.text}) : après la fin, n'a pas lieu → --seconds plus grand",
        "en": f"at {at} s ({event.text}): after the end, does not happen → more --seconds",
    }
    return words[language]


# --- etabli report -----------------------------------------------------------------------------------------------


def _add_report(commands: Subparsers) -> None:
    parser = commands.add_parser("report", help="print the intervention report of a journal as a PDF")
    parser.add_argument("journal", type=Path, help="file that `etabli run --journal` or the workshop wrote")
    parser.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="file to write")
    _add_language_argument(parser)
    parser.add_argument("--author", default="", help="name printed as the technician")
    parser.add_argument("--number", default="", help="number of the work order")
    parser.set_defaults(run=_run_report)


def _run_report(options: argparse.Namespace) -> int:
    from etabli.bench import headless
    from etabli.report import Form, intervention_report

    try:
        evidence = headless.evidence(options.journal)
    except headless.HeadlessError as error:
        raise UserError(_said(error, options.lang)) from error
    modes = {f.id: f.mode.text for f in _machine(evidence["identification"]["machine"]["id"]).faults()}
    form = Form(number=options.number, author=options.author, date=evidence["identification"].get("created", "")[:10])
    pdf = intervention_report(evidence, modes, form, options.lang)
    _write_whole(options.pdf, lambda path: path.write_bytes(pdf), options.lang)
    print(f"{options.pdf}: {len(pdf)} bytes")
    return 0


def _write_whole(path: Path, write: Callable[[Path], object], language: str) -> None:
    """Write a file in one move, so that neither a full disk nor Ctrl-C leaves half of it."""
    staged = path.parent / f"{path.name}.part"
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        write(staged)
        staged.replace(path)
    except OSError as error:
        raise UserError(_said_unwritable(path, error, language)) from error
    finally:
        staged.unlink(missing_ok=True)


def _said_unwritable(path: Path, error: OSError, language: str) -> str:
    from etabli.physics.text import unwritable

    text, mend = unwritable(path, error)
    return f"{text.get(language)} → {mend.get(language)}"


# --- etabli catalogue ----------------------------------------------------------------------------------------------


def _add_catalogue(commands: Subparsers) -> None:
    parser = commands.add_parser("catalogue", help="write the catalogue pages of the docs from the component files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the docs (docs)")
    parser.set_defaults(run=_run_catalogue)


def _run_catalogue(options: argparse.Namespace) -> int:
    from etabli.catalogue import pages

    try:
        count = pages.write(options.out)
    except OSError as error:
        raise UserError(f"{options.out}: cannot be written ({error.strerror}); choose another place") from error
    print(f"{options.out}: {count} files")
    return 0


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
    command = [sys.executable, "-m", "pytest", "--numprocesses", "auto", "--dist", "worksteal", *arguments]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

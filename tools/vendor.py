"""Makes and checks the libraries of others that browsers load (src/etabli/web/static/vendor).

    python tools/vendor.py check             are the committed files those of VENDOR.toml?
    python tools/vendor.py make uplot 1.6.32     fetch and minify again; needs npm; then review and commit

A developer tool: nothing is fetched when the product is built, installed or run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "src/etabli/web/static/vendor"
RECORD = VENDOR / "VENDOR.toml"
ESBUILD = "esbuild@0.28.2"


@dataclass(frozen=True)
class Recipe:
    """How one library becomes the files we serve."""

    module: str
    """ES module inside the package, minified into NAME/NAME.js."""
    copies: dict[str, str]
    """Files taken as they are: path inside the package, then path in our folder."""


RECIPES = {
    "uplot": Recipe(
        module="dist/uPlot.esm.js",
        copies={
            "dist/uPlot.min.css": "uplot/uplot.css",
            "dist/uPlot.d.ts": "uplot/uplot.d.ts",
            "LICENSE": "uplot/LICENSE",
        },
    ),
}


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check() -> list[str]:
    """Return one line per file that is not the one of VENDOR.toml."""
    wrong = []
    for library in tomllib.loads(RECORD.read_text(encoding="utf-8")).values():
        for name, wanted in library["files"].items():
            file = VENDOR / name
            if not file.is_file():
                wrong.append(f"{name}: missing")
            elif digest(file) != wanted:
                wrong.append(f"{name}: changed since it was reviewed")
    return wrong


def make(name: str, version: str) -> None:
    """Fetch a library, minify its module and write its hashes."""
    recipe = RECIPES[name]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--no-save", "--prefix", folder, f"{name}@{version}", ESBUILD], check=True)
        package = Path(folder, "node_modules", name)
        (VENDOR / name).mkdir(exist_ok=True)
        subprocess.run(
            [
                Path(folder, "node_modules/.bin/esbuild"),
                package / recipe.module,
                "--minify",
                "--format=esm",
                "--target=es2022",
                "--legal-comments=none",
                "--log-level=warning",
                f"--outfile={VENDOR / name / name}.js",
            ],
            check=True,
        )
        for source, target in recipe.copies.items():
            shutil.copyfile(package / source, VENDOR / target)
    _write_record(name, version)


def _write_record(name: str, version: str) -> None:
    """Change the version and the hashes of one library in VENDOR.toml, and nothing else."""
    head, mark, tail = RECORD.read_text(encoding="utf-8").partition(f"[{name}]\n")
    if not mark:
        raise SystemExit(f"describe [{name}] in {RECORD.name} first: version, licence, package, use, files")
    described, _files, rest = tail.partition(f"[{name}.files]\n")
    others = re.search(r"^\[", rest, flags=re.MULTILINE)
    described = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', described)
    files = sorted([f"{name}/{name}.js", *RECIPES[name].copies.values()])
    lines = "".join(f'"{file}" = "{digest(VENDOR / file)}"\n' for file in files)
    after = "\n" + rest[others.start() :] if others else ""
    RECORD.write_text(f"{head}{mark}{described}[{name}.files]\n{lines}{after}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run ``check`` or ``make``."""
    if arguments[:1] == ["make"] and len(arguments) == 3 and arguments[1] in RECIPES:
        make(arguments[1], arguments[2])
    elif arguments != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = check()
    print("\n".join(wrong) or "vendored files are as reviewed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

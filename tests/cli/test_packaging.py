"""The files that install the product: pinned, hashed, free of any host, and understood by the smallest shell."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PINNED = sorted(CHECKOUT.glob("requirements*.txt"))
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==\S+", re.MULTILINE)


def names(text: str) -> set[str]:
    return {name.lower().replace("_", "-") for name in _NAME.findall(text)}


@pytest.mark.parametrize("file", PINNED, ids=lambda file: file.name)
def test_every_package_is_pinned_with_a_hash(file: Path) -> None:
    entries = [entry for entry in re.split(r"\n(?=\S)", file.read_text().strip()) if not entry.startswith("#")]
    for entry in entries:
        assert _NAME.match(entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("file", [*PINNED, CHECKOUT / "package-lock.json"], ids=lambda file: file.name)
def test_no_registry_is_named(file: Path) -> None:
    text = file.read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "resolved" not in text


def test_everything_the_package_needs_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in project["dependencies"]}
    assert needed <= names((CHECKOUT / "requirements.txt").read_text())


def test_both_sets_of_requirements_agree() -> None:
    """Installed together, they may not ask for two versions of one package."""
    pins: dict[str, set[str]] = {}
    for file in PINNED:
        for line in re.findall(r"^([a-z0-9._-]+==[^ ]+(?: ; [^\\]+)?)", file.read_text(), re.MULTILINE):
            package, _equals, version = line.partition("==")
            version, _mark, where = version.partition(";")
            pins.setdefault(f"{package} {where.strip()}", set()).add(version.strip())
    assert {package: versions for package, versions in pins.items() if len(versions) > 1} == {}


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_the_script_is_understood_by_every_shell(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    subprocess.run([shell, "-n", CHECKOUT / "etabli"], check=True)

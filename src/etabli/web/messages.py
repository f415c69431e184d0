"""Translations: French is written in the templates and in the code, English in the catalogues of ``locale/en``.

``python -m etabli.web.messages update`` collects the French texts into the catalogues (new ones with an empty
translation), ``check`` tells what is missing, ``compile`` makes the binary files that Django reads. GNU gettext is not
needed: Babel does the work. An application with a folder ``locale`` has its own catalogue; the texts of all others are
in the catalogue of the project.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parent
LANGUAGE = "en"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACE = re.compile(r"%\((\w+)\)[sdf]|\{(\w*)[^}]*\}")


@dataclass(frozen=True)
class Found:
    """One French text of the sources."""

    message: str | tuple[str, ...]
    context: str | None
    file: str
    line: int


def roots() -> list[Path]:
    """Return the folders that have a catalogue: the project and the applications with their own."""
    return [WEB, *sorted(folder.parent for folder in WEB.glob("*/locale") if folder.is_dir())]


def sources(root: Path) -> Iterator[Path]:
    """Yield the files whose texts belong to the catalogue of ``root``."""
    others = [folder for folder in roots() if folder != root and root in folder.parents]
    for file in sorted(root.rglob("*")):
        if file.suffix not in {".py", ".html", ".txt", ".svg"} or "locale" in file.parts or "static" in file.parts:
            continue
        if not any(other in file.parents for other in others):
            yield file


def texts(root: Path) -> Iterator[Found]:
    """Yield the French texts of the catalogue of ``root``."""
    for file in sources(root):
        text = file.read_text(encoding="utf-8")
        method = "python"
        if file.suffix != ".py":
            # Django turns a template into something that looks like code; JavaScript's rules are the closest to it.
            text, method = templatize(text), "javascript"
        name = file.relative_to(root).as_posix()
        for line, message, _comments, context in extract(method, io.BytesIO(text.encode()), KEYWORDS):
            yield Found(message, context, name, line)


def collect(root: Path) -> Catalog:
    """Return a catalogue with every French text of ``root`` and no translation."""
    catalogue = Catalog(locale=LANGUAGE, domain="django", fuzzy=False)
    for found in texts(root):
        # Files without line numbers: a catalogue changes only when a text does.
        catalogue.add(found.message, locations=[(found.file, 0)], context=found.context)
    return catalogue


def read(file: Path) -> Catalog:
    """Read a catalogue; one that does not exist yet is empty."""
    if not file.is_file():
        return Catalog(locale=LANGUAGE, domain="django", fuzzy=False)
    with file.open("rb") as text:
        return read_po(text, locale=LANGUAGE, domain="django")


def update(root: Path) -> None:
    """Bring the catalogue of ``root`` up to date with the sources; translations that are no longer used go away."""
    file = root / CATALOGUE
    known, fresh = read(file), collect(root)
    for message in fresh:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None:
            message.string = old.string
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, fresh, width=110, sort_output=True, omit_header=False, include_lineno=False)
    _drop_changing_header(file)


def mistakes(root: Path) -> list[str]:
    """Return one line per French text of ``root`` without a right English translation."""
    known = read(root / CATALOGUE)
    found = []
    for message in collect(root):
        if not message.id:
            continue
        translated = known.get(message.id, message.context)
        where = f"{message.locations[0][0]}: {message.id!r}"
        if translated is None or not translated.string or not all(_forms(translated)):
            found.append(f"{where} has no English translation in {CATALOGUE.as_posix()}")
        elif translated.fuzzy:
            found.append(f"{where} is marked fuzzy")
        elif _places(message.id) != _places(translated.string):
            found.append(f"{where} does not have the same places for values in English: {translated.string!r}")
    return found


def compile_all() -> None:
    """Make the binary catalogues that are older than their text."""
    for root in roots():
        file = root / CATALOGUE
        binary = file.with_suffix(".mo")
        if not file.is_file() or (binary.is_file() and binary.stat().st_mtime >= file.stat().st_mtime):
            continue
        out = io.BytesIO()
        write_mo(out, read(file))
        staged = binary.with_suffix(f".{os.getpid()}.new")  # another process may be making the same file
        staged.write_bytes(out.getvalue())
        staged.replace(binary)


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)


def _places(text: str | tuple[str, ...] | list[str]) -> set[str]:
    joined = text if isinstance(text, str) else "\n".join(text)
    return {match.group(0) for match in _PLACE.finditer(joined)}


def _drop_changing_header(file: Path) -> None:
    """Keep only the lines of the header that Django needs: dates and names of people would change at each update."""
    kept = re.sub(
        r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To|'
        r'Project-Id-Version)[^"]*"\n',
        "",
        file.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    kept = re.sub(r"\A(?:#[^\n]*\n)*", "", kept)
    file.write_text(kept, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run ``update``, ``check`` or ``compile``."""
    if arguments not in (["update"], ["check"], ["compile"]):
        print("usage: python -m etabli.web.messages update|check|compile", file=sys.stderr)
        return 2
    if arguments == ["update"]:
        for root in roots():
            update(root)
    if arguments == ["compile"]:
        compile_all()
        return 0
    missing = [line for root in roots() for line in mistakes(root)]
    print("\n".join(missing) or "every text is translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The machines as pages need them: names, documents, faults. The loader keeps them in memory."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from etabli.machines import Machine, list_machines, load_machine
from etabli.machines.model import Document
from etabli.machines.problem import MachineError, UnknownMachine

__all__ = ["MachineError", "UnknownMachine", "machine", "machines", "rendered"]


def machine(name: str) -> Machine:
    """Return a machine of this product: never a folder somebody names. Raises `UnknownMachine` or `MachineError`."""
    known = list_machines()
    if name not in known:
        raise UnknownMachine(name, known)
    return load_machine(name)


def machines() -> tuple[list[Machine], list[MachineError]]:
    """Every machine that can be read, and what is wrong with the others."""
    good: list[Machine] = []
    broken: list[MachineError] = []
    for name in list_machines():
        try:
            good.append(machine(name))
        except MachineError as error:
            broken.append(error)
    return good, broken


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")


def rendered(markdown: str) -> SafeString:
    """Markdown of a document as HTML. Raw HTML is shown as text, images are not loaded, links stay plain.

    A table wider than a tablet scrolls alone, and by the keyboard too.
    """
    html: str = _markdown.render(markdown)
    opening = f'<div class="table-scroll" tabindex="0" role="region" aria-label="{_("Tableau")}"><table>'
    return SafeString(html.replace("<table>", opening).replace("</table>", "</table></div>"))


@dataclass(frozen=True)
class Listed:
    """A document in a list."""

    id: str
    title: str
    url: str

    @property
    def fragment(self) -> str:
        """Address of its text without the page around it."""
        return f"{self.url}?partie=1"


def documents(chosen: Machine, language: str) -> list[Listed]:
    """Documents of a machine in one language."""
    return [
        Listed(each.id, each.title.get(language), reverse("workshop:document", args=[chosen.id, each.id]))
        for each in chosen.documents
    ]


def document_html(chosen: Machine, document: Document, language: str) -> SafeString:
    """One document as HTML."""
    file = document.files["en" if language.startswith("en") else "fr"]
    return rendered((chosen.folder / file).read_text(encoding="utf-8"))


def name_of(name: str, language: str) -> str:
    """Name of a machine, or its identifier when its files cannot be read (any more)."""
    try:
        return machine(name).name.get(language)
    except (MachineError, UnknownMachine):
        return name

"""What the bench page is made of: its views, its drawer, and the data its scripts start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etabli.machines import Machine
from etabli.physics.law import Domain
from etabli.web.workshop import drawings
from etabli.web.workshop.models import Intervention
from etabli.web.workshop.texts import bench_texts


@dataclass(frozen=True)
class Sheet:
    """One drawing of a view."""

    name: str
    url: str


@dataclass(frozen=True)
class View:
    """One tab of the main area."""

    id: str
    name: str
    template: str
    sheets: tuple[Sheet, ...] = ()
    legend: str = "workshop/views/legend_wires.html"


@dataclass(frozen=True)
class Part:
    """One tab of the drawer."""

    id: str
    name: str

    @property
    def template(self) -> str:
        """Its template."""
        return f"workshop/drawer/{self.id}.html"


@dataclass(frozen=True)
class Step:
    """One step of the five, and the part of the drawer where it is done."""

    id: str
    name: str
    drawer: str


def steps() -> list[Step]:
    """The five steps of an intervention, always in sight."""
    return [
        Step("observe", _("Constater"), "observe"),
        Step("hypotheses", _("Émettre des hypothèses"), "notebook"),
        Step("test", _("Tester"), "measure"),
        Step("repair", _("Réparer"), "component"),
        Step("validate", _("Valider"), "conclude"),
    ]


def parts(intervention: Intervention) -> list[Part]:
    """Tabs of the drawer."""
    found = [
        Part("observe", _("Observer")),
        Part("component", _("Composant")),
        Part("measure", _("Mesurer")),
        Part("lockout", _("Consigner")),
        Part("notebook", _("Carnet")),
    ]
    return found if intervention.is_study else [*found, Part("conclude", _("Conclure"))]


def views(machine: Machine) -> list[View]:
    """Tabs of the main area."""
    drawing = "workshop/views/drawing.html"
    fluids = sheets(machine, "pneumatic")
    return [
        View("mimic", _("Synoptique"), drawing, sheets(machine, "mimic"), "workshop/views/legend_mimic.html"),
        View("electrical", _("Électrique"), drawing, sheets(machine, "electrical")),
        *([View("pneumatic", _fluids(machine), drawing, fluids)] if fluids else []),
        View("cabinet", _("Armoire"), drawing, sheets(machine, "cabinet")),
        View("panel", _("Pupitre"), "workshop/views/panel.html", sheets(machine, "panel")),
        View("plc", _("Automate"), "workshop/views/plc.html"),
        View("chart", _("Chronogramme"), "workshop/views/chart.html"),
        View("documents", _("Documents"), "workshop/views/documents.html"),
    ]


def _fluids(machine: Machine) -> str:
    """Name of the tab of the fluid folios: after what flows in this machine."""
    return _("Pneumatique") if machine.points(Domain.PNEUMATIC) else _("Hydraulique")


def sheets(machine: Machine, kind: str) -> tuple[Sheet, ...]:
    """Drawings of one kind, with their addresses."""
    language = get_language() or "fr"
    return tuple(
        Sheet(sheet.name.get(language), reverse("workshop:drawing", args=[machine.id, kind, sheet.id, language[:2]]))
        for sheet in drawings.sheets(machine, kind)
    )


def bench_data(intervention: Intervention, machine: Machine, may_act: bool) -> dict[str, Any]:
    """What the scripts need before the link opens. Nothing here depends on the hidden faults."""
    language = (get_language() or "fr")[:2]
    return {
        "socket": f"/lien/{intervention.pk}/?langue={language}",
        "language": language,
        "places": {each.id: each.text.get(language) for each in machine.locations.values()},
        "where": drawings.where(machine),
        "panel": [
            {
                "tag": item.tag,
                "control": item.control,
                "engraved": item.engraved.get(language),
                "positions": [position.get(language) for position in item.positions],
            }
            for item in machine.panel
            if item.control
        ],
        "counted": {"good": machine.acceptance.good.get(language), "bad": machine.acceptance.bad.get(language)},
        "may_act": may_act,
        "study": intervention.is_study,
        "texts": bench_texts(),
    }

"""The report as a PDF of one A4 page, set by Typst. Texts go in as data, so no learner text is ever read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import typst

from etabli.physics.text import Text
from etabli.report.intervention import Form, Report, build_report
from etabli.report.words import WORDS

_TEMPLATE = "compte_rendu.typ"


def report_pdf(report: Report) -> bytes:
    """Set ``report``: a tagged A4 PDF of one page (the type shrinks a little where the page is full)."""
    data = json.dumps({"report": asdict(report), "words": WORDS[report.language]}, ensure_ascii=False)
    template = files("etabli.report").joinpath("templates", _TEMPLATE).read_bytes()
    pdf = typst.compile(template, sys_inputs={"data": data}, ignore_system_fonts=True)
    return bytes(pdf)


def intervention_report(
    evidence: Mapping[str, Any], modes: Mapping[str, Text], form: Form | None = None, language: str = "fr"
) -> bytes:
    """The intervention report of a bench as a PDF; arguments as :func:`etabli.report.intervention.build_report`."""
    return report_pdf(build_report(evidence, modes, form, language))

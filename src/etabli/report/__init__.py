"""Reports: what a bench can prove, set as a document."""

from etabli.report.document import intervention_report, report_pdf
from etabli.report.intervention import Form, Measurement, Report, build_report

__all__ = ["Form", "Measurement", "Report", "build_report", "intervention_report", "report_pdf"]

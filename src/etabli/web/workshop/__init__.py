"""The workshop: interventions, the bench page, the live link, the teacher's page."""

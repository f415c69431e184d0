"""What was done on a bench leaves the disk with its intervention, so that deleting an account deletes everything."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from etabli.bench.client import HostError
from etabli.web.workshop import hosts
from etabli.web.workshop.models import Intervention

logger = logging.getLogger(__name__)


def follow() -> None:
    """Follow the deletions of interventions, also those that come with an account."""
    post_delete.connect(_deleted, sender=Intervention, dispatch_uid="workshop.erasure")


def _deleted(instance: Intervention, **_kwargs: Any) -> None:
    transaction.on_commit(partial(erase, instance.journal))  # a deletion that is undone must lose nothing


def erase(journal: Path) -> None:
    """Delete a journal, its snapshots and the journals of earlier attempts, once the host has let go of the bench."""
    with suppress(HostError):  # not in memory: nothing to let go of
        hosts.ask("close", bench=journal.stem)
    for path in journal.parent.glob(f"{journal.stem}.*"):
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            logger.error("%s could not be deleted: %s", path, error)

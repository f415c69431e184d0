"""A text shown to people, in the two languages of the product (French is the source language)."""

from __future__ import annotations

import errno
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text in French and English, e.g. ``Text("bobine coupée", "coil open")``."""

    fr: str
    en: str

    def get(self, language: str) -> str:
        """Return the text in ``language`` ("fr" or "en"); any other code gives French."""
        return self.en if language.startswith("en") else self.fr


_REASONS = {
    errno.ENOENT: "fichier ou dossier absent",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "opération interdite",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota du disque atteint",
    errno.ENAMETOOLONG: "nom trop long",
}


def system_reason(error: OSError) -> Text:
    """What the system says of a file, e.g. "disque plein"; what is rare is left in its own words."""
    said = error.strerror or str(error)
    return Text(_REASONS.get(error.errno or 0, said), said)


def unwritable(path: object, error: OSError) -> tuple[Text, Text]:
    """A file that cannot be written, and its mend."""
    why = system_reason(error)
    return (
        Text(f"{path} : écriture impossible ({why.fr})", f"{path}: cannot be written ({why.en})"),
        Text("choisir un autre fichier, dans un dossier existant", "choose another file, in a folder that exists"),
    )

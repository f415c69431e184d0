"""What the controls of a component are called, and their positions where 0 and 1 would say nothing to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etabli.bench.plant import FLUIDS
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.plant import Control, Plant


@dataclass(frozen=True, slots=True)
class ControlWords:
    """Name of a control ("": that of its component) and of its positions 0 and 1 (none: they are engraved 0 and 1)."""

    name: Text
    positions: tuple[Text, ...] = ()

    def at(self, tag: str, value: float) -> Text:
        """Where it stands after a gesture, as one line of a journal."""
        if value in (0.0, 1.0) and self.positions:
            position = self.positions[int(value)]
        else:
            position = Text(f"position {value:g}", f"position {value:g}")
        parts = [part for part in (self.name, position) if part.fr]
        return Text(f"{tag} : {', '.join(p.fr for p in parts)}.", f"{tag}: {', '.join(p.en for p in parts)}.")


def _words(fr: str, en: str, *positions: tuple[str, str]) -> ControlWords:
    return ControlWords(Text(fr, en), tuple(Text(*each) for each in positions))


_REST = ("au repos", "at rest")
_HANDLE = _words("", "")
_VALVE = _words("", "", ("fermée", "closed"), ("ouverte", "open"))
_WORDS = {
    "pressed": _words("", "", ("relâché", "released"), ("appuyé", "pressed")),
    "test": _words("bouton d'essai", "test button", ("relâché", "released"), ("enfoncé", "pushed in")),
    "pushed": _words("tête à la main", "head by hand", ("libre", "free"), ("poussée", "pushed")),
    "open": _words("", "", ("fermé", "closed"), ("ouvert", "open")),
    "override": _words("commande manuelle", "manual override", _REST, ("appuyée", "pressed")),
    "override_a": _words("commande manuelle a", "manual override a", _REST, ("appuyée", "pressed")),
    "override_b": _words("commande manuelle b", "manual override b", _REST, ("appuyée", "pressed")),
    "override_14": _words("commande manuelle 14", "manual override 14", _REST, ("appuyée", "pressed")),
    "override_12": _words("commande manuelle 12", "manual override 12", _REST, ("appuyée", "pressed")),
    "key": _words("clé de déverrouillage", "unlocking key", ("retirée", "out"), ("tournée", "turned")),
    "release": _words("levier de desserrage du frein", "brake release lever", _REST, ("tiré", "pulled")),
    "lever": _words("levier", "lever", _REST, ("tiré", "pulled")),
    "load": _words("charge à bord", "load on board", ("vide", "empty"), ("chargée", "loaded")),
    "hand": _words("main dans l'outil", "hand in the tool", ("dehors", "out"), ("dedans", "in")),
    "reset": _words("réarmement", "reset"),
    "drain": _words("robinet de purge", "drain cock", ("fermé", "closed"), ("ouvert", "open")),
    "interrupted": _words("faisceau", "beam", ("libre", "free"), ("coupé", "cut")),
    "part": _words(
        "pièce sous la ventouse", "part under the suction cup", ("absente", "absent"), ("présente", "present")
    ),
    "lift": _words("bras", "arm", ("en bas", "down"), ("en haut", "up")),
}
_OF_FAMILY = {
    ("overspeed_governor", "position"): _words(
        "levier d'armement", "arming lever", ("réarmement", "reset"), ("armé", "armed")
    )
}


def words_of(plant: Plant, control: Control) -> ControlWords:
    """The words of a control: those of its family, else of its name; a handle on air or oil is a valve's."""
    special = _OF_FAMILY.get((plant.family(control.tag), control.name))
    if special is not None:
        return special
    if control.name == "position":
        return _VALVE if any(port.domain in FLUIDS for port in plant.parts[control.tag].ports) else _HANDLE
    return _WORDS.get(control.name, _HANDLE)


def has_words(name: str) -> bool:
    """Whether a control of this name needs no other words than those here."""
    return name in _WORDS or name in ("position", "lock")

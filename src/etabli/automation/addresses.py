"""Addresses of inputs, outputs and memory: ``%IX0.0``, ``%QX0.0``, ``%MX1.2``, ``%IW4``, ``%MD8``.

``%I0.0`` and the Siemens writing ``I0.0`` mean ``%IX0.0``. Numbers count bytes, as Siemens does: ``%IW4`` covers
the bytes 4 and 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from etabli.automation.types import DataType
from etabli.physics.text import Text

_PATTERN: Final = re.compile(r"%?([IQME])([XBWD]?)(\d{1,5})(?:\.(\d{1,5}))?", re.IGNORECASE)
_TYPES_OF_SIZE: Final = {
    "X": (DataType.BOOL,),
    "W": (DataType.INT, DataType.UINT, DataType.WORD),
    "D": (DataType.DINT, DataType.REAL, DataType.TIME),
}
_SIZE_BITS: Final = {"X": 1, "W": 16, "D": 32}


class AddressError(ValueError):
    """The text is not an address; ``text`` says why and ``mend`` how to write it."""

    def __init__(self, text: Text, mend: Text) -> None:
        self.text = text
        self.mend = mend
        super().__init__(f"{text.fr} → {mend.fr}")


@dataclass(frozen=True, slots=True)
class Address:
    """One place of an image table."""

    area: str
    """``I`` (inputs), ``Q`` (outputs) or ``M`` (memory)."""
    size: str
    """``X`` (bit), ``W`` (16 bit) or ``D`` (32 bit)."""
    byte: int
    bit: int = 0

    def __str__(self) -> str:
        return f"%{self.area}{self.size}{self.byte}" + (f".{self.bit}" if self.size == "X" else "")

    @property
    def types(self) -> tuple[DataType, ...]:
        """The types a variable at this address may have; the first is taken when none is declared."""
        return _TYPES_OF_SIZE[self.size]

    def overlaps(self, other: Address) -> bool:
        """Whether both places share at least one bit."""
        if self.area != other.area:
            return False
        start, other_start = self.byte * 8 + self.bit, other.byte * 8 + other.bit
        return start < other_start + _SIZE_BITS[other.size] and other_start < start + _SIZE_BITS[self.size]


def parse_address(text: str) -> Address:
    """Read an address, or raise `AddressError` with the reason and the mend."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None or match[1].upper() == "E":
        raise AddressError(
            Text(f"adresse « {text} » inconnue", f"unknown address “{text}”"),
            Text(
                "écrire par exemple %IX0.0, %QX0.0, %MX0.0 ou %IW2",
                "write for example %IX0.0, %QX0.0, %MX0.0 or %IW2",
            ),
        )
    area, size, byte, bit = match[1].upper(), match[2].upper(), int(match[3]), match[4]
    if size == "B":
        word = f"%{area}W{byte}"
        raise _refused(
            text,
            ("l'octet n'est pas un type de ce langage", "bytes are not supported"),
            (f"utiliser un mot : {word}", f"use a word: {word}"),
        )
    if size in ("W", "D"):
        return _word(text, area, size, byte, bit)
    return _bit(text, area, byte, None if bit is None else int(bit))


def _word(text: str, area: str, size: str, byte: int, bit: str | None) -> Address:
    if bit is None:
        return Address(area, size, byte)
    word, single = f"%{area}{size}{byte}", f"%{area}X{byte}.{bit}"
    raise _refused(
        text,
        ("un mot n'a pas de numéro de bit", "a word has no bit number"),
        (f"écrire {word} ou {single}", f"write {word} or {single}"),
    )


def _bit(text: str, area: str, byte: int, bit: int | None) -> Address:
    if bit is None:
        first = f"%{area}X{byte}.0"
        raise _refused(
            text,
            ("il manque le numéro de bit", "the bit number is missing"),
            (f"écrire {first}", f"write {first}"),
        )
    if bit > 7:
        meant = f"%{area}X{byte + bit // 8}.{bit % 8}"
        raise _refused(
            text,
            ("le bit va de 0 à 7", "the bit goes from 0 to 7"),
            (f"écrire {meant}", f"write {meant}"),
        )
    return Address(area, "X", byte, bit)


def _refused(text: str, why: tuple[str, str], mend: tuple[str, str]) -> AddressError:
    """A known kind of address, wrongly written; French and English."""
    return AddressError(Text(f"adresse « {text} » : {why[0]}", f"address “{text}”: {why[1]}"), Text(*mend))

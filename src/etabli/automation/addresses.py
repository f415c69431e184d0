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
        raise AddressError(
            Text(
                f"adresse « {text} » : l'octet n'est pas un type de ce langage",
                f"address “{text}”: bytes are not supported",
            ),
            Text(f"utiliser un mot : %{area}W{byte}", f"use a word: %{area}W{byte}"),
        )
    if size in ("W", "D"):
        if bit is None:
            return Address(area, size, byte)
        raise AddressError(
            Text(
                f"adresse « {text} » : un mot n'a pas de numéro de bit",
                f"address “{text}”: a word has no bit number",
            ),
            Text(
                f"écrire %{area}{size}{byte} ou %{area}X{byte}.{bit}",
                f"write %{area}{size}{byte} or %{area}X{byte}.{bit}",
            ),
        )
    if bit is None:
        raise AddressError(
            Text(
                f"adresse « {text} » : il manque le numéro de bit",
                f"address “{text}”: the bit number is missing",
            ),
            Text(f"écrire %{area}X{byte}.0", f"write %{area}X{byte}.0"),
        )
    if int(bit) > 7:
        raise AddressError(
            Text(f"adresse « {text} » : le bit va de 0 à 7", f"address “{text}”: the bit goes from 0 to 7"),
            Text(
                f"écrire %{area}X{byte + int(bit) // 8}.{int(bit) % 8}",
                f"write %{area}X{byte + int(bit) // 8}.{int(bit) % 8}",
            ),
        )
    return Address(area, "X", byte, int(bit))

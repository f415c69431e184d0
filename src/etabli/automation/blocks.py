"""The standard function blocks: pins, hidden state and law. All state lives in slots of the PLC.

A law is a few lines over the names of the pins; ``now`` is the simulated time of the scan in microseconds. The code
generator puts slot variables in place of the names in braces.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from etabli.automation.types import DataType


class BlockKind(StrEnum):
    """A standard block, named as in IEC 61131-3."""

    TON = "TON"
    TOF = "TOF"
    TP = "TP"
    CTU = "CTU"
    CTD = "CTD"
    CTUD = "CTUD"
    R_TRIG = "R_TRIG"
    F_TRIG = "F_TRIG"
    SR = "SR"
    RS = "RS"


@dataclass(frozen=True, slots=True)
class Pin:
    """An input, an output or a hidden memory of a block."""

    name: str
    type: DataType


@dataclass(frozen=True, slots=True)
class Block:
    """The description of one kind of block."""

    kind: BlockKind
    inputs: tuple[Pin, ...]
    outputs: tuple[Pin, ...]
    hidden: tuple[Pin, ...]
    law: str

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Everything that takes a slot, in slot order."""
        return self.inputs + self.outputs + self.hidden

    def index(self, name: str) -> int | None:
        """Place of an input or output pin in the slots of an instance (capitals do not matter)."""
        for index, pin in enumerate(self.inputs + self.outputs):
            if pin.name == name.upper():
                return index
        return None

    def is_input(self, index: int) -> bool:
        """Whether the pin at ``index`` is an input."""
        return index < len(self.inputs)


def _pins(text: str) -> tuple[Pin, ...]:
    """Read ``"IN:BOOL PT:TIME"``."""
    return tuple(Pin(name, DataType(type_name)) for name, type_name in (item.split(":") for item in text.split()))


def _block(kind: BlockKind, inputs: str, outputs: str, hidden: str, law: str) -> Block:
    return Block(kind, _pins(inputs), _pins(outputs), _pins(hidden), law.strip("\n"))


# TON: Q when IN has been true for at least PT; IN false clears Q and ET.
_TON: Final = """
if {IN}:
 if not {RUN}:
  {RUN} = True
  {START} = now
 {ET} = now - {START}
 {Q} = {ET} >= {PT}
 if {Q}:
  {ET} = {PT}
else:
 {Q} = {RUN} = False
 {ET} = 0
"""

# TOF: Q with IN; Q falls when IN has been false for PT.
_TOF: Final = """
if {IN}:
 {Q} = True
 {RUN} = False
 {ET} = 0
elif {Q}:
 if not {RUN}:
  {RUN} = True
  {START} = now
 {ET} = now - {START}
 if {ET} >= {PT}:
  {ET} = {PT}
  {Q} = {RUN} = False
"""

# TP: pulse of length PT on a rising edge; edges during the pulse do nothing. ET stays at PT as long as IN is true.
_TP: Final = """
if {Q}:
 {ET} = now - {START}
 if {ET} >= {PT}:
  {Q} = False
  {ET} = {PT} if {IN} else 0
elif {IN} and not {M}:
 {START} = now
 {ET} = 0
 {Q} = {PT} > 0
elif not {IN}:
 {ET} = 0
{M} = {IN}
"""

# Counters stop at the limits of INT. R wins over LD, both win over counting.
_CTU: Final = """
if {R}:
 {CV} = 0
elif {CU} and not {M} and {CV} < 32767:
 {CV} += 1
{M} = {CU}
{Q} = {CV} >= {PV}
"""

_CTD: Final = """
if {LD}:
 {CV} = {PV}
elif {CD} and not {M} and {CV} > -32768:
 {CV} -= 1
{M} = {CD}
{Q} = {CV} <= 0
"""

_CTUD: Final = """
if {R}:
 {CV} = 0
elif {LD}:
 {CV} = {PV}
elif ({CU} and not {MU}) != ({CD} and not {MD}):
 if {CU} and not {MU}:
  if {CV} < 32767:
   {CV} += 1
 elif {CV} > -32768:
  {CV} -= 1
{MU} = {CU}
{MD} = {CD}
{QU} = {CV} >= {PV}
{QD} = {CV} <= 0
"""

# M starts FALSE: F_TRIG gives one pulse on the first call with CLK false, as IEC 61131-3 writes it.
_R_TRIG: Final = """
{Q} = {CLK} and not {M}
{M} = {CLK}
"""

_F_TRIG: Final = """
{Q} = not {CLK} and not {M}
{M} = not {CLK}
"""

_SR: Final = """
{Q1} = {S1} or ({Q1} and not {R})
"""

_RS: Final = """
{Q1} = not {R1} and ({S} or {Q1})
"""

_TIMER: Final = ("IN:BOOL PT:TIME", "Q:BOOL ET:TIME")

BLOCKS: Final = {
    block.kind: block
    for block in (
        _block(BlockKind.TON, *_TIMER, "RUN:BOOL START:TIME", _TON),
        _block(BlockKind.TOF, *_TIMER, "RUN:BOOL START:TIME", _TOF),
        _block(BlockKind.TP, *_TIMER, "M:BOOL START:TIME", _TP),
        _block(BlockKind.CTU, "CU:BOOL R:BOOL PV:INT", "Q:BOOL CV:INT", "M:BOOL", _CTU),
        _block(BlockKind.CTD, "CD:BOOL LD:BOOL PV:INT", "Q:BOOL CV:INT", "M:BOOL", _CTD),
        _block(
            BlockKind.CTUD,
            "CU:BOOL CD:BOOL R:BOOL LD:BOOL PV:INT", "QU:BOOL QD:BOOL CV:INT", "MU:BOOL MD:BOOL",
            _CTUD,
        ),
        _block(BlockKind.R_TRIG, "CLK:BOOL", "Q:BOOL", "M:BOOL", _R_TRIG),
        _block(BlockKind.F_TRIG, "CLK:BOOL", "Q:BOOL", "M:BOOL", _F_TRIG),
        _block(BlockKind.SR, "S1:BOOL R:BOOL", "Q1:BOOL", "", _SR),
        _block(BlockKind.RS, "S:BOOL R1:BOOL", "Q1:BOOL", "", _RS),
    )
}  # fmt: skip

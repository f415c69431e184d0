"""The PLC: Structured Text to a program, a program to scans. It reads inputs and writes outputs, nothing else."""

from etabli.automation.messages import Message, Position, ProgramError, Severity
from etabli.automation.plc import Diagnostic, DiagnosticCode, Mode, Plc, PlcError
from etabli.automation.program import Program, compile_st
from etabli.automation.symbols import Variable, VariableKind
from etabli.automation.types import DataType, Value, format_time, format_value
from etabli.automation.usage import CrossReference

__all__ = [
    "CrossReference",
    "DataType",
    "Diagnostic",
    "DiagnosticCode",
    "Message",
    "Mode",
    "Plc",
    "PlcError",
    "Position",
    "Program",
    "ProgramError",
    "Severity",
    "Value",
    "Variable",
    "VariableKind",
    "compile_st",
    "format_time",
    "format_value",
]

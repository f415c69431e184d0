"""Checks of the PLC: program, card, input-output table, wiring of the channels, alarms."""

from __future__ import annotations

from etabli.automation import DataType, Program, Variable
from etabli.automation.addresses import AddressError, parse_address
from etabli.machines.draft import PROGRAM, SHEET, WIRES, Draft
from etabli.machines.model import IoLine, Machine
from etabli.machines.source import suggestion
from etabli.physics.text import Text


def check_program(draft: Draft, machine: Machine) -> None:
    """Note every mistake between program.st, the card of the PLC and the input-output table."""
    plc = draft.placed.get(machine.plc)
    if plc is None or not isinstance(machine.program, Program):
        return
    program = machine.program
    channels = {port.name for port in plc.ports if _is_channel(port.name)}
    _check_card(draft, program, channels)
    _check_table(draft, machine, program, channels)
    _check_wired(draft, machine, program, channels)
    _check_alarms(draft, machine, program)


def _is_channel(name: str) -> bool:
    return name[:1] in {"I", "Q"} and "." in name


def channel_of(address: str) -> str:
    """Name on the card of a program address: ``%IX0.3`` is ``I0.3``; "" when it is not a bit of the card."""
    try:
        parsed = parse_address(address)
    except AddressError:
        return ""
    return f"{parsed.area}{parsed.byte}.{parsed.bit}" if parsed.area in {"I", "Q"} and parsed.size == "X" else ""


def _line(program: Program, variable: Variable) -> int:
    return variable.line


def _check_card(draft: Draft, program: Program, channels: set[str]) -> None:
    for variable in (*program.inputs, *program.outputs):
        if variable.address is None:
            draft.problems.error(
                PROGRAM,
                _line(program, variable),
                Text(f"la variable {variable.name} n'a pas d'adresse", f"the variable {variable.name} has no address"),
                Text(
                    f"écrire {variable.name} AT %IX0.0 : BOOL; (ou %QX…)",
                    f"write {variable.name} AT %IX0.0 : BOOL; (or %QX…)",
                ),
            )
            continue
        if channel_of(variable.address) in channels:
            continue
        draft.problems.error(
            PROGRAM,
            _line(program, variable),
            Text(
                f"{variable.name} : l'adresse {variable.address} n'existe pas sur la carte",
                f"{variable.name}: the address {variable.address} is not on the card",
            ),
            suggestion(channel_of(variable.address) or variable.address, channels),
        )


def _check_table(draft: Draft, machine: Machine, program: Program, channels: set[str]) -> None:
    for line in machine.io:
        place = draft.sheet.line("io", line.address) if draft.sheet else 1
        if line.address not in channels:
            draft.problems.error(
                SHEET,
                place,
                Text(
                    f"table E/S : la voie {line.address} n'existe pas sur la carte",
                    f"input-output table: the channel {line.address} is not on the card",
                ),
                suggestion(line.address, channels),
            )
            continue
        _check_table_line(draft, program, line, place)
    listed = {line.address for line in machine.io}
    for variable in (*program.inputs, *program.outputs):
        channel = channel_of(variable.address or "")
        if channel in channels and channel not in listed:
            draft.problems.error(
                SHEET,
                draft.sheet.line("io") if draft.sheet else 1,
                Text(
                    f"table E/S : {channel} ({variable.name}) n'y est pas",
                    f"input-output table: {channel} ({variable.name}) is not in it",
                ),
                Text(
                    f'ajouter {channel}: {{variable: {variable.name}, text: {{fr: "…", en: "…"}}}}',
                    f'add {channel}: {{variable: {variable.name}, text: {{fr: "…", en: "…"}}}}',
                ),
            )


def _check_table_line(draft: Draft, program: Program, line: IoLine, place: int) -> None:
    variable = program.variable(line.variable)
    names = [v.name for v in program.variables]
    if variable is None:
        draft.problems.error(
            SHEET,
            place,
            Text(
                f"table E/S : la variable {line.variable} n'est pas dans le programme",
                f"input-output table: the variable {line.variable} is not in the program",
            ),
            suggestion(line.variable, names),
        )
    elif variable.address is None:
        draft.problems.error(
            PROGRAM,
            _line(program, variable),
            Text(f"la variable {line.variable} n'a pas d'adresse", f"the variable {line.variable} has no address"),
            Text(
                f"écrire {line.variable} AT %{line.address[0]}X{line.address[1:]} : BOOL;",
                f"write {line.variable} AT %{line.address[0]}X{line.address[1:]} : BOOL;",
            ),
        )
    elif (declared := channel_of(variable.address)) != line.address:
        draft.problems.error(
            SHEET,
            place,
            Text(
                f"table E/S : {line.variable} est en {declared} dans le programme, pas en {line.address}",
                f"input-output table: {line.variable} is at {declared} in the program, not at {line.address}",
            ),
            Text("corriger l'une des deux adresses", "mend one of the two addresses"),
        )


def _check_wired(draft: Draft, machine: Machine, program: Program, channels: set[str]) -> None:
    wired: dict[str, str] = {}
    for wire in draft.wires.values():
        for end in (wire.a, wire.b):
            tag, _, port = end.partition(":")
            if tag == machine.plc and port in channels:
                wired[port] = wire.tag
    used = {channel_of(v.address): v for v in (*program.inputs, *program.outputs) if v.address is not None}
    for channel, wire_tag in wired.items():
        if channel not in used:
            draft.problems.warning(
                WIRES,
                draft.lines[wire_tag],
                Text(
                    f"{machine.plc}:{channel} est câblé ({wire_tag}) mais le programme ne s'en sert pas",
                    f"{machine.plc}:{channel} is wired ({wire_tag}) but the program does not use it",
                ),
                Text(
                    f"déclarer une variable AT %{channel[0]}X{channel[1:]} ou enlever le fil",
                    f"declare a variable AT %{channel[0]}X{channel[1:]} or remove the wire",
                ),
            )
    for channel, variable in used.items():
        if channel in channels and channel not in wired and not draft.incomplete:
            draft.problems.error(
                PROGRAM,
                _line(program, variable),
                Text(
                    f"{variable.name} : rien n'est câblé sur {machine.plc}:{channel}",
                    f"{variable.name}: nothing is wired to {machine.plc}:{channel}",
                ),
                Text(
                    f"ajouter dans wires.csv le fil de {machine.plc}:{channel}, ou corriger l'adresse",
                    f"add the wire of {machine.plc}:{channel} to wires.csv, or mend the address",
                ),
            )


def _check_alarms(draft: Draft, machine: Machine, program: Program) -> None:
    for alarm in machine.alarms:
        variable = program.variable(alarm.variable)
        if variable is not None and variable.type is DataType.BOOL:
            continue
        names = [v.name for v in program.variables if v.type is DataType.BOOL]
        draft.problems.error(
            SHEET,
            draft.sheet.line("alarms", alarm.variable) if draft.sheet else 1,
            Text(
                f"alarme {alarm.variable} : pas de variable BOOL de ce nom dans le programme",
                f"alarm {alarm.variable}: the program has no BOOL variable of this name",
            ),
            suggestion(alarm.variable, names),
        )

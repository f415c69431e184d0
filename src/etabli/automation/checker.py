"""Checks declarations and statements: syntax tree to intermediate form, with all messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from etabli.automation import ir, syntax
from etabli.automation.blocks import BLOCKS, BlockKind
from etabli.automation.codegen import constant_value
from etabli.automation.expressions import ExpressionChecker, variables_of
from etabli.automation.messages import MessageList, Position
from etabli.automation.runtime import CpuFault
from etabli.automation.symbols import Symbol, SymbolTable
from etabli.automation.types import INTEGERS, DataType, Value, round_real
from etabli.automation.usage import Usage
from etabli.physics.text import Text

MAX_RANGES: Final = 1000
"""Labels in one CASE."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of the checks; ``unit`` only means something when no error was found."""

    unit: ir.Unit
    symbols: SymbolTable
    usage: Usage


def check(source: syntax.Source, messages: MessageList) -> Checked:
    """Check a whole program."""
    symbols, usage = SymbolTable(messages), Usage()
    checker = _Checker(symbols, messages, usage, ExpressionChecker(symbols, messages, usage))
    checker.declarations(source.declarations)
    network_id = next(checker.expressions.ids)
    body = checker.statements(source.body)
    if not messages.has_errors:  # a broken statement would make its variables look unused
        usage.warn(symbols, messages)
    network = ir.Network(network_id, Position(1, 1), source.name, body)
    return Checked(ir.Unit(source.name, (network,), tuple(symbols.slots)), symbols, usage)


@dataclass(slots=True)
class _Checker:
    symbols: SymbolTable
    messages: MessageList
    usage: Usage
    expressions: ExpressionChecker
    loop_depth: int = 0
    loop_variables: list[str] = field(default_factory=list)

    def _id(self) -> int:
        return next(self.expressions.ids)

    # --- declarations -------------------------------------------------------------------------------------------

    def declarations(self, declarations: tuple[syntax.Declaration, ...]) -> None:
        """Declare every name, with its initial value and the presets of its block."""
        for declaration in declarations:
            self.symbols.declare(declaration, self._initial(declaration), self._presets(declaration))

    def _initial(self, declaration: syntax.Declaration) -> Value | None:
        upper = declaration.type_name.upper()
        if declaration.initial is None:
            if declaration.constant:
                self.messages.error(
                    declaration.at,
                    Text(
                        f"la constante « {declaration.name} » n'a pas de valeur",
                        f"the constant “{declaration.name}” has no value",
                    ),
                    Text("ajouter « := valeur »", "add “:= value”"),
                )
            return None
        if upper in BlockKind.__members__:
            pin = BLOCKS[BlockKind(upper)].inputs[-1]
            self.messages.error(
                declaration.initial.at,
                Text(
                    f"un bloc {upper} ne reçoit pas une valeur simple",
                    f"a block {upper} does not take a plain value",
                ),
                Text(f"écrire « := ({pin.name} := …) »", f"write “:= ({pin.name} := …)”"),
            )
            return None
        if upper not in DataType.__members__:
            return None
        return self._constant(declaration.initial, DataType(upper))

    def _presets(self, declaration: syntax.Declaration) -> dict[str, Value]:
        upper = declaration.type_name.upper()
        if not declaration.presets:
            return {}
        if upper not in BlockKind.__members__:
            self.messages.error(
                declaration.presets[0].at,
                Text(f"« {declaration.name} » n'est pas un bloc", f"“{declaration.name}” is not a block"),
                Text("écrire « := valeur »", "write “:= value”"),
            )
            return {}
        block, presets = BLOCKS[BlockKind(upper)], {}
        for preset in declaration.presets:
            pin = next((pin for pin in block.inputs if pin.name == str(preset.name).upper()), None)
            if pin is None:
                known = ", ".join(pin.name for pin in block.inputs)
                self.messages.error(
                    preset.at,
                    Text(f"{upper} n'a pas d'entrée « {preset.name} »", f"{upper} has no input “{preset.name}”"),
                    Text(f"choisir parmi : {known}", f"choose among: {known}"),
                )
                continue
            value = self._constant(preset.value, pin.type)
            if value is not None:
                presets[pin.name] = value
        return presets

    def _constant(self, expression: syntax.Expression, data_type: DataType) -> Value | None:
        """The value of a constant expression, or None after a message."""
        checked = self.expressions.typed(expression, data_type)
        if checked is None:
            return None
        variables = variables_of(checked)
        if variables:
            self.messages.error(
                variables[0].at,
                Text(f"« {variables[0].name} » n'est pas constant", f"“{variables[0].name}” is not constant"),
                Text(
                    "écrire un nombre ou une constante (VAR CONSTANT)",
                    "write a number or a constant (VAR CONSTANT)",
                ),
            )
            return None
        try:
            value = constant_value(checked)
        except CpuFault:
            self.messages.error(
                expression.at,
                Text("division par zéro", "division by zero"),
                Text("diviser par une valeur non nulle", "divide by a value other than zero"),
            )
            return None
        return round_real(value) if data_type is DataType.REAL else value

    # --- statements ---------------------------------------------------------------------------------------------

    def statements(self, statements: tuple[syntax.Statement, ...]) -> tuple[ir.Statement, ...]:
        """Check statements one after the other; those with an error are left out."""
        checked: list[ir.Statement] = []
        for index, statement in enumerate(statements):
            result = self._statement(statement)
            if result is not None:
                checked.append(result)
            if isinstance(statement, syntax.Exit | syntax.Return) and index + 1 < len(statements):
                word = "EXIT" if isinstance(statement, syntax.Exit) else "RETURN"
                self.messages.warning(
                    statements[index + 1].at,
                    Text(
                        f"instruction jamais exécutée : elle suit {word}",
                        f"statement never run: it follows {word}",
                    ),
                    Text(f"la supprimer ou déplacer {word}", f"remove it or move {word}"),
                )
        return tuple(checked)

    def _arm(self, node: int, arm: int, statements: tuple[syntax.Statement, ...]) -> tuple[ir.Statement, ...]:
        """Statements of one branch of the IF or CASE ``node``."""
        outer = self.expressions.path
        self.expressions.path = (*outer, (node, arm))
        checked = self.statements(statements)
        self.expressions.path = outer
        return checked

    def _statement(self, statement: syntax.Statement) -> ir.Statement | None:
        match statement:
            case syntax.Assign():
                return self._assign(statement)
            case syntax.CallStatement():
                return self._call(statement)
            case syntax.If():
                return self._if(statement)
            case syntax.Case():
                return self._case(statement)
            case syntax.For():
                return self._for(statement)
            case syntax.While():
                return self._while(statement)
            case syntax.Repeat():
                return self._repeat(statement)
            case syntax.Exit():
                return self._exit(statement)
            case syntax.Return():
                self.usage.epoch += 1
                return ir.Return(self._id(), statement.at)

    def _assign(self, statement: syntax.Assign) -> ir.Assign | None:
        value = self.expressions.check(statement.value)
        target = self.expressions.target(statement.target)
        if target is None or value is None:
            return None
        if target.name in self.loop_variables:
            self.messages.warning(
                statement.at,
                Text(
                    f"« {target.name} » est le compteur de la boucle FOR",
                    f"“{target.name}” is the counter of the FOR loop",
                ),
                Text("ne pas l'écrire dans la boucle", "do not write it inside the loop"),
            )
        fitted = self.expressions.adapt(value, target.type)
        return None if fitted is None else ir.Assign(self._id(), statement.at, target, fitted)

    def _condition(self, expression: syntax.Expression) -> ir.Expression | None:
        return self.expressions.typed(expression, DataType.BOOL)

    def _if(self, statement: syntax.If) -> ir.If | None:
        node, complete, arms = self._id(), True, []
        for index, arm in enumerate(statement.arms):
            condition = self._condition(arm.condition)
            body = self._arm(node, index, arm.body)
            if condition is None:
                complete = False
            else:
                arms.append(ir.Arm(arm.at, condition, body))
        orelse = self._arm(node, len(statement.arms), statement.orelse)
        return ir.If(node, statement.at, tuple(arms), orelse) if complete else None

    def _case(self, statement: syntax.Case) -> ir.Case | None:
        node = self._id()
        selector = self.expressions.free(statement.selector)
        if selector is not None and selector.type not in INTEGERS:
            self.messages.error(
                statement.selector.at,
                Text(
                    f"CASE demande un entier, pas {selector.type}",
                    f"CASE needs an integer, not {selector.type}",
                ),
                Text("utiliser une variable INT, DINT ou UINT", "use an INT, DINT or UINT variable"),
            )
            selector = None
        data_type = selector.type if selector is not None else DataType.DINT
        seen: list[tuple[int, int, int]] = []
        arms = []
        for index, arm in enumerate(statement.arms):
            ranges = [found for label in arm.labels if (found := self._range(label, data_type, seen)) is not None]
            arms.append(ir.CaseArm(arm.at, tuple(ranges), self._arm(node, index, arm.body)))
        orelse = self._arm(node, len(statement.arms), statement.orelse)
        if len(seen) > MAX_RANGES:
            self.messages.error(
                statement.at,
                Text(f"CASE a plus de {MAX_RANGES} étiquettes", f"CASE has more than {MAX_RANGES} labels"),
                Text("employer des plages : 1..50", "use ranges: 1..50"),
            )
        return None if selector is None else ir.Case(node, statement.at, selector, tuple(arms), orelse)

    def _range(
        self, label: syntax.Label, data_type: DataType, seen: list[tuple[int, int, int]]
    ) -> tuple[int, int] | None:
        low = self._constant(label.low, data_type)
        high = low if label.high is None else self._constant(label.high, data_type)
        if low is None or high is None:
            return None
        if high < low:
            self.messages.error(
                label.at,
                Text(
                    f"plage vide : {low} est plus grand que {high}",
                    f"empty range: {low} is larger than {high}",
                ),
                Text(f"écrire {high}..{low}", f"write {high}..{low}"),
            )
            return None
        for first, last, line in seen:
            if first <= high and low <= last:
                self.messages.warning(
                    label.at,
                    Text(
                        f"cette étiquette est déjà traitée ligne {line}",
                        f"this label is already handled at line {line}",
                    ),
                    Text(
                        "la première étiquette l'emporte ; supprimer l'une des deux",
                        "the first label wins; remove one of them",
                    ),
                )
                break
        seen.append((int(low), int(high), label.at.line))
        return int(low), int(high)

    def _loop(self, statements: tuple[syntax.Statement, ...]) -> tuple[ir.Statement, ...]:
        self.loop_depth += 1
        checked = self.statements(statements)
        self.loop_depth -= 1
        return checked

    def _for(self, statement: syntax.For) -> ir.For | None:
        variable = self.expressions.target(statement.variable)
        if variable is not None and variable.type not in INTEGERS:
            self.messages.error(
                statement.variable.at,
                Text(
                    f"le compteur de FOR doit être un entier, pas {variable.type}",
                    f"the counter of FOR must be an integer, not {variable.type}",
                ),
                Text(f"déclarer « {variable.name} : INT; »", f"declare “{variable.name} : INT;”"),
            )
            variable = None
        bounds = (
            statement.start,
            statement.stop,
            statement.step or syntax.Constant(statement.at, DataType.INT, 1, flexible=True),
        )
        if variable is None:
            for bound in bounds:
                self.expressions.check(bound)
            self._loop(statement.body)
            return None
        start, stop, step = (self.expressions.typed(bound, variable.type) for bound in bounds)
        if isinstance(step, ir.Literal) and step.value == 0:
            self.messages.error(
                step.at,
                Text("le pas de la boucle FOR est nul", "the step of the FOR loop is zero"),
                Text("écrire BY 1 ou BY -1", "write BY 1 or BY -1"),
            )
        self.loop_variables.append(variable.name)
        body = self._loop(statement.body)
        self.loop_variables.pop()
        if start is None or stop is None or step is None:
            return None
        return ir.For(self._id(), statement.at, variable, start, stop, step, body)

    def _while(self, statement: syntax.While) -> ir.While | None:
        condition = self._condition(statement.condition)
        body = self._loop(statement.body)
        return None if condition is None else ir.While(self._id(), statement.at, condition, body)

    def _repeat(self, statement: syntax.Repeat) -> ir.Repeat | None:
        body = self._loop(statement.body)
        until = self._condition(statement.until)
        return None if until is None else ir.Repeat(self._id(), statement.at, body, until)

    def _exit(self, statement: syntax.Exit) -> ir.Exit | None:
        if self.loop_depth:
            return ir.Exit(self._id(), statement.at)
        self.messages.error(
            statement.at,
            Text("EXIT hors d'une boucle", "EXIT outside a loop"),
            Text(
                "écrire RETURN pour finir le programme, ou supprimer EXIT",
                "write RETURN to end the program, or remove EXIT",
            ),
        )
        return None

    # --- block calls --------------------------------------------------------------------------------------------

    def _call(self, statement: syntax.CallStatement) -> ir.BlockCall | None:
        symbol = self._called(statement)
        if symbol is None or symbol.block is None:
            for argument in statement.arguments:
                if not argument.is_output:
                    self.expressions.check(argument.value)
            return None
        block, name, first = symbol.block, symbol.variable.name, symbol.variable.slot
        assert first is not None
        inputs: list[ir.Assign] = []
        outputs: list[syntax.Argument] = []
        given: set[int] = set()
        for position, argument in enumerate(statement.arguments):
            if argument.is_output:
                outputs.append(argument)
                continue
            index = self._pin_of(argument, position, symbol, statement, given)
            value = (
                self.expressions.check(argument.value) if index is None else self._pin_value(argument, symbol, index)
            )
            if index is not None and value is not None:
                pin = block.pins[index]
                target = ir.Load(self._id(), argument.at, pin.type, first + index, f"{name}.{pin.name}")
                inputs.append(ir.Assign(self._id(), argument.at, target, value))
        self.usage.write(name, statement.at, self.expressions.path)
        copies = [self._output(argument, symbol) for argument in outputs]
        return ir.BlockCall(
            self._id(), statement.at, name, block.kind, first, tuple(inputs),
            tuple(copy for copy in copies if copy is not None),
        )  # fmt: skip

    def _called(self, statement: syntax.CallStatement) -> Symbol | None:
        name = statement.name.upper()
        if name in BlockKind.__members__:
            self.messages.error(
                statement.at,
                Text(
                    f"« {statement.name} » est un type de bloc, pas un bloc",
                    f"“{statement.name}” is a type of block, not a block",
                ),
                Text(
                    f"déclarer « bloc1 : {name}; » et écrire « bloc1(…); »",
                    f"declare “block1 : {name};” and write “block1(…);”",
                ),
            )
            return None
        if name in ir.Function.__members__ or "_TO_" in name:
            self.messages.error(
                statement.at,
                Text(f"le résultat de {name} n'est pas utilisé", f"the result of {name} is not used"),
                Text(f"écrire « variable := {name}(…); »", f"write “variable := {name}(…);”"),
            )
            return None
        symbol = self.symbols.find(statement.name, statement.at)
        if symbol is not None and symbol.block is None:
            self.messages.error(
                statement.at,
                Text(
                    f"« {statement.name} » n'est pas un bloc : on ne peut pas l'appeler",
                    f"“{statement.name}” is not a block: it cannot be called",
                ),
                Text(
                    f"écrire « {statement.name} := …; », ou le déclarer comme TON, CTU…",
                    f"write “{statement.name} := …;”, or declare it as TON, CTU…",
                ),
            )
        return symbol

    def _pin_of(
        self,
        argument: syntax.Argument,
        position: int,
        symbol: Symbol,
        statement: syntax.CallStatement,
        given: set[int],
    ) -> int | None:
        """Which input an argument feeds: by its name, or by its place when no argument is named."""
        block = symbol.block
        assert block is not None
        inputs = [pin.name for pin in block.inputs]
        index = block.index(argument.name) if argument.name is not None else position
        if argument.name is None and any(other.name for other in statement.arguments):
            names = ", ".join(f"{name} := …" for name in inputs)
            self.messages.error(
                argument.at,
                Text(
                    "cette valeur n'a pas de nom, les autres en ont un", "this value has no name, the others have one"
                ),
                Text(f"la nommer : {names}", f"name it: {names}"),
            )
            return None
        if index is None or not block.is_input(index):
            self._not_an_input(argument, index, symbol, inputs)
            return None
        if index in given:
            self.messages.error(
                argument.at,
                Text(
                    f"l'entrée {inputs[index]} est donnée deux fois",
                    f"the input {inputs[index]} is given twice",
                ),
                Text("n'en garder qu'une", "keep only one"),
            )
            return None
        given.add(index)
        return index

    def _not_an_input(self, argument: syntax.Argument, index: int | None, symbol: Symbol, inputs: list[str]) -> None:
        name, listed = symbol.variable.name, ", ".join(inputs)
        if argument.name is None:
            self.messages.error(
                argument.at,
                Text(
                    f"trop de valeurs pour « {name} » ({symbol.variable.type})",
                    f"too many values for “{name}” ({symbol.variable.type})",
                ),
                Text(f"ses entrées sont : {listed}", f"its inputs are: {listed}"),
            )
        elif index is None:
            self.expressions.unknown_pin(argument.at, name, argument.name, symbol, inputs)
        else:
            self.messages.error(
                argument.at,
                Text(
                    f"{argument.name} est une sortie de « {name} »",
                    f"{argument.name} is an output of “{name}”",
                ),
                Text(f"écrire « {argument.name} => variable »", f"write “{argument.name} => variable”"),
            )

    def _pin_value(self, argument: syntax.Argument, symbol: Symbol, index: int) -> ir.Expression | None:
        assert symbol.block is not None
        return self.expressions.typed(argument.value, symbol.block.pins[index].type)

    def _output(self, argument: syntax.Argument, symbol: Symbol) -> ir.Assign | None:
        block, name = symbol.block, symbol.variable.name
        assert block is not None
        assert symbol.variable.slot is not None
        assert argument.name is not None
        assert isinstance(argument.value, syntax.Name)
        index = block.index(argument.name)
        if index is None or block.is_input(index):
            self.expressions.unknown_pin(argument.at, name, argument.name, symbol, [pin.name for pin in block.outputs])
            return None
        pin = block.pins[index]
        target = self.expressions.target(argument.value)
        source = ir.Load(self._id(), argument.at, pin.type, symbol.variable.slot + index, f"{name}.{pin.name}")
        self.usage.read(source.name, argument.at, self.expressions.path)
        fitted = None if target is None else self.expressions.adapt(source, target.type)
        return None if target is None or fitted is None else ir.Assign(self._id(), argument.at, target, fitted)

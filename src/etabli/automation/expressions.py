"""Types of expressions: syntax tree to typed intermediate form, with a message for each mistake.

A method returns None for an expression already reported as wrong, so that one mistake gives one message.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from etabli.automation import ir, syntax
from etabli.automation.messages import MessageList, Position
from etabli.automation.runtime import HELPERS
from etabli.automation.symbols import Symbol, SymbolTable, VariableKind
from etabli.automation.types import INTEGERS, NUMBERS, DataType, Value, limits
from etabli.automation.usage import Path, Usage
from etabli.physics.text import Text

_LOGIC: Final = ("AND", "OR", "XOR")
_COMPARISONS: Final = ("=", "<>", "<", ">", "<=", ">=")
_WIDENING: Final = {
    (DataType.INT, DataType.DINT), (DataType.UINT, DataType.DINT),
    (DataType.INT, DataType.REAL), (DataType.UINT, DataType.REAL), (DataType.DINT, DataType.REAL),
}  # fmt: skip
"""Conversions that need not be written (DINT to REAL may round, as on most controllers)."""

_PARAMETERS: Final = {
    ir.Function.ABS: ("IN",),
    ir.Function.MIN: ("IN1", "IN2"),
    ir.Function.MAX: ("IN1", "IN2"),
    ir.Function.LIMIT: ("MN", "IN", "MX"),
    ir.Function.SEL: ("G", "IN0", "IN1"),
    ir.Function.TRUNC: ("IN",),
    ir.Function.SHL: ("IN", "N"),
    ir.Function.SHR: ("IN", "N"),
}
MAX_ARGUMENTS: Final = 32


@dataclass(slots=True)
class ExpressionChecker:
    """Checks expressions of one program and notes what they read."""

    symbols: SymbolTable
    messages: MessageList
    usage: Usage
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    path: Path = ()

    # --- entry points -------------------------------------------------------------------------------------------

    def typed(self, expression: syntax.Expression, wanted: DataType) -> ir.Expression | None:
        """An expression that must have the type ``wanted``."""
        checked = self.check(expression)
        return None if checked is None else self.adapt(checked, wanted)

    def free(self, expression: syntax.Expression) -> ir.Expression | None:
        """An expression of any type; an open literal gets the smallest type that holds it."""
        checked = self.check(expression)
        return None if checked is None else self._settle(checked)

    def check(self, expression: syntax.Expression) -> ir.Expression | None:
        """Type an expression; literals may stay open."""
        match expression:
            case syntax.Poison():
                return None
            case syntax.Constant():
                return self._constant(expression)
            case syntax.Name():
                return self._name(expression)
            case syntax.Unary():
                return self._unary(expression)
            case syntax.Chain():
                return self._chain(expression)
            case syntax.FunctionCall():
                return self._function(expression)

    # --- leaves -------------------------------------------------------------------------------------------------

    def _constant(self, expression: syntax.Constant) -> ir.Literal | None:
        if not expression.flexible and expression.type not in (DataType.BOOL, DataType.REAL):
            low, high = limits(expression.type)
            if not low <= expression.value <= high:
                self._out_of_range(expression.at, expression.value, expression.type)
                return None
        return ir.Literal(next(self.ids), expression.at, expression.type, expression.value, expression.flexible)

    def _name(self, expression: syntax.Name) -> ir.Expression | None:
        symbol = self.symbols.find(expression.name, expression.at)
        if symbol is None:
            return None
        variable = symbol.variable
        if expression.member is not None:
            return self.member(expression, symbol, reading=True)
        if symbol.block is not None:
            outputs = [f"{variable.name}.{pin.name}" for pin in symbol.block.outputs]
            self.messages.error(
                expression.at,
                Text(
                    f"« {variable.name} » est un bloc, pas une valeur",
                    f"“{variable.name}” is a block, not a value",
                ),
                Text(
                    "lire une de ses sorties : " + ", ".join(outputs),
                    "read one of its outputs: " + ", ".join(outputs),
                ),
            )
            return None
        self.usage.read(variable.name, expression.at, self.path)
        assert isinstance(variable.type, DataType)
        assert variable.initial is not None
        if variable.slot is None:
            return ir.Literal(next(self.ids), expression.at, variable.type, variable.initial, name=variable.name)
        return ir.Load(next(self.ids), expression.at, variable.type, variable.slot, variable.name)

    def member(self, expression: syntax.Name, symbol: Symbol, *, reading: bool) -> ir.Load | None:
        """``timer.Q``: the slot of a pin. Only inputs may be written."""
        name, member = symbol.variable.name, str(expression.member)
        at = expression.member_at or expression.at
        if symbol.block is None:
            self.messages.error(
                at,
                Text(
                    f"« {name} » n'est pas un bloc : il n'a pas de « .{member} »",
                    f"“{name}” is not a block: it has no “.{member}”",
                ),
                Text(
                    f"écrire « {name} » seul, ou déclarer « {name} : TON; »",
                    f"write “{name}” alone, or declare “{name} : TON;”",
                ),
            )
            return None
        index = symbol.block.index(member)
        if index is None:
            self.unknown_pin(at, name, member, symbol, [pin.name for pin in symbol.block.inputs + symbol.block.outputs])
            return None
        pin = symbol.block.pins[index]
        full_name = f"{name}.{pin.name}"
        if not reading and not symbol.block.is_input(index):
            self.messages.error(
                at,
                Text(
                    f"« {full_name} » est une sortie du bloc : le programme ne peut pas l'écrire",
                    f"“{full_name}” is an output of the block: the program cannot write it",
                ),
                Text("écrire une autre variable", "write another variable"),
            )
            return None
        if reading:
            self.usage.read(full_name, expression.at, self.path)
        assert symbol.variable.slot is not None
        return ir.Load(next(self.ids), expression.at, pin.type, symbol.variable.slot + index, full_name)

    def unknown_pin(self, at: Position, name: str, pin: str, symbol: Symbol, known: list[str]) -> None:
        """Report a pin that the block does not have."""
        listed = ", ".join(known)
        self.messages.error(
            at,
            Text(
                f"le bloc « {name} » ({symbol.variable.type}) n'a pas de « {pin} »",
                f"the block “{name}” ({symbol.variable.type}) has no “{pin}”",
            ),
            Text(f"choisir parmi : {listed}", f"choose among: {listed}"),
        )

    # --- operators ----------------------------------------------------------------------------------------------

    def _unary(self, expression: syntax.Unary) -> ir.Expression | None:
        operand = self.check(expression.operand)
        if operand is None:
            return None
        if expression.operator == "NOT":
            if _is_open(operand):
                self._wrong_operand(expression.at, "NOT", operand.type)
                return None
            if operand.type not in (DataType.BOOL, DataType.WORD):
                self._wrong_operand(expression.at, "NOT", operand.type)
                return None
            return ir.Not(next(self.ids), expression.at, operand.type, operand)
        if isinstance(operand, ir.Literal) and operand.flexible:
            return ir.Literal(next(self.ids), expression.at, DataType.INT, -operand.value, flexible=True)
        if operand.type not in NUMBERS - {DataType.UINT} | {DataType.TIME}:
            self._wrong_operand(expression.at, "-", operand.type)
            return None
        return ir.Negate(next(self.ids), expression.at, operand.type, operand)

    def _chain(self, expression: syntax.Chain) -> ir.Expression | None:
        checked = [self.check(operand) for operand in expression.operands]
        operands = [operand for operand in checked if operand is not None]
        if len(operands) < len(checked):
            return None
        if expression.operator in _LOGIC:
            return self._logic(expression, operands)
        left, right = operands
        if expression.operator in _COMPARISONS:
            return self._compare(expression, left, right)
        return self._arithmetic(expression, left, right)

    def _logic(self, expression: syntax.Chain, operands: list[ir.Expression]) -> ir.Expression | None:
        types = {operand.type for operand in operands if not _is_open(operand)}
        common = DataType.WORD if types == {DataType.WORD} else DataType.BOOL
        adapted: list[ir.Expression] = []
        for operand in operands:
            if operand.type is not common and not _is_open(operand):
                wanted = Text("des BOOL", "BOOL") if common is DataType.BOOL else Text("des WORD", "WORD")
                self.messages.error(
                    operand.at,
                    Text(
                        f"{expression.operator} relie {wanted.fr} ; ici le type est {operand.type}",
                        f"{expression.operator} joins {wanted.en}; here the type is {operand.type}",
                    ),
                    _boolean_mend(operand),
                )
                return None
            fitted = self.adapt(operand, common)
            if fitted is None:
                return None
            adapted.append(fitted)
        return ir.Logic(next(self.ids), expression.at, common, expression.operator, tuple(adapted))

    def _compare(self, expression: syntax.Chain, left: ir.Expression, right: ir.Expression) -> ir.Expression | None:
        pair = self._common(expression, left, right)
        if pair is None:
            return None
        left, right = pair
        if left.type is DataType.BOOL and expression.operator not in ("=", "<>"):
            self._wrong_operand(expression.at, expression.operator, DataType.BOOL)
            return None
        if left.type is DataType.REAL and expression.operator in ("=", "<>"):
            self.messages.warning(
                expression.at,
                Text(
                    "égalité entre deux REAL : elle n'est presque jamais vraie",
                    "equality of two REAL: it is almost never true",
                ),
                Text("comparer l'écart : ABS(a - b) < 0.01", "compare the gap: ABS(a - b) < 0.01"),
            )
        return ir.Compare(next(self.ids), expression.at, DataType.BOOL, expression.operator, left, right)

    def _common(
        self, expression: syntax.Chain, left: ir.Expression, right: ir.Expression
    ) -> tuple[ir.Expression, ir.Expression] | None:
        """Bring both sides to one type."""
        common = _common_type(left, right)
        if common is None:
            self.messages.error(
                expression.at,
                Text(
                    f"« {expression.operator} » entre {left.type} et {right.type}",
                    f"“{expression.operator}” between {left.type} and {right.type}",
                ),
                Text(
                    f"convertir un côté, par exemple {left.type}_TO_{right.type}(…)",
                    f"convert one side, for example {left.type}_TO_{right.type}(…)",
                ),
            )
            return None
        new_left, new_right = self.adapt(left, common), self.adapt(right, common)
        if new_left is None or new_right is None:
            return None
        return new_left, new_right

    def _arithmetic(self, expression: syntax.Chain, left: ir.Expression, right: ir.Expression) -> ir.Expression | None:
        operator = expression.operator
        if isinstance(left, ir.Literal) and left.flexible and isinstance(right, ir.Literal) and right.flexible:
            return self._fold(expression, int(left.value), int(right.value))
        if DataType.TIME in (left.type, right.type) and left.type is not right.type:
            return self._time_by_number(expression, left, right)
        for operand in (left, right):
            allowed = NUMBERS | ({DataType.TIME} if operator in "+-" else set())
            if operand.type not in (INTEGERS if operator == "MOD" else allowed):
                self._wrong_operand(expression.at, operator, operand.type)
                return None
        pair = self._common(expression, left, right)
        if pair is None:
            return None
        if operator in ("/", "MOD") and isinstance(pair[1], ir.Literal) and pair[1].value == 0:
            self._zero_divisor(expression.at)
            return None
        return ir.Arithmetic(next(self.ids), expression.at, pair[0].type, operator, *pair)

    def _fold(self, expression: syntax.Chain, left: int, right: int) -> ir.Literal | None:
        """Open literals are computed here: ``2 * 60`` stays an open literal."""
        operator = expression.operator
        if operator in ("/", "MOD"):
            if right == 0:
                self._zero_divisor(expression.at)
                return None
            value: int = HELPERS["divide" if operator == "/" else "remainder"](left, right, 0)
        else:
            value = left + right if operator == "+" else left - right if operator == "-" else left * right
        literal = ir.Literal(next(self.ids), expression.at, DataType.INT, value, flexible=True)
        return literal if self._fits(literal, DataType.DINT) else None

    def _fits(self, literal: ir.Literal, data_type: DataType) -> bool:
        low, high = limits(data_type)
        if low <= literal.value <= high:
            return True
        self._out_of_range(literal.at, literal.value, data_type)
        return False

    def _time_by_number(
        self, expression: syntax.Chain, left: ir.Expression, right: ir.Expression
    ) -> ir.Expression | None:
        """TIME * number, number * TIME, TIME / number."""
        operator = expression.operator
        time_first = left.type is DataType.TIME
        number = self._settle(right if time_first else left)
        if number is None:
            return None
        if number.type not in NUMBERS or operator not in ("*", "/") or (operator == "/" and not time_first):
            self.messages.error(
                expression.at,
                Text(
                    f"« {operator} » entre {left.type} et {right.type}",
                    f"“{operator}” between {left.type} and {right.type}",
                ),
                Text(
                    "une durée s'écrit T#5s ; on la multiplie ou divise par un nombre",
                    "a duration is written T#5s; it is multiplied or divided by a number",
                ),
            )
            return None
        if operator == "/" and isinstance(number, ir.Literal) and number.value == 0:
            self._zero_divisor(expression.at)
            return None
        time = left if time_first else right
        return ir.Arithmetic(next(self.ids), expression.at, DataType.TIME, operator, time, number)

    # --- functions ----------------------------------------------------------------------------------------------

    def _function(self, expression: syntax.FunctionCall) -> ir.Expression | None:
        name = expression.name.upper()
        if name in ir.Function.__members__:
            return self._standard(expression, ir.Function(name))
        source, separator, target = name.partition("_TO_")
        if separator and source in DataType.__members__ and target in DataType.__members__:
            return self._conversion(expression, DataType(source), DataType(target))
        for argument in expression.arguments:
            self.check(argument.value)
        self._unknown_function(expression)
        return None

    def _unknown_function(self, expression: syntax.FunctionCall) -> None:
        symbol = self.symbols.symbols.get(expression.name.upper())
        if symbol is not None and symbol.block is not None:
            name, output = expression.name, symbol.block.outputs[0].name
            self.messages.error(
                expression.at,
                Text(
                    f"le bloc « {name} » ne s'appelle pas dans une expression",
                    f"the block “{name}” cannot be called inside an expression",
                ),
                Text(
                    f"l'appeler sur sa ligne « {name}(…); », puis lire {name}.{output}",
                    f"call it on its own line “{name}(…);”, then read {name}.{output}",
                ),
            )
            return
        close = difflib.get_close_matches(expression.name.upper(), ir.Function.__members__, n=1)
        known = ", ".join(ir.Function) + ", X_TO_Y"
        self.messages.error(
            expression.at,
            Text(f"fonction « {expression.name} » inconnue", f"unknown function “{expression.name}”"),
            Text(f"vouliez-vous dire {close[0]} ?", f"did you mean {close[0]}?")
            if close
            else Text(f"fonctions possibles : {known}", f"possible functions: {known}"),
        )

    def _ordered(
        self, expression: syntax.FunctionCall, names: tuple[str, ...], repeat: bool
    ) -> list[syntax.Argument] | None:
        """Arguments in the order of the parameters; ``repeat`` allows more than declared (MIN, MAX)."""
        arguments = list(expression.arguments)
        if all(argument.name is not None for argument in arguments):
            given = {str(argument.name).upper(): argument for argument in arguments}
            if set(given) == set(names):
                return [given[name] for name in names]
        count_fits = len(arguments) == len(names) or (repeat and len(names) < len(arguments) <= MAX_ARGUMENTS)
        if count_fits and all(argument.name is None for argument in arguments):
            return arguments
        form = f"{expression.name.upper()}({', '.join(names)}{', …' if repeat else ''})"
        self.messages.error(
            expression.at,
            Text(
                f"mauvais paramètres pour {expression.name.upper()}",
                f"wrong parameters for {expression.name.upper()}",
            ),
            Text(f"écrire {form}", f"write {form}"),
        )
        return None

    def _standard(self, expression: syntax.FunctionCall, function: ir.Function) -> ir.Expression | None:
        repeat = function in (ir.Function.MIN, ir.Function.MAX)
        arguments = self._ordered(expression, _PARAMETERS[function], repeat)
        checked = [self.check(argument.value) for argument in arguments or expression.arguments]
        operands = [operand for operand in checked if operand is not None]
        if arguments is None or len(operands) < len(checked):
            return None
        if function is ir.Function.TRUNC:
            return self._call(expression, function, DataType.DINT, operands, [DataType.REAL])
        if function in (ir.Function.SHL, ir.Function.SHR):
            return self._call(expression, function, DataType.WORD, operands, [DataType.WORD, DataType.INT])
        first = 1 if function is ir.Function.SEL else 0
        common = self._common_of(expression, operands[first:])
        if common is None:
            return None
        allowed = NUMBERS if function is ir.Function.ABS else NUMBERS | {DataType.TIME, DataType.WORD}
        if function is not ir.Function.SEL and common not in allowed:
            self._wrong_operand(expression.at, function, common)
            return None
        wanted = [DataType.BOOL] * first + [common] * (len(operands) - first)
        return self._call(expression, function, common, operands, wanted)

    def _common_of(self, expression: syntax.FunctionCall, operands: list[ir.Expression]) -> DataType | None:
        widest = operands[0]
        for operand in operands[1:]:
            common = _common_type(widest, operand)
            if common is None:
                self.messages.error(
                    operand.at,
                    Text(
                        f"{expression.name.upper()} mélange {widest.type} et {operand.type}",
                        f"{expression.name.upper()} mixes {widest.type} and {operand.type}",
                    ),
                    Text("donner le même type à toutes les valeurs", "give all values the same type"),
                )
                return None
            if common is not widest.type or _is_open(widest):
                still_open = _is_open(widest) and _is_open(operand)
                value = max(_literal_value(widest), _literal_value(operand), key=abs) if still_open else 0
                widest = ir.Literal(0, operand.at, common, value, flexible=still_open)
        settled = self._settle(widest)
        return None if settled is None else settled.type

    def _call(
        self,
        expression: syntax.FunctionCall,
        function: ir.Function,
        result: DataType,
        operands: list[ir.Expression],
        wanted: list[DataType],
    ) -> ir.Expression | None:
        adapted = [self.adapt(operand, data_type) for operand, data_type in zip(operands, wanted, strict=True)]
        fitted = tuple(operand for operand in adapted if operand is not None)
        if len(fitted) < len(adapted):
            return None
        return ir.Call(next(self.ids), expression.at, result, function, fitted)

    def _conversion(self, expression: syntax.FunctionCall, source: DataType, target: DataType) -> ir.Expression | None:
        arguments = self._ordered(expression, ("IN",), repeat=False)
        operand = self.typed(arguments[0].value, source) if arguments else None
        if operand is None:
            return None
        return ir.Convert(next(self.ids), expression.at, target, operand)

    # --- fitting types ------------------------------------------------------------------------------------------

    def adapt(self, expression: ir.Expression, wanted: DataType) -> ir.Expression | None:
        """Bring an expression to the type ``wanted`` where that is allowed without writing a conversion."""
        if isinstance(expression, ir.Literal) and expression.flexible:
            return self._adapt_literal(expression, wanted)
        if expression.type is wanted:
            return expression
        if (expression.type, wanted) in _WIDENING:
            return ir.Convert(next(self.ids), expression.at, wanted, expression)
        mend = (
            _boolean_mend(expression)
            if wanted is DataType.BOOL
            else Text(f"écrire {expression.type}_TO_{wanted}(…)", f"write {expression.type}_TO_{wanted}(…)")
        )
        self.messages.error(
            expression.at,
            Text(f"type {expression.type} au lieu de {wanted}", f"type {expression.type} instead of {wanted}"),
            mend,
        )
        return None

    def _adapt_literal(self, literal: ir.Literal, wanted: DataType) -> ir.Literal | None:
        value = int(literal.value)
        if wanted is DataType.TIME:
            self.messages.error(
                literal.at,
                Text(f"durée attendue, nombre {value} trouvé", f"duration expected, number {value} found"),
                Text(
                    f"écrire T#{abs(value)}s ou T#{abs(value)}ms",
                    f"write T#{abs(value)}s or T#{abs(value)}ms",
                ),
            )
            return None
        if wanted is DataType.BOOL:
            if value in (0, 1):
                return ir.Literal(next(self.ids), literal.at, wanted, bool(value))
            self.messages.error(
                literal.at,
                Text(f"BOOL attendu, nombre {value} trouvé", f"BOOL expected, number {value} found"),
                Text("écrire TRUE ou FALSE", "write TRUE or FALSE"),
            )
            return None
        if wanted is DataType.REAL:
            return ir.Literal(next(self.ids), literal.at, wanted, float(value))
        return ir.Literal(next(self.ids), literal.at, wanted, value) if self._fits(literal, wanted) else None

    def _settle(self, expression: ir.Expression) -> ir.Expression | None:
        if isinstance(expression, ir.Literal) and expression.flexible:
            low, high = limits(DataType.INT)
            return self._adapt_literal(expression, DataType.INT if low <= expression.value <= high else DataType.DINT)
        return expression

    # --- messages -----------------------------------------------------------------------------------------------

    def _wrong_operand(self, at: Position, operator: str, data_type: DataType) -> None:
        mend = Text("utiliser des nombres", "use numbers")
        if operator == "NOT":
            mend = Text(
                "NOT s'applique à un BOOL ou un WORD ; pour un nombre, comparer : x = 0",
                "NOT takes a BOOL or a WORD; for a number, compare: x = 0",
            )
        elif data_type is DataType.WORD:
            mend = Text("convertir : WORD_TO_INT(…) ou WORD_TO_UINT(…)", "convert: WORD_TO_INT(…) or WORD_TO_UINT(…)")
        elif data_type is DataType.UINT:
            mend = Text("convertir : UINT_TO_DINT(…)", "convert: UINT_TO_DINT(…)")
        elif data_type is DataType.BOOL:
            mend = Text("relier des BOOL par AND, OR, XOR, = ou <>", "join BOOL with AND, OR, XOR, = or <>")
        elif operator == "MOD":
            mend = Text("MOD s'applique à des entiers : REAL_TO_DINT(…)", "MOD takes integers: REAL_TO_DINT(…)")
        self.messages.error(
            at,
            Text(
                f"« {operator} » ne s'applique pas au type {data_type}",
                f"“{operator}” does not apply to the type {data_type}",
            ),
            mend,
        )

    def _out_of_range(self, at: Position, value: Value, data_type: DataType) -> None:
        low, high = limits(data_type)
        self.messages.error(
            at,
            Text(
                f"« {value} » sort des limites de {data_type}",
                f"“{value}” is outside the limits of {data_type}",
            ),
            Text(f"rester entre {low} et {high}", f"stay between {low} and {high}"),
        )

    def _zero_divisor(self, at: Position) -> None:
        self.messages.error(
            at,
            Text("division par zéro", "division by zero"),
            Text("diviser par une valeur non nulle", "divide by a value other than zero"),
        )

    def target(self, name: syntax.Name) -> ir.Load | None:
        """The slot that an assignment writes; inputs, constants and blocks are refused."""
        symbol = self.symbols.find(name.name, name.at)
        if symbol is None:
            return None
        if name.member is not None:
            load = self.member(name, symbol, reading=False)
            if load is not None:
                self.usage.write(load.name, name.at, self.path)
            return load
        variable = symbol.variable
        refusal = self._refusal(symbol)
        if refusal is not None:
            self.messages.error(name.at, *refusal)
            return None
        self.usage.write(variable.name, name.at, self.path)
        assert isinstance(variable.type, DataType)
        assert variable.slot is not None
        return ir.Load(next(self.ids), name.at, variable.type, variable.slot, variable.name)

    def _refusal(self, symbol: Symbol) -> tuple[Text, Text] | None:
        variable = symbol.variable
        if symbol.block is not None:
            return (
                Text(
                    f"« {variable.name} » est un bloc : on l'appelle, on ne l'écrit pas",
                    f"“{variable.name}” is a block: it is called, not written",
                ),
                Text(f"écrire « {variable.name}(…); »", f"write “{variable.name}(…);”"),
            )
        if variable.kind is VariableKind.CONSTANT:
            return (
                Text(f"« {variable.name} » est une constante", f"“{variable.name}” is a constant"),
                Text("écrire une variable, ou retirer CONSTANT", "write a variable, or remove CONSTANT"),
            )
        if variable.is_input:
            return (
                Text(
                    f"« {variable.name} » est une entrée : le programme ne peut pas l'écrire",
                    f"“{variable.name}” is an input: the program cannot write it",
                ),
                Text(
                    "écrire une sortie %Q ou une variable interne",
                    "write an output %Q or an internal variable",
                ),
            )
        return None


def variables_of(expression: ir.Expression) -> list[ir.Load]:
    """The variables that keep an expression from being constant."""
    return [node for node in ir.walk(expression) if isinstance(node, ir.Load)]


def _is_open(expression: ir.Expression) -> bool:
    return isinstance(expression, ir.Literal) and expression.flexible


def _literal_value(expression: ir.Expression) -> int:
    return int(expression.value) if isinstance(expression, ir.Literal) else 0


def _common_type(left: ir.Expression, right: ir.Expression) -> DataType | None:
    """The type in which two values meet; an open literal follows the other side."""
    if _is_open(left) and _is_open(right):
        widest = max(_literal_value(left), _literal_value(right), key=abs)
        return DataType.INT if limits(DataType.INT)[0] <= widest <= limits(DataType.INT)[1] else DataType.DINT
    for literal, other in ((left, right), (right, left)):
        if not _is_open(literal):
            continue
        if other.type in (DataType.INT, DataType.UINT):
            low, high = limits(other.type)
            return other.type if low <= _literal_value(literal) <= high else DataType.DINT
        return other.type
    if left.type is right.type:
        return left.type
    types = {left.type, right.type}
    if not types <= NUMBERS:
        return None
    return DataType.REAL if DataType.REAL in types else DataType.DINT


def _boolean_mend(expression: ir.Expression) -> Text:
    name = expression.name if isinstance(expression, ir.Load) else "x"
    if expression.type is DataType.TIME:
        return Text(f"comparer : {name} > T#0s", f"compare: {name} > T#0s")
    return Text(f"comparer : {name} <> 0", f"compare: {name} <> 0")

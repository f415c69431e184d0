"""Checks of what is joined to what: nothing dangling, numbers by potential, earth, air, shafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from etabli.machines.draft import SHEET, TUBES, WIRES, Draft
from etabli.machines.model import ELECTRICAL, Colour, Conductor, Coupling, Placed, Wire, coupled_nodes, strip_bars
from etabli.physics.law import Domain
from etabli.physics.text import Text

STRIP, EARTH, SUPPLY, PLC = "terminal_strip", "earth", "power_supply", "plc"
_MOST_WIRES = 2
_PROTECTIVE_EARTH = "PE"
_MECHANICAL = frozenset({Domain.ROTATION, Domain.TRANSLATION})
_Wires = dict[str, dict[str, list[Wire]]]
"""Potential and number, or number and potential -> wires."""


def check_wiring(draft: Draft) -> None:
    """Note every mistake of wires.csv, tubes.csv, couplings and components that are joined to nothing."""
    potentials = _potentials(draft)
    _check_numbers(draft, potentials)
    _check_colours(draft)
    _check_crowded(draft)
    _check_bridged_twice(draft)
    _check_shorts(draft)
    if draft.incomplete or len(draft.placed) < len(draft.tags):
        return  # what seems to be joined to nothing may be joined by what could not be read
    joined = _joined(draft)
    for placed in draft.placed.values():
        _check_component(draft, placed, joined)
    _check_earth(draft, potentials)


def _joined(draft: Draft) -> set[str]:
    """Ports that a conductor or a coupling reaches."""
    conductors: list[Conductor] = [*draft.wires.values(), *draft.tubes.values()]
    points = {point for c in conductors for point in (c.a, c.b)}
    return points | {port for coupling in draft.couplings for port in coupling.ports}


def _potentials(draft: Draft) -> dict[str, str]:
    """Electrical port -> name of its potential: ports joined by wires, bridges and bars of terminal strips."""
    wires = (Coupling((w.a, w.b)) for w in draft.wires.values())
    return coupled_nodes([*draft.couplings, *strip_bars(draft.placed.values()), *wires])


def _check_numbers(draft: Draft, potentials: dict[str, str]) -> None:
    by_potential: _Wires = defaultdict(lambda: defaultdict(list))
    by_number: _Wires = defaultdict(lambda: defaultdict(list))
    for wire in draft.wires.values():
        if not wire.number:
            continue
        potential = potentials[wire.a]
        by_potential[potential][wire.number].append(wire)
        by_number[wire.number][potential].append(wire)
    odd = _check_one_number(draft, by_potential, by_number)
    _check_one_potential(draft, by_number, odd)


def _check_one_number(draft: Draft, by_potential: _Wires, by_number: _Wires) -> set[str]:
    """Every wire of a potential has the same number. Gives the tags of those that have another one."""
    odd: set[str] = set()
    for numbers in by_potential.values():
        # Of two numbers as frequent, the right one is the one that is not used elsewhere.
        usual = max(numbers, key=lambda n: (len(numbers[n]), -len(by_number[n])))
        other = numbers[usual][0].tag
        for wire in (w for number, wires in numbers.items() if number != usual for w in wires):
            odd.add(wire.tag)
            draft.problems.error(
                WIRES,
                draft.lines[wire.tag],
                Text(
                    f"{wire.tag} porte le n° {wire.number}, mais son potentiel porte le n° {usual} ({other})",
                    f"{wire.tag} is numbered {wire.number}, but its potential is numbered {usual} ({other})",
                ),
                Text(f"numéroter ce fil {usual}", f"number this wire {usual}"),
            )
    return odd


def _check_one_potential(draft: Draft, by_number: _Wires, odd: set[str]) -> None:
    """Every wire of a number has the same potential; the ``odd`` ones, whose number is wrong, do not count."""
    for number, all_groups in by_number.items():
        groups = {p: [w for w in wires if w.tag not in odd] for p, wires in all_groups.items()}
        usual = max(groups, key=lambda g: len(groups[g]))
        for wire in (w for potential, wires in groups.items() if potential != usual for w in wires):
            other = groups[usual][0].tag
            draft.problems.error(
                WIRES,
                draft.lines[wire.tag],
                Text(
                    f"le n° {number} sert pour deux potentiels : {wire.tag} et {other} ne se touchent pas",
                    f"number {number} is used for two potentials: {wire.tag} and {other} do not meet",
                ),
                Text(
                    "donner un autre numéro à l'un des deux, ou ajouter le fil ou le pont qui manque",
                    "give one of them another number, or add the missing wire or bridge",
                ),
            )


def _check_colours(draft: Draft) -> None:
    earths = {tag for tag, placed in draft.placed.items() if placed.component.family == EARTH}
    for wire in draft.wires.values():
        at_earth = wire.number == _PROTECTIVE_EARTH or any(end.partition(":")[0] in earths for end in (wire.a, wire.b))
        if (wire.colour is Colour.GREEN_YELLOW) == at_earth:
            continue
        if at_earth:
            text = Text(
                f"{wire.tag} est un conducteur de protection : il doit être vert-jaune",
                f"{wire.tag} is a protective conductor: it must be green-yellow",
            )
            mend = Text("écrire GNYE dans la colonne colour", "write GNYE in the column colour")
        else:
            text = Text(
                f"{wire.tag} est vert-jaune mais ne va pas à la terre",
                f"{wire.tag} is green-yellow but does not go to earth",
            )
            mend = Text(
                "réserver le vert-jaune à la terre (BK puissance, LBU neutre, BU continu, OG toujours sous tension)",
                "keep green-yellow for earth (BK power, LBU neutral, BU DC control, OG always live)",
            )
        draft.problems.error(WIRES, draft.lines[wire.tag], text, mend)


def _check_crowded(draft: Draft) -> None:
    wires_at: dict[str, list[str]] = defaultdict(list)
    tubes_at: dict[str, list[str]] = defaultdict(list)
    for wire in draft.wires.values():
        wires_at[wire.a].append(wire.tag)
        wires_at[wire.b].append(wire.tag)
    for tube in draft.tubes.values():
        tubes_at[tube.a].append(tube.tag)
        tubes_at[tube.b].append(tube.tag)
    for point, tags in wires_at.items():
        if len(tags) > _MOST_WIRES:
            draft.problems.warning(
                WIRES,
                draft.lines[tags[-1]],
                Text(
                    f"{point} reçoit {len(tags)} fils ({', '.join(tags)})",
                    f"{point} takes {len(tags)} wires ({', '.join(tags)})",
                ),
                Text(
                    "passer par un bornier : deux fils au plus par borne",
                    "use a terminal strip: two wires per terminal at most",
                ),
            )
    for point, tags in tubes_at.items():
        if len(tags) > 1:
            draft.problems.error(
                TUBES,
                draft.lines[tags[-1]],
                Text(
                    f"{point} reçoit {len(tags)} tubes ({', '.join(tags)})",
                    f"{point} takes {len(tags)} tubes ({', '.join(tags)})",
                ),
                Text("un orifice reçoit un seul tube : ajouter une embase", "a port takes one tube: add a manifold"),
            )


def _check_bridged_twice(draft: Draft) -> None:
    nodes = coupled_nodes([*draft.couplings, *strip_bars(draft.placed.values())])
    for wire in draft.wires.values():
        if wire.a in nodes and nodes[wire.a] == nodes.get(wire.b):
            draft.problems.error(
                WIRES,
                draft.lines[wire.tag],
                Text(
                    f"{wire.tag} relie deux bornes déjà pontées ({wire.a} et {wire.b})",
                    f"{wire.tag} joins two terminals that are bridged already ({wire.a} and {wire.b})",
                ),
                Text("enlever ce fil ou corriger l'une de ses extrémités", "remove this wire or mend one of its ends"),
            )


OPTIONAL = "optional"
"""Kind of a port that a machine may leave free: an analog input, the other side of a fault relay, a DC link."""


def _check_component(draft: Draft, placed: Placed, joined: set[str]) -> None:
    if placed.component.family in (STRIP, EARTH):
        return
    electrical = [p.name for p in placed.ports if p.domain in ELECTRICAL]
    wired = [name for name in electrical if f"{placed.tag}:{name}" in joined]
    if electrical and not wired:
        _component_error(
            draft,
            placed.tag,
            Text(f"{placed.tag} n'est raccordé à aucun fil", f"{placed.tag} is joined to no wire"),
            Text(
                "ajouter ses fils dans wires.csv, ou enlever le composant",
                "add its wires to wires.csv, or remove the component",
            ),
        )
    elif electrical:
        optional = {p.name for p in placed.ports if p.kind == OPTIONAL}
        needed = [name for name in electrical if name in wired or name not in optional]
        _check_terminals(draft, placed, needed, set(wired))
    for port in placed.ports:
        point = f"{placed.tag}:{port.name}"
        if port.domain in ELECTRICAL or point in joined:
            continue
        if port.domain in (Domain.PNEUMATIC, Domain.HYDRAULIC):
            _component_error(
                draft,
                placed.tag,
                Text(f"l'orifice {point} n'est raccordé à rien", f"the port {point} is joined to nothing"),
                Text(
                    "ajouter un tube dans tubes.csv, ou un accouplement (silencieux, bouchon, bloc vissé)",
                    "add a hose to tubes.csv, or a coupling (silencer, plug, screwed block)",
                ),
            )
        elif port.domain in _MECHANICAL:
            _component_error(
                draft,
                placed.tag,
                Text(f"l'arbre {point} n'entraîne rien", f"the shaft {point} drives nothing"),
                Text("ajouter un accouplement dans machine.yaml", "add a coupling to machine.yaml"),
            )


def _check_terminals(draft: Draft, placed: Placed, names: list[str], wired: set[str]) -> None:
    """Supply and coil terminals must all be wired; a contact is wired at both sides or not at all."""
    for group in _groups(placed, names):
        present = [name for name in group if name in wired]
        absent = [name for name in group if name not in wired]
        if not absent or (_may_stay_free(placed, group) and len(present) != 1):
            continue
        lonely = ", ".join(f"{placed.tag}:{name}" for name in absent)
        _component_error(
            draft,
            placed.tag,
            Text(f"borne sans fil : {lonely}", f"terminal without wire: {lonely}"),
            Text("ajouter le fil qui manque dans wires.csv", "add the missing wire to wires.csv"),
        )


def _groups(placed: Placed, names: list[str]) -> Iterable[list[str]]:
    """Terminals that only make sense together: the two or three of a contact, the pole of a switch."""
    if placed.component.family == PLC:
        return [[name] for name in names if not _is_channel(name)]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if len(name) == 2 and name.isdigit():
            groups[f"contact {name[0]}"].append(name)
        elif len(name) == 1 and name.isdigit():
            groups[f"pole {(int(name) + 1) // 2}"].append(name)
        else:
            groups["supply"].append(name)
    return groups.values()


def _may_stay_free(placed: Placed, group: list[str]) -> bool:
    """Spare contacts exist (21-22 of a button); spare supply terminals do not."""
    if placed.component.family == PLC:
        return False
    return all(name.isdigit() for name in group) or (placed.component.family in {"light_tower", "mains_supply"})


def _is_channel(name: str) -> bool:
    return name[:1] in {"I", "Q"} and "." in name


def _component_error(draft: Draft, tag: str, text: Text, mend: Text) -> None:
    file, line = draft.locate(tag)
    draft.problems.error(file, line, text, mend)


def _check_earth(draft: Draft, potentials: dict[str, str]) -> None:
    """The 0 V of a 24 V supply is earthed (PELV): without it an earth fault would go unseen."""
    earths = [p for p in draft.placed.values() if p.component.family == EARTH]
    earthed = {potentials.get(f"{p.tag}:{port.name}") for p in earths for port in p.ports}
    for placed in draft.placed.values():
        if placed.component.family != SUPPLY or not draft.wires:
            continue
        zero = potentials.get(f"{placed.tag}:-")
        if zero is None or zero in earthed:
            continue
        _component_error(
            draft,
            placed.tag,
            Text(f"le 0 V de {placed.tag} n'est pas relié à la terre", f"the 0 V of {placed.tag} is not earthed"),
            Text(
                "relier le 0 V à un composant de la famille earth par un fil vert-jaune",
                "join the 0 V to a component of the family earth with a green-yellow wire",
            ),
        )


def _check_shorts(draft: Draft) -> None:
    """Two air ports or two shafts of one component cannot be one: that would short it (a jumper wire may)."""
    for coupling in draft.couplings:
        tags = {port.partition(":")[0] for port in coupling.ports}
        if len(tags) > 1:
            continue
        tag, port = next(iter(tags)), draft.port(coupling.ports[0])
        if port is None or port.domain in ELECTRICAL:
            continue
        draft.problems.error(
            SHEET,
            draft.lines.get(coupling.ports[0], 1),
            Text(f"cet accouplement court-circuite {tag}", f"this coupling shorts {tag}"),
            Text("n'accoupler que des composants différents", "couple different components only"),
        )

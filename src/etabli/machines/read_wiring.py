"""Reads wires.csv, tubes.csv and what machine.yaml joins without them (couplings, links)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from etabli.components.catalogue import catalogue
from etabli.components.component import Parameter
from etabli.machines.draft import TUBES, WIRES, Draft
from etabli.machines.model import ELECTRICAL, Colour, Coupling, Link, Placed, Tube, Wire
from etabli.machines.section import Section
from etabli.machines.source import Row, read_table, suggestion
from etabli.physics.law import Domain
from etabli.physics.text import Text

WIRE_COLUMNS = ("id", "number", "from", "to", "colour", "section_mm2", "length_m", "cable")
TUBE_COLUMNS = ("id", "from", "to", "diameter_mm", "length_m", "colour")
FLUIDS = (Domain.PNEUMATIC, Domain.HYDRAULIC)
HOSES = {Domain.PNEUMATIC: "tube", Domain.HYDRAULIC: "hydraulic_hose"}
"""Family of a hose of each fluid."""
TUBE_COLOURS = ("black", "blue", "red", "green", "yellow", "grey", "clear")
_Read = TypeVar("_Read", Wire, Tube)
_CONDUCTOR_TAG = re.compile(r"[A-Z][0-9]+[A-Za-z]?")
_COLOURS = {colour.code: colour for colour in Colour}


def read_wires(draft: Draft) -> None:
    """Fill ``draft.wires``."""
    _fill(draft, draft.wires, _rows(draft, WIRES, WIRE_COLUMNS), _wire)


def read_tubes(draft: Draft) -> None:
    """Fill ``draft.tubes``."""
    _fill(draft, draft.tubes, _rows(draft, TUBES, TUBE_COLUMNS), _tube)


def _fill(
    draft: Draft, found: dict[str, _Read], rows: Iterable[Row], read: Callable[[Draft, Row], _Read | None]
) -> None:
    for row in rows:
        conductor = read(draft, row)
        if conductor is None:
            draft.incomplete = True
            continue
        found[conductor.tag] = conductor
        draft.lines[conductor.tag] = row.line


def _rows(draft: Draft, file: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    errors = len(draft.problems.errors)
    table = read_table(draft.folder, file, columns, draft.problems)
    if len(draft.problems.errors) > errors:
        draft.incomplete = True
    return table.rows if table is not None else ()


def _wire(draft: Draft, row: Row) -> Wire | None:
    tag = _new_tag(draft, WIRES, row)
    number = row["number"]
    if not number:
        draft.problems.error(
            WIRES,
            row.line,
            Text(f"{row['id']} : il manque le numéro du fil", f"{row['id']}: the wire number is missing"),
            Text("donner le numéro de son potentiel", "give the number of its potential"),
        )
    ends = _ends(draft, WIRES, row)
    colour = _COLOURS.get(row["colour"])
    if colour is None:
        _unknown_colour(draft, WIRES, row, _COLOURS)
    section = _number(draft, WIRES, row, "section_mm2", 0.1, 300.0)
    length = _number(draft, WIRES, row, "length_m", 0.01, 1000.0)
    if ends is None:
        return None
    domain = _electrical(draft, row, ends)
    if tag is None or domain is None or colour is None or section is None or length is None:
        return None
    return Wire(tag, number, ends[0], ends[1], colour, section, length, row["cable"], domain)


def _tube(draft: Draft, row: Row) -> Tube | None:
    tag = _new_tag(draft, TUBES, row)
    ends = _ends(draft, TUBES, row)
    diameter = _number(draft, TUBES, row, "diameter_mm", 1.0, 50.0)
    length = _number(draft, TUBES, row, "length_m", 0.01, 100.0)
    if row["colour"] not in TUBE_COLOURS:
        _unknown_colour(draft, TUBES, row, TUBE_COLOURS)
    if ends is None:
        return None
    domain = _fluid(draft, row, ends)
    if tag is None or domain is None or diameter is None or length is None:
        return None
    return Tube(tag, ends[0], ends[1], diameter, length, row["colour"], domain)


def _fluid(draft: Draft, row: Row, ends: tuple[str, str]) -> Domain | None:
    """The fluid of both ends of a hose; notes an end that takes none, or air against oil."""
    found = []
    for end in ends:
        port = draft.port(end)
        if port is None:
            continue
        if port.domain not in FLUIDS:
            draft.problems.error(
                TUBES,
                row.line,
                Text(
                    f"{row['id']} : {end} n'est pas un orifice pneumatique ou hydraulique ({port.domain.value})",
                    f"{row['id']}: {end} is not a pneumatic or hydraulic port ({port.domain.value})",
                ),
                Text("raccorder le tube à un orifice", "join the hose to a fluid port"),
            )
            return None
        found.append(port.domain)
    if len(set(found)) <= 1:
        return found[0] if found else Domain.PNEUMATIC
    draft.problems.error(
        TUBES,
        row.line,
        Text(f"{row['id']} relie de l'air à de l'huile", f"{row['id']} joins air to oil"),
        Text("corriger l'une de ses extrémités", "mend one of its ends"),
    )
    return None


def _unknown_colour(draft: Draft, file: str, row: Row, known: Iterable[str]) -> None:
    who, colour = row["id"], row["colour"]
    wrong = Text(f"{who} : couleur « {colour} » inconnue", f"{who}: unknown colour “{colour}”")
    draft.problems.error(file, row.line, wrong, suggestion(colour, known))


def _new_tag(draft: Draft, file: str, row: Row) -> str | None:
    tag = row["id"]
    if not _CONDUCTOR_TAG.fullmatch(tag):
        draft.problems.error(
            file,
            row.line,
            Text(f"« {tag} » n'est pas un repère de conducteur", f"“{tag}” is not a conductor tag"),
            Text(
                "écrire une lettre et un nombre, par exemple W101 ou T12",
                "write a letter and a number, e.g. W101 or T12",
            ),
        )
        return None
    if tag not in draft.wires and tag not in draft.tubes and tag not in draft.tags:
        return tag
    where, line = draft.locate(tag)
    draft.problems.error(
        file,
        row.line,
        Text(
            f"le repère {tag} existe déjà ({where}, ligne {line})",
            f"the tag {tag} exists already ({where}, line {line})",
        ),
        Text("donner un autre repère à l'un des deux", "give one of the two another tag"),
    )
    return None


def _ends(draft: Draft, file: str, row: Row) -> tuple[str, str] | None:
    fine = [check_point(draft, file, row.line, row["id"], row[column]) for column in ("from", "to")]
    if not all(fine):
        return None
    if row["from"] == row["to"]:
        draft.problems.error(
            file,
            row.line,
            Text(f"{row['id']} va de {row['from']} à lui-même", f"{row['id']} goes from {row['from']} to itself"),
            Text("corriger l'une des deux extrémités", "mend one of the two ends"),
        )
        return None
    return row["from"], row["to"]


def check_point(draft: Draft, file: str, line: int, who: str, point: str) -> bool:
    """Note what is wrong with a point "TAG:PORT"; True when it exists."""
    tag, colon, name = point.partition(":")
    if not point:
        draft.problems.error(
            file,
            line,
            Text(f"{who} : une extrémité n'est raccordée à rien", f"{who}: one end is joined to nothing"),
            Text("écrire les deux extrémités, par exemple KM1:A1", "write both ends, for example KM1:A1"),
        )
        return False
    if not colon or not tag or not name:
        draft.problems.error(
            file,
            line,
            Text(f"{who} : « {point} » n'est pas une borne", f"{who}: “{point}” is not a terminal"),
            Text("écrire REPÈRE:BORNE, par exemple KM1:A1", "write TAG:PORT, for example KM1:A1"),
        )
        return False
    if tag not in draft.tags:
        draft.problems.error(
            file,
            line,
            Text(f"{who} : le composant « {tag} » n'existe pas", f"{who}: there is no component “{tag}”"),
            suggestion(tag, draft.tags),
        )
        return False
    placed = draft.placed.get(tag)
    if placed is None:
        return False  # the component itself is wrong and has its own message
    names = [port.name for port in placed.ports]
    if name in names:
        return True
    draft.problems.error(
        file,
        line,
        Text(f"{who} : {tag} n'a pas de borne « {name} »", f"{who}: {tag} has no port “{name}”"),
        suggestion(name, names),
    )
    return False


def _electrical(draft: Draft, row: Row, ends: tuple[str, str]) -> Domain | None:
    domains = []
    for end in ends:
        port = draft.port(end)
        if port is None:
            return None
        if port.domain not in ELECTRICAL:
            draft.problems.error(
                WIRES,
                row.line,
                Text(
                    f"{row['id']} : {end} n'est pas une borne électrique ({port.domain.value})",
                    f"{row['id']}: {end} is not an electrical terminal ({port.domain.value})",
                ),
                Text("raccorder le fil à une borne électrique", "join the wire to an electrical terminal"),
            )
            return None
        domains.append(port.domain)
    if domains[0] is domains[1]:
        return domains[0]
    draft.problems.error(
        WIRES,
        row.line,
        Text(
            f"{row['id']} relie {ends[0]} ({domains[0].value}) à {ends[1]} ({domains[1].value})",
            f"{row['id']} joins {ends[0]} ({domains[0].value}) to {ends[1]} ({domains[1].value})",
        ),
        Text(
            "ne relier que de l'alternatif à de l'alternatif, du continu à du continu",
            "join only AC to AC and DC to DC",
        ),
    )
    return None


def _number(draft: Draft, file: str, row: Row, column: str, low: float, high: float) -> float | None:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if low <= value <= high:
        return value
    said = row[column]
    draft.problems.error(
        file,
        row.line,
        Text(f"{row['id']} : {column} « {said} » refusé", f"{row['id']}: {column} “{said}” refused"),
        Text(
            f"écrire un nombre entre {low:g} et {high:g}, avec un point décimal",
            f"write a number between {low:g} and {high:g}, with a decimal point",
        ),
    )
    return None


def read_couplings(draft: Draft) -> None:
    """Fill ``draft.couplings``."""
    if draft.sheet is None:
        return
    top = Section(draft.sheet, draft.problems)
    for index, ports in enumerate(top.listed("couplings")):
        line = draft.sheet.line("couplings", index)
        if not isinstance(ports, list) or len(ports) < 2 or not all(isinstance(p, str) for p in ports):
            draft.problems.error(
                draft.sheet.file,
                line,
                Text("un accouplement joint au moins deux bornes", "a coupling joins at least two ports"),
                Text("écrire par exemple - [M1:shaft, RD1:in]", "write for example - [M1:shaft, RD1:in]"),
            )
            draft.incomplete = True
            continue
        if _couplable(draft, line, ports):
            draft.couplings.append(Coupling(tuple(ports)))
            draft.lines.setdefault(ports[0], line)
        else:
            draft.incomplete = True


def _couplable(draft: Draft, line: int, ports: list[str]) -> bool:
    file = draft.sheet.file if draft.sheet else ""
    who = "accouplement / coupling"
    fine = [check_point(draft, file, line, who, port) for port in ports]  # every port gets its message
    if not all(fine):
        return False
    twice = sorted({p for p in ports if ports.count(p) > 1})
    if twice:
        draft.problems.error(
            file,
            line,
            Text(f"{twice[0]} est accouplé à lui-même", f"{twice[0]} is coupled to itself"),
            Text("écrire chaque borne une seule fois", "write each port once"),
        )
        return False
    domains = {port.domain for port in map(draft.port, ports) if port is not None}
    if len(domains) == 1:
        return True
    names = ", ".join(sorted(d.value for d in domains))
    draft.problems.error(
        file,
        line,
        Text(f"accouplement de domaines différents ({names})", f"coupling of different domains ({names})"),
        Text("n'accoupler que des bornes de même nature", "couple only ports of the same kind"),
    )
    return False


def read_links(draft: Draft) -> None:
    """Fill ``draft.links``; every input of every component must be linked once."""
    if draft.sheet is None:
        return
    top = Section(draft.sheet, draft.problems)
    section = top.mapping("links")
    given = section.values if section is not None else {}
    for key, value in given.items():
        assert section is not None
        link = _link(draft, section, key, value)
        if link is not None:
            draft.links.append(link)
    for tag, placed in draft.placed.items():
        for name in placed.component.links:
            if f"{tag}.{name}" not in given:
                top.error(
                    "links",
                    Text(
                        f"{tag} ne suit rien : le lien {tag}.{name} manque",
                        f"{tag} follows nothing: link {tag}.{name} is missing",
                    ),
                    Text(
                        f"ajouter sous links : {tag}.{name}: REPÈRE.signal",
                        f"add under links: {tag}.{name}: TAG.signal",
                    ),
                )


def _link(draft: Draft, section: Section, key: str, value: object) -> Link | None:
    tag, _, name = key.partition(".")
    placed = _linked(draft, section, key, tag)
    if placed is None:
        return None
    inputs = placed.component.links + placed.component.optional_links
    if name not in inputs:
        section.error(
            key,
            Text(f"lien {key} : {tag} n'a pas d'entrée « {name} »", f"link {key}: {tag} has no input “{name}”"),
            suggestion(name, inputs),
        )
        return None
    target_tag, _, signal = str(value).partition(".")
    target = _linked(draft, section, key, target_tag)
    if target is None:
        return None
    if _signal_exists(target, signal):
        return Link(tag, name, target_tag, signal)
    section.error(
        key,
        Text(
            f"lien {key} : {target_tag} n'a pas de signal « {signal} »",
            f"link {key}: {target_tag} has no signal “{signal}”",
        ),
        suggestion(signal, target.component.signals),
    )
    return None


def _linked(draft: Draft, section: Section, key: str, tag: str) -> Placed | None:
    """One of the two components of a link; silent about one that is there but wrong: it has its own message."""
    if tag not in draft.tags:
        section.no_component(key, Text(f"lien {key}", f"link {key}"), tag, draft.tags)
    return draft.placed.get(tag)


def _signal_exists(target: Placed, signal: str) -> bool:
    if signal not in target.component.signals:
        return False
    try:
        target.signal(signal)
    except (KeyError, ValueError):
        return False
    return True


def conductor_parts(
    wires: Collection[Wire], tubes: Iterable[Tube], upstream: Collection[str] = ()
) -> dict[str, Placed]:
    """Wires and hoses as components of the families ``wire``, ``tube`` (air) and ``hydraulic_hose`` (oil).

    ``upstream``: see :func:`neighbours`.
    """
    parts: dict[str, Placed] = {}
    known = catalogue()
    wire_family = known.get("wire")
    if wire_family is not None:
        beside = neighbours(wires, upstream)
        for wire in wires:
            values: dict[str, object] = {
                "domain": wire.domain.value,
                "section_mm2": wire.section_mm2,
                "length_m": wire.length_m,
                "beside": beside.get(wire.tag, ""),
            }
            parts[wire.tag] = Placed(
                wire.tag,
                wire_family,
                _known(wire_family.parameters, wire_family.defaults(), values),
                Text(f"fil n° {wire.number}, {wire.a} – {wire.b}", f"wire no. {wire.number}, {wire.a} – {wire.b}"),
            )
    for tube in tubes:
        family = known.get(HOSES[tube.domain])
        if family is None:
            continue
        sizes: dict[str, object] = {"diameter_mm": tube.diameter_mm, "length_m": tube.length_m}
        name = Text("flexible", "hose") if tube.domain is Domain.HYDRAULIC else Text("tube", "tube")
        parts[tube.tag] = Placed(
            tube.tag,
            family,
            _known(family.parameters, family.defaults(), sizes),
            Text(f"{name.fr} {tube.a} – {tube.b}", f"{name.en} {tube.a} – {tube.b}"),
        )
    return parts


def neighbours(wires: Collection[Wire], upstream: Collection[str] = ()) -> dict[str, str]:
    """Wire -> end ("W101:a") of the wire that it can touch: one pair a cable, the first two of different potentials.

    Wires in a cable without a name, or alone in theirs, touch nobody. Currents of different kinds do not share a pair,
    and nothing of this machine would cut a short on a wire from the ``upstream`` components (its mains).
    """
    found: dict[str, str] = {}
    candidates = [w for w in wires if w.cable and w.a.partition(":")[0] not in upstream]
    cables = {w.cable: [o for o in candidates if o.cable == w.cable] for w in candidates}
    for together in cables.values():
        for one, other in combinations(together, 2):
            if one.domain is other.domain and one.number != other.number:
                found[other.tag] = f"{one.tag}:a"
                break
    return found


def _known(
    parameters: tuple[Parameter, ...], defaults: Mapping[str, object], values: Mapping[str, object]
) -> dict[str, object]:
    names = {p.name for p in parameters}
    return {**defaults, **{name: value for name, value in values.items() if name in names}}


__all__ = [
    "check_point",
    "conductor_parts",
    "read_couplings",
    "read_links",
    "read_tubes",
    "read_wires",
]

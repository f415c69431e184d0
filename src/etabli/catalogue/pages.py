"""The catalogue as pages of ``docs/``: one index and one page per technology in each language, pictures in SVG.

``etabli catalogue --out docs`` writes them. A test holds the committed pages against what the component files give.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from etabli.catalogue import card
from etabli.catalogue.pictures import Picture, pictures
from etabli.catalogue.symbols import drawn_symbols, modules, symbol_svg
from etabli.components.component import Component
from etabli.machines.drawing import svg
from etabli.physics.text import Text

LANGUAGES = ("fr", "en")
_IMAGES = "images/catalogue"
_SCALE = 9.0
"""Pixels of one module."""
_MOST_WIDTH = 640.0
_GAP = 24.0
_DOCS_CURVES = 3
"""Curves of one family in the pages: the application shows them all."""

_STYLE = (
    "svg{background:#fdfdfb;font-family:Arial,Helvetica,sans-serif}"
    "path,polyline,polygon,rect,circle{fill:none}text{fill:#161b1f}"
)
_SYMBOL_STYLE = (
    _STYLE
    + ".ink{stroke:#161b1f;stroke-width:.25px;stroke-linecap:round;stroke-linejoin:round}.thin{stroke-width:.14px}"
    ".dashed{stroke-width:.16px;stroke-dasharray:.7 .45;stroke-linecap:butt}.full,.port{fill:#161b1f}"
    ".lights>.ink{stroke:none;fill:none}.pin-text{fill:#4a545c}"
)
_CURVE_STYLE = (
    _STYLE + "text{font-size:11px}.frame,.zero{stroke:#636c75}.grid{stroke:#d0d4d8;stroke-width:.6}"
    ".sound{stroke:#0b587f;stroke-width:2.2}.fault{stroke:#a8161d;stroke-width:1.8;stroke-dasharray:7 4}"
    ".fault-2{stroke:#7a4b00;stroke-dasharray:2 3}.mark-ground{fill:#fdfdfb}.mark{fill:#a8161d;font-weight:700}"
    ".mark-2{fill:#7a4b00}"
)

_WORDS = {
    "title": Text("Catalogue des composants", "Catalogue of components"),
    "made": Text(
        "Page écrite par `etabli catalogue --out docs` à partir des fichiers de `src/etabli/components/` : ne la "
        "modifiez pas à la main.",
        "Written by `etabli catalogue --out docs` from the files of `src/etabli/components/`: do not edit it by hand.",
    ),
    "read": Text(
        "Trait plein : pièce saine. Tirets (1) et pointillés (2) : la même avec la défaillance nommée dessous, à son "
        "degré le plus fort. Les courbes sont calculées par les lois du simulateur, avec les valeurs de la fiche.",
        "Solid line: sound part. Dashes (1) and dots (2): the same with the failure named below, at its strongest "
        "degree. The curves are computed by the laws of the simulator, with the data sheet values.",
    ),
    "other": Text("English: ", "Français : "),
    "back": Text("Retour au catalogue", "Back to the catalogue"),
    "families": Text("familles", "families"),
    "letter": Text("Repère", "Tag letter"),
    "laws": Text("Lois", "Laws"),
    "ports": Text("Raccordements", "Connections"),
    "parameter": Text("Grandeur", "Quantity"),
    "default": Text("Valeur", "Value"),
    "unit": Text("Unité", "Unit"),
    "range": Text("Plage", "Range"),
    "failure": Text("Défaillance", "Failure"),
    "changes": Text("Ce qui change", "What changes"),
    "degree": Text("Degré", "Degree"),
    "onset": Text("Apparition", "Onset"),
    "share": Text("Part", "Share"),
    "repair": Text("Remède", "Remedy"),
    "notice": Text("Ce qui se remarque", "What is noticed"),
    "machines": Text("Machines", "Machines"),
    "adjustable": Text("réglable", "adjustable"),
    "none": Text("à mesurer", "measure"),
}


def files() -> dict[str, str]:
    """Every file of the pages: path under ``docs/`` -> its text."""
    found = index_files()
    for technology in card.by_technology():
        found |= technology_files(technology)
    return found


def index_files() -> dict[str, str]:
    """The first page in each language."""
    return {_index(language): _index_page(language) for language in LANGUAGES}


def technology_files(technology: str) -> dict[str, str]:
    """The pages and pictures of one technology."""
    components = card.by_technology()[technology]
    found = {_page(technology, language): _technology_page(technology, components, language) for language in LANGUAGES}
    for component in components:
        found |= _images(component)
    return found


def write(out: Path, wanted: Mapping[str, str] | None = None) -> int:
    """Write the files (all, or ``wanted``) under ``out``, remove those of families that are gone; return the count."""
    wanted = files() if wanted is None else wanted
    for folder in (out / "catalogue", out / _IMAGES):
        for old in folder.glob("*") if folder.is_dir() else ():
            if old.relative_to(out).as_posix() not in wanted:
                old.unlink()
    for name, text in wanted.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(wanted)


def _index(language: str) -> str:
    return "catalogue.md" if language == "fr" else "catalogue.en.md"


def _page(technology: str, language: str) -> str:
    return f"catalogue/{technology}.md" if language == "fr" else f"catalogue/{technology}.en.md"


def _index_page(language: str) -> str:
    other = "en" if language == "fr" else "fr"
    lines = [
        f"# {_say('title', language)}",
        "",
        f"{_say('other', language)}[{_say('title', other)}]({_index(other)})",
        "",
        _say("made", language),
        "",
    ]
    for technology, components in card.by_technology().items():
        page = _page(technology, language)
        lines += [f"## [{card.TECHNOLOGIES[technology].get(language)}]({page})", ""]
        lines += [f"{len(components)} {_say('families', language)}: " + _links(components, page, language), ""]
    return "\n".join(lines)


def _links(components: list[Component], page: str, language: str) -> str:
    return ", ".join(f"[{c.text.get(language)}]({page}#{c.family})" for c in components)


def _technology_page(technology: str, components: list[Component], language: str) -> str:
    other = "en" if language == "fr" else "fr"
    there = f"[{card.TECHNOLOGIES[technology].get(other)}]({Path(_page(technology, other)).name})"
    lines = [
        f"# {_say('title', language)} – {card.TECHNOLOGIES[technology].get(language)}",
        "",
        f"[{_say('back', language)}](../{_index(language)}) · {_say('other', language)}{there}",
        "",
        _say("made", language),
        "",
        _say("read", language),
        "",
    ]
    for component in components:
        lines += _family(component, language)
    return "\n".join(lines)


def _family(component: Component, language: str) -> list[str]:
    name = component.text.get(language)
    iec = card.iec_class(component)
    about = (
        f"{_say('letter', language)} : **{component.letter}**"
        if language == "fr"
        else f"Tag letter: **{component.letter}**"
    )
    if iec is not None:
        about += f" · IEC 81346-2: {iec.get(language)}"
    lines = [
        f'<a id="{component.family}"></a>',
        "",
        f"## {name[0].upper()}{name[1:]}",
        "",
        f"`{component.family}` · {about}",
        "",
    ]
    if drawn_symbols(component):
        lines += [f"![{name}](../{_symbol_file(component)})", ""]
    lines += [component.sheet.get(language), ""]
    for picture in pictures(component.family)[:_DOCS_CURVES]:
        lines += _curve(picture, language)
    laws = [law for law in card.laws(component, language) if not law.language or language == "en"]
    if laws:
        lines += [f"**{_say('laws', language)}**", "", *(f"- {law.words}" for law in laws), ""]
    rows = card.ports(component, language)
    ends = "; ".join(f"`{row.name}` ({', '.join(filter(None, (row.text, row.detail)))})" for row in rows)
    lines += [f"**{_say('ports', language)}**{' ' if language == 'fr' else ''}: {ends}", ""]
    lines += _parameters(component, language) + _modes(component, language)
    users = card.machines_with(component.family)
    if users:
        named = ", ".join(f"{text.get(language)} ({count})" for _, text, count in users)
        lines += [f"**{_say('machines', language)}**{' ' if language == 'fr' else ''}: {named}", ""]
    return lines


def _curve(picture: Picture, language: str) -> list[str]:
    title = picture.curve.text.get(language)
    lines = [f"![{title}](../{_curve_file(picture)})", "", f"*{title[0].upper()}{title[1:]}.*"]
    legend = [f"**{mark}** {name}" for mark, name in picture.legend(language)]
    return [*lines[:2], f"{lines[2]} {' · '.join(legend)}".rstrip(), ""]


def _parameters(component: Component, language: str) -> list[str]:
    rows = card.parameters(component, language)
    if not rows:
        return []
    head = [_say(each, language) for each in ("parameter", "default", "unit", "range")]
    body = [
        [row.text + (f" ({_say('adjustable', language)})" if row.adjustable else ""), row.default, row.unit, row.range]
        for row in rows
    ]
    return _table(head, body)


def _modes(component: Component, language: str) -> list[str]:
    rows = card.modes(component, language)
    if not rows:
        return []
    head = [_say(w, language) for w in ("failure", "changes", "degree", "onset", "share", "repair", "notice")]
    body = [
        [
            row.name,
            "<br>".join(f"`{each}`" for each in row.changes),
            row.degrees,
            row.onsets,
            row.frequency,
            row.repair,
            "<br>".join(row.notice) or _say("none", language),
        ]
        for row in rows
    ]
    return _table(head, body)


def _table(head: list[str], body: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in body]
    return [*lines, ""]


def _images(component: Component) -> dict[str, str]:
    found = {
        _curve_file(p): _styled(p.svg("both"), _CURVE_STYLE, 380, 232)
        for p in pictures(component.family)[:_DOCS_CURVES]
    }
    if drawn_symbols(component):
        found[_symbol_file(component)] = _symbols(component)
    return found


def _symbol_file(component: Component) -> str:
    return f"{_IMAGES}/{component.family}.svg"


def _curve_file(picture: Picture) -> str:
    return f"{_IMAGES}/{picture.family}-{picture.number}.svg"


def _symbols(component: Component) -> str:
    """All symbols of a family in rows, in one picture."""
    placed, x, y, high, widest = [], 0.0, 0.0, 0.0, 0.0
    for drawn in drawn_symbols(component):
        one = symbol_svg(component, drawn, drawn.name)
        width, height = (round(_SCALE * size) for size in modules(one))
        if x > 0.0 and x + width > _MOST_WIDTH:
            x, y, high = 0.0, y + high + _GAP, 0.0
        placed.append(
            one.replace("<svg ", f'<svg x="{x:.0f}" y="{y:.0f}" ', 1).replace(' xmlns="http://www.w3.org/2000/svg"', "")
        )
        x, high = x + width + _GAP, max(high, height)
        widest = max(widest, x - _GAP)
    box = f"0 0 {widest:.0f} {y + high:.0f}"
    whole = svg.tag("svg", "".join(placed), xmlns="http://www.w3.org/2000/svg", viewBox=box)
    return _styled(whole, _SYMBOL_STYLE, widest, y + high)


def _styled(text: str, style: str, width: float, height: float) -> str:
    """A picture that stands alone: its style inside, its size in pixels."""
    start, rest = text.split(">", 1)
    return f'{start} width="{width:.0f}" height="{height:.0f}"><style>{style}</style>{rest}\n'


def _say(word: str, language: str) -> str:
    return _WORDS[word].get(language)

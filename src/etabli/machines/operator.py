"""The operator: what they complain of and answer, from what the machine does; never from a fault.

An operator tries the machine; a :class:`Watch` takes the readings that the rules of machine.yaml name, and the first
rule whose conditions all hold gives the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from etabli.components.component import Channel, Read
from etabli.machines.model import Condition, Machine, OperatorRules, Placed, Question, Sentence, Work
from etabli.machines.section import Section
from etabli.machines.source import suggestion
from etabli.physics.network import ParameterRef, Ref
from etabli.physics.text import Text

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "below": lambda reading, value: reading < value,
    "above": lambda reading, value: reading > value,
    "is": lambda reading, value: abs(reading - value) < 1e-6,
    "is_not": lambda reading, value: abs(reading - value) >= 1e-6,
}
OVERS = ("last", "least", "most", "mean", "changes")

NOTHING_WRONG = Text(
    "La machine marche, je n'ai rien remarqué d'anormal.", "The machine runs, I have not noticed anything abnormal."
)


@dataclass
class _Track:
    """One reading over a run."""

    last: float = 0.0
    least: float = 0.0
    most: float = 0.0
    total: float = 0.0
    count: int = 0
    changes: int = 0

    def add(self, value: float) -> None:
        """Take one more value into account."""
        if self.count == 0:
            self.least = self.most = self.last = value
        # A lamp or a rod that crosses one half has changed for an eye.
        self.changes += (value > 0.5) != (self.last > 0.5)
        self.last, self.least, self.most = value, min(self.least, value), max(self.most, value)
        self.total += value
        self.count += 1

    def over(self, how: str) -> float:
        """The value of the run that a condition asks for (last, least, most, mean, changes…)."""
        if how == "mean":
            return self.total / self.count if self.count else 0.0
        return float(getattr(self, how))


@dataclass
class Watch:
    """The eyes of the operator during a run: sample it a few times a second, then ask for the sentences."""

    machine: Machine
    _tracks: dict[str, _Track] = field(default_factory=dict)
    _readings: dict[str, tuple[Ref, float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in watched(self.machine.operator):
            self._tracks[name] = _Track()
            kind = name.partition(".")[0]
            if kind != "counter":
                self._readings[name] = resolved_reading(self.machine, name)

    def sample(self, read: Read, counters: Mapping[str, float] | None = None) -> None:
        """Take every reading now; ``counters`` are the production counters of the machine."""
        for name, track in self._tracks.items():
            if name in self._readings:
                ref, low, high = self._readings[name]
                track.add((read(ref) - low) / (high - low))
            else:
                track.add(float((counters or {}).get(name.partition(".")[2], 0.0)))

    def holds(self, condition: Condition) -> bool:
        """Whether one condition holds over what was sampled."""
        reading = self._tracks[condition.reading].over(condition.over)
        return COMPARISONS[condition.comparison](reading, condition.value)

    def first(self, sentences: Iterable[Sentence]) -> Text | None:
        """The first sentence whose conditions all hold."""
        return next((s.text for s in sentences if all(map(self.holds, s.when))), None)

    def complaint(self) -> Text:
        """What the operator says when they call maintenance."""
        return self.first(self.machine.operator.complaints) or NOTHING_WRONG

    def answer(self, question: str) -> Text:
        """The answer to a question of the machine; raises ``KeyError`` for another one."""
        asked = {q.id: q for q in self.machine.operator.questions}[question]
        return self.first(asked.answers) or Text("Je ne sais pas.", "I do not know.")


def noticed(rules: OperatorRules, complaint: Text) -> bool:
    """Whether a complaint tells of something wrong: the one without conditions says that nothing was noticed."""
    return complaint not in {NOTHING_WRONG, *(s.text for s in rules.complaints if not s.when)}


def watched(rules: OperatorRules) -> tuple[str, ...]:
    """Every reading that the rules use."""
    sentences = [*rules.complaints, *(answer for question in rules.questions for answer in question.answers)]
    return tuple(dict.fromkeys(c.reading for sentence in sentences for c in sentence.when))


def resolved_reading(machine: Machine, name: str) -> tuple[Ref, float, float]:
    """Reference with its real node, and scale (low, high), of a reading of this machine."""
    ref, low, high = reading_of(machine.placed, name)
    return machine.resolve(ref), low, high


def reading_of(placed: Mapping[str, Placed], name: str) -> tuple[Ref, float, float]:
    """Reference and scale (low, high) of a reading; raises ``KeyError`` with the unknown part."""
    first, _, rest = name.partition(".")
    if first == "control":
        tag, _, control = rest.partition(".")
        return control_ref(placed[tag], control), 0.0, 1.0
    part = placed[first]
    if rest in part.component.signals:
        return part.signal(rest), 0.0, 1.0
    channels = {c.name: c for c in seen_channels(part)}
    channel = channels[rest]
    return channel.ref, channel.low, channel.high


def control_ref(part: Placed, control: str) -> ParameterRef:
    """The parameter that a hand writes through ``control``."""
    target = part.component.controls[control]
    if isinstance(target, ParameterRef):
        return ParameterRef(f"{part.tag}.{target.device}", target.parameter)
    device, _, parameter = target.rpartition(".")
    return ParameterRef(f"{part.tag}.{device}", parameter)


def seen_channels(part: Placed) -> tuple[Channel, ...]:
    """The states of a component that anybody can see."""
    channels = part.component.channels
    return tuple(c for c in channels(part.tag, part.parameters) if c.seen) if channels is not None else ()


# --- reading the rules ----------------------------------------------------------------------------------------------


def read_operator(placed: Mapping[str, Placed], tags: Iterable[str], top: Section) -> OperatorRules:
    """The rules of machine.yaml, section ``operator``."""
    section = top.mapping("operator", required=True)
    if section is None:
        return OperatorRules()
    section.only("try_s", "starts", "works", "complaints", "questions")
    known = frozenset(tags)
    return OperatorRules(
        section.number("try_s", 0.0, 3600.0),
        _gestures(placed, known, section, "starts"),
        tuple(_work(placed, known, item) for item in section.items("works")),
        tuple(_sentence(placed, known, item) for item in section.items("complaints", required=True)),
        tuple(_question(placed, known, item) for item in section.items("questions", required=True)),
    )


def _gestures(
    placed: Mapping[str, Placed], tags: frozenset[str], section: Section, name: str
) -> tuple[tuple[float, str, str, float], ...]:
    return tuple(filter(None, (_gesture(placed, tags, item) for item in section.items(name))))


def _work(placed: Mapping[str, Placed], tags: frozenset[str], section: Section) -> Work:
    section.only("id", "every_s", "most_s", "when", "gestures", "until")
    gestures = sorted(_gestures(placed, tags, section, "gestures"), key=lambda gesture: gesture[0])
    if not section.listed("gestures"):
        section.missing("gestures")
    return Work(
        section.string("id", required=True),
        tuple(gestures),
        section.number("every_s", 0.0, 3600.0, default=0.0),
        section.number("most_s", 0.1, 3600.0),
        _now(placed, tags, section, "when"),
        _now(placed, tags, section, "until"),
    )


def _now(placed: Mapping[str, Placed], tags: frozenset[str], section: Section, name: str) -> tuple[Condition, ...]:
    """Conditions on what is seen at this moment: nothing is taken over a trial."""
    for item in section.items(name):
        if "over" in item.values:
            item.error(
                "over",
                Text("un geste dépend de l'instant présent", "a gesture depends on the present moment"),
                Text("enlever « over »", "remove “over”"),
            )
    return tuple(filter(None, (_condition(placed, tags, item) for item in section.items(name))))


def _gesture(
    placed: Mapping[str, Placed], tags: frozenset[str], section: Section
) -> tuple[float, str, str, float] | None:
    section.only("at_s", "tag", "control", "value")
    tag, control = section.string("tag", required=True), section.string("control", required=True)
    part = placed.get(tag)
    if part is None:
        if tag not in tags:
            section.no_component("tag", Text("opérateur", "operator"), tag, tags)
        return None
    if control not in part.component.controls:
        section.error(
            "control",
            Text(f"opérateur : {tag} n'a pas de commande « {control} »", f"operator: {tag} has no control “{control}”"),
            suggestion(control, part.component.controls),
        )
        return None
    return section.number("at_s", 0.0, 3600.0), tag, control, section.number("value")


def _question(placed: Mapping[str, Placed], tags: frozenset[str], section: Section) -> Question:
    section.only("id", "text", "answers")
    answers = tuple(_sentence(placed, tags, item) for item in section.items("answers", required=True))
    if answers and answers[-1].when:
        section.warning(
            "answers",
            Text(
                "la dernière réponse a des conditions : la question peut rester sans réponse",
                "the last answer has conditions: the question may stay unanswered",
            ),
            Text("finir par une réponse sans « when »", "end with an answer without “when”"),
        )
    return Question(section.string("id", required=True), section.text("text"), answers)


def _sentence(placed: Mapping[str, Placed], tags: frozenset[str], section: Section) -> Sentence:
    section.only("when", "text")
    conditions = tuple(filter(None, (_condition(placed, tags, item) for item in section.items("when"))))
    return Sentence(conditions, section.text("text"))


def _condition(placed: Mapping[str, Placed], tags: frozenset[str], section: Section) -> Condition | None:
    section.only("reading", "over", *COMPARISONS)
    reading, over = section.string("reading", required=True), section.string("over") or "last"
    if over not in OVERS:
        section.error(
            "over", Text(f"« {over} » : mesure inconnue", f"“{over}”: unknown measure"), suggestion(over, OVERS)
        )
        return None
    chosen = [name for name in COMPARISONS if name in section.values]
    if len(chosen) != 1:
        names = ", ".join(COMPARISONS)
        section.error(
            "",
            Text("une condition a une et une seule comparaison", "a condition has one comparison, no more"),
            Text(f"écrire l'une de : {names}", f"write one of: {names}"),
        )
        return None
    if not reading or not _reading_exists(placed, tags, section, reading):
        return None
    return Condition(reading, over, chosen[0], section.number(chosen[0]))


def _reading_exists(placed: Mapping[str, Placed], tags: frozenset[str], section: Section, reading: str) -> bool:
    first, _, rest = reading.partition(".")
    if first == "counter":
        return _known_counter(placed, section, rest)
    tag, name = (rest.partition(".")[0], rest.partition(".")[2]) if first == "control" else (first, rest)
    part = placed.get(tag)
    if part is None:
        if tag not in tags:
            who = Text(f"lecture « {reading} »", f"reading “{reading}”")
            section.no_component("reading", who, tag, tags)
        return False
    names = set(part.component.controls)
    if first != "control":
        names = set(part.component.signals) | {c.name for c in seen_channels(part)}
    if name in names:
        return True
    section.error(
        "reading",
        Text(
            f"lecture « {reading} » : {tag} ne montre pas « {name} »",
            f"reading “{reading}”: {tag} does not show “{name}”",
        ),
        suggestion(name, names),
    )
    return False


def _known_counter(placed: Mapping[str, Placed], section: Section, name: str) -> bool:
    import random

    names: set[str] = set()
    for part in placed.values():
        if part.component.process is not None:
            try:
                names |= set(part.component.process(part.tag, part.parameters, random.Random(0)).counters())
            except (KeyError, ValueError, TypeError, AttributeError):
                return True  # the component itself is wrong and has its own message
    if name in names:
        return True
    section.error(
        "reading",
        Text(f"compteur « {name} » inconnu", f"unknown counter “{name}”"),
        suggestion(name, names),
    )
    return False

"""What is said of mistakes in a network written by hand: (text, mend), both in French and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from etabli.machines.read_waveform import WAVEFORMS
from etabli.physics.law import Domain
from etabli.physics.text import Text

NOTHING = (
    Text("ce fichier ne décrit aucun réseau", "this file describes no network"),
    Text("ajouter des « components: » ou des « devices: »", "add “components:” or “devices:”"),
)
BAD_CONNECTION = (
    Text("un raccordement relie au moins deux points", "a connection joins two points or more"),
    Text("écrire par exemple - [G1:+, KA1:A1]", "write for example - [G1:+, KA1:A1]"),
)
ONE_WAVEFORM = (
    Text("une entrée suit une fonction du temps et une seule", "an input follows exactly one function of time"),
    Text(f"écrire l'une de : {', '.join(WAVEFORMS)}", f"write one of: {', '.join(WAVEFORMS)}"),
)
ONE_EVENT = (
    Text("un événement fait une seule chose", "an event does exactly one thing"),
    Text(
        "écrire l'un de : write, press, release, operate, fault", "write one of: write, press, release, operate, fault"
    ),
)
SWAP = (
    Text("cette panne croise deux raccordements", "this fault crosses two connections"),
    Text("échanger les deux points dans « connect »", "exchange the two points in “connect”"),
)

VACUUM = (
    Text("l'air est relié à « 0 », le vide absolu", "air is connected to “0”, the absolute vacuum"),
    Text("mettre un silencieux (silencer), qui donne sur l'air libre", "put a silencer, which gives on the open air"),
)


def bad_name(name: str) -> tuple[Text, Text]:
    """A tag or a device that is not written as a name."""
    return (
        Text(f"« {name} » n'est pas un nom", f"“{name}” is not a name"),
        Text("une lettre, puis lettres, chiffres, _ ou -", "a letter, then letters, digits, _ or -"),
    )


def refused(what: str, wrong: Exception) -> tuple[Text, Text]:
    """What the network, a law or a component refused to build."""
    return (
        Text(f"{what} ne se construit pas : {wrong}", f"{what} cannot be built: {wrong}"),
        Text("corriger ses valeurs ou ses raccordements", "mend its values or its connections"),
    )


def mixed(names: Iterable[str], points: Mapping[str, Domain]) -> tuple[Text, Text]:
    """Points of several domains tied together."""
    each = ", ".join(f"{n} ({points[n].value})" for n in names if n in points)
    return (
        Text(f"ces points ne sont pas de même nature : {each}", f"these points are not of one kind: {each}"),
        Text("ne relier que des points d'un même domaine", "join points of one domain only"),
    )


def not_a_parameter(text: str) -> tuple[Text, Text]:
    """Something that can only be read."""
    return (
        Text(f"« {text} » se lit mais ne s'écrit pas", f"“{text}” can be read but not written"),
        Text("choisir un paramètre : COMPOSANT.organe.paramètre", "choose a parameter: COMPONENT.device.parameter"),
    )


def held(text: str) -> tuple[Text, Text]:
    """A parameter that a component writes at each step."""
    return (
        Text(
            f"« {text} » est écrit à chaque pas par le composant", f"“{text}” is written at each step by the component"
        ),
        Text(
            "agir sur ce qui le commande (tension, commande, panne)", "act on what drives it (voltage, control, fault)"
        ),
    )


def twice(name: str) -> tuple[Text, Text]:
    """Two columns of one name."""
    return (
        Text(f"deux colonnes s'appellent « {name} »", f"two columns are named “{name}”"),
        Text("donner un « name » différent à l'une", "give one of them another “name”"),
    )

"""What a bench may answer instead of a result: one code, one clear text, one mend, in both languages."""

from __future__ import annotations

from etabli.physics.text import Text


class BenchError(Exception):
    """Something asked of a bench or of its host cannot be done. ``code`` is stable, for programs."""

    def __init__(self, code: str, text: Text, mend: Text) -> None:
        self.code = code
        self.text = text
        self.mend = mend
        super().__init__(f"{text.en}: {mend.en}")


class ActionRefused(BenchError):
    """The action is impossible in the present state: nothing was done, nothing was written, no time has passed."""

    def __init__(self, text: Text, mend: Text, code: str = "action_refused") -> None:
        super().__init__(code, text, mend)


def bad_argument(name: str, text: Text, mend: Text) -> ActionRefused:
    """An argument of an action is missing or wrong."""
    return ActionRefused(
        Text(f"argument « {name} » : {text.fr}", f"argument “{name}”: {text.en}"), mend, code="bad_argument"
    )


def journal_full(reason: str) -> BenchError:
    """The journal could not be written: the action must not be applied."""
    return BenchError(
        "journal_full",
        Text(
            f"l'action n'est pas enregistrée, donc pas faite : {reason}",
            f"the action could not be saved, so it was not done: {reason}",
        ),
        Text(
            "libérer de la place sur le disque du serveur, puis recommencer l'action ; rien n'est perdu",
            "free some space on the server's disk, then do the action again; nothing is lost",
        ),
    )


def bench_failed() -> BenchError:
    """The software failed while this bench ran: it stands still."""
    return BenchError(
        "bench_failed",
        Text("ce banc s'est arrêté sur un défaut du logiciel", "this bench stopped on a fault of the software"),
        Text("le rouvrir : il repart de son journal", "open it again: it starts from its journal"),
    )


def request_failed() -> BenchError:
    """The software failed while it answered; the bench goes on."""
    return BenchError(
        "request_failed",
        Text("cette demande a échoué sur un défaut du logiciel", "this request failed on a fault of the software"),
        Text(
            "le signaler à qui tient le serveur : son journal dit où, le banc continue",
            "tell whoever keeps the server: its log says where, the bench goes on",
        ),
    )

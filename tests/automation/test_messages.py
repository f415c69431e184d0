"""Each mistake a learner makes gives one message, at its line and column, with its mend, in French and English."""

from __future__ import annotations

import random
import re

import pytest

from etabli.automation import Message, Plc, ProgramError, Severity, compile_st

HEAD = """VAR x, y : BOOL; n : INT; d : DINT; r : REAL; t : TIME; w : WORD; u : UINT; t1 : TON; c1 : CTU;
e AT %IX0.0 : BOOL; END_VAR VAR CONSTANT k : INT := 5; END_VAR
"""


def errors_of(source: str) -> list[Message]:
    """The errors of a program, or none."""
    try:
        compile_st(source, "machine.st")
    except ProgramError as error:
        return error.errors
    return []


STATEMENTS = [
    # (statement, column, part of the French text, part of the French mend)
    # --- punctuation and words
    ("x := y", 7, "il manque « ; »", "ajouter « ; »"),
    ("x = y;", 3, "« = » compare", "x := …"),
    ("x : = y;", 3, "« : » n'affecte pas", "« := »"),
    ("x := y := e;", 8, "une seule affectation", "« = »"),
    ("x := (y OR e;", 13, "il manque « ) » (ouverte ligne 3, colonne 6)", "ajouter « ) »"),
    ("x := y OR e);", 12, "« ) » de trop", "supprimer"),
    ("x := y OR;", 10, "« ; » inattendu", "une valeur"),
    ("x := AND y;", 6, "« AND » inattendu", "une valeur"),
    ("x y;", 3, "« y » inattendu", "« := »"),
    ("5 := x;", 1, "« 5 » inattendu", "une instruction"),
    ("THEN x := y;", 1, "« THEN » inattendu", "une instruction"),
    ("GOTO x;", 1, "« GOTO » inattendu", "une instruction"),
    ("x := y == e;", 8, "« == » n'existe pas", "« = »"),
    ("x := n != 1;", 8, "« != » n'existe pas", "« <> »"),
    ("x := y && e;", 8, "« && » n'existe pas", "« AND »"),
    ("x := y || e;", 8, "« || » n'existe pas", "« OR »"),
    ("x := !y;", 6, "« ! » n'existe pas", "« NOT »"),
    ("x := y ?;", 8, "caractère « ? »", "supprimer"),
    ("x := 'oui';", 6, "chaînes de caractères", "booléen"),
    ("r := r ** 2;", 8, "« ** »", "x * x"),
    ("arrêt := x;", 1, "lettre accentuée", "« arret »"),
    ("x := y; (* oubli", 9, "jamais fermé", "*)"),
    ("x := t1.;", 9, "« ; » inattendu", "une borne du bloc"),
    # --- blocks of statements
    ("IF x y := x; END_IF", 5, "il manque « THEN »", "ajouter « THEN »"),
    ("IF x THEN y := x;", 1, "IF n'est pas fermé par END_IF", "ELSIF"),
    ("IF x THEN y := x; ELSE IF e THEN y := e; END_IF;", 1, "IF n'est pas fermé", "ELSIF"),
    ("IF x := y THEN x := y; END_IF", 6, "« := » affecte", "« = »"),
    ("IF THEN x := y; END_IF", 4, "« THEN » inattendu", "une valeur"),
    ("END_IF;", 1, "END_IF sans IF", "supprimer END_IF"),
    ("ELSE x := y;", 1, "ELSE sans IF", "ajouter IF"),
    ("WHILE x DO x := y; END_IF; END_WHILE", 20, "END_IF sans IF", "supprimer"),
    ("WHILE x x := y; END_WHILE", 8, "il manque « DO »", "DO"),
    ("WHILE x DO x := y;", 1, "WHILE n'est pas fermé par END_WHILE", "END_WHILE"),
    ("FOR n := 1 TO 5 x := y; END_FOR", 16, "il manque « DO »", "DO"),
    ("FOR n = 1 TO 5 DO x := y; END_FOR", 7, "« = » compare", ":="),
    ("FOR n := 1 TO 5 BY 0 DO x := y; END_FOR", 20, "pas de la boucle FOR est nul", "BY 1"),
    ("FOR r := 1 TO 5 DO x := y; END_FOR", 5, "entier, pas REAL", "INT"),
    ("REPEAT x := y; END_REPEAT", 15, "il manque « UNTIL »", "UNTIL condition"),
    ("CASE n OF x := y; END_CASE", 11, "CASE sans étiquette", "1:"),
    ("CASE n OF 1: x := y;", 1, "CASE n'est pas fermé par END_CASE", "END_CASE"),
    ("CASE r OF 1: x := y; END_CASE", 6, "CASE demande un entier, pas REAL", "INT"),
    ("CASE n OF 5..1: x := y; END_CASE", 11, "plage vide", "1..5"),
    ("CASE n OF d: x := y; END_CASE", 11, "DINT au lieu de INT", "DINT_TO_INT"),
    ("CASE d OF n: x := y; END_CASE", 11, "« n » n'est pas constant", "constante"),
    ("CASE n OF 99999: x := y; END_CASE", 11, "sort des limites de INT", "32767"),
    ("EXIT;", 1, "EXIT hors d'une boucle", "RETURN"),
    ("x := y; VAR z : BOOL; END_VAR", 9, "précéder les instructions", "début du programme"),
    # --- names
    ("moteur := x;", 1, "« moteur » n'est pas déclaré", "moteur : BOOL"),
    ("tt1(IN := x);", 1, "« tt1 » n'est pas déclaré", "« t1 »"),
    ("e := x;", 1, "est une entrée", "sortie %Q"),
    ("%IX5.0 := x;", 1, "est une entrée", "sortie %Q"),
    ("k := 3;", 1, "est une constante", "CONSTANT"),
    ("t1 := x;", 1, "est un bloc", "t1(…)"),
    ("x := t1;", 6, "est un bloc, pas une valeur", "t1.Q, t1.ET"),
    ("x := t1.QQ;", 9, "n'a pas de « QQ »", "IN, PT, Q, ET"),
    ("x := y.Q;", 8, "« y » n'est pas un bloc", "TON"),
    ("t1.Q := x;", 4, "sortie du bloc", "autre variable"),
    ("x := t1(IN := y);", 6, "ne s'appelle pas dans une expression", "lire t1.Q"),
    ("y(IN := x);", 1, "n'est pas un bloc", "y := …"),
    ("TON(IN := x);", 1, "est un type de bloc", "bloc1 : TON"),
    ("ABS(n);", 1, "n'est pas utilisé", "variable := ABS"),
    ("n := AB(n);", 6, "fonction « AB » inconnue", "ABS"),
    ("n := RACINE(n);", 6, "fonction « RACINE » inconnue", "ABS, MIN"),
    ("x := %IX0.9;", 6, "de 0 à 7", "%IX1.1"),
    ("x := %IX0;", 6, "il manque le numéro de bit", "%IX0.0"),
    ("x := %Z0;", 6, "adresse « %Z0 » inconnue", "%IX0.0"),
    ("n := %IB0;", 6, "l'octet", "%IW0"),
    ("n := %IW0.1;", 6, "un mot n'a pas de numéro de bit", "%IX0.1"),
    # --- types
    ("x := n;", 6, "INT au lieu de BOOL", "n <> 0"),
    ("n := x;", 6, "BOOL au lieu de INT", "BOOL_TO_INT"),
    ("n := d;", 6, "DINT au lieu de INT", "DINT_TO_INT"),
    ("n := r;", 6, "REAL au lieu de INT", "REAL_TO_INT"),
    ("n := 1.5;", 6, "REAL au lieu de INT", "REAL_TO_INT"),
    ("t := 5;", 6, "durée attendue", "T#5s"),
    ("n := t;", 6, "TIME au lieu de INT", "TIME_TO_INT"),
    ("x := t;", 6, "TIME au lieu de BOOL", "t > T#0s"),
    ("x := 2;", 6, "BOOL attendu", "TRUE ou FALSE"),
    ("n := 40000;", 6, "« 40000 » sort des limites de INT", "entre -32768 et 32767"),
    ("n := 20000 + 20000;", 12, "« 40000 » sort des limites", "32767"),
    ("u := -1;", 6, "« -1 » sort des limites de UINT", "entre 0 et 65535"),
    ("d := 3000000000;", 6, "sort des limites de DINT", "2147483647"),
    ("IF n THEN x := y; END_IF", 4, "INT au lieu de BOOL", "n <> 0"),
    ("x := n AND y;", 6, "AND relie des BOOL", "n <> 0"),
    ("x := NOT n;", 6, "« NOT » ne s'applique pas au type INT", "x = 0"),
    ("x := x + y;", 8, "« + » ne s'applique pas au type BOOL", "AND"),
    ("x := x < y;", 8, "« < » ne s'applique pas au type BOOL", "AND"),
    ("n := r MOD 2;", 8, "« MOD » ne s'applique pas au type REAL", "REAL_TO_DINT"),
    ("w := w + 1;", 8, "« + » ne s'applique pas au type WORD", "WORD_TO_INT"),
    ("d := -u;", 6, "« - » ne s'applique pas au type UINT", "UINT_TO_DINT"),
    ("x := n > y;", 8, "« > » entre INT et BOOL", "INT_TO_BOOL"),
    ("t := t + 1;", 8, "« + » entre TIME et INT", "T#5s"),
    ("n := n / 0;", 8, "division par zéro", "non nulle"),
    ("n := 5 MOD 0;", 8, "division par zéro", "non nulle"),
    ("n := MIN(n, x);", 13, "MIN mélange INT et BOOL", "même type"),
    ("x := MIN(x, y);", 6, "« MIN » ne s'applique pas au type BOOL", "AND"),
    ("n := LIMIT(n, 1);", 6, "mauvais paramètres pour LIMIT", "LIMIT(MN, IN, MX)"),
    ("n := SEL(n, 1, 2);", 10, "INT au lieu de BOOL", "n <> 0"),
    ("n := REAL_TO_INT(n, n);", 6, "mauvais paramètres", "REAL_TO_INT(IN)"),
    ("n := REAL_TO_INT(x);", 18, "BOOL au lieu de REAL", "BOOL_TO_REAL"),
    # --- block calls
    ("t1(IN := x, PT := 5);", 19, "durée attendue", "T#5s"),
    ("t1(IN := n);", 10, "INT au lieu de BOOL", "n <> 0"),
    ("t1(EN := x);", 4, "n'a pas de « EN »", "IN, PT"),
    ("t1(Q := x);", 4, "Q est une sortie", "Q => variable"),
    ("t1(IN := x, Z => y);", 13, "n'a pas de « Z »", "Q, ET"),
    ("t1(IN := x, ET => n);", 13, "TIME au lieu de INT", "TIME_TO_INT"),
    ("t1(IN := x, Q => e);", 18, "est une entrée", "sortie"),
    ("t1(x, PT := T#1s);", 4, "n'a pas de nom", "IN := …"),
    ("t1(x, T#1s, y);", 13, "trop de valeurs", "IN, PT"),
    ("t1(IN := x, IN := y);", 13, "donnée deux fois", "une"),
    ("t1(IN := x PT := T#1s);", 11, "il manque « , »", "ajouter"),
    ("t1(IN := x;", 11, "il manque « ) »", "ajouter"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "column", "text", "mend"), STATEMENTS)
def test_a_wrong_statement_has_one_message_at_its_place(statement: str, column: int, text: str, mend: str) -> None:
    found = errors_of(HEAD + statement)
    assert len(found) == 1, [message.format() for message in found]
    message = found[0]
    assert text in message.text.fr
    assert mend in message.mend.fr
    assert (message.line, message.column) == (3, column)
    assert message.filename == "machine.st"
    assert message.severity is Severity.ERROR
    assert message.text.en != message.text.fr
    assert message.mend.en


CLOSED = [case for case in STATEMENTS if "fermé" not in case[2]]
"""Without those where what follows belongs to the open block or comment."""


@pytest.mark.parametrize(("statement", "column", "text", "mend"), CLOSED)
def test_one_error_does_not_hide_the_next(statement: str, column: int, text: str, mend: str) -> None:
    closing = ";\n" if not statement.rstrip().endswith(";") and not text.startswith("il manque « ; »") else "\n"
    found = errors_of(HEAD + statement + closing + "inconnu := TRUE;\nx := y;\nn := autre;")
    lines = [message.line for message in found]
    assert lines == [3, 4, 6], [message.format() for message in found]


DECLARATIONS = [
    ("VAR a BOOL; END_VAR", 6, "il manque « : »", "nom : TYPE"),
    ("VAR a : BOOL END_VAR", 13, "il manque « ; »", "ajouter"),
    ("VAR a : ; END_VAR", 9, "« ; » inattendu", "un type"),
    ("VAR a : BOOLEAN; END_VAR", 9, "type « BOOLEAN » inconnu", "écrire BOOL"),
    ("VAR a : FLOAT; END_VAR", 9, "type « FLOAT » inconnu", "écrire REAL"),
    ("VAR a : TONN; END_VAR", 9, "type « TONN » inconnu", "écrire TON"),
    ("VAR a : ZZZZZ; END_VAR", 9, "type « ZZZZZ » inconnu", "BOOL, INT"),
    ("VAR a : ARRAY [1..5] OF INT; END_VAR", 9, "le type ARRAY n'est pas pris en charge", "simples"),
    ("VAR a : STRING; END_VAR", 9, "le type STRING n'est pas pris en charge", "simples"),
    ("VAR 5 : BOOL; END_VAR", 5, "« 5 » inattendu", "un nom de variable"),
    ("VAR a : BOOL; A : INT; END_VAR", 15, "déjà déclaré ligne 1", "supprimer"),
    ("VAR ton : BOOL; END_VAR", 5, "nom réservé", "ton_1"),
    ("VAR Max : INT; END_VAR", 5, "nom réservé", "Max_1"),
    ("VAR a : BOOL = TRUE; END_VAR", 14, "« = » compare", "« := »"),
    ("VAR a : INT := TRUE; END_VAR", 16, "BOOL au lieu de INT", "BOOL_TO_INT"),
    ("VAR a : INT := 40000; END_VAR", 16, "sort des limites", "32767"),
    ("VAR b : INT; a : INT := b; END_VAR", 25, "« b » n'est pas constant", "constante"),
    ("VAR CONSTANT a : INT; END_VAR", 14, "n'a pas de valeur", ":= valeur"),
    ("VAR CONSTANT z : REAL := 0.0; a : REAL := 1.0 / (z + z); END_VAR", 47, "division par zéro", "non nulle"),
    ("VAR CONSTANT a AT %MX0.0 : BOOL := TRUE; END_VAR", 19, "constante n'a pas d'adresse", "CONSTANT"),
    ("VAR a AT %IX0.8 : BOOL; END_VAR", 10, "de 0 à 7", "%IX1.0"),
    ("VAR a AT 5 : BOOL; END_VAR", 10, "« 5 » inattendu", "%IX0.0"),
    ("VAR a AT %IX0.0 : INT; END_VAR", 10, "ne convient pas au type INT", "%IW0"),
    ("VAR a AT %IW0 : BOOL; END_VAR", 10, "ne convient pas au type BOOL", "%IX0.0"),
    ("VAR a AT %QW0 : REAL; END_VAR", 10, "ne convient pas au type REAL", "%QD0"),
    ("VAR a AT %I0.0 : BOOL; b AT %IX0.0 : BOOL; END_VAR", 29, "déjà celle de « a » (ligne 1)", "autre adresse"),
    ("VAR a, b AT %I0.0 : BOOL; END_VAR", 13, "plusieurs noms", "un nom par ligne"),
    ("VAR_INPUT t : TON; END_VAR", 11, "se déclare dans VAR", "t : TON"),
    ("VAR t AT %MX0.0 : TON; END_VAR", 5, "sans adresse", "t : TON"),
    ("VAR t : TON := T#5s; END_VAR", 16, "ne reçoit pas une valeur simple", "PT := …"),
    ("VAR t : TON := (XX := T#5s); END_VAR", 17, "n'a pas d'entrée « XX »", "IN, PT"),
    ("VAR a : BOOL := (PT := T#5s); END_VAR", 18, "n'est pas un bloc", ":= valeur"),
    ("VAR a : BOOL;", 1, "VAR n'est pas fermé par END_VAR", "END_VAR"),
    ("VAR_IN_OUT a : BOOL; END_VAR", 1, "VAR_IN_OUT n'est pas pris en charge", "VAR"),
    ("FUNCTION f : INT f := 1; END_FUNCTION", 1, "FUNCTION n'est pas encore", "PROGRAM"),
    ("PROGRAM x := 1; END_PROGRAM PROGRAM", 29, "un seul PROGRAM", "réunir"),
    ("PROGRAM P ; END_PROGRAM x := 1;", 25, "« x » après END_PROGRAM", "avant END_PROGRAM"),
    ("PROGRAM P ; ;", 14, "il manque « END_PROGRAM »", "ajouter"),
    ("PROGRAM VAR END_VAR END_PROGRAM", 9, "n'a pas de nom", "PROGRAM Principal"),
    ("END_VAR", 1, "END_VAR sans VAR", "supprimer"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "column", "text", "mend"), DECLARATIONS)
def test_a_wrong_declaration_has_its_message(source: str, column: int, text: str, mend: str) -> None:
    found = errors_of(source)
    assert found, source
    places = {(message.line, message.column): message for message in found}
    assert (1, column) in places, [message.format() for message in found]
    assert text in places[1, column].text.fr
    assert mend in places[1, column].mend.fr


def test_messages_come_in_text_order_in_two_languages() -> None:
    with pytest.raises(ProgramError) as caught:
        compile_st("VAR a : BOOL; END_VAR\na := b;\n  a := 5 AND c\n", "tri.st")
    assert [message.format("fr") for message in caught.value.messages] == [
        "tri.st:2:6: erreur : « b » n'est pas déclaré → ajouter dans VAR : « b : BOOL; »",
        "tri.st:3:14: erreur : « c » n'est pas déclaré → ajouter dans VAR : « c : BOOL; »",
        "tri.st:3:15: erreur : il manque « ; » avant fin du texte → ajouter « ; » ici",
    ]
    assert caught.value.messages[0].format("en") == ("tri.st:2:6: error: “b” is not declared → add in VAR: “b : BOOL;”")
    assert str(caught.value).startswith("tri.st:2:6: erreur")


def test_an_unknown_name_is_reported_once() -> None:
    assert len(errors_of("VAR a : BOOL; END_VAR a := z; a := z OR a; z := a;")) == 1


def test_a_variable_with_a_wrong_type_is_not_reported_again_as_unknown() -> None:
    assert len(errors_of("VAR a : BOL; END_VAR a := TRUE;")) == 1


def test_a_very_long_program_is_refused() -> None:
    assert "trop long" in errors_of(";" * 200_001)[0].text.fr


def test_any_damaged_program_gives_messages_and_never_a_crash() -> None:
    """Words are removed, doubled, swapped and cut: the compiler always answers, quickly, with places in the text."""
    source = HEAD + (
        "t1(IN := x AND NOT e, PT := T#1s, Q => y); IF t1.Q THEN n := LIMIT(0, n + k, 100); ELSIF x THEN ; ELSE d := n;"
        "END_IF; CASE n OF 1, 3..5: x := y; ELSE r := r / 2.0; END_CASE; FOR n := 1 TO 5 BY 2 DO EXIT; END_FOR; "
        "WHILE x DO x := FALSE; END_WHILE; REPEAT d := d + 1; UNTIL d > 5 END_REPEAT; RETURN;"
    )
    words = re.findall(r"\w+|[^\w\s]+|\s+", source)
    draw, refused = random.Random(1), 0
    for _ in range(600):
        damaged = list(words)
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(damaged))
            match draw.randrange(4):
                case 0:
                    del damaged[place]
                case 1:
                    damaged.insert(place, draw.choice(words))
                case 2:
                    damaged[place] = draw.choice(words)
                case _:
                    damaged[place] = damaged[place][: len(damaged[place]) // 2]
        text = "".join(damaged)
        found: list[Message] = []
        try:
            Plc(compile_st(text), budget=2000).scan(0)
        except ProgramError as error:
            found = error.messages
            refused += 1
        last_line = text.count("\n") + 1
        assert all(1 <= message.line <= last_line and message.column >= 1 for message in found)
    assert refused > 400

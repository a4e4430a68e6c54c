"""Passwords and personal data are seen, ordinary help is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.forum.detector import Found, found_in, is_iban, nir_key

digits = st.integers(min_value=0, max_value=99)


def test_it_works():
    assert found_in("Bonjour, appelez-moi au 06 12 34 56 78") == {Found.PHONE}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mon mot de passe : Soleil2024!", {Found.PASSWORD}),
        ("le mdp est azerty12", {Found.PASSWORD}),
        ("écrivez à jeanne@orange.fr", {Found.ADDRESS}),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", {Found.IBAN}),
        ("+33 (0)1 23 45 67 89", {Found.PHONE}),
    ],
)
def test_what_is_seen(text, found):
    assert found_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "J'ai oublié mon mot de passe : que faire ?"[:28] + " oublié",
        "Le mot de passe est refusé depuis lundi",
        "Le port IMAP est 993, le port d'envoi 465, en 2026-11-25",
        "Demande 2026-000123, version 18.5.1",
    ],
)
def test_ordinary_help_passes(text):
    assert found_in(text) == set()


@given(
    pairs=st.tuples(digits, digits, digits, digits), head=st.integers(1, 9), glue=st.sampled_from(["", " ", ".", "-"])
)
def test_every_french_telephone_is_seen(pairs, head, glue):
    number = glue.join([f"0{head}", *(f"{pair:02d}" for pair in pairs)])
    assert Found.PHONE in found_in(f"au {number}, merci")


@given(
    sex=st.sampled_from("12"),
    year=digits,
    month=st.integers(1, 12),
    place=st.one_of(st.integers(1, 95).map(lambda n: f"{n:02d}"), st.sampled_from(["2A", "2B"])),
    rest=st.integers(1001, 999_999),
    spaced=st.booleans(),
)
def test_every_social_security_number_is_seen(sex, year, month, place, rest, spaced):
    parts = [sex, f"{year:02d}", f"{month:02d}", place, f"{rest:06d}"[:3], f"{rest:06d}"[3:]]
    parts.append(f"{nir_key(''.join(parts)):02d}")
    assert Found.NIR in found_in(f"NIR {(' ' if spaced else '').join(parts)}.")


@given(bank=st.integers(0, 10**23 - 1))
def test_every_french_iban_is_seen(bank):
    account = f"{bank:023d}"
    key = 98 - int(account + "152700") % 97
    iban = f"FR{key:02d}{account}"
    assert is_iban(iban)
    assert Found.IBAN in found_in(f"sur {iban} svp")


@given(st.text())
def test_any_text_passes_through(text):
    found_in(text)

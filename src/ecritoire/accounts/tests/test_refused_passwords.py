"""Passwords that are long enough and still refused: personal, leaked, guessed, used before."""

import datetime as dt
import hashlib

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import PASSWORD
from ecritoire.accounts import breached
from ecritoire.accounts.models import AccessPolicy, Population
from ecritoire.accounts.services.breached import filter_build
from ecritoire.accounts.services.passwords import password_faults, password_set, reuse_faults

pytestmark = pytest.mark.django_db
LONG = "É! " + hashlib.sha512(b"long").hexdigest() * 2
FIRST, SECOND = "Tracteur-bleu-7-lune", "Ballon-rouge-8-nuage"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Durand-cheval-42", "contient votre nom"),
        ("Le-12/05/1980-jour", "date de naissance"),
        ("Password123!", "fuite"),
        ("PASSword123!", "fuite"),
        ("Motdepasse123!", "se devine vite"),
        ("Bonjour123456789", "se devine vite"),
        ("Ab3!", "délibération 2022-100"),
    ],
)
def test_it_works(anne, password, words):
    anne.person.birth_date = dt.date(1980, 5, 12)
    faults = password_faults(password=password, account=anne)
    assert len(faults) == 1
    assert words in faults[0]


@pytest.mark.parametrize("password", [FIRST, "kT7#pQ2m!xW9", "nous avons mangé treize pommes vertes hier soir", LONG])
def test_good_ones_are_accepted(anne, password):
    assert password_faults(password=password, account=anne) == []


def test_a_short_name_inside_a_word_is_no_personal_data(make_account):
    luc = make_account("Luc", "Ali")
    assert not password_faults(password="Capitaliser-12-reluctance", account=luc)
    assert password_faults(password="Chez-luc-on-mange-42", account=luc)


def test_the_current_and_the_last_ones_are_refused(anne):
    AccessPolicy.objects.create(population=Population.TEACHER, password_history=2)
    password_set(account=anne, password=FIRST)
    assert "mot de passe actuel" in reuse_faults(password=FIRST, account=anne)[0]
    assert "2 derniers" in reuse_faults(password=PASSWORD, account=anne)[0]
    password_set(account=anne, password=SECOND)
    assert reuse_faults(password=PASSWORD, account=anne) == []


def test_no_more_are_kept_than_the_policy_looks_at(anne):
    AccessPolicy.objects.create(population=Population.TEACHER, password_history=2)
    for password in (FIRST, SECOND, FIRST):
        password_set(account=anne, password=password)
    assert anne.former_passwords.count() == 1
    assert anne.former_passwords.get().password.startswith("argon2")


def test_a_temporary_password_is_not_remembered(make_account):
    from ecritoire.accounts.services.letters import temporary_password_set

    account = make_account()
    temporary_password_set(account=account)
    password_set(account=account, password=FIRST)
    assert not account.former_passwords.exists()


def test_the_slow_checks_come_last(anne, monkeypatch):
    from ecritoire.accounts.forms import NewPasswordForm

    monkeypatch.setattr("ecritoire.accounts.forms.base.reuse_faults", lambda **kwargs: pytest.fail("hashed too early"))
    assert not NewPasswordForm({"new_password": "court", "repeat": "court"}, account=anne).is_valid()


@pytest.fixture
def own_filters(tmp_path, monkeypatch):
    monkeypatch.setattr("ecritoire.accounts.breached.added_dir", lambda: tmp_path)
    monkeypatch.setattr("ecritoire.accounts.management.commands.breached_passwords.added_dir", lambda: tmp_path)
    return tmp_path


def test_an_administrator_adds_a_list_of_passwords(anne, own_filters, tmp_path):
    (tmp_path / "mots.txt").write_text("court\ntracteur-bleu-7-lune\n")
    call_command("breached_passwords", tmp_path / "mots.txt", name="academie")
    assert "fuite" in password_faults(password=FIRST, account=anne)[0]


def test_an_administrator_adds_digests_seen_often(anne, own_filters, tmp_path):
    rows = [f"{breached.key_of(password).hex().upper()}:{seen}" for password, seen in ((FIRST, 12), (SECOND, 3))]
    (tmp_path / "export.txt").write_text("\n".join(rows))
    call_command("breached_passwords", tmp_path / "export.txt", seen=10)
    assert breached.is_breached(FIRST)
    assert not breached.is_breached(SECOND)


def test_a_file_that_is_no_list_is_refused(own_filters, tmp_path):
    (tmp_path / "vide.txt").write_text("court\n")
    with pytest.raises(CommandError, match=r"vide\.txt"):
        call_command("breached_passwords", tmp_path / "vide.txt")
    with pytest.raises(CommandError, match="no such file"):
        call_command("breached_passwords", tmp_path / "absent.txt")


def test_the_shipped_filter_is_wrong_once_in_a_thousand():
    known = breached.BloomFilter(breached.SHIPPED)
    wrong = sum(f"Zq{number:06d}-jamais-vu" in known for number in range(20_000))
    assert wrong < 20 * 3


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.text(alphabet="abcdefgh0123456789", min_size=8, max_size=20), min_size=1, max_size=50))
def test_a_filter_never_misses_what_it_holds(tmp_path, words):
    kept = {word for word in words if not word.isalpha() and any(sign.isalpha() for sign in word)}
    (tmp_path / "liste.txt").write_text("\n".join([*words, "secret-1234"]))
    filter_build(sources=[tmp_path / "liste.txt"], target=tmp_path / "liste.bloom")
    known = breached.BloomFilter(tmp_path / "liste.bloom")
    assert all(word in known and word.upper() in known for word in kept)

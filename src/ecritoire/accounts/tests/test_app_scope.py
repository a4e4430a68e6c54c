"""A secret opens the protocols it was made for; the main password opens none, and its owner reads why."""

import pytest
from django.conf import settings

from conftest import PASSWORD
from ecritoire.accounts.models import SignInEvent
from ecritoire.accounts.services import app_password_create
from ecritoire.accounts.services.mail_sign_in import mail_sign_in
from ecritoire.accounts.tests.test_app_passwords import ask

pytestmark = pytest.mark.django_db
Protocol = SignInEvent.Protocol
URL = "/compte/applications/"


def attempt(account, secret, protocol=Protocol.IMAP, address="192.0.2.7"):
    return mail_sign_in(login=account.login, secret=secret, protocol=protocol, address=address)


def test_it_works(anne):
    _, secret = app_password_create(account=anne, name="Imprimante", protocols=["smtp"])
    assert attempt(anne, secret, Protocol.SMTP).ok
    assert attempt(anne, secret, Protocol.IMAP).result == "out_of_scope"


@pytest.mark.parametrize("scope", [["imap"], ["pop3"], ["imap", "smtp"], ["pop3", "smtp"], ["imap", "pop3", "smtp"]])
def test_each_scope_opens_what_it_says(anne, scope):
    _, secret = app_password_create(account=anne, name="Téléphone", protocols=scope)
    opened = [p.value for p in (Protocol.IMAP, Protocol.POP3, Protocol.SMTP) if attempt(anne, secret, p).ok]
    assert opened == scope


def test_out_of_scope_is_refused_like_anything_else_and_locks_nobody_out(anne):
    _, secret = app_password_create(account=anne, name="Téléphone", protocols=["imap"])
    outcomes = [attempt(anne, secret, Protocol.SMTP) for _ in range(8)]
    assert not any(outcome.ok or outcome.token for outcome in outcomes)
    assert attempt(anne, secret).ok


def test_the_main_password_is_never_hashed_here(anne, monkeypatch):
    """No Argon2 on this path: the proxy is neither a place to guess the password nor a way to burn the machine."""
    monkeypatch.setattr("ecritoire.accounts.hashers.OwaspArgon2Hasher.verify", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr("ecritoire.accounts.hashers.OwaspArgon2Hasher.encode", lambda *_: pytest.fail("hashed"))
    right, wrong = attempt(anne, PASSWORD), attempt(anne, "Autre-chose-42-du-tout")
    assert right == wrong


def test_the_main_password_in_an_application_is_explained(sign_in, anne):
    attempt(anne, PASSWORD)
    browser = sign_in(anne)
    assert "Votre mot de passe du portail ne sert pas ici" in browser.get(URL).content.decode()
    assert "mot de passe au lieu d&#x27;un secret" in browser.get("/compte/historique/").content.decode()


@pytest.mark.parametrize("typed", [PASSWORD, "a" * 26])
def test_the_refusal_helps_and_tells_nothing_of_accounts(browser, anne, typed):
    """The same words for the right password, a wrong one, and a name nobody has; they depend on what was typed alone."""
    logins = (anne.login, f"personne@{settings.MAIL_DOMAIN}")
    answers = {ask(browser, login, secret)["Auth-Status"] for login in logins for secret in (typed, typed[::-1])}
    (text,) = answers
    assert text.endswith("/compte/applications/") == (typed == PASSWORD)


def test_the_proxy_is_answered_before_the_pages_machinery(browser, anne, django_assert_num_queries):
    _, secret = app_password_create(account=anne, name="Téléphone")
    attempt(anne, secret)
    with django_assert_num_queries(1):
        answer = ask(browser, anne.login, secret)
    assert answer["Auth-Status"] == "OK"
    assert "Content-Security-Policy" not in answer
    assert not answer.cookies


def test_a_misconfigured_telephone_neither_locks_the_web_nor_fills_the_history(sign_in, anne):
    for _ in range(30):
        attempt(anne, PASSWORD, address="192.0.2.10")
    assert anne.sign_ins.filter(result="not_a_secret").count() == 1
    sign_in(anne)


@pytest.mark.parametrize("secret", [PASSWORD, "a" * 26])
def test_a_refusal_reads_four_times_at_most_and_writes_once(anne, django_assert_max_num_queries, secret):
    with django_assert_max_num_queries(5):
        attempt(anne, secret)


def test_use_wakes_a_sleeping_application(anne):
    from django.utils import timezone

    row, secret = app_password_create(account=anne, name="Tablette")
    row.dormant_told_at = timezone.now()
    row.save()
    attempt(anne, secret)
    row.refresh_from_db()
    assert row.dormant_told_at is None
    assert (row.last_used_protocol, row.last_used_address) == ("imap", "192.0.2.7")

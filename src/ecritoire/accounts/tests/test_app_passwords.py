"""Secrets for mail applications, and the mail proxy's question."""

import pytest
from django.conf import settings

from conftest import PASSWORD
from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.services import app_password_create, app_password_revoke
from ecritoire.accounts.services.mail_sign_in import mail_sign_in
from ecritoire.accounts.tokens import token_check

pytestmark = pytest.mark.django_db
URL = "/compte/applications/"
NOBODYS = "a" * 26
AUTH = "/interne/mail-auth"


def try_imap(login, secret, address="192.0.2.7"):
    return mail_sign_in(login=login, secret=secret, protocol=SignInEvent.Protocol.IMAP, address=address)


def ask(browser, login, secret, protocol="imap", key=None):
    headers = {
        "X-Auth-Key": settings.CONFIG.secret("nginx-auth-key") if key is None else key,
        "Auth-User": login,
        "Auth-Pass": secret,
        "Auth-Protocol": protocol,
        "Client-IP": "192.0.2.7",
    }
    return browser.get(AUTH, headers=headers)


def test_it_works(anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    outcome = try_imap(anne.login, secret)
    assert outcome.ok
    assert token_check(anne.store_id, outcome.token)


def test_spaces_hyphens_and_capitals_are_for_people(anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    assert try_imap(anne.login, secret.upper().replace("-", " ")).ok


def test_the_main_password_never_opens_a_mailbox(anne):
    assert try_imap(anne.login, PASSWORD).result == "not_a_secret"


def test_a_secret_opens_its_owner_s_mailbox_only(anne, boris):
    _, secret = app_password_create(account=anne, name="Téléphone")
    assert try_imap(boris.login, secret).result == "wrong_password"


def test_the_secret_is_kept_as_a_hash(anne):
    row, secret = app_password_create(account=anne, name="Téléphone")
    assert secret.replace("-", "") not in row.secret_hash


def test_revoked_it_opens_nothing(sign_in, anne):
    row, secret = app_password_create(account=anne, name="Téléphone")
    sign_in(anne).post(f"{URL}{row.pk}/retrait/")
    assert not try_imap(anne.login, secret).ok


def test_nobody_revokes_another_s(sign_in, anne, boris):
    row, secret = app_password_create(account=anne, name="Téléphone")
    assert sign_in(boris).post(f"{URL}{row.pk}/retrait/").status_code == 404
    assert try_imap(anne.login, secret).ok


def test_a_telephone_with_a_withdrawn_secret_locks_nobody_out(anne):
    row, secret = app_password_create(account=anne, name="Téléphone")
    app_password_revoke(app_password=row, acting_user=anne)
    results = {try_imap(anne.login, secret).result for _ in range(8)}
    assert results == {"revoked_secret"}
    assert anne.sign_ins.filter(application="Téléphone").count() == 1


@pytest.mark.parametrize("state", [Account.State.SUSPENDED, Account.State.DEACTIVATED, Account.State.PROVISIONED])
def test_an_account_that_is_not_active_stays_out(anne, state):
    _, secret = app_password_create(account=anne, name="Téléphone")
    Account.objects.update(state=state)
    assert not try_imap(anne.login, secret).ok


def test_failures_lock_the_pair_and_no_other_address(anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    for _ in range(5):
        try_imap(anne.login, NOBODYS)
    assert try_imap(anne.login, secret).result == "locked"
    assert try_imap(anne.login, secret, address="192.0.2.8").ok


def test_a_success_reads_once_and_a_polling_telephone_writes_once(anne, django_assert_num_queries):
    _, secret = app_password_create(account=anne, name="Téléphone")
    try_imap(anne.login, secret)
    with django_assert_num_queries(1):
        assert try_imap(anne.login, secret).ok
    assert SignInEvent.objects.filter(result="success", protocol="imap").count() == 1


def test_the_proxy_is_told_where_to_go(browser, anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    answer = ask(browser, anne.login.replace("@", "%40"), secret)
    assert answer["Auth-Status"] == "OK"
    assert (answer["Auth-Server"], answer["Auth-Port"]) == ("127.0.0.1", str(settings.CONFIG.internal.imap))
    assert answer["Auth-User"] == anne.store_id
    assert token_check(anne.store_id, answer["Auth-Pass"])


def test_postfix_is_told_the_secret_and_the_login(browser, anne):
    row, secret = app_password_create(account=anne, name="Téléphone")
    assert ask(browser, anne.login, secret, "smtp")["Auth-User"] == f"{row.pk}/{anne.login}"


def test_a_refusal_waits_and_has_its_code(browser, anne):
    answer = ask(browser, anne.login, NOBODYS, "smtp")
    assert answer["Auth-Status"] != "OK"
    assert (answer["Auth-Error-Code"], answer["Auth-Wait"]) == ("535 5.7.8", "3")


def test_only_nginx_may_ask(browser, anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    assert ask(browser, anne.login, secret, key="faux").status_code == 403

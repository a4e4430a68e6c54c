"""A change of name: the login follows, the old one still opens for as long as its address is kept."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from conftest import PASSWORD
from ecritoire.accounts import tasks
from ecritoire.accounts.models import Lockout, SignInEvent
from ecritoire.accounts.selectors import logins_of, sender_addresses
from ecritoire.accounts.services import app_password_create
from ecritoire.accounts.services.limits import locked_until
from ecritoire.accounts.services.mail_sign_in import mail_sign_in
from ecritoire.accounts.services.sign_in import login_resolve
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import EmailAddress
from ecritoire.directory.services.addresses import aliases_retire
from ecritoire.directory.signals import primary_address_changed

pytestmark = pytest.mark.django_db
NEW = "anne.martin@ac-valmont.test"
PLACE = "192.0.2.10"


def rename(account, address=NEW, kept_until=None):
    """As the feeds do."""
    old = account.person.addresses.get(is_primary=True)
    old.is_primary, old.kept_until = False, kept_until or timezone.localdate() + dt.timedelta(days=365)
    old.save()
    new = EmailAddress.objects.create(person=account.person, address=address)
    primary_address_changed.send(sender=None, person=account.person, old=old, new=new)
    account.refresh_from_db()
    return old


def test_it_works(sign_in, browser, anne):
    old = rename(anne)
    assert anne.login == NEW
    for login in (NEW, old.address, "anne.durand", old.address.upper()):
        browser.cookies.clear()
        answer = browser.post("/compte/connexion/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 302, login
    assert set(SignInEvent.objects.values_list("login", flat=True)) == {NEW}
    assert AuditEvent.objects.get(action="account.rename").detail == {"former": old.address}


def test_applications_go_on_with_the_old_login(anne):
    secret = app_password_create(account=anne, name="Téléphone")[1]
    old = rename(anne)
    for login in (old.address, NEW):
        outcome = mail_sign_in(login=login, secret=secret, protocol=SignInEvent.Protocol.IMAP, address=PLACE)
        assert outcome.ok
        assert outcome.store_id == anne.store_id
        assert outcome.sender.endswith(f"/{NEW}")


def test_it_stays_one_query(anne, django_assert_num_queries):
    secret = app_password_create(account=anne, name="Téléphone")[1]
    old = rename(anne)
    values = {"login": old.address, "secret": secret, "protocol": SignInEvent.Protocol.IMAP, "address": PLACE}
    mail_sign_in(**values)
    with django_assert_num_queries(1):
        assert mail_sign_in(**values).ok


def test_a_lockout_follows(browser, anne):
    for _ in range(5):
        browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    assert locked_until(login=anne.login, address=PLACE)
    old = rename(anne)
    assert locked_until(login=NEW, address=PLACE)
    assert Lockout.objects.get().login == NEW
    answer = browser.post("/compte/connexion/", {"login": old.address, "password": PASSWORD})
    assert answer.status_code == 429


def test_a_failure_under_the_old_login_counts_for_the_new_one(browser, anne):
    old = rename(anne)
    for _ in range(5):
        browser.post("/compte/connexion/", {"login": old.address, "password": "faux"})
    assert locked_until(login=NEW, address=PLACE)


def test_both_addresses_may_be_written_under(anne):
    old = rename(anne)
    assert sender_addresses(account=anne) == [NEW, old.address]
    assert set(logins_of(anne)) == {NEW, old.address}


def test_the_person_is_told(anne):
    old = rename(anne, kept_until=dt.date(2027, 8, 31))
    tasks.lifecycle.send_name_changed(account_id=anne.pk, old=old.address, kept_until="2027-08-31")
    assert [message.to for message in mail.outbox] == [[NEW], ["anne@ailleurs.test"]]
    assert "31 août 2027" in mail.outbox[0].body
    assert "n'avez rien à changer" in mail.outbox[0].body


def test_once_its_time_is_over_the_old_login_opens_nothing(browser, anne):
    old = rename(anne, kept_until=dt.date(2027, 8, 31))
    assert aliases_retire(today=dt.date(2027, 8, 31)) == []
    assert aliases_retire(today=dt.date(2027, 9, 1)) == [old]
    assert aliases_retire(today=dt.date(2027, 9, 1)) == []
    assert login_resolve(old.address) == old.address
    answer = browser.post("/compte/connexion/", {"login": old.address, "password": PASSWORD})
    assert answer.status_code == 200
    assert sender_addresses(account=anne) == [NEW]
    assert AuditEvent.objects.filter(action="address.retire", target=old.address).exists()


def test_a_retired_address_is_never_given_again(anne, make_person):
    old = rename(anne, kept_until=dt.date(2020, 1, 1))
    aliases_retire(today=timezone.localdate())
    namesake = make_person("Anne", "Durand")
    assert namesake.addresses.get().address == "anne.durand2@ac-valmont.test"
    assert EmailAddress.objects.filter(pk=old.pk).exists()


def test_a_stranger_to_the_old_name_gets_nothing(anne, boris):
    rename(anne)
    assert login_resolve(boris.login) == boris.login
    assert login_resolve("personne@ac-valmont.test") == "personne@ac-valmont.test"


def test_the_home_page_says_so_in_one_query(sign_in, anne, rf, django_assert_num_queries):
    from ecritoire.accounts.news import notice

    request = rf.get("/")
    request.user = anne
    assert notice(request) is None
    old = rename(anne)
    with django_assert_num_queries(1):
        text = str(notice(request))
    assert old.address in text
    assert NEW in text

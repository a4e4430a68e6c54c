"""The automatic answer of somebody whose right ends, on the real store."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import AbsenceMessage, Account
from ecritoire.accounts.services.lifecycle import Reason, account_move
from ecritoire.mailstore.ending.absence import absence_follow, absence_wanted, absence_write
from ecritoire.mailstore.ending.words import absence_sieve, absence_text
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_rules import rule_write, rules_list
from ecritoire.mailstore.sieve_words import script_words

DAY = dt.timedelta(days=1)
SORT = 'require ["fileinto"];\nif header :contains "subject" "été" { fileinto "Archive"; }\n'
ANSWER = 'require ["vacation"];\nvacation "Je suis loin.";\n'


def fresh(account):
    return Account.objects.select_related("person__organisation", "absence").get(pk=account.pk)


@pytest.fixture
def ending(newcomer):
    mailbox_create(account=newcomer)
    newcomer.person.right_until = timezone.localdate() - DAY
    newcomer.person.save()
    account_move(account=newcomer, event=Event.END, reason=Reason.RIGHT_OVER, acting_user=None)
    return newcomer


def renew(account):
    account.person.right_until = None
    account.person.save()
    account_move(account=account, event=Event.RENEW, reason=Reason.RIGHT_BACK, acting_user=None)


def in_force(account):
    """Names of the scripts, the active one first and marked."""
    return [f"{rule.name}{'*' if rule.is_active else ''}" for rule in rules_list(account=account)]


def test_it_works(ending):
    assert absence_follow(account=fresh(ending)) is True
    (rule,) = rules_list(account=ending)
    assert rule.is_active
    ending.refresh_from_db()
    assert ending.login in rule.text
    assert f"{ending.closes_on.day} " in rule.text
    assert script_words(rule.text) == ["Répond automatiquement"]
    renew(ending)
    assert absence_follow(account=fresh(ending)) is False
    assert in_force(ending) == []


@pytest.mark.parametrize("name", ["tri", "Tri d'été « à moi »"])
def test_the_persons_own_rules_stay_and_come_back(ending, name):
    rule_write(account=ending, name=name, text=SORT)
    absence_follow(account=fresh(ending))
    assert in_force(ending) == ["ecritoire*", *sorted(["ecritoire-absence", name])]
    wrapper = rules_list(account=ending)[0]
    assert f"« {name} »" in " ".join(script_words(wrapper.text))
    renew(ending)
    absence_follow(account=fresh(ending))
    (rule,) = rules_list(account=ending)
    assert (rule.name, rule.is_active, rule.text) == (name, True, SORT)


def test_again_it_writes_nothing_new(ending):
    rule_write(account=ending, name="tri", text=SORT)
    absence_follow(account=fresh(ending))
    before = [(rule.pk, rule.changed_at) for rule in rules_list(account=ending) if rule.name == "ecritoire-absence"]
    absence_follow(account=fresh(ending))
    after = [(rule.pk, rule.changed_at) for rule in rules_list(account=ending) if rule.name == "ecritoire-absence"]
    assert before == after


def test_an_answer_of_their_own_stands(ending):
    rule_write(account=ending, name="absence", text=ANSWER)
    assert absence_follow(account=fresh(ending)) is False
    assert in_force(ending) == ["absence*"]


def test_rules_written_while_ending_are_taken_in(ending):
    absence_follow(account=fresh(ending))
    rule_write(account=ending, name="neuf", text=SORT)
    assert in_force(ending)[0] == "neuf*"
    absence_follow(account=fresh(ending))
    assert in_force(ending)[0] == "ecritoire*"
    renew(ending)
    absence_follow(account=fresh(ending))
    assert in_force(ending) == ["neuf*"]


def test_an_answer_written_while_ending_takes_ours_away(ending):
    absence_follow(account=fresh(ending))
    rule_write(account=ending, name="absence", text=ANSWER)
    assert absence_follow(account=fresh(ending)) is False
    assert in_force(ending) == ["absence*"]


def test_their_own_words(ending):
    absence_write(
        account=ending, words='Je pars "loin".\nMerci \\ à tous', contact="claire.martin@ac-valmont.test", wanted=True
    )
    absence_follow(account=fresh(ending))
    (rule,) = rules_list(account=ending)
    assert 'Je pars \\"loin\\".' in rule.text
    assert "Merci \\\\ à tous" in rule.text
    assert "claire.martin@ac-valmont.test" in rule.text


def test_before_the_end_only_who_asks(newcomer):
    mailbox_create(account=newcomer)
    today = timezone.localdate()
    newcomer.person.right_until = today + 20 * DAY
    newcomer.person.save()
    assert not absence_wanted(fresh(newcomer), today=today)
    absence_write(account=newcomer, words="", contact="", wanted=True)
    assert absence_wanted(fresh(newcomer), today=today)
    assert not absence_wanted(fresh(newcomer), today=today - 11 * DAY)
    assert absence_follow(account=fresh(newcomer)) is True
    newcomer.person.right_until = None
    newcomer.person.save()
    assert absence_follow(account=fresh(newcomer)) is False
    assert in_force(newcomer) == []
    assert AbsenceMessage.objects.get().is_wanted is None


@pytest.mark.django_db
def test_every_text_is_a_string_of_sieve(anne):
    text = absence_text(anne, words='"; discard; #', contact="x")
    sieve = absence_sieve(text=text, subject="s", sender=anne.login, addresses=[anne.login])
    assert script_words(sieve) == ["Répond automatiquement"]


def test_whoever_is_neither_ending_nor_near_has_none(anne):
    assert anne.state == State.ACTIVATED
    assert absence_follow(account=fresh(anne)) is False

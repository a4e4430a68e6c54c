"""Rules read, told in words, removed; on the real store."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.mailstore import services_rules
from ecritoire.mailstore.jmap import SetError, StoreUnavailable
from ecritoire.mailstore.services import mailbox_create
from ecritoire.mailstore.services_rules import RuleGone, rule_remove, rule_write, rules_list, steward_ask
from ecritoire.mailstore.sieve_words import forwards_to, script_words

SCRIPT = """require ["copy", "fileinto"];
# redirect "commentaire@ailleurs.test";
if header :contains "subject" "discard; \\"facture\\"" {
  redirect :copy "copie@ailleurs.test";
  fileinto "Trash";
} elsif address :is "from" "x@y.test" { /* redirect "non@ailleurs.test"; */ discard; }
redirect "ailleurs@ailleurs.test";
"""


def test_it_works(newcomer):
    mailbox_create(account=newcomer)
    pk = rule_write(account=newcomer, name="Tri été", text=SCRIPT)
    (rule,) = rules_list(account=newcomer)
    assert (rule.pk, rule.name, rule.is_active, rule.text) == (pk, "Tri été", True, SCRIPT)
    assert rule.forwards == ["copie@ailleurs.test", "ailleurs@ailleurs.test"]
    assert rule.changed_at
    assert abs(timezone.now() - rule.changed_at) < dt.timedelta(minutes=2)
    assert rule_remove(account=newcomer, pk=pk).name == "Tri été"
    assert rules_list(account=newcomer) == []


def test_only_one_is_active_and_it_comes_first(newcomer):
    mailbox_create(account=newcomer)
    rule_write(account=newcomer, name="été", text="discard;", active=False)
    rule_write(account=newcomer, name="b", text="keep;")
    rules = rules_list(account=newcomer)
    assert [(rule.name, rule.is_active) for rule in rules] == [("b", True), ("été", False)]
    assert all(rule.changed_at for rule in rules)


def test_a_rule_that_is_gone(newcomer):
    mailbox_create(account=newcomer)
    with pytest.raises(RuleGone):
        rule_remove(account=newcomer, pk="nothing")


def test_the_store_refuses_what_is_no_sieve(newcomer):
    mailbox_create(account=newcomer)
    with pytest.raises(SetError):
        rule_write(account=newcomer, name="faux", text="ceci n'est pas une règle")


def test_a_steward_who_is_away_is_worth_another_try(monkeypatch, tmp_path):
    monkeypatch.setattr(services_rules, "steward_socket", lambda: tmp_path / "none")
    with pytest.raises(StoreUnavailable):
        steward_ask("cut", "u1")


def test_every_action_is_told_and_nothing_said_in_a_comment_or_a_string():
    assert script_words(SCRIPT) == [
        "Envoie une copie à copie@ailleurs.test",
        "Range dans « Trash »",
        "Détruit le message sans rien dire",
        "Renvoie le courrier à ailleurs@ailleurs.test, sans le garder",
    ]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('vacation :days 7 text:\nJe suis absent; redirect "x@y.z";\n.\n;', ["Répond automatiquement"]),
        ('REDIRECT "A@B.test";', ["Renvoie le courrier à A@B.test, sans le garder"]),
        ('reject "non";', ["Refuse le message"]),
        ("keep; stop;", []),
        ("", []),
    ],
)
def test_words(script, words):
    assert script_words(script) == words


@given(st.text(alphabet='redirct ";:\\#/*\n.ab@{}text', max_size=60))
def test_any_text_can_be_read(text):
    script_words(text)


@given(st.emails())
def test_a_forward_never_goes_unseen(address):
    quoted = address.replace("\\", "\\\\").replace('"', '\\"')
    assert forwards_to(f'if true {{ redirect :copy "{quoted}"; }}') == [address]

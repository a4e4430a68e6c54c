"""The end of a contract through the real daemons: told, answered for, closed on every protocol, refused with the reason, purged."""

from __future__ import annotations

import imaplib
import json
import poplib
import re
import smtplib
import subprocess
import time
import uuid

import pytest

from launcher.house import manage_command
from tests.end_to_end.conftest import NARROW, WIDE, enter, wait_until
from tests.end_to_end.sso import landed, register, service  # noqa: F401
from tests.end_to_end.test_intrusion import is_cut
from tests.end_to_end.test_mail_flow import delivered, message, swaks
from tests.end_to_end.test_pages import look
from tests.end_to_end.test_sso_oidc import address, client, tokens, wiki  # noqa: F401

MINUTE = 60
FROM = "claire.martin@partenaire.test"
ENDING = """
import datetime as dt
from django.utils import timezone
from ecritoire.accounts.models import Account
from ecritoire.accounts.services.lifecycle import accounts_follow
account = Account.objects.select_related("person").get(login="{login}")
account.person.right_until = timezone.localdate() + dt.timedelta(days={days})
account.person.save()
accounts_follow(person_ids=[account.person_id])
account.refresh_from_db()
"""


def shell(site, code):
    """As an administrator on the machine would."""
    command = [*manage_command(site, ["shell", "--no-imports", "-c", code])]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def end_right(site, person, days=-1):
    shell(site, ENDING.format(login=person["sign_in"], days=days))


def open_file_of(page, person):
    page.goto(f"/annuaire/?q={person['sign_in']}")
    page.get_by_role("link", name=re.compile(person["name"].split()[1])).first.click()
    page.get_by_role("heading", name=person["name"]).wait_for()


def decide(page, person, title, **fields):
    """In the console, from the person's page."""
    open_file_of(page, person)
    page.get_by_role("link", name=title, exact=True).click()
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name=title, exact=True).click()


def is_over(question):
    """The server has hung up on this connection, or says so."""
    try:
        question()
    except (OSError, poplib.error_proto, smtplib.SMTPException, EOFError):
        return True
    return False


def test_closing_ends_every_protocol_within_a_minute(open_page, signed_in, site, tls, imap, agent, client, service):  # noqa: F811
    login, secret = agent["sign_in"], agent["app_password"]
    page = enter(open_page(), login, agent["password"])
    page.get_by_role("heading", name="Bonjour Colette").wait_for()
    page.goto(address(client))
    tokens(client, landed(page, service))
    assert client.get(client.found["userinfo_endpoint"]).status_code == 200
    mailbox = imap(login, secret)
    mailbox.select("INBOX")
    pop = poplib.POP3_SSL("localhost", site.config.listen.pop3s, context=tls, timeout=30)
    pop.user(login)
    pop.pass_(secret)
    sender = smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30)
    sender.login(login, secret)

    console = signed_in("Hélène")
    started = time.monotonic()
    decide(console, agent, "Fermer le compte", Motif="fin de mission")
    console.get_by_text("Compte fermé.").wait_for()
    wait_until(lambda: is_cut(mailbox), "the end of the open IMAP connection")
    wait_until(lambda: is_over(pop.stat), "the end of the open POP connection")
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="not owned by user"):
        sender.sendmail(login, ["editions@partenaire.test"], message(login, "b", "c"))
    assert client.get(client.found["userinfo_endpoint"]).status_code == 401
    page.goto("/courrier/")
    page.get_by_label("Identifiant").wait_for()
    again = poplib.POP3_SSL("localhost", site.config.listen.pop3s, context=tls, timeout=30)
    again.user(login)
    with pytest.raises(poplib.error_proto):
        again.pass_(secret)
    with pytest.raises(imaplib.IMAP4.error):
        imap(login, secret)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30).login(login, secret)
    enter(page, login, agent["password"]).get_by_role("alert").first.wait_for()
    assert time.monotonic() - started < MINUTE


def test_mail_to_a_closed_mailbox_says_so(signed_in, site, tls, people, agent):
    decide(signed_in("Hélène"), agent, "Fermer le compte", Motif="essai")
    told = swaks(site, "--from", FROM, "--to", agent["sign_in"])
    assert "550 5.2.1 <" in told.stdout
    assert "Cette boite est fermee" in told.stdout
    assert "This mailbox is closed" in told.stdout
    plus = swaks(site, "--from", FROM, "--to", agent["sign_in"].replace("@", "+liste@"))
    assert "This mailbox is closed" in plus.stdout
    unknown = swaks(site, "--from", FROM, "--to", "personne.du.tout@ac-valmont.test")
    assert "mailbox is closed" not in unknown.stdout
    julien = people["Julien"]
    with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as inside:
        inside.login(julien["sign_in"], julien["app_password"])
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="This mailbox is closed"):
            inside.sendmail(julien["sign_in"], [agent["sign_in"]], message(julien["sign_in"], agent["sign_in"], "c"))


def test_mail_to_a_retired_address_says_so(site, agent):
    old = f"ancien.{uuid.uuid4().hex[:8]}@ac-valmont.test"
    shell(
        site,
        "from django.utils import timezone\nfrom ecritoire.accounts.models import Account\n"
        "from ecritoire.directory.models import EmailAddress\n"
        f"person = Account.objects.get(login='{agent['sign_in']}').person\n"
        f"EmailAddress.objects.create(person=person, address='{old}', is_primary=False, retired_at=timezone.now())\n",
    )
    told = swaks(site, "--from", FROM, "--to", old)
    assert "550 5.1.6 <" in told.stdout
    assert "This address is no longer in use" in told.stdout


def test_reopening_lets_mail_in_again(signed_in, site, imap, agent):
    console = signed_in("Hélène")
    decide(console, agent, "Fermer le compte", Motif="essai")
    decide(console, agent, "Rouvrir le compte", Motif="erreur")
    console.get_by_text("Compte rouvert.").wait_for()
    assert swaks(site, "--from", FROM, "--to", agent["sign_in"]).returncode == 0
    with pytest.raises(imaplib.IMAP4.error):
        imap(agent["sign_in"], agent["app_password"])


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_person_is_told_and_answered_for(open_page, site, outside, agent, width):
    end_right(site, agent)
    page = enter(open_page(width), agent["sign_in"], agent["password"])
    page.get_by_text("Votre messagerie ferme dans 29 jours").wait_for()
    look(page)
    page.get_by_role("link", name="Toutes les dates").click()
    page.get_by_role("heading", name="Ce qui se termine, et quand").wait_for()
    words = f"Je pars, {uuid.uuid4().hex}."
    page.get_by_label("Vos mots").fill(words)
    page.get_by_role("button", name="Aperçu").click()
    page.locator("blockquote").get_by_text(words).wait_for()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Votre réponse automatique est enregistrée.").wait_for()
    look(page)
    wait_until(lambda: words in answer_of(site, agent), "the answer in the store")
    assert swaks(site, "--from", FROM, "--to", agent["sign_in"], "--h-Subject", "vous êtes là ?").returncode == 0
    got = outside("claire.martin", words)
    text = got.as_string()
    assert "auto-replied" in text
    assert "X-Partner-DKIM: pass" in text
    assert agent["sign_in"] in str(got["From"])
    page.goto("/courrier/")
    page.get_by_text("Votre messagerie ferme dans 29 jours").wait_for()
    page.get_by_role("button", name="Masquer pour aujourd'hui").click()
    page.wait_for_url("**/courrier/")
    assert not page.get_by_text("Votre messagerie ferme").count()


def answer_of(site, person):
    return shell(
        site,
        "from ecritoire.accounts.models import Account\nfrom ecritoire.mailstore.services_rules import rules_list\n"
        f"print([rule.text for rule in rules_list(account=Account.objects.get(login='{person['sign_in']}'))])",
    )


def test_no_rule_forwards_anything_anywhere(site, imap, agent):
    shell(
        site,
        "from ecritoire.accounts.models import Account\nfrom ecritoire.mailstore.services_rules import rule_write\n"
        f"account = Account.objects.get(login='{agent['sign_in']}')\n"
        "rule_write(account=account, name='renvoi', text='redirect \"editions@partenaire.test\";')\n",
    )
    subject = uuid.uuid4().hex
    for sender in (FROM, "<>"):
        assert swaks(site, "--from", sender, "--to", agent["sign_in"], "--h-Subject", subject).returncode == 0
    mailbox = imap(agent["sign_in"], agent["app_password"])

    def kept():
        mailbox.select("INBOX")
        return len(mailbox.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()) == 2

    wait_until(kept, "both messages, kept in the mailbox")
    for path in (site.store("partner")).glob("*/new/*"):
        assert subject not in path.read_text(errors="replace")


def test_a_person_s_life_is_told_in_the_console(signed_in, site, agent):
    end_right(site, agent)
    for width in (WIDE, NARROW):
        page = signed_in("Hélène", width)
        open_file_of(page, agent)
        look(page)
        page.get_by_role("link", name="Tout le parcours").click()
        page.get_by_text("Fin de droits : en fin de droits").wait_for()
        page.get_by_text("Dernier jour du compte").wait_for()
        look(page)


def test_a_purge_leaves_nothing_on_the_disk_but_its_proof(signed_in, site, imap, agent):
    word = f"zyzomys{uuid.uuid4().hex}"
    assert swaks(site, "--from", FROM, "--to", agent["sign_in"], "--h-Subject", word, "--body", word).returncode == 0
    delivered(imap, agent, word)
    console = signed_in("Hélène")
    decide(console, agent, "Fermer le compte", Motif="essai")
    store = str(site.store("cyrus"))

    def held():
        return subprocess.run(["grep", "-rlaF", word, store], capture_output=True, text=True, check=False).stdout

    assert held()
    told = shell(
        site,
        "import json\nfrom ecritoire.accounts.models import Account\nfrom ecritoire.mailstore.services_purge import account_purge\n"
        f"proof = account_purge(account=Account.objects.get(login='{agent['sign_in']}'), acting_user=None)\n"
        "print(json.dumps([proof.counts, proof.digest]))",
    )
    counts, digest = json.loads(told)
    assert counts["messages"] >= 1
    wait_until(lambda: not held(), "a disk without the message")
    assert "This mailbox is closed" in swaks(site, "--from", FROM, "--to", agent["sign_in"]).stdout
    open_file_of(console, agent)
    console.get_by_text(digest[:16]).wait_for()

"""« Ce n'était pas moi », from the message to the closing page, with everything that was open cut off."""

from __future__ import annotations

import imaplib
import smtplib
import subprocess

import pytest

from launcher.house import manage_command
from tests.end_to_end.conftest import NARROW, WIDE, enter, wait_until
from tests.end_to_end.test_first_day import the_one
from tests.end_to_end.test_mail_flow import delivered, message
from tests.end_to_end.test_pages import check

NEW = "Tracteur-bleu-7-lune-haute"


def manage(site, *arguments):
    return subprocess.run(manage_command(site, arguments), capture_output=True, text=True, check=True).stdout


def link_for(outside, person):
    """The answer link of the alert written to the alternate address."""
    text = outside("sonde", person["sign_in"]).get_payload(decode=True).decode()
    return the_one(r"https://[^/]+(/compte/a/\S+/)", text)


def is_cut(mailbox):
    """The server has hung up, or says so to the next command."""
    try:
        return mailbox.noop()[0] != "OK"
    except (imaplib.IMAP4.error, OSError):
        return True


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_works(open_page, site, tls, imap, outside, people, agent, width):
    thief = imap(agent["sign_in"], agent["app_password"])
    thief.select("INBOX")
    sender = smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30)
    sender.login(agent["sign_in"], agent["app_password"])
    manage(site, "demo_intrusion", agent["sign_in"])
    link = link_for(outside, agent)

    page = open_page(width)
    check(page, link)
    page.get_by_text("première connexion à votre compte depuis ce pays : Nigeria").wait_for()
    page.get_by_role("button", name="Ce n'était pas moi").click()
    page.get_by_role("heading", name="Est-ce bien vous ?").wait_for()
    check(page, page.url)
    page.get_by_label("Votre mot de passe").fill(agent["password"])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nouveau mot de passe").wait_for()
    check(page, page.url)
    assert not is_cut(thief)
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Enregistrer et tout fermer").click()

    page.get_by_role("heading", name="Règles et transferts").wait_for()
    check(page, page.url)
    page.get_by_text("Envoie une copie à boite-du-voleur@partenaire.test").wait_for()
    page.get_by_role("button", name="Supprimer Tri").click()
    page.get_by_text("« Tri » est supprimée.").wait_for()
    page.get_by_text("Aucune règle ni transfert nouveau.").wait_for()
    page.get_by_role("link", name="Continuer").click()
    page.get_by_text("Aucun changement.").wait_for()
    check(page, page.url)
    page.get_by_role("link", name="Terminer").click()
    page.get_by_role("heading", name="Votre compte est à vous seul").wait_for()
    page.get_by_text("règle supprimée : Tri").wait_for()
    page.get_by_text("référent numérique prévenu").wait_for()
    check(page, page.url)

    wait_until(lambda: is_cut(thief), "the end of the open IMAP connection")
    with pytest.raises(imaplib.IMAP4.error):
        imap(agent["sign_in"], agent["app_password"])
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="not owned by user"):
        sender.sendmail(agent["sign_in"], ["editions@partenaire.test"], message(agent["sign_in"], "b", "c"))
    sender.close()
    page.goto(link)
    page.get_by_role("heading", name="Lien déjà utilisé").wait_for()
    enter(page, agent["sign_in"], NEW).get_by_role("heading", name="Bonjour Colette").wait_for()
    assert agent["sign_in"] in delivered(imap, people["Karim"], agent["name"].split()[1])


def test_a_suspicion_without_an_alert_by_a_code_to_the_alternate_address(open_page, outside, agent):
    page = enter(open_page(), agent["sign_in"], agent["password"])
    page.get_by_role("link", name="Je soupçonne une intrusion").first.click()
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_text("Un code est parti").wait_for()
    told = outside("sonde", "Pour dire si une connexion").get_payload(decode=True).decode()
    page.get_by_label("Code à six chiffres").fill(the_one(r"\b(\d{6})\b", told))
    page.get_by_role("button", name="Vérifier le code").click()
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Enregistrer et tout fermer").click()
    page.get_by_role("heading", name="Règles et transferts").wait_for()
    page.goto("/")
    page.get_by_role("heading", name="Bonjour Colette").wait_for()


def test_it_was_me_from_the_alternate_address_closes_the_alert(open_page, site, outside, agent):
    manage(site, "demo_intrusion", agent["sign_in"])
    page = open_page(java_script_enabled=False)
    page.goto(link_for(outside, agent))
    page.get_by_role("button", name="C'était moi").click()
    page.get_by_role("heading", name="Merci").wait_for()
    enter(page, agent["sign_in"], agent["password"]).goto("/compte/alertes/")
    page.get_by_text("« c'était moi »").wait_for()

"""A temporary password by support: only on a proof of identity, which is recorded."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD
from ecritoire.accounts import tasks
from ecritoire.accounts.models import IdentityProof
from ecritoire.accounts.signals import access_revoked
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
PROOF = {"kind": "staff_card", "seen_by": "Mme Petit, principale", "note": "Carte vue au collège", "channel": "letter"}


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


def url(account):
    return f"/compte/lettres/{account.pk}/reinitialisation/"


def test_it_works(sign_in, support, anne):
    answer = sign_in(support).post(url(anne), PROOF)
    assert answer["Content-Type"] == "application/pdf"
    proof = IdentityProof.objects.get()
    assert (proof.account, proof.kind, proof.seen_by, proof.recorded_by) == (
        anne, "staff_card", "Mme Petit, principale", support,
    )  # fmt: skip
    event = AuditEvent.objects.get(action="password.temporary")
    assert event.detail["seen_by"] == "Mme Petit, principale"
    anne.refresh_from_db()
    assert anne.must_change_password
    assert not anne.check_password(PASSWORD)
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_password_changed").exists()


def test_no_proof_no_password(sign_in, support, anne):
    browser = sign_in(support)
    for missing in ("kind", "seen_by", "channel"):
        answer = browser.post(url(anne), {name: value for name, value in PROOF.items() if name != missing})
        assert "Ce champ est obligatoire" in answer.content.decode()
    anne.refresh_from_db()
    assert anne.check_password(PASSWORD)
    assert not IdentityProof.objects.exists()


def test_every_door_closes(sign_in, support, anne):
    seen = []

    def receive(account, reason, **kwargs):
        seen.append((account, reason))

    access_revoked.connect(receive)
    sign_in(anne)
    sign_in(support).post(url(anne), PROOF)
    access_revoked.disconnect(receive)
    assert seen == [(anne, "password.temporary")]
    assert not anne.sessions.exists()


def test_by_mail_to_the_private_address_hr_knows(sign_in, support, anne):
    anne.person.private_email = "anne.durand@maison.test"
    anne.person.save()
    browser = sign_in(support)
    assert browser.post(url(anne), {**PROOF, "channel": "mail"}).status_code == 302
    anne.refresh_from_db()
    assert not anne.check_password(PASSWORD)
    tasks.send_password_again(account_id=anne.pk)
    message = mail.outbox[-1]
    secret = next(word for word in message.body.split() if word.count("-") == 3)
    anne.refresh_from_db()
    assert message.to == ["anne.durand@maison.test"]
    assert anne.check_password(secret)


def test_no_mail_to_an_unknown_address(sign_in, support, anne):
    answer = sign_in(support).post(url(anne), {**PROOF, "channel": "mail"})
    assert "Aucune adresse privée" in answer.content.decode()


def test_support_sees_the_proofs_on_the_person_s_page(sign_in, support, anne):
    browser = sign_in(support)
    browser.post(url(anne), PROOF)
    assert "Carte vue au collège" in browser.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()


def test_an_agent_may_not(sign_in, anne, boris):
    browser = sign_in(boris)
    assert browser.get(url(anne)).status_code == 403
    assert browser.post(url(anne), PROOF).status_code == 403

"""An outside contributor: asked for by an agent, let in by the DSI, told by two channels, gone on the day said."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ecritoire.accounts.lifecycle import State as AccountState
from ecritoire.accounts.models import Account, ContributorDelegation, ContributorPolicy, ContributorRequest
from ecritoire.accounts.services import contributor_decisions as decisions
from ecritoire.accounts.services import contributor_ends as ends
from ecritoire.accounts.services import contributors as service
from ecritoire.accounts.services.contributors import ContributorRefused
from ecritoire.accounts.services.lifecycle import accounts_advance
from ecritoire.accounts.tasks import contributors as tasks
from ecritoire.accounts.tasks.mail import send_temporary_password
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Contract, Person, Structure
from ecritoire.directory.services import organisation_ensure, rights_roll
from ecritoire.directory.uai import check_letter

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PAGE = "/compte/intervenants/"


def today():
    return timezone.localdate()


@pytest.fixture
def school(db):
    return make_school("0991001", "Collège Colette")


def make_school(digits, name):
    return Structure.objects.create(
        organisation=organisation_ensure(), uai=digits + check_letter(digits), name=name, kind="middle", city="Ville"
    )


def work(account, school, code="ENS"):
    Assignment.objects.create(
        person=account.person, structure=school, function="Poste", function_code=code, starts_on=dt.date(2020, 9, 1)
    )
    return account


@pytest.fixture
def sponsor(anne, school):
    """Anne teaches there."""
    return work(anne, school)


def values(school, **changes):
    return {
        "given_name": "Inès",
        "family_name": "Barral",
        "birth_date": dt.date(1988, 5, 4),
        "private_email": "ines.barral@ailleurs.test",
        "company": "Théâtre du Pont",
        "kind": "arts",
        "structure": school,
        "starts_on": today(),
        "ends_on": today() + 60 * DAY,
        "reason": "Atelier de théâtre en quatrième.",
        "needs": "",
    } | changes


@pytest.fixture
def ask(sponsor, school):
    """A request sent by Anne."""

    def make(**changes):
        row = service.contributor_draft_save(row=None, sponsor=sponsor, values=values(school, **changes))
        return service.contributor_submit(row=row, acting_user=sponsor)

    return make


def approve(row, by, until=None, person=None):
    until = until or row.ends_on
    return decisions.contributor_approve(row=row, until=until, person=person, text="", acting_user=by)


def fields(school, **changes):
    typed = values(school, **changes)
    return {name: getattr(value, "pk", value) for name, value in typed.items()} | {"save": "send"}


def test_it_works(ask, admin, school):
    row = approve(ask(), admin)
    person = row.person
    account = person.account
    assert (person.category, person.employee_number) == (Person.Category.EXTERNAL, row.number)
    assert (person.right_from, person.right_until) == (today(), row.ends_on)
    assert account.state == AccountState.PROVISIONED
    assert account.login.startswith("ines.barral@")
    assert Contract.objects.get(person=person).number == row.number
    assert person.assignments.get().structure == school
    assert AuditEvent.objects.filter(action="contributor.approve").exists()
    assert account.roles == {Role.EXTERNAL}


def test_two_channels(ask, admin, sponsor):
    row = approve(ask(), admin)
    tasks.send_answer(request_id=row.pk)
    tasks.send_identifier(account_id=row.person.account.pk)
    send_temporary_password(account_id=row.person.account.pk)
    to_sponsor = [message for message in mail.outbox if message.to == [sponsor.login]]
    to_contributor = [message for message in mail.outbox if message.to == ["ines.barral@ailleurs.test"]]
    assert any(row.person.account.login in message.body for message in to_sponsor)
    assert not any("mot de passe temporaire :" in message.body for message in to_sponsor)
    assert any("Votre mot de passe temporaire" in message.subject for message in to_contributor)
    assert not any(row.person.account.login in message.body for message in to_contributor)


def test_the_form_in_pages(sign_in, sponsor, school):
    browser = sign_in(sponsor)
    assert "Demander un accès pour un intervenant" in browser.get(PAGE).content.decode()
    answer = browser.post(f"{PAGE}nouvelle/", fields(school))
    row = ContributorRequest.objects.get()
    assert answer.url == f"{PAGE}{row.pk}/"
    assert row.state == ContributorRequest.State.WAITING
    assert "Demande envoyée" in browser.get(answer.url).content.decode()


def test_a_draft_may_leave_things_out(sign_in, sponsor):
    browser = sign_in(sponsor)
    answer = browser.post(f"{PAGE}nouvelle/", {"family_name": "Barral", "save": "draft"})
    row = ContributorRequest.objects.get()
    assert answer.status_code == 302
    assert row.state == ContributorRequest.State.DRAFT
    sent = browser.post(f"{PAGE}{row.pk}/modification/", {"family_name": "Barral", "save": "send"})
    assert "Le formulaire est à corriger" in sent.content.decode()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_on": dt.date(2020, 1, 1), "starts_on": dt.date(2019, 1, 1)}, "Le dernier jour est passé"),
        ({"ends_on": timezone.localdate() + 400 * DAY}, "Au plus 366 jours"),
        ({"ends_on": timezone.localdate() - DAY}, "Le dernier jour vient avant le premier"),
        ({"private_email": "anne@ailleurs.test"}, "votre propre adresse"),
        ({"birth_date": timezone.localdate() - 365 * DAY}, "au moins seize ans"),
    ],
)
def test_errors_name_the_field(sign_in, sponsor, school, changes, told):
    page = sign_in(sponsor).post(f"{PAGE}nouvelle/", fields(school, **changes)).content.decode()
    assert told in page
    assert not ContributorRequest.objects.exists()


def test_an_address_of_the_academie_is_not_private(sign_in, sponsor, school):
    inside = f"ines@{organisation_ensure().mail_domain}"
    page = sign_in(sponsor).post(f"{PAGE}nouvelle/", fields(school, private_email=inside)).content.decode()
    assert "hors de l&#x27;académie" in page


def test_an_academie_may_allow_less(sign_in, sponsor, school):
    ContributorPolicy.objects.create(organisation=organisation_ensure(), longest_days=30)
    page = sign_in(sponsor).post(f"{PAGE}nouvelle/", fields(school)).content.decode()
    assert "Au plus 30 jours" in page


def test_only_where_one_works(sign_in, sponsor, school):
    elsewhere = make_school("0991002", "Lycée Sand")
    page = sign_in(sponsor).post(f"{PAGE}nouvelle/", fields(elsewhere)).content.decode()
    assert "Le formulaire est à corriger" in page
    assert not ContributorRequest.objects.exists()


def test_whoever_works_nowhere_asks_for_nobody(sign_in, boris):
    assert sign_in(boris).get(f"{PAGE}nouvelle/").status_code == 403


def test_a_contributor_brings_nobody_in(sign_in, ask, admin, make_account, school):
    external = make_account("Ève", "Dehors")
    Person.objects.filter(pk=external.person_id).update(category=Person.Category.EXTERNAL)
    work(external, school)
    browser = sign_in(external)
    assert browser.get(PAGE).status_code == 403
    assert browser.get(f"{PAGE}nouvelle/").status_code == 403


def test_approved_for_a_shorter_time(ask, admin):
    row = approve(ask(), admin, until=today() + 10 * DAY)
    assert row.person.right_until == today() + 10 * DAY


def test_never_for_longer(ask, admin):
    with pytest.raises(ContributorRefused, match="plus que"):
        approve(ask(), admin, until=today() + 90 * DAY)


def test_refusing_takes_a_reason(sign_in, ask, admin):
    row, browser = ask(), sign_in(admin)
    page = browser.post(f"{PAGE}{row.pk}/decision/", {"decision": "refuse"}).content.decode()
    assert "Dites pourquoi" in page
    browser.post(f"{PAGE}{row.pk}/decision/", {"decision": "refuse", "text": "Passez par la convention."})
    row.refresh_from_db()
    assert (row.state, row.decision_text) == ("refused", "Passez par la convention.")
    tasks.send_answer(request_id=row.pk)
    assert "Passez par la convention." in mail.outbox[-1].body


def test_more_is_asked_for_and_given(sign_in, ask, admin, sponsor, school):
    row = ask()
    decisions.contributor_question(row=row, text="Quelle classe ?", acting_user=admin)
    browser = sign_in(sponsor)
    assert "Quelle classe ?" in browser.get(f"{PAGE}{row.pk}/modification/").content.decode()
    browser.post(f"{PAGE}{row.pk}/modification/", fields(school, reason="La quatrième B."))
    row.refresh_from_db()
    assert (row.state, row.reason) == ("waiting", "La quatrième B.")


def test_nobody_decides_on_their_own_request(admin, school):
    row = service.contributor_draft_save(row=None, sponsor=work(admin, school), values=values(school))
    row = service.contributor_submit(row=row, acting_user=admin)
    with pytest.raises(ContributorRefused, match="propre demande"):
        approve(row, admin)


def test_decided_once(ask, admin):
    row = ask()
    approve(row, admin)
    with pytest.raises(ContributorRefused, match="déjà reçu"):
        decisions.contributor_refuse(row=row, text="non", acting_user=admin)


def test_a_stranger_to_the_request_sees_nothing(sign_in, ask, boris):
    row, browser = ask(), sign_in(boris)
    for address in ("", "modification/", "renouvellement/", "fin/", "responsable/"):
        assert browser.get(f"{PAGE}{row.pk}/{address}").status_code == 403, address
    for address in ("avis/", "abandon/", "decision/"):
        assert browser.post(f"{PAGE}{row.pk}/{address}").status_code == 403, address
    assert browser.get(f"{PAGE}file/").status_code == 403


class TestDelegation:
    @pytest.fixture
    def delegate(self, boris, admin):
        def make(**changes):
            given = {"starts_on": today() - DAY, "ends_on": today() + DAY, "structure": None, "kind": ""} | changes
            ContributorDelegation.objects.create(
                organisation=organisation_ensure(), delegate=boris, granted_by=admin, **given
            )
            return boris

        return make

    def test_within_it_the_delegate_decides(self, sign_in, ask, delegate, school):
        row, browser = ask(), sign_in(delegate(structure=school))
        assert "Inès Barral" in browser.get(f"{PAGE}file/").content.decode()
        browser.post(f"{PAGE}{row.pk}/decision/", {"decision": "approve", "until": row.ends_on.isoformat()})
        row.refresh_from_db()
        assert row.state == "approved"

    @pytest.mark.parametrize(
        "limits",
        [{"kind": "provider"}, {"ends_on": timezone.localdate() - DAY}, {"starts_on": timezone.localdate() + DAY}],
    )
    def test_outside_it_they_do_not(self, sign_in, ask, delegate, limits):
        limits = {"starts_on": today() - 9 * DAY, "ends_on": today() + 9 * DAY} | limits
        row, browser = ask(), sign_in(delegate(**limits))
        answer = browser.post(f"{PAGE}{row.pk}/decision/", {"decision": "approve", "until": row.ends_on.isoformat()})
        assert answer.status_code == 403

    def test_another_school_is_outside(self, sign_in, ask, delegate):
        elsewhere = make_school("0991002", "Lycée Sand")
        row, browser = ask(), sign_in(delegate(structure=elsewhere))
        assert browser.get(f"{PAGE}{row.pk}/").status_code == 403

    def test_only_the_dsi_reopens_a_known_person_s_account(self, ask, delegate, make_person):
        known = make_person("Inès", "Barral", birth_date=dt.date(1988, 5, 4), right_until=today() - 90 * DAY)
        boris = delegate()
        for person in (known, None):
            with pytest.raises(ContributorRefused, match="DSI"):
                approve(ask(), boris, person=person)

    def test_granted_and_withdrawn_in_the_console(self, sign_in, admin, boris):
        browser = sign_in(admin)
        page = f"{PAGE}delegations/"
        days = {"starts_on": today().isoformat(), "ends_on": (today() + 30 * DAY).isoformat()}
        browser.post(page, {"login": boris.login, **days})
        row = ContributorDelegation.objects.get()
        assert row.delegate == boris
        browser.post(f"{page}{row.pk}/retrait/")
        row.refresh_from_db()
        assert row.revoked_at is not None
        assert "Aucun compte" in browser.post(page, {"login": "nul@part.test", **days}).content.decode()


class TestOpinion:
    @pytest.fixture
    def head(self, make_account, school):
        ContributorPolicy.objects.create(organisation=organisation_ensure(), opinion_asked=True)
        return work(make_account("Denise", "Direction"), school, "DIR")

    def test_the_head_is_asked_first(self, sign_in, head, ask):
        row = ask()
        assert row.state == "opinion"
        browser = sign_in(head)
        assert "attend votre avis" in browser.get("/").content.decode()
        browser.post(f"{PAGE}{row.pk}/avis/", {"opinion": "against", "text": "Pas cette année."})
        row.refresh_from_db()
        assert (row.state, row.opinion) == ("waiting", "against")

    def test_a_silent_head_blocks_nobody(self, head, ask, admin):
        assert approve(ask(), admin).state == "approved"

    def test_a_head_who_asks_needs_no_opinion(self, head, school):
        row = service.contributor_draft_save(row=None, sponsor=head, values=values(school))
        assert service.contributor_submit(row=row, acting_user=head).state == "waiting"


class TestKnownPeople:
    @pytest.fixture
    def former(self, make_account):
        """Inès taught here until last year; her account is closed, her mail still there."""
        account = make_account("Inès", "Barral", state=AccountState.DEACTIVATED, purge_on=today() + 30 * DAY)
        Person.objects.filter(pk=account.person_id).update(
            birth_date=dt.date(1988, 5, 4), right_from=dt.date(2020, 9, 1), right_until=today() - 90 * DAY
        )
        account.person.refresh_from_db()
        return account

    def test_the_decider_says_who_it_is(self, sign_in, former, ask, admin):
        row, browser = ask(), sign_in(admin)
        until = row.ends_on.isoformat()
        assert "même date de naissance" in browser.get(f"{PAGE}{row.pk}/").content.decode()
        page = browser.post(f"{PAGE}{row.pk}/decision/", {"decision": "approve", "until": until}).content.decode()
        assert "dites si c&#x27;est l&#x27;une d&#x27;elles" in page
        chosen = {"decision": "approve", "until": until, "person": former.person_id}
        assert browser.post(f"{PAGE}{row.pk}/decision/", chosen).status_code == 302
        former.refresh_from_db()
        assert former.state == AccountState.ACTIVATED
        assert Account.objects.filter(login__startswith="ines.barral").count() == 1

    def test_the_typed_address_gets_no_password_of_a_mailbox_with_mail(self, former, ask, admin):
        row = approve(ask(private_email="autre@ailleurs.test"), admin, person=former.person)
        former.person.private_email = "vrai@ailleurs.test"
        former.person.save()
        mail.outbox.clear()
        tasks.send_answer(request_id=row.pk)
        send_temporary_password(account_id=former.pk)
        assert not any("temporaire" in message.subject for message in mail.outbox)

    def test_a_known_private_address_stays(self, former, ask, admin):
        Person.objects.filter(pk=former.person_id).update(private_email="vrai@ailleurs.test")
        former.person.refresh_from_db()
        approve(ask(private_email="autre@ailleurs.test"), admin, person=former.person)
        assert Person.objects.get(pk=former.person_id).private_email == "vrai@ailleurs.test"

    def test_an_agent_needs_no_second_access(self, ask, admin, boris):
        with pytest.raises(ContributorRefused, match="en tant qu'agent"):
            approve(ask(), admin, person=boris.person)

    def test_another_with_the_same_name(self, former, ask, admin):
        row = approve(ask(), admin, person=None)
        assert row.person != former.person
        assert row.person.account.login.startswith("ines.barral2@")


class TestEnd:
    def test_reminders_to_both_once(self, ask, admin, sponsor):
        row = approve(ask(ends_on=today() + 25 * DAY), admin)
        assert ends.contributors_review()["reminded"] == 1
        assert ends.contributors_review()["reminded"] == 0
        assert ends.contributors_review(today=today() + 19 * DAY)["reminded"] == 1
        tasks.send_reminder(request_id=row.pk)
        assert {address for message in mail.outbox for address in message.to} >= {sponsor.login, row.private_email}

    def test_the_last_day_is_enforced(self, ask, admin):
        account = approve(ask(), admin).person.account
        Account.objects.filter(pk=account.pk).update(state="activated", activated_at=timezone.now())
        later = today() + 61 * DAY
        rights_roll(today=later)
        accounts_advance(today=later)
        account.refresh_from_db()
        assert account.state == AccountState.ENDING
        accounts_advance(today=later + 40 * DAY)
        account.refresh_from_db()
        assert account.state == AccountState.DEACTIVATED

    def test_renewed_in_one_gesture(self, sign_in, ask, admin, sponsor):
        row = approve(ask(), admin)
        browser = sign_in(sponsor)
        page = browser.get(f"{PAGE}{row.pk}/renouvellement/")
        shown = page.context["form"]
        typed = {name: field.initial for name, field in shown.fields.items()}
        answer = browser.post(f"{PAGE}{row.pk}/renouvellement/", typed)
        again = ContributorRequest.objects.get(renews=row)
        assert answer.url == f"{PAGE}{again.pk}/"
        assert again.state == "waiting"
        approve(again, admin)
        row.person.refresh_from_db()
        assert row.person.right_until == again.ends_on
        assert Account.objects.filter(login__startswith="ines.barral").count() == 1

    def test_not_renewed_twice(self, ask, admin, sponsor):
        row = approve(ask(), admin)
        for _ in range(2):
            try:
                service.contributor_renew(row=row, ends_on=row.until + 30 * DAY, reason="Suite", acting_user=sponsor)
            except ContributorRefused:
                break
        assert ContributorRequest.objects.filter(renews=row).count() == 1

    def test_ended_at_once_by_the_sponsor(self, sign_in, ask, admin, sponsor):
        row = approve(ask(), admin)
        account = row.person.account
        Account.objects.filter(pk=account.pk).update(state="activated", activated_at=timezone.now())
        sign_in(sponsor).post(f"{PAGE}{row.pk}/fin/", {"at_once": "yes", "reason": "Mission rompue"})
        account.refresh_from_db()
        assert account.state == AccountState.DEACTIVATED
        accounts_advance(today=today() + DAY)
        account.refresh_from_db()
        assert account.state == AccountState.DEACTIVATED

    def test_ended_today_leaves_the_delay(self, ask, admin):
        row = approve(ask(starts_on=today()), admin)
        account = row.person.account
        Account.objects.filter(pk=account.pk).update(state="activated", activated_at=timezone.now())
        ends.contributor_end(row=row, at_once=False, reason="Fini", acting_user=admin)
        accounts_advance(today=today() + DAY)
        account.refresh_from_db()
        assert account.state == AccountState.ENDING

    def test_a_second_engagement_keeps_the_account(self, ask, admin, sponsor):
        elsewhere = make_school("0991002", "Lycée Sand")
        work(sponsor, elsewhere)
        first = approve(ask(), admin)
        with pytest.raises(ContributorRefused, match="à renouveler"):
            approve(ask(), admin, person=first.person)
        second = approve(ask(structure=elsewhere), admin, person=first.person)
        ends.contributor_end(row=first, at_once=True, reason="Fini", acting_user=admin)
        account = Account.objects.get(pk=first.person.account.pk)
        assert account.state == AccountState.PROVISIONED
        assert Person.objects.get(pk=second.person_id).right_until == second.until

    def test_a_sponsor_who_leaves(self, ask, admin, sponsor, boris, school):
        row = approve(ask(), admin)
        Account.objects.filter(pk=sponsor.pk).update(state=AccountState.DEACTIVATED)
        assert ends.contributors_review()["lost"] == 1
        tasks.send_waiting(account_id=admin.pk)
        assert "plus d'agent responsable" in mail.outbox[-1].body
        ends.contributor_hand_over(row=row, to=work(boris, school), acting_user=admin)
        row.refresh_from_db()
        assert (row.sponsor, row.sponsor_lost_on) == (boris, None)

    def test_without_a_new_sponsor_it_ends_after_the_grace(self, ask, admin, sponsor):
        row = approve(ask(), admin)
        Account.objects.filter(pk=sponsor.pk).update(state=AccountState.DEACTIVATED)
        ends.contributors_review()
        assert ends.contributors_review(today=today() + 30 * DAY)["ended"] == 0
        assert ends.contributors_review(today=today() + 31 * DAY)["ended"] == 1
        row.refresh_from_db()
        assert row.ended_at is not None

    def test_announced_for_later_gets_letters_on_the_day(self, ask, admin):
        account = approve(ask(starts_on=today() + 50 * DAY), admin).person.account
        assert account.state == AccountState.ANNOUNCED
        letters = AuditEvent.objects.filter(action="letter.mail")
        assert not letters.exists()
        accounts_advance(today=today() + 25 * DAY)
        assert letters.exists()


def test_the_register_leaves_audited(sign_in, ask, admin, support_agent):
    approve(ask(), admin)
    text = b"".join(sign_in(admin).get(f"{PAGE}registre.csv").streaming_content).decode()
    assert "Théâtre du Pont" in text
    assert AuditEvent.objects.filter(action="contributor.export").exists()
    assert sign_in(support_agent).get(f"{PAGE}registre.csv").status_code == 403


@pytest.fixture
def support_agent(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


def test_the_queue_costs_a_bounded_number_of_queries(sign_in, ask, admin, django_assert_max_num_queries):
    for rank in range(12):
        ask(family_name=f"Barral{rank}")
    browser = sign_in(admin)
    with django_assert_max_num_queries(13):
        page = browser.get(f"{PAGE}file/").content.decode()
    assert "Barral11" in page


def test_the_queue_of_another_academie_is_empty(sign_in, ask, admin):
    from ecritoire.directory.models import Organisation

    ask()
    other = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    Person.objects.filter(pk=admin.person_id).update(organisation=other)
    assert "Rien ne correspond" in sign_in(admin).get(f"{PAGE}file/").content.decode()
    assert sign_in(admin).get(f"{PAGE}{ContributorRequest.objects.get().pk}/").status_code == 403


def test_they_do_not_browse_the_directory(sign_in, ask, admin, sponsor, boris, school, make_account):
    """Only the colleagues of their school are suggested to them."""
    external = make_account("Ève", "Dehors")
    Person.objects.filter(pk=external.person_id).update(category=Person.Category.EXTERNAL)
    work(external, school)
    browser = sign_in(external)
    assert "Anne" in browser.get("/courrier/destinataires/?q=anne").content.decode()
    assert "Boris" not in browser.get("/courrier/destinataires/?q=boris").content.decode()
    assert "Boris" in sign_in(sponsor).get("/courrier/destinataires/?q=boris").content.decode()

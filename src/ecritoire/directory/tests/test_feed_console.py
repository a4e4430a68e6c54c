"""Feeds in the console: a file is simulated, shown, then applied; sources are set, doubts decided."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.feed.generate import generate
from ecritoire.directory.feed.generator.make import generate as generate_aaf
from ecritoire.directory.feed.mapping import ready_mapping
from ecritoire.directory.feed.record import StaffRecord
from ecritoire.directory.models import DoubtfulMatch, FeedRun, FeedSource, Organisation, Person, Structure
from ecritoire.directory.services import default_source_ensure, organisation_ensure, records_apply
from ecritoire.directory.services.uploads import upload_read
from ecritoire.directory.tests.test_feed_sources import crowd, say, someone

pytestmark = pytest.mark.django_db
IMPORT = "/annuaire/import/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FEEDS_DIR = tmp_path


@pytest.fixture
def rh(db):
    return default_source_ensure()


@pytest.fixture
def console(sign_in, admin):
    return sign_in(admin)


@pytest.fixture
def stranger(make_account):
    """An administrator of another académie."""
    account = make_account("Autre", "Admin", Role.ADMINISTRATOR)
    other = Organisation.objects.create(name="Autre", mail_domain="ac-autre.test")
    Person.objects.filter(pk=account.person_id).update(organisation=other)
    return account


def upload(browser, source, content, name="rh.csv"):
    """Where the console leads once the file is in."""
    answer = browser.post(IMPORT, {"source": source.pk, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def made_waiting(source):
    say(source, *[someone(r.external_id, r.family_name, r.given_name, postings=()) for r in crowd(30)], mode="complete")
    return FeedRun.objects.get(pk=say(source, mode="complete").run_id)


def test_it_works(console, rh, admin):
    made = generate(rows=30, seed=3, faults=False)
    for content in (made.structures, made.staff):
        url = upload(console, rh, content)
        page = console.get(url).content.decode()
        assert "Ce qui changera" in page
        assert console.post(f"{url}appliquer/").status_code == 302
    assert "Ce qui a changé" in console.get(url).content.decode()
    assert Structure.objects.count() == 40
    assert Person.objects.filter(employee_number__startswith="G").count() == 30
    assert AuditEvent.objects.filter(action="feed.apply", actor=admin.login).count() == 2


def test_faults_are_shown_and_nothing_can_be_applied(console, rh):
    made = generate(rows=100, seed=3, faults=True)
    console.post(upload(console, rh, made.structures) + "appliquer/")
    url = upload(console, rh, made.staff)
    page = console.get(url).content.decode()
    assert "rien ne sera appliqué" in page
    assert "appliquer/" not in page
    console.post(f"{url}appliquer/")
    assert not Person.objects.filter(employee_number__startswith="G").exists()
    lines = b"".join(console.get(f"{url}refus.csv")).decode().splitlines()
    assert len(lines) == 2
    assert f";{made.planted[0][0]};" in lines[1]


def test_names_are_paged_by_kind(console, rh):
    made = generate(rows=120, seed=3, faults=False)
    console.post(upload(console, rh, made.structures) + "appliquer/")
    url = upload(console, rh, made.staff)
    page = console.get(f"{url}?kind=people_created&page=3")
    assert len(page.context["page"]) == 20
    assert "Personnes nouvelles (120)" in page.content.decode()


def test_an_archive_of_an_aaf_set(console, tmp_path):
    aaf = FeedSource.objects.create(organisation=organisation_ensure(), name="AAF", slug="aaf", kind="aaf")
    generate_aaf(out=tmp_path / "made", staff=20)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (tmp_path / "made").glob("*.xml"):
            packed.write(path, path.name)
    console.post(upload(console, aaf, archive.getvalue(), "aaf.zip") + "appliquer/")
    assert Person.objects.filter(source_records__source=aaf).count() == 20


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.zip", b"PK\x03\x04rest", "AAF"),
        ("a.csv", b"x;y\n1;2\n", "AAF"),
        ("a.csv", b"", "AAF"),
    ],
)
def test_what_is_no_set_says_why(console, name, content, words):
    aaf = FeedSource.objects.create(organisation=organisation_ensure(), name="AAF", slug="aaf", kind="aaf")
    answer = console.post(IMPORT, {"source": aaf.pk, "file": SimpleUploadedFile(name, content)}, follow=True)
    assert words in answer.content.decode()
    assert not FeedRun.objects.filter(state="dry_run").exists()


def test_a_large_file_is_read_by_a_job(console, rh, monkeypatch):
    monkeypatch.setattr("ecritoire.directory.services.uploads.AT_ONCE", 10)
    url = upload(console, rh, generate(rows=3, seed=3, faults=False).structures)
    assert "Travail en cours" in console.get(url).content.decode()
    assert ProcrastinateJob.objects.filter(task_name="directory.feed_read").exists()
    run = FeedRun.objects.get()
    upload_read(run=run)
    assert run.changes.count() == 40
    assert upload_read(run=run) is None


def test_a_large_run_is_applied_by_a_job(console, rh, monkeypatch, admin):
    monkeypatch.setattr("ecritoire.directory.views.feed_runs.AT_ONCE", 10)
    console.post(upload(console, rh, generate(rows=3, seed=3, faults=False).structures) + "appliquer/")
    job = ProcrastinateJob.objects.get(task_name="directory.feed_apply")
    assert job.args == {"run_id": FeedRun.objects.get().pk, "login": admin.login, "confirmed": False}
    assert not Structure.objects.exists()


def test_a_run_that_waits_is_announced_and_takes_a_tick(console, rh):
    run = made_waiting(rh)
    assert "attend votre confirmation" in console.get("/").content.decode()
    url = f"{IMPORT}envois/{run.pk}/"
    page = console.get(url).content.decode()
    assert "30 départs sur 30 personnes connues" in page
    console.post(f"{url}appliquer/")
    run.refresh_from_db()
    assert run.state == "waiting"
    console.post(f"{url}appliquer/", {"confirmed": "1"})
    run.refresh_from_db()
    assert run.state == "applied"
    assert "attend votre confirmation" not in console.get("/").content.decode()


def test_a_run_that_waits_may_be_left(console, rh):
    run = made_waiting(rh)
    console.post(f"{IMPORT}envois/{run.pk}/abandonner/")
    run.refresh_from_db()
    assert run.state == "abandoned"
    assert "Appliquer cet envoi" not in console.get(f"{IMPORT}envois/{run.pk}/").content.decode()


def test_a_source_is_made_and_changed(console, admin):
    ranks = {f"rank_{name}": 5 for name in FeedSource.ATTRIBUTES}
    values = ranks | {"name": "Contrats", "kind": "csv", "mode": "complete", "mapping": "", "is_active": "on"}
    values |= {"departures_limit": 7, "address_changes_limit": 8, "faults_limit": 0, "rank_category": 2}
    assert console.post(f"{IMPORT}sources/nouvelle/", values).status_code == 302
    source = FeedSource.objects.get(name="Contrats")
    assert (source.slug, source.precedence, source.departures_limit) == ("contrats", {"category": 2}, 7)
    document = json.dumps(ready_mapping("renoirh-contrats"))
    console.post(
        f"{IMPORT}sources/{source.pk}/", values | {"mapping": document, "is_watched": "on", "name": "Contrats RH"}
    )
    source.refresh_from_db()
    assert (source.name, source.slug, source.is_watched) == ("Contrats RH", "contrats", True)
    assert source.mapping == ready_mapping("renoirh-contrats")
    acts = AuditEvent.objects.filter(actor=admin.login, target="contrats").values_list("action", flat=True)
    assert list(acts) == ["source.create", "source.change"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mapping", "{", "pas du JSON"),
        ("mapping", '{"columns": {"nom": "x"}}', "Attribut inconnu"),
        ("departures_limit", "101", "100"),
        ("name", "RH", "porte déjà ce nom"),
        ("rank_names", "12", "12"),
    ],
)
def test_a_source_at_fault_names_the_field(console, rh, field, value, words):
    ranks = {f"rank_{name}": 5 for name in FeedSource.ATTRIBUTES}
    values = ranks | {"name": "Contrats", "kind": "csv", "mode": "complete", "departures_limit": 5}
    values |= {"address_changes_limit": 5, "faults_limit": 0, field: value}
    answer = console.post(f"{IMPORT}sources/nouvelle/", values)
    assert words in str(answer.context["form"].errors[field])


def test_a_doubt_is_decided(console, rh):
    aaf = FeedSource.objects.create(organisation=organisation_ensure(), name="AAF", slug="aaf", kind="aaf")
    say(rh, someone("1", birth_date=None, postings=()))
    say(aaf, someone("A1", postings=(), employee_number="N9"))
    page = console.get(f"{IMPORT}doutes/").content.decode()
    assert "1 février 1980" in page
    doubt = DoubtfulMatch.objects.get()
    console.post(f"{IMPORT}doutes/{doubt.pk}/")
    console.post(f"{IMPORT}doutes/{doubt.pk}/", {"choice": "999999"})
    doubt.refresh_from_db()
    assert doubt.decision == "pending"
    person = Person.objects.get(family_name="Dupont")
    console.post(f"{IMPORT}doutes/{doubt.pk}/", {"choice": person.pk})
    person.refresh_from_db()
    assert (person.employee_number, person.birth_date) == ("N9", dt.date(1980, 2, 1))
    assert "Rien à décider" in console.get(f"{IMPORT}doutes/").content.decode()


def test_another_academie_sees_and_touches_nothing(sign_in, rh, stranger):
    run = made_waiting(rh)
    browser = sign_in(stranger)
    assert browser.get(f"{IMPORT}envois/{run.pk}/").status_code == 404
    assert browser.post(f"{IMPORT}envois/{run.pk}/appliquer/", {"confirmed": "1"}).status_code == 404
    assert browser.post(f"{IMPORT}envois/{run.pk}/abandonner/").status_code == 404
    assert browser.get(f"{IMPORT}envois/{run.pk}/refus.csv").status_code == 404
    assert browser.get(f"{IMPORT}sources/{rh.pk}/").status_code == 404
    assert run.file_name not in browser.get(f"{IMPORT}envois/").content.decode()
    form = browser.post(IMPORT, {"source": rh.pk, "file": SimpleUploadedFile("a.csv", b"x")}).context["form"]
    assert "source" in form.errors
    aaf = FeedSource.objects.create(organisation=rh.organisation, name="AAF", slug="aaf", kind="aaf")
    say(rh, someone("1", birth_date=None, postings=()))
    say(aaf, someone("A1", postings=()))
    doubt = DoubtfulMatch.objects.get()
    assert browser.post(f"{IMPORT}doutes/{doubt.pk}/", {"choice": "other"}).status_code == 404
    assert "Dupont" not in browser.get(f"{IMPORT}doutes/").content.decode()


def test_the_pages_cost_a_bounded_number_of_queries(console, rh, django_assert_max_num_queries):
    aaf = FeedSource.objects.create(organisation=organisation_ensure(), name="AAF", slug="aaf", kind="aaf")
    for rank in range(12):
        say(rh, StaffRecord(f"k{rank}", "Dupont", "Zoé" + "é" * rank, category="teacher"))
        records_apply(
            source=aaf, entries=[StaffRecord(f"a{rank}", "Dupont", "Zoé" + "é" * rank)], mode="delta", file_name="f",
            dry_run=False, acting_user=None,
        )  # fmt: skip
    for url in (IMPORT, f"{IMPORT}envois/", f"{IMPORT}doutes/", f"{IMPORT}envois/{FeedRun.objects.latest('pk').pk}/"):
        with django_assert_max_num_queries(20):
            assert console.get(url).status_code == 200

"""Watched folders: what is put there is taken in, and put away with its report."""

import json
import zipfile

import pytest

from ecritoire.directory.feed import staff
from ecritoire.directory.feed.generator.make import generate
from ecritoire.directory.models import FeedRun, FeedSource, Organisation, Person
from ecritoire.directory.services import organisation_ensure, run_apply
from ecritoire.directory.services.watching import folders_watch

SCHOOLS = b"uai;nom;type;ville\n0990001{};Un;college;Valmont\n"


@pytest.fixture
def folder(db, settings, tmp_path):
    settings.FEEDS_DIR = tmp_path
    FeedSource.objects.create(organisation=organisation_ensure(), name="AAF", slug="aaf", kind="aaf", is_watched=True)
    folders_watch()
    return tmp_path / "aaf"


def put(folder, name="20260901", **values):
    generate(out=folder.parent / "made" / name, **({"staff": 40} | values))
    (folder.parent / "made" / name).rename(folder / name)


def test_it_works(folder):
    put(folder)
    ((target, state),) = folders_watch()
    assert (state, target.parent.name) == ("applied", "done")
    assert Person.objects.count() == 40
    report = json.loads(target.with_name(target.name + ".json").read_text())
    assert (report["state"], report["created"], report["refused"]) == ("applied", 40, 0)
    assert [path.name for path in folder.iterdir()] == ["done"]


def test_an_archive_is_taken_in_too(folder):
    generate(out=folder.parent / "made", staff=20)
    with zipfile.ZipFile(folder.parent / "a.zip", "w") as archive:
        for path in (folder.parent / "made").glob("*.xml"):
            archive.write(path, f"un/dossier/{path.name}")
    (folder.parent / "a.zip").rename(folder / "a.zip")
    assert folders_watch()[0][1] == "applied"
    assert Person.objects.count() == 20


def test_what_is_still_on_its_way_is_left(folder):
    put(folder, ".20260901")
    put(folder, "20260901.part")
    assert folders_watch() == []


def test_a_set_at_fault_is_refused_with_its_faults(folder):
    put(folder, faults=["uai"])
    ((target, state),) = folders_watch()
    assert (state, target.parent.name) == ("refused", "refused")
    assert json.loads(target.with_name(target.name + ".json").read_text())["sources"][0]["faults"]
    assert not Person.objects.exists()


def test_what_is_no_set_is_refused(folder):
    (folder / "lisez-moi.txt").write_text("bonjour")
    (folder / "vide").mkdir()
    (folder / "lien").symlink_to("/etc")
    assert [state for _target, state in folders_watch()] == ["refused"] * 3
    assert FeedRun.objects.filter(state="refused").count() == 3


def test_a_run_that_waits_holds_the_files_behind_it(folder):
    put(folder, "1")
    folders_watch()
    put(folder, "2", staff=20)
    put(folder, "3", staff=41)
    assert [(target.parent.name, state) for target, state in folders_watch()] == [("waiting", "waiting")]
    assert folders_watch() == []
    run_apply(run=FeedRun.objects.get(state="waiting"), acting_user=None, confirmed=True)
    assert [state for _target, state in folders_watch()] == ["applied"]


def test_a_source_that_is_not_watched_is_left_alone(folder):
    FeedSource.objects.update(is_watched=False)
    put(folder)
    assert folders_watch() == []


def test_a_csv_source_reads_its_own_columns(folder):
    other = Organisation.objects.create(name="Autre", mail_domain="ac-autre.test")
    FeedSource.objects.create(organisation=other, name="RH", slug="rh-2", kind="csv", is_watched=True)
    folders_watch()
    (folder.parent / "rh-2" / "rh.csv").write_text(";".join(staff.COLUMNS) + "\nX1;;Dupont;Zoé;;enseignant;;;;;\n")
    ((target, state),) = folders_watch()
    assert (state, target.parent.name) == ("refused", "refused")


def test_a_delta_says_only_what_changed(folder):
    """Its reader asks what the source said before while it is being read."""
    put(folder, "1", staff=200)
    folders_watch()
    put(folder, "2", staff=200, delta=40)
    FeedSource.objects.update(departures_limit=100, address_changes_limit=100)
    assert [state for _target, state in folders_watch()] == ["applied"]
    run = FeedRun.objects.latest("pk")
    assert (run.mode, run.faults_total) == ("delta", 0)
    assert run.people["created"] > 0
    assert run.people["ended"] > 0

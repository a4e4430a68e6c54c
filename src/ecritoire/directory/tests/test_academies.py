"""Feeds and look-ups of several académies; colours that everybody can read."""

from typing import Any

import pytest

from ecritoire.directory import colours
from ecritoire.directory.feed_selectors import run_list
from ecritoire.directory.models import Person, Structure
from ecritoire.directory.organisations import (
    organisation_by_address,
    organisation_by_host,
    organisations,
    own_organisation,
)
from ecritoire.directory.selectors import addresses_matching, structure_by_uai
from ecritoire.directory.services import feed_apply, organisation_ensure, structures_apply
from ecritoire.directory.uai import check_letter

pytestmark = pytest.mark.django_db
UAI = "0990101" + check_letter("0990101")
SCHOOLS = f"uai;nom;type;ville\r\n{UAI};{{name}};college;Valmont\r\n"
STAFF = (
    "matricule;civilite;nom;prenom;date_naissance;categorie;uai;fonction;date_debut;date_fin;courriel_prive\r\n"
    f"V0014;mme;{{name}};Marie;01/02/1980;enseignant;{UAI};Professeure;01/09/2020;;\r\n"
)


@pytest.fixture
def both(rivemont):
    """The same school code, the same employee number and the same name, in both."""
    own = organisation_ensure()
    for academy in (own, rivemont):
        known: dict[str, Any] = {"dry_run": False, "acting_user": None, "organisation": academy}
        report = structures_apply(content=SCHOOLS.format(name=academy.name).encode(), file_name="s.csv", **known)
        assert report.ok, report.faults
        report = feed_apply(content=STAFF.format(name="Dupont").encode(), file_name="p.csv", **known)
        assert report.ok, report.faults
    return own, rivemont


def test_it_works(both):
    assert Person.objects.filter(employee_number="V0014").count() == 2
    addresses = Person.objects.order_by("organisation").values_list("addresses__address", flat=True)
    assert set(addresses) == {"marie.dupont@ac-valmont.test", "marie.dupont@ac-rivemont.test"}
    assert Structure.objects.filter(uai=UAI).count() == 2


def test_a_feed_changes_its_own_academie_alone(both):
    own, rivemont = both
    content = STAFF.format(name="Dupont").replace("enseignant", "administratif").encode()
    feed_apply(content=content, file_name="p.csv", dry_run=False, acting_user=None, organisation=rivemont)
    assert Person.objects.get(organisation=own).category == Person.Category.TEACHER
    assert Person.objects.get(organisation=rivemont).category == Person.Category.ADMINISTRATIVE
    assert run_list(organisation_id=own.pk).count() == 2


def test_look_ups_stay_inside(both):
    own, rivemont = both
    structure = structure_by_uai(UAI, organisation=rivemont.pk)
    assert structure is not None
    assert structure.organisation == rivemont
    found = addresses_matching(search="marie", organisation=own.pk, limit=8)
    assert [row.address for row in found] == ["marie.dupont@ac-valmont.test"]


def test_which_academie_a_host_or_an_address_names(rivemont):
    assert organisation_by_host("Rivemont.localhost:8443") == rivemont
    assert organisation_by_host("ailleurs.test") == own_organisation()
    assert organisation_by_address("x@AC-RIVEMONT.test") == rivemont
    assert organisation_by_address("x@ailleurs.test") is None


def test_the_answer_is_kept_until_one_changes(rivemont, django_assert_num_queries):
    organisations()
    with django_assert_num_queries(0):
        assert organisation_by_host("rivemont.localhost") == rivemont
    rivemont.name = "Académie des Rives"
    rivemont.save()
    assert organisation_by_host("rivemont.localhost").name == "Académie des Rives"


def test_what_the_settings_file_says_is_followed(settings):
    organisation_ensure()
    settings.SITE_NAME = "Académie renommée"
    assert organisation_ensure().name == "Académie renommée"


@pytest.mark.parametrize("accent", ["#0f5c63", "#7a1f5c", "#1f3a7a", "#8a4b00", "#000000"])
def test_from_one_accent_two_readable_palettes(accent):
    assert colours.light(accent).is_readable
    night = colours.dark_for(accent)
    assert colours.dark(night).is_readable
    assert accent in colours.stylesheet(accent, "")
    assert night in colours.stylesheet(accent, "")


def test_contrast_is_wcag_s():
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert not colours.light("#ffd700").is_readable

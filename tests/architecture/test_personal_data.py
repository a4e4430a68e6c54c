"""Nothing the installation keeps about people goes unsaid: each model that leads to a person is handed over by a room, or left
out for a reason."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Model

from ecritoire.accounts.models import Account
from ecritoire.directory.access_archive import archive_write
from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import declared, erasures, left_out, parts


def parents(model: type[Model]) -> Iterator[type[Model]]:
    for field in model._meta.get_fields():
        if field.concrete and (field.many_to_one or field.one_to_one) and field.related_model:
            yield field.related_model


def personal() -> set[type[Model]]:
    """Every model from which keys lead to a person or an account, by one step or several."""
    found: set[type[Model]] = {Person, Account}
    while more := {model for model in apps.get_models() if model not in found and found & set(parents(model))}:
        found |= more
    return found


def test_every_model_that_leads_to_a_person_is_declared():
    missing = sorted(model._meta.label for model in personal() - declared())
    assert not missing, f"say in the room's personal_parts.py what a person is told of: {missing}"


def test_it_would_notice(monkeypatch):
    monkeypatch.delitem(parts, "support.ticket")
    assert {model._meta.label for model in personal() - declared()} == {"support.Ticket"}


def test_what_is_left_out_has_a_reason():
    assert left_out
    assert all(len(reason) > 10 for reason in left_out.values())


@pytest.mark.django_db
def test_every_part_and_erasure_runs(make_account):
    """Of a person with nothing, and with the columns each part names."""
    account = make_account("Nina", "Vide")
    target = io.BytesIO()
    rows = archive_write(person=account.person, target=target)
    told = json.loads(zipfile.ZipFile(target).read("donnees.json"))
    assert rows == sum(len(part["rows"]) for part in told["parts"].values())
    for key, part in told["parts"].items():
        for row in part["rows"]:
            assert list(row) == list(parts[key].labels), key
    assert dt.datetime.fromisoformat(told["made_at"])
    for erasure in erasures.values():
        assert erasure.count(account.person) >= 0
        assert erasure.erase(account.person) >= 0, erasure.key

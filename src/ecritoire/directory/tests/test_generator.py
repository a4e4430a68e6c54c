"""Invented sets and their check: every planted fault is found where it is, and no other."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecritoire.directory.feed.aaf import ANYTHING, AafSet
from ecritoire.directory.feed.generator import FAULTS, generate
from ecritoire.directory.feed.generator.people import Population, schools
from ecritoire.directory.feed.record import Removal, StaffRecord
from ecritoire.directory.feed.table import Fault
from ecritoire.directory.feed.validate import validate
from ecritoire.directory.uai import is_valid

ROOT = Path(__file__).resolve().parents[4]


def places(faults):
    return Counter((fault.file, fault.line, fault.column) for fault in faults)


def test_it_works(tmp_path):
    made = generate(out=tmp_path, staff=200, structures=9)
    checked = validate(tmp_path)
    assert not checked.faults
    assert (
        checked.counts["AAF"]
        == {"structures": 9, "people": 200}
        == {"structures": made.structures, "people": made.people}
    )
    assert 20 < checked.counts["rh-contrats.csv"]["people"] < 70


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.sets(st.sampled_from(FAULTS), min_size=1),
    staff=st.integers(1, 60),
    seed=st.integers(0, 10_000),
    encoding=st.sampled_from(["iso-8859-15", "utf-8"]),
    delta=st.none() | st.floats(1, 100),
)
def test_every_planted_fault_is_found_and_no_other(tmp_path_factory, kinds, staff, seed, encoding, delta):
    folder = tmp_path_factory.mktemp("set")
    wanted = kinds - {"structure"} if delta else kinds  # what a delta refers to may be known
    made = generate(out=folder, staff=staff, seed=seed, faults=sorted(wanted), encoding=encoding, delta=delta)
    checked = validate(folder)
    assert {planted.kind for planted in made.planted} == wanted
    assert places(checked.faults) == Counter((fault.file, fault.line, fault.attribute) for fault in made.planted)
    assert all(fault.message for fault in checked.faults)


def test_lines_are_right_beyond_what_libxml2_counts(tmp_path):
    made = generate(out=tmp_path, staff=8000, structures=20, faults=["name", "operation", "title"])
    assert max(planted.line for planted in made.planted) > 65_535
    assert places(validate(tmp_path).faults) == Counter(
        (fault.file, fault.line, fault.attribute) for fault in made.planted
    )


def test_the_same_seed_gives_the_same_set(tmp_path):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        generate(out=tmp_path / name, staff=50, seed=seed)
    first, same, other = (
        [path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in ("a", "b", "c")
    )
    assert first == same != other


def test_a_delta_speaks_of_the_people_of_the_complete_set(tmp_path):
    generate(out=tmp_path / "complete", staff=400, seed=3)
    generate(out=tmp_path / "delta", staff=400, seed=3, delta=20)
    before = {e.external_id: e for e in AafSet(tmp_path / "complete").entries() if isinstance(e, StaffRecord)}
    entries = [e for e in AafSet(tmp_path / "delta", known=ANYTHING).entries() if isinstance(e, StaffRecord | Removal)]
    old = [entry for entry in entries if entry.external_id in before]
    assert 50 < len(entries) < 110
    assert len(entries) - len(old) == 20
    assert any(isinstance(entry, Removal) for entry in old)
    renamed = [e for e in old if isinstance(e, StaffRecord) and e.family_name != before[e.external_id].family_name]
    assert renamed
    assert all(e.birth_date == before[e.external_id].birth_date for e in old if isinstance(e, StaffRecord))


@pytest.mark.parametrize("count", [3, 1200, 12_000])
def test_schools_have_valid_and_distinct_codes(count):
    made = schools(count=count, seed=1)
    assert all(is_valid(school.uai) for school in made)
    assert len({school.uai for school in made}) == len({school.key for school in made}) == count


def test_homonyms_are_as_frequent_as_in_an_academie():
    population = Population(seed=1, structures=schools(count=50, seed=1))
    names: Counter[tuple[str, str]] = Counter()
    for rank in range(20_000):
        agent = population.agent(rank)
        names[agent.given_name, agent.family_name] += 1
    share = sum(count for count in names.values() if count > 1) / 20_000
    assert 0.03 < share < 0.20


def command(*arguments):
    line = [sys.executable, "-m", "ecritoire.directory.feed", *map(str, arguments)]
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    return subprocess.run(line, capture_output=True, text=True, env=paths, cwd="/", check=False)


def test_the_commands_need_neither_settings_nor_database(tmp_path):
    made = command("generate", "--staff", 30, "--faults", "name,csv_date", "--out", tmp_path)
    assert made.returncode == 0
    planted = json.loads((tmp_path / "planted.json").read_text())
    checked = command("validate", tmp_path, "--json")
    assert checked.returncode == 1
    report = json.loads(checked.stdout)
    assert not report["ok"]
    assert [(fault["file"], fault["line"]) for fault in report["faults"]] == sorted(
        (fault["file"], fault["line"]) for fault in planted
    )
    shown = command("validate", tmp_path)
    assert f"{planted[0]['file']}:{planted[0]['line']}: " in shown.stdout


def test_a_good_set_exits_0_and_a_wrong_command_says_why(tmp_path):
    assert command("generate", "--staff", 5, "--out", tmp_path).returncode == 0
    assert command("validate", tmp_path).returncode == 0
    assert "unknown fault: nom" in command("generate", "--staff", 5, "--faults", "nom", "--out", tmp_path).stderr
    assert "is no folder" in command("validate", tmp_path / "nowhere").stderr


def test_other_csv_files_are_left_alone_unless_a_mapping_is_given(tmp_path):
    (tmp_path / "paie.csv").write_text("cle;nom;prenom\n1;Dupont;Zoé\n2;;Anne\n")
    assert [name for name, _why in validate(tmp_path).skipped] == ["paie.csv"]
    mapping = {"columns": {"external_id": "cle", "family_name": "nom", "given_name": "prenom"}}
    checked = validate(tmp_path, mapping=mapping)
    assert checked.faults == [Fault(3, "nom", "", checked.faults[0].message, "paie.csv")]

"""The English interface is complete: every string of the code has its translation, and nothing else is kept."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
CURRENT = ROOT / "src" / "ecritoire" / CATALOGUE


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The catalogue after extracting the strings of today's code into it."""
    copy = tmp_path_factory.mktemp("strings") / "src" / "ecritoire"
    shutil.copytree(CURRENT.parents[3], copy, ignore=shutil.ignore_patterns("tests", "*.mo", "static"))
    command = [sys.executable, str(ROOT / "manage.py"), "makemessages", "-l", "en", "--no-location", "--no-wrap"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    return (copy / CATALOGUE).read_text()


def test_every_string_has_an_english_translation(extracted: str, tmp_path: Path) -> None:
    (tmp_path / "django.po").write_text(extracted)
    command = ["msgfmt", "--check", "--statistics", "-o", "/dev/null", str(tmp_path / "django.po")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stderr
    assert re.search(r"^\d+ translated messages\.$", told, re.MULTILINE), told


def test_no_translation_outlives_its_string(extracted: str) -> None:
    assert "\n#~ " not in extracted

"""The house as docs/architecture.md draws it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.config import PROJECT_ROOT

ROOMS = sorted(path.parent.name for path in (PROJECT_ROOT / "src" / "ecritoire").glob("*/apps.py"))


def test_rooms_import_each_other_as_allowed():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    path = {"PYTHONPATH": f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"}
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_pages_carry_no_inline_style_or_script(room):
    for template in (PROJECT_ROOT / "src" / "ecritoire" / room / "templates").rglob("*.html"):
        text = template.read_text()
        assert "style=" not in text, template
        assert "onclick" not in text, template
        assert "<script>" not in text, template


@pytest.mark.django_db
def test_no_migration_is_missing():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run")


def test_django_finds_nothing_to_say():
    from django.core.management import call_command

    call_command("check", "--deploy", "--fail-level", "WARNING")


def test_the_auth_service_needs_no_django():
    script = "import sys, ecritoire.accounts.saslauthd; sys.exit('django' in sys.modules)"
    path = f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"
    assert subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": path}, check=False).returncode == 0

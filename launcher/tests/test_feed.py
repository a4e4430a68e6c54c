"""``./ecritoire feed``: sets are made and checked without a service; what the service must read is looked at first."""

import os
import subprocess
import sys

import pytest

from launcher.config import PROJECT_ROOT


def feed(*arguments):
    line = [sys.executable, "-m", "launcher", "feed", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)


def test_it_works(tmp_path):
    made = feed("generate", "--staff", 20, "--out", tmp_path / "set")
    assert made.returncode == 0, made.stderr
    assert "20 people" in made.stdout
    checked = feed("validate", tmp_path / "set")
    assert (checked.returncode, checked.stdout.splitlines()[-1][:8]) == (0, "0 faults")


def test_a_fault_is_an_exit_of_1(tmp_path):
    feed("generate", "--staff", 5, "--faults", "title", "--out", tmp_path)
    assert feed("validate", tmp_path).returncode == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="the service user is another only for root")
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_what_the_service_user_cannot_read_is_said(tmp_path, command):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    answer = feed(command, folder)
    assert answer.returncode == 1
    assert f"cannot read {folder}" in answer.stderr

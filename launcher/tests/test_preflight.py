"""What stops the launcher: one line each, nothing half-started."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from launcher import config, preflight
from launcher.config import PROJECT_ROOT
from launcher.errors import LauncherError
from launcher.site import Site
from launcher.testing import _settings


@pytest.fixture
def folder(tmp_path):
    """A place for an installation that was never started, on free ports."""
    (tmp_path / "ecritoire.toml").write_text(_settings())
    return tmp_path


def launch(folder, *words, **environment):
    path = f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"
    command = [sys.executable, "-m", "launcher", "--config", str(folder / "ecritoire.toml"), *words]
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=PROJECT_ROOT)


def test_a_taken_port_is_named_and_nothing_starts(folder):
    site = Site(config.load(folder / "ecritoire.toml"))
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", site.config.listen.imaps))
        thief.listen()
        done = launch(folder, "up")
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"ecritoire: port {site.config.listen.imaps} on 127.0.0.1 cannot be used")
    assert "set listen.imaps in" in done.stderr
    assert not (site.data / "data").exists()


def test_a_broken_file_is_one_line(folder):
    (folder / "ecritoire.toml").write_text("[site\n")
    done = launch(folder, "up")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_file_is_one_line(tmp_path):
    done = launch(tmp_path, "status")
    assert done.returncode == 1
    assert "does not exist" in done.stderr


def test_a_missing_right_is_one_line(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LauncherError, match="run this as root, or with sudo"):
        preflight.check_root()


def test_a_full_disk_is_one_line(monkeypatch, folder):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12, 5_000_000))
    with pytest.raises(LauncherError, match="has 5 MB free, at least 1000 MB are needed"):
        preflight.check_disk(Site(config.load(folder / "ecritoire.toml")))


def test_a_closed_folder_is_one_line(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    site = Site(config.Config(path=closed / "ecritoire.toml"))
    site.data.mkdir()
    with pytest.raises(LauncherError, match="keeps other users out"):
        preflight.check_reachable(site)


def test_down_where_nothing_runs_says_so(folder):
    done = launch(folder, "down")
    assert done.returncode == 0
    assert "nothing was running" in done.stdout


def test_a_demonstration_is_not_loaded_over_real_people(folder):
    site = Site(config.load(folder / "ecritoire.toml"))
    (site.store("postgres") / "15").mkdir(parents=True)
    (site.store("postgres") / "15" / "PG_VERSION").write_text("15")
    done = launch(folder, "up", "--demo")
    assert done.returncode == 1
    assert "already holds a real installation" in done.stderr

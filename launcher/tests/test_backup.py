"""An archive of the running instance comes up elsewhere, with its people and their mail."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from launcher import config
from launcher.site import Site
from launcher.testing import _settings
from launcher.tests.test_running import launch


@pytest.fixture
def elsewhere():
    """A folder that the daemons' users reach, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ecritoire-restored-", dir="/var/tmp"))
    folder.chmod(0o755)
    (folder / "ecritoire.toml").write_text(_settings())
    yield folder
    launch("--config", str(folder / "ecritoire.toml"), "down")
    shutil.rmtree(folder)


@pytest.mark.timeout(400)
def test_it_works(elsewhere):
    archive, settings = elsewhere / "sauvegarde.tar.gz", elsewhere / "ecritoire.toml"
    made = launch("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o777 == 0o600
    restored = launch("--config", str(settings), "restore", str(archive))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    there, here = Site(config.load(settings)), Site(config.load())
    assert there.secret("factor-key") == here.secret("factor-key")
    told = [
        json.loads(launch(*chosen, "demo", "people", "--json").stdout) for chosen in ([], ["--config", str(settings)])
    ]
    assert [person["sign_in"] for person in told[0]] == [person["sign_in"] for person in told[1]]


def test_an_archive_is_never_put_over_an_installation(tmp_path):
    archive = tmp_path / "a.tar.gz"
    archive.touch()
    refused = launch("restore", str(archive))
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


def test_an_archive_is_never_overwritten(tmp_path):
    archive = tmp_path / "a.tar.gz"
    archive.touch()
    refused = launch("backup", str(archive))
    assert refused.returncode == 1
    assert "exists already" in refused.stderr

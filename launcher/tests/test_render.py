"""Generated configuration: replaced when it changes, left alone when somebody edited it."""

import pytest

from launcher import config, render
from launcher.daemon import Daemon, Template
from launcher.site import Site


@pytest.fixture
def site(tmp_path):
    return Site(config.Config(path=tmp_path / "ecritoire.toml"))


@pytest.fixture
def daemon(tmp_path):
    folder = tmp_path / "daemon"
    folder.mkdir()
    (folder / "a.conf.j2").write_text("port {{ config.listen.https }}\n")
    return Daemon("petit", folder, programs=lambda site: [], templates=(Template("a.conf.j2", "a.conf"),))


def test_it_works(site, daemon):
    assert render.write_all(site, daemon) == []
    text = (site.etc("petit") / "a.conf").read_text()
    assert text.startswith("# generated, do not edit")
    assert "port 8443" in text


def test_unchanged_it_is_not_written_again(site, daemon):
    render.write_all(site, daemon)
    before = (site.etc("petit") / "a.conf").stat().st_ino
    render.write_all(site, daemon)
    assert (site.etc("petit") / "a.conf").stat().st_ino == before


def test_a_change_of_template_is_followed(site, daemon):
    render.write_all(site, daemon)
    before = render.fingerprint(site, daemon)
    (daemon.folder / "a.conf.j2").write_text("port 1\n")
    render.write_all(site, daemon)
    assert "port 1" in (site.etc("petit") / "a.conf").read_text()
    assert render.fingerprint(site, daemon) != before


def test_a_file_edited_by_hand_is_left_with_a_notice(site, daemon):
    render.write_all(site, daemon)
    target = site.etc("petit") / "a.conf"
    target.write_text(target.read_text() + "mine\n")
    (daemon.folder / "a.conf.j2").write_text("port 1\n")
    (notice,) = render.write_all(site, daemon)
    assert "edited by hand" in notice
    assert "mine" in target.read_text()

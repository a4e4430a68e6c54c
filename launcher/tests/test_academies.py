"""What the daemons are told of the académies the database knows."""

import json

import pytest

from launcher import academies, certificates, config, render
from launcher.daemons import nginx, unbound, web
from launcher.dkim import make_key
from launcher.errors import LauncherError
from launcher.site import Academy, Site


@pytest.fixture
def site(tmp_path):
    others = (Academy(domain="ac-aubemer.test", host="aubemer.test"), Academy(domain="ac-partage.test"))
    return Site(config.Config(path=tmp_path / "ecritoire.toml"), others)


@pytest.fixture
def answers(monkeypatch):
    """What the database says."""

    def make(known, rows):
        monkeypatch.setattr(academies, "psql", lambda site, sql, base: known if "columns" in sql else json.dumps(rows))

    return make


def text_of(site, daemon, target, monkeypatch):
    monkeypatch.setattr(Site, "secret", lambda self, name: "x")
    (template,) = (template for template in daemon.templates if template.target == target)
    return render.render(site, daemon, template)


def test_it_works(site, answers):
    answers("1", [{"domain": "ac-aubemer.test", "host": "aubemer.test"}])
    assert academies.read(site) == (Academy(domain="ac-aubemer.test", host="aubemer.test"),)


def test_before_the_first_migration_there_are_none(site, answers):
    answers("", [])
    assert academies.read(site) == ()


@pytest.mark.parametrize("host", ["a; include /etc/passwd", "deux mots", "UN.TEST", "x\ny"])
def test_what_is_no_host_reaches_no_configuration(site, answers, host):
    answers("1", [{"domain": "ac-aubemer.test", "host": host}])
    with pytest.raises(LauncherError, match="cannot be served"):
        academies.read(site)


def test_each_has_its_names_in_the_certificate(site):
    names = certificates.server_names(site)
    assert {"localhost", "aubemer.test", "mail.ac-aubemer.test", "autoconfig.ac-partage.test"} <= set(names)


def test_the_front_door_answers_to_each(site, monkeypatch):
    text = text_of(site, nginx.DAEMON, "nginx.conf", monkeypatch)
    assert "server_name localhost aubemer.test;" in text
    assert "server_name autoconfig.ac-aubemer.test autodiscover.ac-aubemer.test;" in text


def test_the_pages_know_the_other_hosts(site, monkeypatch):
    text = text_of(site, web.DAEMON, "academies.toml", monkeypatch)
    assert 'hosts = ["aubemer.test"]' in text
    target = site.etc("web") / "academies.toml"
    target.parent.mkdir(parents=True)
    target.write_text(text)
    assert site.config.academy_hosts == ("aubemer.test",)


def test_the_demonstration_s_names_are_each_domain_s(site, monkeypatch):
    monkeypatch.setattr("os.chown", lambda *arguments: None)
    site.store("dkim").mkdir(parents=True)
    for domain in ("ac-valmont.test", "ac-aubemer.test", "ac-partage.test", "partenaire.test"):
        make_key(site, domain)
    text = text_of(site, unbound.DAEMON, "unbound.conf", monkeypatch)
    assert 'ecritoire._domainkey.ac-aubemer.test. 300 IN TXT "v=DKIM1' in text
    assert '"_imaps._tcp.ac-aubemer.test. 300 IN SRV 0 1 8993 aubemer.test."' in text

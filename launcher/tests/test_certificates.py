"""The local authority's certificates: what they are for, and whose they are."""

from __future__ import annotations

import datetime as dt
import stat
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from launcher import certificates, config
from launcher.site import SERVICE_USER, Site


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "ecritoire.toml"
    path.write_text('[site]\nhost = "courrier.ac-valmont.test"\n')
    return Site(config.load(path))


def names(site):
    certificate = x509.load_pem_x509_certificate((site.tls / "server.pem").read_bytes())
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
        x509.DNSName
    )


def install(path, host):
    """What an administrator would put there, from another authority, at its end."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Une autre autorité")]), dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path.read_bytes()


def test_it_works(site):
    assert certificates.make(site)
    assert {"courrier.ac-valmont.test", "autoconfig.ac-valmont.test", "autodiscover.ac-valmont.test"} <= set(
        names(site)
    )
    for name in ("server.pem", "profiles.pem"):
        command = ["openssl", "verify", "-CAfile", site.tls / "ca.pem", site.tls / name]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert not certificates.make(site)


def test_the_pages_read_the_profiles_key_and_not_the_server_s(site):
    certificates.make(site)
    owners = {name: (site.tls / name).owner() for name in ("profiles.key", "server.key", "ca.key")}
    assert owners == {"profiles.key": SERVICE_USER, "server.key": "root", "ca.key": "root"}
    for name in owners:
        assert stat.S_IMODE((site.tls / name).stat().st_mode) == 0o600


def test_one_of_ours_that_lacks_a_name_is_made_again(site, tmp_path):
    certificates.make(site)
    (tmp_path / "ecritoire.toml").write_text('[site]\nhost = "autre.ac-valmont.test"\n')
    assert certificates.make(Site(config.load(tmp_path / "ecritoire.toml")))
    assert "autre.ac-valmont.test" in names(site)


def test_an_administrator_s_are_left_alone(site):
    certificates.make(site)
    installed = {name: install(site.tls / name, site.config.site.host) for name in ("server.pem", "profiles.pem")}
    certificates.make(site)
    assert {name: (site.tls / name).read_bytes() for name in installed} == installed

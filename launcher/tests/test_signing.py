"""The keys of the single sign-on: made once, and only what is missing."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from launcher import config, signing
from launcher.site import Site


def test_it_works(tmp_path):
    made = signing.pems(Site(config.load(tmp_path / "none.toml")), {"oidc-signing-key", "saml-signing-certificate"})
    key = load_pem_private_key(made["saml-signing-key"].encode(), None)
    certificate = x509.load_pem_x509_certificate(made["saml-signing-certificate"].encode())
    assert certificate.public_key() == key.public_key()
    oidc = load_pem_private_key(made["oidc-signing-key"].encode(), None)
    assert isinstance(oidc, RSAPrivateKey)
    assert oidc.key_size == 2048


def test_nothing_is_made_again(tmp_path):
    assert signing.pems(Site(config.load(tmp_path / "none.toml")), set()) == {}

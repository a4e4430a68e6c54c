"""The settings file: every fault is one line that names the setting."""

import pytest

from launcher import config


def write(tmp_path, text):
    path = tmp_path / "ecritoire.toml"
    path.write_text(text)
    return path


def test_it_works(tmp_path):
    read = config.load(
        write(tmp_path, '[site]\nname = "Académie d\'ici"\ndomain = "ac-ici.test"\n[listen]\nhttps = 9443\n')
    )
    assert read.site.name == "Académie d'ici"
    assert (read.listen.https, read.listen.imaps) == (9443, 8993)
    assert read.base_url == "https://localhost:9443"
    assert read.data_dir == tmp_path / "var"


def test_no_file_means_every_default(tmp_path):
    assert config.load(tmp_path / "none.toml").listen.https == 8443


def test_production_takes_the_standard_ports(tmp_path):
    read = config.load(write(tmp_path, '[site]\nprofile = "production"\nhost = "courriel.ac-ici.fr"\n'))
    assert (read.listen.address, read.listen.https, read.listen.smtp) == (config.EVERYWHERE, 443, 25)
    assert read.base_url == "https://courriel.ac-ici.fr"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[site\n", "ecritoire.toml: "),
        ("[site]\nnom = 1\n", "site.nom: Extra inputs"),
        ("[sites]\n", "sites: Extra inputs"),
        ('[site]\ndomain = "pas un domaine"\n', "site.domain: "),
        ('[site]\nprofile = "autre"\n', "site.profile: "),
        ("[listen]\nhttps = 99999\n", "listen.https: "),
        ("[listen]\nhttps = 8993\n", "port 8993 is given to both listen.https and listen.imaps"),
        ("listen = 3\n", "listen: "),
        ("demo = true\n", "unknown setting 'demo'"),
        ("[mail]\nquota_megabytes = 1\n", "mail.quota_megabytes: "),
        ('[sso]\nsiret = "123"\n', "sso.siret: "),
        ('[upstream]\nissuer = "http://fca.test"\n', "upstream.issuer: "),
        ('[upstream]\nissuer = "https://fca.test"\n', "client_id and client_secret_file are needed beside issuer"),
    ],
)
def test_a_fault_is_one_line_that_names_it(tmp_path, text, words):
    with pytest.raises(config.ConfigError) as error:
        config.load(write(tmp_path, text))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_documented_example_is_the_default(tmp_path):
    example = config.PROJECT_ROOT / "docs" / "ecritoire.example.toml"
    read = config.load(write(tmp_path, example.read_text()))
    assert read.model_dump() == config.load(tmp_path / "none.toml").model_dump()


def test_a_secret_that_cannot_be_read_fails_loudly(tmp_path):
    with pytest.raises(config.ConfigError, match="run ./ecritoire up".replace(".", r"\.")):
        config.load(tmp_path / "none.toml").secret("django-key")

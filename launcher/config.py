"""The one settings file of an installation, ``ecritoire.toml``, read by the launcher and by Django alike."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

PROJECT_ROOT = Path(__file__).resolve().parent.parent
CONFIG_VARIABLE = "ECRITOIRE_CONFIG"

Port = Annotated[int, Field(ge=1, le=65535)]
LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
DomainName = Annotated[str, Field(pattern=rf"^{LABEL}(\.{LABEL})+$", max_length=253)]
OptionalHost = Annotated[str, Field(pattern=rf"^({LABEL}(\.{LABEL})*)?$", max_length=253)]


class ConfigError(Exception):
    """The settings file cannot be used; the message is one line that names the file and the setting."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSection(Section):
    """Who this installation serves, and where its data lives."""

    name: str = "Académie de Valmont"
    domain: DomainName = "ac-valmont.test"
    host: str = "localhost"
    profile: Literal["local", "production"] = "local"
    theme: Literal["neutre", "etat"] = "neutre"
    data_dir: Path = Path("var")


LOCAL_PORTS = {"https": 8443, "imaps": 8993, "pop3s": 8995, "submissions": 8465, "smtp": 8025}
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the production profile serves the world
PRODUCTION_PORTS = {"https": 443, "imaps": 993, "pop3s": 995, "submissions": 465, "smtp": 25}


class ListenSection(Section):
    """Where the front door listens. Ports left out take the profile's defaults."""

    address: str = "127.0.0.1"
    https: Port
    imaps: Port
    pop3s: Port
    submissions: Port
    smtp: Port


class InternalSection(Section):
    """Loopback ports between the daemons; everything else between them is a unix socket."""

    imap: Port = 8143
    pop3: Port = 8110
    submission: Port = 8587
    replies: Port = 8588
    dns: Port = 8053
    partner_smtp: Port = 8026


class MailSection(Section):
    """``trace_days``: how long it is known which message went where, in the trace and in Postfix's own log."""

    trace_days: Annotated[int, Field(ge=1, le=365)] = 30
    quota_megabytes: Annotated[int, Field(ge=10)] = 10_240
    message_megabytes: Annotated[int, Field(ge=1, le=200)] = 50
    resolvers: list[str] = []
    echo_address: str = ""


class AccountsSection(Section):
    temporary_password_days: Annotated[int, Field(ge=1, le=90)] = 30
    session_idle_minutes: Annotated[int, Field(ge=5)] = 60
    session_absolute_hours: Annotated[int, Field(ge=1)] = 12
    application_dormant_days: Annotated[int, Field(ge=7)] = 90
    application_revoke_days: Annotated[int, Field(ge=14)] = 180
    application_unused_days: Annotated[int, Field(ge=7)] = 30
    application_unused_revoke_days: Annotated[int, Field(ge=14)] = 60


class LifecycleSection(Section):
    """The life of accounts. ``bridge_days``: two periods of work nearer than that are one; ``announce_days``: how long before
    the first day an account may be activated; ``alias_days``: how long an address is kept after a change of name; ``backup_days``:
    how long the operator keeps backups, which a proof of purge names; ``relaunch_days``: how long before somebody who has not
    activated their account is reminded again; ``functional_days``: how long a closed shared mailbox keeps its mail;
    ``differences_days``: how long what a feed changed is listed person by person (what it would have changed: 30 days)."""

    bridge_days: Annotated[int, Field(ge=0, le=92)] = 31
    announce_days: Annotated[int, Field(ge=0, le=180)] = 30
    alias_days: Annotated[int, Field(ge=30, le=3650)] = 365
    backup_days: Annotated[int, Field(ge=1, le=730)] = 90
    relaunch_days: Annotated[int, Field(ge=3, le=90)] = 14
    differences_days: Annotated[int, Field(ge=30, le=3650)] = 1095
    functional_days: Annotated[int, Field(ge=30, le=3650)] = 365


class ExportsSection(Section):
    """Archives people take away. ``keep_days``: how long one may be downloaded; ``budget_megabytes``: what all of them may hold
    together; ``spare_megabytes``: what they leave free on the disk."""

    keep_days: Annotated[int, Field(ge=1, le=60)] = 7
    budget_megabytes: Annotated[int, Field(ge=0)] = 102_400
    spare_megabytes: Annotated[int, Field(ge=0)] = 2_048


class HelpSection(Section):
    """``video_megabytes``: the largest video a writer of the help may send."""

    video_megabytes: Annotated[int, Field(ge=1, le=1000)] = 100


class PrivacySection(Section):
    """``officer`` is how to reach the data protection officer: an address, shown to everybody."""

    officer: str = ""


class SsoSection(Section):
    """What single sign-on says of this installation to the services. ``siret`` identifies the académie."""

    siret: Annotated[str, Field(pattern=r"^([0-9]{14})?$")] = ""


class UpstreamSection(Section):
    """An identity provider people may sign in with (ProConnect's shape); off while ``issuer`` is empty."""

    name: str = "ProConnect"
    issuer: Annotated[str, Field(pattern=r"^(https://\S+)?$")] = ""
    client_id: str = ""
    client_secret_file: str = ""
    scopes: str = "openid uid email given_name usual_name"
    ca_file: str = ""

    @model_validator(mode="after")
    def _complete(self) -> UpstreamSection:
        if self.issuer and not (self.client_id and self.client_secret_file):
            raise ValueError("client_id and client_secret_file are needed beside issuer")
        return self


Network = Annotated[str, AfterValidator(lambda value: str(ipaddress.ip_network(value)))]


class OutboundSection(Section):
    """What the service itself calls: webhooks, push services. ``networks``: those that are not public and may be called all the same, plain
    HTTP included; ``push_hosts``: push services beside those of the known browsers."""

    networks: list[Network] = []
    push_hosts: list[str] = []


class SupportSection(Section):
    """``address`` is told of urgent requests; when empty, each support agent is."""

    address: str = ""


class AntivirusSection(Section):
    """``clamd``: where ClamAV's daemon listens, a socket's path or host:port; mail and uploaded files are scanned when it is set."""

    clamd: Annotated[str, Field(pattern=r"^(/\S+|[^\s/]+:\d+)?$")] = ""


class Config(Section):
    site: SiteSection = SiteSection()
    listen: ListenSection = ListenSection.model_validate(LOCAL_PORTS)
    internal: InternalSection = InternalSection()
    mail: MailSection = MailSection()
    accounts: AccountsSection = AccountsSection()
    lifecycle: LifecycleSection = LifecycleSection()
    exports: ExportsSection = ExportsSection()
    help: HelpSection = HelpSection()
    privacy: PrivacySection = PrivacySection()
    sso: SsoSection = SsoSection()
    upstream: UpstreamSection = UpstreamSection()
    support: SupportSection = SupportSection()
    outbound: OutboundSection = OutboundSection()
    antivirus: AntivirusSection = AntivirusSection()
    path: Path = Field(default=PROJECT_ROOT / "ecritoire.toml", exclude=True)
    demo: bool = Field(default=False, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _profile_ports(cls, values: dict[str, object]) -> dict[str, object]:
        site = values.get("site")
        production = isinstance(site, dict) and site.get("profile") == "production"
        defaults: dict[str, object] = {"address": EVERYWHERE, **PRODUCTION_PORTS} if production else dict(LOCAL_PORTS)
        listen = values.get("listen", {})
        return {**values, "listen": {**defaults, **listen} if isinstance(listen, dict) else listen}

    @model_validator(mode="after")
    def _ports_differ(self) -> Config:
        seen: dict[int, str] = {}
        for name, port in self.ports.items():
            if port in seen:
                raise ValueError(f"port {port} is given to both {seen[port]} and {name}")
            seen[port] = name
        return self

    @field_validator("path")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.resolve()

    @cached_property
    def ports(self) -> dict[str, int]:
        """Every TCP port of the installation by setting name, e.g. ``listen.https``."""
        listen = {f"listen.{k}": v for k, v in self.listen.model_dump().items() if k != "address"}
        return listen | {f"internal.{k}": v for k, v in self.internal.model_dump().items()}

    @cached_property
    def data_dir(self) -> Path:
        """Absolute; a relative ``site.data_dir`` starts from the settings file's folder."""
        return (self.path.parent / self.site.data_dir).resolve()

    @cached_property
    def base_url(self) -> str:
        return self.url_of(self.site.host)

    def url_of(self, host: str) -> str:
        port = "" if self.listen.https == PRODUCTION_PORTS["https"] else f":{self.listen.https}"
        return f"https://{host}{port}"

    @cached_property
    def academy_hosts(self) -> tuple[str, ...]:
        """The names of the other académies' pages, as the last ``./ecritoire up`` found them (``launcher.academies``)."""
        path = self.data_dir / "etc" / "web" / "academies.toml"
        try:
            return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["hosts"])
        except OSError:
            return ()

    def secret(self, name: str) -> str:
        """The value of one of ``var/secrets``; fails loudly when it cannot be read."""
        try:
            return (self.data_dir / "secrets" / name).read_text().strip()
        except OSError as error:
            raise ConfigError(f"secret {name} cannot be read ({error.strerror}): run ./ecritoire up") from error


def config_path() -> Path:
    return Path(os.environ.get(CONFIG_VARIABLE) or PROJECT_ROOT / "ecritoire.toml").resolve()


def load(path: Path | None = None) -> Config:
    """Read the settings file; a missing default file means every default.

    Raises ConfigError with one line naming file, setting and fault.
    """
    path = (path or config_path()).resolve()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    reserved = {"path", "demo"} & values.keys()
    if reserved:
        raise ConfigError(f"{path}: unknown setting {reserved.pop()!r}")
    try:
        config = Config(path=path, **values)
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"]) or "ports"
        raise ConfigError(f"{path}: {setting}: {first['msg']}") from error
    demo = (config.data_dir / "demo").exists()
    return config.model_copy(update={"demo": demo})

"""What a mail application needs to know: servers, ports, security. One source for pages, documents and DNS records."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from ecritoire.directory.models import Organisation

from .models import MailProtocol

PRIORITY = {MailProtocol.IMAP: 0, MailProtocol.POP3: 10, MailProtocol.SMTP: 0}
SERVICES = {MailProtocol.IMAP: "imaps", MailProtocol.POP3: "pop3s", MailProtocol.SMTP: "submissions"}
NOT_OFFERED = ("imap", "pop3", "submission")


@dataclass(frozen=True)
class Server:
    """One server as applications ask for it. Everything is TLS from the first byte (RFC 8314)."""

    protocol: MailProtocol
    host: str
    port: int

    @property
    def label(self) -> str:
        return str(self.protocol.label)


@dataclass(frozen=True)
class DnsRecord:
    name: str
    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}. 3600 IN {self.kind} {self.value}"


def servers(organisation: Organisation, protocols: list[str] | None = None) -> list[Server]:
    """The servers an académie's people use, of ``protocols`` (all of them when None), reception first."""
    host = organisation.portal_host
    wanted = MailProtocol.values if protocols is None else protocols
    return [Server(p, host, getattr(settings.CONFIG.listen, SERVICES[p])) for p in MailProtocol if p in wanted]


def dns_records(organisation: Organisation) -> list[DnsRecord]:
    """What an académie publishes so that applications find us: SRV (RFC 6186, RFC 8314), autoconfig, autodiscover.

    A target of "." says that the unencrypted form is not offered.
    """
    domain, host = organisation.mail_domain, organisation.portal_host
    records = [
        DnsRecord(f"_{SERVICES[s.protocol]}._tcp.{domain}", "SRV", f"{PRIORITY[s.protocol]} 1 {s.port} {s.host}.")
        for s in servers(organisation)
    ]
    records += [DnsRecord(f"_{name}._tcp.{domain}", "SRV", "0 0 0 .") for name in NOT_OFFERED]
    records.append(DnsRecord(f"_autodiscover._tcp.{domain}", "SRV", f"0 1 {settings.CONFIG.listen.https} {host}."))
    records += [DnsRecord(f"{name}.{domain}", "CNAME", f"{host}.") for name in ("autoconfig", "autodiscover")]
    return records

"""Configuration files: templates rendered whole, replaced only when they change, refused when edited by hand."""

from __future__ import annotations

import grp
import os
import pwd
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .daemon import Daemon, Template, digest
from .dkim import public_record
from .site import LETTERBOXES, PARTNER_DOMAIN, SERVICE_USER, STORE_DOMAIN, Site

MARK = re.compile(r"^# generated, do not edit \(([0-9a-f]{16})\)")


def environment(folder: Path) -> Environment:
    return Environment(  # configuration files, not pages
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )


def render(site: Site, daemon: Daemon, template: Template) -> str:
    """The file's text; its first line carries the checksum of the rest."""
    context: dict[str, object] = {
        "site": site,
        "config": site.config,
        "overrides": site.overrides / daemon.name,
        "service_user": SERVICE_USER,
        "store_domain": STORE_DOMAIN,
        "letterboxes": ", ".join(f"'{name}'" for name in LETTERBOXES),
        "partner_domain": PARTNER_DOMAIN,
    }
    context["dkim_record"] = lambda domain: public_record(site, domain)
    body = environment(daemon.folder).get_template(template.source).render(context)
    return f"# generated, do not edit ({digest(body)}); add to {site.overrides / daemon.name} instead\n{body}\n"


def edited_by_hand(text: str) -> bool:
    mark = MARK.match(text)
    body = text.partition("\n")[2].removesuffix("\n")
    return mark is None or mark.group(1) != digest(body)


def write(site: Site, daemon: Daemon, template: Template) -> str | None:
    """Bring one file up to date; returns a notice when a hand-edited file was left alone."""
    target = site.etc(daemon.name) / template.target
    text = render(site, daemon, template)
    if target.exists():
        current = target.read_text()
        if edited_by_hand(current):
            return f"{target} was edited by hand: left as it is; move the change to {site.overrides / daemon.name}"
        if current == text:
            return None
    fresh = target.with_name(target.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    os.chown(fresh, pwd.getpwnam(template.owner).pw_uid, grp.getgrnam(template.group).gr_gid)
    fresh.chmod(template.mode)
    fresh.replace(target)
    return None


def write_all(site: Site, daemon: Daemon) -> list[str]:
    site.etc(daemon.name).mkdir(parents=True, exist_ok=True)
    notices = [write(site, daemon, template) for template in daemon.templates]
    return [notice for notice in notices if notice]


def fingerprint(site: Site, daemon: Daemon) -> str:
    """Changes whenever one of the daemon's files does."""
    folder = site.etc(daemon.name)
    return digest(*(f"{p}{p.read_text()}" for p in sorted(folder.rglob("*")) if p.is_file()))

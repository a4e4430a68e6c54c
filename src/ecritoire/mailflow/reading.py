"""Reading a message anybody may have written: pure functions, which any bytes pass without an error."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from .authentication_results import statements

LOOP = "X-Ecritoire-Loop"
BULK = {"bulk", "list", "junk", "auto_reply"}
AUTOMATIC = re.compile(
    r"auto[- ]?(reply|response|submitted)|out of office|r[ée]ponse automatique|absence du bureau", re.I
)
IDENTIFIER = re.compile(r"<([^<>\s]{3,250})>")
LIMIT = 200_000
"""Characters of a text read at all."""


@dataclass(frozen=True)
class File:
    """Something enclosed."""

    name: str
    media_type: str
    content: bytes


def message_read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def header(message: EmailMessage, name: str) -> str:
    """A header's value on one line; as it stands when the library trips over it."""
    return next(iter(headers(message, name)), "")


def headers(message: EmailMessage, name: str) -> list[str]:
    try:
        values = message.get_all(name, [])
    except Exception:  # the header parser raises many things on broken words
        raw = [value for key, value in getattr(message, "_headers", []) if key.lower() == name.lower()]
        values = [str(value) for value in raw]
    return [_clean(str(value)) for value in values]


def _clean(text: str) -> str:
    """One line, and characters a database keeps: no NUL, no lone surrogate."""
    return " ".join(text.encode("utf-8", "replace").decode().replace("\0", "").split())


def sender_address(message: EmailMessage) -> str:
    """Of From, when it names exactly one."""
    lines = headers(message, "From")
    if len(lines) != 1:
        return ""
    found = [address for _, address in getaddresses([lines[0]]) if "@" in address]
    return found[0] if len(found) == 1 and len(found[0]) <= 254 else ""  # noqa: PLR2004 - RFC 5321 4.5.3


def sender_name(message: EmailMessage) -> str:
    return parseaddr(header(message, "From"))[0][:160]


def message_id(message: EmailMessage) -> str:
    found = IDENTIFIER.search(header(message, "Message-ID"))
    return found[1] if found else ""


def answered_ids(message: EmailMessage) -> list[str]:
    """What it answers, the nearest first."""
    names = IDENTIFIER.findall(header(message, "In-Reply-To"))
    names += reversed(IDENTIFIER.findall(header(message, "References"))[-50:])
    return list(dict.fromkeys(names))


def is_bounce(message: EmailMessage, sender: str) -> bool:
    kind = message.get_content_type()
    return (kind == "multipart/report" and "delivery-status" in header(message, "Content-Type").lower()) or (
        not sender and "mailer-daemon" in header(message, "From").lower()
    )


def is_automatic(message: EmailMessage, sender: str) -> bool:
    """RFC 3834, and what programs did before it. ``sender`` is the envelope's: reports have none."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        sender.strip("<>") == ""
        or submitted not in {"", "no"}
        or header(message, "Precedence").lower() in BULK
        or message.get_content_type() == "multipart/report"
        or any(headers(message, name) for name in ("List-Id", "List-Unsubscribe", "List-Post", LOOP, "X-Autoreply"))
        or header(message, "X-Auto-Response-Suppress").lower() not in {"", "none"}
        or bool(AUTOMATIC.match(header(message, "Subject")))
    )


def authenticated(message: EmailMessage) -> bool:
    """What our filter wrote: DMARC passed, or the domain that signed or sent is From's own.

    Only its header is there: Postfix takes away those that came with the message.
    """
    domain = sender_address(message).rpartition("@")[2].lower()
    if not domain:
        return False
    fields = headers(message, "Authentication-Results")
    results = [part for field in fields for part in statements(field.lower())]
    return any(_aligned(result, domain) for result in results)


def _aligned(result: str, domain: str) -> bool:
    words = dict(pair.partition("=")[::2] for pair in result.split() if "=" in pair)
    named = {
        "dmarc": words.get("header.from", domain),
        "dkim": words.get("header.d", words.get("header.i", "")),
        "spf": words.get("smtp.mailfrom", ""),
    }
    return any(words.get(method) == "pass" and value.rpartition("@")[2] == domain for method, value in named.items())


def best_text(message: EmailMessage) -> str:
    """The text of the message, made from its HTML when there is no other."""
    for kind, convert in (("text/plain", str), ("text/html", html_text)):
        for part in _parts(message):
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = convert(_text(part)).strip()
                if text:
                    return text
    return ""


def _parts(message: EmailMessage) -> list[EmailMessage]:
    """Of the message itself, not those of messages enclosed."""
    found: list[EmailMessage] = []
    waiting = [message]
    while waiting and len(found) < 500:  # noqa: PLR2004 - nobody encloses as many
        part = waiting.pop(0)
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting = [*payload, *waiting]
        else:
            found.append(part)
    return found


def _text(part: EmailMessage) -> str:
    content = _bytes(part)
    charset = part.get_param("charset", "utf-8")
    try:
        text = content.decode(str(charset), "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    text = text[:LIMIT].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode()


def _bytes(part: EmailMessage) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # a transfer encoding that is none
        content = None
    if isinstance(content, bytes):
        return content
    return str(part.get_payload() or "").encode("utf-8", "replace") if not part.is_multipart() else b""


BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "pre", "hr"}
SILENT = {"script", "style", "head", "title", "template"}


class _Text(HTMLParser):
    """Words with a line for each block; what is quoted starts with ``> ``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quoted = self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.quoted += tag == "blockquote"
        if tag in BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))
        self.quoted = max(0, self.quoted - (tag == "blockquote"))
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        words = " ".join(data.split())
        if words and not self.lines[-1] and self.quoted:
            self.lines[-1] = "> "
        space = " " if self.lines[-1].strip() and data[:1].isspace() else ""
        self.lines[-1] += space + words + (" " if words and data[-1:].isspace() else "")


def html_text(html: str) -> str:
    reader = _Text()
    try:
        reader.feed(html)
        reader.close()
    except Exception:  # broken markup: what was read until there
        reader.silent = 0
    text = "\n".join(line.rstrip() for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


INTRODUCTIONS = re.compile(
    r"^(le .{4,120} a écrit\s*:|on .{4,120} wrote:|-{2,}\s*(message d'origine|original message|message transféré)\s*-{2,}|_{10,})$",
    re.I,
)
OUTLOOK = re.compile(r"^\*?(de|from)\s*:\*?\s.+", re.I)
SENT = re.compile(r"^\*?(envoyé|sent|date)\s*:\*?\s.+", re.I)


def trimmed(text: str) -> str:
    """What the person wrote now: without the quotation below it and without the signature. All of it when nothing would be left."""
    lines = text.split("\n")
    end = next((at for at in range(len(lines)) if _ends(lines, at)), len(lines))
    kept = lines[:end]
    while kept and (kept[-1].startswith(">") or not kept[-1].strip()):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _ends(lines: list[str], at: int) -> bool:
    """The words written now stop at this line."""
    line, following = lines[at].strip(), lines[at + 1].strip() if at + 1 < len(lines) else ""
    return (
        lines[at] in {"-- ", "--"}
        or bool(INTRODUCTIONS.match(line) or INTRODUCTIONS.match(f"{line} {following}"))
        or bool(OUTLOOK.match(line) and any(SENT.match(other.strip()) for other in lines[at + 1 : at + 4]))
    )


def files_of(message: EmailMessage) -> list[File]:
    """What was enclosed, pictures shown in the text too."""
    return [File(_name(part) or _default_name(part), part.get_content_type(), found) for part, found in _files(message)]


def _files(message: EmailMessage) -> Iterator[tuple[EmailMessage, bytes]]:
    body = {"text/plain", "text/html"}
    for part in _parts(message):
        if part.get_content_type() in body and part.get_content_disposition() != "attachment" and not _name(part):
            continue
        content = _enclosed(part)
        if content:
            yield part, content


def without_files(content: bytes, message: EmailMessage, kept: Iterable[bytes]) -> bytes:
    """The message as it came, byte for byte, but for the files that are kept elsewhere: where one was, its digest is said."""
    digests = {hashlib.sha256(file).hexdigest() for file in kept}
    for part, found in _files(message):
        digest = hashlib.sha256(found).hexdigest()
        if digest in digests:
            raw, note = _as_it_came(part, found), _kept_apart(part, digest)
            content = content.replace(raw, note, 1) if len(raw) > len(note) else content
    return content


def _as_it_came(part: EmailMessage, found: bytes) -> bytes:
    """Still encoded; a message enclosed may have been written otherwise, and is then found nowhere."""
    payload = part.get_payload()
    return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else found


def _kept_apart(part: EmailMessage, digest: str) -> bytes:
    note = f"[kept apart, sha256={digest}]\r\n".encode()
    encoded = header(part, "Content-Transfer-Encoding").lower() == "base64"
    return base64.encodebytes(note).rstrip() if encoded else note.rstrip()


def _enclosed(part: EmailMessage) -> bytes:
    if part.get_content_type() != "message/rfc822":
        return _bytes(part)
    try:
        return b"".join(inner.as_bytes() for inner in part.get_payload())  # type: ignore[union-attr]
    except Exception:  # a message that the library reads and cannot write
        return b""


def _name(part: EmailMessage) -> str:
    try:
        return _clean(part.get_filename() or "")
    except Exception:  # a name whose encoding is none
        return ""


def _default_name(part: EmailMessage) -> str:
    return "message.eml" if part.get_content_type() == "message/rfc822" else f"piece.{part.get_content_subtype()[:10]}"


def undelivered_to(message: EmailMessage) -> list[str]:
    """Whom a report of non-delivery names."""
    found = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            if not isinstance(block, Message):
                continue
            named = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
            address = _clean(named.rpartition(";")[2])
            if "@" in address:
                found.append(address[:254])
    return list(dict.fromkeys(found))

"""What senders wrote or attached, served so that it can do nothing.

The HTML body is a document of its own, shown in a sandboxed frame. Three walls stand behind the sanitiser: the frame's
``sandbox`` and the same directive in this document's policy (no script, no form, no plug-in, opened in a tab of its own
or not); ``default-src 'none'``; and images from this service only, until remote ones are asked for. Style *attributes*
are allowed there, and there alone: mail is laid out with them, and in a document without scripts or secrets a style
can at worst make its own message ugly. ``allow-same-origin`` is only so that the page around can measure the frame.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.http import content_disposition_header, urlencode
from django.utils.safestring import SafeString, mark_safe

from ecritoire.mailstore.jmap import Blob, JmapClient, JmapError, StoreUnavailable

from ..here import mail_url
from ..mail_html import SanitizedHtml, sanitize
from ..mail_text import text_to_html
from ..places import MailRequest
from ..selectors.attachments import SHOWN_IN_BROWSER
from ..selectors.details import Body, message_body
from .doors import STORE_BROKEN, mail_view, place_of, place_open, store_away

FRAME_SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
BODY_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "sandbox": FRAME_SANDBOX,
}
ATTACHMENT_POLICY = {"default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'self'"}


@mail_view
def body(request: MailRequest, client: JmapClient, email_id: str) -> HttpResponseBase:
    """The document shown in a message's frame."""
    allow_remote, whole = "images" in request.GET, "complet" in request.GET
    found = message_body(client=client, email_id=email_id, whole=whole)
    pieces = [_piece(kind, text, found, allow_remote) for kind, text in found.segments]
    context = {
        "content": mark_safe("\n".join(piece.html for piece in pieces)),  # noqa: S308 - sanitised or escaped, each
        "blocked": sum(piece.blocked_remote for piece in pieces),
        "trackers": sum(piece.trackers for piece in pieces),
        "is_truncated": found.is_truncated,
        "images_url": _with(images=True, complet=whole),
        "whole_url": "" if whole else _with(images=allow_remote, complet=True),
    }
    response = render(request, "webmail/body.html", context)
    images = "'self' data: https:" if allow_remote else "'self' data:"
    response.headers["Referrer-Policy"] = "no-referrer"
    _set_policy(response, {**BODY_POLICY, "img-src": images})
    return response


@login_required
def blob(request: MailRequest, blob_id: str, mailbox_id: int | None = None) -> HttpResponseBase:
    """An attachment or a whole message, streamed. The store refuses a blob that is not in this mailbox.

    Name and type come from our own link; a forged one gains nothing: only kinds that carry no program are ever shown,
    everything else is saved, and never as something a browser would run.
    """
    client = place_open(place_of(request, mailbox_id))
    kind = request.GET.get("type", "").lower()
    try:
        found = client.download(blob_id)
    except StoreUnavailable:
        client.close()
        return store_away(request)
    except JmapError as error:
        client.close()
        if error.kind == STORE_BROKEN:
            return store_away(request)
        raise Http404(blob_id) from error
    shown = "apercu" in request.GET and kind in SHOWN_IN_BROWSER
    return _streamed(client, found, kind if shown else "application/octet-stream", request.GET.get("nom", ""), shown)


def _streamed(client: JmapClient, found: Blob, kind: str, name: str, shown: bool) -> StreamingHttpResponse:
    content_type = f"{kind}; charset=utf-8" if kind == "text/plain" else kind
    response = StreamingHttpResponse(_closing(client, found.chunks), content_type=content_type)
    if found.size is not None:
        response.headers["Content-Length"] = str(found.size)
    file_name = "".join(char for char in name if char.isprintable())[-150:] or "piece"
    response.headers["Content-Disposition"] = content_disposition_header(not shown, file_name) or "attachment"
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    # A browser's own PDF reader refuses to work in a sandbox; a PDF is never read as a page, so it needs none.
    sandbox = {} if kind == "application/pdf" else {"sandbox": ""}
    _set_policy(response, {**ATTACHMENT_POLICY, **sandbox})
    return response


def _closing(client: JmapClient, chunks: Iterator[bytes]) -> Iterator[bytes]:
    with client:
        yield from chunks


def _set_policy(response: HttpResponseBase, policy: dict[str, str]) -> None:
    """``policy`` in place of the pages' own."""
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}".strip() for name, value in policy.items())


def _piece(kind: str, text: str, found: Body, allow_remote: bool) -> SanitizedHtml:
    if kind == "image":
        part = next((part for part in found.parts if part.blob_id == text), None)
        return SanitizedHtml(_image(part.preview_url, part.name) if part and part.preview_url else "", 0)
    if kind == "text":
        return SanitizedHtml(text_to_html(text), 0)

    def cid_url(cid: str) -> str | None:
        part = found.blob_by_cid(cid)
        return part.preview_url or None if part else None

    return sanitize(text, cid_url=cid_url, allow_remote=allow_remote, mail_to_url=_compose_url)


def _image(url: str, name: str) -> SafeString:
    return format_html('<p><img src="{}" alt="{}"></p>', url, name)


def _compose_url(address: str) -> str:
    return f"{mail_url('compose')}?{urlencode({'to': address})}"


def _with(**flags: bool) -> str:
    return "?" + urlencode({name: 1 for name, wanted in flags.items() if wanted})

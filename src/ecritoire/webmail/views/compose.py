"""Writing a message: one form, whatever the button."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ecritoire.common.requests import AccountRequest, client_address
from ecritoire.directory.selectors import addresses_matching
from ecritoire.directory.selectors_functional import functional_addresses_matching
from ecritoire.mailflow import submission
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.webmail.compose.addresses import format_address, format_addresses
from ecritoire.webmail.compose.answers import MODES, Message, answer, body_text
from ecritoire.webmail.compose.drafts import draft_destroy, draft_save
from ecritoire.webmail.compose.forms import SignatureForm
from ecritoire.webmail.compose.originals import original_get
from ecritoire.webmail.compose.sending import AlreadySent, message_send, recipients_of
from ecritoire.webmail.models import Signature

from ..answering import answering_end, answering_note, answering_now
from ..here import mail_url
from ..places import Identity, MailRequest
from .doors import writing_view

ATTACHED_WORDS = ("pièce jointe", "pièces jointes", "ci-joint", "en pj", "piece jointe")
SUGGESTIONS, SHARED_SUGGESTIONS = 8, 3
BASE64_GROWTH = 4 / 3


def signature_of(request: MailRequest) -> str:
    """The person's own, or that of the shared mailbox they write for."""
    member = request.place.member
    row = None if member else Signature.objects.filter(account=request.user).first()
    text = member.mailbox.signature if member else row.text if row else ""
    return f"-- \n{text}\n\n" if text else ""


@writing_view
def new(request: MailRequest, client: JmapClient) -> HttpResponse:
    """A blank message; ``?to=`` and ``?subject=`` fill it, and so does a mailto: link."""
    if request.method == "POST":
        return handle(request, client)
    values = {key: request.GET.get(key, "") for key in ("to", "cc", "subject", "body")}
    if mailto := request.GET.get("mailto"):
        parts = urlsplit(mailto)
        values |= {"to": parts.path} | {
            k: v[0] for k, v in parse_qs(parts.query).items() if k in {"cc", "subject", "body"}
        }
    signature = signature_of(request)
    body = values["body"] + (f"\n\n{signature}" if signature else "")
    return show(request, Message(to=values["to"], cc=values["cc"], subject=values["subject"], body=body))


@writing_view
def respond(request: MailRequest, client: JmapClient, mode: str, email_id: str) -> HttpResponse:
    email = original_get(client, email_id)
    if email is None or mode not in MODES:
        raise Http404
    if request.method == "POST":
        return handle(request, client, answered=email, mode=mode)
    others = answering_now(request.place, [email_id])
    answering_note(request.place, email_id)
    own = [str(identity.sender["email"]) for identity in request.place.identities]
    return show(request, answer(email, mode, own, signature_of(request)), mode=mode, answering=others)


@writing_view
def draft(request: MailRequest, client: JmapClient, email_id: str) -> HttpResponse:
    """Take up a draft again."""
    if request.method == "POST":
        return handle(request, client)
    email = original_get(client, email_id)
    if email is None or "$draft" not in email["keywords"]:
        raise Http404
    message = Message(
        to=format_addresses(email["to"]),
        cc=format_addresses(email["cc"]),
        bcc=format_addresses(email["bcc"]),
        subject=email["subject"] or "",
        body=body_text(email),
        attachments=email["attachments"],
        in_reply_to=email.get("inReplyTo") or [],
        references=email["references"] or [],
    )
    return show(request, message, draft_id=email_id, chosen="behalf" if email.get("sender") else "")


def typed(request: MailRequest) -> Message:
    """What the form holds, new files aside."""
    post = request.POST
    removed = post.get("remove", "")
    parts = [json.loads(part) for part in post.getlist("attachment")]
    return Message(
        to=post.get("to", ""),
        cc=post.get("cc", ""),
        bcc=post.get("bcc", ""),
        subject=post.get("subject", ""),
        body=post.get("body", ""),
        attachments=[part for part in parts if part["blobId"] != removed],
    )


def read(
    request: MailRequest, client: JmapClient, message: Message, answered: dict[str, Any] | None, mode: str
) -> None:
    """Complete ``message``: new files become blobs of the store. Raises ValidationError when they are too large."""
    files = request.FILES.getlist("files")
    size = sum(part["size"] for part in message.attachments) + sum(file.size or 0 for file in files)
    if size * BASE64_GROWTH > settings.MESSAGE_MAX_BYTES:
        limit = filesizeformat(settings.MESSAGE_MAX_BYTES / BASE64_GROWTH)
        raise ValidationError(_("Les pièces jointes dépassent %(limit)s : partagez un lien.") % {"limit": limit})
    for file in files:
        blob = client.upload(file.read(), file.content_type or "application/octet-stream")
        part = {"blobId": blob["blobId"], "name": file.name, "type": blob["type"], "size": blob["size"]}
        message.attachments.append(part)
    if answered:
        started = answer(answered, mode, [], "")
        message.in_reply_to, message.references = started.in_reply_to, started.references


def handle(
    request: MailRequest, client: JmapClient, *, answered: dict[str, Any] | None = None, mode: str = ""
) -> HttpResponse:
    """Whatever the button: send, save, attach, remove, discard."""
    post = request.POST
    draft_id = post.get("draft_id", "")
    if "discard" in post:
        if draft_id:
            draft_destroy(client, draft_id)
        _let_others_answer(request, answered)
        messages.success(request, _("Brouillon supprimé."))
        return redirect(mail_url("inbox"))
    message = typed(request)
    try:
        read(request, client, message, answered, mode)
        identity = identity_of(request)
        if "send" in post:
            return send(request, client, message, identity, answered, mode)
        saved = draft_save(client, message=message, identity=identity, replaced=draft_id)
    except ValidationError as error:
        return refuse(request, message, error.messages, mode=mode, draft_id=draft_id)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"draft": saved.email_id})
    if "save" in post:
        messages.success(request, _("Brouillon enregistré."))
    return show(request, message, draft_id=saved.email_id, mode=mode)


def identity_of(request: MailRequest) -> Identity:
    """Under whose name the form says to write; only those that the mailbox allows this person."""
    known = {identity.key: identity for identity in request.place.identities}
    chosen = request.POST.get("sender", "") or next(iter(known))
    if chosen not in known:
        raise ValidationError(_("L'adresse %(address)s n'est pas la vôtre.") % {"address": chosen})
    return known[chosen]


def _let_others_answer(request: MailRequest, answered: dict[str, Any] | None) -> None:
    if answered:
        answering_end(request.place, answered["id"])


def send(
    request: MailRequest,
    client: JmapClient,
    message: Message,
    identity: Identity,
    answered: dict[str, Any] | None,
    mode: str,
) -> HttpResponse:
    post = request.POST
    draft_id = post.get("draft_id", "")
    if not recipients_of(message):
        raise ValidationError(_("Indiquez au moins un destinataire."))
    doubts = doubts_about(message)
    if doubts and "sure" not in post:
        return refuse(request, message, doubts, mode=mode, draft_id=draft_id, ask=True)
    try:
        outcome = message_send(
            client,
            account=request.user,
            message=message,
            identity=identity,
            replaced=draft_id,
            answered=answered["id"] if answered else "",
            mode=mode,
            token=post.get("token", ""),
            client_address=client_address(request),
        )
    except AlreadySent:
        messages.info(request, _("Ce message était déjà parti."))
        return redirect(mail_url("inbox"))
    if outcome.error:
        return refuse(request, message, [explain(outcome.error)], mode=mode, draft_id=outcome.draft_id)
    _let_others_answer(request, answered)
    messages.success(request, _("Message envoyé."))
    return redirect(mail_url("inbox"))


def doubts_about(message: Message) -> list[str]:
    """What people forget: an object, the attachment they speak of."""
    doubts = []
    if not message.subject.strip():
        doubts.append(_("Le message n'a pas d'objet."))
    written = "\n".join(line for line in message.body.splitlines() if not line.startswith(">")).lower()
    if not message.attachments and any(word in written for word in ATTACHED_WORDS):
        doubts.append(_("Vous parlez d'une pièce jointe, et il n'y en a pas."))
    return doubts


CLOSED = ("5.2.1", "5.1.6")  # what Postfix says of mailboxes closed and addresses retired (mailflow's postfix_closed)


def explain(error: submission.SubmissionError) -> str:
    if isinstance(error, submission.RecipientsRefused):
        known = ", ".join(error.refused)
        if all(text.startswith(CLOSED) for text in error.refused.values()):
            return _(
                "Refusé pour %(addresses)s : cette boîte est fermée, ou l'adresse n'est plus en service. Rien n'a été envoyé."
            ) % {"addresses": known}
        return _("Refusé pour %(addresses)s : cette adresse n'existe pas. Rien n'a été envoyé.") % {"addresses": known}
    if isinstance(error, submission.SenderRefused):
        return _("Vous ne pouvez pas écrire sous cette adresse.")
    if isinstance(error, submission.MessageTooLarge):
        return _("Le message est trop volumineux.")
    return _(
        "L'envoi est momentanément impossible ; votre message est gardé dans les brouillons. Réessayez dans une minute."
    )


def refuse(request: MailRequest, message: Message, errors: list[str], **context: Any) -> HttpResponse:
    response = show(request, message, errors=errors, **context)
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def show(request: MailRequest, message: Message, **context: Any) -> HttpResponse:
    parts = [
        {**part, "json": json.dumps({k: part[k] for k in ("blobId", "name", "type", "size")})}
        for part in message.attachments
    ]
    context |= {"message": message, "parts": parts, "senders": request.place.identities, "place": request.place}
    context["chosen"] = request.POST.get("sender") or context.get("chosen", "")
    context["token"] = request.POST.get("token") or uuid.uuid4().hex
    context["limit"] = filesizeformat(settings.MESSAGE_MAX_BYTES / BASE64_GROWTH)
    return render(request, "webmail/compose.html", context)


@login_required
def recipients(request: AccountRequest) -> JsonResponse:
    """Colleagues whose name begins so, and functional mailboxes by their school, for the address fields; an outside
    contributor's are those of their structures."""
    search = request.GET.get("q", "").strip()
    if len(search) < 2:  # noqa: PLR2004 - one letter fits everybody
        return JsonResponse({"people": []})
    home = request.user.person.organisation_id
    shared = functional_addresses_matching(search=search, organisation_id=home, limit=SHARED_SUGGESTIONS)
    only = request.user.person if request.user.is_external else None
    people = addresses_matching(search=search, organisation=home, limit=SUGGESTIONS - len(shared), colleagues_of=only)
    found = [(row.name, row.address) for row in shared] + [(str(row.person), row.address) for row in people]
    return JsonResponse({"people": [format_address({"name": name, "email": address}) for name, address in found]})


@login_required
def signature(request: AccountRequest) -> HttpResponse:
    row = Signature.objects.filter(account=request.user).first()
    form = SignatureForm(request.POST or None, initial={"text": row.text if row else ""})
    if request.method == "POST" and form.is_valid():
        Signature.objects.update_or_create(account=request.user, defaults={"text": form.cleaned_data["text"]})
        messages.success(request, _("Signature enregistrée."))
        return redirect("webmail:signature")
    return render(request, "webmail/signature.html", {"form": form})

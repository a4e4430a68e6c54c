"""Mail of the forum: one conversation a topic, answerable, left with one click (RFC 8058)."""

from __future__ import annotations

from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.mailflow.letterbox import sealed_address
from ecritoire.mailflow.reading import LOOP

from .models import Follow, Post, Topic
from .selectors_following import follows_to

SALT = "forum.unsubscribe"


def unsubscribe_token(topic_id: int, account_id: int, follows: list[int] | None = None) -> str:
    """``follows``: through which the message came, left with it."""
    return signing.dumps([topic_id, account_id, follows or []], salt=SALT)


def unsubscribe_read(token: str) -> tuple[int, int, list[int]]:
    """Raises BadSignature. The links of before sections and tags were followed name none."""
    topic_id, account_id, *follows = signing.loads(token, salt=SALT)
    return topic_id, account_id, follows[0] if follows else []


def answer_message(post: Post, reader: Account) -> EmailMessage:
    """A new topic or an answer, to somebody who follows it, its section or its tags, or is called in it."""
    topic, here = post.topic, post.topic.section.organisation
    follows = list(follows_to(topic).filter(account=reader).select_related("section")) if post.is_question else []
    token = unsubscribe_token(topic.pk, reader.pk, [follow.pk for follow in follows])
    leave = here.base_url + reverse("forum:unsubscribe", args=[token])
    url = here.base_url + reverse("forum:topic", args=[topic.pk])
    context = {"post": post, "topic": topic, "leave": leave, "url": url, "reasons": _names(follows)}
    subject = _("[Forum] %(title)s") if post.is_question else _("Re: [Forum] %(title)s")
    root = f"<forum-{topic.pk}@{here.mail_domain}>"
    return EmailMessage(
        subject % {"title": topic.title},
        render_to_string("forum/mail/answer.txt", context),
        here.sender,
        [reader.login],
        reply_to=[sealed_address("forum", here, f"{topic.pk}.{reader.pk}")],
        headers={
            "Message-ID": f"<forum-{topic.pk}-{post.pk}-{reader.pk}@{here.mail_domain}>",
            "In-Reply-To": root,
            "References": root,
            "List-Id": f"<{topic.section_id}.forum.{here.mail_domain}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "list",
            "Auto-Submitted": "auto-generated",
        },
    )


def _names(follows: list[Follow]) -> str:
    return ", ".join(follow.section.name if follow.section else follow.tag for follow in follows)


def refusal_message(reader: Account, topic: Topic | None, *, reason: str, answers: str, digest: str) -> EmailMessage:
    """Why their answer, ``digest``, was not published. No program answers it, and a second copy would carry the same Message-ID."""
    here = reader.person.organisation
    url = here.base_url + (reverse("forum:topic", args=[topic.pk]) if topic else reverse("forum:home"))
    headers = {
        "Message-ID": f"<forum-refusal-{digest}@{here.mail_domain}>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        LOOP: here.mail_domain,
    }
    if answers:
        headers |= {"In-Reply-To": f"<{answers}>", "References": f"<{answers}>"}
    context = {"topic": topic, "reason": reason, "url": url}
    return EmailMessage(
        _("Forum : votre réponse n'est pas publiée"),
        render_to_string("forum/mail/refusal.txt", context),
        here.sender,
        [reader.login],
        headers=headers,
    )

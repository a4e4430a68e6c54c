"""Mail of the forum: one conversation a topic, answerable, left with one click (RFC 8058)."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.core.mail import EmailMessage, send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account
from ecritoire.mailflow.letterbox import sealed_address

from .mentions import called_by
from .models import Member, Post, Subscription
from .selectors import member_of, topics_for

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)
SALT = "forum.unsubscribe"


def unsubscribe_token(topic_id: int, account_id: int) -> str:
    return signing.dumps([topic_id, account_id], salt=SALT)


@app.task(name="forum.notify", retry=RETRY)
def notify(*, post_id: int) -> None:
    """Who follows the topic or is called by name; one job a reader, so that a refused address holds nobody else up."""
    rows = Post.objects.filter(pk=post_id, is_hidden=False).select_related("topic__section__organisation")
    post = rows.first()
    if post is None:
        return
    followers = post.topic.subscriptions.exclude(account=post.author_id).values_list("account_id", flat=True)
    for pk in sorted({*followers, *called_by(post).values_list("pk", flat=True)}):
        send_answer.defer(post_id=post_id, account_id=pk)


@app.task(name="forum.send_answer", retry=RETRY)
def send_answer(*, post_id: int, account_id: int) -> None:
    """Unless the reader wants none, or may no longer read it."""
    post = Post.objects.select_related("topic__section__organisation", "author__person").filter(pk=post_id).first()
    reader = Account.objects.select_related("person").filter(pk=account_id).first()
    if post is None or reader is None or post.is_hidden or not reader.is_activated:
        return
    if member_of(reader).notify == Member.Notify.AT_ONCE and topics_for(reader).filter(pk=post.topic_id).exists():
        answer_message(post, reader).send()


def answer_message(post: Post, reader: Account) -> EmailMessage:
    topic, here = post.topic, post.topic.section.organisation
    leave = here.base_url + reverse("forum:unsubscribe", args=[unsubscribe_token(topic.pk, reader.pk)])
    root = f"<forum-{topic.pk}@{here.mail_domain}>"
    context = {
        "post": post,
        "topic": topic,
        "leave": leave,
        "url": here.base_url + reverse("forum:topic", args=[topic.pk]),
    }
    return EmailMessage(
        _("Re: [Forum] %(title)s") % {"title": topic.title},
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


@app.periodic(cron="15 6 * * *")
@app.task(name="forum.send_digests", queueing_lock="forum-digests", retry=RETRY)
def send_digests(timestamp: int) -> None:
    daily = Member.objects.filter(notify=Member.Notify.DAILY).values_list("account_id", flat=True)
    news = Subscription.objects.filter(account__in=daily, topic__last_post_at__gt=F("told_at"))
    for pk in news.values_list("account_id", flat=True).distinct():
        send_digest.defer(account_id=pk)


@app.task(name="forum.send_digest", retry=RETRY)
def send_digest(*, account_id: int) -> None:
    """What was answered since the last summary; sent again only for what came after."""
    reader = Account.objects.select_related("person__organisation").get(pk=account_id)
    now = timezone.now()
    rows = Subscription.objects.filter(
        account=reader, topic__in=topics_for(reader), topic__last_post_at__gt=F("told_at")
    )
    topics = [row.topic for row in rows.select_related("topic") if _has_news(row, now)]
    here = reader.person.organisation
    if topics and reader.is_activated:
        listed = [(topic.title, here.base_url + reverse("forum:topic", args=[topic.pk])) for topic in topics]
        body = render_to_string("forum/mail/digest.txt", {"topics": listed, "base_url": here.base_url})
        send_mail(_("Forum : ce que l'on vous a répondu"), body, here.sender, [reader.login])
    Subscription.objects.filter(account=reader, topic__last_post_at__lte=now).update(told_at=now)


def _has_news(row: Subscription, until: dt.datetime) -> bool:
    said = row.topic.posts.filter(created_at__gt=row.told_at, created_at__lte=until, is_hidden=False)
    return said.exclude(author=row.account_id).exists()

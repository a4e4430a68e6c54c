"""What the forum tells, by jobs: on the pages, by mail at once or once a day."""

from __future__ import annotations

import datetime as dt

from django.core.mail import send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from ecritoire.accounts.models import Account

from .mentions import called_by
from .messages import answer_message, refusal_message
from .models import Follow, Member, Post, Subscription
from .selectors import member_of, topics_for
from .selectors_following import follows_to, topics_new_to

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)
DIGEST = 50


@app.task(name="forum.notify", retry=RETRY)
def notify(*, post_id: int) -> None:
    """Who follows the topic, is called by name or, for a new one, follows its section or a tag: each once, however many of these
    they are. One job a reader, so that a refused address holds nobody else up."""
    from .services import notices_give

    rows = Post.objects.filter(pk=post_id, is_hidden=False).select_related("topic__section__organisation")
    post = rows.first()
    if post is None:
        return
    told = set(post.topic.subscriptions.values_list("account_id", flat=True))
    told |= set(called_by(post).values_list("pk", flat=True))
    if post.is_question:
        told |= set(follows_to(post.topic).values_list("account_id", flat=True))
    told -= {post.author_id}
    notices_give(topic=post.topic, accounts=sorted(told))
    later = Member.objects.filter(account__in=told).exclude(notify=Member.Notify.AT_ONCE)
    told -= set(later.values_list("account_id", flat=True))
    if told:
        jobs: list[JSONDict] = [{"post_id": post_id, "account_id": pk} for pk in sorted(told)]
        send_answer.batch_defer(*jobs)


@app.task(name="forum.send_answer", retry=RETRY)
def send_answer(*, post_id: int, account_id: int) -> None:
    """Unless the reader wants none, or may no longer read it."""
    post = Post.objects.select_related("topic__section__organisation", "author__person").filter(pk=post_id).first()
    reader = Account.objects.select_related("person").filter(pk=account_id).first()
    if post is None or reader is None or post.is_hidden or not reader.is_activated:
        return
    if member_of(reader).notify == Member.Notify.AT_ONCE and topics_for(reader).filter(pk=post.topic_id).exists():
        answer_message(post, reader).send()


@app.task(name="forum.send_refusal", retry=RETRY)
def send_refusal(*, account_id: int, topic_id: int, reason: str, answers: str, digest: str) -> None:
    reader = Account.objects.select_related("person__organisation").get(pk=account_id)
    topic = topics_for(reader).filter(pk=topic_id).first()
    refusal_message(reader, topic, reason=reason, answers=answers, digest=digest).send()


@app.periodic(cron="15 6 * * *")
@app.task(name="forum.send_digests", queueing_lock="forum-digests", retry=RETRY)
def send_digests(timestamp: int) -> None:
    """To those who want one a day and follow something; who has nothing new gets none."""
    daily = Member.objects.filter(notify=Member.Notify.DAILY).values_list("account_id", flat=True)
    news = Subscription.objects.filter(account__in=daily, topic__last_post_at__gt=F("told_at"))
    follows = Follow.objects.filter(account__in=daily)
    for pk in sorted({*news.values_list("account_id", flat=True), *follows.values_list("account_id", flat=True)}):
        send_digest.defer(account_id=pk)


@app.task(name="forum.send_digest", retry=RETRY)
def send_digest(*, account_id: int) -> None:
    """What was asked and answered since the last summary; sent again only for what came after."""
    reader = Account.objects.select_related("person__organisation").get(pk=account_id)
    now = timezone.now()
    rows = Subscription.objects.filter(
        account=reader, topic__in=topics_for(reader), topic__last_post_at__gt=F("told_at")
    )
    answered = [row.topic for row in rows.select_related("topic") if _has_news(row, now)]
    asked = list(topics_new_to(reader, now).exclude(pk__in=[topic.pk for topic in answered])[:DIGEST])
    here = reader.person.organisation
    if (answered or asked) and reader.is_activated:
        context = {"answered": answered, "asked": asked, "base_url": here.base_url}
        body = render_to_string("forum/mail/digest.txt", context)
        send_mail(_("Forum : votre résumé du jour"), body, here.sender, [reader.login])
    Subscription.objects.filter(account=reader, topic__last_post_at__lte=now).update(told_at=now)
    Follow.objects.filter(account=reader).update(told_at=now)


def _has_news(row: Subscription, until: dt.datetime) -> bool:
    said = row.topic.posts.filter(created_at__gt=row.told_at, created_at__lte=until, is_hidden=False)
    return said.exclude(author=row.account_id).exists()


@app.periodic(cron="50 3 * * *")
@app.task(name="forum.tidy", queueing_lock="forum-tidy", retry=RETRY)
def tidy(timestamp: int) -> None:
    """Notices nobody opened, words of no title any more."""
    from .search import words_forget
    from .services import notices_purge

    notices_purge()
    words_forget()

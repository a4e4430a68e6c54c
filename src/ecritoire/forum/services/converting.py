"""A topic becomes a frequent question, or a request to support."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.forum.models import Topic
from ecritoire.forum.selectors import is_moderator
from ecritoire.knowledge.models import Article, ArticleVersion
from ecritoire.knowledge.services import article_create
from ecritoire.knowledge.services.articles import Text
from ecritoire.support.models import Ticket
from ecritoire.support.services import ticket_open

from .members import ForumRefused


def topic_to_article(*, topic: Topic, acting_user: Account) -> ArticleVersion:
    """The draft of a frequent question, with the accepted answer; no name goes with it."""
    if topic.article_id:
        raise ForumRefused(_("Une question fréquente existe déjà pour ce sujet."))
    answer = topic.accepted.text if topic.accepted else ""
    with transaction.atomic():
        version = article_create(
            kind=Article.Kind.FAQ,
            topic="help",
            text=Text(title=topic.title, body=answer, keywords=" ; ".join(topic.tags)),
            is_public=False,
            organisation=topic.section.organisation,
            acting_user=acting_user,
        )
        topic.article = version.article
        topic.save(update_fields=["article", "updated_at"])
    return version


def ticket_from_topic(*, topic: Topic, acting_user: Account) -> Ticket:
    """A request in the name of who asked: by themselves or by a moderator."""
    if topic.ticket_id:
        raise ForumRefused(_("Une demande existe déjà pour ce sujet."))
    if topic.author is None or (topic.author_id != acting_user.pk and not is_moderator(acting_user)):
        raise ForumRefused(_("Seul l'auteur du sujet ou un modérateur peut en faire une demande."))
    question = topic.posts.filter(is_question=True).first()
    with transaction.atomic():
        topic.ticket = ticket_open(
            kind=Ticket.Kind.OTHER,
            subject=topic.title,
            text=question.text if question else topic.title,
            account=topic.author,
            opened_by=acting_user,
            channel=Ticket.Channel.FORUM,
        )
        topic.save(update_fields=["ticket", "updated_at"])
        audit_record(
            acting_user=acting_user,
            action="forum.ticket",
            target=topic.author.login,
            topic=topic.pk,
            number=topic.ticket.number,
        )
    return topic.ticket

"""Answers by mail, to the address each notification carries: it names the topic and whom it was sent to."""

from __future__ import annotations

import logging

from ecritoire.accounts.models import Account
from ecritoire.mailflow.letterbox import Letter
from ecritoire.mailflow.reading import best_text, sender_address, trimmed

from .detector import found_in
from .selectors import topics_for
from .services import ForumRefused, answer_write

BOX = "forum"
logger = logging.getLogger(__name__)


def letter_take(letter: Letter) -> None:
    """Automatic mail and mail whose author is not sure say nothing. What would need a confirmation is not published either."""
    topic_pk, _dot, account_pk = letter.reference.partition(".")
    if letter.is_automatic or not letter.is_authentic or not (topic_pk.isdecimal() and account_pk.isdecimal()):
        return
    author = Account.objects.select_related("person").filter(pk=int(account_pk)).first()
    if author is None or not author.is_activated or not _is_from(letter, author):
        return
    topic = topics_for(author).filter(pk=int(topic_pk)).first()
    text = trimmed(best_text(letter.message))[:10_000].strip()
    if topic is None or not text or found_in(text):
        logger.info("a mail to the forum was not published: topic %s", topic_pk)
        return
    try:
        answer_write(topic=topic, author=author, text=text)
    except ForumRefused:
        logger.info("a mail to the forum was refused: topic %s", topic_pk)


def _is_from(letter: Letter, author: Account) -> bool:
    """From one of the author's addresses, in their académie."""
    same = author.person.organisation_id == letter.organisation.pk
    return same and author.writes_from(sender_address(letter.message).lower())

"""Answers by mail, to the address each notification carries: it names the topic and whom it was sent to."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.accounts.services.limits import count
from ecritoire.mailflow.letterbox import Letter
from ecritoire.mailflow.reading import best_text, message_id, sender_address, trimmed

from . import tasks
from .detector import found_in
from .forms import LONGEST, names_of
from .models import Topic
from .selectors import topics_for
from .services import ForumRefused, answer_write

BOX = "forum"
DAY = 86_400
REFUSALS_DAILY = 10


def letter_take(letter: Letter) -> None:
    """Automatic mail and mail whose author is not sure say nothing, and nothing is said to them. Anybody else whose answer is
    not published is told why, once."""
    topic_pk, _dot, account_pk = letter.reference.partition(".")
    if letter.is_automatic or not letter.is_authentic or not (topic_pk.isdecimal() and account_pk.isdecimal()):
        return
    author = Account.objects.select_related("person").filter(pk=int(account_pk)).first()
    if author is None or not author.is_activated or not _is_from(letter, author):
        return
    try:
        _publish(letter, author, topics_for(author).filter(pk=int(topic_pk)).first())
    except ForumRefused as error:
        if count(f"forum:refusals:{author.pk}", DAY) <= REFUSALS_DAILY:
            tasks.send_refusal.defer(
                account_id=author.pk,
                topic_id=int(topic_pk),
                reason=str(error),
                answers=message_id(letter.message),
                digest=hashlib.sha256(letter.content).hexdigest()[:32],
            )


def _publish(letter: Letter, author: Account, topic: Topic | None) -> None:
    """What the page would ask to confirm cannot be confirmed by mail. Raises ForumRefused."""
    if topic is None:
        raise ForumRefused(_("Ce sujet n'est plus sur le forum, ou ne vous est plus ouvert."))
    text = trimmed(best_text(letter.message)).strip()
    if not text:
        raise ForumRefused(_("Votre message est vide."))
    if len(text) > LONGEST:
        raise ForumRefused(_("Votre message dépasse %(count)s caractères.") % {"count": LONGEST})
    if found := found_in(text):
        raise ForumRefused(_("Votre message semble contenir %(what)s.") % {"what": names_of(found)})
    answer_write(topic=topic, author=author, text=text)


def _is_from(letter: Letter, author: Account) -> bool:
    """From one of the author's addresses, in their académie."""
    same = author.person.organisation_id == letter.organisation.pk
    return same and author.writes_from(sender_address(letter.message).lower())

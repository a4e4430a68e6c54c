"""Who may write, and how often."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.forum.models import Member, Post
from ecritoire.forum.selectors import CONDUCT_VERSION, member_of

HOUR = dt.timedelta(hours=1)
NEW_POSTS = 5
NEW_HOURLY, HOURLY = 3, 30


class ForumRefused(Exception):
    """Said to the person as it is."""


def conduct_accept(*, account: Account) -> None:
    Member.objects.update_or_create(account=account, defaults={"conduct_version": CONDUCT_VERSION})


def member_set(*, account: Account, notify: Member.Notify, shows_function: bool) -> None:
    values = {"notify": notify, "shows_function": shows_function}
    Member.objects.update_or_create(account=account, defaults=values)


def check_may_write(author: Account) -> None:
    """Accepted the code of conduct, not suspended, not too often: the first messages come slowly."""
    member = member_of(author)
    if member.conduct_version < CONDUCT_VERSION:
        raise ForumRefused(_("Acceptez d'abord la charte du forum."))
    if member.is_suspended:
        raise ForumRefused(_("Les modérateurs ont suspendu votre droit d'écrire ici."))
    posts = Post.objects.filter(author=author)
    limit = HOURLY if posts[:NEW_POSTS].count() >= NEW_POSTS else NEW_HOURLY
    if posts.filter(created_at__gt=timezone.now() - HOUR).count() >= limit:
        raise ForumRefused(_("Trop de messages en une heure : réessayez un peu plus tard."))

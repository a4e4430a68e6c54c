"""The forum with 200,000 posts: made within a transaction, measured beside the bare SQL, undone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.forum import search
from ecritoire.forum.models import Member, Post, Section, Topic
from ecritoire.forum.selectors import CONDUCT_VERSION
from launcher.site import Site

from .common import in_turn, person, show

TOPICS, POSTS, LONG, BATCH, ROUNDS = 40_000, 200_000, 300, 5_000, 15
NOUNS = [
    "signature",
    "dossier",
    "filtre",
    "téléphone",
    "calendrier",
    "mot_de_passe",
    "alias",
    "archive",
    "brouillon",
    "recherche",
    "partage",
    "boîte",
]
VERBS = [
    "ranger",
    "retrouver",
    "configurer",
    "activer",
    "supprimer",
    "renommer",
    "transférer",
    "imprimer",
    "protéger",
    "déplacer",
]
AIM = "within 250 ms"
LIST = """SELECT id, title FROM forum_topic WHERE section_id IN (SELECT id FROM forum_section WHERE organisation_id = %s)
AND NOT is_hidden ORDER BY is_pinned DESC, last_post_at DESC, id DESC LIMIT 20"""
SEARCH = """SELECT id FROM forum_topic WHERE search @@ (to_tsquery('french', 'signature') && to_tsquery('french', 'archive'))
ORDER BY ts_rank(search, to_tsquery('french', 'signature')) DESC LIMIT 20"""
ALIKE = """SELECT id FROM forum_topic WHERE search_text LIKE '%%' || (
SELECT text FROM forum_word WHERE text %% 'signatrue' ORDER BY similarity(text, 'signatrue') DESC LIMIT 1
) || '%%' ORDER BY last_post_at DESC, id DESC LIMIT 20"""
READ = "SELECT id, text FROM forum_post WHERE topic_id = %s ORDER BY created_at LIMIT 20"


def run(site: Site) -> None:
    reader = Account.objects.select_related("person__organisation").get(login=person(site, "Manon")["sign_in"])
    with transaction.atomic():
        long = _fill(reader)
        _measure(reader, long)
        transaction.set_rollback(True)


def _fill(author: Account) -> Topic:
    """One topic of ``LONG`` answers, the other posts spread by chance."""
    chance, now, here = random.Random(1), timezone.now(), author.person.organisation
    section = Section.objects.create(organisation=here, name="Mesure")
    Member.objects.update_or_create(account=author, defaults={"conduct_version": CONDUCT_VERSION})
    topics = [
        Topic(
            section=section,
            author=author,
            title=f"{chance.choice(VERBS)} {chance.choice(NOUNS)} {rank}".replace("_", " "),
            tags=[chance.choice(NOUNS)],
            last_post_at=now - dt.timedelta(minutes=rank),
        )
        for rank in range(TOPICS)
    ]
    Topic.objects.bulk_create(topics, batch_size=BATCH)
    places = [topics[0]] * LONG + chance.choices(topics, k=POSTS - TOPICS - LONG)
    posts = [Post(topic=topic, author=author, text=_text(chance), is_question=True) for topic in topics]
    posts += [Post(topic=topic, author=author, text=_text(chance)) for topic in places]
    Post.objects.bulk_create(posts, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE forum_topic t SET search_text = lower(title), search = setweight(to_tsvector('french', title), 'A')"
            " || setweight(to_tsvector('french', p.said), 'D'), answers_count = p.total - 1"
            " FROM (SELECT topic_id, string_agg(text, ' ') said, count(*) total FROM forum_post GROUP BY topic_id) p"
            " WHERE p.topic_id = t.id AND t.section_id = %s",
            [section.pk],
        )
        cursor.execute(
            "INSERT INTO forum_word (text, created_at, updated_at) SELECT DISTINCT found.word[1], now(), now()"
            " FROM forum_topic, regexp_matches(search_text, '\\m[a-z][a-z0-9]{2,39}\\M', 'g') found(word) ON CONFLICT DO NOTHING"
        )
        cursor.execute("ANALYZE forum_topic, forum_post, forum_word")
    search.index(topics[0])
    return topics[0]


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(NOUNS + VERBS, k=25)).replace("_", " ")


def _measure(reader: Account, long: Topic) -> None:
    browser = Client(HTTP_HOST="localhost", HTTP_X_REAL_IP="127.0.0.1")
    browser.force_login(reader)
    here = reader.organisation_id
    parts: dict[str, tuple[str, Callable[[], object]]] = {
        "the list of topics": ("/forum/", lambda: _sql(LIST, [here])),
        "a search": ("/forum/?q=signature+archive", lambda: _sql(SEARCH, [])),
        "a search with a typing error": ("/forum/?q=signatrue", lambda: _sql(ALIKE, [])),
        "a topic of 300 answers": (f"/forum/sujets/{long.pk}/", lambda: _sql(READ, [long.pk])),
    }
    for name, (url, control) in parts.items():
        show(f"forum: {name}", *in_turn(lambda url=url: _open(browser, url), control, ROUNDS), "ms", AIM)  # type: ignore[misc]


def _open(browser: Client, url: str) -> None:
    answer = browser.get(url, secure=True)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answers {answer.status_code}")


def _sql(query: str, values: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        cursor.fetchall()

"""The files of films, kept by what they hold, and the versions of articles that show them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.films.container import media_of
from ecritoire.knowledge.models import Article, ArticleVersion, Film

from .articles import Text, article_create, article_place, version_save

CHUNK = 1024 * 1024
UNUSED_FOR = 24 * 3600  # an upload under way has no row yet
FOR_NGINX = 0o640


@dataclass(frozen=True)
class Reel:
    """Everything of a film but its version."""

    digest: str
    media_type: str
    size: int
    milliseconds: int
    width: int
    height: int
    poster: str = ""
    poster_type: str = ""
    captions_fr: str = ""
    captions_en: str = ""
    transcript_en: str = ""


def folder() -> Path:
    return Path(settings.FILMS_DIR)


def reel_keep(file: BinaryIO) -> Reel:
    """Store a film that is accepted. Raises FilmRefused, and then nothing is kept."""
    media = media_of(file)
    digest, size = file_keep(file)
    return Reel(digest=digest, size=size, **asdict(media))


def file_keep(file: BinaryIO) -> tuple[str, int]:
    """Written beside, then named by its digest: it is whole or not there. The same content is kept once."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    beside = folder() / f"{secrets.token_hex(8)}.part"
    try:
        with beside.open("xb") as target:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        beside.chmod(FOR_NGINX)
        beside.replace(folder() / digest.hexdigest())
    finally:
        beside.unlink(missing_ok=True)
    return digest.hexdigest(), size


def reel_of(version: ArticleVersion) -> Reel | None:
    film = Film.objects.filter(version=version).first()
    return Reel(**{name: getattr(film, name) for name in Reel.__dataclass_fields__}) if film else None


def video_create(
    *,
    topic: str,
    text: Text,
    reel: Reel,
    is_public: bool,
    organisation: Organisation | None,
    acting_user: Actor | None,
    review_by: dt.date | None = None,
) -> ArticleVersion:
    """A new video and the draft of its first version."""
    with transaction.atomic():
        version = article_create(
            kind=Article.Kind.VIDEO,
            topic=topic,
            text=text,
            is_public=is_public,
            organisation=organisation,
            acting_user=acting_user,
            review_by=review_by,
        )
        _attach(version, reel)
    return version


def video_save(*, article: Article, text: Text, reel: Reel, acting_user: Actor | None) -> ArticleVersion:
    """The open version takes the text and the film; without one a new version begins. What is on line does not change."""
    with transaction.atomic():
        version = version_save(article=article, text=text, acting_user=acting_user)
        _attach(version, reel)
        if acting_user:
            audit_record(acting_user=acting_user, action="article.film", target=str(version), digest=reel.digest[:12])
    return version


def video_change(*, article: Article, text: Text, reel: Reel, acting_user: Actor, **place: Any) -> ArticleVersion:
    """What its form says: ``place`` is that of ``article_place``, and a draft takes the text and the film."""
    with transaction.atomic():
        article_place(article=article, kind=Article.Kind.VIDEO, acting_user=acting_user, **place)
        return video_save(article=article, text=text, reel=reel, acting_user=acting_user)


def _attach(version: ArticleVersion, reel: Reel) -> None:
    Film.objects.update_or_create(version=version, defaults=asdict(reel))


def with_poster(reel: Reel, file: BinaryIO, media_type: str) -> Reel:
    return replace(reel, poster=file_keep(file)[0], poster_type=media_type)


def films_sweep() -> int:
    """Remove the files no version shows any more; returns how many."""
    used = {name for pair in Film.objects.values_list("digest", "poster") for name in pair}
    old, done = time.time() - UNUSED_FOR, 0
    for path in folder().iterdir():
        if path.name not in used and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            done += 1
    return done

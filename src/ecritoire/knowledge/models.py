"""Articles and their versions, the paths of questions that lead to them, and what readers say."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Topic(models.TextChoices):
    ACTIVATION = "activation", _("Arriver et activer son compte")
    PASSWORD = "password", _("Mot de passe et accès perdus")
    FACTOR = "factor", _("Double authentification")
    PHONE = "phone", _("Téléphones et logiciels")
    WEBMAIL = "webmail", _("Lire et écrire")
    SECURITY = "security", _("Sécurité et soupçons")
    ENDING = "ending", _("Changer de poste, partir")
    HELP = "help", _("Obtenir de l'aide")


class Article(BaseModel):
    """Something to read. ``live`` is the version readers see; without one nobody but its writers does.

    ``organisation`` None = for every académie. ``shipped_digest`` is that of the content delivered with the software: an
    upgrade renews what nobody has rewritten. ``search`` and ``search_text`` follow the live version.
    """

    class Kind(models.TextChoices):
        GUIDE = "guide", _("guide pas à pas")
        FAQ = "faq", _("question fréquente")
        USE_CASE = "use_case", _("cas d'usage")
        NEWS = "news", _("actualité")
        RELEASE = "release", _("nouveautés du service")
        VIDEO = "video", _("vidéo")
        GRAPHIC = "graphic", _("infographie")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.CharField(max_length=10, choices=Topic)
    is_public = models.BooleanField(default=False, help_text="read without signing in")
    review_by = models.DateField(null=True, blank=True, help_text="the day from which its writers are reminded of it")
    live = models.OneToOneField(
        "ArticleVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="live_in"
    )
    live_since = models.DateTimeField(null=True, blank=True)
    related = models.ManyToManyField("self", blank=True)
    shipped_digest = models.CharField(max_length=64, blank=True)
    search = SearchVectorField(null=True)
    search_text = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="article_search"),
            models.Index(fields=["kind", "-live_since"]),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_due_for_review(self) -> bool:
        return self.review_by is not None and self.review_by <= timezone.localdate()


class ArticleVersion(BaseModel):
    """One state of an article's text. Published ones are never changed: a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        REVIEW = "review", _("à relire")
        SCHEDULED = "scheduled", _("programmée")
        PUBLISHED = "published", _("publiée")
        REFUSED = "refused", _("à reprendre")

    OPEN = (State.DRAFT, State.REVIEW, State.SCHEDULED, State.REFUSED)

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300, blank=True)
    keywords = models.CharField(max_length=400, blank=True, help_text="other ways of asking for it")
    body = models.TextField()
    author_login = models.CharField(max_length=254)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=254, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="what the reviewer said")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.article}: {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Film(BaseModel):
    """What a version of a video shows; what is said in it (its transcript) is the version's own text.

    ``digest`` and ``poster`` name files (``services/films.py``); two versions may share one. Captions are WebVTT.
    """

    class MediaType(models.TextChoices):
        WEBM = "video/webm", "WebM"
        MP4 = "video/mp4", "MP4"

    version = models.OneToOneField(ArticleVersion, on_delete=models.CASCADE, related_name="film")
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=10, choices=MediaType)
    size = models.PositiveBigIntegerField()
    milliseconds = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    poster = models.CharField(max_length=64, blank=True)
    poster_type = models.CharField(max_length=10, blank=True)
    captions_fr = models.TextField()
    captions_en = models.TextField(blank=True)
    transcript_en = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.version)

    @property
    def length(self) -> str:
        """Minutes and seconds, as a player shows them."""
        minutes, seconds = divmod(self.milliseconds // 1000, 60)
        return f"{minutes}:{seconds:02}"


class Opinion(BaseModel):
    """Whether an article helped, once a person; ``text`` is what was missing."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="opinions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    helped = models.BooleanField()
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "account"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.article}: {self.helped}"


class Crossroad(BaseModel):
    """A question of the interactive FAQ; each of its choices leads on, to an article, or to a page.

    ``organisation`` None = for every académie; one with the same slug of one's own académie comes before it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, blank=True)
    slug = models.SlugField(max_length=80)
    question = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="crossroad_slug", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.slug


class Choice(BaseModel):
    """``page`` is the name of one of the service's own pages, ``namespace:name``. Exactly one of the three is set."""

    crossroad = models.ForeignKey(Crossroad, on_delete=models.CASCADE, related_name="choices")
    order = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=160)
    to_crossroad = models.ForeignKey(
        Crossroad, on_delete=models.PROTECT, null=True, blank=True, related_name="from_choices"
    )
    to_article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True)
    page = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="choice_leads_to_one",
                condition=models.Q(to_crossroad__isnull=False, to_article__isnull=True, page="")
                | models.Q(to_crossroad__isnull=True, to_article__isnull=False, page="")
                | (models.Q(to_crossroad__isnull=True, to_article__isnull=True) & ~models.Q(page="")),
            )
        ]

    def __str__(self) -> str:
        return self.label


class AskedQuery(BaseModel):
    """What people typed into the search, counted by day and without their name. ``opened``: how often a result was read."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    text = models.CharField(max_length=120)
    asked_on = models.DateField()
    count = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "text", "asked_on"], name="query_a_day")
        ]

    def __str__(self) -> str:
        return self.text


class Proposal(BaseModel):
    """A question that people ask and nothing answers, found by the daily job; a writer makes an article of it, or not."""

    class State(models.TextChoices):
        OPEN = "open", _("proposée")
        TAKEN = "taken", _("reprise")
        DISMISSED = "dismissed", _("écartée")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    question = models.CharField(max_length=160)
    asked = models.PositiveIntegerField(help_text="how often in the last thirty days")
    examples = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True)

    def __str__(self) -> str:
        return self.question

"""What a writer sends for a video. Each file is read here, so that a refusal names its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .films.captions import CaptionsRefused, captions_of
from .films.container import LONGEST_MINUTES, FilmRefused, media_of
from .films.pictures import PosterRefused, poster_type
from .forms import ArticleForm
from .services.films import Reel, reel_keep, with_poster

MOST_CAPTIONS = 256 * 1024


class FilmForm(ArticleForm):
    """A new video (``now`` None), or a new version of one: files that are left out stay as they are."""

    film = forms.FileField(
        label=_("Vidéo"),
        help_text=_("WebM (VP8, VP9, AV1) ou MP4 (H.264), trente minutes au plus."),
        widget=forms.FileInput(attrs={"accept": "video/webm,video/mp4"}),
    )
    poster = forms.FileField(
        label=_("Affiche"),
        required=False,
        help_text=_("L'image montrée avant la lecture : PNG, JPEG ou WebP, 1 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    captions_fr = forms.FileField(
        label=_("Sous-titres en français"),
        help_text=_("Un fichier WebVTT. Sans eux, la vidéo n'est pas accessible à tous."),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    captions_en = forms.FileField(
        label=_("Sous-titres en anglais"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    transcript_en = forms.CharField(
        label=_("Transcription en anglais"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    field_order = (
        "title",
        "film",
        "poster",
        "captions_fr",
        "captions_en",
        "topic",
        "summary",
        "keywords",
        "body",
        "transcript_en",
    )

    def __init__(self, *args: Any, now: Reel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        del self.fields["kind"]
        self.fields["body"].label = _("Transcription")
        self.fields["film"].widget.attrs["data-most"] = settings.FILM_MAX_BYTES
        for name in ("film", "captions_fr"):
            self.fields[name].required = now is None

    def clean_film(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["film"]
        if file is None:
            return None
        if (file.size or 0) > settings.FILM_MAX_BYTES:
            words = gettext("Cette vidéo est trop grande : %(size)s, pour %(most)s au plus.")
            sizes = {"size": filesizeformat(file.size or 0), "most": filesizeformat(settings.FILM_MAX_BYTES)}
            raise forms.ValidationError(words % sizes)
        try:
            self.read = media_of(cast(BinaryIO, file.file))
        except FilmRefused as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def clean_poster(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["poster"]
        if file is not None:
            try:
                self.poster_type = poster_type(file.read())
            except PosterRefused as error:
                raise forms.ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        """Captions last: they are checked against the length of the film."""
        data = super().clean() or self.cleaned_data
        media = getattr(self, "read", None) or self.now
        length = media.milliseconds if media else LONGEST_MINUTES * 60_000
        for name in ("captions_fr", "captions_en"):
            file = data.get(name)
            if file is not None:
                data[name] = self._captions(name, file, length)
        return data

    def _captions(self, name: str, file: UploadedFile[Any], milliseconds: int) -> str:
        try:
            if (file.size or 0) > MOST_CAPTIONS:
                raise CaptionsRefused(gettext("Ce fichier est trop grand pour des sous-titres."))
            return captions_of(file.read(), milliseconds)
        except CaptionsRefused as error:
            self.add_error(name, str(error))
            return ""

    def reel(self) -> Reel:
        """Of a valid form: what was sent is kept, what was not stays."""
        data = self.cleaned_data
        reel = reel_keep(data["film"].file) if data["film"] else self.now
        if reel is None:
            raise ValueError("a form without a film is not valid")
        if self.now:
            stays = ("poster", "poster_type", "captions_fr", "captions_en")
            reel = replace(reel, **{name: getattr(self.now, name) for name in stays})
        if data["poster"]:
            reel = with_poster(reel, data["poster"].file, self.poster_type)
        sent = {name: data[name] for name in ("captions_fr", "captions_en") if data[name]}
        return replace(reel, transcript_en=data["transcript_en"], **sent)

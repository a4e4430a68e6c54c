"""Static files under hashed names, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """Hashes our own files; the official design system keeps its own names."""

    manifest_strict = False
    keep_intermediate_files = False

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        ours = {name: path for name, path in paths.items() if not name.startswith("dsfr/")}
        yield from super().post_process(ours, dry_run=dry_run, **options)

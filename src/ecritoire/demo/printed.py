"""The list of people one may sign in as, kept beside the demonstration's data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings


def people_file() -> Path:
    return Path(settings.CONFIG.data_dir / "demo" / "people.json")


def people_print(entries: list[dict[str, Any]]) -> None:
    fresh = people_file().with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(entries, ensure_ascii=False, indent=1))
    fresh.rename(people_file())


def people_add(entries: list[dict[str, Any]]) -> None:
    """After those that are there."""
    if entries:
        people_print([*json.loads(people_file().read_text()), *entries])

"""The interface's translations, compiled where they are read (``.mo`` beside ``.po``; not in the repository)."""

from __future__ import annotations

import subprocess

from .config import PROJECT_ROOT
from .errors import LauncherError


def compile_translations() -> None:
    """Raises LauncherError with the file and line that msgfmt refuses."""
    for source in (PROJECT_ROOT / "src").rglob("*.po"):
        command = ["msgfmt", "--check", "--output-file", str(source.with_suffix(".mo")), str(source)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise LauncherError(f"a translation does not compile: {outcome.stderr.strip().splitlines()[0]}")

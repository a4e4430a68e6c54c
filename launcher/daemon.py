"""What a daemon is to the launcher: packages, folders, templates, programs, preparation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .site import Folder, Site


@dataclass(frozen=True)
class Program:
    """One process under the supervisor. ``priority`` orders starts, lowest first."""

    name: str
    command: tuple[str, ...]
    user: str
    priority: int = 50
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_as_group: bool = False
    runs_our_code: bool = False


@dataclass(frozen=True)
class Template:
    """``source`` beside the daemon's module, rendered to ``etc/<daemon>/<target>``; 0644 unless it holds a secret."""

    source: str
    target: str
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644


def no_folders(site: Site) -> list[Folder]:
    return []


def nothing(site: Site) -> None:
    return None


@dataclass(frozen=True)
class Daemon:
    name: str
    folder: Path
    programs: Callable[[Site], list[Program]]
    packages: tuple[str, ...] = ()
    folders: Callable[[Site], list[Folder]] = no_folders
    templates: tuple[Template, ...] = ()
    prepare: Callable[[Site], None] = nothing
    ready: Callable[[Site], bool] = lambda site: True
    wanted: Callable[[Site], bool] = lambda site: True


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

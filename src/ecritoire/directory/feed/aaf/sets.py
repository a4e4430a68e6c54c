"""The files of a set, by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from ecritoire.directory.feed.table import Fault, Unreadable

NAME = re.compile(
    r"ENT_(?:(?P<scope>[0-9A-Za-z-]+)_)?(?P<mode>Complet|Delta)(?:_(?P<date>\d{8}))?"
    r"_(?P<content>EtabEducNat|PersEducNat|Eleve|PersRelEleve)_(?P<part>\d{4})\.xml",
    re.ASCII,
)
STRUCTURES, STAFF = "EtabEducNat", "PersEducNat"


@dataclass
class Files:
    """What a folder holds. ``skipped`` are the files of pupils and relatives: never opened. ``scopes`` are what the names
    say the sets are of: a school's UAI, or an académie."""

    delta: bool = False
    structures: list[Path] = field(default_factory=list)
    staff: list[Path] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)


def files_in(directory: Path) -> Files:
    """The set, or the several sets, in ``directory``. Raises Unreadable when there is none, or complete and delta are mixed."""
    found, modes = Files(), set()
    for path in sorted(directory.glob("*.xml")):
        match = NAME.fullmatch(path.name)
        if match is None:
            found.faults.append(
                Fault(
                    0,
                    "",
                    path.name,
                    _(
                        "Ce nom n'est pas celui d'un fichier AAF : attendu ENT_<UAI>_Complet_<date>_PersEducNat_0000.xml."
                    ),
                    path.name,
                )
            )
            continue
        modes.add(match["mode"])
        found.scopes.add(match["scope"] or "")
        if match["content"] == STRUCTURES:
            found.structures.append(path)
        elif match["content"] == STAFF:
            found.staff.append(path)
        else:
            found.skipped.append(path.name)
    _check(found, modes, directory)
    found.delta = modes == {"Delta"}
    return found


def _check(found: Files, modes: set[str], directory: Path) -> None:
    if len(modes) > 1:
        raise Unreadable(
            _("Ce dossier mêle un complet et un delta : donnez-leur chacun un dossier."), 0, file=directory.name
        )
    if not found.structures and not found.staff:
        raise Unreadable(
            _("Aucun fichier AAF de structures (EtabEducNat) ni de personnels (PersEducNat) dans ce dossier."),
            0,
            file=directory.name,
        )

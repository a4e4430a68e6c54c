"""Structures: requests of EtabEducNat to records."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from ecritoire.directory import uai
from ecritoire.directory.addresses import fold
from ecritoire.directory.feed.record import StructureRecord

from .requests import Refuse, Request

NAME, NAME_LIMIT = "ENTStructureNomCourant", 160
UAI_ATTRIBUTES = ("ENTStructureUAI", "ENTEtablissementUAI")
# Whatever follows is for a school of several kinds: the first that fits, so "lycee professionnel" before "lycee".
KINDS = (
    ("vocational", re.compile(r"professionnel|\blp\b|\bsep\b|\berea\b")),
    ("high", re.compile(r"lycee|\blyc\b|\blgt?\b|\blpo\b|\blt\b")),
    ("middle", re.compile(r"college|\bclg\b|segpa")),
    ("primary", re.compile(r"ecole|\b1ord\b|maternelle|elementaire|primaire")),
)
ACADEMY_SUFFIX = re.compile(r"-ac-[\w'.-]+$", re.IGNORECASE)


def structure_record(request: Request, known: StructureRecord | None, refuse: Refuse) -> StructureRecord | None:
    """What the request says of a structure, over what is ``known`` of it; None when something was refused."""
    code = next((value.upper() for name in UAI_ATTRIBUTES if (value := request.first(name))), "")
    name = ACADEMY_SUFFIX.sub("", request.first(NAME)).strip()
    if known is not None:
        code, name = code or known.uai, name or known.name
    if not uai.is_valid(code):
        message = _("Un UAI compte sept chiffres et la lettre de contrôle qui leur répond.")
        refuse(request.line_of(UAI_ATTRIBUTES[0]), UAI_ATTRIBUTES[0], code, message)
        return None
    if not name or len(name) > NAME_LIMIT:
        message = _("Le nom de la structure manque, ou dépasse %(limit)s caractères.") % {"limit": NAME_LIMIT}
        refuse(request.line_of(NAME), NAME, name, message)
        return None
    said = request.first("ENTStructureTypeStruct")
    kind = known.kind if known and not said else kind_of(said, name)
    city = request.first("l")[:120] or (known.city if known else "")
    return StructureRecord(code, name, kind, city, request.line, request.identifier)


def kind_of(said: str, name: str) -> str:
    """The kind by the type, or by the name when no type is said; whatever is no school is a service."""
    text = fold(said or name)
    return next((kind for kind, pattern in KINDS if pattern.search(text)), "service")

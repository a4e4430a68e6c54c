"""Addresses from names: ``prenom.nom``, in the letters every mail system accepts."""

from __future__ import annotations

import re
import unicodedata

LOCAL_PART_LIMIT = 60  # RFC 5321 allows 64: four are left for a number
LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
)


def fold(text: str) -> str:
    """Lower case, without accents or ligatures; other signs stay."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(LIGATURES)


def slug(name: str) -> str:
    """One name: hyphens stay, spaces become hyphens, apostrophes vanish (d'Artagnan -> dartagnan)."""
    plain = re.sub(r"[^a-z0-9\s-]", "", re.sub(r"['’ʼ`.]", "", fold(name)))
    return re.sub(r"[\s-]+", "-", plain).strip("-")


def local_part(given_name: str, family_name: str) -> str:
    """``prenom.nom`` of at most 60 characters; ``agent`` stands for a name in no Latin letters at all."""
    parts = [part for part in (slug(given_name), slug(family_name)) if part]
    return ".".join(parts)[:LOCAL_PART_LIMIT].strip(".-") or "agent"


def numbered(base: str, rank: int) -> str:
    """Homonyms: the first has no number, the second has 2."""
    return base if rank == 1 else f"{base}{rank}"

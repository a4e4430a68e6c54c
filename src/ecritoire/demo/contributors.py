"""Outside contributors of the demonstration: one who is here, one who waits for a decision."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ecritoire.accounts.models import Account, ContributorRequest
from ecritoire.accounts.services.contributor_decisions import contributor_approve
from ecritoire.accounts.services.contributors import contributor_draft_save, contributor_submit
from ecritoire.directory.models import Structure
from launcher.site import PARTNER_DOMAIN

STAY = dt.timedelta(days=80)


def contributors_make(*, sponsor: Account, decider: Account) -> None:
    """``sponsor`` answers for a musician who is here, and asks for a trainer."""
    structure = sponsor.person.assignments.get().structure
    present = _ask(sponsor, structure, "Nora", "Vallin", "Conservatoire de Valmont", "arts", "La chorale du collège.")
    until = timezone.localdate() + dt.timedelta(days=25)
    contributor_approve(row=present, until=until, person=None, text="À renouveler si besoin.", acting_user=decider)
    _ask(sponsor, structure, "Samir", "Lahaye", "Les Petits Débrouillards", "association", "Un atelier scientifique.")


def _ask(
    sponsor: Account, structure: Structure, given_name: str, family_name: str, company: str, kind: str, reason: str
) -> ContributorRequest:
    today = timezone.localdate()
    values = {
        "given_name": given_name,
        "family_name": family_name,
        "birth_date": dt.date(1987, 3, 14),
        "private_email": f"sonde@{PARTNER_DOMAIN}",
        "company": company,
        "kind": kind,
        "structure": structure,
        "starts_on": today,
        "ends_on": today + STAY,
        "reason": reason,
    }
    row = contributor_draft_save(row=None, sponsor=sponsor, values=values)
    return contributor_submit(row=row, acting_user=sponsor)

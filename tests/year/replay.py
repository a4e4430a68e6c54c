"""A year replayed through the product, beside the oracle: same days, same files, same people at their keyboards."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import Account, AccountTransition, EndPolicy
from ecritoire.accounts.services.lifecycle import account_move, accounts_advance, purge_due
from ecritoire.accounts.services.purging import purge_begin, purge_emptied, purge_finish, purge_note
from ecritoire.directory.feed.mapping import ready_mapping
from ecritoire.directory.feed.year import Day, Expected, Feed, Oracle, Someone, Story, Telling
from ecritoire.directory.feed.year.oracle import DELAYS, FOREVER, RETENTIONS
from ecritoire.directory.models import Assignment, Contract, EmailAddress, FeedSource, Leave, SourceRecord
from ecritoire.directory.services import organisation_ensure, rights_roll
from ecritoire.directory.services.addresses import aliases_retire
from ecritoire.directory.services.arrivals import path_apply

PARIS = ZoneInfo("Europe/Paris")
NIGHT, MORNING, NOON = dt.time(2, 7), dt.time(6), dt.time(12)
FACTS = (
    *("state", "generation", "closes_on", "purge_on", "address", "aliases", "retired", "schools", "category", "names"),
    *("right", "is_dead", "leaves", "contracts", "steps"),
)


Purge = Callable[[Account], object]


def purge_without_store(account: Account) -> None:
    """The database's part, where no mailbox was made."""
    proof = purge_begin(account=account, rule=AccountTransition.Reason.RETENTION_OVER)
    purge_note(proof=proof, counts={"messages": 0}, digest="0" * 64)
    purge_emptied(proof=proof)
    purge_finish(proof=proof, acting_user=None)


class Replay:
    """``differences`` is what one saw and the other did not; ``runs`` what became of each feed."""

    def __init__(
        self, *, staff: int, seed: int, folder: Path, limit: int = 20, purge: Purge = purge_without_store
    ) -> None:
        self.organisation = organisation_ensure()
        for category, days in DELAYS.items():
            values = {"delay_days": days, "retention_days": RETENTIONS[category]}
            EndPolicy.objects.update_or_create(organisation=self.organisation, category=category, defaults=values)
        self._aaf = self._source("aaf", FeedSource.Kind.AAF, {"names": 1, "category": 9}, limit)
        self._hr = self._source("hr", FeedSource.Kind.CSV, {"names": 9, "category": 1}, limit)
        self.story = Story(staff=staff, seed=seed)
        self._telling = Telling(self.story, folder)
        self.oracle = Oracle(schools=self.story.schools, domain=self.organisation.mail_domain)
        self._purge_account = purge
        self.runs: dict[str, int] = defaultdict(int)

    def _source(self, slug: str, kind: FeedSource.Kind, precedence: dict[str, int], limit: int) -> FeedSource:
        return FeedSource.objects.create(
            organisation=self.organisation,
            name=slug,
            slug=f"year-{slug}",
            kind=kind,
            mapping=ready_mapping("renoirh-contrats") if kind == FeedSource.Kind.CSV else {},
            precedence=precedence,
            departures_limit=limit,
            address_changes_limit=limit,
        )

    def days(self) -> Iterator[Day]:
        """Each day once it is over, its clock still set."""
        for day in self._telling.days():
            with at(day.date, NIGHT):
                self._night(day.date)
            with at(day.date, MORNING):
                for feed in day.feeds:
                    self._morning(day.date, feed)
            with at(day.date, NOON):
                self._noon(day.date)
                yield day

    def _night(self, date: dt.date) -> None:
        rights_roll(today=date)
        accounts_advance(today=date)
        self._purge(date)
        aliases_retire(today=date)
        self.oracle.night(date)

    def _purge(self, date: dt.date) -> None:
        for account in purge_due(today=date):
            self._purge_account(account)

    def _morning(self, date: dt.date, feed: Feed) -> None:
        source = self._aaf if feed.source == "aaf" else self._hr
        source.mode = feed.mode
        source.save(update_fields=["mode"])
        told = path_apply(path=feed.path, organisation=self.organisation, source=source, acting_user=None)
        outcome = told.state if told.state != "unchanged" else "applied"
        assert outcome == feed.outcome, (date, feed.path, told.as_json())
        self.runs[f"{feed.source} {feed.mode} {outcome}"] += 1
        if outcome == "applied":
            (self.oracle.aaf if feed.source == "aaf" else self.oracle.hr)(date, feed.said)

    def _noon(self, date: dt.date) -> None:
        waiting = self.accounts(state=Account.State.PROVISIONED)
        for one in self.story.people:
            if sits_down(one, date):
                self.oracle.activate(one.agent.key, date)
                if one.agent.key in waiting:
                    activate(waiting[one.agent.key])

    def accounts(self, **conditions: Any) -> dict[str, Account]:
        """Accounts by the key AAF has for their owner."""
        keys = self._keys()
        rows = Account.objects.filter(**conditions).select_related("person")
        return {keys[row.person_id]: row for row in rows if row.person_id in keys}

    def _keys(self) -> dict[int, str]:
        numbers = {one.agent.number: one.agent.key for one in self.story.people}
        said = SourceRecord.objects.filter(source__in=[self._aaf, self._hr], person__isnull=False)
        return {person: numbers.get(key, key) for person, key in said.values_list("person_id", "external_id")}

    def differences(self, date: dt.date) -> list[str]:
        """Every fact that the product and the oracle do not tell alike, with the person's story."""
        there, stories = self._facts(date), {one.agent.key: one.story for one in self.story.people}
        wanted = {key: expected(one, date) for key, one in self.oracle.people.items() if one.address}
        found = [f"{key}: only here or there" for key in wanted.keys() ^ there.keys()]
        for key in wanted.keys() & there.keys():
            for fact, mine, theirs in zip(FACTS, wanted[key], there[key], strict=True):
                if mine != theirs:
                    found.append(f"{key} {fact}: expected {mine}, found {theirs}; {stories[key]}")
        return sorted(found)

    def _facts(self, date: dt.date) -> dict[str, tuple[Any, ...]]:
        addresses, places, steps, contracts = (defaultdict(list) for _ in range(4))
        for address in EmailAddress.objects.all():
            addresses[address.person_id].append(address)
        for row in Assignment.objects.select_related("structure").filter(starts_on__lte=date):
            if row.ends_on is None or row.ends_on >= date:
                places[row.person_id].append(row.structure.uai)
        for step in AccountTransition.objects.select_related("account").order_by("pk"):
            steps[step.account.person_id].append((step.on, step.to_state))
        for contract in Contract.objects.all():
            contracts[contract.person_id].append((contract.starts_on, contract.ends_on))
        leaves = list(Leave.objects.values_list("person_id", flat=True))
        return {
            key: _told(account, addresses, places, steps, contracts, leaves) for key, account in self.accounts().items()
        }


def _told(
    account: Account, addresses: Any, places: Any, steps: Any, contracts: Any, leaves: list[int]
) -> tuple[Any, ...]:
    person, own = account.person, addresses[account.person_id]
    primary = [row.address for row in own if row.is_primary and not row.retired_at]
    assert primary == [account.login]
    return (
        account.state,
        account.generation,
        account.closes_on if account.state == "ending" else None,
        account.purge_on if account.state == "deactivated" else None,
        account.login,
        {row.address: row.kept_until for row in own if not row.is_primary and not row.retired_at},
        {row.address for row in own if row.retired_at},
        set(places[person.pk]),
        person.category,
        (person.given_name, person.family_name),
        (person.right_from, person.right_until),
        person.deceased_on is not None,
        leaves.count(person.pk),
        sorted((start, end or FOREVER) for start, end in contracts[person.pk]),
        steps[person.pk],
    )


def expected(one: Expected, date: dt.date) -> tuple[Any, ...]:
    start, end = one.right or (None, None)
    return (
        one.state,
        one.generation,
        one.closes_on if one.state == "ending" else None,
        one.purge_on if one.state == "deactivated" else None,
        one.address,
        one.aliases,
        one.retired,
        {posting[0] for posting in one.postings},
        one.category,
        one.names,
        (start, None if end == FOREVER else end),
        one.is_dead,
        one.leaves,
        sorted(one.contracts.values()),
        one.steps,
    )


def at(date: dt.date, time: dt.time) -> Any:
    return time_machine.travel(dt.datetime.combine(date, time, PARIS), tick=False)


def sits_down(one: Someone, date: dt.date) -> bool:
    """Every ninth day; one in twenty never does."""
    return one.rank % 20 != 0 and (one.rank + date.toordinal()) % 9 == 0


def activate(account: Account) -> None:
    account.activated_at = timezone.now()
    account.save(update_fields=["activated_at"])
    account_move(account=account, event=Event.ACTIVATE, reason=AccountTransition.Reason.ACTIVATION, acting_user=account)

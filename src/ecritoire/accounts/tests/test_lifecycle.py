"""What becomes of an account as the right to it comes, goes and returns, and what decisions change."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecritoire.accounts.lifecycle import CLOSED, TRANSITIONS, Event, State, TransitionRefused
from ecritoire.accounts.models import Account, AccountTransition, AppPassword, EndPolicy, LegalHold
from ecritoire.accounts.selectors.lifecycle import purge_due
from ecritoire.accounts.services.lifecycle import Reason, account_move, accounts_advance
from ecritoire.accounts.services.provisioning import accounts_provision
from ecritoire.common.models import AuditEvent

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 9, 1)
DAY = dt.timedelta(days=1)


def right(account, start, end):
    account.person.right_from, account.person.right_until = start, end
    account.person.save()


def advance(account, day):
    accounts_advance(today=day)
    account.refresh_from_db()
    return account.state


def decide(account, event, day=TODAY, words=""):
    account_move(account=account, event=event, reason=Reason.DECISION, acting_user=account, on=day, words=words)
    account.refresh_from_db()


def test_it_works(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    assert advance(anne, TODAY) == State.ACTIVATED
    assert advance(anne, TODAY + DAY) == State.ENDING
    assert anne.closes_on == TODAY + 30 * DAY
    assert advance(anne, anne.closes_on) == State.ENDING
    assert advance(anne, anne.closes_on + DAY) == State.DEACTIVATED
    assert anne.purge_on == TODAY + 91 * DAY
    steps = list(anne.transitions.order_by("id").values_list("event", "reason", "from_state", "to_state"))
    assert steps == [
        ("end", "right_over", "activated", "ending"),
        ("deactivate", "delay_over", "ending", "deactivated"),
    ]
    assert AuditEvent.objects.filter(target=anne.login, action="account.deactivate").count() == 1


@pytest.mark.parametrize("day", [TODAY, TODAY + DAY, TODAY + 40 * DAY])
def test_a_second_run_moves_nothing(anne, boris, day):
    right(anne, TODAY - 300 * DAY, TODAY)
    accounts_advance(today=day)
    assert accounts_advance(today=day) == 0


def test_the_delay_is_the_categorys(anne):
    EndPolicy.objects.create(
        organisation=anne.person.organisation, category=anne.person.category, delay_days=15, retention_days=30
    )
    right(anne, TODAY - 300 * DAY, TODAY)
    advance(anne, TODAY + DAY)
    assert anne.closes_on == TODAY + 15 * DAY
    advance(anne, TODAY + 16 * DAY)
    assert anne.purge_on == TODAY + 46 * DAY


def test_whatever_is_told_late_leaves_a_week(anne):
    right(anne, TODAY - 300 * DAY, TODAY - 90 * DAY)
    assert advance(anne, TODAY) == State.ENDING
    assert anne.closes_on == TODAY + 7 * DAY


def test_a_renewal_in_time(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    advance(anne, TODAY + 10 * DAY)
    right(anne, TODAY - 300 * DAY, TODAY + 365 * DAY)
    assert advance(anne, TODAY + 11 * DAY) == State.ACTIVATED
    assert anne.closes_on is None


def test_a_late_renewal_brings_everything_back_but_applications(anne):
    secret = AppPassword.objects.create(account=anne, name="Téléphone", secret_hash="x" * 64)
    right(anne, TODAY - 300 * DAY, TODAY)
    for day in (1, 31):
        advance(anne, TODAY + day * DAY)
    assert anne.state == State.DEACTIVATED
    store, password = anne.store_id, anne.password
    right(anne, TODAY + 40 * DAY, None)
    assert advance(anne, TODAY + 40 * DAY) == State.ACTIVATED
    secret.refresh_from_db()
    assert (anne.store_id, anne.password, anne.purge_on) == (store, password, None)
    assert anne.recovery_address.address
    assert secret.revoked_at is not None


def test_a_death_closes_at_once(anne):
    anne.person.deceased_on = TODAY
    anne.person.save()
    assert advance(anne, TODAY) == State.DEACTIVATED
    assert anne.transitions.latest("id").reason == Reason.DEATH


def test_an_announced_account_opens_a_month_before(make_person):
    person = make_person(right_from=dt.date.today() + 120 * DAY)
    (account,) = accounts_provision(people=[person], acting_user=None)
    assert account.state == State.ANNOUNCED
    assert advance(account, person.right_from - 31 * DAY) == State.ANNOUNCED
    assert advance(account, person.right_from - 30 * DAY) == State.PROVISIONED


def test_an_assignment_taken_back_before_it_began(make_person):
    person = make_person(right_from=dt.date.today() + 120 * DAY)
    (account,) = accounts_provision(people=[person], acting_user=None)
    right(account, None, None)
    assert advance(account, TODAY) == State.DEACTIVATED
    assert account.transitions.latest("id").reason == Reason.CANCELLED


def test_never_activated(make_account):
    nina = make_account("Nina", "Nouvelle", state=State.PROVISIONED, activated_at=None)
    right(nina, TODAY - 100 * DAY, TODAY)
    assert advance(nina, TODAY + 30 * DAY) == State.PROVISIONED
    assert advance(nina, TODAY + 31 * DAY) == State.DEACTIVATED


@pytest.mark.parametrize("until", [None, TODAY + 200 * DAY])
@pytest.mark.parametrize("event", [Event.END, Event.DEACTIVATE])
def test_a_decision_holds_while_the_right_is_still_there(anne, event, until):
    right(anne, TODAY - 300 * DAY, until)
    decide(anne, event)
    closed = {State.ENDING, State.DEACTIVATED}
    assert [advance(anne, TODAY + n * DAY) in closed for n in (0, 1, 40, 199)] == [True] * 4
    assert anne.state == State.DEACTIVATED


def test_reopened_without_a_right_it_closes_again(make_account):
    nina = make_account("Nina", "Nouvelle", state=State.PROVISIONED, activated_at=None)
    right(nina, TODAY - 300 * DAY, TODAY - 100 * DAY)
    assert advance(nina, TODAY) == State.DEACTIVATED
    decide(nina, Event.RESTORE)
    assert (advance(nina, TODAY), nina.closes_on) == (State.PROVISIONED, TODAY + 30 * DAY)
    assert advance(nina, TODAY + 31 * DAY) == State.DEACTIVATED


def test_a_decision_is_undone_by_a_decision(anne):
    right(anne, TODAY - 300 * DAY, None)
    decide(anne, Event.DEACTIVATE)
    decide(anne, Event.RESTORE)
    assert anne.state == State.ACTIVATED
    assert advance(anne, TODAY + 40 * DAY) == State.ACTIVATED


@pytest.mark.parametrize(
    ("start", "end"),
    [(TODAY - 300 * DAY, TODAY + 365 * DAY), (TODAY - 300 * DAY, None), (TODAY + 10 * DAY, TODAY + 50 * DAY)],
)
def test_a_decision_is_undone_by_a_new_right(anne, start, end):
    """One that goes on for longer, or begins after the decision."""
    right(anne, TODAY - 300 * DAY, TODAY + 60 * DAY)
    decide(anne, Event.DEACTIVATE)
    right(anne, start, end)
    assert advance(anne, TODAY + 11 * DAY) == State.ACTIVATED
    assert anne.denied_on is None


def test_a_right_cut_short_is_no_new_one(anne):
    right(anne, TODAY - 300 * DAY, TODAY + 60 * DAY)
    decide(anne, Event.DEACTIVATE)
    right(anne, TODAY - 300 * DAY, TODAY + 5 * DAY)
    assert advance(anne, TODAY + DAY) == State.DEACTIVATED


def test_a_suspension_survives_a_renewal_and_a_closing(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    advance(anne, TODAY + DAY)
    decide(anne, Event.SUSPEND, TODAY + 2 * DAY)
    assert advance(anne, TODAY + 31 * DAY) == State.DEACTIVATED
    right(anne, TODAY - 300 * DAY, None)
    assert advance(anne, TODAY + 32 * DAY) == State.SUSPENDED
    decide(anne, Event.RESUME, TODAY + 33 * DAY)
    assert anne.state == State.ACTIVATED


def test_a_suspension_lifted_after_a_renewal_leaves_no_delay(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    advance(anne, TODAY + DAY)
    decide(anne, Event.SUSPEND, TODAY + 2 * DAY)
    right(anne, TODAY - 300 * DAY, None)
    assert advance(anne, TODAY + 3 * DAY) == State.SUSPENDED
    decide(anne, Event.RESUME, TODAY + 4 * DAY)
    assert (anne.state, anne.closes_on) == (State.ACTIVATED, None)


@pytest.fixture
def purged(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    for day in (1, 31):
        advance(anne, TODAY + day * DAY)
    account_move(account=anne, event=Event.PURGE, reason=Reason.RETENTION_OVER, acting_user=None, on=TODAY + 91 * DAY)
    anne.refresh_from_db()
    return anne


def test_a_return_after_a_purge_begins_afresh(purged):
    former, addresses = purged.store_id, set(purged.person.addresses.values_list("address", flat=True))
    right(purged, TODAY + 200 * DAY, None)
    assert advance(purged, TODAY + 169 * DAY) == State.PURGED
    assert advance(purged, TODAY + 170 * DAY) == State.PROVISIONED
    purged = Account.objects.get(pk=purged.pk)
    assert purged.store_id == f"{former}-2"
    assert not purged.has_usable_password()
    assert purged.activated_at is None
    assert not hasattr(purged, "recovery_address")
    assert not purged.app_passwords.exists()
    assert not purged.role_grants.exists()
    assert set(purged.person.addresses.values_list("address", flat=True)) == addresses


def test_due_for_purge(anne):
    right(anne, TODAY - 300 * DAY, TODAY)
    for day in (1, 31):
        advance(anne, TODAY + day * DAY)
    assert not purge_due(today=anne.purge_on - DAY).exists()
    assert list(purge_due(today=anne.purge_on)) == [anne]


def test_a_legal_hold_stops_the_purge(anne):
    test_due_for_purge(anne)
    hold = LegalHold.objects.create(account=anne, reference="réquisition 12", acting_login="ada")
    LegalHold.objects.create(account=anne, reference="ancienne", acting_login="ada", lifted_at="2026-01-01T00:00Z")
    assert not purge_due(today=anne.purge_on).exists()
    hold.lifted_at = "2026-12-01T00:00Z"
    hold.save()
    assert list(purge_due(today=anne.purge_on)) == [anne]


def test_a_right_to_come_stops_the_purge(anne):
    test_due_for_purge(anne)
    right(anne, anne.purge_on + 10 * DAY, None)
    assert not purge_due(today=anne.purge_on).exists()


@pytest.mark.parametrize(("event", "state"), list(itertools.product(Event, State)))
def test_every_event_in_every_state(anne, event, state):
    """Happens where the table says so, is refused elsewhere, and leaves nothing behind when it is."""
    Account.objects.filter(pk=anne.pk).update(state=state)
    allowed = event in TRANSITIONS and state in TRANSITIONS[event].sources
    if not allowed:
        with pytest.raises(TransitionRefused):
            decide(anne, event)
        assert not AccountTransition.objects.exists()
        return
    decide(anne, event)
    step = AccountTransition.objects.get()
    assert (step.from_state, step.to_state) == (state, anne.state)
    undone_by = TRANSITIONS[event].undone_by
    if undone_by:
        decide(anne, undone_by)
        assert anne.state != step.to_state


RIGHTS = st.tuples(st.just("right"), st.integers(-200, 200), st.one_of(st.none(), st.integers(0, 200)))
DECISIONS = st.tuples(st.sampled_from([Event.END, Event.DEACTIVATE, Event.RESTORE, Event.SUSPEND, Event.RESUME]))
DAYS = st.tuples(st.just("wait"), st.integers(1, 60))


ACTIVATION = st.tuples(st.just(Event.ACTIVATE))


@given(activated=st.booleans(), story=st.lists(st.one_of(RIGHTS, DECISIONS, ACTIVATION, DAYS), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_story_keeps_its_promises(anne, activated, story):
    begin_again(anne, activated)
    day = TODAY
    for name, *values in story:
        if name == "wait":
            day += values[0] * DAY
        elif name == "right":
            start = day + values[0] * DAY
            right(anne, start, None if values[1] is None else start + values[1] * DAY)
        else:
            anne.refresh_from_db()
            if anne.state in TRANSITIONS[name].sources:
                happen(anne, name, day)
        advance(anne, day)
        assert accounts_advance(today=day) == 0
        promises_kept(anne, day)


def happen(account, event, day):
    if event == Event.ACTIVATE:
        Account.objects.filter(pk=account.pk).update(activated_at=timezone.now())
    decide(account, event, day)


def begin_again(account, activated):
    blank = {"closes_on": None, "purge_on": None, "suspended_on": None, "denied_on": None, "denied_until": None}
    state = State.ACTIVATED if activated else State.PROVISIONED
    at = timezone.now() if activated else None
    Account.objects.filter(pk=account.pk).update(state=state, activated_at=at, **blank)
    account.refresh_from_db()
    right(account, TODAY - 300 * DAY, None)
    AccountTransition.objects.all().delete()


def promises_kept(account, day):
    account.refresh_from_db()
    assert (account.state in CLOSED) == (account.purge_on is not None)
    assert account.state != State.ENDING or account.closes_on >= day
    assert account.state != State.ACTIVATED or account.person.had_right_on(day) or account.person.right_from > day
    assert account.state != State.PROVISIONED or account.closes_on is None or account.closes_on >= day
    assert account.state not in {State.ACTIVATED, State.ENDING} or account.activated_at is not None
    assert account.suspended_on is None or account.state in {State.SUSPENDED, State.DEACTIVATED}
    steps = list(account.transitions.order_by("id"))
    assert all(before.to_state == after.from_state for before, after in itertools.pairwise(steps))
    assert not steps or steps[-1].to_state == account.state

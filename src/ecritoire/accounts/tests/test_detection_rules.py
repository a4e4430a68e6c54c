"""The rules about one sign-in, each by the case it is for and the cases it must leave in peace."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.accounts.detection import Kind, Profile, SignIn, World, assess, network_of, spray_in
from ecritoire.accounts.detection.episode import GAP, NETWORK_GAP, continues
from ecritoire.accounts.detection.geography import kilometres, towns

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
HOME, WORK, ABROAD, HOTEL = "90.1.1.7", "194.2.3.4", "41.58.0.10", "80.1.2.3"
FAMILY = "Firefox, Windows"


def at(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


def web(hours: float = 0, address: str = HOME, country: str = "FR", device: str = FAMILY, **values) -> SignIn:
    return SignIn(at(hours), 1, "web", address, country, device, **values)


def imap(hours: float = 0, address: str = HOME, country: str = "FR", device: str = "Téléphone") -> SignIn:
    return SignIn(at(hours), 1, "imap", address, country, device)


@pytest.fixture
def known() -> Profile:
    """A person who has signed in from home for a month, with a browser and a telephone."""
    profile = Profile()
    for day in range(-40, 0):
        assess(profile, web(24 * day), World())
        assess(profile, imap(24 * day + 1), World())
    return profile


def kinds(profile: Profile, event: SignIn, **world) -> list[Kind]:
    return [finding.kind for finding in assess(profile, event, World(**world))]


def test_it_works(known):
    assert kinds(known, web()) == []
    assert kinds(known, web(1, ABROAD, "NG")) == [Kind.TRAVEL, Kind.NEW_COUNTRY]


def test_a_new_country_alone_once_there_was_time_to_travel(known):
    assert kinds(known, web(48, ABROAD, "NG")) == [Kind.NEW_COUNTRY]


def test_the_telephone_in_daily_use_travels_in_peace_and_opens_the_way_for_the_browser(known):
    assert kinds(known, imap(24, HOTEL, "PT")) == []
    assert kinds(known, web(25, HOTEL, "PT")) == []


def test_a_secret_that_slept_is_not_a_telephone_on_holiday(known):
    assert kinds(known, imap(24 * 60, HOTEL, "PT")) == [Kind.NEW_COUNTRY]


def test_one_secret_in_two_far_countries(known):
    assess(known, imap(0), World())
    assert kinds(known, imap(1, ABROAD, "NG")) == [Kind.TRAVEL]


def test_one_secret_to_and_fro_between_near_countries(known):
    found = [kinds(known, imap(hour, *place)) for hour, place in enumerate([(HOME,), (HOTEL, "NL")] * 3)]
    assert [Kind.TRAVEL] in found


def test_a_computer_left_on_at_home_says_nothing_about_the_telephone_abroad(known):
    for hour in range(0, 24, 2):
        assert kinds(known, imap(hour, device="Thunderbird")) == []
        assert kinds(known, imap(hour + 5, HOTEL, "PT")) == []


def test_a_new_browser_at_home_is_a_new_machine_and_elsewhere_is_told(known):
    assert kinds(known, web(1, device="Opera, Windows")) == []
    assert kinds(known, web(2, WORK, device="Safari, Mac")) == [Kind.NEW_DEVICE]


def test_a_shared_network_tells_nothing(known):
    assert kinds(known, web(1, ABROAD, "NG", "Safari, Mac"), shared=True) == []


def test_a_browser_not_seen_for_half_a_year_is_new_again(known):
    assert kinds(known, web(24 * 200, WORK)) == [Kind.NEW_DEVICE]


def test_success_after_a_burst_from_elsewhere(known):
    failures = [web(-number, ABROAD, "NG", success=False) for number in range(1, 7)]
    assert Kind.BURST in kinds(known, web(0, WORK), failures=failures)


def test_a_person_who_mistypes_at_home_is_left_in_peace(known):
    failures = [web(-number / 10, success=False) for number in range(1, 10)]
    assert kinds(known, web(0, WORK), failures=failures) == []


def test_a_telephone_with_a_revoked_secret_is_no_burst(known):
    failures = [SignIn(at(-number), 1, "imap", HOTEL, "FR", "", False) for number in range(1, 20)]
    assert kinds(known, web(0, WORK), failures=failures) == []


def test_overseas_departments_are_france(known):
    assert kinds(known, web(48, WORK, "RE")) == []


def test_what_is_found_unusual_is_not_learnt(known):
    before = json.dumps(vars(known))
    assert assess(known, web(48, ABROAD, "NG"), World())
    assert json.dumps(vars(known)) == before


def test_what_a_stranger_taught_is_unlearnt(known):
    assert kinds(known, imap(20, ABROAD, "NG")) == []
    assert kinds(known, imap(21)) == [Kind.TRAVEL]
    known.distrust(at(19))
    assert kinds(known, imap(21.5)) == []
    assert kinds(known, web(48, ABROAD, "NG")) == [Kind.NEW_COUNTRY]


def spray(tried: int, entered: int, each: int = 1) -> list[SignIn]:
    failed = [web(n / 100, ABROAD, "NG", success=False, login=f"p{n}") for n in range(tried) for _ in range(each)]
    return [*failed, *(web(n / 100, ABROAD, "NG", login=f"q{n}") for n in range(entered))]


def test_a_spray_is_many_identifiers_few_tries_and_little_success():
    found = spray_in(spray(tried=30, entered=1))
    assert found
    assert (found.logins, found.succeeded) == (30, ("q0",))


@pytest.mark.parametrize(("tried", "entered", "each"), [(9, 0, 1), (30, 20, 1), (30, 0, 9)])
def test_what_is_no_spray(tried, entered, each):
    """Too few; a school where most get in; one machine that hammers each account."""
    assert spray_in(spray(tried, entered, each)) is None


def test_a_school_after_the_holidays_mistypes_and_gets_in():
    events = [event for n in range(60) for event in (web(n, success=False, login=f"p{n}"), web(n, login=f"p{n}"))]
    assert spray_in(events) is None


def test_inside_a_spray_only_strangers_to_its_network_are_warned(known):
    found = spray_in(spray(tried=30, entered=1))
    assert Kind.SPRAY in kinds(known, web(48, ABROAD, "NG"), spray=found)
    assert kinds(known, web(49), spray=found) == []


times = st.integers(min_value=0, max_value=24 * 90).map(at)
sign_ins = st.builds(
    SignIn,
    at=times,
    account=st.just(1),
    protocol=st.sampled_from(["web", "imap", "sso"]),
    address=st.sampled_from([HOME, WORK, ABROAD, HOTEL, "", "2001:db8:1::5"]),
    country=st.sampled_from(["FR", "NG", "PT", "GP", "", "ZZ"]),
    device=st.sampled_from([FAMILY, "Safari, Mac", "Téléphone", ""]),
)


@given(st.lists(sign_ins, max_size=40))
def test_any_history_can_be_told_and_kept_as_json(events):
    profile = Profile()
    for event in sorted(events, key=lambda event: event.at):
        assess(profile, event, World())
        profile = Profile.from_json(json.loads(json.dumps(vars(profile))))


@given(st.lists(sign_ins, max_size=30), sign_ins)
def test_a_shared_network_alone_never_raises_anything(events, last):
    profile = Profile()
    for event in events:
        profile.learn(event, located=True)
    assert assess(profile, last, World(shared=True)) == []


@given(st.lists(sign_ins, min_size=1, max_size=30))
def test_what_has_just_been_learnt_is_not_unusual(events):
    profile = Profile()
    last = max(events, key=lambda event: event.at)
    for event in events:
        profile.learn(event, located=False)
    later = SignIn(last.at + dt.timedelta(hours=1), 1, last.protocol, last.address, last.country, last.device)
    assert assess(profile, later, World()) == []


@given(st.sampled_from(sorted(towns())), st.sampled_from(sorted(towns())))
def test_distance_is_symmetrical_and_on_this_planet(one, other):
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
    assert 0 <= kilometres(one, other) <= 20_040


def test_distances_one_can_check_on_a_map():
    assert kilometres("FR", "GB") == pytest.approx(344, abs=10)
    assert kilometres("FR", "NG") == pytest.approx(4_710, abs=60)
    assert kilometres("FR", "ZZ") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [("90.1.1.7", "90.1.1.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"), ("", ""), ("nulle part", "")],
)
def test_a_network_is_what_one_owner_is_given(address, network):
    assert network_of(address) == network


def test_an_episode_goes_on_while_it_is_about_the_same_and_not_too_long_after():
    network, kind, second = {"network:90.1.1.0/24"}, {"new_country:NL"}, dt.timedelta(seconds=1)
    assert continues(known=network | kind, last_at=NOW, found=network, at=NOW + NETWORK_GAP)
    assert not continues(known=network | kind, last_at=NOW, found=network, at=NOW + NETWORK_GAP + second)
    assert continues(known=network | kind, last_at=NOW, found=kind, at=NOW + GAP)
    assert not continues(known=network | kind, last_at=NOW, found=kind, at=NOW + GAP + second)
    assert not continues(known=network | kind, last_at=NOW, found={"new_country:NG"}, at=NOW)

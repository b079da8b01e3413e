from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from voxguard.model.decisions import Effect
from voxguard.policy.cases.case import (
    Case,
    ChangeRoles,
    ChangeState,
    Enter,
    Expectation,
    Leave,
    Moderate,
)
from voxguard.policy.cases.load import LoadedCases

EXPECT = "{at: 1h, expect: {alice: nothing}}"

Problems = Callable[[str], list[str]]


@pytest.fixture
def compiled(load: Callable[[str], LoadedCases]) -> Callable[..., Case]:
    """The only test of a file, of its members and steps in flow style."""

    def make(members: str, *steps: str, start: str = "2026-03-02T12:00:00+03:00") -> Case:
        loaded = load(
            "version: 1\ntests:\n  one:\n"
            f"    start: {start}\n    members: {members}\n    steps: [{', '.join(steps)}]\n"
        )
        assert loaded.problems == ()
        [case] = loaded.cases
        return case

    return make


def test_names_are_resolved(compiled: Callable[..., Case]) -> None:
    """Aliases and ids of channels and roles, lists, and the rule that is meant."""
    case = compiled(
        "{alice: {roles: [staff, '99'], lists: close, in: lobby, bot: true, admin: true}}",
        "{at: 0s, member: alice, enters: '77'}",
        "{at: 1s, member: alice, state: {self_mute: true}}",
        "{at: 2s, member: alice, roles: dj}",
        "{at: 3s, member: alice, human: {mute: true, deafen: false}}",
        "{at: 4s, member: alice, leaves: true}",
        "{at: 5s, expect: {alice: [{move: afk, rule: limit}, {unmute: true}]}}",
    )
    alice = case.members["alice"]
    assert sorted(alice.roles) == [11, 99]
    assert sorted(alice.lists) == ["close"]
    assert alice.channel_id == 1
    assert (alice.bot, alice.admin) == (True, True)
    assert case.by_id == {alice.user_id: alice}
    assert [each.action for each in case.happenings] == [
        Enter(77),  # type: ignore[arg-type]
        ChangeState({"self_mute": True}),
        ChangeRoles(frozenset({12})),  # type: ignore[arg-type]
        Moderate({"guild_mute": True, "guild_deaf": False}),
        Leave(),
    ]
    [demand] = case.demands
    assert demand.at == timedelta(seconds=5)
    assert demand.expectations == (
        Expectation(Effect.MOVE, {"channel": "2"}, "limit"),
        Expectation(Effect.UNMUTE, {}, None),
    )


def test_names_that_there_are_not(problems_of: Problems) -> None:
    """Every name is looked up, each at its own place, with what is close to it."""
    problems = problems_of("""
        start: 2026-03-02T12:00:00+03:00
        members:
          alice:
            in: lobbi
            roles:
              - staf
            lists: frends
        steps:
          - {at: 0s, member: alise, enters: lobby}
          - {at: 0s, member: alice, enters: looby}
          - at: 1s
            expect:
              bob: nothing
              alice:
                move: afc
                rule: limits
    """)
    assert problems == [
        "7 VG102 There is no channel 'lobbi' in guild moscow.",
        "9 VG102 There is no role 'staf' in guild moscow.",
        "10 VG102 There is no list 'frends' in guild moscow.",
        "12 VG102 There is no member 'alise' in this test.",
        "13 VG102 There is no channel 'looby' in guild moscow.",
        "16 VG102 There is no member 'bob' in this test.",
        "18 VG102 There is no channel 'afc' in guild moscow.",
        "19 VG102 There is no rule 'limits' in guild moscow.",
    ]


def test_instants_without_an_offset_are_by_the_clock_of_the_guild(
    compiled: Callable[..., Case],
) -> None:
    """As in lists: noon is noon in Moscow, a date is its start there."""
    case = compiled("{alice: {joined_at: 2026-01-01}}", EXPECT, start="2026-03-02T12:00")
    assert case.start_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert case.members["alice"].joined_at == datetime(2025, 12, 31, 21, tzinfo=UTC)


def test_ids_are_made_up_and_say_how_old_accounts_are(compiled: Callable[..., Case]) -> None:
    """The same at each run, nobody has another's, and old where nothing is said."""
    text = (
        "{alice: {}, bob: {account_created_at: 2026-03-01T00:00:00Z}, "
        "carol: {id: '5'}, dora: {id: '132271570944000005'}, eve: {}}"
    )
    members = compiled(text, EXPECT).members
    assert members == compiled(text, EXPECT).members
    ids = {name: member.user_id for name, member in members.items()}
    assert ids["carol"] == 5
    assert len(set(ids.values())) == 5
    epoch = datetime(2015, 1, 1, tzinfo=UTC)
    ages = {name: epoch + timedelta(milliseconds=each >> 22) for name, each in ids.items()}
    assert ages["bob"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert ages["alice"] == ages["eve"] == datetime(2016, 1, 1, tzinfo=UTC)
    # eve's id would be dora's.
    assert ids["eve"] == ids["dora"] + 1


@pytest.mark.parametrize(
    ("members", "start", "step", "problem"),
    [
        ("{a: {id: 5}, b: {id: '5'}}", "2026-01-01", "1h", "5 VG012 'a' has this id already"),
        ("{a: {}}", "1969-01-01", "1h", "4 VG012 This instant is not between the years 1970"),
        ("{a: {}}", "2200-01-02", "1h", "4 VG012 This instant is not between the years 1970"),
        ("{a: {}}", "0001-01-01", "1h", "4 VG012 This instant is not between the years 1970"),
        ("{a: {}}", "2199-12-31", "2d", "7 VG012 This step is later than 2199."),
        ("{a: {account_created_at: 2014-01-01}}", "2026-01-01", "1h", "5 VG012 This instant is"),
        ("{a: {account_created_at: 2090-01-01}}", "2026-01-01", "1h", "5 VG012 No id of Discord's"),
    ],
)
def test_what_cannot_be_is_refused(
    problems_of: Problems, members: str, start: str, step: str, problem: str
) -> None:
    """Ids and instants are those that the program understands."""
    found = problems_of(
        f"start: {start}\nmembers: {members}\nsteps:\n  - {{at: {step}, expect: {{a: nothing}}}}\n"
    )
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_steps_stand_in_the_order_of_time(problems_of: Problems) -> None:
    """A step that goes back is refused where it says so; the same instant again is no harm."""
    assert problems_of("""
        start: 2026-03-02T12:00:00+03:00
        members: {alice: {}}
        steps:
          - {at: 2h, expect: {alice: nothing}}
          - {at: 2h, member: alice, enters: lobby}
          - {at: 1h, member: alice, leaves: true}
    """) == ["9 VG012 This step is before the one above it."]

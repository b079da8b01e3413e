from datetime import timedelta

import pytest

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, START, make_index
from voxguard.engine.explain import explain
from voxguard.engine.explanation import LeafExplanation, Verdict
from voxguard.engine.newcomer import Newcomer
from voxguard.engine.readings import _BOUNDS, READINGS
from voxguard.model.world import ChannelKind
from voxguard.policy.conditions.blocks import LEAVES

HERE = Newcomer(
    user_id=ALICE,
    channel_id=LOBBY,
    roles=frozenset([DJ]),
    category_known=True,
    joined_at=START - timedelta(days=1),
    occupancy=3,
    kind=ChannelKind.VOICE,
    entries=2,
    channel_entries=4,
    used=timedelta(minutes=5),
)
YES, NO = Verdict.YES, Verdict.NO
AGE = int(timedelta(days=4078, hours=12).total_seconds())
"""Low ids were made when ids began."""

LISTS = """
lists:
  short: {entries: ["501"]}
  timed: {entries: [{id: "501", until: 2026-03-02T12:10:00Z}]}
  other: {entries: ["502"]}
schedules:
  midday: {windows: [{start: "0 12 * * *", end: "30 13 * * *"}]}
  evening: {windows: [{start: "0 20 * * *", for: 1h}]}
"""


def leaf(block: str) -> LeafExplanation:
    """The explanation of the only condition of the only rule."""
    text = f"{LISTS}\nrules: {{one: {{{block}, then: {{mute: true}}}}}}"
    (one,) = explain(make_index(text).guilds[GUILD], HERE, START).rules
    (found,) = one.conditions
    return found


def test_there_is_a_reading_for_every_condition_of_the_language() -> None:
    """A condition that was forgotten in the readings fails here."""
    assert set(READINGS) == {each.condition for each in LEAVES}


@pytest.mark.parametrize(
    ("block", "wanted", "value", "verdict", "changes_in"),
    [
        ("who: {lists: short}", {"any": ["short"]}, ["short"], YES, None),
        ("who: {lists: other}", {"any": ["other"]}, [], NO, None),
        ("who: {lists: {none: [timed]}}", {"none": ["timed"]}, ["timed"], NO, 10),
        ("who: {lists: {all: [timed]}}", {"all": ["timed"]}, ["timed"], YES, 10),
        ("who: {roles: dj}", {"any": ["12"]}, ["12", "100"], YES, None),
        ("who: {roles: staff}", {"any": ["11"]}, ["12", "100"], NO, None),
        ("who: {members: ['501']}", ["501"], "501", YES, None),
        ("who: {bot: true}", True, False, NO, None),
        ("who: {account_age: {min: 4078d}}", {"min": 352339200}, AGE, YES, None),
        ("who: {account_age: {max: 4078d12h7m}}", {"max": 352382820}, AGE, YES, 7),
        ("who: {membership_age: {min: 1d}}", {"min": 86400}, 86400, YES, None),
        ("who: {membership_age: {max: 25h}}", {"max": 90000}, 86400, YES, 60),
        ("where: music", {"any": ["3"]}, {"channel": "1", "category": None}, NO, None),
        ("where: {kinds: voice}", ["voice"], "voice", YES, None),
        ("where: {occupancy: {min: 4}}", {"min": 4}, 3, NO, None),
        ("when: {schedule: midday}", {"any": ["midday"]}, ["midday"], YES, 90),
        ("when: {schedule: {none: [evening]}}", {"none": ["evening"]}, [], YES, 480),
        ("when: {state: {camera: true}}", {"camera": True}, {"camera": False}, NO, None),
        ("when: {entries: {min: 2, within: 1m}}", {"min": 2, "within": 60}, 2, YES, 1),
        ("when: {entries: {min: 3, within: 1m}}", {"min": 3, "within": 60}, 2, NO, None),
        ("when: {channel_entries: {min: 4, within: 1m}}", {"min": 4, "within": 60}, 4, YES, 1),
        ("when: {channel_entries: {min: 5, within: 1m}}", {"min": 5, "within": 60}, 4, NO, None),
        ("when: {time_used: {min: 5m, per: 1h}}", {"min": 300, "per": 3600}, 300, YES, None),
        ("when: {time_used: {min: 6m, per: 1h}}", {"min": 360, "per": 3600}, 300, NO, 1),
        (
            "when: {time_used: {min: 5m, per: day}}",
            {"min": 300, "per": ["day", "UTC"]},
            300,
            YES,
            720,
        ),
    ],
)
def test_a_condition_shows_what_it_wants_and_what_the_fact_is(
    block: str, wanted: object, value: object, verdict: Verdict, changes_in: int | None
) -> None:
    """Each leaf has its meaning, the fact, the verdict and when time alone may change it."""
    found = leaf(block)
    changes_at = None if changes_in is None else START + timedelta(minutes=changes_in)
    assert (found.wanted, found.value, found.verdict) == (wanted, value, verdict)
    assert found.changes_at == changes_at


@pytest.mark.parametrize(
    ("block", "off_by"),
    [
        ("who: {account_age: {min: 4078d13h}}", -3600),
        ("who: {account_age: {max: 4078d11h}}", 3600),
        ("who: {account_age: {max: 4078d12h}}", 0),
        ("who: {account_age: {min: 4078d12h}}", None),
        ("who: {membership_age: {min: 1d1s}}", -1),
        ("where: {occupancy: {min: 5}}", -2),
        ("where: {occupancy: {max: 1}}", 2),
        ("where: {occupancy: {min: 3, max: 3}}", None),
        ("when: {entries: {min: 5, within: 1m}}", -3),
        ("when: {channel_entries: {min: 5, within: 1m}}", -1),
        ("when: {channel_entries: {min: 4, within: 1m}}", None),
        ("when: {time_used: {min: 5m1s, per: day}}", -1),
        ("when: {time_used: {min: 5m, per: day}}", None),
        ("who: {bot: true}", None),
        ("who: {roles: staff}", None),
        ("where: music", None),
    ],
)
def test_what_misses_its_bounds_says_by_how_much(block: str, off_by: int | None) -> None:
    """Below zero is too little; what has no bounds, or keeps them, misses none."""
    assert leaf(block).off_by == off_by


def test_every_condition_with_bounds_can_miss_them() -> None:
    """One that takes a `min` and was forgotten fails here."""
    bounded = {
        each.condition for each in LEAVES if "min" in getattr(each.document, "model_fields", ())
    }
    assert set(_BOUNDS) == bounded

"""Random policies and random lives of a guild, for what must hold of all of them."""

import json
from datetime import timedelta
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from tests.support.stage import (
    AFK,
    ALICE,
    BOB,
    CAROL,
    DJ,
    GUILD,
    LOBBY,
    MUSIC,
    OUTSIDE,
    STAFF,
    STAGE,
    START,
    Stage,
    voice,
)
from voxguard.model.events import (
    ChannelDeleted,
    Event,
    GuildVanished,
    MemberChanged,
    MemberRemoved,
    RoleDeleted,
)
from voxguard.model.world import Member, VoiceState

JOINED = START - timedelta(days=1)
USERS = (ALICE, BOB, CAROL)
CHANNELS = (LOBBY, AFK, MUSIC, STAGE, OUTSIDE)
PLACES = ["lobby", "afk", "music", "stage", "category", "outside"]
LISTS = ["short", "timed"]
ROLES = ["staff", "dj"]
SCHEDULES = ["minutes", "once"]
COUNTS = [{"max": 1}, {"min": 2}, {"min": 3}, {"min": 2, "max": 2}]

DEFINITIONS = {
    "lists": {
        "short": {"entries": ["501"]},
        "timed": {
            "entries": [
                {"id": "501", "until": "2026-03-02T12:03:00Z"},
                {"id": "502", "until": "2026-03-02T12:05:30Z"},
                "503",
            ]
        },
    },
    "schedules": {
        "minutes": {"windows": [{"start": "*/3 * * * *", "for": "90s"}]},
        "once": {"windows": [{"from": "2026-03-02T12:02", "to": "2026-03-02T12:04:10"}]},
    },
}


def names(of: list[str]) -> st.SearchStrategy[Any]:
    """A name set in one of its forms."""
    some = st.lists(st.sampled_from(of), min_size=1, max_size=2, unique=True)
    sets = st.fixed_dictionaries({}, optional={"any": some, "all": some, "none": some})
    none = st.builds(lambda one: {"none": [one]}, st.sampled_from(of))
    return st.one_of(st.sampled_from(of), none, some, sets.filter(bool))


def ages(at_start: str) -> st.SearchStrategy[dict[str, str]]:
    """Bounds that are reached while a life goes on, for those of an age at its start."""
    some = [f"{at_start}{more}" for more in ("1s", "1m30s", "3m", "5m7s")]
    one = st.builds(
        lambda key, age: {key: age}, st.sampled_from(["min", "max"]), st.sampled_from(some)
    )
    two = st.sampled_from(list(combinations(some, 2)))
    return st.one_of(one, two.map(lambda pair: {"min": pair[0], "max": pair[1]}))


def blocks() -> st.SearchStrategy[dict[str, Any]]:
    """Some of who, where and when."""
    who = st.fixed_dictionaries(
        {},
        optional={
            "lists": names(LISTS),
            "roles": names(ROLES),
            "members": st.sampled_from([["501"], ["502", "503"]]),
            "account_age": ages("4078d12h"),
            "membership_age": ages("1d"),
        },
    ).filter(bool)
    where = st.fixed_dictionaries(
        {},
        optional={
            "channels": names(PLACES),
            "kinds": st.sampled_from(["voice", "stage"]),
            "occupancy": st.sampled_from(
                [{"max": 1}, {"min": 2}, {"min": 3}, {"min": 2, "max": 2}]
            ),
        },
    ).filter(bool)
    when = st.fixed_dictionaries(
        {},
        optional={
            "schedule": names(SCHEDULES),
            "state": st.dictionaries(
                st.sampled_from(["guild_mute", "self_mute", "guild_deaf"]),
                st.booleans(),
                min_size=1,
            ),
        },
    ).filter(bool)
    some = {"who": who, "where": where, "when": when}
    one = st.sampled_from(sorted(some)).flatmap(lambda key: st.fixed_dictionaries({key: some[key]}))
    return st.one_of(st.just({}), one, one, st.fixed_dictionaries({}, optional=some))


THEN = st.sampled_from(
    [
        {"mute": True},
        {"deafen": True},
        {"mute": True, "deafen": True},
        {"disconnect": True},
        {"move": "afk"},
        {"allow": True},
        {"allow": True, "mute": True},
        {"move": "music", "mute": True},
    ]
)
LASTING = st.sampled_from(["10s", "90s", {"time": "100s", "across_channels": True}, {"time": "2m"}])


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """One rule."""
    rule = dict(draw(blocks()), then=draw(THEN), priority=draw(st.integers(1, 3)))
    if draw(st.integers(0, 3)) == 0:
        rule["for"] = draw(LASTING)
    rule["mode"] = draw(st.sampled_from(["enforce", "enforce", "enforce", "observe", "off"]))
    if draw(st.integers(0, 3)) == 0:
        unless = draw(blocks())
        if unless:
            rule["unless"] = unless
    return rule


def policies() -> st.SearchStrategy[str]:
    """The body of a policy file: YAML, since JSON is."""
    return st.lists(rules(), min_size=2, max_size=6).map(_as_yaml)


def _as_yaml(some: list[dict[str, Any]]) -> str:
    named = {f"r{number}": rule for number, rule in enumerate(some)}
    body = {**DEFINITIONS, "rules": named}
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in body.items())


def events() -> st.SearchStrategy[Event]:
    """One thing that happens."""
    user = st.sampled_from(USERS)
    flags = st.fixed_dictionaries(
        {}, optional={"self_mute": st.booleans(), "guild_mute": st.booleans()}
    )
    moves = st.builds(
        lambda who, where, more: voice(who, where, **more),
        user,
        st.one_of(st.sampled_from(CHANNELS), st.none()),
        flags,
    )
    roles = st.builds(
        lambda who, some, at: MemberChanged(GUILD, Member(who, frozenset(some), joined_at=at)),
        user,
        st.lists(st.sampled_from([STAFF, DJ]), unique=True),
        st.sampled_from([None, JOINED, JOINED + timedelta(seconds=50)]),
    )
    rare = st.one_of(
        st.builds(lambda who: MemberRemoved(GUILD, who), user),
        st.just(RoleDeleted(GUILD, DJ)),
        st.just(ChannelDeleted(GUILD, OUTSIDE)),
        st.just(MemberChanged(GUILD, Member(CAROL, bot=True))),
        st.just(GuildVanished(GUILD)),
        st.lists(st.tuples(user, st.sampled_from(CHANNELS)), max_size=3).map(
            lambda some: Stage("rules: {}", appear=False).snapshot(
                voice=[VoiceState(who, where) for who, where in dict(some).items()]
            )
        ),
    )
    return st.one_of(moves, moves, moves, roles, rare)


def lives() -> st.SearchStrategy[list[tuple[int, list[Event]]]]:
    """Instants in seconds since the start, each with what happens then."""
    steps = st.lists(
        st.tuples(st.integers(1, 60), st.lists(events(), min_size=1, max_size=3)),
        min_size=4,
        max_size=12,
    )

    def add_up(some: list[tuple[int, list[Event]]]) -> list[tuple[int, list[Event]]]:
        at, life = 0, []
        for pause, happening in some:
            at += pause
            life.append((at, happening))
        return life

    return steps.map(add_up)

"""Blocks of rules, made up at random, of every condition that there is."""

from typing import Any, Final

from hypothesis import strategies as st

from tests.properties.member_facts import CHANNELS, FLAGS, GUILD, LISTED, ROLES


def _sets(*names: str) -> st.SearchStrategy[Any]:
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return st.fixed_dictionaries({}, optional={"any": some, "all": some, "none": some}).filter(bool)


def _bounds(values: list[Any]) -> st.SearchStrategy[Any]:
    indices = st.integers(0, len(values) - 1)
    both = st.tuples(indices, indices).map(sorted)
    return st.one_of(
        both.map(lambda pair: {"min": values[pair[0]], "max": values[pair[1]]}),
        st.sampled_from(values).map(lambda value: {"min": value}),
        st.sampled_from(values).map(lambda value: {"max": value}),
    )


_RECENT: Final = st.fixed_dictionaries(
    {"min": st.integers(1, 4), "within": st.sampled_from(["10s", "30s", "1m"])}
)
_USED: Final = st.fixed_dictionaries(
    {
        "min": st.sampled_from(["1h", "2h", "5h", "26h"]),
        "per": st.sampled_from(["day", "2h", "24h", "60h"]),
    }
)
_AGE: Final = _bounds(["1d", "3d", "7d", "30d"])
_KINDS: Final = st.lists(st.sampled_from(["voice", "stage"]), min_size=1, unique=True)
WHO: Final = st.fixed_dictionaries(
    {},
    optional={
        "roles": _sets(*ROLES, str(GUILD)),
        "lists": _sets(*LISTED, "around"),
        "members": st.lists(st.integers(1, 5).map(str), min_size=1, max_size=3),
        "bot": st.booleans(),
        "account_age": _AGE,
        "membership_age": _AGE,
    },
).filter(bool)
WHERE: Final = st.fixed_dictionaries(
    {},
    optional={"channels": _sets(*CHANNELS), "kinds": _KINDS, "occupancy": _bounds([0, 1, 2, 4])},
).filter(bool)
WHEN: Final = st.fixed_dictionaries(
    {},
    optional={
        "schedule": _sets("always", "never", "night"),
        "state": st.dictionaries(st.sampled_from(FLAGS), st.booleans(), min_size=1),
        "entries": _RECENT,
        "channel_entries": _RECENT,
        "time_used": _USED,
    },
).filter(bool)
PLAIN_WHEN: Final = st.fixed_dictionaries(
    {},
    optional={
        "schedule": _sets("always", "never", "night"),
        "state": st.dictionaries(st.sampled_from(FLAGS), st.booleans(), min_size=1),
    },
).filter(bool)
BLOCKS: Final = {"who": WHO, "where": WHERE, "when": WHEN}
SIMPLE: Final = {"who": WHO, "where": WHERE, "when": PLAIN_WHEN}
# Few enough that of two rules one often follows from the other, or cannot hold with it.
AMOUNTS: Final = st.one_of(
    _AGE.map(lambda age: {"who": {"account_age": age}}),
    _AGE.map(lambda age: {"who": {"membership_age": age}}),
    _bounds([0, 1, 2, 4]).map(lambda count: {"where": {"occupancy": count}}),
    st.booleans().map(lambda bot: {"who": {"bot": bot}}),
    _RECENT.map(lambda recent: {"when": {"entries": recent}}),
    _RECENT.map(lambda recent: {"when": {"channel_entries": recent}}),
    _USED.map(lambda used: {"when": {"time_used": used}}),
    _USED.map(lambda used: {"when": {"time_used": used}, "where": {"channels": "lobby"}}),
)


def rules(blocks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Rules of such blocks, with or without `unless`."""
    return st.tuples(blocks, st.none() | blocks).map(
        lambda pair: {
            **pair[0],
            "then": {"mute": True},
            **({} if pair[1] is None else {"unless": pair[1]}),
        }
    )


RULE: Final = st.one_of(
    rules(st.fixed_dictionaries({}, optional=BLOCKS).filter(bool)), rules(AMOUNTS)
)

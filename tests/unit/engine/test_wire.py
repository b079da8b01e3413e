"""An index that has travelled in pieces is the one that was sent."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxguard.engine.compile import compile_policies
from voxguard.engine.index import EMPTY_INDEX, RuleIndex
from voxguard.engine.wire import Assembler, dumps
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources

GUILD = """version: 1
guild:
  id: "{id}"
  channels: {{lobby: "2", afk: "3"}}
  roles: {{staff: "4", dj: "5"}}
  exempt: {exempt}
"""
SHARED = """version: 1
lists:
  blocked: {entries: ["80", {id: "81", until: 2027-01-01}]}
  raiders: {include: [blocked], entries: ["82"]}
schedules:
  night: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
"""
BLOCKS = (
    "who: {lists: [blocked]}",
    "who: {lists: {none: [raiders]}, roles: [dj]}",
    "who: {members: ['90', '91']}",
    "where: [lobby]",
    "where: [lobby, afk]",
    "when: {schedule: night}",
    "for: 10s",
    "unless: {who: {lists: [raiders]}}",
    "who: {account_age: {min: 1d, max: 7d}}",
    "where: {occupancy: {max: 1}}",
)
EFFECTS = ("{mute: true}", "{disconnect: true}", "{move: afk}", "{allow: true}")


def compiled(**files: str) -> RuleIndex:
    """The index of a set of files, which must load."""
    policies = {f"{name.replace('__', '/')}.yaml": text.encode() for name, text in files.items()}
    loaded = load_sources(Sources(dict(sorted(policies.items()))))
    assert loaded.policy_set is not None, loaded.problems
    return compile_policies(loaded.policy_set)


def travelled(index: RuleIndex) -> RuleIndex:
    """The index after a journey."""
    assembler = Assembler()
    for piece in dumps(index):
        assembler.feed(bytes(piece))
    return assembler.finish()


def rules_file(rules: list[tuple[list[str], str]]) -> str:
    """A file of rules of these blocks and effects."""
    lines = ["version: 1", "rules:"]
    for number, (blocks, effect) in enumerate(rules):
        lines.append(f"  rule-{number}:")
        lines += [f"    {block}" for block in blocks]
        lines.append(f"    then: {effect}")
    return "\n".join(lines)


Rules = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from(BLOCKS), min_size=1, max_size=4, unique_by=lambda b: b.split(":")[0]
        ),
        st.sampled_from(EFFECTS),
    ),
    min_size=1,
    max_size=12,
)


@given(first=Rules, second=Rules, exempt=st.sampled_from(["{}", "{who: {lists: [raiders]}}"]))
def test_any_set_arrives_as_it_was(
    first: list[tuple[list[str], str]], second: list[tuple[list[str], str]], exempt: str
) -> None:
    """For any rules of two guilds the assembled index equals the one that was sent."""
    index = compiled(
        a__guild=GUILD.format(id=1, exempt=exempt),
        a__rules=rules_file(first),
        b__guild=GUILD.format(id=2, exempt="{}"),
        b__rules=rules_file(second),
        shared=SHARED,
    )
    arrived = travelled(index)
    assert arrived == index
    for guild_id, guild in index.guilds.items():
        assert list(arrived.guilds[guild_id].by_name) == list(guild.by_name)
        assert [rule.meaning for rule in arrived.guilds[guild_id].rules] == [
            rule.meaning for rule in guild.rules
        ]


def test_no_rules_at_all_arrive() -> None:
    """The empty index travels too."""
    assert travelled(EMPTY_INDEX) == EMPTY_INDEX


def test_guilds_share_what_they_shared() -> None:
    """A list of all guilds is in memory once on the other side as well."""
    rules = rules_file([(["who: {lists: [blocked]}"], "{mute: true}")])
    arrived = travelled(
        compiled(
            a__guild=GUILD.format(id=1, exempt="{}"),
            b__guild=GUILD.format(id=2, exempt="{}"),
            rules=rules,
            shared=SHARED,
        )
    )
    first, second = arrived.guilds.values()
    assert first.by_list[0][0] is second.by_list[0][0]
    assert first.by_name["rule-0"].rule is first.rules[0].rule


def test_an_index_that_has_not_all_arrived_is_none() -> None:
    """Without its last piece nothing is handed out."""
    assembler = Assembler()
    *most, _ = dumps(EMPTY_INDEX)
    for piece in most:
        assembler.feed(piece)
    with pytest.raises(ValueError, match="not complete"):
        assembler.finish()


def many_rules() -> RuleIndex:
    """Two thousand rules of the usual kinds."""
    rules = [([BLOCKS[n % 3], BLOCKS[3 + n % 2], "for: 10s"], EFFECTS[n % 4]) for n in range(1000)]
    others = [([f"who: {{members: ['{n + 1000}']}}"], "{mute: true}") for n in range(1000)]
    return compiled(
        a__guild=GUILD.format(id=1, exempt="{}"), shared=SHARED, rules=rules_file(rules + others)
    )


def many_ids() -> RuleIndex:
    """A list of a million, and one of fifty thousand that end."""
    text = "\n".join(str(10**17 + n) for n in range(1_000_000))
    rows = "\n".join(f"{n + 1},2027-01-01T00:00:00Z" for n in range(50_000))
    policies = {
        "guild.yaml": GUILD.format(id=1, exempt="{}"),
        "rules.yaml": "version: 1\nlists:\n  blocked: {files: [a.txt, b.csv]}\n"
        "rules:\n  r: {who: {lists: [blocked]}, then: {mute: true}}\n",
    }
    loaded = load_sources(
        Sources(
            {name: text.encode() for name, text in policies.items()},
            {"a.txt": text.encode(), "b.csv": f"id,until\n{rows}".encode()},
        )
    )
    assert loaded.policy_set is not None, loaded.problems
    return compile_policies(loaded.policy_set)


@pytest.fixture
def no_collections() -> Iterator[None]:
    """What is measured is the work itself, not what the tests before have left behind."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collections")
@pytest.mark.parametrize("make", [many_rules, many_ids])
def test_no_piece_takes_long(make: Callable[[], RuleIndex]) -> None:
    """A big index arrives in many pieces, none of which holds up an event loop."""
    index = make()
    assembler = Assembler()
    longest = 0.0
    for piece in dumps(index):
        began = time.process_time()
        assembler.feed(piece)
        longest = max(longest, time.process_time() - began)
    assert longest < 0.05
    assert assembler.finish() == index

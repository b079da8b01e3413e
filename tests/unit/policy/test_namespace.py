from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from voxguard.model.ids import GuildId, UserId
from voxguard.policy.load import Loaded
from voxguard.policy.resolved import GuildPolicy

LoadFiles = Callable[..., Loaded]

MUTE = "then: {mute: true}"


def _guild(number: int, more: str = "") -> str:
    return f"version: 1\nguild: {{id: {number}, roles: {{staff: 9{number}}}}}\n{more}"


def _shared(more: str) -> str:
    return f"version: 1\n{more}"


def _found(loaded: Loaded) -> list[str]:
    return [f"{each.mark} {each.check} {each.message}" for each in loaded.problems]


def _guilds(loaded: Loaded) -> dict[GuildId, GuildPolicy]:
    assert loaded.problems == ()
    assert loaded.policy_set is not None
    return dict(loaded.policy_set.guilds)


def test_each_guild_sees_its_own_and_what_is_shared(load_files: LoadFiles) -> None:
    """A file in no guild's scope is for all guilds, those in a scope for one."""
    policies = _guilds(
        load_files(
            {
                "a/guild.yaml": _guild(1),
                "a/deep/down/rules.yaml": _shared(f"rules: {{own: {{{MUTE}}}}}"),
                "b/guild.yaml": _guild(2),
                "all/rules.yaml": _shared(f"rules: {{common: {{{MUTE}}}}}"),
            }
        )
    )
    names = {number: [rule.name for rule in each.rules] for number, each in policies.items()}
    assert names == {1: ["common", "own"], 2: ["common"]}


def test_names_in_shared_files_are_resolved_for_each_guild(load_files: LoadFiles) -> None:
    """Aliases and lists: the guild's own first, then the shared one, includes as well."""
    common = _shared(
        "lists:\n  all: {include: [base], entries: [1]}\n  base: {entries: [2]}\n"
        f"rules: {{r: {{who: {{lists: all, roles: staff}}, {MUTE}}}}}\n"
    )
    loaded = load_files(
        {
            "a/guild.yaml": _guild(1, "lists: {base: {entries: [3]}}\n"),
            "b/guild.yaml": _guild(2),
            "common.yaml": common,
        }
    )
    assert _found(loaded) == [
        "a/guild.yaml:3:9 VG103 The list 'base' replaces the shared one of common.yaml:4:3 whole."
    ]
    assert loaded.policy_set is not None
    a, b = loaded.policy_set.guilds.values()
    assert [list(each.lists["all"].permanent) for each in (a, b)] == [[1, 3], [1, 2]]
    assert a.rules[0].conditions[1].canonical() == {"any": ["91"]}
    assert b.rules[0].conditions[1].canonical() == {"any": ["92"]}


def test_what_is_the_same_for_all_guilds_is_made_once(load_files: LoadFiles) -> None:
    """A million ids that a hundred guilds share are in memory once."""
    common = _shared("lists: {all: {include: [base]}, base: {entries: [2]}}\n")
    files = {"a/guild.yaml": _guild(1), "b/guild.yaml": _guild(2), "common.yaml": common}
    a, b = _guilds(load_files(files)).values()
    assert a.lists["all"] is b.lists["all"]
    assert a.lists["base"] is b.lists["base"]


def test_what_a_shared_file_names_must_be_in_every_guild(load_files: LoadFiles) -> None:
    """The message says in which it is not."""
    common = _shared(f"rules: {{r: {{who: {{roles: staff, lists: x}}, {MUTE}}}}}\n")
    files = {
        "a/guild.yaml": "version: 1\nguild: {id: 1}\nlists: {x: {}}\n",
        "b/guild.yaml": _guild(2),
        "common.yaml": common,
    }
    assert _found(load_files(files)) == [
        "common.yaml:2:26 VG102 There is no role 'staff' in guild a.",
        "common.yaml:2:40 VG102 There is no list 'x' in guild b.",
    ]


def test_a_wrong_shared_rule_is_one_problem(load_files: LoadFiles) -> None:
    """What has nothing to do with guilds is said once, however many there are."""
    files = {f"{name}/guild.yaml": _guild(index) for index, name in enumerate("abc")}
    files["common.yaml"] = _shared("lists: {x: {files: gone.txt}}\n")
    assert _found(load_files(files)) == [
        "common.yaml:2:20 VG016 There is no file 'gone.txt' in the policy set."
    ]


def test_the_same_name_twice_in_a_scope_is_an_error(load_files: LoadFiles) -> None:
    """With both places; rules, lists and schedules have names of their own."""
    window = "windows: [{start: 0 0 * * *, for: 1h}]"
    one = f"lists: {{x: {{}}}}\nschedules: {{x: {{{window}}}}}\nrules: {{x: {{{MUTE}}}}}\n"
    files = {"a/guild.yaml": _guild(1, one), "a/b.yaml": _shared(one)}
    assert _found(load_files(files)) == [
        "a/guild.yaml:3:9 VG101 The list 'x' stands here again, first in a/b.yaml:2:9.",
        "a/guild.yaml:4:13 VG101 The schedule 'x' stands here again, first in a/b.yaml:3:13.",
        "a/guild.yaml:5:9 VG101 The rule 'x' stands here again, first in a/b.yaml:4:9.",
    ]


def test_a_guilds_definition_replaces_a_shared_one_whole(load_files: LoadFiles) -> None:
    """With a warning, and the set loads; nothing of the shared one is left."""
    own = f"rules: {{x: {{where: '7', {MUTE}}}}}\n"
    common = _shared("rules: {x: {priority: 5, then: {disconnect: true}}}\n")
    loaded = load_files({"a/guild.yaml": _guild(1, own), "c.yaml": common})
    assert [each.level.value for each in loaded.problems] == ["warning"]
    assert loaded.policy_set is not None
    (rule,) = loaded.policy_set.guilds[GuildId(1)].rules
    assert (rule.priority, rule.wants[0].key) == (100, "mute")


@pytest.mark.parametrize(
    ("directory", "until"),
    [("a", datetime(2026, 11, 30, 21, tzinfo=UTC)), ("shared", datetime(2026, 12, 1, tzinfo=UTC))],
)
def test_until_without_an_offset_is_local(
    load_files: LoadFiles, directory: str, until: datetime
) -> None:
    """In the guild's zone; in shared files, which have none, in UTC."""
    files = {
        "a/guild.yaml": "version: 1\nguild: {id: 1, timezone: Europe/Moscow}\n",
        f"{directory}/x.yaml": _shared("lists: {x: {entries: [{id: 7, until: 2026-12-01}]}}\n"),
    }
    one = _guilds(load_files(files))[GuildId(1)].lists["x"]
    assert one.changes_at(UserId(7), datetime(2026, 1, 1, tzinfo=UTC)) == until

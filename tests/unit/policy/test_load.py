from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voxguard.model.decisions import Mode
from voxguard.model.ids import GuildId, UserId
from voxguard.policy.files import Sources
from voxguard.policy.load import Loaded, load, load_sources
from voxguard.policy.resolved import GuildPolicy

LoadFiles = Callable[..., Loaded]

MUTE = "then: {mute: true}"


def guild(number: int, more: str = "") -> str:
    return f"version: 1\nguild: {{id: {number}, roles: {{staff: 9{number}}}}}\n{more}"


def shared(more: str) -> str:
    return f"version: 1\n{more}"


def found(loaded: Loaded) -> list[str]:
    return [f"{each.mark} {each.check} {each.message}" for each in loaded.problems]


def guilds(loaded: Loaded) -> dict[GuildId, GuildPolicy]:
    assert loaded.problems == ()
    assert loaded.policy_set is not None
    return dict(loaded.policy_set.guilds)


def test_a_directory_loads(tmp_path: Path) -> None:
    """From files on disk to a resolved set, with the digest of what was read."""
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "guild.yaml").write_text(guild(5, f"rules: {{one: {{{MUTE}}}}}\n"))
    loaded = load(tmp_path)
    assert [rule.name for rule in guilds(loaded)[GuildId(5)].rules] == ["one"]
    assert len(loaded.digest) == 64


def test_a_guild_has_what_its_file_says(load_files: LoadFiles) -> None:
    """Aliases, mode, zone and exemptions, each with its own default."""
    text = (
        "version: 1\nguild:\n  id: '5'\n  mode: observe\n  timezone: Europe/Moscow\n"
        "  channels: {lobby: 7}\n  roles: {staff: 8}\n"
        "  exempt: {who: {roles: staff}, bots: false}\n"
    )
    policy = guilds(load_files({"a/guild.yaml": text}))[GuildId(5)]
    assert (policy.directory, policy.mode, policy.timezone) == ("a", Mode.OBSERVE, "Europe/Moscow")
    assert (dict(policy.channels), dict(policy.roles)) == ({"lobby": 7}, {"staff": 8})
    exempt = policy.exempt
    assert exempt.who is not None
    assert len(exempt.who) == 1
    assert (exempt.bots, exempt.admins, exempt.afk_channel) == (False, True, True)
    plain = guilds(load_files({"guild.yaml": guild(1)}))[GuildId(1)]
    assert (plain.directory, plain.mode, plain.timezone) == (".", Mode.ENFORCE, "UTC")
    assert (plain.exempt.who, plain.exempt.bots) == (None, True)


def test_rules_are_in_decision_order(load_files: LoadFiles) -> None:
    """Priority, then the most severe effect, then the name; wherever they stand."""
    text = (
        "rules:\n  b: {then: {mute: true}}\n  a: {then: {mute: true}}\n"
        "  c: {then: {move: '7'}}\n  d: {then: {allow: true}}\n"
        "  e: {priority: 5, then: {mute: true}}\n"
    )
    other = shared("rules: {f: {mode: 'off', then: {disconnect: true}}}\n")
    policy = guilds(load_files({"guild.yaml": guild(1, text), "x/y.yml": other}))[GuildId(1)]
    assert [rule.name for rule in policy.rules] == ["e", "d", "f", "c", "a", "b"]
    assert str(policy.rules[0].mark) == "guild.yaml:8:3"


def test_each_guild_sees_its_own_and_what_is_shared(load_files: LoadFiles) -> None:
    """A file in no guild's scope is for all guilds, those in a scope for one."""
    policies = guilds(
        load_files(
            {
                "a/guild.yaml": guild(1),
                "a/deep/down/rules.yaml": shared(f"rules: {{own: {{{MUTE}}}}}"),
                "b/guild.yaml": guild(2),
                "all/rules.yaml": shared(f"rules: {{common: {{{MUTE}}}}}"),
            }
        )
    )
    names = {number: [rule.name for rule in each.rules] for number, each in policies.items()}
    assert names == {1: ["common", "own"], 2: ["common"]}


def test_names_in_shared_files_are_resolved_for_each_guild(load_files: LoadFiles) -> None:
    """Aliases and lists: the guild's own first, then the shared one, includes as well."""
    common = shared(
        "lists:\n  all: {include: [base], entries: [1]}\n  base: {entries: [2]}\n"
        f"rules: {{r: {{who: {{lists: all, roles: staff}}, {MUTE}}}}}\n"
    )
    loaded = load_files(
        {
            "a/guild.yaml": guild(1, "lists: {base: {entries: [3]}}\n"),
            "b/guild.yaml": guild(2),
            "common.yaml": common,
        }
    )
    assert found(loaded) == [
        "a/guild.yaml:3:9 VG103 The list 'base' replaces the shared one of common.yaml:4:3 whole."
    ]
    assert loaded.policy_set is not None
    a, b = loaded.policy_set.guilds.values()
    assert [list(each.lists["all"].permanent) for each in (a, b)] == [[1, 3], [1, 2]]
    assert a.rules[0].conditions[1].canonical() == {"any": ["91"]}
    assert b.rules[0].conditions[1].canonical() == {"any": ["92"]}


def test_what_is_the_same_for_all_guilds_is_made_once(load_files: LoadFiles) -> None:
    """A million ids that a hundred guilds share are in memory once."""
    common = shared("lists: {all: {include: [base]}, base: {entries: [2]}}\n")
    files = {"a/guild.yaml": guild(1), "b/guild.yaml": guild(2), "common.yaml": common}
    a, b = guilds(load_files(files)).values()
    assert a.lists["all"] is b.lists["all"]
    assert a.lists["base"] is b.lists["base"]


def test_what_a_shared_file_names_must_be_in_every_guild(load_files: LoadFiles) -> None:
    """The message says in which it is not."""
    common = shared(f"rules: {{r: {{who: {{roles: staff, lists: x}}, {MUTE}}}}}\n")
    files = {
        "a/guild.yaml": "version: 1\nguild: {id: 1}\nlists: {x: {}}\n",
        "b/guild.yaml": guild(2),
        "common.yaml": common,
    }
    assert found(load_files(files)) == [
        "common.yaml:2:26 VG102 There is no role 'staff' in guild a.",
        "common.yaml:2:40 VG102 There is no list 'x' in guild b.",
    ]


def test_a_wrong_shared_rule_is_one_problem(load_files: LoadFiles) -> None:
    """What has nothing to do with guilds is said once, however many there are."""
    files = {f"{name}/guild.yaml": guild(index) for index, name in enumerate("abc")}
    files["common.yaml"] = shared("lists: {x: {files: gone.txt}}\n")
    assert found(load_files(files)) == [
        "common.yaml:2:20 VG016 There is no file 'gone.txt' in the policy set."
    ]


def test_the_same_name_twice_in_a_scope_is_an_error(load_files: LoadFiles) -> None:
    """With both places; rules, lists and schedules have names of their own."""
    window = "windows: [{start: 0 0 * * *, for: 1h}]"
    one = f"lists: {{x: {{}}}}\nschedules: {{x: {{{window}}}}}\nrules: {{x: {{{MUTE}}}}}\n"
    files = {"a/guild.yaml": guild(1, one), "a/b.yaml": shared(one)}
    assert found(load_files(files)) == [
        "a/guild.yaml:3:9 VG101 The list 'x' stands here again, first in a/b.yaml:2:9.",
        "a/guild.yaml:4:13 VG101 The schedule 'x' stands here again, first in a/b.yaml:3:13.",
        "a/guild.yaml:5:9 VG101 The rule 'x' stands here again, first in a/b.yaml:4:9.",
    ]


def test_a_guilds_definition_replaces_a_shared_one_whole(load_files: LoadFiles) -> None:
    """With a warning, and the set loads; nothing of the shared one is left."""
    own = f"rules: {{x: {{where: '7', {MUTE}}}}}\n"
    common = shared("rules: {x: {priority: 5, then: {disconnect: true}}}\n")
    loaded = load_files({"a/guild.yaml": guild(1, own), "c.yaml": common})
    assert [each.level.value for each in loaded.problems] == ["warning"]
    assert loaded.policy_set is not None
    (rule,) = loaded.policy_set.guilds[GuildId(1)].rules
    assert (rule.priority, rule.wants[0].key) == (100, "mute")


def test_a_guild_inside_another_is_an_error(load_files: LoadFiles) -> None:
    """There are just two levels."""
    files = {"a/guild.yaml": guild(1), "a/b/c/guild.yaml": guild(2)}
    message = "This directory is in the scope of a/guild.yaml; one guild cannot stand in another."
    assert found(load_files(files)) == [f"a/b/c/guild.yaml VG015 {message}"]
    files = {"guild.yaml": guild(1), "a/guild.yaml": guild(2)}
    message = message.replace("a/", "", 1)
    assert found(load_files(files)) == [f"a/guild.yaml VG015 {message}"]


def test_guild_stands_in_guild_yaml_alone(load_files: LoadFiles) -> None:
    """Elsewhere it is an error; in guild.yaml it must be there."""
    files = {"a/guild.yaml": guild(1), "a/b.yaml": guild(2), "c/guild.yml": guild(3)}
    assert found(load_files(files)) == [
        "a/b.yaml:2:1 VG015 `guild` stands in guild.yaml alone.",
        "c/guild.yml:2:1 VG015 `guild` stands in guild.yaml alone.",
    ]
    expected = ["guild.yaml:1:1 VG010 The key `guild` is missing here."]
    assert found(load_files({"guild.yaml": "version: 1\n"})) == expected


def test_two_scopes_of_one_guild_are_an_error(load_files: LoadFiles) -> None:
    """It would be unclear which rules are the guild's."""
    files = {"a/guild.yaml": guild(1), "b/guild.yaml": guild(1)}
    assert found(load_files(files)) == [
        "b/guild.yaml:2:13 VG106 The guild 1 has a scope already, in a/guild.yaml."
    ]


def test_a_set_without_a_guild_is_an_error(load_files: LoadFiles) -> None:
    """Policies that are for nobody are surely a mistake."""
    assert found(load_files({"a.yaml": "version: 1\n"})) == [
        ". VG001 No directory of the set has a guild.yaml: the policies are for no guild."
    ]


def test_a_file_that_cannot_be_read_hides_no_names(load_files: LoadFiles) -> None:
    """What it may define is not reported as missing."""
    more = f"rules: {{r: {{who: {{lists: x}}, when: {{schedule: y}}, {MUTE}}}}}\n"
    files = {"a/guild.yaml": guild(1, more), "a/b.yaml": "{", "b/guild.yaml": guild(2, more)}
    assert [each.split(" ")[:2] for each in found(load_files(files))] == [
        ["a/b.yaml:2:1", "VG005"],
        ["b/guild.yaml:3:26", "VG102"],
        ["b/guild.yaml:3:47", "VG102"],
    ]
    files = {"a/guild.yaml": guild(1, more), "b.yaml": "{"}
    assert len(load_files(files).problems) == 1


def test_a_broken_guild_is_left_out(load_files: LoadFiles) -> None:
    """Its rules cannot be resolved; those of other guilds are looked at all the same."""
    more = f"rules: {{r: {{where: gone, {MUTE}}}}}\n"
    files = {
        "a/guild.yaml": f"version: 1\nguild: {{id: x}}\n{more}",
        "b/guild.yaml": guild(2, more),
        "c/guild.yaml": "[",
    }
    checks = [each.check for each in load_files(files).problems]
    assert checks == ["VG012", "VG102", "VG005"]


def test_faults_of_policy_files_are_problems() -> None:
    """A file that is there and cannot be read never counts as absent."""
    from voxguard.policy import checks
    from voxguard.policy.files import Fault

    faults = {"a.yaml": Fault(checks.UNREADABLE, "no"), "b/guild.yaml": Fault(checks.TOO_LARGE, "b")}
    faults["c.txt"] = Fault(checks.UNREADABLE, "not named by any list")
    loaded = load_sources(Sources({"guild.yaml": guild(1).encode()}, faults=faults))
    assert loaded.policy_set is None
    assert [(each.check, each.mark.file) for each in loaded.problems if each.check != "VG015"] == [
        ("VG002", "a.yaml"),
        ("VG003", "b/guild.yaml"),
    ]


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
        f"{directory}/x.yaml": shared("lists: {x: {entries: [{id: 7, until: 2026-12-01}]}}\n"),
    }
    one = guilds(load_files(files))[GuildId(1)].lists["x"]
    assert one.changes_at(UserId(7), datetime(2026, 1, 1, tzinfo=UTC)) == until


def test_short_revisions_are_twelve_digits(load_files: LoadFiles) -> None:
    """What people see is the beginning of the SHA-256."""
    loaded = load_files({"guild.yaml": guild(1)})
    assert loaded.policy_set is not None
    assert len(loaded.policy_set.revision) == 64
    assert loaded.policy_set.short_revision == loaded.policy_set.revision[:12]

from collections.abc import Callable
from pathlib import Path

from voxguard.model.decisions import Mode
from voxguard.model.ids import GuildId
from voxguard.policy import checks
from voxguard.policy.files import Fault, Sources
from voxguard.policy.load import Loaded, load, load_sources
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


def test_a_directory_loads(tmp_path: Path) -> None:
    """From files on disk to a resolved set, with the digest of what was read."""
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "guild.yaml").write_text(_guild(5, f"rules: {{one: {{{MUTE}}}}}\n"))
    loaded = load(tmp_path)
    assert [rule.name for rule in _guilds(loaded)[GuildId(5)].rules] == ["one"]
    assert len(loaded.digest) == 64


def test_a_guild_has_what_its_file_says(load_files: LoadFiles) -> None:
    """Aliases, mode, zone and exemptions, each with its own default."""
    text = (
        "version: 1\nguild:\n  id: '5'\n  mode: observe\n  timezone: Europe/Moscow\n"
        "  channels: {lobby: 7}\n  roles: {staff: 8}\n"
        "  exempt: {who: {roles: staff}, bots: false}\n"
    )
    policy = _guilds(load_files({"a/guild.yaml": text}))[GuildId(5)]
    assert (policy.directory, policy.mode, policy.timezone) == ("a", Mode.OBSERVE, "Europe/Moscow")
    assert (dict(policy.channels), dict(policy.roles)) == ({"lobby": 7}, {"staff": 8})
    exempt = policy.exempt
    assert exempt.who is not None
    assert len(exempt.who) == 1
    assert (exempt.bots, exempt.admins, exempt.afk_channel) == (False, True, True)
    plain = _guilds(load_files({"guild.yaml": _guild(1)}))[GuildId(1)]
    assert (plain.directory, plain.mode, plain.timezone) == (".", Mode.ENFORCE, "UTC")
    assert (plain.exempt.who, plain.exempt.bots) == (None, True)


def test_rules_are_in_decision_order(load_files: LoadFiles) -> None:
    """Priority, then the most severe effect, then the name; wherever they stand."""
    text = (
        "rules:\n  b: {then: {mute: true}}\n  a: {then: {mute: true}}\n"
        "  c: {then: {move: '7'}}\n  d: {then: {allow: true}}\n"
        "  e: {priority: 5, then: {mute: true}}\n"
    )
    other = _shared("rules: {f: {mode: 'off', then: {disconnect: true}}}\n")
    policy = _guilds(load_files({"guild.yaml": _guild(1, text), "x/y.yml": other}))[GuildId(1)]
    assert [rule.name for rule in policy.rules] == ["e", "d", "f", "c", "a", "b"]
    assert str(policy.rules[0].mark) == "guild.yaml:8:3"


def test_a_guild_inside_another_is_an_error(load_files: LoadFiles) -> None:
    """There are just two levels."""
    files = {"a/guild.yaml": _guild(1), "a/b/c/guild.yaml": _guild(2)}
    message = "This directory is in the scope of a/guild.yaml; one guild cannot stand in another."
    assert _found(load_files(files)) == [f"a/b/c/guild.yaml VG015 {message}"]
    files = {"guild.yaml": _guild(1), "a/guild.yaml": _guild(2)}
    message = message.replace("a/", "", 1)
    assert _found(load_files(files)) == [f"a/guild.yaml VG015 {message}"]


def test_guild_stands_in_guild_yaml_alone(load_files: LoadFiles) -> None:
    """Elsewhere it is an error; in guild.yaml it must be there."""
    files = {"a/guild.yaml": _guild(1), "a/b.yaml": _guild(2), "c/guild.yml": _guild(3)}
    assert _found(load_files(files)) == [
        "a/b.yaml:2:1 VG015 `guild` stands in guild.yaml alone.",
        "c/guild.yml:2:1 VG015 `guild` stands in guild.yaml alone.",
    ]
    expected = ["guild.yaml:1:1 VG010 The key `guild` is missing here."]
    assert _found(load_files({"guild.yaml": "version: 1\n"})) == expected


def test_two_scopes_of_one_guild_are_an_error(load_files: LoadFiles) -> None:
    """It would be unclear which rules are the guild's."""
    files = {"a/guild.yaml": _guild(1), "b/guild.yaml": _guild(1)}
    assert _found(load_files(files)) == [
        "b/guild.yaml:2:13 VG106 The guild 1 has a scope already, in a/guild.yaml."
    ]


def test_a_set_without_a_guild_is_an_error(load_files: LoadFiles) -> None:
    """Policies that are for nobody are surely a mistake."""
    assert _found(load_files({"a.yaml": "version: 1\n"})) == [
        ". VG001 No directory of the set has a guild.yaml: the policies are for no guild."
    ]


def test_a_file_that_cannot_be_read_hides_no_names(load_files: LoadFiles) -> None:
    """What it may define is not reported as missing."""
    more = f"rules: {{r: {{who: {{lists: x}}, when: {{schedule: y}}, {MUTE}}}}}\n"
    files = {"a/guild.yaml": _guild(1, more), "a/b.yaml": "{", "b/guild.yaml": _guild(2, more)}
    assert [each.split(" ")[:2] for each in _found(load_files(files))] == [
        ["a/b.yaml:2:1", "VG005"],
        ["b/guild.yaml:3:26", "VG102"],
        ["b/guild.yaml:3:47", "VG102"],
    ]
    files = {"a/guild.yaml": _guild(1, more), "b.yaml": "{"}
    assert len(load_files(files).problems) == 1


def test_a_broken_guild_is_left_out(load_files: LoadFiles) -> None:
    """Its rules cannot be resolved; those of other guilds are looked at all the same."""
    more = f"rules: {{r: {{where: gone, {MUTE}}}}}\n"
    files = {
        "a/guild.yaml": f"version: 1\nguild: {{id: x}}\n{more}",
        "b/guild.yaml": _guild(2, more),
        "c/guild.yaml": "[",
    }
    checks = [each.check for each in load_files(files).problems]
    assert checks == ["VG012", "VG102", "VG005"]


def test_faults_of_policy_files_are_problems() -> None:
    """A file that is there and cannot be read never counts as absent."""
    faults = {
        "a.yaml": Fault(checks.UNREADABLE, "no"),
        "b/guild.yaml": Fault(checks.TOO_LARGE, "b"),
    }
    faults["c.txt"] = Fault(checks.UNREADABLE, "not named by any list")
    loaded = load_sources(Sources({"guild.yaml": _guild(1).encode()}, faults=faults))
    assert loaded.policy_set is None
    assert [(each.check, each.mark.file) for each in loaded.problems if each.check != "VG015"] == [
        ("VG002", "a.yaml"),
        ("VG003", "b/guild.yaml"),
    ]


def test_short_revisions_are_twelve_digits(load_files: LoadFiles) -> None:
    """What people see is the beginning of the SHA-256."""
    loaded = load_files({"guild.yaml": _guild(1)})
    assert loaded.policy_set is not None
    assert len(loaded.policy_set.revision) == 64
    assert loaded.policy_set.short_revision == loaded.policy_set.revision[:12]

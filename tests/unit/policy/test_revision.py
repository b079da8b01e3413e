from collections.abc import Callable

import pytest

from voxguard.policy.load import Loaded

LoadFiles = Callable[..., Loaded]

GUILD = """\
version: 1
guild:
  id: "5"
  timezone: Europe/Moscow
  channels: {lobby: "801", afk: "802"}
  roles: {staff: "811"}
  exempt: {who: {roles: [staff]}}
"""
REST = """\
lists:
  blocked: {entries: ["1", {id: "2", until: 2026-12-01}]}
schedules:
  night: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
rules:
  one: {description: why, who: {lists: blocked}, then: {disconnect: true}}
  two: {where: lobby, when: {schedule: night}, for: 1h, then: {move: afk}}
"""


@pytest.fixture
def revision(load_files: LoadFiles) -> Callable[..., str]:
    """The revision of a set of files."""

    def load(files: dict[str, str]) -> str:
        loaded = load_files(files)
        assert loaded.policy_set is not None, loaded.problems
        return loaded.policy_set.revision

    return load


@pytest.mark.parametrize(
    "files",
    [
        {"guild.yaml": GUILD, "b.yaml": "version: 1\n" + REST},
        {"x/y/guild.yaml": GUILD + REST},
        {
            "g/guild.yaml": GUILD,
            "shared.yml": "version: 1\n" + REST.replace("12-01", "11-30T21:00Z"),
        },
        {"guild.yaml": (GUILD + REST).replace("lobby", "hall")},
        {"guild.yaml": (GUILD + REST).replace("1h", "{time: 60m}")},
        {"guild.yaml": (GUILD + REST).replace("description: why", "owner: us, description: 'why'")},
        {
            "guild.yaml": (GUILD + REST).replace(
                '["1", {id: "2", until: 2026-12-01}]',
                "[{until: 2026-12-01T00:00, id: 2, by: x}, {id: 1, name: x, added: 2026-01-01}]",
            )
        },
        {
            "guild.yaml": (GUILD + REST).replace('entries: ["1", ', "files: [a.txt], entries: ["),
            "a.txt": "1 # x\n1\n",
        },
        {"guild.yaml": (GUILD + REST).replace("{entries", "{description: x, entries")},
        {"guild.yaml": (GUILD + REST).replace("{roles: [staff]}}", "{roles: '811'}, bots: true}")},
        {
            "guild.yaml": (GUILD + REST).replace(
                "timezone: Europe/Moscow",
                "timezone: Europe/Moscow\n  limits: {fuse: {within: 30s, members: 25},"
                " actions: {max: 60, within: 60s}}",
            )
        },
        {"guild.yaml": (GUILD + REST).replace("timezone:", "humans: yield\n  timezone:")},
        {"guild.yaml": ("# hello\r\n" + GUILD + REST).replace("\n", "\r\n")},
    ],
    ids=range(13),
)
def test_what_does_not_change_the_revision(
    revision: Callable[..., str], files: dict[str, str]
) -> None:
    """Files, formatting, aliases, units, owners, notes on entries, defaults written out."""
    assert revision(files) == revision({"guild.yaml": GUILD + REST})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"5"', '"6"'),
        ("timezone: Europe/Moscow", "timezone: Europe/Kiev"),
        ('"801"', '"803"'),
        ('"811"', '"812"'),
        ("exempt: {who: {roles: [staff]}}", "mode: enforce"),
        ("exempt: {who: {roles: [staff]}}", "exempt: {who: {roles: [staff]}, bots: false}"),
        ("exempt: {who: {roles: [staff]}}", "exempt: {who: {roles: [staff]}, admins: false}"),
        ("{roles: [staff]}}", "{roles: [staff]}, afk_channel: false}"),
        ("timezone: Europe/Moscow", "timezone: Europe/Moscow\n  mode: observe"),
        ("timezone: Europe/Moscow", "timezone: Europe/Moscow\n  limits: {fuse: off}"),
        (
            "timezone: Europe/Moscow",
            "timezone: Europe/Moscow\n  limits: {fuse: {members: 26, within: 30s}}",
        ),
        (
            "timezone: Europe/Moscow",
            "timezone: Europe/Moscow\n  limits: {actions: {max: 60, within: 61s}}",
        ),
        ("timezone: Europe/Moscow", "timezone: Europe/Moscow\n  humans: reassert"),
        ("then: {move: afk}", "cooldown: 5m, then: {move: afk}"),
        ("then: {disconnect: true}", "then: {disconnect: true, warn: out}"),
        ('["1",', '["1", "3",'),
        ('["1",', "["),
        ("until: 2026-12-01", "until: 2026-12-02"),
        ("0 22 * * *", "0 23 * * *"),
        ("description: why", "description: how"),
        ("for: 1h", "for: 2h"),
        ("{move: afk}", "{move: lobby}"),
        ("  one: {", "  three: {"),
        ("one: {desc", "one: {mode: 'off', desc"),
    ],
)
def test_what_changes_the_revision(revision: Callable[..., str], old: str, new: str) -> None:
    """Whatever can change a decision, a reason or an announcement."""
    changed = (GUILD + REST).replace(old, new)
    assert changed != GUILD + REST
    assert revision({"guild.yaml": changed}) != revision({"guild.yaml": GUILD + REST})


def test_the_revision_is_the_same_everywhere(revision: Callable[..., str]) -> None:
    """It does not depend on hash seeds, platforms or the program's version."""
    found = revision({"guild.yaml": GUILD + REST})
    assert found == "317f09915255ffc2ffd437fc2d9238e950e617511467711aa8eb41ee51720c94"

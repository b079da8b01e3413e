from pathlib import Path

from voxguard.policy.files import is_test
from voxguard.policy.load import load

SAMPLES = Path(__file__).parents[3] / "policies"


def test_the_sample_policies_load_without_a_word() -> None:
    """What people start from has neither errors nor warnings."""
    loaded = load(SAMPLES)
    assert loaded.problems == ()
    assert loaded.policy_set is not None
    (guild,) = loaded.policy_set.guilds.values()
    assert [rule.name for rule in guild.rules] == [
        "blocked-stay-out",
        "a-raid-is-quiet",
        "no-hopping",
        "hopping-is-reported",
        "away-goes-to-afk",
        "lobby-time-limit",
        "members-only",
        "new-accounts-listen",
        "night-silence",
        "djs-speak-on-stage",
        "speakers-are-on-air",
        "have-a-rest",
    ]
    assert guild.exempt.who is not None


def test_every_sample_rule_says_why_and_whom_to_ask() -> None:
    """A comment above it, a description for the audit log, and an owner."""
    files = (SAMPLES / "example-guild" / "rules").glob("*.yaml")
    for file in (each for each in files if not is_test(each.name)):
        lines = file.read_text("utf-8").splitlines()
        starts = [
            index
            for index, line in enumerate(lines)
            if line.startswith("  ") and line[2] not in " #" and line.endswith(":")
        ]
        assert starts
        for start in starts:
            assert lines[start - 1].startswith("  # ")
            assert lines[start + 1].startswith("    description: ")
            assert lines[start + 2].startswith("    owner: ")

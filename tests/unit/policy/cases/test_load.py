from collections.abc import Callable

from voxguard.policy import checks
from voxguard.policy.cases.load import LoadedCases, load_cases
from voxguard.policy.files import Fault, Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import PolicySet

CASE = "    start: 2026-03-02\n    members: {a: {}}\n    steps: [{at: 1h, expect: {a: nothing}}]\n"


def _guild(number: int) -> bytes:
    return f'version: 1\nguild: {{id: "{number}"}}\nrules: {{r: {{then: {{mute: true}}}}}}'.encode()


def _several() -> PolicySet:
    loaded = load_sources(Sources({"moscow/guild.yaml": _guild(1), "oslo/guild.yaml": _guild(2)}))
    assert loaded.policy_set is not None
    return loaded.policy_set


def _load(policy_set: PolicySet, guild: str) -> LoadedCases:
    text = f"version: 1\ntests:\n  one:\n{CASE}{guild}"
    return load_cases(policy_set, Sources({"a.test.yaml": text.encode()}))


def test_a_guild_is_named_by_its_directory_or_its_id() -> None:
    """Either finds the same guild."""
    every = _several()
    for name in ("oslo", '"2"', "2"):
        [case] = _load(every, f"    guild: {name}\n").cases
        assert case.guild.directory == "oslo"


def test_with_several_guilds_a_test_says_which() -> None:
    """Nothing is guessed, and a name that is wrong is no name."""
    [problem] = _load(_several(), "").problems
    assert (problem.check, problem.mark.line) == (checks.MISSING_KEY.id, 3)
    assert "The set has 2 guilds" in problem.message
    assert problem.hint is None
    [problem] = _load(_several(), "    guild: osl0\n").problems
    assert str(problem.mark) == "a.test.yaml:7:12"
    assert problem.message == "There is no guild 'osl0' in the policy set."
    assert problem.hint == "Did you mean oslo?"


def test_what_to_write_is_said_where_the_place_tells() -> None:
    """A test beside a guild's rules is most likely about it; that is for its author to say."""
    text = f"version: 1\ntests:\n  one:\n{CASE}".encode()
    sources = Sources({"oslo/rules/a.test.yaml": text, "oslofjord/a.test.yaml": text})
    hints = [problem.hint for problem in load_cases(_several(), sources).problems]
    assert hints == ["Write `guild: oslo`.", None]


def test_a_guild_at_the_top_of_the_set_is_called_by_its_id() -> None:
    """Messages about names say which guild lacks them."""
    loaded = load_sources(Sources({"guild.yaml": _guild(1)}))
    assert loaded.policy_set is not None
    text = f"version: 1\ntests:\n  one:\n{CASE}".replace("nothing", "{mute: true, rule: q}")
    [problem] = load_cases(loaded.policy_set, Sources({"a": text.encode()})).problems
    assert problem.message == "There is no rule 'q' in guild 1."


def test_the_rest_is_read_when_a_file_is_broken(policy_set: PolicySet) -> None:
    """Problems of all files come together, and what cannot be read is one of them."""
    sources = Sources(
        {"a.test.yaml": b"\xff", "b.test.yaml": f"version: 1\ntests:\n  one:\n{CASE}".encode()},
        faults={"c.test.yaml": Fault(checks.UNREADABLE, "Reading failed.")},
    )
    loaded = load_cases(policy_set, sources)
    assert [case.name for case in loaded.cases] == ["one"]
    assert [(each.mark.file, each.check) for each in loaded.problems] == [
        ("a.test.yaml", "VG004"),
        ("c.test.yaml", "VG002"),
    ]


def test_hints_end_where_nobody_reads_on(load: Callable[[str], LoadedCases]) -> None:
    """A file with very many wrong names is answered in time."""
    names = ", ".join(f"m{number}: nothing" for number in range(700))
    loaded = load(f"version: 1\ntests:\n  one:\n{CASE.replace('a: nothing', names)}")
    assert len(loaded.problems) == 501
    assert loaded.problems[0].message == "200 more in this file, not shown."

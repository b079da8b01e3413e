from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from voxguard.policy import checks, listing
from voxguard.policy.files import Fault, Sources
from voxguard.policy.load import Loaded, load_sources
from voxguard.policy.resolved import GuildPolicy

LoadFiles = Callable[..., Loaded]


def test_entries_files_and_includes_are_one_list(load_files: LoadFiles, guild_yaml: str) -> None:
    """All three ways to be in, an id as text, number or mapping, files of both kinds."""
    more = (
        "lists:\n  all:\n"
        '    entries: ["1", 2, {id: 3, name: x, reason: y, added: 2026-01-01, by: z}]\n'
        "    files: [lists/a.txt, ./lists/../lists/b.csv]\n"
        "    include: other\n"
        "  other: {entries: 7, files: lists/a.txt}\n"
    )
    files = {
        "guild.yaml": guild_yaml + more,
        "lists/a.txt": "4\n",
        "lists/b.csv": "id,until\n5,\n6,2026-12-01\n",
    }
    loaded = load_files(files)
    assert loaded.problems == ()
    assert loaded.policy_set is not None
    (guild,) = loaded.policy_set.guilds.values()
    assert list(guild.lists["all"].permanent) == [1, 2, 3, 4, 5, 7]
    expected = {6: datetime(2026, 11, 30, 21, tzinfo=UTC)}
    assert dict(guild.lists["all"].expiring) == expected
    assert list(guild.lists["other"].permanent) == [4, 7]


def test_files_are_named_from_where_the_list_stands(load_files: LoadFiles, guild_yaml: str) -> None:
    """Also upwards, as long as it stays in the policy set."""
    more = "version: 1\nlists: {x: {files: [../a.txt, b.txt]}}\n"
    files = {
        "guild.yaml": guild_yaml,
        "deep/x.yaml": more,
        "a.txt": "1",
        "deep/b.txt": "2",
    }
    loaded = load_files(files)
    assert loaded.policy_set is not None
    (guild,) = loaded.policy_set.guilds.values()
    assert list(guild.lists["x"].permanent) == [1, 2]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../a.txt", "VG016 The file '../a.txt' lies outside the policy set."),
        ("/etc/passwd", "VG016 The file '/etc/passwd' lies outside the policy set."),
        ("b.txt", "VG016 There is no file 'b.txt' in the policy set."),
        ("guild.yaml", "VG016 The file 'guild.yaml' ends neither in .csv nor in .txt."),
        ("link.txt", "VG002 The file 'link.txt': The link leads outside the policy set."),
        ("", "VG016 The file '' ends neither in .csv nor in .txt."),
    ],
)
def test_files_that_are_not_there_for_a_list(guild_yaml: str, name: str, message: str) -> None:
    """Outside, absent, of another kind, unreadable: said where the file is named."""
    text = f"{guild_yaml}lists: {{x: {{files: ['{name}']}}}}\n"
    fault = Fault(checks.UNREADABLE, "The link leads outside the policy set.")
    loaded = load_sources(Sources({"guild.yaml": text.encode()}, faults={"link.txt": fault}))
    (problem,) = loaded.problems
    assert f"{problem.check} {problem.message}" == message
    assert str(problem.mark) == "guild.yaml:7:21"


def test_a_file_with_mistakes_is_reported_once(load_files: LoadFiles, guild_yaml: str) -> None:
    """However many lists name it."""
    more = "lists: {x: {files: a.txt}, y: {files: [a.txt, a.txt]}}\n"
    loaded = load_files({"guild.yaml": guild_yaml + more, "a.txt": "x\n"})
    assert [str(each.mark) for each in loaded.problems] == ["a.txt:1:1"]


@pytest.mark.parametrize(
    ("lists", "problem"),
    [
        ("{a: {include: a}}", "7:22 VG104 The lists include each other in a circle: a > a."),
        (
            "{a: {include: b}, b: {include: [x, c]}, c: {include: b}, x: {}}",
            "7:61 VG104 The lists include each other in a circle: b > c > b.",
        ),
        ("{a: {include: z}}", "7:22 VG102 There is no list 'z' in guild 110373943822540800."),
    ],
)
def test_includes_that_lead_nowhere(
    problems_of: Callable[..., list[str]], lists: str, problem: str
) -> None:
    """A circle names its way; an unknown list is a dangling reference."""
    assert problems_of(f"lists: {lists}\n") == [f"guild.yaml:{problem}"]


def test_a_long_chain_of_includes(problems_of: Callable[..., list[str]]) -> None:
    """It needs no stack, and a long circle is told short."""
    chain = "".join(f"  l{n}: {{include: l{n + 1}}}\n" for n in range(3000))
    assert problems_of(f"lists:\n{chain}  l3000: {{}}\n") == []
    (found,) = problems_of(f"lists:\n{chain}  l3000: {{include: l0}}\n")
    assert found.endswith(
        "circle: l0 > l1 > l2 > l3 > l4 > l5 > … > l2996 > l2997 > l2998 > l2999 > l3000 > l0."
    )


def test_an_include_of_something_broken_is_no_second_problem(
    problems_of: Callable[..., list[str]],
) -> None:
    """The broken list is reported where it is broken."""
    found = problems_of("lists: {a: {include: b}, b: {entries: [x]}}\n")
    assert found == ["guild.yaml:7:40 VG012 'x' is not a Discord id."]


@pytest.mark.parametrize(
    ("zone", "until"), [("Etc/GMT-14", "0001-01-01"), ("Etc/GMT+12", "9999-12-31T23:00")]
)
def test_an_instant_outside_of_all_calendars(load_files: LoadFiles, zone: str, until: str) -> None:
    """Where a zone leads out of the years that there are, it is an error."""
    text = f"version: 1\nguild: {{id: 1, timezone: {zone}}}\n"
    text += f"lists: {{x: {{entries: [{{id: 5, until: {until}}}]}}}}\n"
    (problem,) = load_files({"guild.yaml": text}).problems
    assert problem.message == "This instant is outside the years 1 to 9999."
    assert str(problem.mark) == "guild.yaml:3:38"


def test_there_is_a_limit_to_all_lists_together(
    monkeypatch: pytest.MonkeyPatch, load_files: LoadFiles, guild_yaml: str
) -> None:
    """Includes could multiply ids without bound, and so could files."""
    monkeypatch.setattr(listing, "MAX_IDS", 5)
    many = {"guild.yaml": guild_yaml + "lists: {a: {files: a.txt}, b: {files: a.txt}}\n"}
    many["a.txt"] = "1\n2\n3\n"
    message = "The lists together have more than 5 ids."
    assert [each.message for each in load_files(many).problems] == [message]
    chain = guild_yaml + "lists: {a: {entries: [1, 2, 3]}, b: {include: a, entries: [4, 5, 6]}}\n"
    assert [each.message for each in load_files({"guild.yaml": chain}).problems] == [message]


def test_broken_lists_are_not_in_the_guild(load_guild: Callable[..., GuildPolicy]) -> None:
    """An empty list is one all the same."""
    assert list(load_guild("lists: {a: {}, b: {description: x}}\n").lists) == ["a", "b"]

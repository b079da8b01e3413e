from collections.abc import Callable

import pytest
from pydantic import Field

from voxguard.policy.document import Document
from voxguard.policy.load import Loaded
from voxguard.policy.places import Place
from voxguard.policy.report import MAX_IN_FILE, Report
from voxguard.policy.validation import validate

LATER_IN_GUILD = ["log_channel", "commands"]

Problems = Callable[..., list[str]]
LoadFiles = Callable[..., Loaded]


def _rule(text: str) -> str:
    return f"rules:\n  one: {{{text}}}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("thn: {mute: true}, then: {mute: true}", "8:9 VG008 There is no key 'thn' here."),
        ("who: {rolls: staff}, then: {mute: true}", "8:15 VG008 There is no key 'rolls' here."),
        ("who: {}, then: {mute: true}", "8:14 VG012 This block says nothing."),
        ("where: {}, then: {mute: true}", "8:16 VG012 This block says nothing."),
        ("when: {state: {}}, then: {mute: true}", "8:23 VG012 No flag of the voice state is named"),
        ("unless: {}, then: {mute: true}", "8:17 VG012 This block says nothing."),
        ("unless: , then: {mute: true}", "8:17 VG011 There is no value here."),
        ("where: [], then: {mute: true}", "8:16 VG012 This list is empty."),
        ("where: {channels: {}}, then: {mute: true}", "8:27 VG012 This set names nothing."),
        ("who: {roles: {any: []}}, then: {mute: true}", "8:28 VG012 This list is empty."),
        (
            "who: {roles: {any: x, al: x}}, then: {mute: true}",
            "8:31 VG008 There is no key 'al' here.",
        ),
        ("who: {members: x}, then: {mute: true}", "8:24 VG012 'x' is not a Discord id."),
        (
            "who: {members: {none: 1}}, then: {mute: true}",
            "8:24 VG011 A list is expected here, not",
        ),
        (
            "who: {bot: yes}, then: {mute: true}",
            "8:20 VG011 True or false is expected here, not 'y",
        ),
        (
            "where: {kinds: [voice, text]}, then: {mute: true}",
            "8:32 VG012 'text' is none of voice or",
        ),
        (
            "when: {state: {self_mute: 1}}, then: {mute: true}",
            "8:35 VG011 True or false is expected",
        ),
        ("for: 90, then: {mute: true}", "8:14 VG012 '90' is not a duration."),
        (
            "for: {across_channels: true}, then: {mute: true}",
            "8:14 VG010 The key `time` is missing",
        ),
        ("for: {time: 1h, x: 1}, then: {mute: true}", "8:25 VG008 There is no key 'x' here."),
        ("mode: on, then: {mute: true}", "8:15 VG012 'on' is none of enforce, observe or off."),
        ("priority: -1, then: {mute: true}", "8:19 VG012 This must be at least 0, not '-1'."),
        ("priority: 1001, then: {mute: true}", "8:19 VG012 This must be at most 1000, not '1001'."),
        (
            "priority: 1.5, then: {mute: true}",
            "8:19 VG011 A whole number is expected here, not '1.5'",
        ),
        (
            "priority: '5', then: {mute: true}",
            "8:19 VG011 A whole number is expected here, not '5'.",
        ),
        ("description: 5, then: {mute: true}", "8:22 VG011 A text is expected here, not '5'."),
        ("owner: , then: {mute: true}", "8:16 VG011 There is no value here."),
        ("priority: 5", "8:8 VG010 The rule has neither `then` nor `escalate`: it says nothing to"),
        (
            "then: {mute: true}, escalate: {forget_after: 1h, steps: [{mute: true}]}",
            "8:8 VG013 `then` and `escalate` cannot stand together.",
        ),
        ("hold: 5m, then: {mute: true}", "8:9 VG008 There is no key 'hold' here."),
        ("cooldown: x, then: {mute: true}", "8:19 VG012 'x' is not a duration."),
        ("cooldown: 0s, then: {mute: true}", "8:19 VG012 The duration '0s' is zero."),
        ("cooldown: , then: {mute: true}", "8:19 VG011 There is no value here."),
        ("existing: keep, then: {mute: true}", "8:19 VG012 'keep' is none of spare."),
        ("escalate: 5m", "8:19 VG011 A mapping (`key: value`) is expected here, not '5m'."),
    ],
)
def test_a_wrong_rule_is_told_what_is_wrong(problems_of: Problems, text: str, problem: str) -> None:
    """One mistake is one problem, in a sentence, at its line and column."""
    (found,) = problems_of(_rule(text))
    assert found.startswith(f"guild.yaml:{problem}")


@pytest.mark.parametrize("key", LATER_IN_GUILD)
def test_what_comes_later_in_guilds_is_refused(load_files: LoadFiles, key: str) -> None:
    """A key of the language that is not carried out yet is never just ignored."""
    text = f"version: 1\nguild:\n  id: 1\n  {key}: yield\n"
    (problem,) = load_files({"guild.yaml": text}).problems
    assert (problem.check, problem.name) == ("VG009", "not-supported-yet")
    assert (str(problem.mark), problem.pointer) == ("guild.yaml:4:3", f"/guild/{key}")


def test_what_comes_later_in_limits_is_refused(load_files: LoadFiles) -> None:
    """Nor is one of the limits, also beside those that are carried out."""
    text = "version: 1\nguild:\n  id: 1\n  limits: {fuse: off, changes: {members: 1}}\n"
    (problem,) = load_files({"guild.yaml": text}).problems
    assert (problem.check, str(problem.mark)) == ("VG009", "guild.yaml:4:23")
    assert problem.pointer == "/guild/limits/changes"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "1:1 VG011 A mapping (`key: value`) is expected here, not a list."),
        ("text", "1:1 VG011 A mapping (`key: value`) is expected here, not 'text'."),
        ("", "1:1 VG014 The file is empty."),
        ("rules: {}", "1:1 VG014 The file does not begin with `version: 1`."),
        ("version: 2", "1:10 VG014 The version of the language must be 1, not '2'."),
        ("version: '1'", "1:10 VG014 The version of the language must be 1, not the text '1'."),
        ("version: true", "1:10 VG014 The version of the language must be 1, not true."),
        ("version: 1.0", "1:10 VG014 The version of the language must be 1, not '1.0'."),
        ("version: 1\nrule: {}", "2:1 VG008 There is no key 'rule' here."),
        ("version: 1\nrules:", "2:7 VG011 There is no value here."),
        ("version: 1\nrules: []", "2:8 VG011 A mapping (`key: value`) is expected here, not a"),
        ("version: 1\nlists: {X: {}}", "2:9 VG105 'X' cannot be a name."),
        ("version: 1\nlists: {a: }", "2:12 VG011 There is no value here."),
        ("version: 1\nlists: {a: {entries: [x]}}", "2:23 VG012 'x' is not a Discord id."),
        ("version: 1\nlists: {a: {entries: [{id: 1, x: 1}]}}", "2:31 VG008 There is no key 'x'"),
        ("version: 1\nlists: {a: {entries: [{name: x}]}}", "2:23 VG010 The key `id` is missing"),
        ("version: 1\nlists: {a: {entries: [[]]}}", "2:23 VG012 A list is not a Discord id."),
        ("version: 1\nlists: {a: {entries: [{id: 1, until: x}]}}", "2:38 VG012 'x' is not an"),
        ("version: 1\nlists: {a: {entries: [{id: 1, until: }]}}", "2:38 VG011 There is no value"),
        ("version: 1\nlists: {a: {entries: [{id: 1, added: x}]}}", "2:38 VG012 'x' is not an"),
        ("version: 1\nlists: {a: {entries: [{id: 1, name: 5}]}}", "2:37 VG011 A text is expected"),
        ("version: 1\nlists: {a: {include: [null]}}", "2:23 VG011 A name is expected here, not"),
        ("version: 1\nguild: {id: 1}", "2:1 VG015 `guild` stands in guild.yaml alone."),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(problems_of: Problems, text: str, problem: str) -> None:
    """The same for everything around rules."""
    (found,) = problems_of(**{"a.yaml": text})
    assert found.startswith(f"a.yaml:{problem}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id: x", "3:7 VG012 'x' is not a Discord id."),
        ("name: x", "3:3 VG010 The key `id` is missing here."),
        ("id: 1\n  mode: off", "4:9 VG012 'off' is none of enforce or observe."),
        ("id: 1\n  timezone: Moscow", "4:13 VG301 There is no time zone `Moscow`."),
        ("id: 1\n  timezone: 3", "4:13 VG301 A time zone is expected here, not '3'."),
        ("id: 1\n  roles: {Staff: 5}", "4:11 VG105 'Staff' cannot be a name."),
        ("id: 1\n  channels: {a: x}", "4:17 VG012 'x' is not a Discord id."),
        ("id: 1\n  exempt: {bots: 1}", "4:18 VG011 True or false is expected here, not '1'."),
        ("id: 1\n  exempt: {who: {}}", "4:17 VG012 This block says nothing."),
        ("id: 1\n  exempt: {who: {roles: x}}", "4:25 VG102 There is no role 'x' in guild 1."),
    ],
)
def test_a_wrong_guild_is_told_what_is_wrong(
    load_files: LoadFiles, text: str, problem: str
) -> None:
    """The same for guild.yaml."""
    problems = load_files({"guild.yaml": f"version: 1\nguild:\n  {text}\n"}).problems
    found = [f"{each.mark} {each.check} {each.message}" for each in problems]
    assert any(each.startswith(f"guild.yaml:{problem}") for each in found)


def test_every_problem_of_a_set_is_found_in_one_run(problems_of: Problems) -> None:
    """A broken rule hides neither others nor the names that are defined beside it."""
    more = (
        "lists: {broken: {entries: [x]}, empty: {}}\n"
        "schedules: {never: {windows: []}}\n"
        "rules:\n"
        "  one: {who: {lists: [broken, missing]}, when: {schedule: never}, then: {mute: true}}\n"
        "  two: {then: {}}\n"
    )
    other = "version: 1\nrules: {three: {where: nowhere, then: {mute: true}}}\n"
    found = problems_of(more, **{"a.yaml": other, "b.yaml": "version: 3\n"})
    assert [each.split(" ")[:2] for each in found] == [
        ["a.yaml:2:24", "VG102"],
        ["b.yaml:1:10", "VG014"],
        ["guild.yaml:7:28", "VG012"],
        ["guild.yaml:8:30", "VG012"],
        ["guild.yaml:10:31", "VG102"],
        ["guild.yaml:11:15", "VG012"],
    ]


def test_of_very_many_problems_the_rest_is_counted(load_files: LoadFiles, guild_yaml: str) -> None:
    """A file that is wrong all over does not keep anybody waiting."""
    rules = "".join(f"  r{number}: {{x: 1}}\n" for number in range(2000))
    loaded = load_files({"guild.yaml": f"{guild_yaml}rules:\n{rules}"})
    assert len(loaded.problems) == MAX_IN_FILE + 1
    assert loaded.problems[0].message == "1,500 more in this file, not shown."


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("wher: lobby, then: {mute: true}", "Did you mean where or when?"),
        ("who: {lists: {an: x}}, then: {mute: true}", "Did you mean any?"),
        ("for: {tme: 1h, time: 1h}, then: {mute: true}", "Did you mean time?"),
        ("where: lobbi, then: {mute: true}", "Did you mean lobby?"),
        ("where: true, then: {mute: true}", "Quote a name that looks like true, false or null."),
        ("xyz: 1, then: {mute: true}", None),
    ],
)
def test_hints_say_what_was_meant(
    load_files: LoadFiles, guild_yaml: str, text: str, hint: str | None
) -> None:
    """A close key or name, or what to do."""
    (problem,) = load_files({"guild.yaml": guild_yaml + _rule(text)}).problems
    assert problem.hint == hint


def test_a_pointer_leads_to_the_value(load_files: LoadFiles, guild_yaml: str) -> None:
    """It names what stands in the document, and none of what short forms leave out."""
    text = _rule("where: [lobby, nowhere], unless: {who: {lists: x}}, then: {mute: true}")
    pointers = [each.pointer for each in load_files({"guild.yaml": guild_yaml + text}).problems]
    assert pointers == ["/rules/one/where/1", "/rules/one/unless/who/lists"]


def test_an_unforeseen_refusal_is_a_problem_too() -> None:
    """Whatever Pydantic may say one day, it comes with a place and without a traceback."""

    class Fives(Document):
        number: int = Field(multiple_of=5)

    report = Report()
    assert validate(Fives, {"number": 7}, Place("f"), report) is None
    (problem,) = report.problems
    assert (problem.check, problem.message) == ("VG012", "Input should be a multiple of 5.")

import pytest

from tests.unit.lint.tools import GUILD, NIGHT, report
from voxguard.policy import checks

RULE = "where: lobby, then: {mute: true}"
MUTE = "then: {mute: true}"
OTHER = GUILD.replace("540800", "540900")

FIRES = [
    (checks.DUPLICATE_KEY, {"r.yaml": "version: 1\nversion: 1\n"}),
    (checks.DUPLICATE_KEY, {"r.yaml": f"version: 1\nrules: {{a: {{{RULE}}}, a: {{{RULE}}}}}\n"}),
    (checks.DUPLICATE_KEY, {"r.yaml": f"version: 1\nrules: {{a: {{{RULE}, 'where': vip}}}}\n"}),
    (
        checks.DUPLICATE_KEY,
        {"guild.yaml": GUILD.replace("    afk:", "    lobby: '5'\n    afk:")},
    ),
    (
        checks.DUPLICATE_NAME,
        {f"{n}.yaml": f"version: 1\nrules: {{a: {{{RULE}}}}}\n" for n in "ab"},
    ),
    (checks.DUPLICATE_NAME, {f"{n}.yml": "version: 1\nlists: {x: {}}\n" for n in ("a", "d/b")}),
    (checks.DUPLICATE_NAME, {f"{n}.yaml": f"version: 1\n{NIGHT}" for n in "ab"}),
    (checks.DANGLING, {"r.yaml": f"version: 1\nrules: {{a: {{where: lobbby, {MUTE}}}}}\n"}),
    (checks.DANGLING, {"r.yaml": "version: 1\nrules: {a: {then: {grant: boss}}}\n"}),
    (checks.DANGLING, {"r.yaml": "version: 1\nlists: {x: {include: y}}\n"}),
    (
        checks.DANGLING,
        {"r.yaml": f"version: 1\nrules: {{a: {{when: {{schedule: {{none: x}}}}, {MUTE}}}}}\n"},
    ),
    (
        checks.DANGLING,
        {
            "guild.yaml": "",
            "a/guild.yaml": GUILD,
            "b/guild.yaml": OTHER.replace("lobby", "hall"),
            "r.yaml": f"version: 1\nrules: {{a: {{{RULE}}}}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}rules: {{a: {{{RULE}}}}}\n",
            "r.yaml": f"version: 1\nrules: {{a: {{where: vip, {MUTE}}}}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}lists: {{x: {{}}}}\n",
            "r.yaml": "version: 1\nlists: {x: {}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": GUILD,
            "a/b/s.yaml": f"version: 1\n{NIGHT}",
            "c/s.yaml": f"version: 1\n{NIGHT}",
        },
    ),
]

SILENT = [
    (checks.DUPLICATE_KEY, {"r.yaml": f"version: 1\nrules: {{a: {{{RULE}}}, b: {{{RULE}}}}}\n"}),
    (checks.DUPLICATE_KEY, {"r.yaml": "version: 1\nlists: {x: {}}\nschedules: {}\n"}),
    (checks.DUPLICATE_KEY, {"r.yaml": "version: 1\nlists: {x: {description: 'a: a: a'}}\n"}),
    (
        checks.DUPLICATE_NAME,
        {
            "a.yaml": "version: 1\nlists: {x: {}}\n",
            "b.yaml": f"version: 1\nrules: {{x: {{{RULE}}}}}\n",
        },
    ),
    (
        checks.DUPLICATE_NAME,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}lists: {{x: {{}}}}\n",
            "b/guild.yaml": f"{OTHER}lists: {{x: {{}}}}\n",
        },
    ),
    # There is a channel of this name too.
    (checks.DUPLICATE_NAME, {"a.yaml": "version: 1\nlists: {lobby: {}}\n"}),
    (checks.DANGLING, {"r.yaml": f"version: 1\nrules: {{a: {{where: '999', {MUTE}}}}}\n"}),
    (
        checks.DANGLING,
        {
            "r.yaml": f"version: 1\nrules: {{a: {{who: {{lists: x}}, {MUTE}}}}}\n",
            "z/x.yaml": "version: 1\nlists: {x: {}}\n",
        },
    ),
    (
        checks.DANGLING,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}rules: {{a: {{who: {{lists: x}}, {MUTE}}}}}\n",
            "x.yaml": "version: 1\nlists: {x: {}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}lists: {{x: {{}}}}\n",
            "b/guild.yaml": f"{OTHER}lists: {{x: {{}}}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}lists: {{x: {{}}}}\n",
            "r.yaml": f"version: 1\nrules: {{x: {{{RULE}}}}}\n",
        },
    ),
    (
        checks.SHADOWED,
        {
            "guild.yaml": "",
            "a/guild.yaml": f"{GUILD}lists: {{x: {{include: y}}}}\n",
            "r.yaml": "version: 1\nlists: {y: {}}\n",
        },
    ),
]


def _ids(files: dict[str, str]) -> set[str]:
    every = {"guild.yaml": GUILD} | files
    found = report({name: text for name, text in every.items() if text})
    return {problem.check for problem in found.problems}


@pytest.mark.parametrize(("check", "files"), FIRES)
def test_it_fires(check: checks.Check, files: dict[str, str]) -> None:
    """In one file and over several, at the top and inside, in a guild's scope and a shared one."""
    assert check.id in _ids(files)


@pytest.mark.parametrize(("check", "files"), SILENT)
def test_it_does_not_fire(check: checks.Check, files: dict[str, str]) -> None:
    """At names of other kinds and scopes, at ids, at texts, and at what is found elsewhere."""
    assert check.id not in _ids(files)

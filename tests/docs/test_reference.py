"""Tables of the reference say what the code says."""

import re
from typing import Final, get_args

from tests.docs.pages import DOCS, ROOT
from voxguard.policy import checks, files
from voxguard.policy.conditions.blocks import LEAVES
from voxguard.policy.conditions.state import StateDocument
from voxguard.policy.definitions import ExemptDocument, GuildDocument
from voxguard.policy.document import Document, NotYet
from voxguard.policy.effects import message, timeout
from voxguard.policy.effects.escalate import MOST_STEPS, EscalateDocument
from voxguard.policy.effects.then import KINDS
from voxguard.policy.limits import MOST as MOST_AT_ONCE
from voxguard.policy.limits import GuildLimitsDocument, RuleLimitsDocument
from voxguard.policy.listing import MAX_IDS
from voxguard.policy.recent import MOST as MOST_ENTRIES
from voxguard.policy.report import MAX_IN_FILE, MAX_IN_SET
from voxguard.policy.rules import RuleDocument
from voxguard.policy.schedules.cron import LONGEST
from voxguard.policy.yaml.reader import MAX_ALIASED, MAX_DEPTH

LANGUAGE: Final = (DOCS / "language.md").read_text()


def _section(title: str) -> str:
    """The text below a heading, up to the next one of its level or above."""
    level, _, _ = title.partition(" ")
    _, _, rest = LANGUAGE.partition(f"\n{title}\n")
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def _first_cells(section: str) -> set[str]:
    """What stands in backticks in the first column of the tables of a section."""
    rows = (line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def _keys(model: type[Document], *, later: bool) -> set[str]:
    not_yet = get_args(NotYet)[1]
    return {
        field.alias or name
        for name, field in model.model_fields.items()
        if (not_yet in field.metadata) is later
    }


def test_every_check_is_in_the_table_of_problems() -> None:
    """Whoever meets an id finds out what it means."""
    for check in checks.ALL:
        assert f"| {check.id} | {check.name} |" in LANGUAGE


def test_the_keys_of_guilds_and_rules_are_all_there() -> None:
    """A key that can be written is one that is explained."""
    guild = _first_cells(_section("## guild.yaml"))
    assert guild == _keys(GuildDocument, later=False) | _keys(ExemptDocument, later=False)
    rules = _first_cells(_section("## Rules").split("\n### ")[0])
    assert rules == _keys(RuleDocument, later=False)


def test_the_conditions_and_effects_are_all_there() -> None:
    """The tables name what there is, and nothing else."""
    flags = {"who": set(), "where": set(), "when": set(StateDocument.model_fields)}
    for block, more in flags.items():
        keys = {leaf.key for leaf in LEAVES if leaf.block == block}
        assert _first_cells(_section(f"### `{block}`")) == keys | more
    effects = {cell.partition(":")[0] for cell in _first_cells(_section("## Effects"))}
    assert effects == {kind.key for kind in KINDS}
    limits = _first_cells(_section("## How much at once"))
    assert limits == _keys(RuleLimitsDocument, later=False)
    for key in _keys(EscalateDocument, later=False):
        assert f"`{key}`" in _section("### `escalate`")


def test_the_keys_that_come_later_are_all_there() -> None:
    """What is refused as not supported yet can be looked up."""
    section = _section("## Not supported yet")
    rows = {line.split("|")[1].strip(" `"): line for line in section.splitlines() if "|" in line}

    def named(row: str) -> set[str]:
        return set(re.findall(r"`([^`]+)`", rows[row].split("|")[2]))

    assert set(rows) - {"where", "---"} == {"guild", "limits"}
    assert named("guild") == _keys(GuildDocument, later=True)
    assert named("limits") == _keys(GuildLimitsDocument, later=True)
    assert _keys(RuleDocument, later=True) == set()


def test_the_limits_are_those_of_the_code() -> None:
    """A number in the table is the number that is checked."""
    mebibyte = 2**20
    cells = {
        "a policy file": f"{files.MAX_POLICY_BYTES // mebibyte} MiB",
        "a list file": f"{files.MAX_LIST_BYTES // mebibyte} MiB",
        "all files of a set": f"{files.MAX_TOTAL_BYTES // mebibyte} MiB",
        "files and directories in a set": f"{files.MAX_ENTRIES:,}",
        "ids in all lists of a set": f"{MAX_IDS:,}",
        "depth of nesting in a file": f"{MAX_DEPTH}",
        "values that the aliases of a file stand for": f"{MAX_ALIASED:,}",
        "problems shown of one file": f"{MAX_IN_FILE}",
        "problems shown of a set": f"{MAX_IN_SET:,}",
        "characters of a message": f"{message.LONGEST:,}",
        "steps of an escalation": f"{MOST_STEPS}",
        "`min` of entries": f"{MOST_ENTRIES:,}",
        "length of a timeout": f"{timeout.LONGEST.days} days",
        "actions and members in `limits`": f"{MOST_AT_ONCE:,}",
    }
    for what, most in cells.items():
        assert f"| {what} | {most} |" in LANGUAGE
    assert f"more than {LONGEST} characters" in (DOCS / "schedules.md").read_text()


def test_the_files_that_the_architecture_names_exist() -> None:
    """Whoever follows the way of an event finds each station."""
    text = (DOCS / "architecture.md").read_text()
    package = ROOT / "voxguard"
    named = set(re.findall(r"`([\w./]+\.py|[a-z_/]+/)`", text)) - {"policies/"}
    files = {path.relative_to(package) for path in package.rglob("*.py")}
    missing = [
        name
        for name in sorted(named)
        if "NAME" not in name
        and not (package / name).exists()
        and not (ROOT / name).exists()
        and not any(file.name == name for file in files)
    ]
    assert missing == []
    assert len(named) > 40

from datetime import UTC, datetime

import pytest

from tests.unit.lint.tools import GUILD, NOW, problems, report

MUTE = "then: {mute: true}"
USELESS = "VG402"


def _checks(text: str, now: datetime = NOW) -> list[tuple[str, int | None]]:
    return [(each.check, each.mark.line) for each in problems(text, now)]


@pytest.mark.parametrize(
    "text",
    [
        f"rules:\n  # voxguard: ignore VG202: meant\n  r: {{{MUTE}}}\n",
        f"rules:\n  r: {{{MUTE}}}  # voxguard: ignore VG202: meant\n",
        f"rules:\n  r: {{{MUTE}}}  #voxguard:ignore VG202 until 2026-03-03 : meant\n",
        f"rules:\n  r: {{{MUTE}}}  # VoxGuard: ignore VG202,  VG017: meant\n",
    ],
)
def test_a_comment_silences_a_check(text: str) -> None:
    """On the line or the one above, written with or without blanks."""
    assert "VG202" not in {check for check, _ in _checks(text)}


@pytest.mark.parametrize(
    "text",
    [
        f"rules:\n  # voxguard: ignore VG202: meant\n\n  r: {{{MUTE}}}\n",
        f"rules:\n  r: {{{MUTE}}}\n  # voxguard: ignore VG202: meant\n",
        f"rules:\n  # voxguard: ignore VG201: meant\n  r: {{{MUTE}}}\n",
        f"rules:\n  # voxguard: ignore VG202\n  r: {{{MUTE}}}\n",
        f"rules:\n  # voxguard: ignore VG202 until 2026-02-30: meant\n  r: {{{MUTE}}}\n",
        f"rules:\n  # voxguard: ignore: meant\n  r: {{{MUTE}}}\n",
        f"rules:\n  # voxguard: skip VG202: meant\n  r: {{{MUTE}}}\n",
        f"rules:\n  # voxguard: ignore VG999: meant\n  r: {{{MUTE}}}\n",
    ],
)
def test_a_comment_that_silences_nothing_is_found(text: str) -> None:
    """Elsewhere, for another check, or without what it needs; the finding stays."""
    assert sorted({check for check, _ in _checks(text)}) == ["VG202", USELESS]


def test_a_text_is_no_comment() -> None:
    """What stands in a description is neither obeyed nor criticised."""
    text = f'rules:\n  r: {{description: "x # voxguard: ignore VG202: y", {MUTE}}}\n'
    assert _checks(text) == [("VG202", 3)]


def test_other_comments_are_left_alone() -> None:
    """The program's name may be spoken of."""
    text = (
        "rules:\n  # voxguard does this\n  r: {where: lobby, then: {mute: true}}  # with voxguard\n"
    )
    assert _checks(text) == []


def test_a_date_ends_it() -> None:
    """Up to that day it counts, from then on both it and the finding are reported."""
    text = f"rules:\n  # voxguard: ignore VG202 until 2026-03-03: meant\n  r: {{{MUTE}}}\n"
    assert _checks(text, datetime(2026, 3, 2, 23, 59, tzinfo=UTC)) == []
    after = _checks(text, datetime(2026, 3, 3, tzinfo=UTC))
    assert after == [(USELESS, 3), ("VG202", 4)]


def test_what_loading_warns_of_can_be_silenced() -> None:
    """A guild's definition may replace a shared one on purpose."""
    rule = "rules:\n  x: {where: lobby, then: {mute: true}}"
    files = {"shared.yaml": f"version: 1\n{rule}\n", "a/guild.yaml": f"{GUILD}{rule}"}
    assert [each.check for each in report(files).problems] == ["VG103"]
    files["a/guild.yaml"] += "  # voxguard: ignore VG103: ours is stricter\n"
    assert report(files).problems == ()


def test_an_error_of_loading_cannot_be_silenced() -> None:
    """A set that does not load is never called fine."""
    text = "version: 1  # voxguard: ignore VG001: meant\n"
    found = report({"a.yaml": text})
    assert [each.check for each in found.problems] == ["VG001"]
    assert found.loaded.policy_set is None


def test_of_very_many_findings_the_rest_is_counted() -> None:
    """A report stays readable, and errors are not crowded out by warnings."""
    rules = "".join(f"  r{n}: {{{MUTE}, priority: {n}}}\n" for n in range(600))
    found = problems(f"rules:\n{rules}  z: {{priority: 1000, then: {{disconnect: true}}}}\n")
    assert len(found) == 501
    assert found[-1].message.endswith("more in this file, not shown.")
    assert [each.check for each in found if each.level.value == "error"] == ["VG202"]

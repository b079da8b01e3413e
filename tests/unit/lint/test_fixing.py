from functools import partial
from pathlib import Path

import pytest

from tests.unit.lint.tools import GUILD, NOW
from voxguard.errors import LockedError, UnsafeError
from voxguard.lint import fixing
from voxguard.lint.checks import implicit_type
from voxguard.lint.checks.base import LintCheck
from voxguard.lint.edits import Edit
from voxguard.lint.fixing import Fixed, fix
from voxguard.lint.report import LintReport, lint
from voxguard.policy.files import read_sources

_again = partial(lint, now=NOW)


def _fix(root: Path) -> tuple[LintReport, tuple[Fixed, ...]]:
    return fix(_again(read_sources(root)), root, _again)


def _fixed(root: Path, text: str, file: str = "rules.yaml") -> str:
    """What becomes of a file; its line ends as it was written."""
    (root / "guild.yaml").write_text(GUILD)
    (root / file).write_bytes(text.encode())
    report, _ = _fix(root)
    assert report.revision is not None
    return (root / file).read_bytes().decode()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "version: 1\nlists: {x: {entries: [5,6 , {id: 7}]}}  # 8\n",
            'version: 1\nlists: {x: {entries: ["5","6" , {id: "7"}]}}  # 8\n',
        ),
        (
            (
                "version: 1\nlists:\n  x:\n    entries:\n    - &a 5 # é\n    - *a\n"
                "    - &b # 日本\n      007\n"
            ),
            (
                'version: 1\nlists:\n  x:\n    entries:\n    - &a "5" # é\n    - *a\n'
                '    - &b # 日本\n      "007"\n'
            ),
        ),
        (
            "\ufeffversion: 1\r\nlists: {x: {\r\n  description: 'ü 5',\r\n entries: 5}}",
            "\ufeffversion: 1\r\nlists: {x: {\r\n  description: 'ü 5',\r\n entries: \"5\"}}",
        ),
        (
            "version: 1\nrules:\n  r: {where: 5, priority: 6, then: {move: 7}}\r",
            'version: 1\nrules:\n  r: {where: "5", priority: 6, then: {move: "7"}}\r',
        ),
        (
            "%YAML 1.2\n---\nversion: 1\nlists: {x: {entries: 5}}\n...\n",
            '%YAML 1.2\n---\nversion: 1\nlists: {x: {entries: "5"}}\n...\n',
        ),
    ],
)
def test_only_quotes_are_added(tmp_path: Path, text: str, after: str) -> None:
    """Comments, anchors, line ends, the byte order mark and other numbers stay."""
    assert _fixed(tmp_path, text) == after


def test_a_name_that_is_a_number_elsewhere(tmp_path: Path) -> None:
    """An alias like 1e3 is quoted as well: it is no thousand."""
    guild = GUILD.replace("lobby:", "1e3:")
    (tmp_path / "r.yaml").write_text("version: 1\nrules: {r: {where: 1e3, then: {mute: true}}}\n")
    assert '1e3: "' in _fixed(tmp_path, guild, "guild.yaml")
    report, _ = _fix(tmp_path)
    assert report.problems == ()
    assert 'where: "1e3"' in (tmp_path / "r.yaml").read_text()


def test_a_number_that_is_not_only_an_id_is_left(tmp_path: Path) -> None:
    """Quotes would make a text of the priority; the finding stays."""
    text = (
        "version: 1\nrules:\n  r: {priority: &n 5, who: {members: [*n, 6]}, then: {mute: true}}\n"
    )
    assert _fixed(tmp_path, text) == text.replace("6", '"6"')
    report, done = _fix(tmp_path)
    assert done == ()
    assert [problem.check for problem in report.problems] == ["VG017"]


def test_what_a_comment_silences_is_left(tmp_path: Path) -> None:
    """Who says that it is meant is believed."""
    text = (
        "version: 1\nlists:\n  x:\n    entries:\n"
        "      - 5  # voxguard: ignore VG017: another tool wants a number\n\n      - 6\n"
    )
    assert _fixed(tmp_path, text) == text.replace("- 6", '- "6"')


def test_it_says_what_it_did(tmp_path: Path) -> None:
    """The file, how many and where; the report is that of the files as they are then."""
    (tmp_path / "guild.yaml").write_text("version: 1\nguild:\n  id: 1\n  roles: {a: 2, b: 3}\n")
    before = _again(read_sources(tmp_path))
    report, done = _fix(tmp_path)
    assert done == (Fixed("guild.yaml", implicit_type.CHECK.check, 3, (3, 4)),)
    assert report.problems == ()
    assert report.revision == before.revision
    assert report.as_json() == _again(read_sources(tmp_path)).as_json()
    assert _fix(tmp_path)[1] == ()


def test_of_very_many_all_are_fixed(tmp_path: Path) -> None:
    """Also those that a report leaves out."""
    entries = "".join(f"      - {number}\n" for number in range(1, 2001))
    text = f"version: 1\nlists:\n  x:\n    entries:\n{entries}"
    assert _fixed(tmp_path, text).count('"') == 4000


def test_files_in_directories_and_behind_links(tmp_path: Path) -> None:
    """The set's own directory may be a link, and so may files in it."""
    real = tmp_path / "real"
    (real / "g" / "lists").mkdir(parents=True)
    (real / "g" / "guild.yaml").write_text(GUILD)
    (real / "g" / "lists" / "x.yaml.in").write_text("version: 1\nlists: {x: {entries: 5}}\n")
    (real / "g" / "lists" / "x.yaml").symlink_to("x.yaml.in")
    link = tmp_path / "link"
    link.symlink_to("real")
    _, done = _fix(link)
    assert [each.file for each in done] == ["g/lists/x.yaml"]
    assert (real / "g" / "lists" / "x.yaml").is_symlink()
    assert '"5"' in (real / "g" / "lists" / "x.yaml.in").read_text()


def test_a_set_that_changes_meanwhile(tmp_path: Path) -> None:
    """What was read is not what would be replaced."""
    (tmp_path / "guild.yaml").write_text("version: 1\nguild: {id: 1}\n")
    report = _again(read_sources(tmp_path))
    (tmp_path / "guild.yaml").write_text("version: 1\nguild: {id: 2}\n")
    with pytest.raises(LockedError):
        fix(report, tmp_path, _again)
    assert (tmp_path / "guild.yaml").read_text() == "version: 1\nguild: {id: 2}\n"


@pytest.mark.parametrize("text", ["6", "["])
def test_a_fix_that_changes_the_meaning_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Were a check's fix wrong, no file would be touched."""
    original = implicit_type.CHECK
    wrong = LintCheck(
        original.id,
        original.name,
        original.level,
        original.about,
        original.find,
        lambda *_: iter([Edit(23, 24, text)]),
    )
    monkeypatch.setattr(fixing, "CHECKS", (wrong,))
    (tmp_path / "guild.yaml").write_text("version: 1\nguild: {id: 5}\n")
    with pytest.raises(UnsafeError, match=r"guild\.yaml"):
        _fix(tmp_path)
    assert (tmp_path / "guild.yaml").read_text() == "version: 1\nguild: {id: 5}\n"

from typing import Any

import pytest

from voxguard.policy.report import Report
from voxguard.policy.yaml import reader
from voxguard.policy.yaml.reader import MAX_ALIASED, MAX_DEPTH, read_yaml


def _read(text: str | bytes) -> tuple[Any, list[str]]:
    report = Report()
    data = text.encode() if isinstance(text, str) else text
    document = read_yaml(data, "f", report)
    problems = [f"{each.mark} {each.check} {each.message}" for each in report.problems]
    return (None if document is None else document.value), problems


def test_values_of_every_style_are_read() -> None:
    """Plain scalars are resolved, quoted and block scalars are text."""
    value, problems = _read("a: 1\nb: ['1', \"x\", {c: }]\nd: |\n  1\n")
    assert value == {"a": 1, "b": ["1", "x", {"c": None}], "d": "1\n"}
    assert problems == []


def test_colons_in_flow_style_are_text() -> None:
    """Instants and times stand in flow mappings without quotes."""
    value, _ = _read("{from: 2026-12-31T20:00, to: 22:30}")
    assert value == {"from": "2026-12-31T20:00", "to": "22:30"}


def test_a_quoted_merge_key_is_a_text() -> None:
    """Only the plain one ever meant anything."""
    assert _read("'<<': 1") == ({"<<": 1}, [])


def test_a_byte_order_mark_and_crlf_are_fine() -> None:
    """Files from Windows read like any others."""
    assert _read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n") == ({"a": 1, "b": 2}, [])


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_nothing(text: str) -> None:
    """A file without a document has no value, and that is the reader's whole answer."""
    assert _read(text) == (None, [])


def test_every_key_value_and_item_has_its_place() -> None:
    """Lines and columns count from 1, in characters."""
    report = Report()
    document = read_yaml("é: [1, {b: x}]\nc: 'd'\n".encode(), "f", report)
    assert document is not None
    place = document.place
    assert str(place.mark) == "f:1:1"
    assert str(place.child("é").key_mark) == "f:1:1"
    assert str(place.child("é").child(0).mark) == "f:1:5"
    assert str(place.follow(["é", 1, "b"]).key_mark) == "f:1:9"
    assert str(place.follow(["é", 1, "b"]).mark) == "f:1:12"
    assert str(place.child("c").mark) == "f:2:4"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: !!str 1", "f:1:4 VG007 The tag tag:yaml.org,2002:str is not allowed; "),
        ("a: !mine {}", "f:1:4 VG007 The tag !mine is not allowed; "),
        ("a: 1\nb: 2\na: 3", "f:3:1 VG006 The key 'a' stands here again, first in line 1."),
        ("<<: {a: 1}", "f:1:1 VG007 Merge keys (<<) are not part of YAML 1.2."),
    ],
)
def test_reading_goes_on_after_small_mistakes(text: str, problem: str) -> None:
    """Tags, duplicate keys and merge keys are errors, and the rest is still read."""
    value, problems = _read(text)
    assert value is not None
    assert len(problems) == 1
    assert problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n\t- b", "f:2:1 VG005 A tab is used for indentation."),
        ("a:\n  - |\n\tb", "f:3:1 VG005 A tab is used for indentation."),
        ("a: @b", "f:1:4 VG005 No value can begin with @."),
        ("a: 'b", "f:1:6 VG005 The file ends inside a quoted text."),
        ("a: [b\nc: d\n", "f:2:2 VG005 A comma or the end of the [ of line 1 is missing here."),
        ("a: {b", "f:2:1 VG005 A comma or the end of the { of line 1 is missing here."),
        ("a: b: c", "f:1:5 VG005 A ':' does not fit here."),
        ("a: 1\nb\nc: 2", "f:3:1 VG005 A key without its ':' ends here."),
        ("- 1\nb: 2", "f:2:1 VG005 This does not fit where an item of a list"),
        ("a:\n  b: 1\n c: 2", "f:3:2 VG005 This does not fit where a key is expected."),
        ("[a]\nb: 1", "f:2:1 VG005 This does not fit after what stands before it."),
        ("%YAML 1.1\n---\na: 1", "f:1:1 VG007 Policies are YAML 1.2; drop the %YAML line."),
        ("%YAML 1.3\n---\na: 1", "f:1:1 VG005 Policies are YAML 1.2; drop the %YAML line."),
        ('a: "\\q"', "f:1:5 VG005 This is not YAML: while parsing a quoted scalar, found unknown"),
        ("%FOO\n---\n", "f:1:5 VG005 This is not YAML: while scanning a directive, found unknown"),
        ("a: 1\n---\nb: 2", "f:2:1 VG007 A second document begins here; a policy file holds one."),
        ("? [a]\n: b", "f:1:3 VG007 A key must be a text."),
        ("? \n: b", "f:1:2 VG007 A key must be a text."),
        ("*a : b", "f:1:1 VG007 A key must be a text."),
        ("&a b: c", "f:1:1 VG007 A key can have neither a tag nor an anchor."),
        ("!!str b: c", "f:1:1 VG007 A key can have neither a tag nor an anchor."),
        ("a: *b", "f:1:4 VG007 The alias *b has no anchor before it."),
        ("a: &b [*b]", "f:1:8 VG007 The alias *b stands inside its own anchor."),
        (b"a: \xe9", "f:1:4 VG004 The byte 0xe9 is not UTF-8; the file may be Latin-1."),
    ],
)
def test_reading_ends_where_there_is_no_going_on(text: str | bytes, problem: str) -> None:
    """What libyaml or this program cannot make sense of is one error with its place."""
    value, problems = _read(text)
    assert value is None
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_an_explicit_yaml_1_2_is_fine() -> None:
    """The directive that says what is true anyway is taken."""
    assert _read("%YAML 1.2\n---\na: 1\n...\n") == ({"a": 1}, [])


def test_aliases_stand_for_their_anchors() -> None:
    """A value that is shared is the same in both places, scalars and nested ones too."""
    value, problems = _read("a: &x {b: &y [1]}\nc: *x\nd: *y\ne: &z 5\nf: *z\n")
    assert value == {"a": {"b": [1]}, "c": {"b": [1]}, "d": [1], "e": 5, "f": 5}
    assert problems == []


def test_nesting_ends_at_its_limit() -> None:
    """Sixty levels are read, one more is refused at its place, and so are a hundred thousand."""
    assert _read("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []
    expected = ["f:1:61 VG003 Values are nested more than 60 levels deep."]
    assert _read("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[1] == expected
    # libyaml before 0.2.6 gives each level as it comes, later ones end by themselves.
    (many,) = _read("[" * 100_000)[1]
    assert many in (*expected, expected[0].replace(":61 ", ":1001 "))


def test_aliases_count_as_deep_as_what_they_stand_for() -> None:
    """Depth cannot be hidden behind aliases of aliases."""
    deep = "[" * 31 + "]" * 31
    assert _read(f"a: &x {deep}\nb: {'[' * 28}*x{']' * 28}\n")[1] == []
    _, problems = _read(f"a: &x {deep}\nb: {'[' * 29}*x{']' * 29}\n")
    assert problems == ["f:2:33 VG003 Values are nested more than 60 levels deep."]


def test_an_alias_bomb_is_refused_at_once() -> None:
    """What aliases stand for is counted, not built."""
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)
    )
    _, problems = _read(bomb)
    message = f"VG003 The aliases of this file stand for more than {MAX_ALIASED:,} values."
    assert [problem.split(" ", 1)[1] for problem in problems] == [message]


def test_an_error_without_a_place_is_an_error_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Libyaml's reader complains of characters without a line; nothing escapes."""
    monkeypatch.setattr(reader, "decode", lambda *_: "a: \x01")
    value, problems = _read("a: 1")
    assert value is None
    assert problems[0].startswith("f VG005 This is not YAML: unacceptable character")

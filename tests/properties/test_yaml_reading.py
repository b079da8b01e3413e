from hypothesis import given
from hypothesis import strategies as st

from voxguard.model.problems import Problem
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.report import Report
from voxguard.policy.yaml import as_written, read_yaml

GUILD = b"version: 1\nguild: {id: 1, channels: {lobby: 2}, roles: {staff: 3}}\n"

# What YAML and this language are made of, so that noise gets past the first character.
_TOKENS = [
    "version: 1", "guild:", "rules:", "lists:", "schedules:", "then:", "mute: true", "who:",
    "where:", "when:", "for:", "unless:", "entries:", "files:", "include:", "windows:", "roles:",
    "start:", "end:", "from:", "any:", "all:", "none:", "id:", "until:", "x", "x:", "lobby", "1h",
    "2026-12-01", "'0 8 * * *'", "1", "010", "0x1F", "1e3", "~", "true", "&a", "*a", "!t", "!!str",
    "<<:", "- ", "? ", ": ", "|", ">", "{", "}", "[", "]", ",", "'", '"', "#", "%", "@", "`", "---",
    "...", "\n", "\n  ", "\n    ", "\t", " ", "\r\n", "\ufeff", "\x85", "\\", "é", "😀",
]  # fmt: skip

_NOISE = st.lists(st.sampled_from(_TOKENS) | st.text(max_size=3), max_size=60).map("".join)

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.sampled_from(_TOKENS)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)
)
_KEYS = st.sampled_from(
    [token.removesuffix(":") for token in _TOKENS if token.endswith(":") and len(token) > 2]
    + ["x", "time", "across_channels", "state", "bot", "members", "kinds", "channels", "move"]
)
_VALUES: st.SearchStrategy[object] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=30,
)


def _check(problems: tuple[Problem, ...], files: set[str]) -> None:
    for problem in problems:
        assert problem.mark.file in files | {"."}
        assert problem.message
        assert (problem.mark.line is None) == (problem.mark.column is None)
        assert problem.mark.line is None or problem.mark.line >= 1


@given(st.binary(max_size=200) | _NOISE.map(str.encode))
def test_no_bytes_raise_anything(data: bytes) -> None:
    """Whatever is in a file, reading it gives a document or problems."""
    report = Report()
    document = read_yaml(data, "f", report)
    assert document is not None or report.failed
    _check(report.problems, {"f"})


@given(_NOISE)
def test_no_text_in_the_words_of_the_language_raises_anything(text: str) -> None:
    """Nor does loading it, with or without a proper beginning."""
    for data in (text.encode(), b"version: 1\n" + text.encode()):
        loaded = load_sources(Sources({"a.yaml": data, "guild.yaml": GUILD}))
        _check(loaded.problems, {"a.yaml", "guild.yaml"})
        has_errors = any(problem.level == "error" for problem in loaded.problems)
        assert (loaded.policy_set is None) == has_errors


def _write(value: object) -> str:
    """A value as flow-style YAML with quoted texts."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_write(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'
    return "null" if value is None else str(value).lower()


@given(_VALUES, st.sampled_from(["guild", "lists", "schedules", "rules"]))
def test_no_tree_of_values_raises_anything(value: object, section: str) -> None:
    """Values of any shape in any section are accepted or refused."""
    nested = value if section == "guild" else {"x": value}
    text = f"version: 1\n{section}: {_write(nested)}\n".encode()
    name = "b/guild.yaml" if section == "guild" else "a.yaml"
    loaded = load_sources(Sources({name: text, "g/guild.yaml": GUILD}))
    _check(loaded.problems, {name, "g/guild.yaml"})


@given(_VALUES)
def test_what_is_written_is_read(value: object) -> None:
    """Values survive being written and read, with a mark for each of them."""
    report = Report()
    document = read_yaml(_write({"top": value}).encode(), "f", report)
    assert document is not None
    assert report.problems == ()
    assert document.value == {"top": value}
    assert document.place.child("top").mark.column == 9


@given(st.integers(0, 10**18), st.sampled_from(["{}", "0{}", "+{}", "{}.0", "{}e0"]))
def test_numbers_keep_their_text(number: int, form: str) -> None:
    """However a number is written, its text can be had back exactly."""
    text = form.format(number)
    document = read_yaml(f"- {text}".encode(), "f", Report())
    assert document is not None
    assert as_written(document.value[0]) == text

"""What `voxguard lint --fix` writes, byte by byte."""

import re
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.lint.tools import NOW
from voxguard.lint.fixing import fix
from voxguard.lint.report import lint
from voxguard.policy.files import POLICY_SUFFIXES, Sources, read_sources

SAMPLES: Final = Path(__file__).parents[2] / "policies"

# Stand before and behind an id without quotes: what is between them is to be quoted.
BEFORE, BEHIND = "\ue000", "\ue001"
_again = partial(lint, now=NOW)

Value: TypeAlias = Any


class Id:
    """A place for an id."""


_TEXTS: Final = st.sampled_from(["mallory", "'a # 5'", '"é: 5"', "日本 5", "x#5", "5 6"])
_COMMENTS: Final = st.sampled_from(["", "", '  # 5 "x" \'y', "   # - 日本: [5, 6", " #"])
_RULE: Final = {
    "priority": 5,
    "who": {"members": [Id(), Id()], "roles": {"any": [Id(), "dj"], "none": Id()}},
    "where": {"channels": [Id(), Id()], "occupancy": {"min": 2}},
    "unless": {"where": Id()},
    "escalate": {
        "forget_after": "1d",
        "steps": [
            {"move": Id()},
            {"grant": [Id(), "dj"], "announce": {"text": "x", "channel": Id()}},
        ],
    },
}
_DOCUMENT: Final[dict[str, Any]] = {
    "version": 1,
    "guild": {
        "id": Id(),
        "channels": {"lobby": Id(), "afk": Id()},
        "roles": {"dj": Id()},
        "exempt": {"who": {"members": Id()}, "bots": True},
    },
    "lists": {
        "x": {"description": None, "entries": [Id(), {"reason": None, "id": Id()}, Id()]},
        "y": {"entries": Id()},
    },
    "rules": {"r": _RULE, "s": {"where": [Id()], "then": {"mute": True, "grant": Id()}}},
}


class _Writer:
    """Writes a document in one of the countless ways in which YAML can be written."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.anchors = 0

    def document(self, value: dict[str, Any]) -> str:
        """The whole file, its top level as a block."""
        top = self.draw(st.sampled_from(["", "---\n", "# voxguard: 5\n\n"]))
        return top + self._block(value, 0).removeprefix("\n")

    def _value(self, value: Value, indent: int) -> str:
        """What follows a key's colon or an item's dash, up to the end of its line."""
        if isinstance(value, dict | list) and self.draw(st.booleans()):
            return self._block(value, indent + self.draw(st.integers(1, 3)))
        if isinstance(value, dict | list):
            return f" {self._flow(value, indent + 1)}{self._comment()}\n"
        return f" {self._scalar(value, indent + 1)}{self._comment()}\n"

    def _block(self, value: Value, indent: int) -> str:
        pad = " " * indent
        lines = [self._comment() + "\n"]
        pairs = value.items() if isinstance(value, dict) else [("-", each) for each in value]
        for key, each in pairs:
            colon = "" if key == "-" else ":"
            lines.append(f"{pad}{key}{colon}{self._value(each, indent)}")
            if self.draw(st.integers(0, 9)) == 0:
                lines.append(self.draw(st.sampled_from(["\n", "# 5\n", f"{pad}# é: 6\n"])))
        return "".join(lines)

    def _flow(self, value: Value, indent: int) -> str:
        if isinstance(value, dict):
            items = [f"{key}: {self._flow(each, indent)}" for key, each in value.items()]
            return "{" + self._joined(items, indent) + "}"
        if isinstance(value, list):
            return "[" + self._joined([self._flow(each, indent) for each in value], indent) + "]"
        return self._scalar(value, indent)

    def _joined(self, items: list[str], indent: int) -> str:
        # A plain value ends where a comma or a bracket follows, with or without blanks.
        gaps = [",", ", ", " , ", f" ,\n{' ' * indent}", f", # 5\n{' ' * indent}"]
        pieces = [items[0]]
        for item in items[1:]:
            pieces += [self.draw(st.sampled_from(gaps)), item]
        return "".join(pieces)

    def _scalar(self, value: Value, indent: int) -> str:
        if value is None:
            return self.draw(_TEXTS.filter(lambda text: "#" not in text or text[0] in "'\""))
        if isinstance(value, bool):
            return "true" if value else "false"
        return self._id(indent) if isinstance(value, Id) else str(value)

    def _id(self, indent: int) -> str:
        ids = st.integers(1, 2**63 - 1).map(str) | st.sampled_from(["007", "0", "1"])
        number = self.draw(ids)
        plain = f"{BEFORE}{number}{BEHIND}"
        way = self.draw(st.sampled_from(["plain", "plain", "anchor", "below", "alias", "quoted"]))
        if way == "alias" and self.anchors:
            return f"*a{self.draw(st.integers(1, self.anchors))} "
        if way in ("anchor", "below"):
            self.anchors += 1
            gap = " " if way == "anchor" else f" # 5\n{' ' * indent}"
            return f"&a{self.anchors}{gap}{plain}"
        return (
            self.draw(st.sampled_from([f"'{number}'", f'"{number}"'])) if way == "quoted" else plain
        )

    def _comment(self) -> str:
        return self.draw(_COMMENTS)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A policy file with marks round the ids that have no quotes."""
    text = _Writer(draw).document(_DOCUMENT)
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return bom + text.replace("\n", newline)


def _fixed(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is on disk after a fix, which leaves nothing to fix and the revision as it was."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        before = _again(read_sources(root))
        assert before.revision is not None, before.problems
        fix(before, root, _again)
        after = read_sources(root)
        report = _again(after)
    assert report.revision == before.revision
    assert "VG017" not in {problem.check for problem in report.found}
    return {**after.policies, **after.lists}


@given(written())
def test_a_fix_adds_quotes_and_changes_no_other_byte(marked: str) -> None:
    """In blocks and flows, behind anchors, between comments, with any line ends and marks."""
    unquoted = marked.replace(BEFORE, "").replace(BEHIND, "")
    quoted = marked.replace(BEFORE, '"').replace(BEHIND, '"')
    assert _fixed({"guild.yaml": unquoted.encode()}) == {"guild.yaml": quoted.encode()}


def _samples() -> Sources:
    return read_sources(SAMPLES)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_samples_without_quotes_get_them_back(newline: bytes) -> None:
    """Byte by byte what they were, but for lists of their own format."""
    sources = _samples()
    policies = {name: data.replace(b"\n", newline) for name, data in sources.policies.items()}
    assert all(name.endswith(POLICY_SUFFIXES) for name in policies)
    bare = {name: re.sub(rb'"(\d{10,})"', rb"\1", data) for name, data in policies.items()}
    assert bare != policies
    assert _fixed({**bare, **sources.lists}) == {**policies, **sources.lists}


def test_one_id_is_one_line() -> None:
    """Of a file in which one id has lost its quotes one line changes."""
    policies = dict(_samples().policies)
    name = "example-guild/guild.yaml"
    bare = re.sub(rb'"(\d{10,})"', rb"\1", policies[name], count=1)
    fixed = _fixed({**policies, **_samples().lists, name: bare})[name]
    pairs = zip(bare.splitlines(), fixed.splitlines(), strict=True)
    assert sum(before != after for before, after in pairs) == 1

import sys
from types import ModuleType

import pytest

from voxguard.policy.json_schema.documented import Documented

DOCSTRING = """`block.key`: what a key means. And a second
sentence.

Here is more.

```yaml
version: 1
rules:
  first:
    block: {key: 1}
  second:
    block: [key]
  third:
    block: {key: [2]}
```
"""


def _documented(monkeypatch: pytest.MonkeyPatch, text: str | None) -> dict[str, object]:
    """What the schema of a key gets from a module with this docstring."""
    monkeypatch.setitem(sys.modules, "module", ModuleType("module", text))
    schema: dict[str, object] = {}
    Documented("module", "block", "key")(schema)
    return schema


def test_the_first_paragraph_and_the_examples_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The docstring of a key's module is its documentation in the schema, too."""
    assert _documented(monkeypatch, DOCSTRING) == {
        "description": "What a key means. And a second sentence.",
        "examples": [1, [2]],
    }


@pytest.mark.parametrize("text", [None, "```yaml\nversion: [\n```"])
def test_a_module_that_says_nothing(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    """Nothing is made up; other tests ask for a description."""
    assert _documented(monkeypatch, text)["examples"] == []

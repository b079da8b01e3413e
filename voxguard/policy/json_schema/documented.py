"""Descriptions and examples of keys, from the docstrings of the modules that they live in."""

import re
import sys
from collections.abc import Iterator
from typing import Any, Final

from voxguard.policy.report import Report
from voxguard.policy.yaml import read_yaml

_FENCED: Final = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_LEAD: Final = re.compile(r"`[^`]*`: ")


class Documented:
    """What a condition's or an effect's module says of its key, for the JSON Schema.

    `block` and `key` are where the key stands in a rule: the module's examples have it there.
    Without a `key` it is the block itself.
    """

    def __init__(self, module: str, block: str, key: str | None = None) -> None:
        """Take the module's name, and where the key stands."""
        self._module = module
        self._block = block
        self._key = key

    def __call__(self, schema: dict[str, Any]) -> None:
        """Describe the key in its schema."""
        text = sys.modules[self._module].__doc__ or ""
        schema["description"] = _first_sentences(text)
        schema["examples"] = list(self._examples(text))

    def _examples(self, text: str) -> Iterator[object]:
        for example in _FENCED.findall(text):
            document = read_yaml(example.encode(), "example", Report())
            rules = document.value["rules"].values() if document else ()
            for rule in rules:
                block = rule.get(self._block)
                if isinstance(block, dict) and self._key is None:
                    yield block
                elif isinstance(block, dict) and self._key in block:
                    yield block[self._key]


def _first_sentences(text: str) -> str:
    """The first paragraph without the key that it begins with."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    said = _LEAD.sub("", paragraph, count=1)
    return said[:1].upper() + said[1:]

"""The files of a new policy repository: the samples, the schemas, and templates beside them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from voxguard import __version__
from voxguard.cli.bundled import sample_policies, schema_dir
from voxguard.policy.files import LIST_SUFFIXES, POLICY_SUFFIXES

POLICIES: Final = "policies"
"""The directory of the policy set, where commands look for one by themselves."""

GUILD: Final = f"{POLICIES}/my-guild/guild.yaml"
"""The file with the placeholders."""

_SAMPLE: Final = "example-guild/"
_OWN: Final = "my-guild/"

_TEMPLATES: Final = Path(__file__).parent / "files"
_PLACES: Final = {
    "README.md": "README.md",
    "editorconfig": ".editorconfig",
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "workflow.yaml": ".github/workflows/voxguard.yaml",
    "vscode-extensions.json": ".vscode/extensions.json",
    "vscode-settings.json": ".vscode/settings.json",
}
"""Where each template goes."""

_VERSION: Final = "@VERSION@"
# An id or a time zone with nothing behind it.
_OF_THE_SAMPLE: Final = re.compile(r'^( +[\w-]+: "\d+"| +timezone: \S+)$', re.MULTILINE)


def repository_files() -> dict[str, bytes]:
    """Every file by its path in the repository, with `/`, in order.

    Raises:
        OSError: The installation lacks files.

    """
    return dict(sorted((*_templates(), *_schemas(), *_policies())))


def _templates() -> Iterator[tuple[str, bytes]]:
    for template, place in _PLACES.items():
        text = (_TEMPLATES / template).read_text("utf-8")
        yield place, text.replace(_VERSION, __version__).encode()


def _schemas() -> Iterator[tuple[str, bytes]]:
    for file in schema_dir().glob("*.schema.json"):
        yield f"schema/{file.name}", file.read_bytes()


def _policies() -> Iterator[tuple[str, bytes]]:
    samples = sample_policies()
    for file in samples.rglob("*"):
        # In a source tree editors leave files of their own.
        if file.name.startswith(".") or file.suffix not in {*POLICY_SUFFIXES, *LIST_SUFFIXES}:
            continue
        name = file.relative_to(samples).as_posix()
        if name.startswith(_SAMPLE):
            name = _OWN + name.removeprefix(_SAMPLE)
        place = f"{POLICIES}/{name}"
        data = file.read_bytes()
        yield place, _with_placeholders(data) if place == GUILD else data


def _with_placeholders(data: bytes) -> bytes:
    """The guild's file with a word on each line that is to be changed."""
    return _OF_THE_SAMPLE.sub(r"\1  # placeholder", data.decode()).encode()

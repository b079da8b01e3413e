"""The files that travel with the program: the sample policies and the JSON Schemas."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def _bundled(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    # In a source tree (an editable installation too) they stay where people edit them.
    return installed if installed.is_dir() else _PACKAGE.parent / name


def sample_policies() -> Path:
    """The directory of the sample policy set."""
    return _bundled("policies")


def schema_dir() -> Path:
    """The directory of the JSON Schemas of policy files and of tests."""
    return _bundled("schema")

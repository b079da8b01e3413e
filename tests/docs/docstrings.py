"""Examples of policies in docstrings of the program."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.docs.pages import ROOT, Block

_FENCED: Final = re.compile(r"^```yaml\n((?:.*\n)*?)^```$", re.MULTILINE)


def docstring_blocks() -> Iterator[Block]:
    """Every fenced YAML block of a docstring, but for those of checks, which are a page."""
    package = ROOT / "voxguard"
    for module in sorted(package.rglob("*.py")):
        if not module.is_relative_to(package / "lint"):
            yield from _blocks(module)


def _blocks(module: Path) -> Iterator[Block]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        text = ast.get_docstring(node) if isinstance(node, documented) else None
        for found in _FENCED.finditer(text or ""):
            yield Block(module, (text or "").count("\n", 0, found.start()) + 1, ("yaml",), found[1])

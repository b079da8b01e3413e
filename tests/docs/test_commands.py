"""Commands in the documentation are commands of the program, with options that it has."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import pytest
from typer.main import get_command

from tests.docs.pages import ALL_BLOCKS, PAGES, prose
from voxguard.cli.commands import COMMANDS

_INLINE: Final = re.compile(r"`voxguard ([^`\n]+)`")
# What a command stands behind, by the language of the block.
_PROMPTS: Final = {"console": r"[$#] ", "sh": "", "ini": r"ExecStart="}
_OF_ALL: Final = {"--help", "-h"}


def _in_blocks() -> Iterator[tuple[str, str]]:
    for block in ALL_BLOCKS:
        prompt = _PROMPTS.get(block.language)
        if prompt is not None:
            text = block.text.replace("\\\n", " ")
            for line in re.findall(rf"^{prompt}(?:\S*/)?voxguard (.+)$", text, re.MULTILINE):
                yield str(block), line.partition(" | ")[0]


def _in_prose() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for line in _INLINE.findall(prose(page)):
            yield page.name, line


def _arguments(line: str) -> list[str]:
    return shlex.split(line, comments=True)


def _find(words: list[str]) -> tuple[Any, list[str]]:
    """The command or subcommand that words begin with, and what is left of them."""
    name, *rest = words
    command: Any = get_command(import_module(f"voxguard.cli.commands.{name}").app)
    if hasattr(command, "commands") and rest:
        return command.commands[rest[0]], rest[1:]
    return command, rest


def test_commands_are_found() -> None:
    """The tests below look at something."""
    assert len({*_in_blocks(), *_in_prose()}) > 20


@pytest.mark.parametrize(("where", "line"), sorted({*_in_blocks(), *_in_prose()}))
def test_a_command_and_its_options_exist(where: str, line: str) -> None:
    """Nobody is told to type what the program does not know."""
    words = _arguments(line)
    if words == ["--version"]:
        return
    assert words[0] in COMMANDS, where
    command, rest = _find(words)
    known = {option for each in command.params for option in each.opts}
    options = {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"}
    assert options <= known | _OF_ALL, where


@pytest.mark.parametrize(("where", "line"), sorted(set(_in_blocks())))
def test_a_command_to_be_copied_is_complete(where: str, line: str) -> None:
    """What stands in a block has all arguments that the command needs."""
    words = _arguments(line)
    if words == ["--version"] or _OF_ALL & set(words):
        return
    command, rest = _find(words)
    assert command.make_context(where, list(rest)) is not None

"""What libyaml complains about, in words for people."""

from typing import Any, TypeAlias

LibyamlError: TypeAlias = Any
"""A `yaml.error.MarkedYAMLError`, which comes without types."""

TOO_DEEP = "exceeded maximum nesting depth"
"""Since its release 0.2.6 libyaml ends at a thousand levels, before it gives the first of them."""

_KNOWN = {
    "mapping values are not allowed in this context": (
        "A ':' does not fit here.",
        "Quote a text that contains ': ', or look at the indentation of this line.",
    ),
    "could not find expected ':'": (
        "A key without its ':' ends here.",
        "Write `key: value`, with a space after the colon.",
    ),
    "did not find expected key": (
        "This does not fit where a key is expected.",
        "Look at the indentation of this line and at the quotes before it.",
    ),
    "did not find expected '-' indicator": (
        "This does not fit where an item of a list (`- `) is expected.",
        "Look at the indentation of this line.",
    ),
    "did not find expected <document start>": (
        "This does not fit after what stands before it.",
        "Look at the indentation of this line and at the quotes before it.",
    ),
    "found unexpected end of stream": (
        "The file ends inside a quoted text.",
        "Look for a quote that is never closed.",
    ),
    "found a tab character where an indentation space is expected": (
        "A tab is used for indentation.",
        "Indent with spaces.",
    ),
    "found incompatible YAML document": (
        "Policies are YAML 1.2; drop the %YAML line.",
        None,
    ),
}
_UNCLOSED = {
    "did not find expected ',' or ']'": "[",
    "did not find expected ',' or '}'": "{",
}


def explain(error: LibyamlError, text: str) -> tuple[str, str | None]:
    """The message and hint for a libyaml error in this text."""
    problem = str(error.problem)
    if problem in _KNOWN:
        return _KNOWN[problem]
    if problem in _UNCLOSED:
        bracket = _UNCLOSED[problem]
        line = error.context_mark.line + 1
        return f"A comma or the end of the {bracket} of line {line} is missing here.", None
    if problem == "found character that cannot start any token":
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        character = lines[error.problem_mark.line][error.problem_mark.column :][:1]
        if character == "\t":
            return "A tab is used for indentation.", "Indent with spaces."
        return f"No value can begin with {character}.", "Quote it."
    context = f"{error.context}, " if error.context else ""
    return f"This is not YAML: {context}{problem}.", None

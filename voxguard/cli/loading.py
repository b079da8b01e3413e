"""The policy set that an offline command works on, or the message that it does not load."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voxguard.cli.options import policy_path
from voxguard.errors import PolicyError

if TYPE_CHECKING:
    from voxguard.model.problems import Problem
    from voxguard.policy.resolved import PolicySet

_SHOWN = 20


def load_policies(argument: Path | None) -> "PolicySet":
    """Load the policy set that the command was given, else the one of the settings.

    Raises:
        PolicyError: It does not load; the first of its problems are in the message.
        UsageError: A setting is wrong.
    """
    from voxguard.policy.load import load

    path = policy_path(argument)
    loaded = load(path)
    if loaded.policy_set is not None:
        return loaded.policy_set
    raise refuse_to_load(
        f"the policy set {path} does not load",
        loaded.problems,
        # Without a directory there is nothing more to show: the problem's own hint helps.
        hint=f"voxguard lint {path} shows every problem" if path.is_dir() else None,
    )


def refuse_to_load(
    message: str, problems: "Iterable[Problem]", hint: str | None = None
) -> PolicyError:
    """The error that says what does not load, with the first of its problems."""
    from voxguard.model.problems import Level

    errors = [each for each in problems if each.level is Level.ERROR]
    lines = []
    for each in errors[:_SHOWN]:
        lines.append(f"{each.mark}: {each.message} ({each.check} {each.name})")
        if hint is None and each.hint:
            lines.append(f"  {each.hint}")
    if len(errors) > _SHOWN:
        lines.append(f"and {len(errors) - _SHOWN} more")
    return PolicyError("\n  ".join([message, *lines]), hint=hint)

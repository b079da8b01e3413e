"""When two rules say the same, whatever they are called."""

import json
from dataclasses import fields

from voxguard.policy.resolved import Rule

_SHOWN_ONLY = {"name", "mark", "meaning", "description", "owner", "priority", "severity"}
_BY_MEANING = {"conditions", "unless", "steps"}


def meaning_of(rule: Rule) -> object:
    """A value that is equal for rules which differ in name, order and notes alone."""
    rest = tuple(
        repr(getattr(rule, field.name))
        for field in fields(rule)
        if field.name not in _SHOWN_ONLY | _BY_MEANING
    )
    blocks = [
        None if block is None else {each.path: each.canonical() for each in block}
        for block in (rule.conditions, rule.unless)
    ]
    steps = [step.canonical() for step in rule.steps]
    return rest, json.dumps([blocks, steps], sort_keys=True)

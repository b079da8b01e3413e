"""How an effect enters the language: its key, its document, and how it is compiled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voxguard.policy.effects.base import Want
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope


@dataclass(frozen=True, slots=True)
class EffectKind:
    """One key of `then`. `compile` gives nothing where nothing is wanted of the member."""

    key: str
    document: Any
    compile: Callable[[Any, Scope, Place], tuple[Want, ...]]

import importlib
import pkgutil
import re
from collections.abc import Callable
from types import ModuleType

import pytest

from voxguard.policy import conditions, effects
from voxguard.policy.conditions.blocks import LEAVES
from voxguard.policy.effects.then import KINDS
from voxguard.policy.load import Loaded


def _modules(package: ModuleType, attribute: str) -> list[ModuleType]:
    found = [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    ]
    return [module for module in found if hasattr(module, attribute)]


CONDITIONS = _modules(conditions, "LEAF")
EFFECTS = _modules(effects, "KIND")


def test_every_condition_and_effect_is_in_its_list() -> None:
    """A file that was forgotten in the explicit list fails here."""
    assert {id(module.LEAF) for module in CONDITIONS} == {id(leaf) for leaf in LEAVES}
    assert {id(module.KIND) for module in EFFECTS} == {id(kind) for kind in KINDS}


@pytest.mark.parametrize("module", [*CONDITIONS, *EFFECTS], ids=lambda module: module.__name__)
def test_the_example_in_the_documentation_loads(
    module: ModuleType, guild_yaml: str, load_files: Callable[..., Loaded]
) -> None:
    """Each condition and effect is documented by an example that is a whole file."""
    examples = re.findall(r"```yaml\n(.*?)```", module.__doc__ or "", re.DOTALL)
    assert examples
    for example in examples:
        loaded = load_files({"guild.yaml": guild_yaml, "example.yaml": example})
        assert loaded.problems == ()

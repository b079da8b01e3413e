import importlib
import pkgutil
import re
from types import ModuleType

import pytest

from tests.docs.policy_sets import guild_of, sources_of
from voxguard.policy import conditions, effects
from voxguard.policy.conditions.blocks import LEAVES
from voxguard.policy.effects import escalate
from voxguard.policy.effects.then import KINDS
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import Rule


def _modules(package: ModuleType, attribute: str) -> list[ModuleType]:
    found = [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    ]
    return [module for module in found if hasattr(module, attribute)]


def _rules(module: ModuleType) -> list[Rule]:
    """The rules of the examples in a module's docstring."""
    examples = re.findall(r"```yaml\n(.*?)```", module.__doc__ or "", re.DOTALL)
    return [rule for each in examples for rule in guild_of(sources_of(each)).rules]


CONDITIONS = _modules(conditions, "LEAF")
EFFECTS = _modules(effects, "KIND")
DOCUMENTED = [*CONDITIONS, *EFFECTS, escalate]


def test_every_condition_and_effect_is_in_its_list() -> None:
    """A file that was forgotten in the explicit list fails here."""
    assert {id(module.LEAF) for module in CONDITIONS} == {id(leaf) for leaf in LEAVES}
    assert {id(module.KIND) for module in EFFECTS} == {id(kind) for kind in KINDS}


@pytest.mark.parametrize("module", DOCUMENTED, ids=lambda module: module.__name__)
def test_the_example_in_the_documentation_loads(module: ModuleType) -> None:
    """Each condition and effect is documented by an example that is a whole file."""
    examples = re.findall(r"```yaml\n(.*?)```", module.__doc__ or "", re.DOTALL)
    assert examples
    for example in examples:
        problems = load_sources(sources_of(example)).problems
        assert [str(each) for each in problems if each.check != "VG103"] == []


@pytest.mark.parametrize("module", CONDITIONS, ids=lambda module: module.__name__)
def test_the_example_of_a_condition_has_it(module: ModuleType) -> None:
    """Each of the rules shows what the module is about."""
    for rule in _rules(module):
        assert any(isinstance(each, module.LEAF.condition) for each in rule.all_conditions)


@pytest.mark.parametrize("module", EFFECTS, ids=lambda module: module.__name__)
def test_the_example_of_an_effect_has_it(module: ModuleType) -> None:
    """Each of the rules shows what the module is about."""
    key = module.KIND.key
    for rule in _rules(module):
        assert any(want.key == key for want in rule.wants) or (rule.allows and key == "allow")

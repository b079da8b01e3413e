"""The recipes of the cookbook: rules, what belongs to them, and their tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.docs.pages import DOCS, Block, blocks
from voxguard.policy.files import Sources

_PAGE: Final = blocks(DOCS / "cookbook.md")
GUILD: Final = next(block for block in _PAGE if block.words == ("yaml", "guild.yaml"))


@dataclass(slots=True)
class Recipe:
    """One recipe: its rules, the list files that they name, and the test below them."""

    rules: Block
    test: Block | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def sources(self) -> Sources:
        """The policy set that whoever copies the recipe has."""
        policies = {"guild.yaml": GUILD.text.encode(), "recipe.yaml": self.rules.text.encode()}
        return Sources(policies, self.files)

    @property
    def tests(self) -> Sources:
        """The file of tests."""
        assert self.test is not None, f"{self} has no test"
        return Sources({"recipe.test.yaml": self.test.text.encode()})

    def __str__(self) -> str:
        return str(self.rules)


def _recipes() -> Iterator[Recipe]:
    recipe: Recipe | None = None
    for block in _PAGE:
        match block.words:
            case ("yaml", "rules"):
                if recipe is not None:
                    yield recipe
                recipe = Recipe(block)
            case ("yaml", "test") if recipe is not None:
                recipe.test = block
            case ("text", name) if recipe is not None:
                recipe.files[name] = block.text.encode()
            case _:
                pass
    if recipe is not None:
        yield recipe


RECIPES: Final = list(_recipes())

"""Name sets: a name, a list of names, or `{any: […], all: […], none: […]}`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from voxguard.policy import checks
from voxguard.policy.document import SOMETHING, Document, Maybe, refuse
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.shapes import OrShort
from voxguard.policy.places import Place
from voxguard.policy.values import OneOrMany, Reference

T = TypeVar("T")


class NameSetDocument(Document):
    """Which of several things must be there: one of `any`, each of `all`, none of `none`."""

    model_config = SOMETHING

    any: Maybe[OneOrMany[Reference]] = Field(
        default=None, description="At least one of these.", examples=[["dj", "staff"], "dj"]
    )
    all: Maybe[OneOrMany[Reference]] = Field(
        default=None, description="Each of these.", examples=[["dj", "staff"], "dj"]
    )
    none: Maybe[OneOrMany[Reference]] = Field(
        default=None, description="Not a single one of these.", examples=[["staff"], "staff"]
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(
                checks.INVALID_VALUE,
                "This set names nothing.",
                "Give at least one of any, all and none.",
            )
        return self


def _from_short(value: object) -> object:
    return value if isinstance(value, dict | NameSetDocument) else {"any": value}


NameSet = Annotated[NameSetDocument, BeforeValidator(_from_short), OrShort(vocabulary.REFERENCES)]


@dataclass(frozen=True, slots=True)
class Sets(Generic[T]):
    """A name set with its names resolved; `any` is None where it is not asked for."""

    any: tuple[T, ...] | None
    all: tuple[T, ...]
    none: tuple[T, ...]

    @classmethod
    def of(
        cls,
        document: NameSetDocument,
        resolve: Callable[..., T | None],
        place: Place,
    ) -> "Sets[T]":
        """Resolve every name; what does not resolve has been reported.

        `resolve` is a method of a scope: it takes a name, a place, and the way from there
        to where the name stands, which is gone only when there is something to report.
        """

        def found(names: Iterable[str] | None, part: str) -> tuple[T, ...]:
            if not names:
                return ()
            items = [resolve(name, place, part, index) for index, name in enumerate(names)]
            return tuple([item for item in items if item is not None])

        return cls(
            None if document.any is None else found(document.any, "any"),
            found(document.all, "all"),
            found(document.none, "none"),
        )

    def canonical(self, key: Callable[[T], str]) -> dict[str, list[str]]:
        """The meaning as JSON values: sets, so sorted and each member once."""
        parts = {"any": self.any, "all": self.all, "none": self.none}
        return {
            name: sorted({key(item) for item in items}) for name, items in parts.items() if items
        }


def canonical_ids(
    any_of: Iterable[int] | None, all_of: Iterable[int], none_of: Iterable[int]
) -> dict[str, list[str]]:
    """The same for a set of ids that is kept as frozensets."""
    return Sets(tuple(any_of or ()), tuple(all_of), tuple(none_of)).canonical(str)

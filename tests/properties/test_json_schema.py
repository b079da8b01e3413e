"""What the JSON Schemas and the program say of the same documents."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from tests.properties.schema_documents import Documents
from voxguard.policy import checks
from voxguard.policy.json_schema import vocabulary
from voxguard.policy.json_schema.generator import EVERY, FileSchema
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.validation import validate
from voxguard.policy.values import is_name

DOCUMENTS = {kind: Documents(kind) for kind in EVERY}
VALIDATORS = {kind: Draft202012Validator(DOCUMENTS[kind].schema) for kind in EVERY}

# What no pattern can say: docs/editor.md lists it.
BEYOND = {
    checks.BAD_CRON.id: "runs backwards",
    checks.BAD_ZONE.id: "There is no time zone",
    checks.BAD_WINDOW.id: "must be before",
}
BEYOND_VALUES = (
    "is over a century",
    "is zero",
    "is no date",
    "`min` is above `max`",
    "at most 28 days",
)


def _refers(annotation: object) -> bool:
    return annotation is vocabulary.REFERENCE or any(map(_refers, get_args(annotation)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _references(value: object) -> Iterator[str]:
    """What the names in a document refer to things by."""
    inner: list[Any] = []
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            part = getattr(value, name)
            if any(map(_refers, (field.annotation, *field.metadata))):
                yield from _texts(part)
            inner.append(part)
    elif isinstance(value, dict):
        inner.extend(value.values())
    elif isinstance(value, tuple):
        inner.extend(value)
    for part in inner:
        yield from _references(part)


def _is_accepted(kind: FileSchema, document: object) -> bool:
    """Whether the program takes it; a name that nothing can have is one that is not there."""
    loaded = validate(kind.model, document, Place("file", 0), Report())
    return loaded is not None and all(map(is_name, _references(loaded)))


each_kind = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
hard = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@each_kind
@hard
@given(data=st.data())
def test_what_the_program_accepts_the_schema_accepts(kind: FileSchema, data: st.DataObject) -> None:
    """No editor underlines what loads; so what the schema refuses does not load."""
    document = data.draw(DOCUMENTS[kind].accepted | DOCUMENTS[kind].changed())
    accepted = _is_accepted(kind, document)
    event("accepted" if accepted else "refused")
    if accepted:
        assert [error.message for error in VALIDATORS[kind].iter_errors(document)] == []


@each_kind
@hard
@given(data=st.data())
def test_what_the_schema_accepts_the_program_accepts(kind: FileSchema, data: st.DataObject) -> None:
    """What loads is all that editors let pass, but for what no schema can say."""
    document = data.draw(DOCUMENTS[kind].accepted | DOCUMENTS[kind].changed())
    valid = VALIDATORS[kind].is_valid(document)
    event("valid" if valid else "invalid")
    if not valid:
        return
    report = Report()
    validate(kind.model, document, Place("file", 0), report)
    for problem in report.problems:
        if problem.check == checks.INVALID_VALUE.id:
            assert any(words in problem.message for words in BEYOND_VALUES)
        else:
            assert BEYOND[problem.check] in problem.message

"""Discord's own description of its REST API, and what of an exchange does not fit it.

The description (https://github.com/discord/discord-api-spec) is looked for where
VOXGUARD_TEST_DISCORD_OPENAPI says, else beside the repository.
"""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "discord-openapi.json"
DESCRIPTION = Path(os.environ.get("VOXGUARD_TEST_DISCORD_OPENAPI", BESIDE))

IF_THERE = pytest.mark.skipif(
    not DESCRIPTION.is_file(), reason="Discord's description is not there"
)

FORMATS = FormatChecker()


@FORMATS.checks("snowflake")
def is_snowflake(value: object) -> bool:
    """Whether an id is in range."""
    return not isinstance(value, str) or 0 <= int(value) < 1 << 63


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """Whether an instant has an offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Description:
    """Finds what an answer should look like, and says where it does not."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        resource = DRAFT202012.create_resource(document)
        self.registry: Registry[Any] = Registry().with_resource("urn:discord", resource)

    def template_of(self, path: str) -> str:
        """The path of the description that this one is an instance of; fixed parts win."""
        found = [
            template
            for template in self.paths
            if re.fullmatch(re.sub(r"\{[^/]+\}", "[^/]+", template), path)
        ]
        return min(found, key=lambda template: template.count("{"))

    def problems(self, method: str, path: str, status: int, payload: object) -> list[str]:
        """What is wrong with an answer."""
        template = self.template_of(path.partition("?")[0])
        responses = self.paths[template][method.lower()]["responses"]
        key = str(status) if str(status) in responses else f"{status // 100}XX"
        assert key in responses, f"{method} {template} does not answer {status}"
        pointer = f"/paths/{template.replace('/', '~1')}/{method.lower()}/responses/{key}"
        response = responses[key]
        if "$ref" in response:
            pointer = response["$ref"].removeprefix("#")
        elif "content" not in response:
            return [] if payload is None else ["a body where none belongs"]
        return self._compare(pointer, payload)

    def request_problems(self, method: str, path: str, payload: object) -> list[str]:
        """What is wrong with a request's body, as far as its keys are known."""
        template = self.template_of(path)
        operation = self.paths[template][method.lower()]
        if "requestBody" not in operation:
            return [] if payload is None else ["a body where none belongs"]
        pointer = f"/paths/{template.replace('/', '~1')}/{method.lower()}/requestBody"
        return self._compare(pointer, payload)

    def _compare(self, pointer: str, payload: object) -> list[str]:
        schema = {"$ref": f"urn:discord#{pointer}/content/application~1json/schema"}
        validator = Draft202012Validator(schema, registry=self.registry, format_checker=FORMATS)
        return [f"{item.json_path}: {item.message}" for item in validator.iter_errors(payload)]


def read_description() -> Description:
    """Discord's description of its REST API v10."""
    return Description(json.loads(DESCRIPTION.read_text()))

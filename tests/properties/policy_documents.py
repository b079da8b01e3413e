"""Policy documents made of the JSON Schema itself, and such with something changed in them."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from voxguard.policy.json_schema.generator import policy_schema

SCHEMA: Final = policy_schema()

_numbers = st.integers(0, 99).map(str)
_dates = st.dates().map(str)
_times = st.times().map(lambda time: time.isoformat("minutes")) | st.times().map(
    lambda time: time.isoformat("seconds")
)
_offsets = st.sampled_from(["", "Z", "+03:00", "-11:30", "+23:59"])
_walls = _dates | st.builds("{}T{}".format, _dates, _times)


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high).map(str)
    ranges = st.builds("{}-{}".format, number, number)
    item = st.just("*") | number | ranges
    stepped = st.builds("{}/{}".format, item, st.integers(1, 70))
    return st.lists(item | stepped, min_size=1, max_size=3).map(",".join)


# Where a pattern looks ahead, strings that fit it are not found by chance.
_SHAPES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "Id": st.integers(0, 2**63 - 1) | st.integers(0, 2**63 - 1).map(str),
    "Reference": st.integers(0, 2**63 - 1)
    | st.from_regex(SCHEMA["$defs"]["Name"]["pattern"], fullmatch=True),
    "Text": st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=9
    ),
    "Duration": st.tuples(_numbers, st.sampled_from(["s", "m", "h", "d", "h30m", "d1s"])).map(
        "".join
    ),
    "Instant": _dates | st.builds("{}T{}{}".format, _dates, _times, _offsets),
    "WallClock": _walls,
    "Cron": st.tuples(_field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 7)).map(
        " ".join
    ),
    "Message": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=9),
    "TimeZone": st.sampled_from(["UTC", "Europe/Moscow", "Etc/GMT+5", "Mars/Olympus"]),
}


def _of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a part of the schema accepts, or nearly."""
    if "$ref" in schema:
        return _defined(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf"):
        # Beside keys it says which of them stand together.
        if several in schema and "properties" not in schema:
            return st.one_of([_of(each) for each in schema[several]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return _BY_TYPE[schema["type"]](schema)


@cache
def _defined(name: str) -> st.SearchStrategy[Any]:
    return _SHAPES[name] if name in _SHAPES else _of(SCHEMA["$defs"][name])


def _object(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if "propertyNames" in schema:
        return st.dictionaries(
            _of(schema["propertyNames"]), _of(schema["additionalProperties"]), max_size=2
        )
    keys = {name: _of(key) for name, key in schema["properties"].items() if key.get("not") != {}}
    needed = {name: keys.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional=keys)


_BY_TYPE: Final[dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]]] = {
    "object": _object,
    "array": lambda schema: st.lists(
        _of(schema["items"]), min_size=schema.get("minItems", 0), max_size=3
    ),
    "boolean": lambda _schema: st.booleans(),
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
}

documents: Final = _of(SCHEMA)
"""Nearly all of them are accepted: what forbids combinations of keys is not looked at."""

_JUNK: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 1.5, 2**63, "", "x", "Lobby", "1", str(2**63), "true"),
        *("1h", "0s", "99999999d", "2026-12-01", "2026-02-30", "2026-12-01T00:00Z", "UTC"),
        *("0 8 * * *", "0 8 5-3 * *", "voice", "enforce", "off", "\x00", "a b"),
        *([], [[]], ["x"], ["voice"], [None], {}, {"any": "x"}, {"any": []}, {"x": 1}, {"id": 1}),
        *({"start": "0 8 * * *"}, {"from": "2026-12-01", "to": "2026-11-01"}, {"time": "1h"}),
    ]
)
_KNOWN: Final = {key for part in SCHEMA["$defs"].values() for key in part.get("properties", ())}
_KEYS: Final = st.sampled_from([*sorted(_KNOWN), *SCHEMA["properties"], "x", "Upper", "a" * 64])


@st.composite
def changed(draw: st.DrawFn) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """A document in which one to three values or keys are others."""
    document = {"": copy.deepcopy(draw(documents))}
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(document))
        holder, key = draw(st.sampled_from(places))
        _change(draw, holder, key)
    return document[""]


def _change(draw: st.DrawFn, holder: Any, key: Any) -> None:  # noqa: ANN401 - as above
    way = draw(st.sampled_from(["replace", "replace", "wrap", "add", "remove"]))
    value = holder[key]
    if way == "remove" and key != "":
        del holder[key]
    elif way == "add" and isinstance(value, dict):
        value[draw(_KEYS)] = copy.deepcopy(draw(_JUNK))
    elif way == "wrap":
        holder[key] = [value]
    else:
        holder[key] = copy.deepcopy(draw(_JUNK))


def _places(value: Any) -> Any:  # noqa: ANN401 - as above
    """Every mapping or list with each of its keys or indexes."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])

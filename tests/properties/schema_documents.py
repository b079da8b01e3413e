"""Documents made of a JSON Schema itself, and such with something changed in them."""

import copy
from functools import cached_property
from typing import Any, Final

from hypothesis import strategies as st

from voxguard.policy import patterns
from voxguard.policy.json_schema.generator import FileSchema
from voxguard.policy.yaml.scalars import resolve

_numbers = st.integers(0, 99).map(str)
_dates = st.dates().map(str)
_times = st.times().map(lambda time: time.isoformat("minutes")) | st.times().map(
    lambda time: time.isoformat("seconds")
)
_offsets = st.sampled_from(["", "Z", "+03:00", "-11:30", "+23:59"])
_walls = _dates | st.builds("{}T{}".format, _dates, _times)

_durations = st.tuples(_numbers, st.sampled_from(["s", "m", "h", "d", "h30m", "d1s"])).map("".join)


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high).map(str)
    ranges = st.builds("{}-{}".format, number, number)
    item = st.just("*") | number | ranges
    stepped = st.builds("{}/{}".format, item, st.integers(1, 70))
    return st.lists(item | stepped, min_size=1, max_size=3).map(",".join)


# Where a pattern looks ahead, strings that fit it are not found by chance.
_SHAPES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "Id": st.integers(0, 2**63 - 1) | st.integers(0, 2**63 - 1).map(str),
    "Reference": st.integers(0, 2**63 - 1) | st.from_regex(patterns.NAME, fullmatch=True),
    "Text": st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=9
    ),
    "Called": st.text(min_size=1, max_size=9) | st.integers(),
    "Duration": _durations,
    "Offset": st.just("0s") | _durations,
    "Instant": _dates | st.builds("{}T{}{}".format, _dates, _times, _offsets),
    "WallClock": _walls,
    "Cron": st.tuples(_field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 7)).map(
        " ".join
    ),
    "Message": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=9),
    "TimeZone": st.sampled_from(["UTC", "Europe/Moscow", "Etc/GMT+5", "Mars/Olympus"]),
}


class Documents:
    """The documents of one kind of file: some that its schema accepts, and others."""

    def __init__(self, kind: FileSchema) -> None:
        self.schema = kind.values()
        self._made: dict[str, st.SearchStrategy[Any]] = dict(_SHAPES)
        self._keys = st.sampled_from([*sorted(self._known()), "x", "Upper", "a" * 64])

    def _known(self) -> set[str]:
        parts = (self.schema, *self.schema["$defs"].values())
        return {key for part in parts for key in part.get("properties", ())}

    @cached_property
    def accepted(self) -> st.SearchStrategy[Any]:
        """Nearly all are: of what forbids combinations of keys not all is looked at."""
        return self._of(self.schema)

    def changed(self) -> st.SearchStrategy[Any]:
        """Documents in which one to three values or keys are others."""
        return _changed(self.accepted, self._keys)

    def _of(self, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        """Values that a part of the schema accepts, or nearly."""
        if "$ref" in schema:
            return self._defined(schema["$ref"].rpartition("/")[2])
        if "properties" in schema or "propertyNames" in schema:
            return self._object(schema)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return st.one_of([self._of(each) for each in schema[several]])
        if "const" in schema or "enum" in schema:
            return st.sampled_from(schema.get("enum") or [schema["const"]])
        if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True)
        if schema["type"] == "array":
            return self._array(schema)
        if schema["type"] == "boolean":
            return st.booleans()
        return st.integers(schema["minimum"], schema["maximum"])

    def _defined(self, name: str) -> st.SearchStrategy[Any]:
        if name not in self._made:
            self._made[name] = self._of(self.schema["$defs"][name])
        return self._made[name]

    def _array(self, schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
        items = self._of(schema["items"])
        some = st.lists(items, min_size=schema.get("minItems", 0), max_size=3)
        if "contains" not in schema:
            return some
        [key] = schema["contains"]["required"]
        of_items = self.schema["$defs"][schema["items"]["$ref"].rpartition("/")[2]]
        wanted = [self._keys_of(of_items, way) for way in _ways(of_items) if key not in way]
        return st.builds(lambda first, last: [*first, last], some, st.one_of(wanted))

    def _object(self, schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        if "propertyNames" in schema:
            return st.dictionaries(
                self._of(schema["propertyNames"]),
                self._of(schema["additionalProperties"]),
                min_size=schema.get("minProperties", 0),
                max_size=2,
            )
        return st.one_of([self._keys_of(schema, without) for without in _ways(schema)])

    def _keys_of(
        self, schema: dict[str, Any], without: frozenset[str]
    ) -> st.SearchStrategy[dict[str, Any]]:
        """A mapping with the keys of an object, but for some."""
        keys = {
            name: self._of(key)
            for name, key in schema["properties"].items()
            if key.get("not") != {} and name not in without
        }
        one_of = {each["required"][0] for each in schema.get("oneOf", ())} - without
        depending = schema.get("dependentRequired", {})
        wanted = {*schema.get("required", ()), *one_of}
        wanted |= {need for one in one_of for need in depending.get(one, ())}
        needed = {name: keys.pop(name) for name in list(keys) if name in wanted}
        made = st.fixed_dictionaries(needed, optional=keys)
        return made.filter(len) if "minProperties" in schema else made


def _ways(schema: dict[str, Any]) -> set[frozenset[str]]:
    """Keys without which an object has nothing in it that excludes each other."""
    one_of = {each["required"][0] for each in schema.get("oneOf", ())}
    excluding = set(schema.get("not", {}).get("required", ()))
    ways = set()
    for chosen in [{each} for each in one_of] or [set()]:
        way = one_of - chosen
        more = [set()] if way & excluding or not excluding else [{k} for k in excluding - chosen]
        ways |= {frozenset(way | each) for each in more}
    return ways


_JUNK: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, resolve("1.5"), 2**63),
        *("", "x", "Lobby", "1", str(2**63), "true"),
        *("1h", "0s", "99999999d", "2026-12-01", "2026-02-30", "2026-12-01T00:00Z", "UTC"),
        *("0 8 * * *", "0 8 5-3 * *", "voice", "enforce", "off", "\x00", "a b"),
        *("nothing", "alice", [{}], {"mute": True}, [{"move": "afk"}], {"rule": "x"}),
        *([], [[]], ["x"], ["voice"], [None], {}, {"any": "x"}, {"any": []}, {"x": 1}, {"id": 1}),
        *({"start": "0 8 * * *"}, {"from": "2026-12-01", "to": "2026-11-01"}, {"time": "1h"}),
    ]
)


@st.composite
def _changed(
    draw: st.DrawFn, documents: st.SearchStrategy[Any], keys: st.SearchStrategy[str]
) -> Any:  # noqa: ANN401 - whatever YAML can hold
    document = {"": copy.deepcopy(draw(documents))}
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(document))
        holder, key = draw(st.sampled_from(places))
        _change(draw, holder, key, draw(keys))
    return document[""]


def _change(draw: st.DrawFn, holder: Any, key: Any, new: str) -> None:  # noqa: ANN401 - as above
    way = draw(st.sampled_from(["replace", "replace", "wrap", "add", "remove"]))
    value = holder[key]
    if way == "remove" and key != "":
        del holder[key]
    elif way == "add" and isinstance(value, dict):
        value[new] = copy.deepcopy(draw(_JUNK))
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

"""Comments that say which findings are meant: `# voxguard: ignore VG210 until 2027-01-01: why`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.checks import BY_ID, Check
from voxguard.policy.yaml import comments

USELESS = Check("VG402", "useless-suppression")

_OURS = re.compile(r"#\s*voxguard\s*:\s*(.*)", re.IGNORECASE)
_FORM = re.compile(
    r"ignore\s+(?P<ids>VG\d{3}(?:\s*,\s*VG\d{3})*)"
    r"(?:\s+until\s+(?P<until>\d{4}-\d\d-\d\d))?\s*:\s*(?P<reason>\S.*)"
)
_WRITE = "Write `# voxguard: ignore VG201: the reason`, with `until 2027-01-01` before the colon."


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: which checks it silences on its line and the next, and up to when."""

    mark: Mark
    ids: tuple[str, ...]
    until: date | None
    reason: str


def suppressions_in(file: str, text: str) -> Iterator[Suppression | Problem]:
    """The suppressions of a file, and what is wrong with those that are none."""
    if "voxguard" not in text.lower():
        return
    for line, column, comment in comments(text):
        ours = _OURS.match(comment)
        if ours is None:
            continue
        mark = Mark(file, line, column)
        try:
            yield _read(mark, ours[1].strip())
        except ValueError as error:
            yield _useless(mark, f"This suppression is not understood: {error}.", _WRITE)


def _read(mark: Mark, text: str) -> Suppression:
    found = _FORM.fullmatch(text)
    if found is None:
        if not text.startswith("ignore"):
            raise ValueError("it does not say `ignore`")
        what = "a reason after a colon" if re.search(r"VG\d{3}", text) else "the id of a check"
        raise ValueError(f"it needs {what}")
    until = found["until"]
    try:
        day = None if until is None else date.fromisoformat(until)
    except ValueError:
        raise ValueError(f"{until} is no date") from None
    return Suppression(mark, tuple(re.split(r"\s*,\s*", found["ids"])), day, found["reason"])


def suppress(
    problems: tuple[Problem, ...], texts: Mapping[str, str], today: date, known: Mapping[str, bool]
) -> tuple[Problem, ...]:
    """The problems that no comment silences, and the comments that silence none.

    `today` is the day from which on suppressions until that day are over; `known` are the
    checks that there are beside those of loading, and whether they have been made: of others
    nobody can say that they do not fire.
    """
    by_place: dict[tuple[str, int, str], list[Suppression]] = defaultdict(list)
    every = [
        found
        for file, text in texts.items()
        for found in suppressions_in(file, text)
        if isinstance(found, Suppression)
    ]
    for each in every:
        line = each.mark.line or 0
        for check in each.ids:
            for covered in (line, line + 1):
                by_place[each.mark.file, covered, check].append(each)
    kept, used = [], set[tuple[Mark, str]]()
    for problem in problems:
        at = (problem.mark.file, problem.mark.line or 0, problem.check)
        silencing = by_place.get(at, [])
        used |= {(each.mark, problem.check) for each in silencing}
        if not any(_is_valid(each, today) for each in silencing):
            kept.append(problem)
    return (*kept, *_idle(every, used, today, {**dict.fromkeys(BY_ID, True), **known}))


def _is_valid(suppression: Suppression, today: date) -> bool:
    return suppression.until is None or today < suppression.until


def _idle(
    every: list[Suppression],
    used: set[tuple[Mark, str]],
    today: date,
    known: Mapping[str, bool],
) -> Iterator[Problem]:
    for each in every:
        for check in each.ids:
            if check not in known:
                yield _useless(each.mark, f"There is no check {check}.", None)
            elif not known[check]:
                continue
            elif (each.mark, check) not in used:
                message = f"{check} does not fire here: nothing has to be ignored."
                yield _useless(each.mark, message, "Drop the comment.")
            elif not _is_valid(each, today):
                message = f"This suppression of {check} ended on {each.until}."
                yield _useless(each.mark, message, "Settle it, or give it another date.")


def _useless(mark: Mark, message: str, hint: str | None) -> Problem:
    return Problem(USELESS.id, USELESS.name, Level.WARNING, mark, message, "", hint)

"""What places show: by it a name or a value of a finding is known not to be hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.model import Place

#: What a note quotes: code, text, containers, and words, of which those with a digit count.
_QUOTED = re.compile(r'`[^`]*`?|"[^"]*"?|[\[{].*|[^\s`"\[{]+', re.DOTALL)
_NUMBER = re.compile(r"[\d.+-]+")


class Evidence:
    """What the places of one finding show. ``field`` is a word of the policy, and so no secret."""

    def __init__(self, places: Sequence[Place], field: str) -> None:
        """``places`` are those that are shown."""
        self._places = places
        self._field = field

    def has(self, text: str) -> bool:
        """True where ``text`` stands whole in a quoted line, or in the path of a file.

        A place without a line may be one where something is missing: its path is made of the name
        that was looked for, and so is no evidence.
        """
        return any(
            stands(text, place.excerpt) or (place.line > 0 and stands(text, place.path))
            for place in self._places
        )

    def marks(self, text: str) -> bool:
        """True where ``text`` is what one of the places marks, quotes aside."""
        return any(text and text == _marked(place).strip("\"'` ") for place in self._places)

    def told(self, place: Place, secret: Sequence[str], *, named: bool = True) -> Place:
        """A shown place without what it says of the other side; ``secret`` are not to be seen.

        Where it is not ``named`` which entry it is, only its repository stays.
        """
        if not named and place.line:
            return Place(place.repo, place.name, "", 0, 0, 0, 0, "", "", place.revision)
        path = place.path
        if not place.line and any(_holds(path, one) for one in secret):
            path = ""
        note = place.note if self._is_own(place, secret) else ""
        return place._replace(path=path, note=note)

    def _is_own(self, place: Place, secret: Sequence[str]) -> bool:
        """True where the place itself shows all that its note quotes."""
        if place.repo == "policy" and not place.name:
            return not any(_holds(place.note, one) for one in secret)
        if any(stands(one, place.note) for one in secret):
            return False
        text = f"{place.excerpt}\n{place.path if place.line else ''}"
        quoted = (one for one in _QUOTED.findall(place.note) if _counts(one))
        bare = (one.strip("`\"',;:()") for one in quoted)
        return all(not one or one == self._field or stands(one, text) for one in bare)


def _counts(quoted: str) -> bool:
    return quoted[0] in '`"[{' or any(char.isdigit() for char in quoted)


def stands(text: str, within: str) -> bool:
    """True where ``text`` stands in ``within`` as a word of its own: ``0.4`` not in ``0.45``."""
    inner = "_-." if _NUMBER.fullmatch(text) else "_-"
    at = within.find(text) if text else -1
    while at >= 0:
        around = (within[at - 1 : at], within[at + len(text) : at + len(text) + 1])
        if not any(char.isalnum() or (char and char in inner) for char in around):
            return True
        at = within.find(text, at + 1)
    return False


def _holds(text: str, part: str) -> bool:
    return bool(part) and part.lower() in text.lower()


def _marked(place: Place) -> str:
    """The text that carets stand under; "" where it goes over several lines."""
    if not place.line or place.end_line > place.line:
        return ""
    first = place.excerpt.partition("\n")[0]
    return first[max(place.column - 1 - place.cut, 0) : max(place.end_column - 1 - place.cut, 0)]

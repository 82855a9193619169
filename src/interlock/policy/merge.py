"""Policy files laid over one another: in order, the last one wins.

- ``repos``, ``sources``, ``rules`` and ``share-with`` merge by name; a source or a rule setting
  of the same name is patched word by word, and a source's ``fields`` by field.
- ``consistency`` merges by id. An entry with ``each`` replaces the one below; an entry without
  it is a patch: the words that it states replace those below, and a relation replaces the
  relation.
- ``secrets`` is patched word by word; its ``rules`` merge by id, a rule of the same id is replaced.
- ``companions`` and ``waivers`` add up. Every other word replaces.
- ``word+`` adds to the list below, ``word-`` takes from it, and null takes the entry away.
- A rule setting moves to the end when it is stated again, since the last one that matches wins.
  A stated ``severity`` ends an inherited ``rollout``, and the other way round.
"""

from __future__ import annotations

from interlock.policy import consistency, secrets, sources
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.relations import RELATIONS
from interlock.policy.shapes import NO_VALUE, kind_of
from interlock.policy.suggest import listed

KEYED = ("repos", "sources", "rules", "share-with")
ADDED = ("companions", "waivers")
RULE_LISTS = ("overrides",)


def laid_over(layers: list[Raw], problems: Problems) -> Raw:
    """The effective mapping; each part knows the file that decided it."""
    parts: dict[str, Raw] = {}
    for layer in layers:
        for word, part in layer.members().items():
            if part.value is None:
                problems.add(part, NO_VALUE.format(word), named=True)
            elif not _fits(word, part, problems):
                continue
            elif word in KEYED:
                parts[word] = _keyed(word, parts.get(word), part, problems)
            elif word == "secrets":
                parts[word] = _secrets(parts.get(word), part, problems)
            elif word == "consistency":
                parts[word] = _rules(parts.get(word), part, problems)
            elif word in ADDED:
                below = parts[word].items() if word in parts else []
                parts[word] = part.composed([*below, *part.items()])
            elif word != "extends":
                parts[word] = part
    return layers[-1].composed(parts)


def _fits(word: str, part: Raw, problems: Problems) -> bool:
    wanted: type = dict if word in (*KEYED, "secrets") else list
    if word not in (*KEYED, *ADDED, "secrets", "consistency") or isinstance(part.value, wanted):
        return True
    name = "a mapping" if wanted is dict else "a list"
    problems.add(part, f"`{word}` must be {name}, not {kind_of(part.value)}")
    return False


def _keyed(word: str, below: Raw | None, above: Raw, problems: Problems) -> Raw:
    members = dict(below.members()) if below is not None else {}
    if word in ("repos", "share-with"):
        return above.composed(_patched(members, above, None, problems))
    for name, given in above.members().items():
        part = _spelled_out(word, given)
        if part.value is None:
            _take_away(members, name, given, problems)
        elif word == "rules":
            old = members.pop(name, None)
            members[name] = _setting(old, part, problems)
        elif name in members:
            members[name] = _source(members[name], part, problems)
        else:
            members[name] = part.composed(_patched({}, part, sources.LISTS, problems))
    return above.composed(members)


def _spelled_out(word: str, part: Raw) -> Raw:
    """A rule's severity alone stands for its setting."""
    if word != "rules" or isinstance(part.value, dict) or part.value is None:
        return part
    return part.composed({"severity": part})


def _setting(old: Raw | None, part: Raw, problems: Problems) -> Raw:
    members = dict(old.members()) if old is not None else {}
    stated = part.members()
    if "severity" in stated and "rollout" not in stated:
        members.pop("rollout", None)
    if "rollout" in stated and "severity" not in stated:
        members.pop("severity", None)
    return part.composed(_patched(members, part, RULE_LISTS, problems))


def _source(old: Raw, part: Raw, problems: Problems) -> Raw:
    members, stated = dict(old.members()), part.members()
    for one, other in (("files", "layers"), ("layers", "files")):
        if one in stated and other not in stated:
            members.pop(other, None)
    fields, below = stated.get("fields"), members.get("fields")
    patched = _patched(members, part, sources.LISTS, problems)
    if fields is not None and below is not None and isinstance(fields.value, dict):
        patched["fields"] = fields.composed(_patched(dict(below.members()), fields, (), problems))
    return part.composed(patched)


def _secrets(old: Raw | None, part: Raw, problems: Problems) -> Raw:
    members = dict(old.members()) if old is not None else {}
    below, here = members.get("rules"), part.get("rules")
    patched = _patched(members, part, secrets.LISTS, problems)
    if below is not None and here is not None and isinstance(here.value, list):
        ids = {_id(rule) for rule in here.items()}
        kept = [rule for rule in below.items() if _id(rule) not in ids]
        patched["rules"] = here.composed([*kept, *here.items()])
    return part.composed(patched)


def _rules(below: Raw | None, above: Raw, problems: Problems) -> Raw:
    rules: dict[str, Raw] = {}
    for at, rule in enumerate(below.items() if below is not None else ()):
        rules[_id(rule) or f"\0below {at}"] = rule
    inherited, here = set(rules), dict[str, Raw]()
    for at, rule in enumerate(above.items()):
        name = _id(rule)
        if name and name in here:
            line = here[name].origin().line
            problems.add(rule, f"`{name}` is already the id of the rule in line {line}")
            continue
        here[name] = rule
        if not isinstance(rule.value, dict):
            rules[f"\0{at}"] = rule
        elif name in inherited and "each" not in rule.members():
            rules[name] = _patched_rule(rules[name], rule, problems)
        elif name and inherited and "each" not in rule.members():
            message = f"no policy below has a rule `{name}` to change, and this one has no `each`"
            problems.misnamed(rule, message, name, (one for one in inherited if one[0] != "\0"))
        else:
            parts = _patched({}, rule, consistency.LISTS, problems)
            rules[name or f"\0{at}"] = rule.composed(parts)
    return above.composed(list(rules.values()))


def _id(rule: Raw) -> str:
    part = rule.get("id")
    return part.value if part is not None and isinstance(part.value, str) else ""


def _patched_rule(old: Raw, patch: Raw, problems: Problems) -> Raw:
    members, stated = dict(old.members()), patch.members()
    if any(word in RELATIONS for word in stated):
        members = {word: part for word, part in members.items() if word not in RELATIONS}
    return patch.composed(_patched(members, patch, consistency.LISTS, problems))


def _patched(
    members: dict[str, Raw], above: Raw, lists: tuple[str, ...] | None, problems: Problems
) -> dict[str, Raw]:
    """``members`` with what ``above`` states; ``lists`` may be added to (None: all of them)."""
    below = dict(members)
    for word, part in above.members().items():
        stem, sign = word[:-1], word[-1:]
        if sign in ("+", "-") and (lists is None or stem in lists):
            if stem not in below:
                problems.add(
                    part,
                    f"`{word}` changes a list of a policy below, and none states `{stem}`",
                    f"write `{stem}`",
                    named=True,
                )
            elif part.value is not None:
                members[stem] = _changed(below[stem], part, sign, problems)
                if not members[stem].items():
                    del members[stem]  # a list with nothing left is as good as none
        elif part.value is None and word in below:
            members.pop(word, None)
        else:
            members[word] = part
    return members


def _changed(below: Raw, part: Raw, sign: str, problems: Problems) -> Raw:
    items = list(below.items())
    for change in part.items():
        if sign == "+":
            items.append(change)
            continue
        kept = [item for item in items if item.value != change.value]
        if len(kept) == len(items):
            known = [item.value for item in items if isinstance(item.value, str)]
            problems.add(change, "there is no such element to take away", listed(known))
        items = kept
    return part.composed(items)


def _take_away(members: dict[str, Raw], name: str, part: Raw, problems: Problems) -> None:
    if members.pop(name, None) is None:
        problems.add(
            part,
            f"`{name}: null` takes away what a policy below states, and none states `{name}`",
            named=True,
        )

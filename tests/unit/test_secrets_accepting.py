"""What becomes of a hit: by its entry's verdict and day, by a pragma, by what a change adds."""

from __future__ import annotations

import pytest

from interlock.secrets.accepting import Added, Judged, judge
from interlock.secrets.baseline import Baseline, Entry, latest, widened
from interlock.secrets.model import Hit

TODAY = "2026-11-21"
ONE, TWO = "1" * 64, "2" * 64


def entry(verdict: str = "live", until: str = "2026-12-01", **changes: str) -> Entry:
    usual = Entry(ONE, "password", "a.py", verdict, until, "me", "why")
    return usual._replace(**changes)


def hit(fingerprint: str = ONE, path: str = "a.py", *, allowed: bool = False) -> Hit:
    return Hit("r", "password", path, 3, 7, fingerprint, 0, allowed)


def base(*entries: Entry, key: bytes = bytes(32)) -> Baseline:
    return Baseline("b", key, entries)


def kinds(judged: Judged) -> dict[str, list[str]]:
    return {
        name: [case.kind for case in getattr(judged, name)] for name in ("open", "warned", "silent")
    }


def only(part: str, kind: str) -> dict[str, list[str]]:
    return {"open": [], "warned": [], "silent": [], part: [kind]}


@pytest.mark.parametrize(
    ("one", "part", "kind"),
    [
        (None, "open", "found"),
        (entry("not-a-secret", ""), "silent", "silent"),
        (entry("rotated", ""), "silent", "silent"),
        (entry("live", TODAY), "warned", "live"),
        (entry("live", "2026-11-20"), "open", "expired"),
        (entry("live", "2027-11-21"), "warned", "live"),
        (entry("live", "2027-11-22"), "open", "too-far"),
        (entry("unreviewed", TODAY), "warned", "unreviewed"),
        (entry("unreviewed", "2026-11-20"), "open", "expired"),
        (entry("unreviewed", "9999-01-01"), "open", "too-far"),
        (entry("rotated", "", hash=TWO), "open", "found"),
        (entry("rotated", "", path="b.py"), "open", "found"),
        (entry("rotated", "", type="token"), "silent", "silent"),
    ],
)
def test_a_hit_by_its_entry(one: Entry | None, part: str, kind: str) -> None:
    assert kinds(judge([hit()], base(one) if one else None, TODAY)) == only(part, kind)


def test_the_entry_of_the_very_type_goes_first() -> None:
    """Two kinds of hits of one value have an entry each; another type's is for renamed rules."""
    both = base(entry("rotated", "", type="token"), entry("live"))
    assert kinds(judge([hit()], both, TODAY)) == only("warned", "live")
    other = hit()._replace(type="third")
    assert kinds(judge([other], both, TODAY)) == only("warned", "live")


def test_a_pragma_counts_unless_a_change_adds_it() -> None:
    allowed = hit(allowed=True)
    added = Added(None, ("@o",))
    assert kinds(judge([allowed], None, TODAY)) == only("silent", "allowed")
    assert kinds(judge([allowed], None, TODAY, added)) == only("open", "pragma")
    known = base(entry("not-a-secret", ""))
    assert kinds(judge([allowed], known, TODAY, Added(known, ()))) == only("silent", "silent")
    over = base(entry("live", "2026-01-01"))
    assert kinds(judge([allowed], over, TODAY)) == only("open", "expired")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (entry("live"), entry("live"), False),
        (entry("live"), entry("live", "2026-11-30"), False),
        (entry("live"), entry("live", "2026-12-02"), True),
        (entry("live"), entry("unreviewed"), False),
        (entry("unreviewed"), entry("live"), False),
        (entry("unreviewed"), entry("rotated", ""), True),
        (entry("rotated", ""), entry("not-a-secret", ""), False),
        (entry("rotated", ""), entry("live", "2027-06-01"), False),
        (entry("live"), entry("live", owner="you", reason="else"), False),
        (entry("live"), entry("live", path="b.py"), True),
        (entry("live"), entry("live", hash=TWO), True),
        (entry("live"), entry("live", type="token"), False),
        (entry("live"), entry("live", type="token", until="2026-12-02"), True),
        (None, entry("live"), True),
    ],
)
def test_an_entry_that_accepts_more_is_told(
    before: Entry | None, after: Entry, *, told: bool
) -> None:
    old = base(before) if before else None
    assert bool(widened(old, base(after))) == told
    for owners, part, kind in (((), "open", "entry"), (("@o",), "warned", "approve")):
        judged = judge([], base(after), TODAY, Added(old, owners))
        assert kinds(judged) == (only(part, kind) if told else kinds(judge([], None, TODAY)))
        for case in (*judged.open, *judged.warned):
            assert (case.hit.path, case.hit.fingerprint) == ("b", after.hash)


def test_with_another_key_every_entry_is_new() -> None:
    same = entry("rotated", "")
    assert widened(base(same), base(same)) == ()
    assert widened(base(same, key=b"x" * 32), base(same)) == (same,)


def test_what_comes_with_an_entry_that_nobody_judged_fails() -> None:
    after = base(entry("unreviewed"))
    new = judge([hit()], after, TODAY, Added(None, ("@o",)))
    assert kinds(new) == {"open": ["unseen"], "warned": ["approve"], "silent": []}
    assert kinds(judge([hit()], after, TODAY, Added(after, ()))) == only("warned", "unreviewed")
    moved = Added(base(entry("unreviewed", path="old.py")), ("@o",))
    assert kinds(judge([hit()], after, TODAY, moved))["open"] == []


def test_entries_that_fit_nothing_are_told_of_a_whole_tree() -> None:
    both = base(entry(), entry(hash=TWO))
    assert judge([hit()], both, TODAY).stale == ()
    assert judge([hit()], both, TODAY, whole=True).stale == (entry(hash=TWO),)
    moved = judge([hit(path="up/a.py")], both, TODAY, whole=True, placed=lambda p: p[3:])
    assert moved.stale == (entry(hash=TWO),)


def test_a_year_on_from_the_day_that_not_every_year_has() -> None:
    assert latest("2026-11-21") == "2027-11-21"
    assert "2029-02-28" <= latest("2028-02-29") < "2029-03-01"

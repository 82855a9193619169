"""The lines that a change adds: of the index, of a range, of history. The work tree is not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interlock.errors import TreeError, UsageError
from interlock.secrets.content import MAX_BYTES, lines_of, only, plain, text_of, too_large, without
from interlock.secrets.model import Skip, Text
from interlock.secrets.patch import BINARY, LARGE, Added, parse_patch
from interlock.secrets.reading import EXCLUDED, Excluded
from interlock.trees.objects import Objects, TooLarge
from interlock.trees.process import git, git_pieces

#: Nothing that a repository sets has a say: no context, no programs of its, no hidden submodules.
#: Only exact renames are looked for: a moved file's lines were there before.
_PATCH = (
    "--raw",
    "-p",
    "-U0",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "-M100%",
    "--ignore-submodules=none",
    "--submodule=short",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "-O/dev/null",
)
#: Git takes larger files for binary: neither it nor we ever hold one.
_BOUND = ("-c", f"core.bigFileThreshold={MAX_BYTES}")
#: Commits by their ids, without their words. A merge's own lines are those that no parent has;
#: without context git numbers some of them wrong.
_LOG = ("log", "--root", "--format=commit %H", "--no-show-signature", "--diff-merges=combined")
#: The tree without a file, by SHA-1 and by SHA-256: git knows it in every repository.
_EMPTY_TREES = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
)
#: Lines of history that are remembered, to look at each once; 8 bytes each.
_REMEMBERED = 1 << 21


def staged(where: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """The lines that the index adds to HEAD, or to nothing before the first commit.

    Raises UsageError where there is no index.
    """
    from interlock.secrets.fingerprints import is_bare

    if is_bare(where):
        raise UsageError(f"{where!r} is a repository without a work tree: nothing is staged there")
    try:
        yield from _texts(where, ("diff", "--cached", *_PATCH), excluded)
    except TreeError as error:
        if "--no-index" not in str(error):
            raise
        _is_ours(where)
        raise UsageError(f"{where!r} is not in a git repository: nothing is staged") from None


def between(where: str, base: str, head: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """What ``head`` adds since it parted from ``base``: all of it where that is before everything.

    Raises UsageError where git does not know one of the two, or nothing that both come from.
    """
    if from_nothing(base):
        tree = _EMPTY_TREES[len(last := commit(where, head)) == 64]
        yield from _texts(where, ("diff", *_PATCH, tree, last, "--"), excluded)
        return
    revisions = "...".join(_commits(where, base, head))
    try:
        yield from _texts(where, ("diff", *_PATCH, revisions, "--"), excluded)
    except TreeError as error:
        if "no merge base" not in str(error):
            raise
        raise UsageError(
            f"{base!r} and {head!r} have no commit in common here: "
            "fetch the whole history (in actions/checkout: fetch-depth: 0)"
        ) from None


def each_commit(where: str, base: str, head: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """Every line that a commit of ``head`` added and none of ``base`` has, once for each path.

    What a later commit took away again is there too: it is pushed all the same. Without ``base``
    all of ``head``'s commits count. Raises UsageError where git does not know one of the two.
    """
    known = base and not from_nothing(base)
    first, *rest = _commits(where, head, base) if known else [commit(where, head)]
    revisions = [first, *("^" + one for one in rest)]
    yield from _texts(where, (*_LOG, *_PATCH, "-U1", *revisions, "--"), excluded, once=True)


def history(where: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """Every line that a commit of any branch or tag added, once for each path."""
    return _texts(where, (*_LOG, *_PATCH, "-U1", "--all", "--"), excluded, once=True)


def commit(where: str, revision: str) -> str:
    """The commit's full id; raises UsageError where git does not know ``revision``.

    Nothing that a user or a branch name holds reads as an option.
    """
    found = _asked(where, [revision])
    if not found:
        raise UsageError(f"there is no revision {revision!r} here: fetch it first")
    return found[0]


def _commits(where: str, *revisions: str) -> list[str]:
    """The ids of several, by one process where all are known."""
    return _asked(where, revisions) or [commit(where, revision) for revision in revisions]


def _asked(where: str, revisions: Sequence[str]) -> list[str]:
    """The ids of ``revisions``; none where git does not know one of them."""
    wanted = [revision + "^{commit}" for revision in revisions]
    try:
        names = git(where, "rev-parse", "-q", "--end-of-options", *wanted, own=True)
    except TreeError as error:
        if any(words in str(error) for words in ("not a git repository", "dubious ownership")):
            raise
        return []
    found = names.decode("utf-8", "replace").split()
    found = [name for name in found if name != "--end-of-options"]
    # ^main and a..b are no revisions: git gives other than one id for them.
    good = len(found) == len(wanted) and all(map(str.isalnum, found))
    return found if good else []


def _is_ours(where: str) -> None:
    """Raises TreeError with git's advice where it opens no repository of another owner."""
    try:
        git(where, "rev-parse", "--git-dir", own=True)
    except TreeError as error:
        if "dubious ownership" in str(error):
            raise


def from_nothing(base: str) -> bool:
    """True where ``base`` stands for the time before the first commit.

    That is the id that git and GitHub give as what was there before a new branch, all zeros, or
    the empty tree's: https://git-scm.com/docs/githooks#_pre_push.
    """
    return len(base) in (40, 64) and (not base.strip("0") or base in _EMPTY_TREES)


def is_shallow(where: str) -> bool:
    """True where the clone does not have the whole history."""
    import os

    from interlock.secrets.fingerprints import git_folder

    place = git_folder(where)
    return bool(place) and os.path.isfile(os.path.join(place, "shallow"))


def _texts(
    where: str, arguments: Iterable[str], excluded: Excluded, *, once: bool = False
) -> Iterator[Text | Skip]:
    pieces = git_pieces(where, *_BOUND, *arguments, own=True)
    files = parse_patch(pieces)
    objects = Objects(where, own=True)
    try:
        for one in _once(files) if once else files:
            if excluded(one.path):
                yield Skip(one.path, EXCLUDED)
            else:
                yield _text(one, objects)
    finally:
        objects.close()


def _once(files: Iterable[Added]) -> Iterator[Added]:
    """Each line of a path once, however many commits added it.

    What is remembered is bounded: of very many lines some are looked at again.
    """
    from array import array

    seen = array("q", bytes(8 * _REMEMBERED))

    def is_new(what: tuple[str, bytes | str]) -> bool:
        mark = hash(what)
        if seen[mark % _REMEMBERED] == mark:
            return False
        seen[mark % _REMEMBERED] = mark
        return True

    for one in files:
        if one.kind:
            if is_new((one.path, one.oid)):
                yield one
            continue
        lines = one.body.split(b"\n")[:-1]
        kept = [
            (number, line)
            for number, line in zip(one.numbers, lines, strict=True)
            if is_new((one.path, line))
        ]
        if len(kept) == len(lines):
            yield one
        elif kept:
            runs = tuple((number, 1) for number, _ in kept)
            yield one._replace(runs=runs, body=b"".join(line + b"\n" for _, line in kept))


def _text(one: Added, objects: Objects) -> Text | Skip:
    made = _content(one, objects)
    return made._replace(commit=one.commit) if isinstance(made, Text) else made


def _content(one: Added, objects: Objects) -> Text | Skip:
    if one.kind not in ("", BINARY, LARGE):
        return Skip(one.path, one.kind)
    whole = not one.olds and len(one.runs) == 1
    if one.kind or b"\0" in one.body or one.path.endswith(".ipynb"):
        # What is new as a whole is here already.
        return text_of(one.path, one.body) if whole and not one.kind else _from_blob(one, objects)
    return Text(one.path, plain(one.body), () if whole else one.numbers)


def _from_blob(one: Added, objects: Objects) -> Text | Skip:
    """Attributes can call any file binary, or text: its bytes decide."""
    got = objects.get(one.oid)
    if got is None:
        return Skip(one.path, "is not in this clone")
    if isinstance(got, TooLarge):
        return Skip(one.path, too_large(got.size))
    text = text_of(one.path, got[2])
    if isinstance(text, Skip):
        return text
    if not one.kind:
        return only(text, frozenset(one.numbers))
    known: set[bytes] = set()
    for oid in one.olds:
        old = objects.get(oid)
        if old is not None and not isinstance(old, TooLarge):
            known.update(lines_of(text_of(one.path, old[2])))
    return without(text, known) if known else text

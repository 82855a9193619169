"""Which lines a change adds, in repositories of every state and whatever their settings say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from gitrepos import Repository, hide
from secretmaking import Maker

from interlock.cli.secrets_run import Asked, Found, look
from interlock.errors import InterlockError, TreeError, UsageError
from interlock.report.secrets import render, told
from interlock.secrets import changes, patch
from interlock.secrets.accepting import judge
from interlock.secrets.fingerprints import repository_key

TOKENS = [Maker(seed).github_classic() for seed in range(6)]
#: Settings of which each hides lines, changes names or runs something where it is heeded.
HOSTILE = [
    "color.ui=always",
    "color.diff=always",
    "core.attributesFile=ATTRIBUTES",
    "core.bigFileThreshold=1",
    "core.fsmonitor=touch RAN",
    "core.pager=touch RAN",
    "core.quotePath=false",
    "core.whitespace=trailing-space,cr-at-eol",
    "diff.algorithm=patience",
    "diff.colorMoved=zebra",
    "diff.context=20",
    "diff.dirstat=files",
    "diff.evil.binary=true",
    "diff.evil.command=touch RAN",
    "diff.evil.textconv=touch RAN; true",
    "diff.external=touch RAN",
    "diff.ignoreSubmodules=all",
    "diff.indentHeuristic=false",
    "diff.interHunkContext=100",
    "diff.mnemonicPrefix=true",
    "diff.noprefix=true",
    "diff.orderFile=ORDER",
    "diff.relative=true",
    "diff.renameLimit=1",
    "diff.renames=copies",
    "diff.renames=false",
    "diff.srcPrefix=x/",
    "diff.statGraphWidth=1",
    "diff.submodule=log",
    "diff.suppressBlankEmpty=true",
    "diff.wordRegex=.",
    "diff.wsErrorHighlight=all",
    "format.pretty=fuller",
    "log.decorate=full",
    "log.diffMerges=off",
    "log.follow=true",
    "log.showRoot=false",
    "log.showSignature=true",
    "submodule.recurse=true",
]


def line(at: int) -> str:
    return f"k = '{TOKENS[at]}'\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    hide(monkeypatch)
    return Repository(tmp_path / "repo")


def places(found: Found) -> list[tuple[str, int]]:
    return [(hit.path, hit.line) for hit in found.hits]


def staged(repo: Repository) -> Found:
    return look(Asked(staged=True), repo.path)


def skipped(found: Found) -> dict[str, str]:
    return {skip.path: skip.reason for skip in found.scanned.skipped}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Two commits and what is staged: a moved file, lines with findings, a submodule."""
    repo = Repository(tmp_path_factory.mktemp("hostile") / "repo")
    (repo.folder.parent / "attributes").write_text("* -diff\n", encoding="utf-8")
    (repo.folder.parent / "order").write_text("zzz\n", encoding="utf-8")
    attributes = "x.* diff=evil"
    first = repo.commit({"a.py": "a\nb\nc\n", "old.py": line(5), ".gitattributes": attributes})
    (repo.folder / "old.py").rename(repo.folder / "new.py")
    repo.commit({"a.py": line(0) + "b\nc\n\n" + line(1), "sub/ä.py": "x\n" + line(3)})
    repo.write({"a.py": line(0) + line(4) + "b\nc\n", "x.py": line(2), "sub/ö.py": line(5)})
    repo.git("add", "-A")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},module")
    return repo


@pytest.mark.parametrize("setting", HOSTILE)
def test_no_setting_hides_a_line(
    hostile: Repository, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch)
    for word in ("RAN", "ATTRIBUTES", "ORDER"):
        setting = setting.replace(word, (hostile.folder.parent / word.lower()).as_posix())
    name, _, value = setting.partition("=")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", name)
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", value)
    where = str(hostile.folder / "sub")
    found = look(Asked(staged=True), where)
    assert places(found) == [("a.py", 2), ("sub/ö.py", 1), ("x.py", 1)]
    assert skipped(found) == {"module": "submodule"}
    committed = [("a.py", 1), ("a.py", 5), ("sub/ä.py", 2)]
    assert places(look(Asked(base="HEAD~1"), where)) == committed
    committed.insert(2, ("old.py", 1))
    assert places(look(Asked(history=True), where)) == committed
    assert not (hostile.folder.parent / "ran").exists()


def test_the_first_commit(repo: Repository) -> None:
    assert staged(repo).scanned[:3] == ("staged", 0, 0)
    assert look(Asked(history=True), repo.path).scanned.lines == 0
    repo.write({"a.py": "x\n" + line(0)})
    repo.git("add", "-A")
    assert places(staged(repo)) == [("a.py", 2)]
    repo.commit({})
    assert places(look(Asked(history=True), repo.path)) == [("a.py", 2)]
    assert places(staged(repo)) == []


def test_a_merges_own_lines_are_found_once(repo: Repository) -> None:
    one = repo.commit({"a.py": "1\n2\n3\n"})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a.py": "1\n2\n3\n" + line(0), "side.py": line(1)})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.py": line(2) + "1\n2\n3\n"})
    repo.git("merge", "-q", "--no-commit", "side")
    two = repo.commit({"a.py": line(2) + "1\n" + line(3) + "2\n3\n" + line(0), "m.py": line(4)})
    expected = [("a.py", 1), ("a.py", 3), ("m.py", 1), ("side.py", 1)]
    found = look(Asked(history=True), repo.path)
    # The line that the side added stood on line 4 there.
    assert places(found) == sorted([*expected, ("a.py", 4)])
    assert found.scanned.lines == 3 + 5
    found = look(Asked(base=one, head=two), repo.path)
    assert places(found) == sorted([*expected, ("a.py", 6)])


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"), [("01234m", "014", "014k"), ("0134", "01234t", "0134k4")]
)
def test_a_merges_own_line_has_its_number(
    repo: Repository, ours: str, theirs: str, merged: str
) -> None:
    """Where git is asked for no context it numbers these wrong, and counts lines that are none."""

    def body(letters: str) -> str:
        return "".join(line(0) if letter == "k" else f"{letter}\n" for letter in letters)

    repo.commit({"a.py": body("01234")})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a.py": body(theirs)})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.py": body(ours)})
    repo.git("merge", "-q", "--no-commit", "-s", "ours", "side")
    repo.commit({"a.py": body(merged)})
    assert places(look(Asked(history=True), repo.path)) == [("a.py", merged.index("k") + 1)]


def test_what_a_commit_takes_away_again_is_pushed_all_the_same(repo: Repository) -> None:
    one = repo.commit({"a.py": "1\n"})
    repo.commit({"a.py": "1\n" + line(0)})
    repo.commit({"a.py": "1\n2\n"})
    assert places(look(Asked(base=one), repo.path)) == []
    assert places(look(Asked(base=one, each=True), repo.path)) == [("a.py", 2)]
    assert places(look(Asked(each=True), repo.path)) == [("a.py", 2)]


def test_history_names_the_commit_that_added_a_line(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    one = repo.commit({"a.py": "1\n" + line(0), "b.py": "commit 1\n"})
    two = repo.commit({"a.py": "1\n", "b.py": "commit 1\n" + line(1), "c.txt": "commit 2\n"})
    repo.commit({"b.py": "commit 3\n"})
    for asked in (Asked(history=True), Asked(each=True)):
        found = look(asked, repo.path)
        assert {hit.path: hit.commit for hit in found.hits} == {"a.py": one, "b.py": two}
    what = told(judge(found.hits, None, "2026-01-01"), found.scanned)
    assert f"b.py:2:6  (commit {two[:12]})" in render(what, "text")
    assert {one["commit"] for one in json.loads(render(what, "json"))["hits"]} == {one, two}


def test_history_counts_a_line_of_a_path_once(repo: Repository) -> None:
    for body in ("1\n" + line(0), "1\n", "0\n1\n" + line(0), "1\n" + line(0).replace("k", "l")):
        repo.commit({"a.py": body, "b.py": body})
    found = look(Asked(history=True), repo.path)
    assert len(places(found)) == 2  # the value of a path once, whatever stands around it
    assert found.scanned.lines == 2 * 4
    assert found.scanned.files == 2


def test_a_pragma_of_one_commit_hides_no_other_line(repo: Repository) -> None:
    pragma = line(0).replace("\n", "  # pragma: allowlist secret\n")
    for body in (pragma, "x\n" + line(0), pragma):
        repo.commit({"a.py": body})
    (hit,) = look(Asked(history=True), repo.path).hits
    assert (hit.line, hit.allowed) == (2, False)


def test_history_reads_every_branch_and_tag(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    repo.git("checkout", "-qb", "other")
    repo.commit({"b.py": line(0)})
    repo.git("tag", "kept")
    repo.git("checkout", "-q", "main")
    repo.git("branch", "-qD", "other")
    assert places(look(Asked(history=True), repo.path)) == [("b.py", 1)]


def test_a_shallow_clones_history_is_told_as_a_part(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": line(0)})
    repo.commit({"a.py": "1\n", "b.py": line(1)})
    assert look(Asked(history=True), repo.path).scanned.what == "history"
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth=1", repo.folder.as_uri(), str(shallow))
    found = look(Asked(history=True), str(shallow))
    assert places(found) == [("b.py", 1)]
    assert "shallow" in found.scanned.what


def test_a_repository_within_is_counted(repo: Repository) -> None:
    repo.write({"a.py": "1\n"})
    Repository(repo.folder / "inner").commit({"b.py": line(0)})
    found = look(Asked(), repo.path)
    assert places(found) == []
    assert skipped(found) == {"inner/": "another repository"}


def test_history_is_read_in_pieces(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 16 MB of patches never more than a few are held."""
    monkeypatch.setattr(changes, "_REMEMBERED", 1 << 10)
    for at in range(8):
        repo.commit({"data.txt": "".join(f"{at} {n} {'x' * 990}\n" for n in range(2_000))})
    look(Asked(history=True), repo.path)
    tracemalloc.start()
    found = look(Asked(history=True), repo.path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.scanned.lines == 8 * 2_000
    assert peak < 12 << 20


def test_intent_to_add_is_not_staged(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    repo.write({"b.py": line(0)})
    repo.git("add", "-N", "b.py")
    assert staged(repo).scanned[:3] == ("staged", 0, 0)
    repo.write({"a.py": "1\n" + line(1)})
    repo.git("add", "a.py")
    assert places(staged(repo)) == [("a.py", 2)]


def test_a_conflict_is_counted_and_the_rest_is_read(repo: Repository) -> None:
    repo.commit({"a.py": "1\n", "z.py": "1\n"})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a.py": "2\n", "new.py": line(0), "z.py": "2\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.py": "3\n", "z.py": "3\n"})
    with pytest.raises(AssertionError, match="git"):
        repo.git("merge", "-q", "side")
    found = staged(repo)
    assert places(found) == [("new.py", 1)]
    assert skipped(found) == {"a.py": "merge conflict", "z.py": "merge conflict"}


@pytest.mark.parametrize("kind", ["binary", "submodule", "symbolic link"])
def test_a_change_without_text_is_told_and_no_error(repo: Repository, kind: str) -> None:
    first = repo.commit({"a.py": "1\n"})
    if kind == "binary":
        repo.write({"x": b"\0\1\2"})
        repo.git("add", "x")
    elif kind == "submodule":
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},x")
    else:
        oid = repo.git("hash-object", "-w", "--stdin", given=b"a.py")
        repo.git("update-index", "--add", "--cacheinfo", f"120000,{oid},x")
    found = staged(repo)
    assert (found.scanned.lines, skipped(found)) == (0, {"x": kind})


def test_a_skipped_file_hides_no_loss(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"a.py": "1\n"})
    repo.write({"x": b"\0\1\2", "a.py": "1\n" + line(0), "b.py": line(1)})
    repo.git("add", "-A")
    whole = patch._lines  # what a git that loses lines would give

    def less(chunks: object) -> list[bytes]:
        return [one for one in whole(chunks) if not one.startswith(b"+k")]  # type: ignore[arg-type]

    monkeypatch.setattr(patch, "_lines", less)
    with pytest.raises(TreeError, match=r"a\.py.*cannot be scanned"):
        staged(repo)


def test_what_cannot_be_read_is_no_clean_result(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    repo.write({"x.ipynb": '{"cells": []}\n'})
    repo.git("add", "-A")
    oid = repo.git("rev-parse", ":x.ipynb")
    repo.write({".gitattributes": "* -diff\n"})
    (repo.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises((InterlockError, TreeError)):
        staged(repo)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read(repo: Repository) -> None:
    repo.write({"a.py": line(0), "b.py": "1\n"})
    (repo.folder / "a.py").chmod(0)
    with pytest.raises(InterlockError, match="no clean result"):
        look(Asked(("a.py",)), repo.path)
    assert skipped(look(Asked(), repo.path))["a.py"].startswith("cannot be read")


def test_globs_leave_out_and_are_counted(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    repo.write({"tests/a.py": line(0), "b.py": "1\n"})
    repo.git("add", "-A")
    for asked in (Asked(staged=True), Asked()):
        found = look(asked._replace(exclude=("tests/**",)), repo.path)
        assert places(found) == []
        assert skipped(found) == {"tests/a.py": "excluded by the policy"}


def test_a_bare_repository(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": line(0)})
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    bare = str(tmp_path / "bare")
    assert places(look(Asked(history=True), bare)) == [("a.py", 1)]
    assert repository_key(bare) == repository_key(bare)
    with pytest.raises(UsageError, match="--history"):
        look(Asked(), bare)
    with pytest.raises(UsageError, match="staged"):
        look(Asked(staged=True), bare)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "a.py").write_text(line(0), encoding="utf-8")
    assert places(look(Asked(), str(tmp_path))) == [("a.py", 1)]
    for asked in (Asked(staged=True), Asked(base="main"), Asked(history=True)):
        with pytest.raises(InterlockError, match="git repository"):
            look(asked, str(tmp_path))


def test_a_work_tree_has_its_own_index_and_the_shared_key(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a.py": "1\n"})
    other = tmp_path / "other"
    repo.git("worktree", "add", "-q", str(other))
    (other / "b.py").write_text(line(0), encoding="utf-8")
    repo.git("-C", str(other), "add", "-A")
    found = look(Asked(staged=True), str(other))
    assert places(found) == [("b.py", 1)]
    assert staged(repo).hits == ()
    assert repository_key(str(other)) == repository_key(repo.path) == found.key


def test_another_index_is_heeded(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git commit -a` shows hooks an index of its own."""
    repo.commit({"a.py": "1\n"})
    index = repo.folder / ".git" / "next-index"
    index.write_bytes((repo.folder / ".git" / "index").read_bytes())
    repo.write({"a.py": line(0)})
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    subprocess.run(("git", "-C", repo.path, "add", "-A"), check=True)
    assert places(staged(repo)) == [("a.py", 1)]
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert places(staged(repo)) == []


def test_parts_of_a_checkout_leave_out_what_git_ignores(repo: Repository) -> None:
    repo.write({".gitignore": "built/\n", "src/a.py": line(0), "src/built/b.py": line(1)})
    assert places(look(Asked(("src",)), repo.path)) == [("src/a.py", 1)]
    assert places(look(Asked(("src/built", "src/built/b.py")), repo.path)) == [
        ("src/built/b.py", 1)
    ]
    assert places(look(Asked(("src", "src/a.py", "./src/")), repo.path)) == [("src/a.py", 1)]


def test_revisions_without_a_common_commit(repo: Repository) -> None:
    repo.commit({"a.py": "1\n"})
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit({"b.py": "1\n"})
    with pytest.raises(UsageError, match="fetch-depth"):
        look(Asked(base="main"), repo.path)
    with pytest.raises(UsageError, match="nope"):
        look(Asked(base="nope"), repo.path)
    for option in (
        "--output=x",
        "--all",
        "-h",
        "main..other",
        "^main",
        "main main",
        "main:b.py",
        "",
    ):
        with pytest.raises(UsageError):
            look(Asked(base="main", head=option), repo.path)


def test_processes_that_make_a_key_at_once_get_one(repo: Repository) -> None:
    program = (
        "import sys\nfrom interlock.secrets.fingerprints import repository_key\n"
        "sys.stdin.readline(); print(repository_key(sys.argv[1]).hex())"
    )
    command = [sys.executable, "-c", program, repo.path]
    pipe = subprocess.PIPE
    many = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(6)]
    for one in many:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    keys = {one.communicate()[0] for one in many}
    assert len(keys) == 1
    kept = list((repo.folder / ".git" / "interlock").iterdir())
    assert [path.read_bytes().hex() for path in kept] == [key.strip() for key in keys]
    assert os.name == "nt" or kept[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("broken", [b"", b"short", b"x" * 33])
def test_a_broken_key_is_made_anew(repo: Repository, broken: bytes) -> None:
    first = repository_key(repo.path)
    path = repo.folder / ".git" / "interlock" / "fingerprint-key"
    path.write_bytes(broken)
    second = repository_key(repo.path)
    assert second == repository_key(repo.path) != first
    assert path.read_bytes() == second

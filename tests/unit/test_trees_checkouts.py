"""Checkouts found without git: folders, branches, remotes, settings, addresses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gitrepos import Repository, hide, run_git
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from interlock.errors import UsageError
from interlock.trees.checkouts import checkout_at, find_checkout
from interlock.trees.gitconfig import settings
from interlock.trees.remotes import beside, host_of, owner_name, same_repo, without_credentials


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    repo = Repository(tmp_path.resolve() / "re po")
    repo.commit({"sub/a": "1"})
    return repo


def test_a_checkout_is_found_from_any_folder_in_it(repo: Repository) -> None:
    found = find_checkout(str(repo.folder / "sub"))
    assert found == find_checkout(repo.path) == checkout_at(repo.path)
    assert (found.top, found.branch) == (repo.path, "main")
    assert found.git_dir == found.common_dir == str(repo.folder / ".git")
    assert found.names == ()
    assert found.promisor == ""


def test_outside_a_repository_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not in a git repository"):
        find_checkout(str(tmp_path))
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(UsageError, match="is not in a git repository"):
        find_checkout(str(tmp_path))
    assert checkout_at(str(tmp_path)) is None


def test_a_linked_worktree_has_its_own_branch_and_the_shared_remotes(
    repo: Repository, tmp_path: Path
) -> None:
    repo.git("remote", "add", "origin", "git@github.com:acme/pipelines.git")
    repo.git("worktree", "add", "-q", "-b", "side/way", str(tmp_path / "linked tree"))
    found = find_checkout(str(tmp_path / "linked tree" / "sub"))
    assert (found.branch, found.names) == ("side/way", ("acme/pipelines",))
    assert os.path.realpath(found.common_dir) == str(repo.folder / ".git")
    git_dir = run_git(tmp_path / "linked tree", "rev-parse", "--absolute-git-dir")
    assert os.path.realpath(found.git_dir) == os.path.realpath(git_dir)


def test_a_submodule_is_a_checkout_of_its_own(repo: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"x": "1"})
    repo.git("submodule", "--quiet", "add", inner.path, "vendored")
    found = find_checkout(str(repo.folder / "vendored"))
    assert found.top == str(repo.folder / "vendored")
    assert found.branch == "main"


@pytest.mark.parametrize("relative", [True, False])
def test_what_git_says_wins(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: bool
) -> None:
    other = Repository(tmp_path / "other")
    other.commit({"x": "1"})
    other.git("checkout", "-q", "-b", "elsewhere")
    monkeypatch.chdir(repo.folder)
    monkeypatch.setenv("GIT_DIR", "../other/.git" if relative else f"{other.path}/.git")
    found = find_checkout(".")
    assert (found.top, found.branch) == (repo.path, "elsewhere")
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert find_checkout(".").top == str(tmp_path.resolve())
    monkeypatch.setenv("GIT_DIR", "nothing")
    with pytest.raises(UsageError, match="nothing, which is no git repository"):
        find_checkout(".")


def test_git_dir_of_this_checkout_changes_nothing(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.folder / "sub")
    monkeypatch.setenv("GIT_DIR", "../.git")
    assert find_checkout(".").top == repo.path


def test_no_branch_is_checked_out_but_one_is_rebased(repo: Repository) -> None:
    commit = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", commit)
    assert find_checkout(repo.path).branch == ""
    repo.git("checkout", "-q", "-b", "work")
    repo.commit({"sub/a": "2"})
    repo.git("checkout", "-q", "main")
    repo.commit({"sub/a": "3"})
    with pytest.raises(AssertionError, match="rebase"):
        repo.git("rebase", "main", "work")
    assert find_checkout(repo.path).branch == "work"


def test_remotes_are_read_as_git_reads_them(repo: Repository) -> None:
    urls = {
        "upstream": "https://github.com/Acme/Pipelines.git",
        "origin": "ssh://git@github.com/me/pipelines",
        'odd "name"': "/srv/git/acme/odd.git",
    }
    for name, url in urls.items():
        repo.git("config", f"remote.{name}.url", url)
    repo.git("config", "remote.upstream.pushurl", "git@github.com:acme/push-target.git")
    found = find_checkout(repo.path)
    assert found.names == ("me/pipelines", "Acme/Pipelines", "acme/push-target", "acme/odd")
    assert {remote.name: remote.url for remote in found.remotes if "push" not in remote.url} == urls
    upstream = found.remote_of("acme/PIPELINES")
    assert upstream is not None
    assert upstream.name == "upstream"
    assert found.remote_of("acme/other") is None


def test_short_forms_are_written_out(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("config", "url.https://github.com/.insteadOf", "gh:")
    repo.git("config", "url.https://example.org/.insteadOf", "gh:acme/")
    repo.git("remote", "add", "one", "gh:other/serving.git")
    repo.git("remote", "add", "two", "gh:acme/x/serving.git")
    repo.git("remote", "add", "three", "corp:serving")
    mine = tmp_path / "mine"
    mine.write_text('[url "git@ghes.corp:platform/"]\n\tinsteadOf = "corp:"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(mine))
    urls = {remote.name: remote.url for remote in find_checkout(repo.path).remotes}
    assert urls == {
        "one": "https://github.com/other/serving.git",
        "two": "https://example.org/x/serving.git",
        "three": "git@ghes.corp:platform/serving",
    }


def test_the_default_branch_is_what_the_clone_was_told(repo: Repository, tmp_path: Path) -> None:
    repo.git("branch", "-m", "trunk/main")
    run_git(tmp_path, "clone", "-q", repo.path, "clone")
    found = find_checkout(str(tmp_path / "clone"))
    assert found.default_branch("origin") == "trunk/main"
    assert found.default_branch("upstream") == ""


def test_a_partial_clone_names_its_promisor(repo: Repository, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = ("clone", "-q", "--filter=blob:none", repo.folder.as_uri(), "clone")
    run_git(tmp_path, *clone, "-o", "upstream")
    assert find_checkout(str(tmp_path / "clone")).promisor == "upstream"


VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)),
    max_size=12,
)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(VALUES.filter(lambda v: "\n" not in v), VALUES), max_size=3))
def test_settings_are_read_as_git_writes_them(pairs: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config"
        expected = []
        for at, (sub, value) in enumerate(pairs):
            name = f"section.{sub}x.k{at}"
            run_git(Path(folder), "config", "--file", str(path), name, value)
            expected.append((f"{sub}x", f"k{at}", value))
        text = path.read_bytes().decode() if path.exists() else ""
        assert sorted((s.sub, s.key, s.value) for s in settings(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nb = c", [("a", "", "b", "c")]),
        ("[A]\nB=c ; comment\n# d = e\n", [("a", "", "b", "c")]),
        ('[a "B.c"] k = v', [("a", "B.c", "k", "v")]),
        ("[a.Bc]\nk = v", [("a", "bc", "k", "v")]),
        ("[a]\nk\n", [("a", "", "k", "true")]),
        ("[a]\nk =\n", [("a", "", "k", "")]),
        ('[a]\nk = " x # y " # z\n', [("a", "", "k", " x # y ")]),
        ("[a]\nk = one\\\n  two\n", [("a", "", "k", "one  two")]),
        ("[a]\r\nk = v\r\n", [("a", "", "k", "v")]),
        ("[a]\nk = x\\\\\nl = y", [("a", "", "k", "x\\"), ("a", "", "l", "y")]),
        ("[a]\nk = end\\", [("a", "", "k", "end")]),
        ("nonsense ] [ = \n=\n[\n[x", [("", "", "nonsense", "true")]),
    ],
)
def test_odd_settings(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [tuple(one) for one in settings(text)] == expected


@pytest.mark.parametrize(
    ("url", "name", "host"),
    [
        ("https://github.com/Acme/Serving.git", "Acme/Serving", "github.com"),
        ("https://github.com/acme/serving/", "acme/serving", "github.com"),
        ("HTTPS://GitHub.com/acme/serving", "acme/serving", "github.com"),
        ("https://user:token@ghes.corp:8443/acme/serving", "acme/serving", "ghes.corp"),
        ("ssh://git@ghes.corp:22/acme/serving.git", "acme/serving", "ghes.corp"),
        ("ssh://git@[::1]:22/acme/serving", "acme/serving", "[::1]"),
        ("git+ssh://h/acme/x.git", "acme/x", "h"),
        ("git@github.com:acme/serving.git", "acme/serving", "github.com"),
        ("github.com:acme/serving", "acme/serving", "github.com"),
        ("git@github.com:/acme/serving.git", "acme/serving", "github.com"),
        ("file:///srv/git/acme/serving.git", "acme/serving", ""),
        ("/srv/git/acme/serving", "acme/serving", ""),
        ("/srv/acme/serving/.git", "acme/serving", ""),
        ("../acme/serving.git/", "acme/serving", ""),
        ("C:\\git\\acme\\serving.git", "acme/serving", ""),
        ("acme:serving", "", "acme"),
        ("https://github.com/", "", "github.com"),
        ("serving", "", ""),
        ("", "", ""),
        ("https://github.com/acme/.github", "acme/.github", "github.com"),
        ("git@github.com:acme/sp ace\"q'.git", "acme/sp ace\"q'", "github.com"),
    ],
)
def test_owner_name_and_host_of_every_form(url: str, name: str, host: str) -> None:
    assert (owner_name(url), host_of(url)) == (name, host)


def test_names_are_compared_without_case() -> None:
    assert same_repo("Acme/Serving", "acme/serving")
    assert not same_repo("acme/serving", "acme/serving2")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/p.git", "https://github.com/big/s.git"),
        ("https://me:token@ghes.corp:8443/acme/p", "https://ghes.corp:8443/big/s"),
        ("git@github.com:acme/p.git", "git@github.com:big/s.git"),
        ("ssh://git@ghes.corp:22/acme/p.git", "ssh://git@ghes.corp:22/big/s.git"),
        ("/srv/git/acme/p.git", "/srv/git/big/s.git"),
        ("file:///srv/git/acme/p/.git", "file:///srv/git/big/s"),
        ("C:\\git\\acme\\p", "C:/git/big/s"),
        ("../acme/p", "https://github.com/big/s.git"),
        ("", "https://github.com/big/s.git"),
        ("https://ghes.corp/", "https://github.com/big/s.git"),
    ],
)
def test_a_sibling_is_looked_for_beside_us(url: str, expected: str) -> None:
    assert beside(url, "big/s") == expected


def test_only_logins_of_http_are_taken_out() -> None:
    assert without_credentials("https://u:p@h/a/b") == ("https://h/a/b", "u:p")
    assert without_credentials("https://token@h:1/a/b") == ("https://h:1/a/b", "token")
    assert without_credentials("ssh://git@h/a/b") == ("ssh://git@h/a/b", "")
    assert without_credentials("git@h:a/b") == ("git@h:a/b", "")


@given(st.text(max_size=30))
def test_no_address_breaks_the_readers(url: str) -> None:
    assert owner_name(url).count("/") in (0, 1)
    assert "@" not in host_of(url)
    assert beside(url, "acme/x").removesuffix(".git").endswith("acme/x")


@pytest.mark.skipif(sys.platform != "linux", reason="others want names to be text")
def test_a_repository_in_a_folder_that_is_not_utf8_is_found(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "fol\udcffder\nx")
    repo.git("remote", "add", "origin", "git@github.com:acme/x.git")
    assert find_checkout(repo.path).names == ("acme/x",)

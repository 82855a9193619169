"""``interlock sandbox --demo``: the story on pages; the real bot answers what a person does."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import dumped, found
from webpages import Page, look, send

from interlock.cli.sandbox_demo import PIPELINES, SERVING, TRAINING, play
from interlock.sandbox import Sandbox

GATE = "interlock/change-set"


@pytest.fixture(scope="module")
def played() -> Iterator[tuple[Sandbox, list[str]]]:
    with Sandbox() as made:
        made.browse_as("alice")
        yield made, play(made)


def pull(sandbox: Sandbox, repo: str) -> Page:
    return look(sandbox, f"/{repo}/pull/1")


def pressed(sandbox: Sandbox, repo: str) -> int:
    """The status of pressing the button that merges, 0 where there is none."""
    page = pull(sandbox, repo)
    if not page.all("form"):
        return 0
    form = {each["name"]: each["value"] for each in page.all("input", type="hidden")}
    return send(sandbox, f"/{repo}/pull/1/merge", form).status


@pytest.mark.skipif(not found(), reason="no chromium, chromium-browser or google-chrome on PATH")
def test_a_browser_shows_the_bots_comment(
    played: tuple[Sandbox, list[str]], tmp_path: Path
) -> None:
    _, pages = played
    document = dumped(pages[0], tmp_path)
    comment = document[document.index("interlock[bot]") :]
    assert re.search(
        r"2 of 3 pull requests for experiment .*ranker-v3.*: serving is missing", comment
    )
    rows = re.findall(r"<tr>\s*<td>.*?</tr>", comment[: comment.index("</table>")], re.DOTALL)
    assert len(rows) == 3
    assert "missing" in rows[2]


def test_the_story_goes_on_as_a_person_clicks(
    played: tuple[Sandbox, list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox, pages = played
    assert [page.removeprefix(sandbox.url).partition("?")[0] for page in pages] == [
        f"/{PIPELINES}/pull/1",
        f"/{TRAINING}/pull/1",
        f"/{SERVING}/compare/main...interlock/ranker-v3",
    ]
    for repo in (PIPELINES, TRAINING):
        page = pull(sandbox, repo)
        assert f"{GATE} failed: serving is missing." in page.text
        assert page.all("div", class_="merge bad")
        assert not page.all("a", class_="mention") + page.all("a", class_="reference")
    # The comment's own link leads to the form, which the person sends.
    create = next(
        link for link in pull(sandbox, PIPELINES).links() if f"/{SERVING}/compare/" in link
    )
    path = create.removeprefix(sandbox.url)
    form = look(sandbox, path)
    body = form.html.partition('rows="14">\n')[2].partition("</textarea>")[0]
    assert "Interlock-Set: ranker-v3" in body
    sent = {
        "csrf": form.all("input", name="csrf")[0]["value"],
        "title": form.all("input", id="title")[0]["value"],
        "body": body,
    }
    assert send(sandbox, path.partition("?")[0], sent).status == 303
    assert "3 of 3 pull requests" in pull(sandbox, SERVING).text
    # Only the safe order can be pressed, whatever is tried first.
    assert pressed(sandbox, PIPELINES) == 0
    assert "after training#1, serving#1" in pull(sandbox, PIPELINES).text
    assert [pressed(sandbox, repo) for repo in (SERVING, TRAINING, PIPELINES)] == [303] * 3
    assert (
        "all 3 pull requests for experiment ranker-v3 have landed" in pull(sandbox, TRAINING).text
    )
    assert capfd.readouterr().out == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent by a signal")
def test_the_command_prints_where_to_look() -> None:
    command = [sys.executable, "-m", "interlock", "sandbox", "--demo", "--user", "grace"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        told = []
        for line in served.stdout:
            told.append(line)
            if "git clone" in line:
                break
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 0
    text = "".join(told)
    assert len(re.findall(r"^  http://127\.0\.0\.1:\d+/acme/\S+$", text, re.MULTILINE)) == 3
    assert "pages, where grace is signed in: http://127.0.0.1:" in text


def test_the_demo_takes_no_repositories(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "interlock", "sandbox", "--demo", f"a/b={tmp_path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "--demo brings its own repositories" in done.stderr

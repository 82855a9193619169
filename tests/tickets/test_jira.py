"""Comments and tickets of Jira, Cloud and Data Center, over a small Jira that keeps its state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jirasandbox import ALL, Fault, JiraSandbox

from interlock.changes.checklist import Checklist, Line
from interlock.errors import TicketError, UsageError
from interlock.report.checklist_jira import as_document, as_wiki
from interlock.tickets.comments import upsert
from interlock.tickets.connection import Connection
from interlock.tickets.credentials import Credentials, credentials
from interlock.tickets.ticket import labelled, read

LINE = Line("serving", "acme/serving", "https://github.com/acme/serving", "serving#12",
            "https://github.com/acme/serving/pull/12", "open")  # fmt: skip
ONE = Checklist("ranker-v2", "interlock/ranker-v2", (LINE,))
TWO = Checklist("ranker-v2", "interlock/ranker-v2", (LINE._replace(state="landed"),))
MARK = {"interlock": {"kind": "checklist"}}


class Desk:
    """A connection as an account, what it said and how long it waited."""

    def __init__(self, jira: JiraSandbox, name: str = "bot", **more: Any) -> None:
        self.said: list[str] = []
        self.slept: list[float] = []
        who = Credentials(*jira.account(name, may=more.pop("may", ALL)))
        self.to = Connection(jira.url, who, self.said.append, sleep=self.slept.append, **more)


@pytest.fixture(params=[True, False], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraSandbox]:
    with JiraSandbox(cloud=request.param, page=3) as made:
        made.issue("ML-1", "experiment")
        yield made


@pytest.fixture
def written(jira: JiraSandbox) -> Callable[[Checklist], Any]:
    return as_document if jira.cloud else as_wiki


Write = Callable[[Checklist], Any]


def test_it_is_created_then_updated_in_place_and_not_written_where_it_reads_the_same(
    jira: JiraSandbox, written: Write
) -> None:
    desk = Desk(jira)
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    assert upsert(desk.to, "ML-1", written(ONE)) == "unchanged"
    (first,) = jira.comments["ML-1"]
    number = first["id"]
    assert first["body"] == written(ONE)
    assert upsert(desk.to, "ML-1", written(TWO)) == "updated"
    assert [(one["id"], one["body"]) for one in jira.comments["ML-1"]] == [(number, written(TWO))]
    assert [verb for verb, _ in jira.writes()] == ["POST", "PUT"]


def test_customers_of_a_service_desk_do_not_see_it(jira: JiraSandbox, written: Write) -> None:
    upsert(Desk(jira).to, "ML-1", written(ONE))
    ((number, held),) = jira.properties.items()
    assert held == {**MARK, "sd.public.comment": {"internal": True}}
    upsert(Desk(jira).to, "ML-1", written(TWO))
    assert jira.properties[number] == held


def test_what_a_person_changed_in_it_is_put_right(jira: JiraSandbox, written: Write) -> None:
    desk = Desk(jira)
    upsert(desk.to, "ML-1", written(ONE))
    jira.comments["ML-1"][0]["body"] = written(TWO)
    assert upsert(desk.to, "ML-1", written(ONE)) == "updated"
    assert jira.comments["ML-1"][0]["body"] == written(ONE)


def test_comments_of_others_and_our_own_others_are_left_alone(
    jira: JiraSandbox, written: Write
) -> None:
    desk = Desk(jira)
    for at in range(4):
        jira.comment("ML-1", "alice", written(ONE), **MARK)
        jira.comment("ML-1", "bot", f"something else {at}")
        jira.comment("ML-1", "bot", "of another tool", interlock={"kind": "reminder"})
    before = [dict(one) for one in jira.comments["ML-1"]]
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    assert upsert(desk.to, "ML-1", written(TWO)) == "updated"
    assert jira.comments["ML-1"][:-1] == before
    assert len(jira.comments["ML-1"]) == len(before) + 1


def test_our_duplicates_go_and_the_oldest_stays(jira: JiraSandbox, written: Write) -> None:
    desk = Desk(jira)
    first = jira.comment("ML-1", "bot", written(ONE), **MARK)
    for _ in range(5):
        jira.comment("ML-1", "bot", written(ONE), **MARK)
    assert upsert(desk.to, "ML-1", written(ONE)) == "unchanged"
    assert [one["id"] for one in jira.comments["ML-1"]] == [first]


def test_a_write_that_happened_behind_a_502_is_found_and_not_repeated(
    jira: JiraSandbox, written: Write
) -> None:
    desk = Desk(jira)
    jira.faults.append(Fault("POST", "/comment$", after=True))
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    jira.faults.append(Fault("PUT", "/comment/", after=True, drop=True))
    assert upsert(desk.to, "ML-1", written(TWO)) == "updated"
    jira.comment("ML-1", "bot", written(ONE), **MARK)
    jira.faults.append(Fault("DELETE", "/comment/", status=504, after=True))
    assert upsert(desk.to, "ML-1", written(TWO)) == "unchanged"
    assert [one["body"] for one in jira.comments["ML-1"]] == [written(TWO)]
    assert [verb for verb, _ in jira.writes()] == ["POST", "PUT", "DELETE"]
    assert desk.slept == []


def test_a_write_that_did_not_happen_is_tried_again(jira: JiraSandbox, written: Write) -> None:
    desk = Desk(jira)
    jira.faults += [Fault("POST", "/comment$"), Fault("POST", "/comment$", drop=True)]
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    assert len(jira.comments["ML-1"]) == 1
    assert desk.slept == [2.0, 2.0]
    jira.faults += [Fault("PUT", "/comment/", status=503, headers={"Retry-After": "9"})] * 4
    with pytest.raises(TicketError, match=r"Jira fails \(503\): run it again later"):
        upsert(desk.to, "ML-1", written(TWO))
    assert desk.slept[2:] == [9.0, 9.0, 9.0]


def test_killed_after_each_request_and_run_again_it_ends_the_same(
    jira: JiraSandbox, written: Write
) -> None:
    jira.comment("ML-1", "bot", written(ONE), **MARK)
    jira.comment("ML-1", "bot", written(ONE), **MARK)
    jira.comment("ML-1", "bot", written(ONE), **MARK)
    for at in range(20):
        desk = Desk(jira)
        real, left = desk.to._session.request, [at]

        def dying(*given: Any, real: Any = real, left: list[int] = left, **more: Any) -> Any:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            return real(*given, **more)

        desk.to._session.request = dying  # type: ignore[method-assign]
        try:
            upsert(desk.to, "ML-1", written(TWO))
        except KeyboardInterrupt:
            continue
        break
    else:
        pytest.fail("it never came to its end")
    assert at > 3
    assert [one["body"] for one in jira.comments["ML-1"]] == [written(TWO)]


@pytest.mark.parametrize(("after", "waits"), [({"Retry-After": "7"}, 7.0), ({}, 5.0)])
def test_too_many_requests_are_waited_for(
    jira: JiraSandbox, written: Write, after: dict[str, str], waits: float
) -> None:
    desk = Desk(jira)
    jira.faults.append(Fault("GET", "/myself", status=429, headers=after))
    jira.faults.append(Fault("POST", "/comment$", status=429, headers=after))
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    assert desk.slept == [waits, waits if after else 10.0]
    assert len(jira.comments["ML-1"]) == 1
    assert desk.said[0] == f"Jira, who are we: too many requests: waiting {waits:.0f} s"


def test_waits_are_capped(jira: JiraSandbox, written: Write) -> None:
    desk = Desk(jira, most=100.0)
    jira.faults += [Fault("GET", "/myself", status=429, headers={"Retry-After": "60"})] * 2
    with pytest.raises(TicketError, match="waits at most 100 s; run it again later"):
        upsert(desk.to, "ML-1", written(ONE))
    assert desk.slept == [60.0]


def test_reads_are_tried_again(jira: JiraSandbox, written: Write) -> None:
    desk = Desk(jira)
    jira.faults += [Fault("GET", "/comment$", status=500), Fault("GET", "/comment$", drop=True)]
    assert upsert(desk.to, "ML-1", written(ONE)) == "created"
    assert desk.slept == [2.0, 2.0]


@pytest.mark.parametrize("lacks", ALL)
def test_a_missing_permission_is_one_line_that_names_it(
    jira: JiraSandbox, written: Write, lacks: str
) -> None:
    upsert(Desk(jira).to, "ML-1", written(ONE))
    if lacks == "Add Comments":
        jira.comments["ML-1"].clear()
    else:
        jira.comment("ML-1", "bot", written(ONE), **MARK)
    poor = Desk(jira, may=tuple(one for one in ALL if one != lacks))
    with pytest.raises(TicketError, match=f"needs the project permission `{lacks}`") as error:
        upsert(poor.to, "ML-1", written(TWO))
    assert "\n" not in str(error.value)
    assert "ML-1" in str(error.value)


def test_an_unknown_ticket_and_a_wrong_token_are_one_line_each(
    jira: JiraSandbox, written: Write
) -> None:
    with pytest.raises(TicketError, match="read ML-9: there is no such thing; the account needs"):
        read(Desk(jira).to, "ML-9", "Experiment")
    wrong = Credentials("bot@acme.example" if jira.cloud else "", "s3cret-token")
    with pytest.raises(TicketError, match="token is wrong") as error:
        upsert(Connection(jira.url, wrong, print), "ML-1", written(ONE))
    assert "s3cret" not in str(error.value)
    assert wrong.header not in str(error.value)


def test_data_center_taken_for_cloud_is_said(jira: JiraSandbox) -> None:
    user, token = jira.account("bot")
    other = Credentials("" if user else "bot@acme.example", token)
    with pytest.raises(TicketError, match="Data Center takes the token alone"):
        read(Connection(jira.url, other, print), "ML-1", "Experiment")


def test_a_jira_that_is_not_there_or_moved_is_said(jira: JiraSandbox) -> None:
    desk = Desk(jira)
    away = Connection("http://127.0.0.1:9", Credentials("", "t"), desk.said.append,
                      sleep=desk.slept.append)  # fmt: skip
    with pytest.raises(TicketError, match="cannot be reached"):
        read(away, "ML-1", "Experiment")
    headers = {"Location": "https://evil.example/rest/api/3/issue/ML-1"}
    jira.faults.append(Fault("GET", "/issue/", status=302, headers=headers))
    with pytest.raises(TicketError, match=r"mend `checklist\.jira\.url`"):
        read(desk.to, "ML-1", "Experiment")


def test_a_jira_without_properties_is_not_filled_with_comments(written: Write) -> None:
    with JiraSandbox(cloud=written is as_document, properties=False) as jira:
        jira.issue("ML-1")
        for _ in range(2):
            with pytest.raises(TicketError, match="keeps no properties of comments"):
                upsert(Desk(jira).to, "ML-1", written(ONE))
        assert jira.comments["ML-1"] == []


def test_a_comment_as_large_as_they_get_is_taken(jira: JiraSandbox, written: Write) -> None:
    line = LINE._replace(state="missing", files=("ä&_" * 60,) * 5, create_url=LINE.change_url)
    full = Checklist("ranker-v2", "b", (line,) * 500)
    assert upsert(Desk(jira).to, "ML-1", written(full)) == "created"


def paragraph(*texts: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text} for text in texts]}


@pytest.mark.parametrize(
    "value",
    ["ranker-v2", " ranker-v2\n", {"value": "ranker-v2"}, ["ranker-v2"],
     [{"value": "ranker-v2", "id": "1"}],
     {"type": "doc", "version": 1, "content": [paragraph("ranker", "-v2")]}],
    ids=str,
)  # fmt: skip
def test_a_field_of_that_name_names_the_experiment(jira: JiraSandbox, value: Any) -> None:
    jira.names |= {"customfield_1": "Team", "customfield_2": "experiment"}
    jira.issue("ML-2", "experiment", "ml", customfield_1="x", customfield_2=value)
    found = read(Desk(jira).to, "ML-2", "Experiment")
    assert (found.key, found.labels, found.experiment.key) == (
        "ML-2",
        ("experiment", "ml"),
        "ranker-v2",
    )


def test_a_field_that_names_two_names_none(jira: JiraSandbox) -> None:
    jira.names["customfield_2"] = "Experiment"
    jira.issue("ML-2", customfield_2=["a", "b"])
    found = read(Desk(jira).to, "ML-2", "Experiment").experiment
    assert (found.key, "more than one" in found.problem) == ("", True)


@pytest.mark.parametrize("empty", [None, "", []], ids=str)
def test_without_a_field_the_description_may_name_it(jira: JiraSandbox, empty: Any) -> None:
    jira.names["customfield_2"] = "Experiment"
    lines = ("More clicks.", "Interlock-Set: ranker-v2")
    text = {"type": "doc", "version": 1, "content": [paragraph(one) for one in lines]}
    description = text if jira.cloud else "\r\n\r\n".join(lines)
    jira.issue("ML-2", customfield_2=empty, description=description)
    assert read(Desk(jira).to, "ML-2", "Experiment").experiment.key == "ranker-v2"
    jira.issue("ML-3", description=None)
    assert read(Desk(jira).to, "ML-3", "Experiment").experiment.key == ""


def test_tickets_with_the_label_are_found_page_by_page(jira: JiraSandbox) -> None:
    for at in range(2, 9):
        jira.issue(f"ML-{at}", "experiment")
    jira.issue("ML-9", "experiment", status="Done")
    jira.issue("OPS-1", "experiment")
    jira.issue("ML-10", 'a "quoted\\ one')
    to = Desk(jira).to
    assert labelled(to, "ML", "experiment") == [f"ML-{at}" for at in range(1, 9)]
    assert labelled(to, "ML", 'a "quoted\\ one') == ["ML-10"]
    assert labelled(to, "ML", "nothing") == []


def test_a_checklist_is_for_the_label_or_the_field(jira: JiraSandbox) -> None:
    jira.names["customfield_2"] = "Experiment"
    jira.issue("ML-2", "Experiment")
    jira.issue("ML-3", "other", customfield_2="x")
    jira.issue("ML-4", description=None)
    to = Desk(jira).to
    asked = [read(to, f"ML-{at}", "Experiment").asks("experiment") for at in range(1, 5)]
    assert asked == [True, True, True, False]


def test_a_ticket_that_was_moved_says_its_key(jira: JiraSandbox) -> None:
    jira.moved["ML-0"] = "ML-1"
    assert read(Desk(jira).to, "ML-0", "Experiment").key == "ML-1"


def test_a_key_that_is_no_key_reads_no_other_address(jira: JiraSandbox) -> None:
    with pytest.raises(TicketError, match="there is no such thing"):
        read(Desk(jira).to, "../myself", "Experiment")
    assert jira.requests == [("GET", f"/rest/api/{3 if jira.cloud else 2}/issue/../myself")]


def test_who_we_are_stands_in_the_environment() -> None:
    cloud = credentials({"INTERLOCK_JIRA_USER": "bot@acme.example", "INTERLOCK_JIRA_TOKEN": "abc"})
    assert (cloud.cloud, cloud.header) == (True, "Basic Ym90QGFjbWUuZXhhbXBsZTphYmM=")
    center = credentials({"INTERLOCK_JIRA_TOKEN": " abc\n"})
    assert (center.cloud, center.header) == (False, "Bearer abc")
    assert "abc" not in repr(cloud) + repr(center)
    for wrong in ({}, {"INTERLOCK_JIRA_USER": "bot"}, {"INTERLOCK_JIRA_TOKEN": "a\nb: c"},
                  {"INTERLOCK_JIRA_TOKEN": "a", "INTERLOCK_JIRA_USER": "b:c"}):  # fmt: skip
        with pytest.raises(UsageError, match="INTERLOCK_JIRA_TOKEN"):
            credentials(wrong)


def test_a_netrc_does_not_take_the_place_of_the_token(
    jira: JiraSandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password x\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert read(Desk(jira).to, "ML-1", "Experiment").key == "ML-1"

"""Which experiment a ticket is about."""

from __future__ import annotations

import pytest

from interlock.changes.ticket import Named, experiment_of

FORM = "### Owner\n\n@acme/ranking\n\n### Experiment\n\nranker-v2\n\n### Why\n\nmore clicks\n"


@pytest.mark.parametrize(
    "text",
    [
        FORM,
        FORM.replace("\n", "\r\n"),
        FORM.replace("ranker-v2", "`ranker-v2`"),
        FORM.replace("### Experiment", "### experiment "),
        FORM.replace("### Experiment", "### Experiment ###"),
        "### Experiment\n\nranker-v2",
    ],
)
def test_the_field_of_a_form_names_it(text: str) -> None:
    assert experiment_of(text, "Experiment") == Named("ranker-v2", form=True)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("_No response_", "the field `Experiment` is empty"),
        ("", "the field `Experiment` is empty"),
        ("a\nb", "names more than one experiment"),
        ("x" * 201, "is no key"),
        ("a\x1b[31mb", "is no key"),
        ("a\u202eb", "is no key"),
    ],
)
def test_a_field_that_names_none_says_why(value: str, why: str) -> None:
    found = experiment_of(FORM.replace("ranker-v2", value), "Experiment")
    assert (found.key, found.form) == ("", True)
    assert why in found.problem


def test_a_line_names_it_where_there_is_no_field() -> None:
    assert experiment_of("Words.\n\nInterlock-Set: ranker-v2\n", "Experiment").key == "ranker-v2"
    assert not experiment_of("Words.\n\nInterlock-Set: ranker-v2\n", "Experiment").form
    two = experiment_of("Interlock-Set: a\nInterlock-Set: b", "Experiment")
    assert (two.key, "more than one" in two.problem) == ("", True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no heading",
        "## Experiment\n\nranker-v2",
        "#### Experiment\n\nranker-v2",
        "### Experiments\n\nranker-v2",
        "```\nInterlock-Set: a\n```",
        "> Interlock-Set: a",
    ],
)
def test_anything_else_names_none(text: str) -> None:
    found = experiment_of(text, "Experiment")
    assert (found.key, found.form) == ("", False)
    assert found.problem.startswith("it has no field `Experiment` and no line `Interlock-Set:")


def test_the_first_field_of_that_name_counts() -> None:
    assert experiment_of(FORM + "### Experiment\n\nother\n", "Experiment").key == "ranker-v2"


def test_a_malformed_line_is_told() -> None:
    assert "write `Interlock-Set: <key>`" in experiment_of("interlock set a", "Field").problem


def test_a_huge_text_is_read_in_bounded_time() -> None:
    assert experiment_of("### " * 1_000_000, "Experiment").key == ""
    assert experiment_of("### " + " " * 1_000_000 + "x", "Experiment").key == ""

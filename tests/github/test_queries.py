"""What is asked of GitHub, and what never is."""

from __future__ import annotations

from pathlib import Path

from interlock.github import queries

SOURCES = sorted(Path(queries.__file__).parent.glob("*.py"))


def test_12_the_search_index_is_never_asked_since_it_lags() -> None:
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert "/search/" not in text, path
        assert "search(" not in text.replace("re.search(", "").replace("_WITH.search(", "").replace(
            "_GROUP.search(", ""
        ), path


def test_values_go_into_queries_as_variables_alone() -> None:
    texts = [
        queries.overview(3, 1, statuses=True),
        queries.details(range(2)),
        queries.more_open(statuses=True),
        queries.comments(),
    ]
    for text in texts:
        assert "acme" not in text
        assert text.count("{") == text.count("}")
        assert "$name" in text or "$n0" in text

"""The HTML that GitHub lets through in comments, and nothing else.

The elements are those of https://github.com/gjtorikian/html-pipeline, which GitHub's own rendering
is built on (its README names the list); identifiers, classes and styles never pass.
"""

from __future__ import annotations

from functools import cache

import nh3

_TAGS = """
    h1 h2 h3 h4 h5 h6 h7 h8 br b i strong em a pre code img tt div ins del sup sub p ol ul table
    thead tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary
    details caption figure figcaption abbr bdo cite dfn mark small span time wbr
"""
#: For every element; those that name or style something are left out.
_ANYWHERE = {"align", "alt", "dir", "height", "lang", "title", "valign", "width"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
    "time": {"datetime"},
}
#: Their content is no text either.
_GONE = {"script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "template"}


def clean(html: str) -> str:
    """The same HTML without anything that could run, load, look like ours or be hidden."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        clean_content_tags=_GONE,
        attributes={"*": _ANYWHERE, **_ATTRIBUTES},
        strip_comments=True,
        link_rel="nofollow noopener noreferrer",
        url_schemes={"http", "https", "mailto"},
    )

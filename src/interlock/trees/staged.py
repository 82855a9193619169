"""How git is asked what is staged."""

#: Every path that the index changes against HEAD, with mode and blob id; hooks read nothing else.
DIFF = (
    "diff",
    "--cached",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-relative",
    "--ignore-submodules=none",
    "-O/dev/null",
)

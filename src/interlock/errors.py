"""One tree of the errors a user can cause; everything else is a bug in Interlock.

InterlockError            exit 2
├── UsageError            wrong arguments, a repository or revision that is not there
│   └── NoPolicyError     nothing here says what to check
├── PolicyError           a policy file that cannot be used; carries its problems with places
├── TreeError             a repository that cannot be read (a rule on it becomes unknown)
├── GitHubError           GitHub refused, or could not be reached
└── TicketError           Jira refused, or could not be reached
"""

from __future__ import annotations

from interlock.values import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.model import Problem


class InterlockError(Exception):
    """Base of all expected errors; its text is shown to the user as it is."""


class UsageError(InterlockError):
    """The command was called with something that is not there or makes no sense."""


class NoPolicyError(UsageError):
    """There is neither a policy nor a member file, and none was named."""


class PolicyError(InterlockError):
    """A policy cannot be used; ``problems`` holds what is wrong, each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems; the text is their messages, one a line."""
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = problems


class TreeError(InterlockError):
    """A repository or revision could not be read; the text says why and what to do."""


class GitHubError(InterlockError):
    """GitHub refused, or could not be reached; the text says what to do."""

    def __init__(self, text: str, status: int = 0) -> None:
        """``status`` is HTTP's, 0 where there was no answer."""
        super().__init__(text)
        self.status = status


class TicketError(InterlockError):
    """Jira refused, or could not be reached; the text says what to do."""

    def __init__(self, text: str, status: int = 0) -> None:
        """``status`` is HTTP's, 0 where there was no answer."""
        super().__init__(text)
        self.status = status

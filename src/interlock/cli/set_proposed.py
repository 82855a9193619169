"""What is proposed on GitHub, for tickets: the checklist of any experiment at one look."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager

from interlock.changes.checklist import Checklist
from interlock.changes.ticket import Named
from interlock.values import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from interlock.changes.change_set import ChangeSet
    from interlock.changes.members import Member
    from interlock.github.overview import Overview
    from interlock.github.picture import Looking
    from interlock.github.proposals import Proposed


class Lists(NamedTuple):
    """Writes checklists while what was read is open; ``touching`` are changes by key."""

    looking: Looking
    overview: Overview
    proposed: Proposed
    sets: tuple[ChangeSet, ...]
    touching: Mapping[str, tuple[Member, ...]]

    def markdown(self, experiment: Named, repo: str) -> tuple[str, str]:
        """The comment for an issue of ``repo``, and what could not be read ("" for nothing)."""
        from interlock.report.checklist import as_markdown

        found = self.of(experiment, repo)
        return as_markdown(found), self._unread(found)

    def jira(self, experiment: Named, *, cloud: bool) -> tuple[Any, str]:
        """The comment for a ticket: a document for Cloud, wiki markup for Data Center."""
        from interlock.report.checklist_jira import as_document, as_wiki

        found = self.of(experiment, "")
        return as_document(found) if cloud else as_wiki(found), self._unread(found)

    def of(self, experiment: Named, repo: str) -> Checklist:
        """As readers of ``repo`` may see it; "" stands for a place that is no repository."""
        from interlock.changes.checklist import checklist
        from interlock.changes.pages import Pages
        from interlock.report.sharing import visible_to

        if not experiment.key:
            return Checklist("", "", (), experiment.problem)
        policy, repos = self.looking.held.policy, self.overview.repos
        names = {name.lower(): alias for alias, bound in policy.repos.items() for name in bound}
        visibility = {name: one.visibility for name, one in repos.items()}
        visible = visible_to(policy, names.get(repo.lower(), ""), visibility, repo)
        # Of an alias with several repositories one alone may be visible: then not all of it is.
        closed = [alias for alias in policy.repos if alias not in visible]
        pages = {name: one.url for name, one in repos.items() if one.url}
        about = [found for found in self.sets if experiment.key in found.keys]
        loose = self.touching.get(experiment.key, ())
        going = [one for found in about for one in found.members if one.can_land or one.has_landed]
        going += [one for one in loose if one.can_land]
        seen = dict.fromkeys(one.label for one in going if one.alias not in closed)
        create = self._create(experiment.key, list(seen))
        ground, links = self.proposed.ground, Pages(pages, create)
        return checklist(ground, experiment.key, about, loose, links, closed)

    def _unread(self, found: Checklist) -> str:
        """What could not be read, with what is known of why."""
        repos = {line.alias: line.name for line in found.lines if line.state == "unknown"}
        told = [self.overview.repos[n.lower()].problem or a for a, n in repos.items() if n]
        told += [alias for alias, name in repos.items() if not name]
        return f"not read: {'; '.join(told)}" if told else ""

    def _create(self, key: str, labels: Sequence[str]) -> Mapping[str, str]:
        """The addresses that open a pull request, which name those that are there already."""
        from interlock.report.create_link import create_link

        siblings = [
            f"{self.proposed.repos[label].url}/pull/{self.proposed.pulls[label].number}"
            for label in labels
        ]
        return {
            name: create_link(one.url, one.default, key, siblings)
            for name, one in self.overview.repos.items()
            if one.url
        }


@contextmanager
def lists(looking: Looking, keys: Sequence[str]) -> Iterator[Lists]:
    """Look at all that is proposed, once; without ``keys`` nothing has to be looked at."""
    from interlock.changes.change_set import change_sets
    from interlock.changes.counting import related
    from interlock.changes.records import touched
    from interlock.github.clones import Clones
    from interlock.github.overview import look
    from interlock.github.proposals import proposed

    policy, hub = looking.held.policy, looking.hub
    every = dict.fromkeys(name for bound in policy.repos.values() for name in bound)
    overview = look(hub, list(every) if keys else [])
    with Clones(looking.access, hub) as clones:
        chosen = policy if keys else policy._replace(repos={})
        found = proposed(chosen, overview, clones, looking.now, looking.today)
        near = related(found.ground, found.members, looking.now)
        sets = [one for each in near for one in change_sets(found.ground, each.members)]
        touching: dict[str, tuple[Member, ...]] = {}
        for one in found.members:
            for key in touched(found.ground, one).keys:
                touching[key] = (*touching.get(key, ()), one)
        yield Lists(looking, overview, found, tuple(sets), touching)

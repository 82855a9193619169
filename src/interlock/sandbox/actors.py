"""Who acts: users and organisations, GitHub Apps, their installations, and tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.values import Literal

TokenKind = Literal["none", "user", "app", "installation", "actions"]


@dataclass(slots=True, eq=False)
class User:
    """An account. ``kind`` is "User", "Organization" or "Bot"; times are seconds since 1970."""

    id: int
    login: str
    kind: str
    created_at: float
    name: str = ""
    email: str = ""
    #: Of an organisation: login to "admin" or "member".
    members: dict[str, str] = field(default_factory=dict)
    #: Of an organisation: team slug to its logins.
    teams: dict[str, list[str]] = field(default_factory=dict)
    #: Of an organisation: what every member may do in its repositories.
    default_permission: str = "read"
    #: Of a bot: the id of its App.
    app_id: int = 0


@dataclass(slots=True, eq=False)
class App:
    """A GitHub App; ``public_key`` is PEM and checks the JWTs it signs."""

    id: int
    slug: str
    name: str
    owner: User
    bot: User
    client_id: str
    public_key: bytes
    created_at: float
    permissions: dict[str, str]
    events: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Installation:
    """An App on one account. ``repositories`` are repository ids, or None for all of them."""

    id: int
    app: App
    account: User
    permissions: dict[str, str]
    repositories: set[int] | None
    created_at: float
    suspended_at: float | None = None


@dataclass(slots=True, eq=False)
class Token:
    """A credential. ``repositories`` limits it to these ids; ``expires_at`` is in seconds."""

    value: str
    kind: TokenKind
    user: User
    permissions: dict[str, str] = field(default_factory=dict)
    repositories: set[int] | None = None
    installation: Installation | None = None
    app: App | None = None
    expires_at: float | None = None
    scopes: tuple[str, ...] = ()

    @property
    def acting_app(self) -> App | None:
        """The App in whose name writes happen, if there is one."""
        return self.installation.app if self.installation else self.app

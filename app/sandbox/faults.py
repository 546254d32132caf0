"""What can be made to go wrong in the practice world: switches, all off at the start."""

from __future__ import annotations

from dataclasses import dataclass, field

GRAPH_PERMISSIONS = frozenset(
    {
        "Application.Read.All",
        "User.Read.All",
        "GroupMember.Read.All",
        "Organization.Read.All",
        "Mail.Send",
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.All",
    }
)
"""Application permissions consented for the practice client (spec/graph.md 1.6).

Each is looked at by itself, so that each can be taken away: none stands in for another.
"""

DELTA_RESETS = ("gone", "sync_state_not_found", "resync_required", "stale_page")
"""Ways the directory refuses a token (spec/graph.md 5.4); the last in the middle of a list."""


@dataclass(slots=True)
class Faults:
    """Mutable switches; change them through the world's operations, which take its lock."""

    latency_seconds: float = 0.0
    network_down_until: float | None = None
    """Monotonic time at which the network mends itself."""
    network_mode: str = "drop"
    """`drop` cuts connections, `unavailable` answers 503."""
    client_secret_expired: bool = False
    password_expired: bool = False
    permissions: set[str] = field(default_factory=lambda: set(GRAPH_PERMISSIONS))
    admin_scope: bool = True
    """False: tokens lack the scope `identity:`, the Admin API answers 401."""
    delta_reset: str | None = None
    """How the next use of a delta token is refused, once."""
    replays: bool = False
    """Delta rounds repeat the change before them and show the last entry twice."""
    delta_lag: int = 0
    """How many of the newest changes the deltas have not heard of yet."""
    assignment_lag: int = 0
    """How many of the next lists of assignments have not heard of the newest change."""
    role_lag: int = 0
    """How many looks at the enterprise application miss a change of its roles."""
    empty_pages: bool = False
    """Every page of a list or delta is preceded by an empty one."""
    batch_disorder: bool = False
    batch_throttle: int = 0
    """How many of the next items of batches are answered 429."""
    rotate_refresh_tokens: bool = False
    """A refresh answers with a new refresh token and ends the old one."""
    public_client: bool = True
    """False: the app registration does not allow public client flows."""
    device_interval: float = 5.0
    """Seconds between two polls for a device code."""
    device_code_life: float = 900.0
    password_grant: bool = True
    """False: the client is a new one and may not sign in by password (spec/goto.md 5.1)."""
    goto_per_second: float | None = None
    """Requests a second the Admin API takes before 429."""
    throttle_next: dict[str, int] = field(default_factory=dict)
    """How many of the next requests to `graph` or `goto` are answered 429."""
    fail_next: dict[str, list[int]] = field(default_factory=dict)
    """Status codes the next requests to a service are answered with, in order."""
    retry_after: float = 1.0
    """Seconds in Graph's Retry-After; GoTo never sends one."""
    user_page: int | None = None
    """Overrides the page size of users/delta."""
    member_portion: int = 1_000
    """Most members of one group on one page of groups/delta."""
    default_top: int = 100
    """Page size of lists without `$top`."""
    break_after_writes: int | None = None
    """After so many more changes in GoTo the network breaks before the answer is sent."""
    writes_answered_502: int = 0
    """How many of the next changes in GoTo are carried out and answered with 502."""
    writes_fail: int | None = None
    """What every change at a target is answered with, undone; 0: the connection is reset."""
    updates_refused: bool = False
    """GoTo refuses to change anybody."""
    deletes_refused: bool = False
    """GoTo refuses to delete anybody."""
    writes_unkept: int = 0
    """How many of the next changes GoTo confirms and does not carry out."""
    put_without_body: bool = False
    """PUT answers 204 instead of 200 with the user."""
    scim_scope: bool = True
    """False: tokens lack the scope `identity:scim.org`, the organisation answers 401."""
    organization_read: bool = True
    """Whether the administrator has ROLE_ORG_READ."""
    organization_write: bool = True
    """Whether the administrator has ROLE_ORG_WRITE."""
    stale_reads: bool = False
    """Reads of the organisation miss its newest change unless they say `no-cache`."""
    patch_op_ignored: bool = False
    """The organisation takes a PatchOp and does nothing, instead of refusing it."""
    members_replaced: bool = False
    """PATCH replaces the members of a group instead of adding to them."""
    lists_unpaged: bool = False
    """Lists of the organisation ignore `startIndex` and `count`."""
    lists_without_members: bool = False
    """Lists of groups leave the members out."""
    exact_filters: bool = False
    """Capitals count in filters of the organisation."""
    foreign_domain_status: int = 400
    """What an address outside the verified domains is answered with there."""

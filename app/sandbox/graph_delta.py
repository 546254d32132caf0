"""Delta queries of the practice Graph (spec/graph.md 5).

A token carries everything: kind, options, and a position, either in the list of all objects
(first round) or in the log of changes (later rounds). `run` names this world; a token of another
one is as good as expired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.sandbox.directory import KNOWN_PROPERTIES, LIFE, Change, Directory, Group, Person
from app.sandbox.filters import equal_values
from app.sandbox.graph_lists import bad_request, error, filter_of, selected
from app.sandbox.graph_shapes import (
    GROUP_ALL,
    GROUP_KNOWN,
    USER_DEFAULT,
    group_delta,
    member_json,
    person_delta,
)
from app.sandbox.wire import Answer, Call, Json, Refused, link, pack, unpack
from app.sandbox.world import World

OBJECTS_A_PAGE = 200
TOKEN_LIFE_SECONDS = 7 * 86_400
MOST_FILTERED_IDS = 50
_REPLAYED = 3
"""How many old changes a round repeats when replays are switched on."""


class Deltas:
    """`users/delta` and `groups/delta` over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def users(self, call: Call) -> Answer:
        """One page of people."""
        state = self._state(call, "users")
        if state["first"]:
            items, at = self._all_people(state)
        else:
            items, at = self._changed_people(state, minimal=_minimal(call))
        return self._answer(call, state, items, at)

    def groups(self, call: Call) -> Answer:
        """One page of groups with direct members."""
        state = self._state(call, "groups")
        if state["first"]:
            items, at = self._all_groups(state)
        else:
            items, at = self._changed_groups(state)
        return self._answer(call, state, items, at)

    # -- tokens ----------------------------------------------------------------------------

    def _state(self, call: Call, kind: str) -> Json:
        resumed = call.query.get("$skiptoken")
        if resumed:
            return self._opened(call, kind, resumed, "skip")
        later = call.query.get("$deltatoken")
        if later and later != "latest":
            state = self._opened(call, kind, later, "delta")
            at = state["at"] - (_REPLAYED if self._world.faults.replays else 0)
            return state | {"use": "skip", "end": self._visible_end(), "at": max(0, at)}
        state = self._first(call, kind)
        if later == "latest":
            state |= {"first": False, "at": state["end"]}
        return state

    def _first(self, call: Call, kind: str) -> Json:
        for option in ("$expand", "$top", "$orderby", "$search"):
            if option in call.query:
                raise bad_request(f"{option} is not supported by this delta query.")
        known, default = KNOWN_PROPERTIES | {"manager"}, tuple(USER_DEFAULT)
        if kind == "groups":
            known, default = GROUP_KNOWN | {"members"}, (*GROUP_ALL, "members")
        select = selected(call, default, known, kind[:-1], extensions=kind == "users", with_id=True)
        return {
            "run": self._world.run,
            "kind": kind,
            "use": "skip",
            "first": True,
            "at": 0,
            "end": self._visible_end(),
            "select": list(select),
            "ids": _ids(call),
            "page": _preferred_page(call),
            "made": self._world.now().timestamp(),
        }

    def _opened(self, call: Call, kind: str, token: str, use: str) -> Json:
        state = unpack(token)
        if state is None or state.get("kind") != kind or state.get("use") != use:
            raise bad_request("The token is not valid.")
        how = self._asked_reset(use)
        age = self._world.now().timestamp() - state["made"]
        if state["run"] != self._world.run or age > TOKEN_LIFE_SECONDS:
            how = how or "sync_state_not_found"
        if how is not None:
            raise _refusal(call, kind, how)
        return state

    def _asked_reset(self, use: str) -> str | None:
        """A reset somebody switched on, if it is about this kind of token; it happens once."""
        faults = self._world.faults
        how = faults.delta_reset
        if how is None or (how == "stale_page") != (use == "skip"):
            return None
        faults.delta_reset = None
        return how

    def _visible_end(self) -> int:
        """Where the log ends as far as the delta has heard (replication lag, 5.1 rule 10)."""
        return max(0, len(self._world.directory.changes) - self._world.faults.delta_lag)

    def _answer(self, call: Call, state: Json, items: list[Json], at: int | None) -> Answer:
        """A page that goes on at `at`, or ends the round when that is None."""
        faults = self._world.faults
        if faults.replays and items and not state["first"]:
            items.append(items[-1])
        if faults.empty_pages and not state.get("blank"):
            items, at, state = [], state["at"], {**state, "blank": True}
            state.pop("part_after", None)
        else:
            state = {key: value for key, value in state.items() if key != "blank"}
            state["part"] = state.pop("part_after", 0)
        address = f"{call.base}/{state['kind']}/delta"
        body: Json = {"@odata.context": f"{call.base}/$metadata#{state['kind']}"}
        if at is not None:
            token = pack({**state, "at": at})
            body["@odata.nextLink"] = link(address, {"$skiptoken": token})
        else:
            token = pack(
                {
                    **state,
                    "use": "delta",
                    "first": False,
                    "at": state["end"],
                    "made": self._world.now().timestamp(),
                }
            )
            body["@odata.deltaLink"] = link(address, {"$deltatoken": token})
        return Answer(200, body | {"value": items})

    # -- first rounds ----------------------------------------------------------------------

    def _all_people(self, state: Json) -> tuple[list[Json], int | None]:
        directory, start, select = self._world.directory, state["at"], state["select"]
        if state["ids"] is not None:
            chosen = [directory.person(one) for one in state["ids"]]
            return [self._whole(one, select) for one in chosen if one and one.present], None
        end = start + (self._world.faults.user_page or state["page"])
        items = [self._whole(one, select) for one in directory.people[start:end] if one.present]
        return items, end if end < len(directory.people) else None

    def _whole(self, person: Person, select: Sequence[str]) -> Json:
        return person_delta(person, select, list(self._manager(person).values()))

    def _manager(self, person: Person) -> dict[str, Json]:
        manager = self._world.directory.manager_of(person)
        return {} if manager is None else {manager.id: member_json(manager.id, "user")}

    def _all_groups(self, state: Json) -> tuple[list[Json], int | None]:
        """Members in portions: a group that does not fit comes again on the next page (5.3)."""
        directory = self._world.directory
        room = self._world.faults.member_portion
        items: list[Json] = []
        at, part = state["at"], state.get("part", 0)
        while at < len(directory.groups) and room > 0:
            group = directory.groups[at]
            if not group.present or not _wanted(state, group.id):
                at, part = at + 1, 0
                continue
            members = list(group.members.items()) if "members" in state["select"] else []
            taken = members[part : part + room]
            items.append(self._portion(directory, group, state["select"], taken))
            room -= max(1, len(taken))
            part += len(taken)
            if part >= len(members):
                at, part = at + 1, 0
        state["part_after"] = part
        return items, at if at < len(directory.groups) else None

    def _portion(
        self,
        directory: Directory,
        group: Group,
        select: Sequence[str],
        members: Sequence[tuple[str, str]],
    ) -> Json:
        shown = [member_json(*one) for one in members if directory.member_exists(*one)]
        return group_delta(group, select, shown)

    # -- later rounds ----------------------------------------------------------------------

    def _changed_people(self, state: Json, *, minimal: bool) -> tuple[list[Json], int | None]:
        wanted = frozenset(state["select"]) | LIFE
        changed: dict[str, set[str]] = {}
        managers: dict[str, dict[str, Json]] = {}
        at, size = state["at"], self._world.faults.user_page or state["page"]
        while at < state["end"] and len(changed) < size:
            change = self._world.directory.changes[at]
            if change.kind == "user" and _wanted(state, change.object_id):
                properties = change.properties & wanted
                if properties:
                    changed.setdefault(change.object_id, set()).update(properties)
                if properties and change.member is not None:
                    # Only how it ended up counts; an entry has no order inside.
                    entry = member_json(change.member, "user", removed=not change.added)
                    managers.setdefault(change.object_id, {})[change.member] = entry
            at += 1
        items = []
        for identity, touched in changed.items():
            person = self._world.directory.person(identity)
            if person is None:
                continue
            alive = touched & LIFE
            shown = managers.get(identity, {}) | (self._manager(person) if alive else {})
            only = touched if minimal and not alive else None
            items.append(person_delta(person, state["select"], list(shown.values()), only))
        return items, at if at < state["end"] else None

    def _changed_groups(self, state: Json) -> tuple[list[Json], int | None]:
        select = frozenset(state["select"])
        changed: dict[str, dict[str, Change]] = {}
        at, room = state["at"], self._world.faults.member_portion
        while at < state["end"] and room > 0:
            change = self._world.directory.changes[at]
            at += 1
            if change.kind != "group" or not _wanted(state, change.object_id):
                continue
            if change.member is not None and "members" in select:
                # Only how a membership ended up counts; an entry has no order inside.
                changed.setdefault(change.object_id, {})[change.member] = change
                room -= 1
            elif change.properties & (select | LIFE):
                changed.setdefault(change.object_id, {})
                room -= 1
        items = [
            self._changed_group(identity, list(members.values()), state["select"])
            for identity, members in changed.items()
        ]
        return items, at if at < state["end"] else None

    def _changed_group(self, identity: str, changes: list[Change], select: Sequence[str]) -> Json:
        directory = self._world.directory
        group = directory.group(identity)
        if group is None:
            return {"id": identity, "@removed": {"reason": "deleted"}}
        members = [
            member_json(change.member, directory.kind_of(change.member), removed=not change.added)
            for change in changes
            if change.member is not None
        ]
        return group_delta(group, select, members)


def _wanted(state: Mapping[str, object], identity: str) -> bool:
    ids = state["ids"]
    return not isinstance(ids, list) or identity in ids


def _minimal(call: Call) -> bool:
    return "return=minimal" in call.headers.get("prefer", "").lower()


def _preferred_page(call: Call) -> int:
    """`Prefer: odata.maxpagesize=n`, which directory deltas honour up to 999."""
    for wish in call.headers.get("prefer", "").lower().split(","):
        name, _, value = wish.strip().partition("=")
        if name == "odata.maxpagesize" and value.isdecimal():
            return min(max(1, int(value)), 999)
    return OBJECTS_A_PAGE


def _ids(call: Call) -> list[str] | None:
    """The ids of `$filter=id eq … or id eq …`, the only filter a delta knows (5.1 rule 5)."""
    node = filter_of(call, frozenset({"id"}))
    if node is None:
        return None
    pairs = equal_values(node, frozenset({"id"}))
    if pairs is None:
        raise bad_request("A delta can only be filtered by id.")
    if len(pairs) > MOST_FILTERED_IDS:
        raise bad_request(f"At most {MOST_FILTERED_IDS} ids can be filtered by.")
    return [value for _, value in pairs]


def _refusal(call: Call, kind: str, how: str) -> Refused:
    """The ways of 5.4."""
    if how == "gone":
        where = f"{call.base}/{kind}/delta?$deltatoken="
        return Refused(Answer(410, None, {"Location": where}))
    if how == "resync_required":
        return Refused(error(400, "resyncRequired", "Resync required."))
    if how == "stale_page":
        return Refused(error(400, "Directory_ExpiredPageToken", "The page token has expired."))
    return Refused(error(410, "SyncStateNotFound", "The sync state generation is not found."))

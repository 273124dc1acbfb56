"""The catalog: what the page is drawn from. The snapshot as far as the visitor's roles may see it."""

import hashlib
from typing import Any

from starlette.responses import Response

from chengdan.base.json import dumps
from chengdan.kernel.access import Act, ObjectAccess, Principal
from chengdan.kernel.field import SORTABLE, Field
from chengdan.kernel.home import home_of, reads_only_seen, sight_of
from chengdan.kernel.object import Object
from chengdan.kernel.panel import FREE_OF_OBJECT, Panel
from chengdan.kernel.pipeline import Deliverable, Pipeline
from chengdan.kernel.score import Score
from chengdan.kernel.snapshot import MANAGE_USERS, PEOPLE, Snapshot
from chengdan.kernel.view import View
from chengdan.run.explain import deliverable_json
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint

TAG = "catalog"
_RIGHTS = ("import", "export", "bulk", "merge", "share", "override_gate", "view_log")
_OF_PEOPLE = {"admit": MANAGE_USERS, "hand_over": "hand_over"}
"""What may be done to people only: by its name on the page the permission for it."""


def catalog(call: Call) -> Response:
    """The catalog for the visitor's roles, the same until something is published; 304 when the visitor has it."""
    principal, edition = call.visitor.principal, call.runtime.edition
    roles = hashlib.sha256(" ".join(sorted(principal.roles)).encode()).hexdigest()[:16]
    headers = {"etag": f'"{edition.snapshot.version}-{roles}"', "cache-control": "private, no-cache"}
    if call.request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    key = ("catalog", principal.roles)
    body = edition.documents.get(key)
    if body is None:
        found = CatalogFor(edition.snapshot, principal).as_json()
        body = edition.documents.setdefault(key, dumps(found))
    return Response(body, 200, headers, media_type="application/json")


class CatalogFor:
    """The definitions of a snapshot as one principal may see them: hidden objects and fields are absent everywhere.

    So are views and conditions that read what is hidden.
    """

    def __init__(self, snapshot: Snapshot, principal: Principal) -> None:
        self._snapshot = snapshot
        self._principal = principal
        access = {name: snapshot.access(principal, name) for name in snapshot.objects}
        self._access = {name: found for name, found in access.items() if found.may(Act.READ)}

    def as_json(self) -> dict[str, Any]:
        """The whole catalog, ready to be written."""
        snapshot = self._snapshot
        views = sorted(snapshot.views.values(), key=lambda view: (view.order, view.name))
        return {
            "version": snapshot.version,
            "objects": {
                name: self._object(snapshot.objects[name], access) for name, access in self._access.items()
            },
            "pipelines": {
                name: self._pipeline(pipeline)
                for name, pipeline in snapshot.pipelines.items()
                if self._sees(pipeline.object, pipeline.field)
            },
            "views": [self._view(view) for view in views if self._may_use(view)],
            "pools": self._pools(),
            "home": self._home(),
            "mail": self._mail(),
            "audits": [
                {
                    "name": audit.name,
                    "label": audit.label,
                    "object": audit.object,
                    "draws": audit.draws,
                    "reviews": audit.reviews,
                    "verdicts": audit.verdicts,
                }
                for audit in snapshot.audits.values()
                if {audit.draws, audit.reviews, audit.verdicts} <= self._access.keys()
            ],
            "scores": [
                self._score(score)
                for score in snapshot.scores.values()
                if all(self._sees(score.object, name) for name in (score.name, score.color_field))
            ],
            "roles": [{"name": role.name, "label": role.label} for role in snapshot.roles.values()],
        }

    def _may(self, permission: str) -> bool:
        return self._snapshot.permitted(self._principal, permission)

    def _sees(self, object: str, field: str) -> bool:
        return object in self._access and field not in self._access[object].hidden

    def _reads_only_seen(self, object: str, text: str) -> bool:
        """Whether an expression reads nothing that is hidden from the principal."""
        return reads_only_seen(self._snapshot, self._principal, object, text)

    def _seen_text(self, object: str, text: str) -> str:
        return text if self._reads_only_seen(object, text) else ""

    def _object(self, item: Object, access: ObjectAccess) -> dict[str, Any]:
        pipeline = self._snapshot.pipeline_of(item.name)
        piped = pipeline is not None and self._sees(item.name, pipeline.field)
        permissions = {name: self._may(name) for name in _RIGHTS}
        return {
            "name": item.name,
            "label": item.label,
            "plural": item.plural,
            "title": item.title,
            "icon": item.icon,
            "listed": item.listed,
            "help": item.help,
            "search": [name for name in item.search if name not in access.hidden],
            "quick": self._quick(item),
            "next": self._next(item),
            "sensitive": [name for name in item.sensitive if name not in access.hidden],
            "file_kinds": [{"name": name, "label": label} for name, label in item.file_kinds],
            "loop": self._loop(item),
            "checklists": [
                {"name": one.name, "label": one.label, "help": one.help, "steps": one.steps}
                for one in self._snapshot.checklists.values()
                if one.object == item.name and piped
            ],
            "sections": [{"name": name, "label": label} for name, label in item.sections],
            "fields": [
                self._field(item, field, access)
                for name, field in item.by_name.items()
                if name not in access.hidden
            ],
            "children": [
                {
                    "name": child.name,
                    "label": child.inverse.label,
                    "object": child.object,
                    "field": child.field,
                }
                for child in self._snapshot.children_of(item.name).values()
                if self._sees(child.object, child.field)
            ],
            "pipeline": pipeline.name if pipeline and piped else None,
            "can": {
                **{act.value: access.may(act) for act in Act},
                "assign": access.beyond_own(Act.CREATE),
                **permissions,
                **{right: item.name == PEOPLE and self._may(name) for right, name in _OF_PEOPLE.items()},
            },
        }

    def _quick(self, item: Object) -> dict[str, Any] | None:
        """How a record is made in a line, as far as its fields are seen."""
        quick = item.quick
        if quick is None:
            return None
        by = quick.by if quick.by and self._sees(item.name, quick.by) else ""
        return {"by": by, "fields": [name for name in quick.fields if self._sees(item.name, name)]}

    def _next(self, item: Object) -> dict[str, str] | None:
        following = item.next
        if following is None or not all(
            self._sees(item.name, name) for name in (following.text, following.on)
        ):
            return None
        return {"text": following.text, "on": following.on}

    def _loop(self, item: Object) -> dict[str, Any] | None:
        """How records of the object are answered, as far as its fields are seen."""
        loop, pipeline = item.loop, self._snapshot.pipeline_of(item.name)
        if loop is None or pipeline is None:
            return None
        if not all(
            self._sees(item.name, name) for name in (loop.answer, loop.words, loop.since, pipeline.field)
        ):
            return None
        return {
            "answer": loop.answer,
            "words": loop.words,
            "since": loop.since,
            "by": [name for name in loop.by if self._sees(item.name, name)],
            "ages": loop.ages,
            "where": self._seen_text(item.name, loop.where),
        }

    def _field(self, item: Object, field: Field, access: ObjectAccess) -> dict[str, Any]:
        return {
            "name": field.name,
            "type": field.type,
            "stored_type": field.stored_type,
            "label": field.label,
            "help": field.help,
            "section": field.section,
            "required": field.required,
            "unique": field.unique,
            "readonly": is_readonly(field, access),
            "system": field.system,
            "derived": field.derived,
            "max_length": field.max_length or None,
            "digits": field.digits,
            "grouped": field.grouped,
            "summed": field.summed,
            "minimum": field.minimum,
            "maximum": field.maximum,
            "currency": self._snapshot.currency_of(item, field),
            "options": [{"value": o.value, "label": o.label, "color": o.color} for o in field.options],
            "object": field.object,
            "sortable": field.type in SORTABLE,
            "visible_when": self._seen_text(item.name, field.visible_when),
            "locked_when": self._seen_text(item.name, field.locked_when),
            "default": self._seen_text(item.name, field.default),
        }

    def _pipeline(self, pipeline: Pipeline) -> dict[str, Any]:
        return {
            "name": pipeline.name,
            "label": pipeline.label,
            "object": pipeline.object,
            "field": pipeline.field,
            "stages": [
                {
                    "name": stage.name,
                    "label": stage.label,
                    "kind": stage.kind,
                    "probability": stage.probability,
                    "color": stage.color,
                    "sla_days": stage.sla_days,
                    "entry": [self._deliverable(item, pipeline.object) for item in stage.entry],
                    "exit": [self._deliverable(item, pipeline.object) for item in stage.exit],
                }
                for stage in pipeline.stages
            ],
        }

    def _deliverable(self, item: Deliverable, object: str) -> dict[str, Any]:
        shown = deliverable_json(item, self._snapshot, object)
        if item.field and not self._sees(object, item.field):
            shown["field"] = ""
        return shown

    def _may_use(self, view: View) -> bool:
        sorts = [part.strip().lstrip("-") for part in view.sort.split(",") if part.strip()]
        return (
            view.object in self._access
            and all(self._sees(view.object, name) for name in (*sorts, *view.drawn_from))
            and self._reads_only_seen(view.object, view.filter)
        )

    def _view(self, view: View) -> dict[str, Any]:
        return {
            "name": view.name,
            "label": view.label,
            "object": view.object,
            "kind": view.kind,
            "columns": [name for name in view.columns if self._sees(view.object, name)],
            "filter": view.filter,
            "sort": view.sort,
            "board_field": view.board_field,
            "limits": dict(view.limits),
            "strict_limits": view.strict_limits,
            "start_field": view.start_field,
            "end_field": view.end_field,
            "duration_field": view.duration_field,
            "done_field": view.done_field,
        }

    def _score(self, score: Score) -> dict[str, Any]:
        return {
            "name": score.name,
            "label": score.label,
            "help": score.help,
            "object": score.object,
            "color_field": score.color_field,
            "red": score.red,
            "green": score.green,
            "can_tune": self._snapshot.permitted(self._principal, "publish"),
        }

    def _mail(self) -> dict[str, Any] | None:
        """The mail object, the field of each role, and what mails hang to, for those who may read mails."""
        item = self._snapshot.mail
        if item is None or item.mail is None or item.name not in self._access:
            return None
        seen = {role: name for role, name in item.mail.fields.items() if self._sees(item.name, name)}
        people = [
            {"field": one.field, "object": one.object, "address": one.address}
            for one in item.mail.people
            if self._sees(one.object, one.address)
        ]
        return {"object": item.name, "fields": seen, "people": people}

    def _home(self) -> dict[str, Any]:
        home = home_of(self._snapshot, self._principal)
        return {"of": home.of, "panels": [self._panel(panel) for panel in home.panels]}

    def _pools(self) -> list[dict[str, Any]]:
        """The pools that the principal may use."""
        manages = self._snapshot.permitted(self._principal, "pools")
        return [
            {"name": pool.name, "label": pool.label, "object": pool.object}
            for pool in self._snapshot.pools.values()
            if pool.object in self._access and (manages or pool.open_to(self._principal.roles))
        ]

    def _panel(self, panel: Panel) -> dict[str, Any]:
        """A panel as the page draws it; its condition is the panel's own, beside that of its view."""
        shown = {
            "name": panel.name,
            "label": panel.label,
            "kind": panel.kind,
            "whose": panel.whose,
            "limit": panel.limit,
            "wide": panel.wide,
            "warn": panel.warn,
            "empty": panel.empty,
        }
        if panel.kind in FREE_OF_OBJECT:
            return shown
        sight = sight_of(self._snapshot, panel)
        view = self._snapshot.views.get(panel.view)
        return {
            **shown,
            "object": sight.object,
            "view": panel.view if view is not None and self._may_use(view) else "",
            "filter": panel.filter,
            "sort": sight.sort,
            "columns": [name for name in sight.columns if self._sees(sight.object, name)],
            "by": panel.by,
            "function": panel.function,
            "field": panel.field,
            "shape": panel.shape,
            "tick": panel.tick,
            "blockers": panel.blockers,
            "sections": [name for name in panel.sections if self._sees(sight.object, name)],
            "details": [name for name in panel.details if self._sees(sight.object, name)],
            "total": panel.total if panel.total and self._sees(sight.object, panel.total) else "",
        }


def is_readonly(field: Field, access: ObjectAccess) -> bool:
    """Whether a principal with this access can never write the field."""
    return field.readonly or field.derived or field.name in access.readonly


ENDPOINTS = (Endpoint("GET", "/api/catalog", catalog, "All definitions the visitor may see", TAG),)

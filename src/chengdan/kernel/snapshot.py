"""The snapshot: one immutable version of all definitions, which a process runs on until the next is published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from chengdan.base.label import Label
from chengdan.expr import Context, Expression, Kind, Member, Needs, Type, check, compile_python
from chengdan.kernel.access import Act, Grant, ObjectAccess, Principal, Role, Scope, resolve
from chengdan.kernel.checklist import Checklist
from chengdan.kernel.conflict import Conflict
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import Field, FieldType, Inverse, Option
from chengdan.kernel.mail import Letter
from chengdan.kernel.manifest import Definitions
from chengdan.kernel.metric import Metric
from chengdan.kernel.object import STAGE_SINCE, Object
from chengdan.kernel.panel import Panel
from chengdan.kernel.pipeline import Deliverable, Pipeline
from chengdan.kernel.pool import Pool
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.kernel.rule import Rule
from chengdan.kernel.score import Score
from chengdan.kernel.template import Template
from chengdan.kernel.view import View

AUTOMATION = Role("automation", Label("自动化", "Automation"))
"""What rules act as: every act on every record, no permission, so no gate can be overridden."""

POSTMAN = Role("postman", Label("邮件收发", "Mail room"))
"""What the mail room acts as: as rules do, and it alone writes what it keeps of a message (see `kernel.mail`)."""

PEOPLE = "user"
"""The object whose records log in."""
MANAGE_USERS = "manage_users"
GUARDED_OF_USERS = frozenset({"username", "roles", "active"})
"""Fields of users that decide who may do what: only whoever carries MANAGE_USERS writes them, whatever a grant says."""


@dataclass(frozen=True)
class Child:
    """A list of children as its parent sees it: which records (`object`) point to it through which `field`."""

    name: str
    object: str
    field: str
    inverse: Inverse


@dataclass(frozen=True)
class Compiled:
    """An expression ready to run: call it with a record mapping and a Context."""

    expression: Expression
    needs: Needs
    run: Callable[[Mapping[str, Any], Context], Any]


class Snapshot:
    """All definitions of one version. Also the schema that expressions are checked against."""

    def __init__(
        self, definitions: Definitions, version: int = 0, files: Mapping[str, str] | None = None
    ) -> None:
        self.version = version
        self.files: Mapping[str, str] = MappingProxyType(dict(files or {}))
        self.pipelines: Mapping[str, Pipeline] = MappingProxyType(dict(definitions.pipelines))
        self.rules: Mapping[str, Rule] = MappingProxyType(dict(sorted(definitions.rules.items())))
        self.views: Mapping[str, View] = MappingProxyType(dict(definitions.views))
        self.panels: Mapping[str, Panel] = MappingProxyType(dict(definitions.panels))
        self.checklists: Mapping[str, Checklist] = MappingProxyType(dict(definitions.checklists))
        self.audits: Mapping[str, ProcessAudit] = MappingProxyType(dict(definitions.audits))
        self.metrics: Mapping[str, Metric] = MappingProxyType(dict(definitions.metrics))
        self.scores: Mapping[str, Score] = MappingProxyType(dict(definitions.scores))
        self.roles: Mapping[str, Role] = MappingProxyType(dict(definitions.roles))
        letters = sorted(definitions.letters.values(), key=lambda letter: (letter.order, letter.name))
        self.letters: Mapping[str, Letter] = MappingProxyType({letter.name: letter for letter in letters})
        self.conflicts: Mapping[str, Conflict] = MappingProxyType(dict(definitions.conflicts))
        self.pools: Mapping[str, Pool] = MappingProxyType(dict(definitions.pools))
        self._pool_of = {pool.object: pool for pool in reversed(list(self.pools.values()))}
        self.templates: Mapping[str, Template] = MappingProxyType(dict(definitions.templates))
        self._pipeline_of = {pipeline.object: pipeline for pipeline in self.pipelines.values()}
        self.objects: Mapping[str, Object] = MappingProxyType(
            {name: self._scored(self._with_stages(item)) for name, item in definitions.objects.items()}
        )
        self._compiled: dict[tuple[Any, ...], Compiled] = {}
        self._access: dict[tuple[frozenset[str], str], ObjectAccess] = {}
        self._rule_needs: dict[tuple[str, EventKind], Needs] = {}
        self._writable: dict[tuple[frozenset[str], str], Mapping[str, Field]] = {}

    def _with_stages(self, item: Object) -> Object:
        """The object with what its pipeline adds: the stages as options of its stage field, and `stage_since`."""
        pipeline = self._pipeline_of.get(item.name)
        if pipeline is None:
            return item
        options = tuple(Option(stage.name, stage.label, stage.color) for stage in pipeline.stages)
        fields = tuple(
            replace(field, options=options) if field.name == pipeline.field else field
            for field in item.fields
        )
        return replace(item, fields=(*fields, STAGE_SINCE))

    def _scored(self, item: Object) -> Object:
        """The object with the value and the colour of each of its scores."""
        added = tuple(
            field for score in self.scores.values() if score.object == item.name for field in score.fields
        )
        return replace(item, fields=(*item.fields, *added)) if added else item

    def scores_of(self, object: str) -> Sequence[Score]:
        """The scores over `object`."""
        return self._scores_by_object.get(object, ())

    @cached_property
    def _scores_by_object(self) -> Mapping[str, tuple[Score, ...]]:
        found: dict[str, tuple[Score, ...]] = {}
        for score in self.scores.values():
            found[score.object] = (*found.get(score.object, ()), score)
        return found

    def object(self, name: str) -> Object | None:
        return self.objects.get(name)

    @cached_property
    def mail(self) -> Object | None:
        """The object whose records are e-mails, if there is one."""
        return next((item for item in self.objects.values() if item.mail is not None), None)

    def pipeline_of(self, object: str) -> Pipeline | None:
        """The pipeline over `object`, if it has one."""
        return self._pipeline_of.get(object)

    def pool_of(self, object: str) -> Pool | None:
        """The public pool of `object`, if it has one."""
        return self._pool_of.get(object)

    def rules_of(self, object: str) -> Sequence[Rule]:
        """The active rules of `object` in the order they run."""
        return self._rules_by_object.get(object, ())

    def rules_on(self, object: str, kind: EventKind) -> Sequence[Rule]:
        """The active rules of `object` that an event of this kind may set off, in the order they run."""
        return self._rules_by_event.get((object, kind), ())

    def rule_condition(self, rule: Rule) -> Compiled:
        """The condition of a rule that has one."""
        return self.compiled(rule.object, rule.when, expect=Kind.BOOLEAN, allow_old=True)

    def rule_needs(self, object: str, kind: EventKind) -> Needs:
        """What the conditions of the rules read that an event of this kind may set off."""
        found = self._rule_needs.get((object, kind))
        if found is None:
            found = Needs.joined(
                self.rule_condition(rule).needs for rule in self.rules_on(object, kind) if rule.when
            )
            self._rule_needs[object, kind] = found
        return found

    @cached_property
    def _rules_by_event(self) -> Mapping[tuple[str, EventKind], tuple[Rule, ...]]:
        found: dict[tuple[str, EventKind], tuple[Rule, ...]] = {}
        for name, rules in self._rules_by_object.items():
            for rule in rules:
                for kind in rule.trigger.kinds:
                    found[name, kind] = (*found.get((name, kind), ()), rule)
        return found

    @cached_property
    def _rules_by_object(self) -> Mapping[str, tuple[Rule, ...]]:
        active = [rule for rule in self.rules.values() if rule.active]
        return {name: tuple(rule for rule in active if rule.object == name) for name in self.objects}

    @cached_property
    def timers(self) -> Mapping[tuple[str, str], Rule]:
        """The active rule that each timer sets off, by object and key; of several the first."""
        heard = [rule for rule in self.rules.values() if rule.active and rule.trigger.timer]
        return {(rule.object, rule.trigger.timer): rule for rule in reversed(heard)}

    def due_with(self, object: str) -> Sequence[tuple[Pipeline, Deliverable, str]]:
        """What is asked for when a record of `object` comes to be: of which pipeline, and the field that leads to its record."""
        return self._due.get(object, ())

    @cached_property
    def _due(self) -> Mapping[str, tuple[tuple[Pipeline, Deliverable, str], ...]]:
        found: dict[str, tuple[tuple[Pipeline, Deliverable, str], ...]] = {}
        for pipeline in self.pipelines.values():
            for _, item in pipeline.deliverables():
                child = self.children_of(pipeline.object).get(item.due.of) if item.due else None
                if child is not None:
                    found[child.object] = (*found.get(child.object, ()), (pipeline, item, child.field))
        return found

    def children_of(self, object: str) -> Mapping[str, Child]:
        """The lists of children of `object` by the name of the inverse."""
        return self._children.get(object, {})

    @cached_property
    def _children(self) -> Mapping[str, Mapping[str, Child]]:
        found: dict[str, dict[str, Child]] = {}
        for item in self.objects.values():
            for field in item.fields:
                if field.inverse is not None and field.type in (FieldType.REFERENCE, FieldType.USER):
                    found.setdefault(field.object, {})[field.inverse.name] = Child(
                        field.inverse.name, item.name, field.name, field.inverse
                    )
        return found

    @cached_property
    def rollups_over(self) -> Mapping[str, tuple[tuple[str, Field, Child], ...]]:
        """For each child object, the rollups that read it: (parent object, rollup field, list of children)."""
        found: dict[str, list[tuple[str, Field, Child]]] = {}
        for item in self.objects.values():
            for field in item.fields:
                if field.rollup is not None and (child := self.children_of(item.name).get(field.rollup.of)):
                    found.setdefault(child.object, []).append((item.name, field, child))
        return {name: tuple(rollups) for name, rollups in found.items()}

    @cached_property
    def upwards(self) -> Mapping[str, int]:
        """The rank of each object: children before the parents whose rollups they feed, as far as there is no cycle.

        Whoever writes to several objects locks their records in this order, so that writers don't lock each other out.
        """
        found: dict[str, None] = {}
        for name in sorted(self.objects):
            self._after_parents(name, found, set())
        return MappingProxyType({name: rank for rank, name in enumerate(reversed(found))})

    def _after_parents(self, name: str, found: dict[str, None], under_way: set[str]) -> None:
        if name in found or name in under_way:
            return
        for parent, _, _ in self.rollups_over.get(name, ()):
            self._after_parents(parent, found, under_way | {name})
        found[name] = None

    @cached_property
    def scored_through(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """For each object, the references through which its records bear on the scores of others, and their objects."""
        found: dict[str, set[tuple[str, str]]] = {}
        for score in self.scores.values():
            for signal in score.signals:
                metric = self.metrics.get(signal.metric)
                if metric is not None and metric.per:
                    found.setdefault(metric.object, set()).add((metric.per, score.object))
        return {name: frozenset(ways) for name, ways in found.items()}

    # --- Schema of expressions

    def member(self, object: str, name: str) -> Member | None:
        """What `name` (an api name or label) is to an expression over `object`."""
        item = self.objects.get(object)
        if item is None:
            return None
        if name in ("id", "version"):
            return Member(name, Type(Kind.RECORD, object) if name == "id" else Type(Kind.NUMBER))
        field = item.by_name.get(name) or item.by_label.get(name)
        if field is not None:
            type = field.expression_type()
            return None if type is None else Member(field.name, type, formula=field.formula or None)
        child = self.children_of(object).get(name) or self._child_by_label(object, name)
        if child is not None:
            return Member(child.name, Type(Kind.RECORDS, child.object), via=child.field)
        return None

    def _child_by_label(self, object: str, label: str) -> Child | None:
        for child in self.children_of(object).values():
            if label in (child.inverse.label.zh, child.inverse.label.en):
                return child
        return None

    def names(self, object: str) -> Sequence[str]:
        """Every word that an expression over `object` may use."""
        item = self.objects.get(object)
        if item is None:
            return ()
        return ("id", "version", *item.by_name, *item.by_label, *self.children_of(object))

    def compiled(
        self,
        object: str,
        text: str,
        *,
        expect: Kind | None = None,
        allow_old: bool = False,
        extra: Mapping[str, Type] | None = None,
    ) -> Compiled:
        """The expression `text` over `object`, checked and compiled once per snapshot. Raises ExpressionError."""
        key = (object, text, expect, allow_old, frozenset(extra.items()) if extra else None)
        found = self._compiled.get(key)
        if found is None:
            expression = check(text, self, object, expect=expect, allow_old=allow_old, extra=extra or {})
            found = Compiled(expression, expression.needs(), compile_python(expression))
            self._compiled[key] = found
        return found

    def priced_by(self, item: Object, field: Field) -> Field | None:
        """The money field in whose currency the value of `field` is: itself, or the first that its formula reads.

        None where it is no amount, or one added up over other records: that is in the currency of its definition.
        """
        if field.type is FieldType.MONEY:
            return field
        if field.type is not FieldType.FORMULA or field.stored_type is not FieldType.MONEY:
            return None
        read = self.compiled(item.name, field.formula).needs.record
        return next((money for money, _ in item.amounts if money.name in read), None)

    def currency_of(self, item: Object, field: Field) -> str:
        """The currency of an amount unless it is given: its own, or that of the children's field that it adds up."""
        if field.currency or field.rollup is None or field.rollup.of not in self.children_of(item.name):
            return field.currency
        source = self.objects[self.children_of(item.name)[field.rollup.of].object].field(field.rollup.field)
        return source.currency if source is not None and source.type is FieldType.MONEY else ""

    # --- Access

    def access(self, principal: Principal, object: str) -> ObjectAccess:
        """All that the principal's roles allow on `object`."""
        key = (principal.roles, object)
        found = self._access.get(key)
        if found is None:
            found = self._access[key] = self._resolve(principal.roles, object)
        return found

    def _resolve(self, names: frozenset[str], object: str) -> ObjectAccess:
        if POSTMAN.name in names:
            return _everything(object)
        item = self.objects.get(object)
        kept = item.mail.kept if item is not None and item.mail is not None else frozenset()
        if AUTOMATION.name in names:
            return replace(_everything(object), readonly=kept)
        roles = [self.roles[name] for name in sorted(names) if name in self.roles]
        access = resolve(roles, object, item.private if item is not None else "")
        access = replace(access, readonly=access.readonly | kept) if kept else access
        if object != PEOPLE or any(MANAGE_USERS in role.permissions for role in roles):
            return access
        return replace(access, readonly=access.readonly | GUARDED_OF_USERS)

    def writable_fields(self, principal: Principal, object: str) -> Mapping[str, Field]:
        """The fields of `object` that the principal may write, by name."""
        key = (principal.roles, object)
        found = self._writable.get(key)
        if found is None:
            barred = self.access(principal, object).readonly
            found = self._writable[key] = {
                name: field
                for name, field in self.objects[object].by_name.items()
                if not (field.readonly or field.derived or name in barred)
            }
        return found

    def permitted(self, principal: Principal, permission: str) -> bool:
        """Whether one of the principal's roles carries `permission`."""
        return any(
            permission in self.roles[name].permissions for name in principal.roles if name in self.roles
        )


def _everything(object: str) -> ObjectAccess:
    """Every act on every record of an object."""
    grant = Grant(object, dict.fromkeys(Act, (Scope.ALL,)))
    return resolve([Role(AUTOMATION.name, AUTOMATION.label, (grant,))], object)

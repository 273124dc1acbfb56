"""A SQLAlchemy element made from a template of the program and the elements that fill it.

It keeps deep expressions shallow (one element per operator, whatever PostgreSQL needs to do it) and lets the SQL of a
function stand beside its Python. Templates never hold values: those are bound parameters among `parts`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, FromClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine


class Fragment(ColumnElement[Any]):
    """`template` with `{0}`, `{1}` … , `{args}` (by commas), `{joined}` (by `||`) and the names of `named` filled in.

    The template must be closed: a call, a cast, or in parentheses.
    """

    __visit_name__ = "fragment"
    _traverse_internals = [  # noqa: RUF012 - the base class's protocol for caching and copying
        ("template", InternalTraversal.dp_string),
        ("names", InternalTraversal.dp_string_list),
        ("parts", InternalTraversal.dp_clauseelement_tuple),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(
        self,
        template: str,
        parts: Sequence[ClauseElement],
        type: TypeEngine[Any],
        named: Mapping[str, ClauseElement] | None = None,
    ) -> None:
        named = named or {}
        self.template = template
        self.names = list(named)
        self.parts = (*parts, *named.values())
        self.type = type

    @property
    def _from_objects(self) -> list[FromClause]:
        return [source for part in self.parts for source in part._from_objects]

    def filled(self, rendered: Sequence[str]) -> str:
        """The SQL text with the text of each part."""
        count = len(rendered) - len(self.names)
        args = rendered[:count]
        named = dict(zip(self.names, rendered[count:], strict=True))
        return self.template.format(*args, args=", ".join(args), joined=" || ".join(args), **named)


@compiles(Fragment)
def _render(fragment: Fragment, compiler: SQLCompiler, **options: Any) -> str:
    options.pop("add_to_result_map", None)
    return fragment.filled([compiler.process(part, **options) for part in fragment.parts])

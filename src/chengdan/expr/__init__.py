"""The one expression language of Chengdan.

`check` makes a typed Expression from text; `compile_python` and `chengdan.expr.sql.compile_sql` make it run. The law of
nulls and numbers, the same for both, stands in `chengdan.expr.types`.
"""

from chengdan.expr.check import check
from chengdan.expr.dates import Calendar
from chengdan.expr.errors import EvaluationError, ExpressionError
from chengdan.expr.evaluate import OLD, Context, Facts, NoFacts, compile_python
from chengdan.expr.expression import NO_NEEDS, Expression, ListNeed, Needs
from chengdan.expr.json import from_json, to_json
from chengdan.expr.nodes import Node
from chengdan.expr.syntax import parse
from chengdan.expr.text import to_text
from chengdan.expr.types import Kind, Member, Schema, Type

__all__ = [
    "NO_NEEDS",
    "OLD",
    "Calendar",
    "Context",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "Facts",
    "Kind",
    "ListNeed",
    "Member",
    "Needs",
    "NoFacts",
    "Node",
    "Schema",
    "Type",
    "check",
    "compile_python",
    "from_json",
    "parse",
    "to_json",
    "to_text",
]

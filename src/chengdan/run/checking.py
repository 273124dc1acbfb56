"""Checking the text of a filter for somebody who is still writing it."""

from chengdan.base.errors import ChengdanError
from chengdan.expr.sql import compile_filter
from chengdan.run.holding import object_of
from chengdan.run.read import viewer_filter, viewing
from chengdan.store.unit import Unit


def check_filter(reader: Unit, object: str, text: str) -> list[ChengdanError]:
    """All that keeps `text` from being a filter of the viewer's; empty text is one. Raises NoSuchObject."""
    item, _access = object_of(reader, object)
    try:
        expression = viewer_filter(reader, item, [text] if text.strip() else [])
        if expression is not None:
            look = viewing(reader)
            compile_filter(expression, look.edition.tables.alias(object), look.context)
    except ChengdanError as error:
        return list(error.reasons())
    return []

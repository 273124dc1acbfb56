"""Views: a saved way of looking at an object's records."""

from dataclasses import dataclass
from dataclasses import field as attribute

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class View:
    """A list or board: which records (`filter`, an expression), in what order (`sort`), showing which `columns`.

    `order` is the view's own place among the views of its object: low numbers come first.
    """

    name: str
    label: Label
    object: str
    kind: str = "list"
    columns: tuple[str, ...] = ()
    filter: str = ""
    sort: str = ""
    board_field: str = ""
    order: int = 100
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

"""Views: a saved way of looking at an object's records."""

from dataclasses import dataclass
from dataclasses import field as attribute

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped

VIEW_KINDS = ("list", "board", "calendar", "agenda")


@dataclass(frozen=True, slots=True)
class View:
    """A list, board, calendar or agenda: which records (`filter`, an expression), in what order (`sort`), showing which
    `columns`.

    `order` is the view's own place among the views of its object: low numbers come first.

    A board has a column for each value of `board_field`. `limits` says how many cards a column should hold at most; more
    are marked, and with `strict_limits` the board takes no more.

    A calendar shows each record from `start_field` (a day or an instant) to `end_field` (of the same type, a day
    included), or for the minutes or the duration in `duration_field`. An agenda groups records by how far the day or
    instant in `start_field` lies off. `done_field` says yes or no to whether a record is done with.
    """

    name: str
    label: Label
    object: str
    kind: str = "list"
    columns: tuple[str, ...] = ()
    filter: str = ""
    sort: str = ""
    board_field: str = ""
    limits: tuple[tuple[str, int], ...] = ()
    strict_limits: bool = False
    start_field: str = ""
    end_field: str = ""
    duration_field: str = ""
    done_field: str = ""
    order: int = 100
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @property
    def drawn_from(self) -> tuple[str, ...]:
        """The fields without which the view can't be drawn."""
        named = (self.board_field, self.start_field, self.end_field, self.duration_field, self.done_field)
        return tuple(name for name in named if name)


def read_view(m: Mapped) -> View:
    """The definition in a manifest of the kind `view`."""
    return View(
        place=m.place,
        name=m.name("view"),
        label=m.label("label"),
        object=m.text("object"),
        kind=m.text("kind", "list"),
        columns=m.texts("columns"),
        filter=m.text("filter", ""),
        sort=m.text("sort", ""),
        board_field=m.text("board_field", ""),
        limits=m.counts("limits"),
        strict_limits=m.flag("strict_limits"),
        start_field=m.text("start_field", ""),
        end_field=m.text("end_field", ""),
        duration_field=m.text("duration_field", ""),
        done_field=m.text("done_field", ""),
        order=m.integer("order", 100),
    )

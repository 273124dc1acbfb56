"""What an app may use: the only module of Chengdan that the sales system, and any other app, imports."""

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.ids import id_at, new_id
from chengdan.base.label import Label
from chengdan.kernel.event import EventKind

__all__ = ["ChengdanError", "EventKind", "Label", "Problems", "id_at", "new_id"]

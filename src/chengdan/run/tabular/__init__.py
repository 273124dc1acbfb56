"""Tables from and to files: CSV in any usual encoding, and workbooks, as streams of rows."""

from chengdan.run.tabular.errors import TableUnreadable
from chengdan.run.tabular.opening import open_table
from chengdan.run.tabular.table import Cell, Row, Table
from chengdan.run.tabular.write import TableFormat, write_table

__all__ = ["Cell", "Row", "Table", "TableFormat", "TableUnreadable", "open_table", "write_table"]

"""Documents: forms set as PDF, scans of them read, and signed ones sealed."""

from chengdan.run.documents.scan import Sheet, read_scan
from chengdan.run.documents.seal import Sealed, Sealer, SealReport, inspect_seals
from chengdan.run.documents.setting import FONT, set_form

__all__ = ["FONT", "SealReport", "Sealed", "Sealer", "Sheet", "inspect_seals", "read_scan", "set_form"]

"""The demo company: a year of a Chinese sales organisation's life, generated from a seed."""

from chengdan.sales.demo.batch import Batch
from chengdan.sales.demo.documents import Document, documents
from chengdan.sales.demo.generate import LOGINS, DemoCompany, generate

__all__ = ["LOGINS", "Batch", "DemoCompany", "Document", "documents", "generate"]

"""Chengdan 成单: a sales operating system on a low-code base."""

__version__ = "0.1.0"

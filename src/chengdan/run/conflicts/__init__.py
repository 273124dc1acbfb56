"""Conflicts: found behind the journal and every night, shown on records, told to those concerned, settled by people."""

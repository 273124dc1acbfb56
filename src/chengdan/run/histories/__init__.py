"""Histories: event logs of other systems become records that went their way at the times the log says."""

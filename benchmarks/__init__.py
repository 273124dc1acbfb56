"""Benchmarks: one question per file, answered as a ratio against a baseline measured in the same run.

`python -m benchmarks.<name> [--quick]`; results go to `benchmarks/results/`, and `python -m benchmarks.report` writes
them into `docs/benchmarks.md`.
"""

"""Measures the platform at size: ``script/bench``. What came out stands in docs/performance.md."""

"""Leeway: a repayment portal where relationship-first collection is how the software works."""

__version__ = "0.1.0"

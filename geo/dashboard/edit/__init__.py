"""The Edit page: the parts of a case as fields and tables, and beside them what the reader will see."""

from geo.dashboard.edit.page import edit as edit

__all__ = ["edit"]

"""A case file is read into a ``Case`` and written from one.

::

    read(path) -> Case          all problems at once, each with its place
    check(path) -> problems     the same, as a list instead of an error
    write(case, path)           changes no byte that it need not
    schema() -> dict            JSON Schema of case.toml
"""

from geo.casefile.read import NAME, check, read
from geo.casefile.schema import schema
from geo.casefile.write import write

__all__ = ["NAME", "check", "read", "schema", "write"]

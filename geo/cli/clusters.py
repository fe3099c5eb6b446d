"""``--spark``: a build, or a question, on a cluster."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.archive.running import Mapping


def add(command: argparse.ArgumentParser, what: str) -> None:
    """Let a command be done on a cluster."""
    command.add_argument("--spark", metavar="MASTER", help=f"{what} on this cluster of Spark, as spark://host:7077")
    command.add_argument(
        "--spark-conf",
        action="append",
        type=_setting,
        metavar="NAME=VALUE",
        help="a setting of Spark, as spark.executor.memory=4g; may be given several times",
    )
    command.set_defaults(wrong_use=command.error)


def _setting(word: str) -> tuple[str, str]:
    name, is_set, value = word.partition("=")
    if not (name.startswith("spark.") and is_set):
        raise argparse.ArgumentTypeError(f"{word!r} is no setting of Spark; write it as spark.executor.memory=4g")
    return name, value


def _settings(chosen: argparse.Namespace) -> dict[str, str]:
    if chosen.spark_conf and not chosen.spark:
        chosen.wrong_use("--spark-conf is of --spark")
    return dict(chosen.spark_conf or ())


def engine(chosen: argparse.Namespace) -> Any:  # noqa: ANN401  a connection of Ibis
    """The cluster that is to answer; ``None`` where none is named."""
    settings = _settings(chosen)
    if not chosen.spark:
        return None
    from geo.archive import spark  # each command loads what it needs

    return spark.connect(chosen.spark, settings=settings)


def mapping(chosen: argparse.Namespace) -> AbstractContextManager[Mapping | None]:
    """Who works the tasks of a build off: ``None`` is processes of this machine."""
    settings = _settings(chosen)
    if not chosen.spark:
        return nullcontext()
    if chosen.workers:
        chosen.wrong_use("--workers is of this machine, and --spark of a cluster: give one of them")
    from geo.archive import executors  # each command loads what it needs

    return executors.building(chosen.spark, Path(chosen.output), settings)

"""A Spark cluster of this machine: a master and workers as processes of their own, which talk over loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
#: Programs of Java that live for seconds are not worth compiling twice, nor collecting in parallel.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
QUICK = tuple(f"spark.{part}.extraJavaOptions={SHORT_LIVED}" for part in ("driver", "executor"))
#: A machine that is busy is slow; a process that says nothing for so long has failed.
PATIENCE_S = 180
#: A program in a group that ends with the process that began it, killed or not: that is when the pipe from it closes.
WATCHED = 'exec 3<&0; (cat <&3 >/dev/null; kill -TERM 0) >/dev/null 2>&1 & "$@" 3<&- & wait $!'
ADDRESS = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
REGISTERED = re.compile(r"Registering worker 127\.0\.0\.1:\d+ with \d+ cores")


@dataclass(slots=True)
class Process:
    """A process and what it said, line by line; it leads a group, so that what it started ends with it."""

    name: str
    running: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    more: threading.Condition = field(default_factory=threading.Condition)

    @classmethod
    def start(cls, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        running = subprocess.Popen(
            ["/bin/sh", "-c", WATCHED, "sh", *command],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        made = cls(name, running)
        threading.Thread(target=made._listen, name=name, daemon=True).start()
        return made

    def _listen(self) -> None:
        with self.running.stdout as lines:
            for line in lines:
                with self.more:
                    self.said.append(line)
                    self.more.notify_all()
        with self.more:
            self.said.append("")  # it has ended
            self.more.notify_all()

    def heard(self, wanted: re.Pattern[str], times: int = 1) -> list[re.Match[str]]:
        """So many lines that match; an error with all it said when it ends without them, or takes too long."""

        def found() -> list[re.Match[str]]:
            return [match for match in map(wanted.search, self.said) if match]

        with self.more:
            self.more.wait_for(lambda: len(found()) >= times or self.said[-1:] == [""], PATIENCE_S)
            matches = found()
        if len(matches) < times:
            raise RuntimeError(f"the {self.name} did not say {wanted.pattern!r} {times} times:\n{''.join(self.said)}")
        return matches

    def end(self) -> None:
        """End the whole group, and hear it out."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.running.pid, sign)
                self.running.wait(timeout=20)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.running.wait()
        self.running.stdin.close()
        with self.more:
            self.more.wait_for(lambda: self.said[-1:] == [""], PATIENCE_S)


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a master to which both workers have registered; all of them end when this does."""
    script = Path(find_spec("pyspark").origin).parent / "bin" / "spark-class"
    env = _environment(folder)
    started: list[Process] = []

    def start(name: str, *arguments: str) -> Process:
        one = Process.start(name, [str(script), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]], env)
        started.append(one)
        return one

    anywhere = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    try:
        master = start("master", "master.Master", *anywhere)
        [address] = master.heard(ADDRESS)
        for number in range(WORKERS):
            start(f"worker {number}", "worker.Worker", *anywhere, "--cores", "2", "--memory", "2g", address[1])
        master.heard(REGISTERED, WORKERS)
        try:
            yield address[1]
        except BaseException:
            for one in started:
                sys.stderr.write(f"--- {one.name}\n{''.join(one.said[-200:])}")
            raise
    finally:
        for one in reversed(started):
            one.end()


@contextmanager
def driver(master: str, folder: Path) -> Iterator[Any]:
    """A connection to this cluster, and the driver's own Java process as long as this lasts."""
    from pyspark import SparkContext

    from geo.archive import spark

    before = signal.getsignal(signal.SIGINT)
    path, environment = list(sys.path), dict(os.environ)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    connection = spark.connect(master, settings=settings(folder))
    try:
        yield connection
    finally:
        connection.disconnect()
        gateway = SparkContext._gateway  # noqa: SLF001  pyspark ends it with this process only
        gateway.shutdown()
        gateway.proc.stdin.close()  # at which it ends
        gateway.proc.wait(timeout=PATIENCE_S)
        SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001  the same
        # what pyspark changed for all of this process
        signal.signal(signal.SIGINT, before)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)


@dataclass(frozen=True, slots=True)
class Told:
    """A function of tasks that also says where it ran: every executor has a working folder of its own."""

    function: Callable[[Any], Any]

    def __call__(self, task: object) -> tuple[str, Any]:
        return str(Path.cwd()), self.function(task)


def settings(folder: Path) -> dict[str, str]:
    """What a driver of this cluster is told: loopback, little memory, and where its executors find Python and us."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        **dict(one.split("=", 1) for one in QUICK),
        "spark.executor.memory": "1g",
        "spark.executor.cores": "1",
        "spark.cores.max": str(WORKERS),
        "spark.executorEnv.PYTHONPATH": paths,
        "spark.pyspark.python": sys.executable,
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
    }


def java() -> str | None:
    """Why there can be no cluster here, or nothing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if program is None or not Path(program).exists():
        return "Spark needs Java, and there is none"
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stderr
    major = re.search(r'version "(\d+)', said)
    return None if major and int(major[1]) >= 17 else f"Spark needs Java 17 or later: {said.splitlines()[0]}"

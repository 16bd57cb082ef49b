"""CPU time of this process and of those it started."""

import os
import resource
import statistics
import sys
import time
from pathlib import Path


def cpu() -> float:
    """Seconds of this process, of those it started, and of the one that serves its database."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + _serving()


def _serving() -> float:
    if "django.db" not in sys.modules or not os.environ.get("BENCH_DATABASE_URL"):
        return 0.0
    from django.db import connection

    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    user, system = spent.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def once(call) -> dict:
    start, wall = cpu(), time.perf_counter()
    answer = call()
    return {"cpu": cpu() - start, "wall": time.perf_counter() - wall, "answer": answer}


def median_ms(call, arguments) -> float:
    """The median CPU milliseconds of ``call`` over its arguments."""
    spent = []
    for argument in arguments:
        start = time.process_time()
        call(argument)
        spent.append(time.process_time() - start)
    return 1000 * statistics.median(spent)


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def ratio(slow: float, fast: float) -> float:
    return round(slow / fast, 2) if fast else float("inf")

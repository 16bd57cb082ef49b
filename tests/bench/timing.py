"""CPU time of this process and of those it started."""

import resource
import statistics
import time


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


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

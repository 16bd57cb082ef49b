"""The measurements still run; what they find is for people to judge."""

import json
import subprocess
import sys
from pathlib import Path


def test_bench_measures_indexing_and_searching():
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--posts", "60"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["posts"]["60"]
    assert found["indexing"]["ours_to_stock"] > 0
    assert found["curating"]["split"] > 0
    assert found["searching"]["rare"]["ours_to_stock"] > 0

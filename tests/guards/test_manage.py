"""What the command line says when the site is not set up: one sentence."""

import os
import subprocess
import sys

from tests.plugin.sites import ROOT


def test_missing_secret_key_is_told_without_a_traceback(tmp_path):
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CORPUS_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr == (
        "No secret key: set CORPUS_SECRET_KEY, or let `make run` generate one in "
        f"{tmp_path}/secret-key.\n"
    )

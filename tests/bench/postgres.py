"""A PostgreSQL of the bench's own, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def server():
    """Yield the address of an empty database in a server that nobody else can reach, or None."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="corpus-bench-"))
    owner = {}
    if os.geteuid() == 0:  # The server refuses to run as root.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(program, *arguments):
        subprocess.run(
            [programs[-1].with_name(program), *arguments],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, **owner,
        )  # fmt: skip

    run("initdb", "--pgdata=data", "--username=corpus", "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    options = f"--options={_OPTIONS} -c unix_socket_directories='{folder}'"
    run("pg_ctl", "--pgdata=data", "--log=log", "--wait", "--silent", "start", options)
    try:
        run("createdb", f"--host={folder}", "--username=corpus", "corpus")
        yield f"postgres://corpus@{quote(str(folder), safe='')}/corpus"
    finally:
        run("pg_ctl", "--pgdata=data", "--mode=immediate", "--silent", "stop")
        shutil.rmtree(folder)

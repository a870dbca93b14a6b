"""JupyterHub for one class on one machine: every student gets a copy of the course.

    jupyterhub --config docs/hosting/jupyterhub_config.py

README.md beside this file tells how to install it and how large the machine has to be. Students
log in with their accounts on this machine; only those named in `students.txt` may, a name a line.
"""

import os
import pwd
import shutil
import sys
from pathlib import Path

c = get_config()  # noqa: F821

HERE = Path(__file__).resolve().parent
COURSE = Path(os.environ.get("COURSE", HERE.parents[1] / "notebooks"))
NAMES = Path(os.environ.get("STUDENTS_FILE", HERE / "students.txt"))
TEACHERS = set(os.environ.get("TEACHERS", "").split())

# ------------------------------------------------------------------------------------ who may enter

c.JupyterHub.authenticator_class = "pam"
students = set(NAMES.read_text().split()) if NAMES.exists() else set()
c.Authenticator.allowed_users = students | TEACHERS
c.Authenticator.admin_users = TEACHERS

# ------------------------------------------------------------------------------ what a student gets


def give_course(spawner):
    """Copy the notebooks into the student's home, once: work that is there is never touched."""
    account = None
    home = getattr(spawner, "home_dir", None)  # a spawner without accounts names its own
    if not home:
        account = pwd.getpwnam(spawner.user.name)
        home = account.pw_dir
    target = Path(home, "course", "notebooks")
    if target.exists():
        return
    half = target.with_name("notebooks.part")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(COURSE, half, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    half.rename(target)  # whole or not at all
    if account:
        for path in [target.parent, target, *target.rglob("*")]:
            os.chown(path, account.pw_uid, account.pw_gid)


c.Spawner.pre_spawn_hook = give_course
c.Spawner.cmd = [os.path.join(os.path.dirname(sys.executable), "jupyterhub-singleuser")]
c.Spawner.notebook_dir = "~/course"
c.Spawner.default_url = "/lab/tree/notebooks/00-start-here.ipynb"
c.Spawner.args = [
    # A kernel that nobody has used for half an hour gives its memory back; the notebook stays.
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--MappingKernelManager.cull_interval=300",
]
# One thread for BLAS: with a class on the machine, more threads only wait for one another.
c.Spawner.environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

# ---------------------------------------------------------------------------- when all come at once

c.JupyterHub.concurrent_spawn_limit = 10
c.JupyterHub.cleanup_servers = True

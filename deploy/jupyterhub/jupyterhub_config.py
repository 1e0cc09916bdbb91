"""JupyterHub with the lessons: whoever logs in gets an app of their own, which ends when it is not used.

README.md beside it says what to change here. `jupyterhub --config jupyterhub_config.py` reads this file.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  # JupyterHub gives it to this file

# Who may log in. This one takes any name and password, and is for trying out: choose an authenticator of JupyterHub.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.bind_url = "http://127.0.0.1:8000"

# Each user's app is a process of this computer and runs as the hub's user.
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = ["convviz", "--jupyterhub"]
c.Spawner.environment = {
    "CONVVIZ_VISITORS": "6",  # pages that one user may have open at a time
    "CONVVIZ_HOSTS": "lessons.example.org",  # under which name browsers ask for the hub
    "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),  # how lessons look, written once
}
# An app needs some seconds of a processor to start; a class that comes all at once waits for each other.
c.Spawner.http_timeout = 120

# An app that nobody has used for an hour is ended. The hub looks every five minutes.
UNUSED_S, LOOKS_S = 3600, 300
c.JupyterHub.last_activity_interval = LOOKS_S
c.JupyterHub.load_roles = [
    {
        "name": "ends-idle-apps",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
culler = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={UNUSED_S}", f"--cull-every={LOOKS_S}"]
c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]

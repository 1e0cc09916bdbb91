"""JupyterHub gives each user an app of the lessons: processes on this computer. README.md beside it says more.

JupyterHub reads this file, and puts `c` there.
"""

import os
import sys

c = get_config()  # noqa: F821

# Processes of the hub's own user, each in a folder of its own; on a cluster: "kubespawner.KubeSpawner", with an image
# that has convviz and jhsingle-native-proxy in it.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ.get("CONVVIZ_HOMES", "/srv/convviz/{username}")

# Who may come: this lets everybody in with one password. Take your university's own instead, such as LDAP or OAuth.
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["CONVVIZ_HUB_PASSWORD"]
c.Authenticator.allow_all = True

# The proxy asks the hub who somebody is, and hands requests on to an app that listens to this computer alone.
c.Spawner.cmd = [sys.executable, "-m", "jhsingle_native_proxy.main"]
c.Spawner.args = [
    "--destport=0",
    "--ready-check-path=/healthz",
    "--ready-timeout=60",
    "--progressive",
    "--last-activity-interval=60",
    "--no-force-alive",  # an app that is not asked for anything is idle
    sys.executable,
    "{-}m",
    "convviz.app",
    "{--}no-browser",
    "{--}port={port}",
    "{--}prefix={base_url}/",
    "{--}visitors=4",
]
c.Spawner.default_url = "/"
c.Spawner.http_timeout = 60

# An app that nobody uses ends after ten minutes.
c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "services": ["culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
c.JupyterHub.services = [
    {
        "name": "culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={os.environ.get('CONVVIZ_IDLE_S', '600')}"],
    }
]

"""What Voila and JupyterLab are told when they serve the lessons, and why.

`voila.json` in the root of the repository says the same as `VOILA`, for those who type `voila notebooks/` there.
"""

from pathlib import Path
from typing import Any

JUPYTER_DATA = Path(__file__).parent / "share" / "jupyter"
"""A folder of Jupyter data (as in `JUPYTER_PATH`) with the template in it."""

VOILA: dict[str, dict[str, Any]] = {
    "Voila": {
        "ip": "127.0.0.1",
        # A page that is closed asks for its kernel to be shut down, but without the token against cross-site requests
        # (voila issue 1458), so that every closed page would leave a kernel behind. Kernels have unguessable names.
        # jupyter_server's own time limit for a websocket is more than tornado takes: it would grumble at each page.
        "tornado_settings": {"disable_check_xsrf": True, "ws_ping_timeout": 30000},
    },
    "VoilaConfiguration": {
        "template": "convviz",
        "multi_kernel_manager_class": "convviz.app.kernels.WarmKernelManager",
    },
    # A page that vanishes without a word (a crash, a closed laptop) must not keep its kernel for ever.
    "MappingKernelManager": {"cull_idle_timeout": 3600, "cull_interval": 300},
}

LAB = [
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.answer_yes=True",  # Ctrl-C ends it, without a question
    "--ServerApp.log_level=WARN",  # the address is not lost among other news
    # Nothing is fetched from other hosts, and nobody is asked whether it may be.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]
"""Words for JupyterLab's command line."""

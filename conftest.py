"""Settings of the whole test run, notebooks included."""

import os
import shutil
import tempfile
from pathlib import Path


def pytest_configure(config):
    """Keep the user's own Jupyter, IPython and matplotlib settings out of the kernels."""
    if hasattr(config, "cache"):
        home = config.cache.mkdir("home")
    else:  # pytest -p no:cacheprovider
        home = Path(tempfile.mkdtemp(prefix="tconv-"))
        config.add_cleanup(lambda: shutil.rmtree(home))
    for name in (
        "IPYTHONDIR",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "MPLCONFIGDIR",
    ):
        (home / name).mkdir(exist_ok=True)
        os.environ[name] = str(home / name)
    # Find the fonts now: a kernel that takes long over it says so, and that would be an output.
    import matplotlib.font_manager  # noqa: F401

"""Libraries that are put between a program and the C library, compiled from sources beside this."""

import shutil
import subprocess
from pathlib import Path

import pytest


def preloading(name, folder):
    """The environment in which a program is preloaded with `name`.c."""
    compiler = next(filter(None, map(shutil.which, ("clang", "cc"))), None)
    if compiler is None:
        pytest.skip("there is no C compiler")
    library = Path(folder) / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}

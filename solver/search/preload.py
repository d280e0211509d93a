"""What every solver process starts with: the slow imports, one thread each, and no ear for Ctrl-C.

Only the process that others are forked from imports this, never the one that asks for a solve: it
changes the environment, before numpy reads it, and Ctrl-C belongs to the asking process.
"""

import os
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import highspy  # noqa: E402, F401
import numpy as np  # noqa: E402, F401
import scipy.sparse.csgraph  # noqa: E402
import scipy.special  # noqa: E402, F401
from ortools.sat.python import cp_model  # noqa: E402, F401

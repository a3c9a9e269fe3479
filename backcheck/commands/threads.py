"""One thread for the products of matrices, unless somebody says otherwise: imported before NumPy, or it has no effect.

Small products are slower on several threads, much slower where other programs are busy; and how a sum is divided among threads
changes its last digits, so that the same seed would give other numbers on another machine.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(variable, "1")

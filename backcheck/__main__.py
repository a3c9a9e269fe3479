"""`python -m backcheck` is the command `backcheck`."""

import os
import sys

# Python puts the folder it is started in first, where answers may lie that are called numpy.py.
sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]

from backcheck.cli import main  # noqa: E402

main()

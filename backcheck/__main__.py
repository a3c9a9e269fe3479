"""`python -m backcheck` is the command `backcheck`."""

import os
import sys

# Python looks first in the folder it is started in, where answers may lie that are called numpy.py.
if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):
    del sys.path[0]

from backcheck.cli import main

main()

"""`python -m backcheck` is the command `backcheck`."""

from backcheck.cli import main

main()

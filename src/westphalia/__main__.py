"""`python -m westphalia` is the command line."""

from westphalia.cli import main

main()

"""`python -m switchboard`: the command line."""

from switchboard.cli.main import main

main()

"""`python -m bailiwick.command` is the `bailiwick` command, also where no script is installed."""

import sys

from bailiwick.command.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

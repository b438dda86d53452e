"""The front door: the same as `interviewer serve`, from a checkout."""

import sys

from interviewer.cli.main import app

if __name__ == "__main__":
    app(["serve", *sys.argv[1:]])

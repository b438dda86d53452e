"""`python -m interviewer`: the same as the `interviewer` command."""

from interviewer.cli.main import app

if __name__ == "__main__":
    app()

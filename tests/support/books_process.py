"""Runs the books as a process: `python -m tests.support.launcher tests.support.books_process`."""

from shared.runtime import main
from shared.settings import ServiceSettings
from tests.support.books import books

if __name__ == "__main__":
    main(books(), ServiceSettings())

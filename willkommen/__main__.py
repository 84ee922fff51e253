"""The command line `willkommen`: run the system, feed it, ask it, follow it."""

from willkommen.commands import main

if __name__ == "__main__":
    main()

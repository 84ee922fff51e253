"""Signals as a program at a terminal gets them."""

import signal


def hears_ctrl_c() -> None:
    """For `preexec_fn`: what a shell starts in the background ignores Ctrl-C, and so does all that
    this starts; a program under test must not.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)

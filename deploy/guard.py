"""Runs a command that must not outlive its owner: when the owner's pipe closes, however it ended, the command ends too.

`python -m deploy.guard COMMAND…` with the owner holding the other end of stdin. The command's process id is the first line
of stdout; the command itself gets neither stdin nor our stdout.
"""

import os
import signal
import subprocess
import sys
import threading

PATIENCE_SECONDS = 5.0


def main(command: list[str]) -> int:
    """Run the command until it ends or the owner is gone; returns the command's exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    print(child.pid, flush=True)
    woken, wake = os.pipe()  # a byte in it means: time to end
    signal.signal(signal.SIGTERM, lambda *_: _wake(wake))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides when Ctrl-C ends us
    threading.Thread(target=_until_closed, args=(wake,), daemon=True).start()
    threading.Thread(target=_until_ended, args=(child, wake), daemon=True).start()
    os.read(woken, 1)
    return _end(child)


def _wake(wake: int) -> None:
    os.write(wake, b".")


def _until_closed(wake: int) -> None:
    while os.read(0, 1024):
        pass
    _wake(wake)


def _until_ended(child: "subprocess.Popen[bytes]", wake: int) -> None:
    child.wait()
    _wake(wake)


def _end(child: "subprocess.Popen[bytes]") -> int:
    """Ask the command to end, then make it."""
    if child.poll() is None:
        child.terminate()
        try:
            return child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

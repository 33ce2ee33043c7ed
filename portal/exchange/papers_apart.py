"""Reads what strangers send in a process of its own, with little memory, little time and nothing to write to: a decoder
that is led astray takes itself down, and nothing else.

Run as a module it is that process: the file on standard input; the code of a refusal, or media type and pages, in the first
line of standard output, and the paper after it.
"""

import resource
import subprocess
import sys
from threading import BoundedSemaphore

from portal.exchange.papers import CODES, LARGEST, Accepted, Read, Refused, kind_of, read

# A JPEG of 108 million pixels needs about 400 MB at its worst.
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS, WALL_SECONDS = 15, 40
# However many people send at once, a server reads this many files at the same time; the others wait their turn.
_turns = BoundedSemaphore(2)


def read_apart(received: bytes) -> Read:
    """What `portal.exchange.papers.read` says, whatever happens to the process that finds it out."""
    # What needs no decoder is said without one.
    if not received or len(received) > LARGEST or kind_of(received) is None:
        return read(received)
    with _turns:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", "portal.exchange.papers_apart"],
                input=received,
                capture_output=True,
                timeout=WALL_SECONDS,
                env={},  # none of our secrets
            )
        except subprocess.TimeoutExpired:
            return Refused("took_too_long")
    head, _, content = done.stdout.partition(b"\n")
    said = head.decode("ascii", "replace").split()
    if done.returncode == 0 and len(said) == 2 and content:
        return Accepted(content, said[0], int(said[1]))
    if done.returncode == 0 and len(said) == 1 and said[0] in CODES:
        return Refused(said[0])
    # Killed for its time (SIGXCPU, or SIGKILL after it), or fallen over its memory.
    return Refused("took_too_long" if done.returncode in (-24, -9) else "damaged")


def main() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))
    found = read(sys.stdin.buffer.read(LARGEST + 1))
    if isinstance(found, Accepted):
        sys.stdout.buffer.write(f"{found.media_type} {found.pages}\n".encode() + found.content)
    else:
        sys.stdout.write(found.code)


if __name__ == "__main__":
    main()

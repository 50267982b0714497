"""On PYTHONPATH: every Python process below refuses and records connections off this machine.

An audit hook sees what goes through Python's sockets, in every thread and whatever library asks;
code of C++ or Rust that opens sockets of its own is not seen. Lines go to the file QA_GUARD_LOG.
"""

import os
import sys
from typing import Any

_LOOPBACK = ("localhost", "::1", "", "0.0.0.0", "::")
_BY_SOCKET = ("socket.connect", "socket.sendto", "socket.sendmsg")
_BY_NAME = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def _is_here(host: Any) -> bool:
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    return name in _LOOPBACK or name.startswith("127.")


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event in _BY_SOCKET:
        address = args[1]
        if not isinstance(address, tuple) or not isinstance(address[0], str):
            return  # a path, a netlink group, or a socket that is connected already
        host = address[0]
    elif event in _BY_NAME:
        host = args[0]
    else:
        return
    if not _is_here(host):
        log = os.open(os.environ["QA_GUARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, f"{event} {host}\n".encode())
        os.close(log)
        raise ConnectionRefusedError(f"the guard refuses {event} {host}")


if "QA_GUARD_LOG" in os.environ:
    sys.addaudithook(_watch)

"""Serving the page: one process, one store, until it is told to stop."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network

from qa_pipeline.errors import WrongUse
from qa_pipeline.store.review.accounts import EVERY_GROUP, User
from qa_pipeline.texts import Text
from qa_pipeline.web.office import Office, Proxy

FIRST_USER = "admin"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the page answers, and the first login where one was just made."""

    address: str
    first_password: str | None


def first_login(office: Office) -> str | None:
    """Make the first administrator where there are no users; return their one-time password."""
    if office.accounts.users():
        return None
    everything = frozenset({EVERY_GROUP})
    user = User(FIRST_USER, "", "admin", everything, active=True)
    return office.accounts.add("", user)


def proxy_of(header: str | None, networks: tuple[str, ...]) -> Proxy | None:
    """Return the trusted proxy that the options describe. Raises WrongUse for half of one."""
    if header is None and not networks:
        return None
    try:
        parsed = tuple(ip_network(network, strict=False) for network in networks)
    except ValueError as error:
        raise _no_proxy(str(error)) from error
    if header is None or not parsed:
        raise _no_proxy(header or "")
    return Proxy(header.lower(), parsed)


def serve(office: Office, host: str, port: int, on_listening: Callable[[Listening], None]) -> None:
    """Answer requests until a signal ends it. Raises WrongUse where the port is taken."""
    import uvicorn

    from qa_pipeline.web.app import create_app
    from qa_pipeline.web.pages import warm_up

    password = first_login(office)
    office.warm_up()
    warm_up()
    listener = _listener(host, port)
    bound = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    on_listening(Listening(f"http://{shown}:{bound}/", password))
    config = uvicorn.Config(
        create_app(office),
        log_level="warning",
        access_log=False,  # it would write call ids and filters
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        lifespan="off",
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise WrongUse(
            f"{host}:{port}",
            Text(en="the page cannot listen here", zh="无法在此地址监听"),
            Text(
                en="choose another --port (0: any free one), or an address of this machine",
                zh="请换一个 --port（0 表示任意空闲端口），或使用本机地址",
            ),
            got=error.strerror,
        ) from error
    listener.listen(128)
    return listener


def _no_proxy(got: str) -> WrongUse:
    return WrongUse(
        "--proxy-header",
        Text(
            en="a login by header needs the header and the proxy's addresses",
            zh="通过请求头登录需要同时给出请求头与代理地址",
        ),
        Text(
            en="write --proxy-header x-remote-user --trust 10.0.0.5/32",
            zh="写成 --proxy-header x-remote-user --trust 10.0.0.5/32",
        ),
        got=got or None,
    )

"""Asking a server over kept connections, as cheaply as Python can, so that the server is what is measured."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

CONNECTIONS = 4
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name; "" where there is none."""
        start = f"{name.lower()}:"
        found = (line for line in self.head.split("\r\n") if line.lower().startswith(start))
        return next(found, ":").partition(":")[2].strip()

    def take_cookies(self, jar: dict[str, str]) -> None:
        """Put what the server sets into the jar, as a browser does."""
        for line in self.head.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                jar.update({key: morsel.value for key, morsel in SimpleCookie(value.strip()).items()})


class Connection:
    """One kept connection to `host:port`; one request at a time."""

    def __init__(self, address: str) -> None:
        host, _, port = address.partition(":")
        self._host = address
        self._socket = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def get(self, path: str, jar: dict[str, str] | None = None) -> Answer:
        return self.send(self.request("GET", path, jar=jar))

    def post(self, path: str, form: str, jar: dict[str, str] | None = None) -> Answer:
        return self.send(self.request("POST", path, form, jar))

    def request(self, method: str, path: str, form: str = "", jar: dict[str, str] | None = None) -> bytes:
        """The bytes of a request, so that they can be made before the clock runs."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        if jar:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in jar.items()))
        if method == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(form)}")
        return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()

    def send(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].decode("latin-1")
        status, body = int(head[9:12]), data[end + 4 :]
        answer = Answer(status, head, b"")
        length = int(answer.header("content-length") or 0)
        while len(body) < length:
            body += self._more()
        return Answer(status, head, body)

    def _more(self) -> bytes:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def share(work: Callable[[Connection, Any], None], items: Iterable[Any], *, address: str) -> float:
    """Do `work` for every item over CONNECTIONS connections at once. Wall seconds; raises what the first failing did."""
    waiting, failures = iter(list(items)), []
    lock = threading.Lock()
    connections = [Connection(address) for _ in range(CONNECTIONS)]

    def one_by_one(connection: Connection) -> None:
        try:
            while not failures:
                with lock:
                    item = next(waiting, None)
                if item is None:
                    return
                work(connection, item)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=one_by_one, args=(connection,)) for connection in connections]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    for connection in connections:
        connection.close()
    if failures:
        raise failures[0]
    return took

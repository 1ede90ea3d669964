"""A payer on a real socket: answers from the sample file by the protocol of docs/payer.md, or with whatever a test says.

Written from that page alone; it shares no code with SPOT's side of the protocol.
"""

import contextlib
import hashlib
import hmac
import json
import threading
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bailiwick.spot.payers.embedded import SAMPLE, providers_in, third_parties_in

KEY_ID, SECRET = "spot-1", "a secret of a payer that nobody has, 2026"
ON_FILE = {(one.ptan, one.npi, one.tin): one for one in (*providers_in(SAMPLE), *third_parties_in(SAMPLE))}


def from_file(questions: list[dict[str, str]]) -> bytes:
    """What an honest payer says."""
    answers = []
    for one in questions:
        found = ON_FILE.get((one["ptan"], one["npi"], one["tin"]))
        answers.append({"outcome": "match", "provider": asdict(found)} if found else {"outcome": "no_match"})
    return json.dumps({"answers": answers, "file_of": "2026-03-01"}).encode()


class PayerServer:
    """Counts the questions of every request; `answer(questions)` gives status, headers and body."""

    def __init__(self, answer=lambda questions: (200, {}, from_file(questions))):
        self.answer = answer
        self.asked: list[int] = []
        payer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                questions = json.loads(body)["questions"]
                payer.asked.append(len(questions))
                is_signed = hmac.compare_digest(self.headers["Payer-Signature"], f"v1={self.signature(body)}")
                status, headers, answer = payer.answer(questions) if is_signed else (401, {}, b"{}")
                self.send_response(status)
                named = {"Content-Type": "application/json", "Connection": "close", **headers}
                for name, value in named.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(answer)

            def signature(self, body):
                signed = (
                    "v1",
                    self.headers["Payer-Key"],
                    "POST",
                    self.path,
                    self.headers["Payer-Timestamp"],
                    hashlib.sha256(body).hexdigest(),
                )
                return hmac.new(SECRET.encode(), "\n".join(signed).encode(), hashlib.sha256).hexdigest()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

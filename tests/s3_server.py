"""A real S3 server on loopback, `moto` behind `werkzeug`, that refuses on order; and a client to look with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import boto3
from loopback import ADDRESS, Serving
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY_ID, SECRET = "AKIAHUNTER2", "hunter2-very-secret"


@dataclass(frozen=True, slots=True)
class Stored:
    body: bytes
    kind: str
    cached: str


class Quiet(WSGIRequestHandler):
    """Keeps connections open and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


class S3Server(Serving):
    """`writes` counts what was written or removed. From write number `last` on, all requests get `refusal`."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.last: int | None = None
        self.refusal = "503 Slow Down"
        self._refusing = False
        self._app = DomainDispatcherApplication(create_backend_app)
        super().__init__(make_server(ADDRESS, 0, self._serve, threaded=True, request_handler=Quiet))
        self.url = self.origin
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
        )

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        writes = environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE")
        self._refusing |= writes and self.last is not None and len(self.writes) >= self.last
        if self._refusing and self.last is not None:
            start_response(self.refusal, [("Content-Length", "0")])
            return [b""]
        if writes:
            self.writes.append(environ["PATH_INFO"].encode("latin-1").decode())
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def refuse_from(self, write: int, refusal: str = "503 Slow Down") -> None:
        self.writes.clear()
        self.last, self.refusal = write, refusal

    def behave(self) -> None:
        self.last, self._refusing = None, False
        self.writes.clear()

    def objects(self, bucket: str) -> dict[str, Stored]:
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for one in page.get("Contents", ()):
                told = self.client.get_object(Bucket=bucket, Key=one["Key"])
                found[one["Key"]] = Stored(told["Body"].read(), told["ContentType"], told.get("CacheControl", ""))
        return found

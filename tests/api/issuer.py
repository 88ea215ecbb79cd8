"""An issuer of tokens with keys of its own, as a small HTTP server on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from joserfc.jws import JWSRegistry


@dataclass(frozen=True)
class Asked:
    """One request, as the issuer sees it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    body: bytes = b"{}"
    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Issuer:
    """`documents` are its answers by path; `asked` are the paths that were asked for."""

    address: str = ""
    keys: list[Key] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self) -> None:
        self.documents["/.well-known/openid-configuration"] = json.dumps(self.configuration()).encode()
        public = [{**key.as_dict(private=False), "kid": str(key.kid)} for key in self.keys]
        self.documents["/keys"] = json.dumps({"keys": public}).encode()

    def configuration(self) -> dict[str, Any]:
        return {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}

    def token(self, key: Key | None = None, *, named: bool = True, algorithm: str = "RS256", **claims: Any) -> str:
        signer = key or self.keys[0]
        header = {"alg": algorithm, "typ": "JWT", "x5t": "some text", "own": 1}
        if named:
            header["kid"] = signer.kid
        said = {"iss": self.address, **claims}
        registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(header, kept, signer, registry=registry)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(target)
        answer = self.respond(Asked(method, target, headers, body))
        lines = [f"HTTP/1.1 {answer.status}", f"Content-Length: {len(answer.body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + answer.body)
        await writer.drain()
        writer.close()

    def respond(self, asked: Asked) -> Answer:
        body = self.documents.get(asked.target)
        return Answer(status="404 Not Found") if body is None else Answer(body)


def rsa() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


def elliptic() -> ECKey:
    return ECKey.generate_key("P-256", auto_kid=True)


AnIssuer = TypeVar("AnIssuer", bound=Issuer)


@asynccontextmanager
async def running(issuer: AnIssuer) -> AsyncIterator[AnIssuer]:
    server = await asyncio.start_server(issuer.serve, "127.0.0.1", 0)
    issuer.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    issuer.publish()
    async with server:
        yield issuer


@asynccontextmanager
async def running_issuer(*keys: Key) -> AsyncIterator[Issuer]:
    async with running(Issuer(keys=list(keys))) as issuer:
        yield issuer

"""An issuer of tokens with keys of its own, as a small HTTP server on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from joserfc.jws import JWSRegistry


@dataclass
class Issuer:
    """`documents` are its answers by path; `asked` are the paths that were asked for."""

    address: str = ""
    keys: list[Key] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self) -> None:
        discovery = {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}
        self.documents["/.well-known/openid-configuration"] = json.dumps(discovery).encode()
        public = [{**key.as_dict(private=False), "kid": str(key.kid)} for key in self.keys]
        self.documents["/keys"] = json.dumps({"keys": public}).encode()

    def token(self, key: Key | None = None, *, named: bool = True, algorithm: str = "RS256", **claims: Any) -> str:
        signer = key or self.keys[0]
        header = {"alg": algorithm, "typ": "JWT", "x5t": "some text", "own": 1}
        if named:
            header["kid"] = signer.kid
        said = {"iss": self.address, **claims}
        registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(header, kept, signer, registry=registry)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = request.split(" ")[1]
        self.asked.append(path)
        body = self.documents.get(path)
        status = "404 Not Found" if body is None else "200 OK"
        body = body or b"{}"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


def rsa() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


def elliptic() -> ECKey:
    return ECKey.generate_key("P-256", auto_kid=True)


@asynccontextmanager
async def running_issuer(*keys: Key) -> AsyncIterator[Issuer]:
    issuer = Issuer(keys=list(keys))
    server = await asyncio.start_server(issuer.answer, "127.0.0.1", 0)
    issuer.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    issuer.publish()
    async with server:
        yield issuer

"""The sample application: one page and a health address, configured by the ``appsettings.json`` beside it.

Standard library only, Python 3.8 and newer; answers on 127.0.0.1 and nowhere else.
"""

from __future__ import annotations

import argparse
import colorsys
import html
import json
import os
import re
import signal
import socketserver
import string
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COLOURS = {
    "amber": "#d97706",
    "blue": "#2563eb",
    "coral": "#f0605a",
    "green": "#16a34a",
    "grape": "#9c36b5",
    "orange": "#ea580c",
    "purple": "#7c3aed",
    "red": "#dc2626",
    "teal": "#0d9488",
}


class Settings:
    """What the deployment configured; ValueError with a sentence when something is missing or was not replaced."""

    def __init__(self, folder: Path) -> None:
        document = json.loads((folder / "appsettings.json").read_text(encoding="utf-8"))
        self.version = (folder / "version.txt").read_text(encoding="utf-8").strip()
        self.environment = _text(document, "Environment")
        self.release = _text(document, "Release")
        self.machine = _text(document, "Machine")
        self.greeting = _text(document, "Greeting")
        self.colour = _colour(_text(document, "Colour"))
        self.port = _port(_text(document, "Port"))
        self.has_password = bool(_text(document["Database"], "Password"))


def _text(document: dict[str, Any], name: str) -> str:
    value = str(document[name])
    if "#{" in value:
        raise ValueError(f"{name} in appsettings.json is still {value}: define the variable for this environment.")
    return value


def _port(value: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError(f'Port in appsettings.json must be a number from 1 to 65535, not "{value}".')
    return int(value)


def _colour(value: str) -> str:
    """A colour that can go into a style sheet: ``#rrggbb`` or one of the known names."""
    known = COLOURS.get(value.strip().lower(), value.strip())
    if not re.match(r"^#[0-9a-fA-F]{6}$", known):
        raise ValueError(
            f'Colour in appsettings.json must be like #0d9488 or one of {", ".join(COLOURS)}, not "{value}".'
        )
    return known


def _lightened(colour: str, lightness: float, most_saturated: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    parts = colorsys.hls_to_rgb(hue, lightness, min(saturation, most_saturated))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def page(settings: Settings, started: str) -> str:
    facts: list[tuple[str, str]] = [
        ("Version", settings.version),
        ("Release", settings.release),
        ("Environment", settings.environment),
        ("Machine", settings.machine),
        ("Port", str(settings.port)),
        ("Database password", "is set" if settings.has_password else "is not set"),
        ("Running since", started),
    ]
    rows = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in facts)
    template = string.Template((HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        greeting=html.escape(settings.greeting),
        environment=html.escape(settings.environment),
        version=html.escape(settings.version),
        facts=rows,
        accent=_lightened(settings.colour, 0.32),
        accent_on_dark=_lightened(settings.colour, 0.66, 0.65),
    )


class Server(ThreadingHTTPServer):
    def server_bind(self) -> None:
        """Bind without looking up the machine's name, which can take long where there is no name server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]


def make_server(settings: Settings) -> ThreadingHTTPServer:
    started = time.strftime("%Y-%m-%d %H:%M:%S")
    health = {
        "status": "healthy",
        "version": settings.version,
        "release": settings.release,
        "environment": settings.environment,
        "machine": settings.machine,
        "process": os.getpid(),
    }
    answers = {
        "/": ("text/html; charset=utf-8", page(settings, started).encode("utf-8")),
        "/health": ("application/json", json.dumps(health).encode("utf-8")),
    }

    class Handler(BaseHTTPRequestHandler):
        server_version = "PolpoSample"
        timeout = 10

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, with_body: bool) -> None:
            found = answers.get(self.path.split("?")[0])
            kind, body = found or ("text/plain; charset=utf-8", b"There is nothing at this address.\n")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            if self.path.split("?")[0] != "/health":
                super().log_message(format, *args)

    return Server(("127.0.0.1", settings.port), Handler)


def serve(pid_file: Path) -> None:
    settings = Settings(HERE)
    try:
        server = make_server(settings)
    except OSError as error:
        raise ValueError(f"Port {settings.port} of 127.0.0.1 cannot be used: {error.strerror}.") from error
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    # shutdown() waits for the serving loop, which runs in this very thread
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(
        f"Version {settings.version} for {settings.environment} answers at http://127.0.0.1:{settings.port}/",
        flush=True,
    )
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    print("Stopped.", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the sample application.")
    parser.add_argument("--pid-file", type=Path, required=True)
    try:
        serve(parser.parse_args().pid_file)
    except (ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"The application cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make demo`: a server, three agents, three environments, and a project that is deployed for real.

Everything runs on this machine and lives in one folder. Ctrl-C ends all of it.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from package import build  # noqa: E402 - beside this file
from processes import DemoError, Program, free_port, run_to_end, wait_for_server  # noqa: E402
from story import (  # noqa: E402  # noqa: E402
    ENVIRONMENTS,
    PROJECT,
    ROLE,
    Api,
    StoryError,
    create_release,
    deploy,
    follow,
    make_environments,
    make_project,
)

_MARK = ".polpo-demo"
_AGENTS = {"Development": "listening", "Test": "polling", "Production": "listening"}
_SITE_PORTS = {"Development": 8081, "Test": 8082, "Production": 8083}


@dataclass
class Demo:
    """The whole installation. `say` shows progress to the person who waits."""

    folder: Path
    say: Callable[[str], None]
    listen: int = 8065
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    api_key: str = field(default_factory=lambda: "API-" + secrets.token_hex(16).upper())
    programs: list[Program] = field(default_factory=list)
    address: str = ""
    polling: int = 0
    ports: dict[str, int] = field(default_factory=dict)
    apis: list[Api] = field(default_factory=list)

    # -- starting

    def connect(self) -> Api:
        """The server's REST API as the administrator, until `stop`."""
        self.apis.append(Api(self.address, self.api_key))
        return self.apis[-1]

    def start_server(self) -> Program:
        port, self.polling = free_port(self.listen), free_port(self._preferred(10943))
        self.address = f"http://127.0.0.1:{port}"
        return self.server(port)

    def server(self, port: int) -> Program:
        arguments = ["server", "--listen", f"127.0.0.1:{port}", "--agent-listen", f"127.0.0.1:{self.polling}"]
        environment = {"POLPO_ADMIN_PASSWORD": self.password, "POLPO_ADMIN_API_KEY": self.api_key}
        program = Program(
            "server",
            [*arguments, "--data-dir", str(self.folder / "server")],
            self.folder / "logs" / "server.log",
            environment,
        ).start()
        self.programs.append(program)
        wait_for_server(program, self.address)
        return program

    def start_agent(self, environment: str, name: str = "", mode: str = "", pool: str = "") -> Program:
        """Registers an agent for the environment and runs it; with a `pool` it is a worker of that instead."""
        name, mode = name or f"agent-{environment.lower()}", mode or _AGENTS[environment]
        home = self.folder / "agents" / name
        register = ["agent", "register", "--home", str(home), "--server", self.address, "--name", name]
        register += ["--worker-pool", pool] if pool else ["--environment", environment, "--role", ROLE]
        register += ["--mode", mode]
        if mode == "listening":
            taken = list(self.ports.values())
            port = self.ports[name] = free_port(self._preferred(10933), taken)
            register += ["--listen", f"127.0.0.1:{port}", "--public-host", "127.0.0.1"]
        else:
            register += ["--server-comms", f"127.0.0.1:{self.polling}"]
        run_to_end(register, {"POLPO_API_KEY": self.api_key})
        log = self.folder / "logs" / f"{name}.log"
        program = Program(name, ["agent", "run", "--home", str(home)], log).start()
        self.programs.append(program)
        return program

    # -- the story

    def tell(self, version: str = "1.0.0") -> Api:
        """From nothing to a release that runs in Development."""
        self.say("Starting the server")
        self.start_server()
        api = self.connect()
        environments = make_environments(api)
        for environment in ENVIRONMENTS:
            self.say(f"Starting the agent of {environment} ({_AGENTS[environment]})")
            self.start_agent(environment)
        sites = self.sites()
        self.say(f"Making the project {PROJECT}")
        make_project(api, environments, sites)
        self.say(f"Pushing the package Polpo.Sample.Web {version}")
        api.upload(build(version, self.folder / "packages"))
        self.say(f"Creating release {version} and deploying it to Development")
        create_release(api, version)
        task = follow(api, deploy(api, version, "Development"), lambda line: self.say(f"    {line}"))
        if not task["FinishedSuccessfully"]:
            raise StoryError(f"The deployment failed: {task['ErrorMessage']}")
        return api

    def sites(self) -> dict[str, int]:
        """The port of the sample site in each environment."""
        chosen: dict[str, int] = {}
        for environment, preferred in _SITE_PORTS.items():
            chosen[environment] = free_port(self._preferred(preferred), list(chosen.values()))
        self.ports |= {f"site {environment}": port for environment, port in chosen.items()}
        return chosen

    def _preferred(self, port: int) -> int:
        """With a portal on any free port, as tests want it, nothing else insists on a port either."""
        return port if self.listen else 0

    # -- the end

    def look(self) -> None:
        """Complains when a program has ended by itself."""
        if dead := [program.name for program in self.programs if not program.is_alive()]:
            raise DemoError(f"{dead[0]} has ended; see {self.folder / 'logs'}.")

    def stop(self) -> None:
        """Ends agents, server and the deployed sites."""
        while self.apis:
            self.apis.pop().client.close()
        for program in reversed(self.programs):
            program.stop()
        for script in self.folder.glob("agents/*/Applications/**/stop.sh"):
            subprocess.run(["bash", str(script)], capture_output=True, timeout=60, check=False)


def prepare_folder(folder: Path) -> None:
    """An empty folder of ours; refuses to touch anything else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise DemoError(f"{folder} holds something that the demo did not make; name another folder with --folder.")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("Made by `make demo`, which begins anew each time.\n")


def _farewell(demo: Demo) -> str:
    return f"""
Polpo is running. Release 1.0.0 of {PROJECT} is live in Development.

  Portal      {demo.address}
  User name   admin
  Password    {demo.password}
  API key     {demo.api_key}
  The site    http://127.0.0.1:{demo.ports["site Development"]}/

Promote the release to Test and then to Production, where it waits for your approval.
Data and logs are in {demo.folder}. Ctrl-C ends everything.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Run Polpo with three agents and a sample project.")
    parser.add_argument("--folder", type=Path, default=Path("polpo-demo"))
    parser.add_argument("--port", type=int, default=8065, help="of the portal; another one when it is taken")
    parser.add_argument("--once", action="store_true", help="end after the first deployment")
    options = parser.parse_args(arguments)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", flush=True)

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(ended))
    demo = Demo(options.folder.resolve(), say, options.port)
    try:
        prepare_folder(demo.folder)
        demo.tell()
        print(_farewell(demo), flush=True)
        while not options.once and not ended.wait(1):
            demo.look()
    except (DemoError, StoryError) as error:
        print(f"\nThe demo cannot go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        say("Ending everything")
        demo.stop()
    return 0


def _interrupt(ended: threading.Event) -> None:
    """The first signal ends the wait, or whatever goes on before it; the clean-up is not interrupted twice."""
    if not ended.is_set():
        ended.set()
        raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

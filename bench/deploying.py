"""How fast software gets to its targets: by Polpo, and by what one would use instead.

`python bench/deploying.py [--quick] [--targets 1 5 20] [--rounds 5] [--only NAME ...]`. A zip of 20 MB with 200 files
is deployed, the variables of three configuration files are filled in, and a script is run, on 1, 5 and 20 targets; then
a version in which 2 % of the content has changed, where the one before is there. Real servers, agents and sshd on this
machine, every way in turn, so that what else goes on here hits all of them; the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "demo"))

from processes import Program, free_port, run_to_end  # noqa: E402 - in the demo's folder
from prototype import Prototypes  # noqa: E402
from rivals import Ansible, Pipe, Pyinfra, Rival, Rsync, install_tools  # noqa: E402
from run import Demo  # noqa: E402
from software import CONFIGURATION, PACKAGE_ID, VARIABLES, VERSIONS, pack  # noqa: E402
from ssh_targets import register, ssh_targets  # noqa: E402
from sshd import Sshd, is_installed  # noqa: E402
from story import Api, deploy, make_environments  # noqa: E402

_KEPT = HERE.parent / ".bench"
_ENVIRONMENT = "Development"
_FIRST, _SECOND = VERSIONS
_ASK_EVERY = 0.1  # rarely: what asking costs the server is not what is measured

Figures = dict[tuple[str, str, int], list[float]]


class Polpo:
    """A server and its targets. What it left on them is removed between two deployments, all but the runner."""

    def __init__(self, api: Api, name: str, homes: Sequence[Path], packages: Sequence[Path]) -> None:
        self.name = name
        self._api = api
        self._homes = homes
        for package in packages:
            api.upload(package)

    def make_project(self, count: int) -> None:
        """Of all targets with the role `of-<count>`, with a release of each version."""
        api, name = self._api, self._project(count)
        lifecycle, group = api.get("/lifecycles/all")[0]["Id"], api.get("/projectgroups/all")[0]["Id"]
        project = api.post("/projects", {"Name": name, "LifecycleId": lifecycle, "ProjectGroupId": group})["Id"]
        process = api.get(f"/projects/{project}/deploymentprocesses")
        process["Steps"] = [_step(f"of-{count}")]
        api.put(f"/projects/{project}/deploymentprocesses", process)
        variables = api.get(f"/projects/{project}/variables")
        variables["Variables"] = [{"Name": key, "Value": text, "Type": "String"} for key, text in VARIABLES.items()]
        api.put(f"/projects/{project}/variables", variables)
        for version in VERSIONS:
            told = {"ProjectName": name, "ReleaseVersion": version, "Packages": [f"{PACKAGE_ID}:{version}"]}
            api.post("/releases/create/v1", told)

    def _project(self, count: int) -> str:
        return f"Software on {count}"

    def clear(self, version: str) -> None:
        """As if the version had never been there; the one before stays."""
        for home in self._homes:
            for path in home.glob(f"Files/{PACKAGE_ID}@S{version}@*"):
                path.unlink()
            for path in home.glob(f"Applications/*/{PACKAGE_ID}/{version}*"):
                shutil.rmtree(path)

    def deploy(self, version: str, count: int) -> float:
        """The seconds from the request to the end of the task, by the clock that the server has too."""
        began = datetime.now(UTC)
        task_id = deploy(self._api, version, _ENVIRONMENT, self._project(count))
        while not (task := self._api.get(f"/tasks/{task_id}"))["IsCompleted"]:
            time.sleep(_ASK_EVERY)
        assert task["FinishedSuccessfully"], task["ErrorMessage"]
        return (datetime.fromisoformat(task["CompletedTime"]) - began).total_seconds()

    def check(self, version: str, count: int) -> None:
        installed = [path for home in self._homes for path in home.glob(f"Applications/*/{PACKAGE_ID}/{version}")]
        assert len(installed) == count, installed


def _step(role: str) -> dict[str, Any]:
    properties = {
        "Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
        "Octopus.Action.SubstituteInFiles.Enabled": "True",
        "Octopus.Action.SubstituteInFiles.TargetFiles": "\n".join(CONFIGURATION),
    }
    package = {"Name": "", "PackageId": PACKAGE_ID, "FeedId": "feeds-builtin"}
    kind = "Octopus.TentaclePackage"
    action = {"Name": "Install", "ActionType": kind, "Packages": [package], "Properties": properties}
    return {"Name": "Install", "Properties": {"Octopus.Action.TargetRoles": role}, "Actions": [action]}


def start_agents(demo: Demo, counts: Sequence[int]) -> list[Path]:
    """So many listening agents as the largest of the counts; the homes of their instances."""
    homes: list[Path] = []
    for number in range(max(counts)):
        home = demo.folder / "agents" / f"target-{number:02}"
        port = free_port(0)
        register = ["agent", "register", "--home", str(home), "--server", demo.address, "--name", home.name]
        register += ["--environment", _ENVIRONMENT, "--listen", f"127.0.0.1:{port}", "--public-host", "127.0.0.1"]
        for count in counts:
            register += ["--role", f"of-{count}"] if number < count else []
        run_to_end(register, {"POLPO_API_KEY": demo.api_key})
        log = demo.folder / "logs" / f"{home.name}.log"
        demo.programs.append(Program(home.name, ["agent", "run", "--home", str(home)], log).start())
        homes.append(home)
    return homes


class Bench:
    """All ways, and what each of them took."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.figures: Figures = defaultdict(list)
        self._counts: list[int] = options.targets
        self._rounds: int = options.rounds
        self._only: list[str] = options.only
        self._folder = folder
        self._began = time.monotonic()
        self._packages = {version: pack(version, _KEPT / "packages") for version in VERSIONS}
        self._stack = ExitStack()
        self._polpo: list[Polpo] = []
        self._prototypes: Prototypes | None = None
        self._rivals: list[Rival] = []
        self._rsync: Rsync | None = None

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._began:5.1f} s] {text}", file=sys.stderr, flush=True)

    def run(self) -> None:
        with self._stack:
            self._start()
            for number in range(self._rounds + 1):
                for count in self._counts:
                    self.say(f"Round {number} of {self._rounds}, {count} targets")
                    for key, seconds in self._round(count):
                        if number:  # the first one warms up
                            self.figures[key].append(seconds)
                            self.say(f"    {key[0]}, {key[1]}: {seconds:.2f} s")

    def _wants(self, name: str) -> bool:
        return not self._only or any(wish in name for wish in self._only)

    def _start(self) -> None:
        most = max(self._counts)
        if self._wants("prototype"):
            self._prototypes = Prototypes(self._folder / "prototypes", most)
            self._stack.callback(self._prototypes.close)
        if self._wants("agents"):
            self.say(f"Starting a server and {most} agents")
            demo = Demo(self._folder / "polpo", self.say, listen=0)
            self._stack.callback(demo.stop)
            demo.start_server()
            api = demo.connect()
            make_environments(api)
            homes = start_agents(demo, self._counts)
            self._polpo.append(Polpo(api, "Polpo, agents", homes, list(self._packages.values())))
            for count in self._counts:
                self._polpo[-1].make_project(count)
        if self._wants("SSH"):
            self._start_ssh(most)
        self._start_rivals(most)

    def _start_ssh(self, most: int) -> None:
        if not is_installed():
            return
        self.say(f"Starting a server and {most} machines that are reached by SSH")
        folder = self._folder / "polpo-ssh"
        folder.mkdir()
        machines = self._stack.enter_context(ssh_targets(folder / "machines", most))
        demo = Demo(folder, self.say, listen=0)
        self._stack.callback(demo.stop)
        demo.start_server()
        api = demo.connect()
        environment = make_environments(api)[_ENVIRONMENT]
        register(api, machines, environment, lambda number: [f"of-{count}" for count in self._counts if number < count])
        roots = [home / ".octopus" / below for home in machines.homes for below in ("", "OctopusServer")]
        self._polpo.append(Polpo(api, "Polpo, SSH", roots, list(self._packages.values())))
        for count in self._counts:
            self._polpo[-1].make_project(count)

    def _start_rivals(self, most: int) -> None:
        if not is_installed():
            self.say("There is no sshd on this machine, so nothing is measured that needs one")
            return
        folder = self._folder / "ssh"
        sshd = self._stack.enter_context(Sshd(folder, [free_port(0) for _ in range(most)]))
        made: list[Rival] = [Pipe(sshd)]
        if self._wants("Ansible") or self._wants("pyinfra"):
            self.say("Installing Ansible and pyinfra")
            tools = install_tools(_KEPT / "tools")
            made += [Ansible(sshd, folder / "ansible", tools), Pyinfra(sshd, folder / "pyinfra", tools)]
        self._rivals = [rival for rival in made if self._wants(rival.name)]
        if self._wants("rsync"):
            self._rsync = Rsync(sshd, folder / "rsync", self._packages)
        self._targets = [target.folder for target in sshd.targets]

    # -- one round

    def _round(self, count: int) -> Iterator[tuple[tuple[str, str, int], float]]:
        yield from self._anew(count)
        yield from self._again(count)

    def _anew(self, count: int) -> Iterator[tuple[tuple[str, str, int], float]]:
        package = self._packages[_FIRST]
        if self._prototypes is not None:
            for folder in self._prototypes.folders:
                shutil.rmtree(folder, ignore_errors=True)
            prototypes = self._prototypes
            yield ("agent prototype", "deploy", count), _seconds(lambda: prototypes.deploy(package, count))
        for polpo in self._polpo:
            polpo.clear(_SECOND)
            polpo.clear(_FIRST)
            yield (polpo.name, "deploy", count), polpo.deploy(_FIRST, count)
            polpo.check(_FIRST, count)
        for rival in self._rivals:
            self._clear_targets()
            yield (rival.name, "deploy", count), _seconds(lambda rival=rival: rival.deploy(package, count))
            _check(self._targets[:count], _FIRST)

    def _again(self, count: int) -> Iterator[tuple[tuple[str, str, int], float]]:
        """After `_anew`: Polpo's targets have the first version."""
        for polpo in self._polpo:
            yield (polpo.name, "2 % changed", count), polpo.deploy(_SECOND, count)
            polpo.check(_SECOND, count)
        if self._rsync is not None:
            rsync = self._rsync
            self._clear_targets()
            rsync.prepare(count)
            package = self._packages[_SECOND]
            yield (rsync.name, "2 % changed", count), _seconds(lambda: rsync.deploy(package, count))
            _check(self._targets[:count], _SECOND)

    def _clear_targets(self) -> None:
        for folder in self._targets:
            for version in VERSIONS:
                shutil.rmtree(folder / version, ignore_errors=True)
            (folder / "package.zip").unlink(missing_ok=True)


def _check(folders: Sequence[Path], version: str) -> None:
    for folder in folders:
        for name in CONFIGURATION:
            assert "the value of setting 9" in (folder / version / name).read_text(), folder


def _seconds(work: Any) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


# -- what is told


def report(figures: Figures, counts: Sequence[int]) -> str:
    """Medians; beside Polpo's stands what they are of each other way's."""
    lines = []
    for what in ("deploy", "2 % changed"):
        names = list(dict.fromkeys(name for name, kind, _ in figures if kind == what))
        heads = [f"{count} target{'s' if count > 1 else ''}, s" for count in counts]
        lines += [f"| {' | '.join((what, *heads, 'Polpo by agents takes so many times as long'))} |"]
        lines += ["| --- " * (len(counts) + 2) + "|"]
        for name in names:
            medians = [statistics.median(figures[name, what, count]) for count in counts]
            ratios = []
            for count, median in zip(counts, medians, strict=True):
                if own := figures.get(("Polpo, agents", what, count)):
                    ratios.append(f"{statistics.median(own) / median:.2f}")
            lines.append(f"| {' | '.join((name, *(f'{median:.2f}' for median in medians), ' / '.join(ratios)))} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure deployments to a few targets.")
    parser.add_argument("--quick", action="store_true", help="once, to two targets, to see that it runs")
    parser.add_argument("--targets", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[], help="ways whose names have one of these in them")
    options = parser.parse_args()
    if options.quick:
        options.targets, options.rounds = [2], 1
    with tempfile.TemporaryDirectory(prefix="polpo-deploying-") as folder:
        bench = Bench(Path(folder), options)
        bench.run()
    print(report(bench.figures, options.targets))


if __name__ == "__main__":
    main()

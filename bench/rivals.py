"""The same deployment by other means: a pipe through ssh, rsync, Ansible and pyinfra.

All of them reach the targets of one sshd. Each unpacks the package into `<target>/<version>`, fills in the variables of
its three configuration files and runs its script.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from software import CONFIGURATION, VARIABLES, VERSIONS, template
from sshd import Sshd, SshTarget

HERE = Path(__file__).resolve().parent
_CLEAN = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""), "LC_ALL": "C.UTF-8"}
_SED = "; ".join(f"s/#{{{name}}}/{value}/g" for name, value in VARIABLES.items())
_FINISH = f"sed -i -e {shlex.quote(_SED)} {' '.join(CONFIGURATION)} && bash PostDeploy.sh"


def install_tools(folder: Path) -> Path:
    """Ansible and pyinfra, in an environment of their own; the folder of its programs."""
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    if not python.exists():
        subprocess.run([*uv, "venv", "--quiet", str(folder)], check=True)
    pinned = HERE.parent / "requirements" / "bench.txt"
    install = [*uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(pinned)]
    subprocess.run(install, check=True)
    return python.parent


class Rival:
    """One way to deploy to the targets of an sshd."""

    name = ""

    def __init__(self, sshd: Sshd) -> None:
        self.sshd = sshd

    def prepare(self, count: int) -> None:
        """What is there before, on each of the first targets."""

    def deploy(self, package: Path, count: int) -> None:
        """To the first targets, all at once; this is what is measured."""
        raise NotImplementedError

    def _on_each(self, count: int, command: Callable[[str, Path], list[str]], stdin: Path | None = None) -> None:
        """The command for a target's name and folder."""

        def run(number: int, target: SshTarget) -> None:
            run_to_end(command(f"target-{number:02}", target.folder), stdin=stdin)

        with ThreadPoolExecutor(count) as pool:
            list(pool.map(run, range(count), self.sshd.targets[:count]))

    def _ssh(self, name: str, command: str) -> list[str]:
        return ["ssh", "-F", str(self.sshd.config), name, command]


class Pipe(Rival):
    """The package goes into `ssh`, and is unpacked, filled in and started by one command on the far side."""

    name = "ssh pipe"

    def deploy(self, package: Path, count: int) -> None:
        unpack = f"mkdir -p {VERSIONS[0]} && cd {VERSIONS[0]} && cat > ../package.zip && unzip -q ../package.zip"

        def command(name: str, folder: Path) -> list[str]:
            return self._ssh(name, f"mkdir -p {folder} && cd {folder} && {unpack} && {_FINISH}")

        self._on_each(count, command, package)


class Rsync(Rival):
    """What changed since the version before is sent, the rest is copied over there; then one command finishes it."""

    name = "rsync --copy-dest"

    def __init__(self, sshd: Sshd, folder: Path, packages: Mapping[str, Path]) -> None:
        super().__init__(sshd)
        self._folder = folder
        for version, package in packages.items():
            _unpack(package, folder / version)

    def prepare(self, count: int) -> None:
        self._send(VERSIONS[0], [], count)

    def deploy(self, package: Path, count: int) -> None:
        self._send(VERSIONS[1], [f"--copy-dest=../{VERSIONS[0]}"], count)
        self._on_each(count, lambda name, folder: self._ssh(name, f"cd {folder}/{VERSIONS[1]} && {_FINISH}"))

    def _send(self, version: str, options: list[str], count: int) -> None:
        rsync = ["rsync", "-a", "--mkpath", "-e", f"ssh -F {self.sshd.config}", *options, f"{self._folder / version}/"]
        self._on_each(count, lambda name, folder: [*rsync, f"{name}:{folder}/{version}/"])


class Ansible(Rival):
    """Tuned as its users do: pipelining, kept connections, a fork for every target, no facts, a known interpreter."""

    name = "Ansible, tuned"

    def __init__(self, sshd: Sshd, folder: Path, programs: Path) -> None:
        super().__init__(sshd)
        self._folder, self._programs = folder, programs
        folder.mkdir(parents=True, exist_ok=True)
        _templates(folder / "templates")
        (folder / "ansible.cfg").write_text(
            f"[defaults]\nforks = 20\nhost_key_checking = False\ngathering = explicit\ninventory = {folder}/inventory\n"
            f"interpreter_python = /usr/bin/python3\nlocal_tmp = {folder / 'local'}\n[connection]\npipelining = True\n"
            f"[ssh_connection]\npipelining = True\ncontrol_path_dir = {folder}/c\n"
            f"ssh_args = -F {sshd.config} -o ControlMaster=auto -o ControlPersist=60s\n"
        )
        (folder / "inventory").write_text(
            "".join(
                f"target-{number:02} folder={one.folder} ansible_remote_tmp={one.folder}/.ansible\n"
                for number, one in enumerate(sshd.targets)
            )
        )
        (folder / "play.yml").write_text(_PLAY)

    def deploy(self, package: Path, count: int) -> None:
        settings = {"ANSIBLE_CONFIG": str(self._folder / "ansible.cfg")}
        limit = ",".join(f"target-{number:02}" for number in range(count))
        command = [str(self._programs / "ansible-playbook"), "-l", limit]
        command += ["-e", f"package={package}", "-e", f"templates={self._folder / 'templates'}"]
        run_to_end([*command, str(self._folder / "play.yml")], settings=settings)


_PLAY = f"""\
- hosts: all
  gather_facts: false
  vars: {json.dumps({"home": "{{ folder }}/" + VERSIONS[0], **VARIABLES})}
  tasks:
    - ansible.builtin.file: {{path: "{{{{ home }}}}", state: directory}}
    - ansible.builtin.unarchive: {{src: "{{{{ package }}}}", dest: "{{{{ home }}}}"}}
    - ansible.builtin.template: {{src: "{{{{ templates }}}}/{{{{ item }}}}", dest: "{{{{ home }}}}/{{{{ item }}}}"}}
      loop: [{", ".join(CONFIGURATION)}]
    - ansible.builtin.command: {{cmd: bash PostDeploy.sh, chdir: "{{{{ home }}}}"}}
"""


class Pyinfra(Rival):
    name = "pyinfra"

    def __init__(self, sshd: Sshd, folder: Path, programs: Path) -> None:
        super().__init__(sshd)
        self._folder, self._programs = folder, programs
        folder.mkdir(parents=True, exist_ok=True)
        _templates(folder / "templates")

    def deploy(self, package: Path, count: int) -> None:
        told = {"package": str(package), "templates": str(self._folder / "templates"), "variables": VARIABLES}
        hosts = [
            (f"target-{number:02}", {**self._reach(target), **told, "folder": str(target.folder)})
            for number, target in enumerate(self.sshd.targets[:count])
        ]
        (self._folder / "inventory.py").write_text(f"hosts = {hosts!r}\n")
        (self._folder / "deploy.py").write_text(_DEPLOY)
        command = [str(self._programs / "pyinfra"), "-y", "--parallel", "20", "inventory.py", "deploy.py"]
        run_to_end(command, folder=self._folder)

    def _reach(self, target: SshTarget) -> dict[str, object]:
        return {
            "ssh_hostname": "127.0.0.1",
            "ssh_port": target.port,
            "ssh_user": self.sshd.user,
            "ssh_key": str(self.sshd.key),
            "ssh_known_hosts_file": str(self.sshd.known_hosts),
        }


_DEPLOY = f"""\
from pyinfra import host
from pyinfra.operations import files, server

data = host.data
home = data.folder + "/{VERSIONS[0]}"
files.directory(path=home)
files.put(src=data.package, dest=data.folder + "/package.zip")
server.shell(commands=["cd " + home + " && unzip -q ../package.zip"])
for name in {CONFIGURATION!r}:
    files.template(src=data.templates + "/" + name, dest=home + "/" + name, **data.variables)
server.shell(commands=["cd " + home + " && bash PostDeploy.sh"])
"""


def _templates(folder: Path) -> None:
    for name in CONFIGURATION:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(template(name, "{{ ", " }}"))


def _unpack(package: Path, folder: Path) -> None:
    """With the files' times, by which rsync tells what changed."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
        for entry in archive.infolist():
            moment = time.mktime((*entry.date_time, 0, 0, -1))
            os.utime(folder / entry.filename, (moment, moment))


def run_to_end(
    command: list[str],
    *,
    stdin: Path | None = None,
    settings: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    environment = {**_CLEAN, **(settings or {})}
    with (stdin or Path(os.devnull)).open("rb") as source:
        done = subprocess.run(
            command, stdin=source, capture_output=True, text=True, env=environment, cwd=folder, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")

"""Offline package drops: a real server makes bundles, and a machine without any server runs them."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create
from tests.api.packages import push
from tests.api.test_deployments import Shop, script, shop

__all__ = ["shop"]

PASSWORD = "correct horse"
SECRET = "s3cr3t-of-the-shop"
ROLE = {"Octopus.Action.TargetRoles": "web"}


def on_target(name: str, body: str, **more: Any) -> dict[str, Any]:
    step = script(name, body, StepProperties={**ROLE, **more.pop("StepProperties", {})}, **more)
    del step["Actions"][0]["Properties"]["Octopus.Action.RunOnServer"]
    return step


def package_step(**properties: str) -> dict[str, Any]:
    action = {
        "Name": "Install",
        "ActionType": "Octopus.TentaclePackage",
        "Packages": [{"Name": "", "PackageId": "Acme.Web", "FeedId": "feeds-builtin"}],
        "Properties": {
            "Octopus.Action.EnabledFeatures": "Octopus.Features.SubstituteInFiles",
            "Octopus.Action.SubstituteInFiles.TargetFiles": "settings.ini",
            **properties,
        },
    }
    return {"Name": "Install", "Properties": ROLE, "Actions": [action]}


def web_package() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("settings.ini", "password=#{Password}\ncolour=#{Colour}\n")
        archive.writestr("PostDeploy.sh", 'echo "installed in $PWD"\n')
    return file.getvalue()


@dataclass(frozen=True)
class FarSide:
    """A machine: a home folder, and nothing of the server's environment."""

    folder: Path
    bundle: Path

    def run(self, *arguments: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
        [starter] = self.bundle.glob("*.sh")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        if password is not None:
            environment["POLPO_BUNDLE_PASSWORD"] = password
        command = ["bash", str(starter), *arguments]
        return subprocess.run(
            command,
            env=environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> Iterator[Path]:
        return (path for path in self.bundle.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Yard:
    """A shop that deploys to one offline package drop."""

    shop: Shop
    folder: Path

    async def add(self, destination: dict[str, Any] | None = None, password: str = PASSWORD, **more: Any) -> Any:
        endpoint = {
            "CommunicationStyle": "OfflineDrop",
            "Destination": destination or {"DestinationType": "Artifact"},
            "SensitiveVariablesEncryptionPassword": {"HasValue": bool(password), "NewValue": password or None},
            **more,
        }
        return await create(
            self.shop.client,
            "machines",
            Name="Far Side",
            EnvironmentIds=[self.shop.environments["Dev"]],
            Roles=["web"],
            Endpoint=endpoint,
        )

    async def artifacts(self, task_id: str) -> list[Any]:
        answer = await self.shop.client.get(f"{SPACE}/artifacts?regarding={task_id}")
        return list(answer.json()["Items"])

    async def unpacked(self, task_id: str) -> FarSide:
        """The bundle of a deployment that went well, on a machine of its own."""
        task = await self.shop.ended(task_id)
        assert task["State"] == "Success", await self.shop.lines(task_id)
        [artifact] = await self.artifacts(task_id)
        content = (await self.shop.client.get(artifact["Links"]["Content"])).content
        home = self.folder / "far"
        home.mkdir()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(home / "bundle")
        return FarSide(home, home / "bundle")


@pytest.fixture
def yard(shop: Shop, tmp_path: Path) -> Yard:
    return Yard(shop, tmp_path)


STORY = (
    on_target("First", "set_octopusvariable Port 8080\nset_octopusvariable Key k3y-of-first -sensitive\n"),
    package_step(),
    on_target(
        "Last",
        'echo "port $(get_octopusvariable "Octopus.Action[First].Output.Port")"\n'
        'echo "key $(get_octopusvariable "Octopus.Action[First].Output[Far Side].Key")"\n'
        'echo "password $(get_octopusvariable Password)"\n'
        'echo "server said $(get_octopusvariable "Octopus.Action[Here].Output.Word")"\n'
        'echo "leaks: $(env | grep -c BUNDLE_PASSWORD)"\n'
        'echo report > report.txt; new_octopusartifact "$PWD/report.txt"\n',
    ),
    on_target("Never", "echo never", Condition="Failure"),
)


async def test_a_bundle_deploys_on_a_machine_that_no_server_reaches(yard: Yard, client: httpx.AsyncClient) -> None:
    await yard.add()
    await push(client, "Acme.Web.2.1.0.zip", web_package())
    await yard.shop.variables(
        {"Name": "Password", "Value": SECRET, "Type": "Sensitive"},
        {"Name": "Connection", "Value": f"user=x;password={SECRET}", "Type": "String"},
        {"Name": "Colour", "Value": "blue", "Type": "String"},
    )
    await yard.shop.process(script("Here", "set_octopusvariable Word hello"), *STORY)
    await yard.shop.release("3.0.1")

    task = await yard.shop.deploy(version="3.0.1")
    far = await yard.unpacked(task)

    [artifact] = await yard.artifacts(task)
    assert artifact["Filename"] == "Web Shop.Dev.Far Side.3.0.1.zip"
    assert sorted(path.name for path in far.bundle.iterdir()) == [
        "Far Side.Web Shop.Deployments-1.cmd",
        "Far Side.Web Shop.Deployments-1.ps1",
        "Far Side.Web Shop.Deployments-1.sh",
        "Files",
        "Runner",
        "Variables",
    ]
    assert [path for path in far.files() if SECRET.encode() in path.read_bytes()] == []

    ran = far.run(password=PASSWORD)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    for line in (
        "port 8080",
        "key *****",
        "password *****",
        "server said hello",
        "leaks: 0",
        "The deployment to Far Side succe",
    ):
        assert line in ran.stdout
    assert SECRET not in ran.stdout + ran.stderr
    [settings] = far.folder.rglob("settings.ini")
    assert settings.read_text() == f"password={SECRET}\ncolour=blue\n"
    assert "runs only when something has failed" in ran.stdout
    own = far.folder / ".polpo-offline"
    assert sorted(path.name for path in own.iterdir()) == [
        "Applications",
        "Artifacts",
        "DeploymentJournal.xml",
        "DeploymentJournal.xml.lock",
        "Logs",
        "bundle.lock",
    ]
    assert [path.read_text() for path in own.rglob("report.txt")] == ["report\n"]
    assert SECRET not in "".join(path.read_text() for path in (own / "Logs").iterdir())

    (own / ".work-killed").mkdir()
    again = far.run(password=PASSWORD)

    assert again.returncode == 0, again.stdout + again.stderr
    assert list(own.glob(".work-*")) == []
    assert [path.parent.name for path in sorted(far.folder.rglob("settings.ini"))] == ["2.1.0", "2.1.0_1"]


async def test_a_bundle_with_secrets_wants_its_password(yard: Yard) -> None:
    await yard.add()
    await yard.shop.variables({"Name": "Password", "Value": SECRET, "Type": "Sensitive"})
    await yard.shop.process(on_target("Run", 'echo "it is $(get_octopusvariable Password)."'))
    await yard.shop.release()
    far = await yard.unpacked(await yard.shop.deploy())

    wrong, missing = far.run(password="wrong"), far.run()

    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("The password is wrong.")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "nobody is here to be asked for their password: set POLPO_BUNDLE_PASSWORD" in missing.stderr
    kept = far.folder / "password.txt"
    kept.write_text(f"{PASSWORD}\n")
    assert far.run("--password-file", str(kept)).returncode == 0

    [manifest] = far.bundle.rglob("manifest.json")
    honest = manifest.read_text()
    manifest.write_text(honest.replace('"condition": "Success"', '"condition": "Always"'))
    assert "manifest was changed since it was made" in far.run(password=PASSWORD).stderr
    manifest.write_text(honest)
    [variables] = far.bundle.rglob("01.json")
    variables.write_text(variables.read_text() + " ")
    assert "01.json is not as it was packed" in far.run(password=PASSWORD).stderr


async def test_a_failure_there_stops_what_a_deployment_would_stop(yard: Yard) -> None:
    await yard.add(password="")
    told = 'echo "after: $(get_octopusvariable Octopus.Deployment.Error)"'
    await yard.shop.process(
        on_target("Break", 'echo trying; fail_step "the disk is full"'),
        on_target("Skipped", "echo not reached"),
        on_target("Rescue", told, Condition="Failure"),
        on_target("Always", 'echo "$(get_octopusvariable "Octopus.Step[Break].Status.Code")"', Condition="Always"),
        on_target(
            "Asked",
            "echo asked",
            Condition="Variable",
            StepProperties={"Octopus.Step.ConditionVariableExpression": "#{if Octopus.Deployment.Error}True#{/if}"},
        ),
    )
    process = (await yard.shop.client.get(f"{SPACE}/projects/Projects-1/deploymentprocesses")).json()
    process["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.AutoRetry.MaximumCount"] = "1"
    await yard.shop.client.put(f"{SPACE}/projects/Projects-1/deploymentprocesses", json=process)
    await yard.shop.release()
    far = await yard.unpacked(await yard.shop.deploy())

    ran = far.run()

    assert ran.returncode == 1
    assert ran.stdout.count("trying") == 2  # a retry of its own, as the step says
    assert "not reached" not in ran.stdout
    for line in ("after: The script failed: the disk is full.", "Failed", "asked"):
        assert line in ran.stdout, ran.stdout
    assert "The deployment to Far Side failed: The script failed: the disk is full." in ran.stderr


async def test_secrets_without_a_password_fail_the_deployment_before_anything_is_made(yard: Yard) -> None:
    await yard.add(password="")
    await yard.shop.variables({"Name": "Password", "Value": SECRET, "Type": "Sensitive"})
    await yard.shop.process(script("Here", "echo here"), on_target("Run", "echo there"))
    await yard.shop.release()

    task_id = await yard.shop.deploy()
    task = await yard.shop.ended(task_id)

    assert task["State"] == "Failed"
    assert task["ErrorMessage"].startswith(
        "Far Side is an offline package drop without a password for sensitive variables, and its bundle would hold some"
        " (Password)."
    )
    assert "here" not in await yard.shop.lines(task_id)
    assert await yard.artifacts(task_id) == []


async def test_a_drop_folder_holds_whole_bundles_under_the_names_that_people_know(yard: Yard) -> None:
    drop = yard.folder / "drop"
    await yard.add({"DestinationType": "FileSystem", "DropFolderPath": str(drop)}, ApplicationsDirectory="~/apps")
    await yard.shop.process(on_target("Run", 'echo "to $TentacleApplications"'))
    await yard.shop.release("1.2")
    task_id = await yard.shop.deploy(version="1.2")
    task = await yard.shop.ended(task_id)

    assert task["State"] == "Success", await yard.shop.lines(task_id)
    bundle = drop / "Dev" / "Web Shop" / "1.2"
    assert (bundle / "Far Side.Web Shop.Deployments-1.sh").is_file()
    assert list(bundle.rglob("*.partial")) == []
    home = yard.folder / "home"
    home.mkdir()
    ran = FarSide(home, bundle).run()
    assert ran.returncode == 0, ran.stderr
    assert f"to {home}/apps" in ran.stdout


async def test_a_failed_deployment_leaves_no_bundle(yard: Yard) -> None:
    await yard.add()
    await yard.shop.process(on_target("There", "echo there"), script("Here", "exit 3"))
    await yard.shop.release()
    task_id = await yard.shop.deploy()

    assert (await yard.shop.ended(task_id))["State"] == "Failed"
    assert await yard.artifacts(task_id) == []
    assert "Make bundles" not in await yard.shop.steps_of(task_id)


@pytest.mark.parametrize("way_out", ["/etc/polpo", "{folder}/../elsewhere", "{folder}/link/drop", "relative"])
async def test_a_drop_folder_that_no_administrator_has_named_is_not_written_to(yard: Yard, way_out: str) -> None:
    (yard.folder / "link").symlink_to("/etc")
    drop = way_out.format(folder=yard.folder)
    await yard.add({"DestinationType": "FileSystem", "DropFolderPath": drop})
    await yard.shop.process(on_target("Run", "echo here"))
    await yard.shop.release("1.2")
    task_id = await yard.shop.deploy(version="1.2")

    assert (await yard.shop.ended(task_id))["State"] == "Failed"
    assert f"drop folder {drop}: it is in none of the folders" in "\n".join(await yard.shop.lines(task_id))

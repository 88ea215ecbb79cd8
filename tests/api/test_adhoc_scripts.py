"""Scripts that are run once, outside of any process, with the arguments that official clients send."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import SPACE, create
from tests.api.test_deployments import Shop, shop

from polpo.features.adhocscripts import starting
from polpo.features.machines.resource import MACHINES
from polpo.rest.authorization import Subject
from polpo.rest.call import Call, Parts
from polpo.rest.permissions import Permission
from polpo.server.application import Server

__all__ = ["shop"]

AGENT = {"CommunicationStyle": "TentacleActive", "Uri": "poll://abc/", "Thumbprint": "A" * 40}
REGION = {"CommunicationStyle": "None"}
CHOSEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"TargetType": "Machines", "MachineIds": ["r1", "r4"]}, ["r1", "r4"]),
    ({"TargetType": "Environments", "EnvironmentIds": ["Dev"], "MachineIds": None}, ["r1", "r2"]),
    ({"EnvironmentIds": ["Dev"], "TargetRoles": ["WEB"]}, ["r1"]),
    ({"TargetRoles": ["web"]}, ["r1", "r4"]),
    ({"MachineIds": ["r2"], "TargetRoles": ["web"], "EnvironmentIds": ["Prod"]}, ["r2", "r4"]),
]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"ScriptBody": " "}, "ScriptBody is missing"),
    ({"TargetType": "Machines"}, "MachineIds is empty; name at least one machine."),
    ({"MachineIds": ["Machines-99"]}, "MachineIds names the machine 'Machines-99', which does not exist"),
    ({"MachineIds": ["r3"]}, "The target r3 is disabled; enable it or leave it out."),
    ({"MachineIds": ["drop"]}, "The target drop is an offline package drop, where nothing runs now; leave it out."),
    ({"MachineIds": ["k8s"]}, "The target k8s is an agent inside a cluster, where nothing can be run; leave it out."),
    ({}, "Nothing says where the script is to run"),
    ({"EnvironmentIds": ["Environments-99"]}, "the environment 'Environments-99', which does not exist"),
    ({"TargetRoles": ["mail"]}, "There is no enabled target with these environments, tags and tenants."),
    ({"TargetType": "Workers"}, "WorkerIds is empty; name at least one worker."),
    ({"TargetType": "WorkerPools"}, "WorkerPoolIds is empty; name at least one worker pool."),
    ({"WorkerPoolIds": ["WorkerPools-1"]}, "There is no enabled worker in the pool Default Worker Pool."),
    ({"Syntax": "Cobol", "TargetType": "OctopusServer"}, "Syntax"),
    ({"TargetType": "Moon"}, "TargetType"),
    ({"ActionTemplateId": "ActionTemplates-9"}, "the step template 'ActionTemplates-9', which does not exist"),
    ({"Sealed": "forged", "TargetType": "OctopusServer"}, "Sealed is not what this server has sealed"),
]


def with_ids(arguments: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """The arguments with ids in the place of names."""
    return {
        key: [ids.get(one, one) for one in value] if isinstance(value, list) else value
        for key, value in arguments.items()
    }


async def start(shop: Shop, description: str = "", **arguments: Any) -> Any:
    body = {"Name": "AdHocScript", "Description": description, "Arguments": {"Syntax": "Bash", **arguments}}
    return await shop.client.post(f"{SPACE}/tasks", json=body)


async def ran(shop: Shop, **arguments: Any) -> tuple[Any, list[str]]:
    answer = await start(shop, **arguments)
    assert answer.status_code == 201, answer.text
    task = await shop.ended(answer.json()["Id"])
    return task, await shop.lines(task["Id"])


async def regions(shop: Shop) -> dict[str, str]:
    """Cloud regions, whose scripts the built-in worker runs: r1 and r2 in Dev, r3 disabled, r4 in Prod; two more."""
    wanted = {"r1": ("Dev", "web", False), "r2": ("Dev", "db", False), "r3": ("Dev", "web", True)}
    wanted["r4"] = ("Prod", "web", False)
    made = {}
    for name, (environment, tag, is_disabled) in wanted.items():
        more = {"Roles": [tag], "EnvironmentIds": [shop.environments[environment]], "IsDisabled": is_disabled}
        made[name] = (await create(shop.client, "machines", Name=name, Endpoint=REGION, **more))["Id"]
    more = {"Roles": ["web"], "EnvironmentIds": [shop.environments["Dev"]]}
    drop: dict[str, Any] = {"CommunicationStyle": "OfflineDrop", "Destination": {"DestinationType": "Artifact"}}
    drop["SensitiveVariablesEncryptionPassword"] = {"HasValue": True, "NewValue": "drop-s3cr3t"}
    made["drop"] = (await create(shop.client, "machines", Name="drop", Endpoint=drop, **more))["Id"]
    reach = {"CommunicationMode": "Polling", "Uri": "poll://k/", "Thumbprint": "AB" * 20}
    inside = {"CommunicationStyle": "KubernetesTentacle", "TentacleEndpointConfiguration": reach}
    more["SkipInitialHealthCheck"] = True
    made["k8s"] = (await create(shop.client, "machines", Name="k8s", Endpoint=inside, **more))["Id"]
    return made


async def test_a_script_runs_on_the_server(shop: Shop) -> None:
    answer = await start(shop, "Look around", ScriptBody='echo "in #{Octopus.Space.Name}"', TargetType="OctopusServer")
    task = await shop.ended(answer.json()["Id"])
    assert (task["State"], task["Description"], task["Name"]) == ("Success", "Look around", "AdHocScript")
    assert "in Default" in await shop.lines(task["Id"])
    assert task["Arguments"]["ScriptBody"] == 'echo "in #{Octopus.Space.Name}"'


async def test_targets_are_chosen_by_what_is_said_of_them(shop: Shop) -> None:
    ids = {**await regions(shop), **shop.environments}
    for arguments, names in CHOSEN:
        task, lines = await ran(shop, ScriptBody='echo "on #{Octopus.Machine.Name}"', **with_ids(arguments, ids))
        assert task["State"] == "Success"
        assert task["Description"] == f"Run a Bash script on {', '.join(names)}"
        assert sorted(line for line in lines if line.startswith("on ")) == [f"on {name}" for name in names]


async def test_a_script_that_fails_somewhere_runs_everywhere_else(shop: Shop) -> None:
    await regions(shop)
    body = 'test #{Octopus.Machine.Name} != r1 && echo "on #{Octopus.Machine.Name}"'
    task, lines = await ran(shop, ScriptBody=body, EnvironmentIds=[shop.environments["Dev"]])
    assert (task["State"], "on r2" in lines) == ("Failed", True)
    assert "The script failed on r1 with exit code 1." in task["ErrorMessage"]


async def test_what_cannot_be_run_is_refused(shop: Shop) -> None:
    ids = await regions(shop)
    for arguments, sentence in REFUSED:
        answer = await start(shop, **{"ScriptBody": "echo", **with_ids(arguments, ids)})
        assert answer.status_code == 400, answer.text
        assert sentence in answer.json()["Errors"][0]


async def test_nothing_runs_on_the_server_when_its_worker_is_switched_off(shop: Shop) -> None:
    region = (await regions(shop))["r1"]
    path = "/api/featuresconfiguration"
    known = (await shop.client.get(path)).json()
    await shop.client.put(path, json={**known, "IsBuiltInWorkerEnabled": False})
    refused = await start(shop, ScriptBody="echo", TargetType="OctopusServer")
    assert refused.json()["Errors"][0].startswith("Nothing runs on the server itself, since its built-in worker")
    task, _ = await ran(shop, ScriptBody="echo", MachineIds=[region])
    assert "has no workers, but the built-in worker is switched off" in task["ErrorMessage"]


async def test_a_step_template_runs_with_its_parameters(shop: Shop) -> None:
    settings = {"Octopus.ControlType": "Sensitive"}
    template = await create(
        shop.client,
        "actiontemplates",
        Name="Greet",
        ActionType="Octopus.Script",
        Properties={
            "Octopus.Action.Script.ScriptSource": "Inline",
            "Octopus.Action.Script.Syntax": "Bash",
            "Octopus.Action.Script.ScriptBody": 'echo "#{Word} #{Name}, length $(printf %s "#{Key}" | wc -c)"',
        },
        Parameters=[
            {"Name": "Word", "DefaultValue": "Hello"},
            {"Name": "Name", "DefaultValue": "nobody"},
            {"Name": "Key", "DisplaySettings": settings},
        ],
    )
    given = {"Name": "Ada", "Key": {"HasValue": True, "NewValue": "s3cr3t-k3y"}}
    answer = await start(shop, ActionTemplateId=template["Id"], Properties=given, TargetType="OctopusServer")
    task = await shop.ended(answer.json()["Id"])
    assert task["Description"] == "Run the step template Greet on the server"
    assert any(line.startswith("Hello Ada, length 10") for line in await shop.lines(task["Id"]))
    assert task["Arguments"]["Properties"] == {"Name": "Ada", "Key": {"HasValue": True, "NewValue": None, "Hint": None}}
    assert "Sealed" not in task["Arguments"]

    again = (await shop.client.post(f"/api/tasks/rerun/{task['Id']}")).json()
    repeated = await shop.ended(again["Id"])
    assert any(line.startswith("Hello Ada, length 10") for line in await shop.lines(repeated["Id"]))


async def test_artifacts_and_orders_of_a_script_count(shop: Shop) -> None:
    await regions(shop)
    body = 'echo hello > note.txt; new_octopusartifact "$PWD/note.txt" note.txt'
    task, _ = await ran(shop, ScriptBody=body, TargetType="OctopusServer")
    [artifact] = (await shop.client.get(f"{SPACE}/artifacts?regarding={task['Id']}")).json()["Items"]
    assert artifact["Filename"] == "note.txt"


async def test_what_a_target_does_not_run_itself_needs_the_right_to_what_runs_it(shop: Shop, server: Server) -> None:
    identity = (await regions(shop))["r1"]

    class Watched(Call):
        def require_for(self, permission: Permission, subject: Subject) -> None:
            asked.append(permission)

    asked: list[str] = []

    def needed() -> list[str]:
        asked.clear()
        with server.database.read() as session:
            call = Watched.of_server(server.database, Parts(), "Spaces-1", session)
            starting._refuse_unpermitted(call, [session.get(MACHINES, identity)])
        return [*asked]

    own = [Permission.MACHINE_EDIT, Permission.TASK_CREATE]
    assert needed() == [Permission.ADMINISTER_SYSTEM, *own]
    await create(shop.client, "workers", Name="w1", WorkerPoolIds=["WorkerPools-1"], Endpoint=AGENT)
    assert needed() == [Permission.WORKER_EDIT, *own]

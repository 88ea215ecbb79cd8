"""Triggers of projects over HTTP: every type of filter and of action."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.api.conftest import SPACE, create

from polpo.features.triggers.cron import cron_fault
from polpo.features.triggers.resource import PROJECT_TRIGGERS
from polpo.features.triggers.timezones import zone_of
from polpo.server.application import Server

PATH = f"{SPACE}/projecttriggers"
DEV = "Environments-1"
START = "2026-01-01T09:00:00.000"
AUTO = {"ActionType": "AutoDeploy", "ShouldRedeployWhenMachineHasBeenDeployedTo": True}
MACHINE = {
    "FilterType": "MachineFilter",
    "EnvironmentIds": [DEV],
    "Roles": ["web"],
    "EventGroups": ["MachineAvailableForDeployment"],
    "EventCategories": ["MachineAdded"],
}
LATEST = {
    "ActionType": "DeployLatestRelease",
    "ChannelId": "Channels-1",
    "SourceEnvironmentIds": [DEV],
    "DestinationEnvironmentId": "Environments-2",
    "ShouldRedeployWhenReleaseIsCurrent": False,
    "TenantIds": [],
    "TenantTags": ["Ring/Early"],
    "Variables": "{}",
}
FILTERS: list[dict[str, Any]] = [
    {
        "FilterType": "OnceDailySchedule",
        "StartTime": START,
        "DaysOfWeek": ["Monday", "Friday"],
        "Timezone": "Europe/Berlin",
    },
    {
        "FilterType": "ContinuousDailySchedule",
        "Interval": "OnceEveryMinute",
        "MinuteInterval": 30,
        "RunAfter": START,
        "RunUntil": "2026-01-01T17:00:00Z",
        "DaysOfWeek": ["Sunday"],
        "Timezone": "AUS Eastern Standard Time",
    },
    {
        "FilterType": "DailySchedule",
        "RunType": "Continuously",
        "Interval": "OnceHourly",
        "HourInterval": 4,
        "StartTime": START,
        "Timezone": "UTC",
    },
    {
        "FilterType": "DaysPerWeekSchedule",
        "RunType": "ScheduledTime",
        "Interval": "OnceDaily",
        "StartTime": START,
        "Timezone": "UTC",
        **{
            day: day == "Monday"
            for day in ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
        },
    },
    {
        "FilterType": "DaysPerMonthSchedule",
        "MonthlyScheduleType": "DateOfMonth",
        "DateOfMonth": "L",
        "StartTime": START,
        "Timezone": "UTC",
    },
    {
        "FilterType": "DaysPerMonthSchedule",
        "MonthlyScheduleType": "DayOfMonth",
        "DayNumberOfMonth": "4",
        "DayOfWeek": "Thursday",
        "StartTime": START,
        "Timezone": "UTC",
    },
    {"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 06 * * Mon-Fri", "Timezone": "UTC"},
    {"FilterType": "FeedFilter", "Packages": [{"DeploymentActionSlug": "say", "PackageReference": ""}]},
    {"FilterType": "ArcFeedFilter", "Packages": [{"DeploymentAction": "Say", "PackageReference": "Tools"}]},
    {
        "FilterType": "GitFilter",
        "Sources": [
            {
                "DeploymentActionSlug": "say",
                "GitDependencyName": "",
                "IncludeFilePaths": ["a/**"],
                "ExcludeFilePaths": ["b/*"],
            }
        ],
    },
]
ACTIONS: list[dict[str, Any]] = [
    LATEST,
    {
        "ActionType": "DeployLatestReleaseToEnvironment",
        "EnvironmentId": DEV,
        "ChannelId": "Channels-1",
        "ShouldRedeployWhenReleaseIsCurrent": True,
        "TenantIds": [],
        "TenantTags": [],
        "Variables": "{}",
    },
    {
        "ActionType": "DeployNewRelease",
        "EnvironmentId": DEV,
        "ChannelId": "Channels-1",
        "TenantIds": [],
        "TenantTags": [],
        "Variable": "v",
        "Variables": "{}",
        "VersionControlReference": {"GitRef": "refs/heads/main", "GitCommit": None, "VariablesGitCommit": None},
    },
    {
        "ActionType": "RunRunbook",
        "RunbookTags": ["Kind/Nightly"],
        "EnvironmentIds": [DEV],
        "TenantIds": [],
        "TenantTags": [],
        "FormValues": {"a": "1"},
    },
    {"ActionType": "CreateRelease", "ChannelId": "Channels-1"},
]


@pytest.fixture(autouse=True)
async def places(client: httpx.AsyncClient, project: Any) -> None:
    for name in ("Dev", "Prod"):
        await create(client, "environments", Name=name)


async def trigger(client: httpx.AsyncClient, name: str = "Nightly", **more: Any) -> Any:
    body = {"Name": name, "ProjectId": "Projects-1", "Filter": MACHINE, "Action": AUTO, **more}
    answer = await client.post(f"{PATH}/", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(client: httpx.AsyncClient, **more: Any) -> str:
    body = {"Name": "Nightly", "ProjectId": "Projects-1", "Filter": FILTERS[0], "Action": LATEST, **more}
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 400, answer.text
    return " ".join(answer.json()["Errors"])


async def test_a_target_trigger_comes_back_as_it_was_written(client: httpx.AsyncClient) -> None:
    made = await trigger(client, Description="Catches up", IsDisabled=True)
    read = (await client.get(made["Links"]["Self"])).json()

    assert read == made
    assert (read["Id"], read["SpaceId"], read["ProjectId"]) == ("ProjectTriggers-1", "Spaces-1", "Projects-1")
    assert (read["Description"], read["IsDisabled"]) == ("Catches up", True)
    assert (read["Filter"], read["Action"]) == (MACHINE, AUTO)


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda one: one["FilterType"])
async def test_every_filter_comes_back_as_it_was_written(client: httpx.AsyncClient, wanted: dict[str, Any]) -> None:
    made = await trigger(client, Filter=wanted, Action=ACTIONS[4])
    assert made["Filter"] == wanted


@pytest.mark.parametrize("wanted", ACTIONS, ids=lambda one: one["ActionType"])
async def test_every_action_comes_back_as_it_was_written(client: httpx.AsyncClient, wanted: dict[str, Any]) -> None:
    made = await trigger(client, Filter=FILTERS[6], Action=wanted)
    assert made["Action"] == wanted


async def test_what_is_of_another_type_is_left_out_and_what_is_missing_filled_in(client: httpx.AsyncClient) -> None:
    filtered = {"FilterType": "oncedailyschedule", "StartTime": START, "Roles": ["web"], "CronExpression": "x"}
    action = {**LATEST, "ShouldRedeployWhenReleaseIsCurrent": None, "RunbookId": "", "TenantTags": None}

    made = await trigger(client, Filter=filtered, Action=action)

    days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    assert made["Filter"] == {
        "FilterType": "OnceDailySchedule",
        "Timezone": "UTC",
        "StartTime": START,
        "DaysOfWeek": days,
    }
    assert made["Action"] == {**LATEST, "ShouldRedeployWhenReleaseIsCurrent": True, "TenantTags": []}


async def test_days_may_come_as_one_text(client: httpx.AsyncClient) -> None:
    made = await trigger(client, Filter={**FILTERS[0], "DaysOfWeek": "Monday, tuesday"}, Action=LATEST)
    assert made["Filter"]["DaysOfWeek"] == ["Monday", "Tuesday"]


async def test_a_webhook_keeps_its_address_and_its_secret(server: Server, client: httpx.AsyncClient) -> None:
    secret = {"HasValue": True, "NewValue": "s3cret"}
    wanted = {"FilterType": "WebhookFilter", "RequireApiKey": True, "Secret": secret, "WebhookId": "mine"}
    made = await trigger(client, Filter=wanted, Action=ACTIONS[4])

    changed = await client.put(
        made["Links"]["Self"], json={**made, "Filter": {"FilterType": "WebhookFilter", "WebhookId": "other"}}
    )

    after = changed.json()["Filter"]
    assert len(made["Filter"]["WebhookId"]) == 36
    assert after["WebhookId"] == made["Filter"]["WebhookId"]
    assert after["Secret"] == {"HasValue": True, "NewValue": None, "Hint": None}
    with server.database.read() as session:
        assert session.reveal(session.get(PROJECT_TRIGGERS, made["Id"]).filter.secret) == "s3cret"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"FilterType": "Moonphase"}, "Filter"),
        ({"StartTime": None}, "Filter.StartTime is missing"),
        ({"StartTime": "noon"}, "Filter.StartTime must be a time"),
        ({"Timezone": "Mars/Olympus"}, "Filter.Timezone must be a time zone"),
        ({"Timezone": "../../etc/passwd"}, "Filter.Timezone must be a time zone"),
        ({"Timezone": "x" * 10_000}, "Filter.Timezone must be a time zone"),
        ({"DaysOfWeek": []}, "Filter.DaysOfWeek is empty"),
        ({"DaysOfWeek": ["Freeday"]}, "'Freeday', which is no day of the week"),
        ({"FilterType": "DailySchedule", "HourInterval": 0}, "Filter.HourInterval must be a number from 1 to 24"),
        ({"FilterType": "DaysPerWeekSchedule"}, "needs one of them"),
        ({"FilterType": "DaysPerMonthSchedule", "DateOfMonth": "32"}, "Filter.DateOfMonth must be"),
        (
            {"FilterType": "DaysPerMonthSchedule", "MonthlyScheduleType": "DayOfMonth"},
            "Filter.DayNumberOfMonth must be",
        ),
        ({"FilterType": "CronExpressionSchedule"}, "Filter.CronExpression is missing"),
        ({"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 25 * * *"}, "cannot be used: bad hour"),
    ],
)
async def test_a_filter_that_can_never_be_met_is_refused(client: httpx.AsyncClient, more: Any, sentence: str) -> None:
    assert sentence in await refused(client, Filter={**FILTERS[0], **more})


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ({"ActionType": "Dance"}, "Action"),
        ({**LATEST, "SourceEnvironmentIds": []}, "Action.SourceEnvironmentIds is missing"),
        ({**LATEST, "DestinationEnvironmentId": "Environments-9"}, "names the environment 'Environments-9'"),
        ({**LATEST, "ChannelId": "Channels-9"}, "Action.ChannelId names 'Channels-9'"),
        ({"ActionType": "DeployNewRelease"}, "Action.EnvironmentId is missing"),
        ({"ActionType": "RunRunbook", "EnvironmentIds": [DEV]}, "Action.RunbookId is missing"),
        (AUTO, "needs a filter of the type MachineFilter"),
    ],
)
async def test_an_action_that_cannot_be_done_is_refused(client: httpx.AsyncClient, action: Any, sentence: str) -> None:
    assert sentence in await refused(client, Action=action)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"Name": ""}, "needs a name"),
        ({"ProjectId": ""}, "ProjectId is missing"),
        ({"ProjectId": "Projects-9"}, "ProjectId names the project 'Projects-9'"),
        ({"Filter": None}, "Filter"),
        ({"Action": None}, "Action"),
        ({"Filter": {**MACHINE, "EnvironmentIds": ["Environments-9"]}}, "names the environment 'Environments-9'"),
    ],
)
async def test_a_trigger_that_cannot_be_is_refused(client: httpx.AsyncClient, more: Any, sentence: str) -> None:
    assert sentence in await refused(client, **more)


async def test_triggers_are_listed_by_project_type_and_schedule(client: httpx.AsyncClient) -> None:
    await trigger(client, "Targets")
    await trigger(client, "Nights", Filter=FILTERS[0], Action=LATEST)
    await trigger(client, "Books", Filter=FILTERS[6], Action=ACTIONS[3])

    async def names(path: str) -> list[str]:
        return [one["Name"] for one in (await client.get(f"{SPACE}/{path}")).json()["Items"]]

    assert await names("projecttriggers") == ["Books", "Nights", "Targets"]
    assert await names("projects/web-shop/triggers?partialName=ights") == ["Nights"]
    assert await names("projects/Projects-1/triggers?triggerActionType=runrunbook") == ["Books"]
    assert await names("projects/Projects-1/triggers?triggerActionCategory=Deployment") == ["Nights", "Targets"]
    assert await names("scheduledprojecttriggers") == ["Books", "Nights"]
    assert await names("projecttriggers?runbooks=Runbooks-9") == []
    assert (await client.get(f"{SPACE}/scheduledprojecttriggers/ProjectTriggers-1")).status_code == 404
    assert (await client.get(f"{SPACE}/scheduledprojecttriggers/ProjectTriggers-2")).json()["Name"] == "Nights"


async def test_a_trigger_is_changed_and_deleted_below_its_project(client: httpx.AsyncClient) -> None:
    made = await trigger(client)
    path = f"{SPACE}/projects/Projects-1/triggers/{made['Id']}"

    changed = await client.put(path, json={**made, "Name": "Daily", "IsDisabled": True, "ProjectId": ""})
    elsewhere = await client.get(f"{SPACE}/projects/Projects-9/triggers/{made['Id']}")
    again = await client.post(PATH, json={**made, "Name": "DAILY"})
    deleted = await client.delete(path)

    assert (changed.status_code, changed.json()["Name"], changed.json()["ProjectId"]) == (200, "Daily", "Projects-1")
    assert (elsewhere.status_code, again.status_code) == (404, 400)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert (await client.get(path)).status_code == 404


async def test_what_a_trigger_names_stays_and_it_goes_with_its_project(client: httpx.AsyncClient, project: Any) -> None:
    channel = await create(client, "channels", ProjectId="Projects-1", Name="Hotfix", LifecycleId="Lifecycles-1")
    made = await trigger(client, Filter=FILTERS[0], Action={**LATEST, "ChannelId": channel["Id"]})

    kept = [
        await client.delete(f"{SPACE}/{path}") for path in ("environments/Environments-1", f"channels/{channel['Id']}")
    ]
    deleted = await client.delete(project["Links"]["Self"])

    assert [answer.status_code for answer in kept] == [409, 409]
    assert all("the trigger 'Nightly'" in answer.json()["ErrorMessage"] for answer in kept)
    assert deleted.status_code == 200, deleted.text
    assert (await client.get(made["Links"]["Self"])).status_code == 404


@pytest.mark.parametrize(
    ("expression", "is_good"),
    [
        ("0 0 6 * * Mon-Fri", True),
        ("0 0 6 ? * *", True),
        ("0 0 6 L * ?", True),
        ("0 0 6 LW * *", True),
        ("0 0 6 15W * *", True),
        ("0 0/5 6 * JAN 5#2", True),
        ("*/10 * * * * *", True),
        ("0 6 * * *", True),
        ("0 0 6 * * * 2030", True),
        ("0 0 6 * * * 2030-2035/2,2040", True),
        ("0 0 6 * * * soon", False),
        ("0 0 6 32W * *", False),
        ("0 0 0 30 2 *", False),
        ("61 0 6 * * *", False),
        ("0 0", False),
        ("0 0 6 * * Mon-Fri" + " " * 600, False),
    ],
)
def test_cron_expressions_are_judged(expression: str, is_good: bool) -> None:
    assert (cron_fault(expression) is None) is is_good


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("UTC", "Etc/UTC"),
        ("Nowhere Standard Time", None),
        ("", None),
    ],
)
def test_time_zones_are_known_by_both_names(name: str, key: str | None) -> None:
    zone = zone_of(name)
    assert (zone.key if zone else None) == key


async def test_the_next_times_of_filters_are_told_before_they_are_saved(client: httpx.AsyncClient) -> None:
    good = {"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 6 * * *"}
    bad = {"FilterType": "CronExpressionSchedule", "CronExpression": "0 0 25 * * *"}
    path = f"{SPACE}/projecttriggers/schedule"

    told = (await client.post(path, json={"Filters": [good, bad, {"FilterType": "FeedFilter"}], "Count": 2})).json()
    many = await client.post(path, json={"Filters": [good], "Count": 21})

    assert [(len(one["Times"]), len(one["Faults"])) for one in told] == [(2, 0), (0, 1), (0, 0)]
    assert many.json()["Errors"] == ["Filters: at most 100 are looked at, and from 1 to 20 times of each."]

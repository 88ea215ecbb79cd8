"""What clients send to run a runbook, and what is answered besides runs."""

from __future__ import annotations

from datetime import datetime

from polpo.features.deployments.resource import DeploymentTemplateStep, PromotionTarget
from polpo.features.interruptions.resource import Form
from polpo.features.releases.resource import SelectedGitResource, SelectedPackage
from polpo.features.runbookruns.resource import RunbookRun
from polpo.store.documents import Document, Resource


class RunbookRunCommandV1(Resource):
    """Everything is named by id, slug or name. One run for each environment and tenant is made, or none.

    Without a snapshot the published one is run.
    """

    project_name: str = ""
    runbook_name: str = ""
    environment_names: list[str] = []
    tenants: list[str] = []
    tenant_tags: list[str] = []
    snapshot: str | None = None
    comments: str | None = None
    notes: str | None = None
    force_package_download: bool = False
    specific_machine_names: list[str] = []
    excluded_machine_names: list[str] = []
    skip_step_names: list[str] = []
    use_guided_failure: bool | None = None
    run_at: datetime | None = None
    no_run_after: datetime | None = None
    variables: dict[str, str] = {}
    priority: str | None = None


class RunbookRunServerTask(Resource):
    runbook_run_id: str
    server_task_id: str


class RunbookRunResponseV1(Resource):
    runbook_run_server_tasks: list[RunbookRunServerTask]


class RunbookRunParameters(Resource):
    """Runs of one runbook, by ids. Without a snapshot and `use_default_snapshot` the runbook is run as it is now."""

    project_id: str | None = None
    runbook_id: str | None = None
    runbook_snapshot_name_or_id: str | None = None
    use_default_snapshot: bool = True
    environment_id: str | None = None
    environment_ids: list[str] = []
    tenant_id: str | None = None
    tenant_ids: list[str] = []
    tenant_tag_names: list[str] = []
    comments: str | None = None
    skip_actions: list[str] = []
    specific_machine_ids: list[str] = []
    excluded_machine_ids: list[str] = []
    specific_target_tag_ids: list[str] = []
    excluded_target_tag_ids: list[str] = []
    form_values: dict[str, str | None] = {}
    force_package_download: bool = False
    use_guided_failure: bool | None = None
    debug_mode: str | None = None
    priority: str | None = None
    queue_time: datetime | None = None
    queue_time_expiry: datetime | None = None


class RunbookRunPreview(Document):
    """What a run would do; as the preview of a deployment."""

    steps_to_execute: list[DeploymentTemplateStep] = []
    form: Form | None = None
    use_guided_failure_mode_by_default: bool = False
    problems: list[str] = []
    warnings: list[str] = []
    missing_variables: list[str] = []


class RunbookRunTemplate(Document):
    """Where a runbook may run, and whether what was frozen differs from what there is now."""

    is_runbook_process_modified: bool = False
    is_variable_set_modified: bool = False
    is_library_variable_set_modified: bool = False
    is_git_resource_modified: bool = False
    promote_to: list[PromotionTarget] = []
    tenant_promotions: list[object] = []


class GitRunbookRunCommandV1(RunbookRunCommandV1):
    """Without a reference the default branch is meant. `packages` are texts such as `Step:1.0.0`."""

    git_ref: str | None = None
    package_version: str | None = None
    packages: list[str] = []
    git_resources: list[str] = []


class RunGitRunbookParameters(Resource):
    notes: str | None = None
    runs: list[RunbookRunParameters] = []
    selected_packages: list[SelectedPackage] = []
    selected_git_resources: list[SelectedGitResource] = []


class RunbookRunGit(Resource):
    resources: list[RunbookRun] = []

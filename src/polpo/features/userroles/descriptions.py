"""What each permission lets people do, in words for the role editor."""

from __future__ import annotations

import re

from polpo.features.userroles.resource import PermissionDescription
from polpo.rest.permissions import RESTRICTABLE_BY, Permission, applies_to_space, applies_to_system

_VERBS = {
    "View": "See",
    "Create": "Add",
    "Edit": "Change",
    "Delete": "Delete",
    "Push": "Send",
    "Cancel": "Cancel",
    "Administer": "Add, change and delete",
}

#: How the things are called in a sentence, where the permission's own word with an "s" will not do.
_THINGS = {
    "ActionTemplate": "step templates",
    "AiAgentTranscript": "transcripts of AI agents",
    "ApprovalPolicy": "approval policies",
    "BuildInformation": "build information",
    "DeployedResource": "deployed resources",
    "EventRetention": "archived event files",
    "Event": "events, which includes the audit log",
    "LibraryVariableSet": "library variable sets",
    "Machine": "deployment targets",
    "MachinePolicy": "machine policies",
    "PlatformHub": "what is kept in the platform hub",
    "Process": "deployment processes and channels",
    "Proxy": "proxies",
    "Retention": "retention policies",
    "SshKnownHosts": "known SSH hosts",
    "TargetTag": "target tags",
    "Telemetry": "telemetry",
    "Worker": "workers and worker pools",
}

_SENTENCES = {
    Permission.ADMINISTER_SYSTEM: "Administer the server itself: nodes, addresses, maintenance mode, diagnostics",
    Permission.ARTIFACT_CREATE: "Add artifacts by hand",
    Permission.BUILT_IN_FEED_ADMINISTER: "Replace and delete packages of the built-in feed",
    Permission.BUILT_IN_FEED_DOWNLOAD: "Download packages from the built-in feed",
    Permission.BUILT_IN_FEED_PUSH: "Push packages to the built-in feed",
    Permission.CERTIFICATE_EXPORT_PRIVATE_KEY: "Download certificates with their private keys",
    Permission.CONFIGURE_SERVER: "Configure the server's settings: sign-in, mail, security headers",
    Permission.DEFECT_REPORT: "Keep a release from being promoted",
    Permission.DEFECT_RESOLVE: "Let a release that was kept back be promoted again",
    Permission.DEPLOYMENT_CREATE: "Deploy releases to environments",
    Permission.INTERRUPTION_SUBMIT: "Take and answer interruptions",
    Permission.INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE: "Take and answer interruptions that the user's team is asked for",
    Permission.RUNBOOK_RUN_CREATE: "Run runbooks",
    Permission.TASK_CREATE: "Start tasks of the server by hand",
    Permission.TASK_PRIORITIZE: "Put tasks ahead of others in the queue",
    Permission.TASK_VIEW_LOG: "Read the logs of tasks (part of TaskView today)",
    Permission.USER_INVITE: "Invite people to register",
    Permission.USER_ROLE_VIEW: "See user roles and who holds them",
    Permission.VARIABLE_EDIT_UNSCOPED: "Change variables that are not scoped to an environment",
    Permission.VARIABLE_VIEW_UNSCOPED: "See variables that are not scoped to an environment",
}

_PARTS = re.compile(rf"(\w+?)({'|'.join(_VERBS)})")
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


def description_of(permission: Permission) -> str:
    if sentence := _SENTENCES.get(permission):
        return sentence
    match = _PARTS.fullmatch(permission)
    if match is None:
        raise LookupError(f"{permission} has no description")
    thing, verb = match.groups()
    named = _THINGS.get(thing) or _WORDS.sub(" ", thing).lower() + "s"
    return f"{_VERBS[verb]} {named}"


def described(permission: Permission) -> PermissionDescription:
    return PermissionDescription(
        description=description_of(permission),
        supported_restrictions=list(RESTRICTABLE_BY.get(permission, ())),
        can_apply_at_space_level=applies_to_space(permission),
        can_apply_at_system_level=applies_to_system(permission),
    )

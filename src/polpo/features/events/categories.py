"""The categories that events fall into, the groups that gather them, and the programs that cause them."""

from __future__ import annotations

from collections.abc import Mapping

CREATED, MODIFIED, DELETED = "Created", "Modified", "Deleted"

_TURNS = ("Queued", "Started", "Resumed", "Succeeded", "Failed", "Canceled", "TimedOut")
_NOUNS: Mapping[str, str] = {"Deployment": "Deployment", "RunbookRun": "Runbook run", "Task": "Task"}
_TURN_WORDS: Mapping[str, str] = {
    "Queued": "queued",
    "Started": "started",
    "Resumed": "resumed",
    "Succeeded": "succeeded",
    "Failed": "failed",
    "Canceled": "canceled",
    "TimedOut": "timed out",
}

_SIGN_INS: Mapping[str, str] = {
    "LoginSucceeded": "User signed in",
    "LoginFailed": "Sign-in refused",
    "LoggedOut": "User signed out",
    "UserLockedOut": "User locked out after too many failed sign-ins",
    "UserUnlocked": "Lock-out of a user ended",
    "SessionsRevoked": "All sessions of a user ended",
    "PasswordChanged": "Password changed",
    "PasswordReset": "Password reset by somebody else",
    "AccessTokenCreated": "Access token created",
    "TokenExchanged": "Token exchanged for an access token",
    "TokenExchangeFailed": "Token exchange refused",
    "SimulationStarted": "Administrator looked at the server as another user",
    "AccessDenied": "Access denied",
}
_SECRETS: Mapping[str, str] = {
    "SecretUsed": "Secret used",
    "PrivateKeyExported": "Private key exported",
    "MasterKeyRotated": "Master key rotated",
    "SigningKeyRotated": "Signing key rotated",
    "SigningKeyRevoked": "Signing key revoked",
}
_READS: Mapping[str, str] = {
    "FileDownloaded": "File downloaded",
    "EventsExported": "Events exported",
}
_TRAIL: Mapping[str, str] = {
    "EventsArchived": "Events moved to the archive",
    "EventArchiveDeleted": "Archive of events deleted",
    "AuditStreamTested": "Audit stream tested",
    "AuditStreamFailing": "Audit stream does not get through",
    "AuditStreamRecovered": "Audit stream gets through again",
    "AuditStreamSkipped": "Audit stream left out events",
}

#: Category by id, with the name that people read.
CATEGORIES: Mapping[str, str] = {
    CREATED: "Document created",
    MODIFIED: "Document modified",
    DELETED: "Document deleted",
    **{f"{noun}{turn}": f"{_NOUNS[noun]} {_TURN_WORDS[turn]}" for noun in _NOUNS for turn in _TURNS},
    "AutomaticDeploymentStarted": "Deployment started by the lifecycle",
    "AutomaticDeploymentRefused": "Automatic deployment refused",
    "ManualInterventionInterruptionRaised": "Manual intervention needed",
    "GuidedFailureInterruptionRaised": "Guided failure needs a decision",
    "MachineAdded": "Machine added",
    "MachineDeleted": "Machine deleted",
    "MachineEnabled": "Machine enabled",
    "MachineDisabled": "Machine disabled",
    "MachineDeploymentRelatedPropertyWasUpdated": "Machine changed in a way that matters to deployments",
    "MachineHealthy": "Machine found healthy",
    "MachineUnhealthy": "Machine found unhealthy",
    "MachineUnavailable": "Machine found unavailable",
    "MachineHasWarnings": "Machine found healthy, with warnings",
    "MachineCleanedUp": "Machine deleted because it was unavailable for too long",
    "MachineCleanupFailed": "Machine that was unavailable for too long could not be deleted",
    "CertificateExpiry20DayWarning": "Certificate expires within 20 days",
    "CertificateExpiry10DayWarning": "Certificate expires within 10 days",
    "CertificateExpired": "Certificate has expired",
    "CertificateExported": "Certificate exported",
    "ApiKeyExpiry20DayWarning": "API key expires within 20 days",
    "ApiKeyExpiry10DayWarning": "API key expires within 10 days",
    "ApiKeyExpired": "API key has expired",
    **_SIGN_INS,
    **_SECRETS,
    **_READS,
    **_TRAIL,
}

#: Groups of categories, as triggers and subscriptions name them.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Document": ("Document events", (CREATED, MODIFIED, DELETED)),
    "Deployment": (
        "Deployment events",
        (*(f"Deployment{turn}" for turn in _TURNS), "AutomaticDeploymentStarted", "AutomaticDeploymentRefused"),
    ),
    "RunbookRun": ("Runbook run events", tuple(f"RunbookRun{turn}" for turn in _TURNS)),
    "Task": ("Task events", tuple(f"Task{turn}" for turn in _TURNS)),
    "Interruption": (
        "Interruption events",
        ("ManualInterventionInterruptionRaised", "GuidedFailureInterruptionRaised"),
    ),
    "Machine": ("Machine events", tuple(name for name in CATEGORIES if name.startswith("Machine"))),
    "CertificateExpiryEvents": (
        "Certificate expiry events",
        ("CertificateExpiry20DayWarning", "CertificateExpiry10DayWarning", "CertificateExpired"),
    ),
    "ApiKeyExpiryEvents": (
        "API key expiry events",
        ("ApiKeyExpiry20DayWarning", "ApiKeyExpiry10DayWarning", "ApiKeyExpired"),
    ),
    "SignIn": ("Sign-in events", tuple(_SIGN_INS)),
    "Secret": ("Secret events", ("CertificateExported", *_SECRETS)),
    "Read": ("Download events", tuple(_READS)),
    "AuditTrail": ("Audit trail events", tuple(_TRAIL)),
    "MachineHealthChanged": (
        "Machine health changed",
        ("MachineHealthy", "MachineUnhealthy", "MachineUnavailable", "MachineHasWarnings"),
    ),
    "MachineCritical": ("Machine critical events", ("MachineUnhealthy", "MachineUnavailable")),
    "MachineAvailableForDeployment": (
        "Machine becomes available for deployment",
        (
            "MachineAdded",
            "MachineEnabled",
            "MachineDeploymentRelatedPropertyWasUpdated",
            "MachineHealthy",
            "MachineHasWarnings",
        ),
    ),
    "MachineUnavailableForDeployment": (
        "Machine is no longer available for deployment",
        ("MachineDeleted", "MachineDisabled", "MachineUnhealthy", "MachineUnavailable"),
    ),
}

#: Programs by the beginning of what they call themselves.
AGENTS: Mapping[str, tuple[str, str]] = {
    "portal": ("Web portal", "mozilla/"),
    "octopus-cli": ("Octopus command line", "octopus-cli"),
    "go-octopusdeploy": ("Go client", "go-octopusdeploy"),
    "ts-octopusdeploy": ("TypeScript client", "ts-octopusdeploy"),
    "OctopusClient-dotnet": ("C# client", "octopusclient-dotnet"),
    "terraform": ("Terraform provider", "terraform"),
    "polpo-agent": ("Polpo agent", "polpo"),
    "server": ("Server", ""),
    "other": ("Other program", ""),
}


def agent_of(user_agent: str, *, is_server: bool) -> str:
    """Which of the known programs a request came from."""
    if is_server:
        return "server"
    told = user_agent.lower()
    return next((name for name, (_, prefix) in AGENTS.items() if prefix and told.startswith(prefix)), "other")


def categories_of_groups(groups: list[str]) -> list[str]:
    """The categories that the named groups gather; an unknown group gathers none."""
    wanted = {group.casefold() for group in groups}
    found = [category for name, (_, members) in GROUPS.items() if name.casefold() in wanted for category in members]
    return list(dict.fromkeys(found))

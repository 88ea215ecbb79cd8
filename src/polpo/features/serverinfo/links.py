"""The names that clients look up in the two root documents, with their URI templates (contract: links.json).

`{SpaceId}` is filled by the server; every other `{…}` stays for the client. A client sends a query parameter only when
the template names it, so the templates name all that any client knows.
"""

from __future__ import annotations

ROOT_LINKS: dict[str, str] = {
    "ArchivedEventFiles": "/api/events/archives{/fileName}{?skip,take}",
    "Authenticate_Octopus ID": "/users/authenticate/OctopusID{?returnUrl}",
    "Authentication": "/api/authentication",
    "AzureDevOpsConnectivityCheck": "/api/azuredevopsissuetracker/connectivitycheck",
    "AzureEnvironments": "/api/accounts/azureenvironments",
    "BackupConfiguration": "/api/backupconfiguration",
    "CertificateConfiguration": "/api/configuration/certificates{/id}{?skip,take,ids,partialName}",
    "CloudTemplate": "/api/cloudtemplate/{id}/metadata{?packageId,feedId}",
    "CommunityActionTemplates": "/api/communityactiontemplates{/id}{?skip,take,ids}",
    "Configuration": "/api/configuration{/id}",
    "CurrentLicense": "/api/licenses/licenses-current",
    "CurrentLicenseStatus": "/api/licenses/licenses-current-status",
    "CurrentUser": "/api/users/me",
    "DeploymentFreezes": (
        "/api/deploymentfreezes{/id}{?skip,take,ids,partialName,projectIds,environmentIds,tenantIds,"
        "includeComplete,status}"
    ),
    "DynamicExtensionsFeaturesMetadata": "/api/dynamic-extensions/features/metadata",
    "DynamicExtensionsFeaturesValues": "/api/dynamic-extensions/features/values",
    "DynamicExtensionsScripts": "/api/dynamic-extensions/scripts",
    "EventAgents": "/api/events/agents",
    "EventCategories": "/api/events/categories{?appliesTo}",
    "EventDocumentTypes": "/api/events/documenttypes",
    "EventGroups": "/api/events/groups{?appliesTo}",
    "Events": (
        "/api/events{/id}{?skip,regarding,regardingAny,user,users,projects,projectGroups,environments,"
        "eventGroups,eventCategories,eventAgents,tags,tenants,from,to,internal,fromAutoId,toAutoId,"
        "documentTypes,asCsv,take,ids,spaces,includeSystem,excludeDifference,includeInternalEvents}"
    ),
    "ExtensionStats": "/api/serverstatus/extensions",
    "ExternalSecurityGroupProviders": "/api/externalsecuritygroupproviders",
    "ExternalUserSearch": "/api/users/external-search{?partialName}",
    "FeaturesConfiguration": "/api/featuresconfiguration",
    "Invitations": "/api/users/invitations",
    "IssueTrackers": "/api/issuetrackers{?skip,take,ids,partialName}",
    "JiraConnectAppCredentialsTest": "/api/jiraintegration/connectivitycheck/connectapp",
    "JiraCredentialsTest": "/api/jiraintegration/connectivitycheck/jira",
    "LetsEncryptConfiguration": "/api/letsencryptconfiguration",
    "LoginInitiated": "/api/authentication/checklogininitiated",
    "MaintenanceConfiguration": "/api/maintenanceconfiguration",
    "MigrationsImport": "/api/migrations/import",
    "MigrationsPartialExport": "/api/migrations/partialexport",
    "OctopusServerClusterSummary": "/api/octopusservernodes/summary",
    "OctopusServerNodes": "/api/octopusservernodes{/id}{?skip,take,ids,partialName}",
    "PerformanceConfiguration": "/api/performanceconfiguration",
    "PermissionDescriptions": "/api/permissions/all",
    "Register": "/api/users/register",
    "RetentionDefaultConfiguration": "/api/configuration/retention-default",
    "Scheduler": "/api/scheduler/{name}/logs{?verbose,tail}",
    "ScopedUserRoles": "/api/scopeduserroles{/id}{?skip,take,ids,partialName,spaces,includeSystem}",
    "Self": "/api",
    "ServerConfiguration": "/api/serverconfiguration",
    "ServerConfigurationSettings": "/api/serverconfiguration/settings",
    "ServerHealthStatus": "/api/serverstatus/health",
    "ServerStatus": "/api/serverstatus",
    "SignIn": "/api/users/login{?returnUrl}",
    "SignOut": "/api/users/logout",
    "SmtpConfiguration": "/api/smtpconfiguration",
    "SmtpIsConfigured": "/api/smtpconfiguration/isconfigured",
    "SpaceHome": "/api/{spaceId}",
    "Spaces": "/api/spaces{/id}{?name,skip,ids,take,partialName}",
    "StepPackageDeploymentTargetTypes": "/api/steps/deploymenttargets",
    "TaskTypes": "/api/tasks/taskTypes",
    "Tasks": (
        "/api/tasks{/id}{?skip,active,environment,tenant,runbook,project,name,node,running,states,"
        "hasPendingInterruptions,hasWarningsOrErrors,take,ids,partialName,spaces,includeSystem}"
    ),
    "TeamMembership": "/api/teammembership{?userId,spaces,includeSystem}",
    "TeamMembershipPreviewTeam": "/api/teammembership/previewteam",
    "Teams": "/api/teams{/id}{?skip,take,ids,partialName,spaces,includeSystem}",
    "TelemetryConfiguration": "/api/telemetryconfiguration",
    "Timezones": "/api/serverstatus/timezones",
    "UpgradeConfiguration": "/api/upgradeconfiguration",
    "UserAuthentication": "/api/users/authentication{/userId}",
    "UserIdentityMetadata": "/api/users/identity-metadata",
    "UserRoles": "/api/userroles{/id}{?skip,take,ids,partialName}",
    "Users": "/api/users{/id}{?skip,take,ids,filter}",
    "VersionControlClearCache": "/api/configuration/versioncontrol/clear-cache",
    "Web": "/app",
    "WorkerToolsLatestImages": "/api/workertoolslatestimages",
}

SPACE_LINKS: dict[str, str] = {
    "Accounts": "/api/{SpaceId}/accounts{/id}{?skip,take,ids,partialName,accountType}",
    "ActionTemplateLogo": "/api/{SpaceId}/actiontemplates/{typeOrId}/logo{?cb}",
    "ActionTemplateVersionedLogo": "/api/{SpaceId}/actiontemplates/{typeOrId}/versions/{version}/logo{?cb}",
    "ActionTemplates": "/api/{SpaceId}/actiontemplates{/id}{?skip,take,ids,partialName}",
    "ActionTemplatesCategories": "/api/{SpaceId}/actiontemplates/categories",
    "ActionTemplatesSearch": "/api/{SpaceId}/actiontemplates/search{?type}",
    "Artifacts": "/api/{SpaceId}/artifacts{/id}{?skip,take,regarding,ids,partialName,order}",
    "BuildInformation": "/api/{SpaceId}/build-information{/id}{?filter,packageId,latest,skip,take,overwriteMode}",
    "BuildInformationBulk": "/api/{SpaceId}/build-information/bulk{?ids}",
    "BuiltInFeedStats": "/api/{SpaceId}/feeds/stats",
    "Certificates": (
        "/api/{SpaceId}/certificates{/id}{?skip,take,search,archived,tenant,firstResult,orderBy,ids,partialName}"
    ),
    "Channels": "/api/{SpaceId}/channels{/id}{?skip,take,ids,partialName}",
    "ContainerLogs": "/api/{SpaceId}/observability/logs/sessions{/sessionId}",
    "Dashboard": (
        "/api/{SpaceId}/dashboard{?projectId,releaseId,selectedTenants,selectedTags,showAll,"
        "highestLatestVersionPerProjectAndEnvironment}"
    ),
    "DashboardConfiguration": "/api/{SpaceId}/dashboardconfiguration",
    "DashboardDynamic": "/api/{SpaceId}/dashboard/dynamic{?projects,environments,includePrevious}",
    "DeploymentProcesses": "/api/{SpaceId}/deploymentprocesses{/id}{?skip,take,ids}",
    "Deployments": (
        "/api/{SpaceId}/deployments{/id}{?skip,take,ids,projects,environments,tenants,channels,taskState,partialName}"
    ),
    "DiscoverMachine": "/api/{SpaceId}/machines/discover{?host,port,type,proxyId}",
    "DiscoverWorker": "/api/{SpaceId}/workers/discover{?host,port,type,proxyId}",
    "EnvironmentSortOrder": "/api/{SpaceId}/environments/sortorder",
    "Environments": "/api/{SpaceId}/environments{/id}{?name,skip,ids,take,partialName,slug}",
    "EnvironmentsSummary": (
        "/api/{SpaceId}/environments/summary{?ids,partialName,machinePartialName,roles,isDisabled,"
        "healthStatuses,commStyles,tenantIds,tenantTags,hideEmptyEnvironments,shellNames,"
        "deploymentTargetTypes}"
    ),
    "ExportProjects": "/api/{SpaceId}/projects/import-export/export",
    "Feeds": "/api/{SpaceId}/feeds{/id}{?skip,take,ids,partialName,feedType,name}",
    "GitCredentials": "/api/{SpaceId}/git-credentials{/id}{?skip,take,name}",
    "ImportProjects": "/api/{SpaceId}/projects/import-export/import",
    "Interruptions": "/api/{SpaceId}/interruptions{/id}{?skip,take,regarding,pendingOnly,ids}",
    "KubernetesMonitors": "/api/{SpaceId}/observability/kubernetes-monitors{/id}",
    "KubernetesResource": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/untenanted/machines/{machineId}/res"
        "ources/{desiredOrKubernetesMonitoredResourceId}"
    ),
    "KubernetesResourceManifest": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/untenanted/machines/{machineId}/res"
        "ources/{desiredOrKubernetesMonitoredResourceId}/manifest"
    ),
    "LibraryVariables": "/api/{SpaceId}/libraryvariablesets{/id}{?skip,contentType,take,ids,partialName}",
    "Lifecycles": "/api/{SpaceId}/lifecycles{/id}{?skip,take,ids,partialName}",
    "LiveStatus": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/untenanted/livestatus{?summaryOnly}"
    ),
    "MachineOperatingSystems": "/api/{SpaceId}/machines/operatingsystem/names/all",
    "MachinePolicies": "/api/{SpaceId}/machinepolicies{/id}{?skip,take,ids,partialName}",
    "MachinePolicyTemplate": "/api/{SpaceId}/machinepolicies/template",
    "MachineRoles": "/api/{SpaceId}/machineroles/all",
    "MachineShells": "/api/{SpaceId}/machines/operatingsystem/shells/all",
    "Machines": (
        "/api/{SpaceId}/machines{/id}{?skip,take,name,ids,partialName,roles,isDisabled,healthStatuses,"
        "commStyles,tenantIds,tenantTags,environmentIds,thumbprint,deploymentId,shellNames,"
        "deploymentTargetTypes}"
    ),
    "PackageDeltaSignature": "/api/{SpaceId}/packages/{packageId}/{version}/delta-signature",
    "PackageDeltaUpload": "/api/{SpaceId}/packages/{packageId}/{baseVersion}/delta{?replace,overwriteMode}",
    "PackageMetadata": "/api/{SpaceId}/package-metadata{/id}{?filter,latest,skip,take,replace,overwriteMode}",
    "PackageNotesList": "/api/{SpaceId}/packages/notes{?packageIds}",
    "PackageUpload": "/api/{SpaceId}/packages/raw{?replace,overwriteMode}",
    "Packages": "/api/{SpaceId}/packages{/id}{?nuGetPackageId,filter,latest,skip,take,includeNotes}",
    "PackagesBulk": "/api/{SpaceId}/packages/bulk{?ids}",
    "ProjectGroups": "/api/{SpaceId}/projectgroups{/id}{?skip,take,ids,partialName}",
    "ProjectImportFiles": "/api/{SpaceId}/projects/import-export/import-files{?skip,take,type}",
    "ProjectImportPreview": "/api/{SpaceId}/projects/import-export/import/preview",
    "ProjectPulse": "/api/{SpaceId}/projects/pulse{?projectIds}",
    "ProjectTriggers": "/api/{SpaceId}/projecttriggers{/id}{?skip,take,ids,runbooks}",
    "Projects": "/api/{SpaceId}/projects{/id}{?name,skip,ids,clone,take,partialName,clonedFromProjectId}",
    "ProjectsExperimentalSummaries": "/api/{SpaceId}/projects/experimental/summaries{?ids}",
    "Proxies": "/api/{SpaceId}/proxies{/id}{?skip,take,ids,partialName}",
    "Releases": "/api/{SpaceId}/releases{/id}{?skip,ignoreChannelRules,take,ids}",
    "Reporting/DeploymentsCountedByWeek": "/api/{SpaceId}/reporting/deployments-counted-by-week{?projectIds}",
    "ResourceEvents": "/api/{SpaceId}/observability/events/sessions{/sessionId}",
    "RetentionPolicies": "/api/{SpaceId}/retentionpolicies{/id}{?RetentionType}",
    "RunbookProcesses": "/api/{SpaceId}/runbookProcesses{/id}{?skip,take,ids}",
    "RunbookRuns": (
        "/api/{SpaceId}/runbookRuns{/id}{?skip,take,ids,projects,environments,tenants,runbooks,taskState,partialName}"
    ),
    "RunbookSnapshots": "/api/{SpaceId}/runbookSnapshots{/id}{?skip,take,ids,publish}",
    "Runbooks": "/api/{SpaceId}/runbooks{/id}{?skip,take,ids,partialName,clone,projectIds}",
    "ScheduledProjectTriggers": "/api/{SpaceId}/scheduledprojecttriggers{/id}{?skip,take,ids}",
    "SpaceSearch": "/api/{SpaceId}/search{?keyword}",
    "SshKnownHosts": "/api/{SpaceId}/sshknownhosts{/id}{?skip,take,ids,partialName,partialHost}",
    "Subscriptions": "/api/{SpaceId}/subscriptions{/id}{?skip,take,ids,partialName,spaces}",
    "TagSetSortOrder": "/api/{SpaceId}/tagsets/sortorder",
    "TagSets": "/api/{SpaceId}/tagsets{/id}{?skip,take,ids,partialName,scopes}",
    "TenantTagTest": "/api/{SpaceId}/tenants/tag-test{?tenantIds,tags}",
    "TenantVariables": "/api/{SpaceId}/tenantvariables/all{?projectId}",
    "TenantedKubernetesResource": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/tenants/{tenantId}/machines/{machin"
        "eId}/resources/{desiredOrKubernetesMonitoredResourceId}"
    ),
    "TenantedKubernetesResourceManifest": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/tenants/{tenantId}/machines/{machin"
        "eId}/resources/{desiredOrKubernetesMonitoredResourceId}/manifest"
    ),
    "TenantedLiveStatus": (
        "/api/{SpaceId}/projects/{projectId}/environments/{environmentId}/tenants/{tenantId}/livestatus{?summaryOnly}"
    ),
    "Tenants": (
        "/api/{SpaceId}/tenants{/id}{?skip,projectId,name,tags,take,ids,clone,partialName,clonedFromTenantId,"
        "isDisabled,slug}"
    ),
    "TenantsMissingVariables": (
        "/api/{SpaceId}/tenants/variables-missing{?tenantId,projectId,environmentId,includeDetails}"
    ),
    "TenantsStatus": "/api/{SpaceId}/tenants/status",
    "Triggers": "/api/{SpaceId}/projecttriggers{/id}{?skip,take,ids,runbooks}",
    "UserOnboarding": "/api/{SpaceId}/useronboarding",
    "VariableNames": "/api/{SpaceId}/variables/names{?project,runbook,projectEnvironmentsFilter,gitRef}",
    "VariablePreview": (
        "/api/{SpaceId}/variables/preview{?project,runbook,environment,channel,tenant,action,machine,role,gitRef}"
    ),
    "Variables": "/api/{SpaceId}/variables{/id}{?ids}",
    "VersionRuleTest": "/api/{SpaceId}/channels/rule-test{?version,versionRange,preReleaseTag,feedType}",
    "WorkerOperatingSystems": "/api/{SpaceId}/workers/operatingsystem/names/all",
    "WorkerPoolSortOrder": "/api/{SpaceId}/workerpools/sortorder",
    "WorkerPools": "/api/{SpaceId}/workerpools{/id}{?name,skip,ids,take,partialName}",
    "WorkerPoolsDynamicWorkerTypes": "/api/{SpaceId}/workerpools/dynamicworkertypes",
    "WorkerPoolsSortOrder": "/api/{SpaceId}/workerpools/sortorder",
    "WorkerPoolsSummary": (
        "/api/{SpaceId}/workerpools/summary{?ids,partialName,machinePartialName,isDisabled,healthStatuses,"
        "commStyles,hideEmptyWorkerPools,shellNames}"
    ),
    "WorkerPoolsSupportedTypes": "/api/{SpaceId}/workerpools/supportedtypes",
    "WorkerShells": "/api/{SpaceId}/workers/operatingsystem/shells/all",
    "Workers": (
        "/api/{SpaceId}/workers{/id}{?skip,take,name,ids,partialName,isDisabled,healthStatuses,commStyles,"
        "workerPoolIds,thumbprint,shellNames}"
    ),
    "machines": (
        "/api/{SpaceId}/machines{/id}{?skip,take,name,ids,partialName,roles,isDisabled,healthStatuses,"
        "commStyles,tenantIds,tenantTags,environmentIds,thumbprint,deploymentId,shellNames,"
        "deploymentTargetTypes}"
    ),
}

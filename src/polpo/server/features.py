"""Every feature's routes, in the order in which the API reference shows them, and what features give a new space."""

from __future__ import annotations

from polpo.features.accounts.routes import routes as accounts
from polpo.features.actiontemplates.communityroutes import routes as communityactiontemplates
from polpo.features.actiontemplates.routes import routes as actiontemplates
from polpo.features.artifacts.routes import routes as artifacts
from polpo.features.auditstream.routes import routes as audit_stream
from polpo.features.authentication.routes import routes as authentication
from polpo.features.automaticdeployments.routes import routes as automaticdeployments
from polpo.features.buildinformation.routes import routes as buildinformation
from polpo.features.certificates.routes import routes as certificates
from polpo.features.channels.routes import routes as channels
from polpo.features.configuration.routes import routes as configuration
from polpo.features.dashboards.configuring import routes as dashboardconfiguration
from polpo.features.dashboards.projecttenants import routes as project_tenants
from polpo.features.dashboards.reporting import routes as reporting
from polpo.features.dashboards.routes import routes as dashboards
from polpo.features.deploymentfreezes.routes import routes as deploymentfreezes
from polpo.features.deployments.routes import routes as deployments
from polpo.features.environments.ephemeralroutes import routes as ephemeral_environments
from polpo.features.environments.routes import routes as environments
from polpo.features.environmentstates.routes import routes as environment_states
from polpo.features.events.archiveroutes import routes as event_archives
from polpo.features.events.routes import routes as events
from polpo.features.featuretoggles.routes import routes as featuretoggles
from polpo.features.feeds.routes import routes as feeds
from polpo.features.feeds.service import defaults as default_feed
from polpo.features.git.refroutes import routes as git_refs
from polpo.features.git.routes import routes as git
from polpo.features.git.runbookroutes import routes as git_runbooks
from polpo.features.gitcredentials.routes import routes as gitcredentials
from polpo.features.interruptions.routes import routes as interruptions
from polpo.features.invitations.routes import routes as invitations
from polpo.features.ldap.routes import routes as ldap
from polpo.features.libraryvariablesets.routes import routes as libraryvariablesets
from polpo.features.lifecycles.routes import routes as lifecycles
from polpo.features.lifecycles.service import ensure_default_lifecycle
from polpo.features.machinepolicies.routes import routes as machinepolicies
from polpo.features.machinepolicies.service import defaults as default_machine_policy
from polpo.features.machines.routes import routes as machines
from polpo.features.observability.monitors import routes as monitors
from polpo.features.observability.routes import routes as observability
from polpo.features.openidconnect.routes import plain_routes as octopus_id
from polpo.features.openidconnect.routes import routes as openidconnect
from polpo.features.packages.deltaroutes import routes as package_deltas
from polpo.features.packages.feedroutes import routes as feed_packages
from polpo.features.packages.routes import nuget_routes
from polpo.features.packages.routes import routes as packages
from polpo.features.processes.routes import routes as processes
from polpo.features.projectgroups.routes import routes as projectgroups
from polpo.features.projectgroups.service import ensure_default_project_group
from polpo.features.projects.routes import routes as projects
from polpo.features.proxies.routes import routes as proxies
from polpo.features.ratelimits.routes import routes as ratelimits
from polpo.features.releases.routes import routes as releases
from polpo.features.releases.templateroutes import routes as release_templates
from polpo.features.retention.routes import routes as retention
from polpo.features.rights.explainroutes import routes as explained_rights
from polpo.features.rights.routes import routes as rights
from polpo.features.runbookruns.dashboardroutes import routes as runbook_dashboards
from polpo.features.runbookruns.gitroutes import routes as git_runbook_runs
from polpo.features.runbookruns.previewroutes import routes as runbook_previews
from polpo.features.runbookruns.routes import routes as runbook_runs
from polpo.features.runbooks.routes import routes as runbooks
from polpo.features.runbooksnapshots.routes import routes as runbook_snapshots
from polpo.features.serverinfo.diagnostics import routes as diagnostics
from polpo.features.serverinfo.licences import routes as licences
from polpo.features.serverinfo.nodes import routes as nodes
from polpo.features.serverinfo.routes import routes as serverinfo
from polpo.features.serverinfo.status import routes as status
from polpo.features.serviceaccounts.routes import routes as serviceaccounts
from polpo.features.serviceaccounts.routes import token_routes
from polpo.features.spaces.routes import routes as spaces
from polpo.features.spaces.searching import routes as search
from polpo.features.spaces.service import SpaceEquipment
from polpo.features.sshknownhosts.routes import routes as sshknownhosts
from polpo.features.subjecttokens.routes import routes as subjecttokens
from polpo.features.subscriptions.routes import routes as subscriptions
from polpo.features.tagsets.routes import routes as tagsets
from polpo.features.tasks.routes import routes as tasks
from polpo.features.teams.routes import routes as teams
from polpo.features.teams.service import ensure_built_in_teams, ensure_space_managers
from polpo.features.tenants.connecting import routes as tenant_connections
from polpo.features.tenants.routes import routes as tenants
from polpo.features.tenants.variableroutes import routes as tenant_variables
from polpo.features.triggers.routes import routes as triggers
from polpo.features.usages.routes import routes as usages
from polpo.features.userroles.routes import routes as userroles
from polpo.features.userroles.service import ensure_built_in_roles
from polpo.features.users.keyroutes import routes as api_keys
from polpo.features.users.lockoutroutes import routes as lockouts
from polpo.features.users.routes import routes as users
from polpo.features.users.sessionroutes import routes as user_sessions
from polpo.features.variables.routes import routes as variables
from polpo.features.workerpools.routes import routes as workerpools
from polpo.features.workerpools.service import defaults as default_worker_pool
from polpo.features.workers.routes import routes as workers
from polpo.rest.routes import Routes

COLLECTIONS: tuple[Routes, ...] = (
    serverinfo,
    status,
    nodes,
    diagnostics,
    licences,
    configuration,
    ratelimits,
    spaces,
    search,
    users,
    api_keys,
    lockouts,
    user_sessions,
    authentication,
    openidconnect,
    octopus_id,
    ldap,
    invitations,
    userroles,
    teams,
    rights,
    explained_rights,
    serviceaccounts,
    token_routes,
    subjecttokens,
    dashboards,
    project_tenants,
    runbook_dashboards,
    dashboardconfiguration,
    reporting,
    projectgroups,
    projects,
    git,
    git_refs,
    git_runbooks,
    processes,
    channels,
    featuretoggles,
    observability,
    monitors,
    variables,
    libraryvariablesets,
    actiontemplates,
    communityactiontemplates,
    releases,
    release_templates,
    lifecycles,
    retention,
    deployments,
    automaticdeployments,
    runbooks,
    runbook_snapshots,
    runbook_runs,
    runbook_previews,
    git_runbook_runs,
    deploymentfreezes,
    triggers,
    tasks,
    interruptions,
    event_archives,
    audit_stream,
    events,
    subscriptions,
    artifacts,
    environments,
    ephemeral_environments,
    environment_states,
    tenants,
    tenant_connections,
    tenant_variables,
    tagsets,
    machines,
    machinepolicies,
    workerpools,
    workers,
    usages,
    accounts,
    certificates,
    proxies,
    sshknownhosts,
    feeds,
    feed_packages,
    packages,
    package_deltas,
    nuget_routes,
    buildinformation,
    gitcredentials,
)

EQUIPMENT = SpaceEquipment(
    (
        ensure_space_managers,
        ensure_default_project_group,
        ensure_default_lifecycle,
        default_machine_policy,
        default_worker_pool,
        default_feed,
    ),
    (ensure_built_in_roles, ensure_built_in_teams),
)

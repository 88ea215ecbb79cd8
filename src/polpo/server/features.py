"""Every feature's routes, in the order in which the API reference shows them."""

from __future__ import annotations

from polpo.features.environments.routes import routes as environments
from polpo.features.feeds.routes import routes as feeds
from polpo.features.interruptions.routes import routes as interruptions
from polpo.features.machinepolicies.routes import routes as machinepolicies
from polpo.features.machines.routes import routes as machines
from polpo.features.serverinfo.routes import routes as serverinfo
from polpo.features.spaces.routes import routes as spaces
from polpo.features.tasks.routes import routes as tasks
from polpo.features.users.routes import routes as users
from polpo.features.workerpools.routes import routes as workerpools
from polpo.rest.routes import Routes

COLLECTIONS: tuple[Routes, ...] = (
    serverinfo,
    spaces,
    users,
    environments,
    machines,
    machinepolicies,
    workerpools,
    feeds,
    tasks,
    interruptions,
)

"""Git credentials over HTTP."""

from __future__ import annotations

from polpo.features.gitcredentials.resource import GIT_CREDENTIALS, GitCredentialUsage
from polpo.features.gitcredentials.service import settle_credential, usage_of
from polpo.rest.call import Call
from polpo.rest.collection import Collection
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes

routes = Routes("gitcredentials")

git_credentials = Collection(
    GIT_CREDENTIALS,
    "/git-credentials",
    view=Permission.GIT_CREDENTIAL_VIEW,
    create=Permission.GIT_CREDENTIAL_EDIT,
    edit=Permission.GIT_CREDENTIAL_EDIT,
    delete=Permission.GIT_CREDENTIAL_EDIT,
    prepare=settle_credential,
)
git_credentials.register(routes)


@routes.get("/git-credentials/{id}/usage", Permission.GIT_CREDENTIAL_VIEW)
def usage(call: Call, id: str) -> GitCredentialUsage:
    """The projects that use a Git credential"""
    return usage_of(call, git_credentials.find(call, id))

"""Every kind of step of this server. A new family registers here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from polpo.steps.deployrelease import RELEASE, perform_release
from polpo.steps.email import EMAIL, perform_email
from polpo.steps.healthcheck import CHECK_HEALTH, perform_health_check
from polpo.steps.kubernetes import RUN_KUBECTL
from polpo.steps.manual import MANUAL
from polpo.steps.scripted import DEPLOY_PACKAGE, RUN_SCRIPT
from polpo.steps.services import Services
from polpo.steps.work import Catalogue

#: What there is: to plan with and to show. What needs the server's services is performed by `equipped` only.
CATALOGUE = Catalogue([RUN_SCRIPT, DEPLOY_PACKAGE, MANUAL, EMAIL, CHECK_HEALTH, RELEASE, RUN_KUBECTL])


def equipped(services: Services) -> Catalogue:
    """The same kinds, each of which can be performed."""
    served = {
        EMAIL.type: partial(perform_email, services.mailer),
        CHECK_HEALTH.type: partial(perform_health_check, services.checkups),
        RELEASE.type: partial(perform_release, services.releases),
    }
    return Catalogue([replace(kind, perform=served.get(kind.type, kind.perform)) for kind in CATALOGUE])

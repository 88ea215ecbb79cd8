"""Every kind of step of this server. A new family registers here."""

from __future__ import annotations

from polpo.steps.manual import MANUAL
from polpo.steps.scripted import DEPLOY_PACKAGE, RUN_SCRIPT
from polpo.steps.work import Catalogue

CATALOGUE = Catalogue([RUN_SCRIPT, DEPLOY_PACKAGE, MANUAL])

"""How much is deployed, week by week."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa

from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.rest.call import Call
from polpo.rest.permissions import Permission
from polpo.rest.protection import protection_of
from polpo.rest.routes import Routes
from polpo.store.documents import Document, Resource

routes = Routes("reporting")

_WEEKS = 52


class NumericReportSeries(Resource):
    label: str
    data: list[int]


class NumericReportData(Resource):
    labels: list[str]
    series: list[NumericReportSeries]


class ReportDeploymentCountOverTime(Document, kw_only=True):
    project_id: str
    report_data: NumericReportData


@routes.get("/reporting/deployments-counted-by-week", Permission.DEPLOYMENT_VIEW, query=("projectIds",))
def deployments_by_week(call: Call) -> list[ReportDeploymentCountOverTime]:
    """Count the deployments of projects in each week of the last year; weeks begin on Monday"""
    table = DEPLOYMENTS.table
    now = call.clock.now()
    this_week = now.date() - timedelta(days=now.weekday())
    weeks = [this_week - timedelta(weeks=distance) for distance in range(_WEEKS)][::-1]
    since = now - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) - (now.date() - weeks[0])
    seen = call.narrowed(Permission.DEPLOYMENT_VIEW, protection_of(DEPLOYMENTS))
    where = [table.c.space_id == call.space, table.c.created >= since, *seen]
    if wanted := call.texts("projectIds"):
        where.append(table.c.project_id.in_(wanted))
    day = sa.cast(sa.func.date(table.c.created), sa.Text)
    statement = sa.select(table.c.project_id, day, sa.func.count()).where(*where).group_by(table.c.project_id, day)
    counted: dict[str, Counter[date]] = {project: Counter() for project in wanted}
    for project, text, count in call.session.connection.execute(statement):
        made = date.fromisoformat(text)
        counted.setdefault(project, Counter())[made - timedelta(days=made.weekday())] += count
    return [_report(project, weeks, counts) for project, counts in counted.items()]


def _report(project: str, weeks: list[date], counts: Counter[date]) -> ReportDeploymentCountOverTime:
    series = NumericReportSeries(label="Deployments", data=[counts[week] for week in weeks])
    data = NumericReportData(labels=[week.isoformat() for week in weeks], series=[series])
    return ReportDeploymentCountOverTime(id=f"report-{project}", project_id=project, report_data=data)

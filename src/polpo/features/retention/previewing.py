"""What retention would do, shown by the same rules that do it."""

from __future__ import annotations

from polpo.features.projects.resource import Project
from polpo.features.retention.releases import Group
from polpo.features.retention.resource import PhaseRetention, ProjectRetention, ReleaseRetention, RetentionGroup
from polpo.features.retention.surveying import survey_releases
from polpo.store.session import Session


def preview_retention(session: Session, project: Project) -> ProjectRetention:
    survey = survey_releases(session, project)
    kept = sum(1 for one in survey.verdicts if one.is_kept)
    return ProjectRetention(
        project_id=project.id,
        project_name=project.name,
        kept=kept,
        deleted=len(survey.verdicts) - kept,
        groups=[_group(group) for group in survey.groups],
        releases=[
            ReleaseRetention(
                release_id=one.release.id,
                version=one.release.version,
                channel_id=one.release.channel_id,
                is_kept=one.is_kept,
                reasons=list(one.reasons),
            )
            for one in sorted(survey.verdicts, key=lambda one: -one.release.number)
        ],
    )


def _group(group: Group) -> RetentionGroup:
    phases = [PhaseRetention(name=one.name, keeps=str(one.limit), origin=one.origin) for one in group.phases]
    return RetentionGroup(name=group.name, never_deployed=str(group.never), phases=phases)

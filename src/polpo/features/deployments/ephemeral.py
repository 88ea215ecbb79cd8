"""Releases that bring their own environment: the channel names it by a template, and the release is deployed there."""

from __future__ import annotations

from polpo.engine import Engine
from polpo.features.channels.resource import Channel
from polpo.features.deployments.service import Wish, create_deployment
from polpo.features.environments.ephemeral import legal_name, open_environment
from polpo.features.environments.resource import Environment
from polpo.features.projects.resource import Project
from polpo.features.releases.resource import Release
from polpo.kernel.errors import Invalid
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary
from polpo.rest.call import Call
from polpo.steps.work import Catalogue


def deploy_to_its_environment(call: Call, project: Project, channel: Channel, release: Release) -> Environment | None:
    """The environment that the new release is on its way to; None where its channel does not ask for one.

    What refuses the deployment refuses the release: its maker learns of it at once, and can try again.
    """
    if channel.type != "EphemeralEnvironment" or not channel.automatic_ephemeral_environment_deployments:
        return None
    environment = open_environment(call, project, channel, environment_name(project, channel, release))
    engine, catalogue = call.parts.get(Engine), call.parts.get(Catalogue)
    create_deployment(call.session, engine, catalogue, call.caller, Wish(release, environment))
    return environment


def environment_name(project: Project, channel: Channel, release: Release) -> str:
    """What the channel's template gives for the release, as an environment may be named."""
    template = channel.ephemeral_environment_name_template or ""
    dictionary = VariableDictionary(
        {
            "Octopus.Release.Id": release.id,
            "Octopus.Release.Number": release.version,
            "Octopus.Release.Notes": release.release_notes or "",
            "Octopus.Release.Channel.Id": channel.id,
            "Octopus.Release.Channel.Name": channel.name,
            "Octopus.Project.Id": project.id,
            "Octopus.Project.Name": project.name,
            "Octopus.Project.Slug": project.slug,
            "Octopus.Space.Id": project.space_id,
            **{f"Octopus.Release.CustomFields[{name}]": text for name, text in release.custom_fields.items()},
        }.items()
    )
    try:
        name = legal_name(dictionary.evaluate(template))
    except SubstitutionFailed as error:
        sentence = f"The environment of the release cannot be named from '{template}': {error}"
        raise Invalid(sentence, [sentence]) from error
    if not name:
        sentence = f"The template '{template}' of the channel {channel.name} gives no name for an environment."
        raise Invalid(sentence, [sentence])
    return name

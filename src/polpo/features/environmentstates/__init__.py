"""What runs of a project keep about an environment for later runs: names and values, and addresses to be shown.

Scripts set them by a message; later deployments and runbook runs of the same project, environment and tenant read them
as `Octopus.Environment.State[key]`.
"""

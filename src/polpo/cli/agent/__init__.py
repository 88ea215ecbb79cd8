"""`polpo agent …`: the agent of this machine.

The commands' names are ours; those of the original, and its spellings of options, are second names of the same things.
"""

from polpo.cli.agent import certificates, registering, running, service, settings  # noqa: F401 - they add commands
from polpo.cli.agent.program import agent

__all__ = ["agent"]

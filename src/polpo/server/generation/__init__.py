"""Data of a large installation, made up: to see how Polpo behaves with it before one's own has grown to it.

Projects, releases, deployments, machines and so on are stored as the features store them; nothing is deployed. The
same seed makes the same data.
"""

from polpo.server.generation.amounts import Amounts
from polpo.server.generation.generating import generate

__all__ = ["Amounts", "generate"]

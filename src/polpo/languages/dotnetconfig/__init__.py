"""What a deployment does to .NET configuration files: XML document transforms, and values of
variables put into `appSettings`, `connectionStrings` and `applicationSettings`.

Pure, and loss-free: what is not changed keeps every character. It also runs on targets, so it needs nothing but the
standard library, in the syntax of Python 3.8.
"""

from __future__ import annotations

from polpo.languages.dotnetconfig.replacement import Replacement, Unwritable, replace_variables
from polpo.languages.dotnetconfig.transformation import Transformed, transform
from polpo.languages.structured.results import NotReadable

__all__ = ["NotReadable", "Replacement", "Transformed", "Unwritable", "replace_variables", "transform"]

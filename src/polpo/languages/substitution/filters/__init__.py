"""What templates do with values by name. `built_in` has the table of all filters, and takes long to import: the runner,
which starts anew for every script, needs it only where a template asks for a filter."""

from __future__ import annotations

from typing import Callable, Optional, Sequence

Filter = Callable[[Optional[str], Sequence[str]], Optional[str]]

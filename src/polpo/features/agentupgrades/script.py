"""The script that updates an agent of ours, on the machine."""

from __future__ import annotations

#: Where the bundle is put before the script is started, below the agent's folder; with the script's ticket.
BUNDLE = "Updates/{}.zip"
#: How the script ends: with the new version, with the old one, or on an agent that is not ours.
UPDATED, KEPT, FOREIGN = 0, 3, 4
PROBATION_SECONDS = 90

_SCRIPT = """\
program="${{AgentProgramDirectoryPath:-}}"
if [ ! -f "$program/agent/launcher/updating.py" ]; then
  rm -f "${{TentacleHome:-.}}/{bundle}"
  exit {foreign}
fi
exec "$TentacleExecutablePath" -I -S -c \\
  'import sys; sys.path.append(sys.argv.pop(1)); from polpo.agent.launcher.updating import main; main()' \\
  "$(dirname "$program")" "$TentacleHome" "$TentacleHome/{bundle}" {ticket} {seconds}
"""


def update_script(ticket: str, seconds: int = PROBATION_SECONDS) -> str:
    """`seconds` are what the new version has to come up and answer a call."""
    return _SCRIPT.format(bundle=BUNDLE.format(ticket), ticket=ticket, seconds=seconds, foreign=FOREIGN)

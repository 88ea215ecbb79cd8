"""How much a space keeps of what has been deployed, unless a lifecycle or a runbook says otherwise."""

"""How long things are kept: what lifecycles, runbooks and spaces say, the rules that decide, and the task that applies
them every four hours. The same rules explain: a preview tells of each release why it would stay or go."""

"""What scripts make while they run: targets and accounts, where the environment allows it, and environment state.

A script asks by a service message, whose names and attributes are the original's; `clerk` says which, and each is
carried out by the rules that hold for the same thing over HTTP, in one transaction, on behalf of the task.
"""

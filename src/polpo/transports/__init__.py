"""How scripts and files reach a machine: one protocol, whatever is in between.

`transport.Transport` is what steps see; `local` is this machine, `agent` one with an agent, `ssh` one with nothing but
a shell, `offline` one that nobody reaches. `following.run_script` runs a script over any of them.
"""

"""Updates of our agents: the server brings its own version of the agent to machines, by hand or at health checks.

`bundle` packs the agent from the running installation, `script` installs it on a machine, `upgrading` is the task,
`requesting` queues it, `automatic` does so after health checks where policies say so. Agents of the original are left
alone.
"""

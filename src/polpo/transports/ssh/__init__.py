"""Machines that are reached by SSH, with nothing on them but a shell.

`transport.SshTransport` is what steps see. `connecting` makes a connection and says which layer fails, `pool` keeps one
for each machine, a `channel` is one command on it. What runs over there is `station.sh`, which `station` brings there;
`scripts` follows what it says about a script.
"""

"""Scripts under a supervisor process of their own, so that they outlive the program that started them.

`host.ScriptHost` starts, follows, cancels and forgets scripts; `files.FileStore` takes and gives files. Both speak in
the types of the agent protocol, so that the built-in worker and an agent are the same thing to whoever deploys.
Nothing is imported here: the supervisor is of this package too, and must start quickly.
"""

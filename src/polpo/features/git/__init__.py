"""Projects in Git: their process, settings, variables and runbooks as files on branches of a repository.

The server keeps a bare mirror of each such repository in its data folder. All that touches a mirror or the network runs
on threads of its own (`Repositories`); the documents of the REST API are made of the files there (`files`, `texts`).
"""

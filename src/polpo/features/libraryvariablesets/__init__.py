"""Library variable sets: variables and script modules that several projects include.

The variables themselves are in a variable set of their own. A script module is a set of the content type ScriptModule:
its body and its language are two variables, which reach the scripts of the projects that include it.
"""

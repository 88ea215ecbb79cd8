"""Running scripts: each language gets the variables and the functions that the original gives its scripts.

Variables reach a script in a file that only this user may read and that is removed before the script's first line
runs. They are never in the arguments or the environment of a process.
"""

"""The master key: which one the data is sealed under, how it is replaced, and what is done when it is lost.

Only the current key is needed from outside. While it takes the place of an older one, that one is kept in the database,
sealed under the new key, until nothing is sealed under it any more.
"""

"""Resources as documents: each kind is a table of a few searched columns and the document itself as JSON.

Reads are short and run on the caller's thread. Writes run one after another on a single writer thread, in transactions
that it commits in groups. Documents know their references and their secrets by type, so checking, refusing and sealing
is done here once for all kinds.
"""

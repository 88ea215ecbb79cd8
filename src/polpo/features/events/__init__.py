"""The audit trail: who changed what, when, by which means, with the document before and after.

Events are written by the store's recorder inside the transaction that makes the change, so none can be missing and
none can be told of what did not happen. Nothing here changes or deletes an event.
"""

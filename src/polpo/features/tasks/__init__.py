"""Server tasks over HTTP: what runs, what it says, why it waits, and how to stop it."""

"""Workers: machines of worker pools, which run steps on behalf of targets that cannot run them."""

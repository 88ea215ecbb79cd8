"""Worker pools: machines that run steps on behalf of targets that cannot run them."""

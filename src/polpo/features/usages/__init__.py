"""Who uses an environment, a worker pool or a proxy."""

"""What runs in clusters now. No Kubernetes monitor can be registered yet, so nothing is known of any."""

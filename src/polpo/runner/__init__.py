"""What runs on the target: pure Python 3.8 and the standard library, sent there as one zip application."""

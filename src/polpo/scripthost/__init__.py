"""Scripts under a supervisor process of their own, so that they outlive the program that started them."""

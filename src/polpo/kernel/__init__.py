"""What every layer shares and no product word needs: errors, clock, secrets at rest."""

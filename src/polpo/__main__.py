"""`python -m polpo` is `polpo`."""

from polpo.cli.main import main

main()

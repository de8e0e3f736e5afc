"""Let `python -m microgpt` be the command line."""

import sys

from microgpt.cli import main

sys.exit(main())

"""``python -m kotacontoh`` does what the ``kotacontoh`` command does."""

import sys

from kotacontoh.cli import main

if __name__ == "__main__":
    sys.exit(main())

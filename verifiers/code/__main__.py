import sys

from verifiers.code.cli import main

sys.exit(main())

"""`python -m verifiers.math samples.jsonl -o graded.jsonl`"""

import sys

from verifiers.math.cli import main

sys.exit(main())

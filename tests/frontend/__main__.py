"""`python -m tests.frontend FOLDER`: write the sample pages there, to be looked at in a browser."""

import sys
from pathlib import Path

from tests.frontend.gallery import write

for page in write(Path(sys.argv[1])):
    sys.stdout.write(f"{page}\n")

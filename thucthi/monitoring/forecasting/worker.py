"""python -m thucthi.monitoring.forecasting.worker SECONDS: one series a line of JSON in, one outlook a line out.

Runs by itself because the statistics library takes seconds and a hundred megabytes to load. Ends by itself, too: the
kernel stops it after SECONDS of processor time.
"""

import json
import resource
import sys

from thucthi.monitoring.forecasting.choice import outlook
from thucthi.monitoring.forecasting.lines import line_of_outlook, series_of_line
from thucthi.monitoring.forecasting.shapes import Method
from thucthi.monitoring.forecasting.smoothing import fit_damped, fit_seasonal, fit_theta

SMOOTHING = {Method.DAMPED: fit_damped, Method.THETA: fit_theta, Method.SEASONAL: fit_seasonal}


def main(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for line in sys.stdin:
        found = outlook(series_of_line(json.loads(line)), SMOOTHING)
        # Line by line, so that what was done before the time ran out is not lost.
        sys.stdout.write(json.dumps(line_of_outlook(found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))

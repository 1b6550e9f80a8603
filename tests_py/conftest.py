"""What is collected: the live comparison only where a legacy checkout is named."""

import os

collect_ignore = [] if os.environ.get("REALTIME_BACKEND_LEGACY") else ["test_live_parity.py"]

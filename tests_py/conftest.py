"""Collection rules: the live comparison runs only if `REALTIME_BACKEND_LEGACY` names a legacy checkout."""

import os

collect_ignore = [] if os.environ.get("REALTIME_BACKEND_LEGACY") else ["test_live_parity.py"]

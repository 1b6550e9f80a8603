"""A long session on all machines of a Dask cluster, or on the cores of this one.

pip install "realtime_backend[cluster]"
python examples/dask_render.py TRACK FILE [--scheduler tcp://10.0.0.1:8786]

The file has the same bytes as one that `realtime_backend render` writes on one machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from distributed import Client, LocalCluster
from realtime_backend import cluster


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("track", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--scheduler", help="address of a cluster; default: one on this machine")
    arguments = parser.parse_args()

    local = None if arguments.scheduler else LocalCluster(threads_per_worker=1, dashboard_address=None)
    with Client(arguments.scheduler or local) as client:
        cluster.render_to_file(arguments.track, arguments.file, client=client)
    if local is not None:
        local.close()
    print(arguments.file)


if __name__ == "__main__":
    main()

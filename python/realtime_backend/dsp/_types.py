"""Types of the arguments and results of `realtime_backend.dsp`."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mono: TypeAlias = NDArray[np.float64]
Stereo: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = float | Sequence[float] | NDArray[np.floating]

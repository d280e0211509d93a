"""How fast somebody may ask: a bucket each that fills steadily, kept in the memory of one process."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from api.problems import Refused

_MOST = 10_000


@dataclass
class Pace:
    """The buckets of a process; the one used longest ago is thrown away when there are too many.

    Parameters
    ----------
    a_second
        How many requests a second may go on for ever.
    at_once
        How many may come in a burst.
    clock
        Seconds that only grow.
    """

    a_second: float = 200.0
    at_once: int = 2000
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, whose: str) -> None:
        """Count a request.

        Raises
        ------
        Refused
            `rate_limited`, with the seconds until it may be sent again.
        """
        with self._lock:
            now = self.clock()
            left, since = self._buckets.pop(whose, (float(self.at_once), now))
            left = min(float(self.at_once), left + (now - since) * self.a_second)
            short = 1.0 - left
            self._buckets[whose] = (left if short > 0 else left - 1.0, now)
            if len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        if short > 0:
            raise Refused("rate_limited", headers={"Retry-After": str(math.ceil(short / self.a_second))})

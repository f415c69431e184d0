"""An asyncio loop for a test that needs one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def in_a_loop(session: Coroutine[Any, Any, Result]) -> Result:
    """Run ``session`` in a loop and a thread of its own: the browser tests keep one running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, session).result()

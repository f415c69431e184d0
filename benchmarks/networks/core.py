"""A core with the laws of given networks, whether the catalogue knows them or not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from etabli.physics.build import compile_core
from etabli.physics.core_library import use_core
from etabli.physics.kernels import c_source
from etabli.physics.network import Network


def use_core_for(networks: Iterable[Network]) -> None:
    """Compile the laws of ``networks``, with the flags of the product's core, and use that core from now on."""
    laws, sampled = {}, {}
    for network in networks:
        laws |= {device.law.name: device.law for device in network.devices.values()}
        sampled |= {device.law.name: device.law for device in network.sampled.values()}
    folder = Path(tempfile.mkdtemp(prefix="etabli-benchmark-"))
    compile_core(c_source(laws, sampled), folder)
    use_core(folder)

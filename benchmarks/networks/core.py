"""A core with the laws of given networks, whether the catalogue knows them or not; networks compiled for themselves."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from etabli.physics.build import compile_core
from etabli.physics.core_library import use_core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, Fields, Flows, Law, States
from etabli.physics.network import Network, ParameterRef


def use_core_for(networks: Iterable[Network]) -> None:
    """Compile the laws of ``networks``, with the flags of the product's core, and use that core from now on."""
    laws, sampled = {}, {}
    for network in networks:
        laws |= {device.law.name: device.law for device in network.devices.values()}
        sampled |= {device.law.name: device.law for device in network.sampled.values()}
    folder = Path(tempfile.mkdtemp(prefix="etabli-benchmark-"))
    compile_core(c_source(laws, sampled), folder)
    use_core(folder)


def compiled(network: Network, free: Collection[ParameterRef], held: Collection[str] = ()) -> Network:
    """The network as the other tools compile their equations: every parameter but those of ``free`` is a constant of
    its law, and so are the initial values of the nodes ``held``. A leak that is not there is no arithmetic then. (The
    product's laws are compiled once for all machines; a parameter is a place in memory that a fault can write.)"""
    made = Network()
    for node, domain in network.nodes.items():
        if node not in held:
            made.node(node, domain)
    made.initial.update({node: value for node, value in network.initial.items() if node not in held})
    values = {node: network.initial[node] for node in held}
    for name, device in network.devices.items():
        if all(node in held for node in device.nodes):
            continue
        kept = {p for p in device.law.parameters if ParameterRef(name, p) in free}
        fixed = {p: x for p, x in zip(device.law.parameters, device.parameters, strict=True) if p not in kept}
        ends = dict(zip(device.law.terminals, device.nodes, strict=True))
        law = _with_constants(device.law, fixed, {t: values[n] for t, n in ends.items() if n in held})
        parameters = dict(zip(device.law.parameters, device.parameters, strict=True))
        made.add(
            name,
            law,
            {t: ends[t] for t in law.terminals},
            {p: parameters[p] for p in law.parameters},
            dict(zip(law.states, device.initial, strict=True)),
        )
    return made


def _with_constants(law: Law, fixed: dict[str, float], held: dict[str, float]) -> Law:
    """The law with parameters ``fixed`` and terminals ``held`` at these values for ever."""
    parameters = tuple(p for p in law.parameters if p not in fixed)
    terminals = {t: domain for t, domain in law.terminals.items() if t not in held}

    def function(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
        across = {**held, **{t: getattr(v, t) for t in terminals}}
        flows, states = law.function(Fields(across), Fields({**fixed, **{n: getattr(p, n) for n in parameters}}), s, ah)
        return {t: flows[t] for t in terminals}, states

    name = f"{law.name}_{zlib.crc32(repr((fixed, held)).encode()):08x}"  # equal devices share a law
    return LAWS.setdefault(name, replace(law, name=name, terminals=terminals, parameters=parameters, function=function))

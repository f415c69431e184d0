"""Instruments that load the machine: each one is a device of the network while it is connected.

Multimeter: 6000 counts, 10 MΩ on volts, a test source of 1.2 V behind 1 kΩ on ohms, 0.03 Ω behind an 11 A fuse on the
10 A socket *whatever the dial says* (leads left in that socket short what they touch). Clamp meter: the wire it
surrounds. Gauge: a small volume on a test point. Flow meter: a turbine (oil) or a thermal cell (air) screwed between a
hose and its port, with its pressure drop. Tachometer, thermometer (infrared or contact), vibration meter: no load.
Displays average over 0.2 s; errors of calibration are drawn from the bench's seed inside the class of the instrument.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from etabli.bench.dc_resistance import ac_resistance
from etabli.bench.flows import device_flows
from etabli.bench.plant import EARTH, Nodes, Plant
from etabli.bench.state import TICK_S, BenchState, Display, Instruments, Multimeter
from etabli.components.electrical.conductor import ac_impedance, resistor
from etabli.components.electrical.ohmmeter import ohmmeter_source
from etabli.components.hydraulic.oil import (
    FREE_AIR,
    OIL_BULK_BAR,
    oil_content,
    oil_orifice,
    oil_volume,
    orifice_factor,
)
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, REFERENCE_DENSITY, orifice
from etabli.components.pneumatic.volume import air_mass, air_volume
from etabli.physics.expression import Phasor
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text

VOLTMETER_OHM = 10e6
SHUNT_OHM = 0.03
TEST_EMF, TEST_OHM = 1.2, 1000.0
FUSE_RATED_A, FUSE_I2T = 11.0, 300.0
"""Fast 11 A cartridge: melts after 300 A²s above its rating."""
OHM_BLOWS_ABOVE_V = 50.0
"""The ohm input of this meter is protected by its fuse above 50 V."""
BEEP_BELOW_OHM = 30.0
GAUGE_CM3 = 4.0
TURBINE_K = orifice_factor(300.0 * 1000.0 / 60.0, 4.0)
"""Turbine flow meter of 300 l/min: 4 bar at full scale (sheets of portable hydraulic testers: 3 to 5 bar)."""
CELL_C, CELL_B = 4.0, 0.4
"""Thermal flow meter for tubes up to 12 mm: sonic conductance dm³/(s·bar) and critical ratio of its body."""
MODES = ("infrared", "contact")
"""What a thermometer can be: aimed from a distance, or its probe held on the part."""
NOISE_MM_S = 0.05
"""Lines of a spectrum below this drown in the noise of the machine."""
LOWEST_HZ = 2.0
"""Lowest frequency of the meter's spectrum (the overall level starts at 10 Hz, ISO 20816-1)."""
COUNTS = 6000
UPDATE_TICKS = 20
SETTLED_TICKS = 50
EMPTY = "----"
OVERLOAD = 1e30
"""Stands for a reading that no range can show (open circuit)."""

INSTRUMENTS = ("multimeter", "clamp", "gauge", "tachometer", "flowmeter", "thermometer", "vibrometer")
"""Those that have a display."""

DIALS: dict[str, Text] = {
    "off": Text("arrêt", "off"),
    "vdc": Text("V continu", "V DC"),
    "vac": Text("V alternatif", "V AC"),
    "ohm": Text("ohmmètre", "ohms"),
    "beep": Text("continuité", "continuity"),
    "adc": Text("A continu (prise 10 A)", "A DC (10 A socket)"),
}


@dataclass(frozen=True)
class Scale:
    """Ranges of one function of an instrument and its accuracy: share of the reading, and counts."""

    ranges: tuple[float, ...]
    unit: str
    share: float
    counts: int


_GAUGE_OIL = {"compressibility": 1.0 / OIL_BULK_BAR, "air": FREE_AIR}

SCALES = {
    "vdc": Scale((0.6, 6.0, 60.0, 600.0, 1000.0), "V", 0.005, 2),
    "vac": Scale((6.0, 60.0, 600.0, 1000.0), "V", 0.01, 3),
    "ohm": Scale((600.0, 6e3, 60e3, 600e3, 6e6, 60e6), "Ω", 0.008, 2),
    "beep": Scale((600.0,), "Ω", 0.01, 3),
    "adc": Scale((6.0, 10.0), "A", 0.012, 3),
    "clamp": Scale((60.0, 400.0), "A", 0.02, 3),
    "gauge": Scale((10.0, 400.0), "bar", 0.01, 0),
    "tachometer": Scale((60_000.0,), "min⁻¹", 0.0005, 0),  # it counts marks: none pass on a shaft at rest
    "flowmeter": Scale((60.0, 600.0), "l/min", 0.01, 3),
    "infrared": Scale((600.0,), "°C", 0.015, 10),
    "contact": Scale((600.0,), "°C", 0.003, 5),
    "vibrometer": Scale((6.0, 60.0, 600.0), "mm/s", 0.05, 3),
}


def calibrated(seed: int, function: str, value: float) -> float:
    """The value as this very instrument sees it: gain and offset inside its class."""
    scale = SCALES[function]
    drawn = random.Random(f"{seed}:calibration:{function}")
    gain, offset = drawn.uniform(-0.6, 0.6) * scale.share, drawn.uniform(-0.6, 0.6) * scale.counts
    return value * (1.0 + gain) + offset * _resolution(_range(scale, abs(value)) or scale.ranges[-1])


def _range(scale: Scale, magnitude: float) -> float | None:
    return next((r for r in scale.ranges if magnitude <= r), None)


def _resolution(full: float) -> float:
    return float(10.0 ** math.ceil(math.log10(full / COUNTS) - 1e-9))


def shown(function: str, value: float) -> tuple[str, str, str]:
    """What the screen shows for a value: digits, unit, status."""
    scale = SCALES[function]
    full = _range(scale, abs(value))
    if full is None:
        return "OL", scale.unit, "ol"
    if function == "gauge":
        fine = full <= 10.0
        step = 0.02 if fine else 0.5
        return f"{max(0.0, round(value / step) * step):.{2 if fine else 1}f}", scale.unit, "ok"
    if function == "tachometer":
        return f"{abs(value):.0f}", scale.unit, "ok"
    factor, prefix = _prefix(full, scale.unit)
    resolution = _resolution(full) / factor
    digits = max(0, -math.floor(math.log10(resolution) + 1e-9))
    text = f"{value / factor:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    status = "beep" if function == "beep" and value < BEEP_BELOW_OHM else "ok"
    return text, prefix + scale.unit, status


def _prefix(full: float, unit: str) -> tuple[float, str]:
    if unit != "Ω" and full >= 1.0:
        return 1.0, ""
    if full < 1.0:
        return 1e-3, "m"
    if full >= 6e6:
        return 1e6, "M"
    return (1e3, "k") if full >= 6e3 else (1.0, "")


# --- in the network -------------------------------------------------------------------------------


def is_shorting(meter: Multimeter) -> bool:
    """The leads join what they touch: red lead in the 10 A socket, fuse whole."""
    return meter.jack == "a" and meter.fuse_ok


def _zero_bar(domain: Domain | None) -> float:
    """What a gauge open to the workshop stands on: air is reckoned absolute, oil is not."""
    return 0.0 if domain is Domain.HYDRAULIC else ATMOSPHERE_BAR


def add_instruments(
    network: Network, instruments: Instruments, nodes: Nodes, flow_ends: tuple[str, str] | None
) -> None:
    """Add the connected instruments to a network (always in the same order).

    ``flow_ends``: the two points between which the flow meter is screwed, from the port to its hose.
    """
    _add_multimeter(network, instruments.multimeter, nodes)
    if flow_ends is not None:
        _add_flow_meter(network, *(nodes(point) for point in flow_ends))
    if instruments.gauge is not None:
        node, volume = nodes(instruments.gauge), GAUGE_CM3 * 1e-3
        if network.nodes.get(node) is Domain.HYDRAULIC:
            content = {"content": oil_content(GAUGE_CM3, 0.0)}
            network.add("gauge.volume", oil_volume, {"a": node}, {**_GAUGE_OIL, "volume": GAUGE_CM3}, content)
            return
        network.add(
            "gauge.volume", air_volume, {"a": node}, {"volume": volume, "index": 1.0}, {"mass": air_mass(volume)}
        )


def _add_flow_meter(network: Network, port: str, hose: str) -> None:
    if network.nodes[hose] is Domain.HYDRAULIC:
        network.add(FLOW_METER, oil_orifice, {"a": port, "b": hose}, {"k": TURBINE_K, "opening": 1.0})
        return
    values = {"conductance": CELL_C, "critical_ratio": CELL_B, "opening": 1.0}
    network.add(FLOW_METER, orifice, {"a": port, "b": hose}, values)


def _add_multimeter(network: Network, meter: Multimeter, nodes: Nodes) -> None:
    leads = [_lead(p, nodes) for p in (meter.red, meter.black)]
    if meter.red is None or meter.black is None or leads[0] == leads[1]:
        return
    if meter.jack == "a" and not meter.fuse_ok:
        return
    domains = [network.nodes.get(n) for n in leads]
    present = {d for d in domains if d is not None}
    if len(present) == 2:  # between the AC and the DC part: each lead is loaded to earth, which both parts share
        for name, node in zip(("red", "black"), leads, strict=True):
            _load(network, f"multimeter.{name}", meter, node, GROUND, network.nodes[node])
        return
    _load(network, "multimeter.input", meter, leads[0], leads[1], present.pop())


def _load(network: Network, name: str, meter: Multimeter, a: str, b: str, domain: Domain) -> None:
    ohms = SHUNT_OHM if meter.jack == "a" else VOLTMETER_OHM
    if domain is Domain.AC:
        network.add(name, ac_impedance, {"a": a, "b": b}, {"resistance": ohms, "reactance": 0.0})
    elif meter.jack == "v" and meter.dial in {"ohm", "beep"} and meter.fuse_ok:
        network.add(name, ohmmeter_source, {"a": a, "b": b}, {"emf": TEST_EMF, "resistance": TEST_OHM})
    else:
        network.add(name, resistor, {"a": a, "b": b}, {"resistance": ohms})


def _lead(point: str | None, nodes: Nodes) -> str:
    return GROUND if point in (None, EARTH) else nodes(str(point))


# --- reading --------------------------------------------------------------------------------------

Measure = Callable[[], float]
FLOW_METER = "flowmeter.body"


class Meters:
    """Reads the connected instruments of one bench at every tick, and lets their fuses blow."""

    def __init__(self, plant: Plant, seed: int, state: BenchState, rewire: Callable[[], None]) -> None:
        self._plant = plant
        self._seed = seed
        self._state = state
        self._rewire = rewire
        self._measures: dict[str, Measure] = {}
        self._image: tuple[tuple[Any, ...], float] | None = None

    @property
    def _set(self) -> Instruments:
        return self._state.instruments

    def bind(self, simulator: Simulator, nodes: Nodes) -> None:
        """Follow a new simulator, or leads that were moved."""
        self._simulator, self._nodes = simulator, nodes
        self._image = None
        self._measures = {}
        meter = self._set.multimeter
        if meter.red is not None and meter.black is not None and (meter.dial != "off" or meter.jack == "a"):
            self._measures["multimeter"] = self._multimeter()
        if self._set.clamp is not None:
            self._measures["clamp"] = lambda: self.current_in(str(self._set.clamp))
        if self._set.gauge is not None:
            node = nodes(self._set.gauge)
            gauge, zero = self._across(node), _zero_bar(simulator.network.nodes.get(node))
            self._measures["gauge"] = lambda: gauge().re - zero
        if self._set.tachometer is not None:
            speed = self._across(nodes(self._set.tachometer))
            self._measures["tachometer"] = lambda: speed().re * 30.0 / math.pi
        if FLOW_METER in simulator.network.devices:
            self._measures["flowmeter"] = self._flow
        self._bind_spots()
        for name in list(self._set.displays):
            if name not in self._measures:
                del self._set.displays[name]
        for name in self._measures:
            self._set.displays.setdefault(name, Display(moved_tick=self._state.tick, noted=False))

    def _bind_spots(self) -> None:
        read = self._nodes.reader(self._simulator.read)
        if self._set.thermometer is not None:
            celsius = self._plant.spots[self._set.thermometer].spot.celsius
            assert celsius is not None
            self._measures["thermometer"] = lambda: celsius(read)
        if self._set.vibrometer is not None:
            vibration = self._plant.spots[self._set.vibrometer].spot.vibration
            assert vibration is not None
            self._measures["vibrometer"] = lambda: read(vibration.overall)

    def _flow(self) -> float:
        """Flow from the port into the hose, l/min: of oil, or of air in the reference atmosphere (ANR)."""
        flow = float(device_flows(self._simulator, FLOW_METER)["a"])
        if self._simulator.network.devices[FLOW_METER].law is oil_orifice:
            return flow * 0.06
        return flow / REFERENCE_DENSITY * 60.0

    def spectrum(self) -> list[tuple[float, float]]:
        """Lines of the vibration at the meter now, Hz and mm/s RMS as its screen shows them, strongest first."""
        assert self._set.vibrometer is not None
        vibration = self._plant.spots[self._set.vibrometer].spot.vibration
        assert vibration is not None
        found = vibration.lines(self._nodes.reader(self._simulator.read))
        seen = [(hz, calibrated(self._seed, "vibrometer", level)) for hz, level in found]
        lines = [(round(hz, 1), round(level, 2)) for hz, level in seen if level >= NOISE_MM_S and hz >= LOWEST_HZ]
        return sorted(lines, key=lambda line: -line[1])

    def moved(self, name: str) -> None:
        """The instrument was put elsewhere or set otherwise: its display starts again."""
        self._set.displays.pop(name, None)

    def _across(self, node: str) -> Callable[[], Phasor]:
        if node == GROUND:
            return lambda: Phasor(0.0, 0.0)
        values, first = self._simulator.values, self._simulator.index(NodeRef(node))
        if self._simulator.network.nodes[node] is not Domain.AC:
            return lambda: Phasor(float(values[first]), 0.0)
        second = self._simulator.index(NodeRef(node, 1))
        return lambda: Phasor(float(values[first]), float(values[second]))

    def _multimeter(self) -> Measure:
        meter = self._set.multimeter
        leads = [_lead(p, self._nodes) for p in (meter.red, meter.black)]
        kinds = [self._simulator.network.nodes.get(n) for n in leads]
        volts = [self._across(n) for n in leads]
        ac = [v for v, kind in zip(volts, kinds, strict=True) if kind is Domain.AC]
        dc = [(v, sign) for v, kind, sign in zip(volts, kinds, (1.0, -1.0), strict=True) if kind is Domain.DC]

        def direct() -> float:
            return float(sum(sign * v().re for v, sign in dc))

        def alternating() -> float:
            if not ac:
                return 0.0
            across = ac[0]() - ac[1]() if len(ac) == 2 else ac[0]()
            return math.sqrt(across.squared())

        if meter.jack == "a":
            return lambda: self._shunt(direct(), alternating())
        if meter.dial == "vdc":
            return direct
        if meter.dial == "vac":
            return alternating
        if meter.dial in {"ohm", "beep"}:
            return lambda: self._ohms(leads, kinds, direct(), alternating())
        return lambda: 0.0  # amps with the leads in the volt socket: nothing flows, nothing is read

    # --- currents and resistances -----------------------------------------------------------------

    def _shunt(self, direct: float, alternating: float) -> float:
        meter = self._set.multimeter
        if not meter.fuse_ok:
            return 0.0
        amps = max(abs(direct), alternating) / SHUNT_OHM
        meter.fuse_heat = meter.fuse_heat + amps * amps * TICK_S if amps > FUSE_RATED_A else 0.0
        if meter.fuse_heat > FUSE_I2T:
            self._blow()
        return direct / SHUNT_OHM if meter.dial == "adc" else 0.0

    def _blow(self) -> None:
        self._set.multimeter.fuse_ok = False
        self._set.multimeter.fuse_heat = 0.0
        self._state.version += 1
        self._rewire()

    def _ohms(self, leads: list[str], kinds: list[Domain | None], direct: float, alternating: float) -> float:
        if not self._set.multimeter.fuse_ok:
            return math.inf
        if max(abs(direct), alternating) > OHM_BLOWS_ABOVE_V:
            self._blow()
            return math.inf
        if Domain.AC not in kinds:
            return _source_ohms(direct)
        if alternating > 0.5:
            return math.inf if alternating > 5.0 else 1e3 * alternating  # the hum upsets the reading
        if Domain.DC not in kinds:
            return self._image_ohms(leads[0], leads[1])
        alone = leads[kinds.index(Domain.AC)]
        return self._image_ohms(alone, GROUND) + _source_ohms(abs(direct))

    def _image_ohms(self, a: str, b: str) -> float:
        ohms, self._image = ac_resistance(self._plant, self._nodes, self._simulator.read, a, b, self._image)
        return ohms

    def current_in(self, tag: str) -> float:
        """Current in a wire in A: signed in DC, RMS in AC. Computed from the law of the wire itself."""
        total = Phasor(0.0, 0.0)
        for name, device in self._simulator.network.devices.items():
            if not name.startswith(f"{tag}."):
                continue
            flows = device_flows(self._simulator, name)
            first = next(iter(device.law.terminals))
            flow = flows[first]
            total = total + (flow if isinstance(flow, Phasor) else Phasor(flow, 0.0))
        domain = self._plant.conductors[tag].domain
        return math.sqrt(total.squared()) if domain is Domain.AC else float(total.re)

    # --- displays ---------------------------------------------------------------------------------

    def tick(self) -> None:
        """Average each display; called once per tick."""
        if not self._measures:
            return
        for name, measure in list(self._measures.items()):
            display = self._set.displays.get(name)
            if display is None:
                continue
            display.total += min(measure(), OVERLOAD)  # a saved state holds numbers only, never an infinity
            display.count += 1
            if display.count >= UPDATE_TICKS:
                self._refresh(display)

    def _refresh(self, display: Display) -> None:
        mean = display.total / display.count
        before = display.value
        display.total, display.count, display.value = 0.0, 0, mean
        if before is None or _overloaded(mean) or _overloaded(before):
            display.status = "ok"
            return
        display.status = "unstable" if abs(mean - before) > 0.03 * max(abs(mean), abs(before)) + 0.02 else "ok"

    def rows(self) -> list[list[str]]:
        """``[instrument, display, unit, status]`` of every connected instrument, as its screen shows it."""
        return [[name, *self.screen(name)] for name in sorted(self._set.displays)]

    def screen(self, name: str) -> tuple[str, str, str]:
        """Digits, unit, status of one instrument."""
        meter = self._set.multimeter
        function = {"multimeter": meter.dial, "thermometer": self._set.thermometer_mode}.get(name, name)
        if name == "multimeter" and meter.dial == "off":
            return "", "", "off"
        unit = SCALES[function].unit
        if name == "multimeter" and not meter.fuse_ok and (meter.jack == "a" or meter.dial in {"ohm", "beep"}):
            return "Fus", unit, "fus"
        display = self._set.displays.get(name)
        if display is None or display.value is None:
            return EMPTY, unit, "ok"
        if _overloaded(display.value):
            return "OL", SCALES[function].unit, "ol"
        text, unit, status = shown(function, calibrated(self._seed, function, display.value))
        return text, unit, display.status if status == "ok" else status

    def settled(self) -> list[str]:
        """Instruments whose display has just settled after they were moved; each is told once."""
        found = []
        for name, display in self._set.displays.items():
            if (
                not display.noted
                and display.value is not None
                and self._state.tick - display.moved_tick >= SETTLED_TICKS
            ):
                display.noted = True
                found.append(name)
        return found

    def points(self, name: str) -> list[str]:
        """Where an instrument is connected."""
        meter = self._set.multimeter
        places = {
            "multimeter": [meter.red or "", meter.black or ""],
            "clamp": [self._set.clamp or ""],
            "gauge": [self._set.gauge or ""],
            "tachometer": [self._set.tachometer or ""],
            "flowmeter": [self._set.flowmeter or ""],
            "thermometer": [self._set.thermometer or ""],
            "vibrometer": [self._set.vibrometer or ""],
        }
        return places[name]


def _overloaded(mean: float) -> bool:
    """True when at least one reading of an average was out of every range."""
    return mean > OVERLOAD / (10 * UPDATE_TICKS)


def _source_ohms(volts: float) -> float:
    """Resistance that the test source sees from the voltage left across it; other voltages give a wrong value."""
    current = (TEST_EMF - volts) / TEST_OHM
    if current <= 0.0:
        return math.inf
    ohms = volts / current
    return ohms if ohms < 60e6 else math.inf

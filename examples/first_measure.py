"""Open a bench, start the machine, inject a fault, put the probes on two terminals, read.

The coil of the conveyor's contactor breaks after ten seconds: the PLC still commands it, so 24 V stay on its terminals
while the contactor falls back. A voltmeter shows the one, an ohmmeter (machine off) proves the other.
"""

from etabli.bench import Bench, InjectedFault

bench = Bench.create("poste_tri", seed=1, faults=[InjectedFault("KM1.coil_open", onset_s=10.0)])

bench.tick(150)  # 1.5 s: the PLC starts
bench.act("press", tag="S3")  # reset: the safety relay closes
bench.tick(100)
bench.act("operate", tag="S4", control="position", value=1)  # automatic
bench.tick(50)
bench.act("press", tag="S1")  # start
bench.tick(1500)  # the fault comes in the meantime

print("operator:", bench.complaint().en)

bench.act("open_cabinet")
bench.act("dial", position="vdc")
bench.act("probe", red="KM1:A1", black="KM1:A2")
bench.act("press", tag="S3")
bench.tick(100)
bench.act("press", tag="S1")
bench.tick(40)  # the program gives up half a second later: the contactor does not answer
instrument, display, unit, status = bench.meters.rows()[0]
print(f"coil voltage, commanded: {display} {unit}")

bench.act("operate", tag="Q1", control="position", value=0)  # isolator off: never measure ohms on a live circuit
bench.tick(200)
bench.act("dial", position="ohm")
bench.tick(100)
instrument, display, unit, status = bench.meters.rows()[0]
print(f"coil resistance: {display} {unit}")  # OL: the coil is open

print(f"{bench.minutes_now:.1f} min, {bench.state.cost:.2f} EUR")

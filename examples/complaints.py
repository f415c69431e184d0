"""What would the operator say? Every fault of one component, with the complaint that a learner would read.

For a teacher who prepares a lesson: faults under the same complaint make a good group exercise, because only measuring
tells them apart. Run it with the tag of a component: ``python examples/complaints.py F2`` (KM1 takes ten seconds);
of another machine: ``python examples/complaints.py S21 monte_charge``.
"""

import sys
from collections import defaultdict

from etabli.bench import Bench, InjectedFault
from etabli.machines import load_machine

tag = sys.argv[1] if len(sys.argv) > 1 else "F2"
machine = load_machine(sys.argv[2] if len(sys.argv) > 2 else "poste_tri")
faults = [fault for fault in machine.faults() if fault.tag == tag]
if not faults:
    sys.exit(f"{tag} : aucun défaut ; choisir parmi {', '.join(machine.placed)}")

heard = defaultdict(list)
for fault in faults:
    bench = Bench.create(machine, seed=1, faults=[InjectedFault(fault.id)])
    heard[bench.complaint().fr].append(fault.mode.text.fr)

print(faults[0].text.fr.partition(" : ")[0])
for complaint, modes in heard.items():
    print(f"\n« {complaint} »")
    for mode in modes:
        print(f"  – {mode}")

"""Every fault can be mended by a learner: lock out, the repair that the mode asks for, and production starts again.

A sample of families runs here; ``PYTHONPATH=src:tests python tests/bench/test_every_repair.py MACHINE`` tries them all.
"""

from __future__ import annotations

import sys

import pytest

from bench.repairs import lock_out, mend, passes, repaired, restore, start, stop
from etabli.bench import Bench, InjectedFault, Onset
from etabli.bench.plant import Plant, as_plant

SAMPLE = (
    "G0.phase_L1_lost", "G0.phases_crossed", "G0.low_voltage", "W101.open", "Q1.contact_3_4_open", "Q2.latch_broken",
    "Q2.wrong_setting", "KM1.contact_1_2_welded", "M1.winding_U_open", "G1.wrong_setting", "F2.wrong_rating",
    "F4.blown", "W110.earth_leak", "W120.earth_leak", "Q3.nuisance_trip", "W208.loose_a", "W211.earth_leak",
    "X2.bar_2_3_loose", "K1.k1_welded", "S0.block_loose", "S1.sticks",
    "A1.q0_1_dead", "A1.i1_1_stuck_on", "B1.dirty_lens", "B3.out_of_range", "1B1.supply_short", "0B1.wrong_setting",
    "0P1.no_pressure",
    "0P1.leak", "0V1.stem_broken", "T01.leak", "0Z1.set_low", "T11.disconnected", "T11.kinked", "1V1.hoses_crossed",
    "2V1.spool_stuck", "3V1.coil_open_14", "1V2.screw_closed", "1Z1.blocked", "3Z1.clogged", "3A1.seized",
    "RD1.key_sheared", "TR1.slipping", "CV1.torn",
)  # fmt: skip
PRESS = (
    "G0.phases_crossed", "Q2.wrong_setting", "W116.open", "M1.winding_U_open", "AC1.hub_loose", "F3.nuisance_trip",
    "K1.dead", "K2.dead", "S1.contact_13_14_open", "S7.misaligned", "KA1.coil_open", "B2.dead", "B3.contact_13_14_open",
    "0Z1.low_level", "0Z2.clogged", "0P1.worn", "0P1.setting_low", "0V1.setting_low", "0Z3.clogged",
    "0Z4.fouled", "0Z5.charge_lost", "0B1.set_high", "1V1.coil_open_a", "1V1.plugs_crossed", "1V4.set_low",
    "1V5.set_high",
    "1B1.set_low", "1B2.zero_shifted", "K4.set_low", "1A1.piston_seal_worn", "PR1.guides_dry", "PR1.scrap_in_die",
    "PR1.cam_slow_shifted", "T02.burst", "T11.leak_a",
)  # fmt: skip


LIFT = (
    "G0.phases_crossed", "Q2.wrong_setting", "K2.wrong_setting", "U1.dead", "U1.speed_1_wrong", "KM1.coil_open",
    "W119.open",
    "M1.winding_U_open", "YB1.coil_open", "YB1.sticks_open", "RD1.key_sheared", "TR1.grooves_worn", "TR1.ropes_greasy",
    "HL1.car_jammed", "GV1.wrong_setting", "S12.contact_11_12_open", "S13.misaligned", "S21.hook_misaligned",
    "M2.belt_slack", "M2.obstacle", "B2.dead", "B4.out_of_range", "B9.frame_jammed", "SH1.flag_1_high", "F6.blown",
    "S31.sticks", "A1.q0_4_dead", "X2.bar_2_3_loose",
)  # fmt: skip


@pytest.mark.parametrize("fault_id", LIFT)
def test_the_right_repair_brings_the_lift_back(lift: Plant, fault_id: str) -> None:
    assert repaired(lift, lift.machine.fault(fault_id))


@pytest.mark.parametrize("fault_id", PRESS)
def test_the_right_repair_brings_the_press_back(press: Plant, fault_id: str) -> None:
    assert repaired(press, press.machine.fault(fault_id))


@pytest.mark.parametrize("fault_id", SAMPLE)
def test_the_right_repair_brings_production_back(plant: Plant, fault_id: str) -> None:
    assert repaired(plant, plant.machine.fault(fault_id))


@pytest.mark.parametrize("kind", [Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT])
def test_two_faults_are_mended_one_at_a_time(plant: Plant, kind: Onset) -> None:
    faults = [plant.machine.fault(name) for name in ("W502.loose_a", "2V1.coil_open")]
    bench = Bench.create(plant, 1, [InjectedFault(f.id, onset=kind) for f in faults])
    start(bench)
    bench.tick(1000)
    results = []
    for number, fault in enumerate(faults, start=1):
        stop(bench)
        locked = lock_out(bench, fault)
        mend(bench, fault)
        restore(bench, locked)
        assert sum(f.cured_tick is not None for f in bench.state.faults) == number
        results.append(passes(bench))
    assert results[-1]
    assert kind is Onset.INTERMITTENT or not results[0]


def test_nothing_can_fail_in_a_contact_or_a_channel_that_is_wired_to_nothing(plant: Plant) -> None:
    offered = {fault.id for fault in plant.machine.faults()}
    assert not plant.machine.conductors_at("A1:I2.3")
    assert "A1.i2_2_dead" in offered
    assert not offered & {"A1.i2_3_dead", "A1.i2_3_stuck_on", "S1.contact_21_22_open", "S2.contact_13_14_welded"}


def _all(name: str) -> int:
    plant = as_plant(name)
    wrong = 0
    for fault in plant.machine.faults():
        try:
            good, why = repaired(plant, fault), "acceptance failed"
        except Exception as error:  # a survey: everything is told
            good, why = False, repr(error)
        if not good:
            wrong += 1
            print(f"{fault.id}: {why}", flush=True)
    print(f"{len(plant.machine.faults())} faults, {wrong} that the repair does not mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(_all(sys.argv[1] if len(sys.argv) > 1 else "poste_tri"))

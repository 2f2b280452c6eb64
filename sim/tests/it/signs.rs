//! What happens when one thing changes: the signs of B14 in `docs/physics.md`.

use trier_roast::MarkKind;
use trier_sim::{BatchRun, Scenario};

use crate::{FAMILIES, of_family, quiet, quiet_roast, reached_s, run, samples, truth_s};

/// What B14 tabulates of a roast.
struct Figures {
    turning_s: f64,
    turning_c: f64,
    to_150_s: f64,
    first_crack_s: f64,
    drop_s: f64,
}

fn figures(run: &BatchRun) -> Figures {
    let turning_s = truth_s(run, MarkKind::TurningPoint).expect("it turns");
    let (_, at_turn) = samples(run).into_iter().find(|(t, _)| *t >= turning_s).expect("sampled");
    Figures {
        turning_s,
        turning_c: at_turn.bt_c.expect("read"),
        to_150_s: reached_s(run, 150.0).expect("it gets there"),
        first_crack_s: truth_s(run, MarkKind::FirstCrackStart).expect("it cracks"),
        drop_s: truth_s(run, MarkKind::Drop).expect("it drops"),
    }
}

fn changed(change: impl FnOnce(&mut Scenario)) -> (Figures, Figures) {
    changed_of(quiet_roast(), change)
}

fn changed_of(mut scenario: Scenario, change: impl FnOnce(&mut Scenario)) -> (Figures, Figures) {
    let before = figures(&run(&scenario));
    change(&mut scenario);
    (before, figures(&run(&scenario)))
}

#[test]
fn more_coffee_is_slower_and_turns_colder() {
    let (was, is) = changed(|s| s.charge.mass_kg *= 1.1);
    assert!(is.turning_c < was.turning_c && is.turning_s > was.turning_s);
    assert!(is.to_150_s > was.to_150_s + 5.0 && is.first_crack_s > was.first_crack_s + 20.0);
}

#[test]
fn more_fire_is_faster() {
    let (was, is) = changed(|s| s.machine.heater.power_w *= 1.05);
    assert!(is.to_150_s < was.to_150_s && is.first_crack_s < was.first_crack_s - 10.0);
    assert!((is.turning_s - was.turning_s).abs() < 1.5, "fire hardly moves the turning point");
}

#[test]
fn wetter_coffee_cracks_later() {
    let (was, is) = changed(|s| s.lot.moisture_wet_pct *= 1.18);
    assert!(is.to_150_s > was.to_150_s && is.first_crack_s > was.first_crack_s + 20.0);
}

#[test]
fn mass_power_and_water_pull_alike_on_every_family() {
    // Small machines are over sooner and turn sooner, so only signs, and a share of the time for crack.
    for (machine, _) in FAMILIES {
        let changed = |change: fn(&mut Scenario)| changed_of(quiet(of_family(machine)), change);
        let later = |(was, is): &(Figures, Figures)| is.first_crack_s / was.first_crack_s - 1.0;
        let heavy = changed(|s| s.charge.mass_kg *= 1.1);
        assert!(heavy.1.turning_c < heavy.0.turning_c && heavy.1.turning_s >= heavy.0.turning_s, "{machine}");
        assert!(heavy.1.to_150_s > heavy.0.to_150_s && later(&heavy) > 0.02, "{machine}: {}", later(&heavy));
        let strong = changed(|s| s.machine.heater.power_w *= 1.05);
        assert!(
            strong.1.to_150_s < strong.0.to_150_s && later(&strong) < -0.02,
            "{machine}: {}",
            later(&strong)
        );
        assert!((strong.1.turning_s - strong.0.turning_s).abs() < 1.5, "{machine}");
        let wet = changed(|s| s.lot.moisture_wet_pct *= 1.18);
        assert!(wet.1.to_150_s >= wet.0.to_150_s && later(&wet) > 0.02, "{machine}: {}", later(&wet));
        let slow = changed(|s| s.machine.probes.bt.lag_s *= 1.5);
        assert!(slow.1.turning_s > slow.0.turning_s && slow.1.turning_c > slow.0.turning_c, "{machine}");
    }
}

#[test]
fn more_air_cools_the_end() {
    let (was, is) = changed(|s| {
        s.machine.air.flow_share_at_0_pct *= 1.1;
        s.machine.air.flow_share_at_100_pct *= 1.1;
    });
    assert!(is.first_crack_s > was.first_crack_s);
}

#[test]
fn less_reaction_heat_is_slower_and_only_late() {
    let (was, is) = changed(|s| s.lot.reaction_factor *= 0.5);
    assert!((is.turning_s - was.turning_s).abs() < 0.3);
    assert!(is.to_150_s - was.to_150_s < 20.0 && is.first_crack_s > was.first_crack_s + 30.0);
}

#[test]
fn a_better_wall_is_faster_and_turns_hotter() {
    let (was, is) = changed(|s| s.machine.bodies.wall_to_beans_w_k *= 1.1);
    assert!(is.turning_c > was.turning_c && is.first_crack_s < was.first_crack_s);
}

#[test]
fn a_heavier_wall_is_slower_and_turns_alike() {
    // B14: 30 % more wall gives 0 s and +0.2 °C at the turning point, and a later end. Signs only after
    // it: our recipe goes by BT late, which moves the delay from first crack to the drop.
    let (was, is) = changed(|s| s.machine.bodies.wall_j_k *= 1.3);
    let (later_s, hotter_c) = (is.turning_s - was.turning_s, is.turning_c - was.turning_c);
    assert!(later_s.abs() < 1.5 && (0.0..1.0).contains(&hotter_c), "{later_s} s, {hotter_c} °C");
    assert!(is.first_crack_s > was.first_crack_s && is.drop_s > was.drop_s + 3.0);
}

#[test]
fn a_cold_room_is_slower() {
    let (was, is) = changed(|s| s.room.ambient_c = 12.0);
    assert!(is.first_crack_s > was.first_crack_s);
}

#[test]
fn a_slow_probe_turns_later_and_hotter_and_moves_no_bean() {
    // B12: half as much lag again moves the turning point by about 22 s and 11.5 °C.
    let (was, is) = changed(|s| s.machine.probes.bt.lag_s *= 1.5);
    assert!((15.0..30.0).contains(&(is.turning_s - was.turning_s)), "{}", is.turning_s - was.turning_s);
    assert!((8.0..16.0).contains(&(is.turning_c - was.turning_c)), "{}", is.turning_c - was.turning_c);
    assert!(is.drop_s > was.drop_s, "the drop waits for the display");
    // Steps by BT wait for the display too, so only what comes before them is untouched.
    assert!((is.first_crack_s - was.first_crack_s).abs() < 1.0);
}

#[test]
fn machines_scaled_together_roast_alike() {
    // B18: mass, power, flow, capacities and conductances times one factor change nothing.
    let (was, is) = changed(|s| {
        s.charge.mass_kg *= 4.0;
        s.machine.enlarge(4.0);
    });
    assert!((is.first_crack_s - was.first_crack_s).abs() < 1e-3);
    assert!((is.turning_c - was.turning_c).abs() < 2e-3);
}

/// What B14 tabulates: turning point s and °C, time of 150 °C, first crack s, BT at the drop, weight loss %.
const COLUMNS: [&str; 6] = ["turns s", "turns °C", "150 °C s", "first crack s", "drop °C", "loss %"];

/// One row of B14: a change, and how it moves each column.
type Sensitivity = (&'static str, fn(&mut Scenario), [f64; 6]);

#[rustfmt::skip] // A table reads better as a table.
const SENSITIVITIES: [Sensitivity; 8] = [
    ("mass +10 %", |s| s.charge.mass_kg *= 1.1, [2.0, -3.0, 22.0, 56.0, -7.7, -1.9]),
    ("moisture +20 %", |s| s.lot.moisture_wet_pct *= 1.175, [1.0, -1.2, 12.0, 93.0, -10.5, -0.9]),
    ("power +5 %", |s| s.machine.heater.power_w *= 1.05, [0.0, 0.2, -5.0, -25.0, 5.4, 1.3]),
    ("fan +10 %", |s| s.machine.air.flow_kg_s *= 1.1, [0.0, 0.3, 1.0, 17.0, -4.4, -0.8]),
    ("contact +10 %", |s| s.machine.bodies.wall_to_beans_w_k *= 1.1, [-1.0, 2.1, -9.0, -14.0, 1.7, 0.5]),
    ("wall +30 %", |s| s.machine.bodies.wall_j_k *= 1.3, [0.0, 0.2, 0.0, 16.0, -3.5, -0.7]),
    ("exotherm halved", |s| s.lot.reaction_factor *= 0.5, [0.0, 0.0, 8.0, 80.0, -8.8, -2.3]),
    ("room at 12 °C", |s| s.room.ambient_c = 12.0, [0.0, -0.1, 1.0, 9.0, -2.0, -0.4]),
];

#[test]
fn every_sensitivity_of_b14_has_its_sign() {
    // As there, controls and drop go by the clock, so that BT and loss at the drop are free to move.
    let clocked = || {
        let mut s = quiet_roast();
        let mut last_s = 460.0;
        for step in &mut s.recipe.steps {
            if step.at_s.is_none() {
                last_s += 50.0;
                (step.at_s, step.at_bt_c) = (Some(last_s), None);
            }
        }
        (s.recipe.drop.bt_c, s.recipe.drop.at_s) = (None, Some(760.0));
        s
    };
    let columns = |s: &Scenario| {
        let run = run(s);
        let at = |kind| truth_s(&run, kind);
        let turning_s = at(MarkKind::TurningPoint).expect("it turns");
        let bt_c = |at_s: f64| {
            let all = samples(&run);
            let (_, sample) = all.into_iter().find(|(t_s, _)| *t_s >= at_s).expect("sampled");
            sample.bt_c.expect("read")
        };
        let crack_s = at(MarkKind::FirstCrackStart).expect("it cracks");
        let to_150_s = reached_s(&run, 150.0).expect("it gets there");
        [turning_s, bt_c(turning_s), to_150_s, crack_s, bt_c(760.0), run.weight_loss_pct]
    };
    let before = columns(&clocked());
    for (what, change, wanted) in SENSITIVITIES {
        let mut s = clocked();
        change(&mut s);
        let moved: [f64; 6] = std::array::from_fn(|i| columns(&s)[i] - before[i]);
        println!("{what}: {moved:.1?}, B14 {wanted:.1?}");
        for ((column, ours), theirs) in COLUMNS.iter().zip(moved).zip(wanted) {
            // Times are seen to a second, and a change of the size of the last digit has no sign.
            let least = if column.ends_with('s') { 1.5 } else { 0.25 };
            if theirs.abs() >= least {
                // Another recipe and start: of the same size within a factor of two; of a wall that starts hot more
                // also brings more heat, so there the sign alone.
                let least = if what.starts_with("wall") { 0.0 } else { 0.5 };
                assert!((least..2.0).contains(&(ours / theirs)), "{what}, {column}: {ours}, not {theirs}");
            } else {
                assert!(ours.abs() < 4.0, "{what}, {column}: {ours}, not {theirs}");
            }
        }
    }
}

//! The plant where its answer is known: still, empty, thin, settled (B4, B5, B18).

use trier_roast::math;
use trier_sim::{Scenario, TruthRow};

use crate::{in_drum, run, set_flow, steady, truth_s};

/// G·c, W/K, of B2, with pressure as a share of that at the sea.
fn flow_w_k(s: &Scenario, share: f64, pressure_share: f64) -> f64 {
    1040.0 * s.machine.air.flow_kg_s * share * pressure_share * 293.15 / (s.room.ambient_c + 273.15)
}

fn bean_rows(rows: &[TruthRow]) -> impl Iterator<Item = &TruthRow> {
    rows.iter().filter(|row| in_drum(row))
}

#[test]
fn without_air_everything_stays_finite_and_is_the_limit_of_little_air() {
    for exponent in [0.0, 1.0] {
        let [still, breath] = [0.0, 1e-9].map(|share| {
            let mut s = steady(60.0, 50.0, 30.0, 300.0);
            s.machine.air.flow_exponent = exponent;
            set_flow(&mut s, share);
            run(&s).truth
        });
        assert_eq!(still.len(), breath.len());
        assert!(still.len() > 300);
        for (a, b) in still.iter().zip(&breath) {
            // That breath carries 25 nW/K; over 330 s not 0.01 J, 1e-5 °C of the lightest body. The
            // outlet itself may jump: it has nothing to say where nothing flows.
            let close = |a: f64, b: f64| a.is_finite() && (a - b).abs() < 1e-5;
            assert!(close(a.plenum_c, b.plenum_c) && close(a.wall_c, b.wall_c) && a.outlet_c.is_finite());
            assert!(close(a.bean_core_c.unwrap_or(0.0), b.bean_core_c.unwrap_or(0.0)));
        }
    }
}

#[test]
fn a_handful_of_beans_is_hardly_there() {
    // A drum with beans lets no air meet its wall, however few they are: that is apart (B4).
    let after_360_s = |mass_kg: Option<f64>| {
        let mut s = steady(10.0, 50.0, if mass_kg.is_some() { 60.0 } else { 360.0 }, 300.0);
        s.machine.air.to_empty_wall_w_k = 0.0;
        s.charge.mass_kg = mass_kg.unwrap_or(1.0);
        let row = run(&s).truth.swap_remove(359);
        assert_eq!(row.bean_core_c.is_some(), mass_kg.is_some());
        row
    };
    let empty = after_360_s(None);
    let (few, more) = (after_360_s(Some(0.05)), after_360_s(Some(0.2)));
    // 50 g take less than 1 kJ/g · 50 g = 50 kJ from plenum and wall, 42 kJ/K.
    let (few_c, more_c) = (empty.wall_c - few.wall_c, empty.wall_c - more.wall_c);
    assert!(0.0 < few_c && few_c < 1.2, "{few_c} °C");
    assert!((empty.plenum_c - few.plenum_c).abs() < 1.2);
    // In proportion to mass, so nothing is left at 0; both loads are at the wall's heat by then.
    assert!((more_c / few_c - 4.0).abs() < 0.2, "{few_c} and {more_c} °C");
}

#[test]
fn air_meets_beans_as_mass_flow_and_swelling_say() {
    // Y = ln((T_h − T_s)/(T_o − T_s)) is read off the truth, and Y·G·c is K_ab of B4.
    for (mass_kg, exponent, share) in [(9.0, 1.0, 0.8), (3.0, 1.0, 0.8), (12.0, 0.6, 1.2), (9.0, 0.0, 0.5)] {
        let mut s = steady(70.0, 50.0, 0.0, 900.0);
        set_flow(&mut s, share);
        s.charge.mass_kg = mass_kg;
        s.machine.air.flow_exponent = exponent;
        let air_w_k = flow_w_k(&s, share, 1.0);
        let flow = math::pow(air_w_k / (1040.0 * s.machine.air.flow_kg_s), exponent);
        let rows = run(&s).truth;
        let mut grown: f64 = 0.0;
        for row in bean_rows(&rows).filter(|row| row.since_charge_s > 60.0) {
            let [shell_c, cracked, dose] =
                [row.bean_shell_c, row.cracked, row.dose_min].map(|value| value.expect("in"));
            let dried = 1.0 - row.moisture.expect("in") / s.lot.moisture_dry();
            // Volume gained, B10.
            let gain = 0.1 * dried + 0.5 * cracked + 0.4 * (1.0 - math::exp(-dose / 8.0));
            let wanted = 28.0 * (mass_kg / 9.0).sqrt() * flow * math::pow(1.0 + gain, 2.0 / 3.0);
            let units = math::ln((row.plenum_c - shell_c) / (row.outlet_c - shell_c));
            // Rounding, through a difference of a few °C.
            assert!((units * air_w_k / wanted - 1.0).abs() < 1e-9, "{mass_kg} kg, {exponent}, {share}");
            grown = grown.max(gain);
        }
        // Beans at medium have gained 50 to 90 % (B10); here they go on to the risk of fire.
        assert!((0.7..=1.0).contains(&grown), "{grown}");
    }
}

#[test]
fn height_thins_the_air_and_nothing_else() {
    // At 1500 m the standard atmosphere has 84,556 Pa of 101,325 (ISO 2533).
    let crack_s = |altitude_m: f64, share: f64| {
        let mut s = steady(65.0, 50.0, 0.0, 900.0);
        s.room.altitude_m = altitude_m;
        set_flow(&mut s, 0.8 * share);
        truth_s(&run(&s), trier_roast::MarkKind::FirstCrackStart).expect("it cracks")
    };
    let (sea_s, high_s, thin_s) =
        (crack_s(0.0, 1.0), crack_s(1500.0, 1.0), crack_s(0.0, 84_556.0 / 101_325.0));
    // The formula is within 1e-4 of the standard; a sixth of the air is worth a second or two.
    assert!((high_s - thin_s).abs() < 0.01, "{high_s} and {thin_s} s");
    assert!((high_s - sea_s).abs() > 1.0, "{high_s} and {sea_s} s");
}

#[test]
fn an_empty_machine_settles_where_its_losses_meet_its_power() {
    // With no air at the wall, T_h and T_w solve two linear balances: the air is a conductance
    // (1 − r)·G·c from plenum to room, and what leaves the wall passes K_wl or K_wf and K_fl in a row.
    for (to_air, recirculation, flow) in
        [(1.0, 0.0, 0.0), (0.3, 0.0, 0.0), (0.0, 0.0, 0.7), (0.3, 0.6, 0.7), (1.0, 0.9, 0.7)]
    {
        let mut s = steady(50.0, 50.0, 5_000.0, 60.0);
        set_flow(&mut s, flow);
        s.machine.heater.share_to_air = to_air;
        s.machine.air.recirculation = recirculation;
        s.machine.air.to_empty_wall_w_k = 0.0;
        let b = &mut s.machine.bodies;
        (b.plenum_j_k, b.wall_j_k, b.structure_j_k) = (2e3, 2e3, 2e3); // The slowest way is 130 s.
        (b.wall_to_structure_w_k, b.structure_loss_w_k, b.wall_loss_w_k) = (80.0, 30.0, 20.0);
        let power_w = 20_000.0 * 0.85 * math::pow(0.5, 0.65);
        let across = s.machine.bodies.plenum_to_wall_w_k;
        let out = (1.0 - recirculation) * flow_w_k(&s, flow, 1.0);
        let down = 20.0 + 80.0 * 30.0 / (80.0 + 30.0);
        let det = (out + across) * (across + down) - across * across;
        let plenum = power_w * (to_air * (across + down) + (1.0 - to_air) * across) / det;
        let wall = power_w * ((1.0 - to_air) * (out + across) + to_air * across) / det;
        let rows = run(&s).truth;
        let row = rows.iter().rev().find(|row| row.since_charge_s < 0.0).expect("lead-in");
        let above = |c: f64| c - s.room.ambient_c;
        for (name, got, wanted) in [
            ("power", row.heater_w, power_w),
            ("plenum", above(row.plenum_c), plenum),
            ("wall", above(row.wall_c), wall),
            ("structure", above(row.structure_c), wall * 80.0 / 110.0),
        ] {
            // e^(−5000/130) is 2e-17; rounding piles up over 20,000 steps.
            assert!((got / wanted - 1.0).abs() < 1e-9, "{name}: {got} is not {wanted}, to air {to_air}");
        }
    }
}

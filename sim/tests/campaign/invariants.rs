//! What must change nothing, on any near scenario: size, and the seed where nothing is left to chance (B18, items
//! 5 and 6). That steps cut finer change nothing is held where steps are made, in `sim/src/run/numerics.rs`.

use trier_sim::{BatchRun, Scenario, roast};

use crate::case::{Library, Reach};

/// How many scenarios each is tried on.
const CASES: usize = 12;

/// Near scenarios that go by the clock alone, for a step by BT waits for a display.
fn by_the_clock() -> Vec<Scenario> {
    let library = Library::new();
    let place = library.place(0);
    let near = (0..).map(|index| library.case(index)).filter(|case| case.reach == Reach::Near);
    let loaded = near.filter_map(|case| library.load(&place, &case).ok());
    let timed = loaded.map(|mut s| {
        s.recipe.steps.retain(|step| step.at_s.is_some());
        // A controller, too, waits for a display, and a day for a temperature; who loses samples has fewer rows.
        (s.recipe.follow, s.day) = (None, None);
        let p = &mut s.machine.probes;
        (p.jitter_s, p.missing_share) = (0.0, 0.0);
        (s.recipe.drop.bt_c, s.recipe.drop.at_s) =
            (None, Some(if s.machine.id == "fb" { 240.0 } else { 480.0 }));
        s
    });
    timed.take(CASES).collect()
}

fn run(scenario: &Scenario, seed: u64) -> BatchRun {
    roast(scenario, seed, scenario.history_roasts).expect("heat and mass add up")
}

/// Core, water and outlet of every row, as bits.
fn bits(run: &BatchRun) -> Vec<[u64; 3]> {
    let of = |value: Option<f64>| value.map_or(0, f64::to_bits);
    run.truth.iter().map(|row| [of(row.bean_core_c), of(row.moisture), row.outlet_c.to_bits()]).collect()
}

#[test]
fn a_machine_of_four_times_the_size_roasts_the_same_bits() {
    for s in by_the_clock() {
        let mut large = s.clone();
        large.charge.mass_kg *= 4.0;
        large.machine.enlarge(4.0);
        // Four is a power of two: every product and quotient keeps its digits.
        assert_eq!(bits(&run(&s, 3)), bits(&run(&large, 3)), "{}", s.machine.id);
    }
}

#[test]
fn the_seed_moves_no_bean_where_nothing_is_left_to_chance() {
    for mut s in by_the_clock() {
        let (noise, spread) = (&mut s.machine.noise, &mut s.machine.spread);
        (noise.burner_share, noise.air_share) = (0.0, 0.0);
        (s.machine.day_spread, s.machine.unit_spread, s.lot.spread) = (None, None, None);
        (s.operator.gas_error_pct, s.operator.control_delay_s_min, s.operator.control_delay_s_max) =
            (0.0, 0.0, 0.0);
        for share in [
            &mut spread.heat_share,
            &mut spread.metal_c,
            &mut spread.mass_share,
            &mut spread.ambient_c,
            &mut spread.moisture_wet_pct,
            &mut spread.first_crack_c,
        ] {
            *share = 0.0;
        }
        let (one, other) = (run(&s, 3), run(&s, 4));
        assert_eq!(bits(&one), bits(&other), "{}", s.machine.id);
        assert_ne!(one.readings, other.readings, "{}: probes have noise of their own", s.machine.id);
    }
}

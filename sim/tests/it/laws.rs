//! The laws that a lot may choose, and what machines may have: door, radiation. The books close over all.

use trier_sim::{DoorSpec, DryingLaw, HeatCapacityLaw, Laws, ReactionLaw, Scenario, TruthRow};

use crate::{FAMILIES, of_family, quiet, quiet_roast, run};

fn with(laws: Laws) -> Scenario {
    let mut s = quiet_roast();
    s.lot.laws = laws;
    s
}

/// Seconds until the beans' core has reached `core_c`.
fn reaches_s(rows: &[TruthRow], core_c: f64) -> f64 {
    rows.iter().find(|row| row.bean_core_c.is_some_and(|c| c >= core_c)).expect("hot enough").since_charge_s
}

#[test]
fn books_close_under_every_law_with_door_and_radiation() {
    for (family, _) in FAMILIES {
        for (i, heat_capacity) in
            [HeatCapacityLaw::Schwartzberg, HeatCapacityLaw::WetBasis].into_iter().enumerate()
        {
            for drying in [DryingLaw::Schwartzberg, DryingLaw::Arrhenius] {
                for reaction in [ReactionLaw::Schwartzberg, ReactionLaw::EndoExo] {
                    let mut s = of_family(family);
                    let drying_order = 1.0 + i as f64;
                    s.lot.laws = Laws { heat_capacity, drying, drying_order, reaction, ..Laws::default() };
                    s.lot.laws.drying_rate_per_s = 0.01 * (1.0 + 6.0 * i as f64);
                    let air_kg_s = 0.5 * s.machine.air.flow_kg_s;
                    s.machine.door = DoorSpec { air_kg_s, open_s: 8.0 };
                    s.machine.bodies.radiant_w_k4 = 2e-9 * s.machine.reference_charge_kg;
                    let closure = run(&s).closure;
                    let laws = &s.lot.laws;
                    assert!(closure.energy < 1e-9, "{family}, {laws:?}: energy {:e}", closure.energy);
                    assert!(closure.mass < 1e-12, "{family}, {laws:?}: mass {:e}", closure.mass);
                }
            }
        }
    }
}

#[test]
fn arrhenius_drying_as_it_comes_is_that_of_the_default() {
    // The default's rate at 200 °C is said with three digits: 0.0856 of 0.0856 within half a permille.
    let [published, own] = [DryingLaw::Schwartzberg, DryingLaw::Arrhenius]
        .map(|drying| run(&with(Laws { drying, ..Laws::default() })).truth);
    let end = |rows: &[TruthRow]| rows.iter().rev().find_map(|row| row.moisture).expect("in");
    assert!((end(&own) / end(&published) - 1.0).abs() < 2e-3, "{} and {}", end(&own), end(&published));
}

#[test]
fn drying_of_first_order_leaves_what_an_exponential_leaves() {
    // −Ẋ = k·X at any temperature (E small): X = X0·e^(−k·s), with no crack to flash any off.
    let mut s = with(Laws { drying: DryingLaw::Arrhenius, drying_order: 1.0, ..Laws::default() });
    (s.lot.laws.drying_rate_per_s, s.lot.laws.drying_activation_k, s.lot.flash_share) = (2e-3, 0.0, 0.0);
    for row in run(&s).truth.iter().filter(|row| row.moisture.is_some()) {
        let wanted = s.lot.moisture_dry() * trier_roast::math::exp(-2e-3 * row.since_charge_s);
        // RK4's error at k·h = 5e-4 is below rounding; the spread steps too.
        assert!((row.moisture.expect("in") / wanted - 1.0).abs() < 1e-10, "at {} s", row.since_charge_s);
    }
}

#[test]
fn an_endotherm_delays_the_middle_of_a_roast_by_its_heat() {
    // The heat of 100 to 180 °C comes at much the same pace, so its share is the time's.
    let middle_s = |laws: Laws| {
        let rows = run(&with(laws)).truth;
        (reaches_s(&rows, 100.0), reaches_s(&rows, 180.0))
    };
    let without = middle_s(Laws::default());
    let endo =
        |kj_kg| Laws { reaction: ReactionLaw::EndoExo, reaction_endotherm_kj_kg: kj_kg, ..Laws::default() };
    let (little, much) = (middle_s(endo(20.0)), middle_s(endo(80.0)));
    assert!((little.0 - much.0).abs() <= 1.0, "before 100 °C it takes nothing");
    let took = |(from_s, to_s): (f64, f64)| to_s - from_s;
    // 60 kJ/kg more, of 300 to 450 in all.
    let slower = took(much) / took(little);
    assert!((1.12..1.30).contains(&slower), "{slower}");
    assert!(took(little) > took(without), "the exotherm waits");
}

#[test]
fn an_open_door_cools_what_leaves_and_no_longer_than_it_is_open() {
    let outlet_c = |door: DoorSpec| {
        let mut s = quiet(of_family("gd12"));
        s.machine.door = door;
        run(&s)
            .truth
            .into_iter()
            .filter(|row| row.since_charge_s >= 0.0)
            .map(|row| row.outlet_c)
            .collect::<Vec<_>>()
    };
    let shut = outlet_c(DoorSpec::default());
    let open = outlet_c(DoorSpec { air_kg_s: 0.012, open_s: 8.0 });
    let colder = |s: usize| shut[s] - open[s];
    // Three parts of room air to five of the plenum's, some 200 °C apart; beans and wall make up for most.
    assert!((5.0..30.0).contains(&colder(4)), "{} °C", colder(4));
    // What is left afterwards is what beans and wall have missed.
    assert!((0.0..0.5 * colder(4)).contains(&colder(10)), "{} °C", colder(10));
    assert!((0.0..1.0).contains(&colder(120)), "{} °C", colder(120));
}

#[test]
fn a_radiant_wall_gives_what_stefan_and_boltzmann_say() {
    // Beans at 0 K would take the whole of T⁴; here the slope at the wall counts: 4·T³ W/K beside K_wb0.
    let at_60_s = |radiant: f64, conductance: f64| {
        let mut s = quiet(of_family("gd12"));
        s.machine.bodies.radiant_w_k4 = radiant;
        s.machine.bodies.wall_to_beans_w_k += conductance;
        let rows = run(&s).truth;
        rows.iter().find(|row| row.since_charge_s == 60.0).and_then(|row| row.bean_core_c).expect("in")
    };
    // In the first minute wall and shell lie at some 215 and 80 °C: (T_w⁴ − T_s⁴)/(T_w − T_s) is about 3e8 K³.
    let (without_c, radiant_c, conducted_c) =
        (at_60_s(0.0, 0.0), at_60_s(5e-8, 0.0), at_60_s(0.0, 5e-8 * 3e8));
    let (by_radiation, by_conduction) = (radiant_c - without_c, conducted_c - without_c);
    assert!(by_radiation > 3.0, "{by_radiation} °C");
    assert!((by_radiation / by_conduction - 1.0).abs() < 0.15, "{by_radiation} and {by_conduction} °C");
}

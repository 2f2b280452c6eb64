//! Beans by themselves: a single layer in hot air, what is left of them by degree, and how they swell.

use std::fmt::Write;

use trier_sim::{DropRule, DryingLaw, Outcome, Scenario, TruthRow};

use super::{quiet, run};

/// Heat transfer to single beans, W/(m²·K), that C24 and C25 are compared at.
const FILM_W_M2K: f64 = 70.0;

/// A layer of beans in so much air of `air_c` that they do not cool it, for ten minutes.
fn layer(air_c: f64, moisture_wet_pct: f64) -> Scenario {
    let mut s = quiet("steady-fb.toml");
    s.lot.moisture_wet_pct = moisture_wet_pct;
    let mean_m = s.lot.bean_diameter_mm / 1e3;
    let beans = 100.0 / s.lot.bean_mass_g;
    let (m, flow_kg_s) = (&mut s.machine, 5.0);
    m.air.flow_kg_s = flow_kg_s;
    (m.air.flow_share_at_0_pct, m.air.flow_share_at_100_pct) = (1.0, 1.0);
    m.air.to_beans_w_k = FILM_W_M2K * std::f64::consts::PI * mean_m * mean_m * beans;
    m.air.to_empty_wall_w_k = 0.0;
    (m.bodies.plenum_to_wall_w_k, m.bodies.wall_to_beans_w_k) = (0.0, 0.0);
    (m.bodies.plenum_j_k, m.bodies.wall_to_structure_w_k) = (1e6, 0.0);
    // What the air takes along is what the heater gives: the air in stays as it is.
    m.heater.power_w = flow_kg_s * 293.15 / 295.15 * 1040.0 * (air_c - s.room.ambient_c);
    (m.heater.efficiency, m.heater.control_exponent) = (1.0, 1.0);
    m.start.plenum_c = air_c;
    s.charge.mass_kg = 0.1;
    s.recipe.steps.truncate(1);
    s.recipe.steps[0].gas_pct = Some(100.0);
    s.recipe.drop = DropRule { bt_c: None, at_s: Some(600.0) };
    (s.recording.lead_in_s, s.recording.cooling_s) = (0.0, 0.0);
    s
}

/// The beans as they last were: water per kg dry, mean °C and when, s.
fn after(s: &Scenario) -> (f64, f64, f64) {
    let run = run(s);
    assert!(matches!(run.outcome, Outcome::Dropped | Outcome::FireRisk));
    let row = run.truth.iter().rev().find(|row| row.moisture.is_some()).expect("beans were in");
    (row.moisture.expect("in"), row.bean_mean_c.expect("in"), row.since_charge_s)
}

/// The same with a drying law that goes up more steeply with temperature, as the published ends ask for.
fn steeper(mut s: Scenario) -> Scenario {
    let laws = &mut s.lot.laws;
    laws.drying = DryingLaw::Arrhenius;
    (laws.drying_rate_per_s, laws.drying_activation_k) = (0.032, 15_000.0);
    s
}

fn drying() -> String {
    let mut text = String::from(
        "### C24, C25: a single layer in hot air for ten minutes\n\n\
         The drying law alone decides, at 70 W/(m²·K). Published, at 0.105 and 190 to 300 °C: from up to 0.07 left\n\
         down to none; at 0.13 and 200 to 280 °C no figure but a good fit of the same law. Beans that come near\n\
         ignition are taken out. The last column: `laws.drying = \"arrhenius\"` with 0.032 1/s at 200 °C and 15,000 K, found for\n\
         0.06 to be left at 190 °C.\n\n\
         | air °C | at the start kg/kg | left kg/kg | beans °C | at s | left, by a law of its own |\n|---|---|---|---|---|---|\n",
    );
    for (moisture_wet_pct, airs) in
        [(9.502, &[190.0, 220.0, 250.0, 300.0][..]), (11.473, &[200.0, 220.0, 240.0, 260.0, 280.0])]
    {
        for air_c in airs {
            let s = layer(*air_c, moisture_wet_pct);
            let (left, mean_c, at_s) = after(&s);
            writeln!(
                text,
                "| {air_c:.0} | {:.3} | {left:.3} | {mean_c:.0} | {at_s:.0} | {:.3} |",
                s.lot.moisture_dry(),
                after(&steeper(s.clone())).0,
            )
            .expect("to memory");
        }
    }
    text + "\n"
}

#[test]
fn a_single_layer_dries_as_the_law_was_seen_to() {
    // B7: 0.105 at 190 °C leaves 0.028, worked out apart with one bean node and without swelling.
    let (left, ..) = after(&layer(190.0, 9.502));
    assert!((left - 0.028).abs() < 0.005, "{left} kg/kg left");
    // Hotter air dries further, by the law alone.
    let (less, ..) = after(&layer(220.0, 9.502));
    assert!(less < left);
}

#[test]
fn wet_beans_warm_more_slowly_at_equal_start() {
    // C27: the same roast three minutes on, before anything goes by BT.
    let at_180_s = |moisture_wet_pct: f64| {
        let mut s = quiet("steady.toml");
        s.lot.moisture_wet_pct = moisture_wet_pct;
        let run = run(&s);
        run.truth.iter().find(|row| row.since_charge_s >= 180.0).and_then(|row| row.bean_mean_c).expect("in")
    };
    let means = [8.0, 10.0, 12.0, 14.0].map(at_180_s);
    assert!(means.windows(2).all(|pair| pair[1] < pair[0] - 0.5), "{means:?}");
}

/// Water in roasted beans, % of what they weigh.
fn wet_pct(row: &TruthRow) -> f64 {
    let (moisture, lost) = (row.moisture.expect("in"), row.organic_loss.expect("in"));
    100.0 * moisture / (1.0 - lost + moisture)
}

/// Share of a roasted bean's volume that is pores, from that of a green one, if solids keep their
/// density.
fn pores(row: &TruthRow) -> f64 {
    let kept = 1.0 - row.weight_loss_pct.expect("in") / 100.0;
    1.0 - (1.0 - 0.098) * kept / (1.0 + row.expansion.expect("in"))
}

fn by_degree() -> String {
    let mut text = String::from(
        "### C26, C29: what is left by degree of roast\n\n\
         The medium recipe of gd12, dropped at one BT after another. Published: loss 11 to 13 % light, 14 to 15\n\
         medium, 15 to 17 dark, 16 to 20 very dark, with 3 to 4, 2 to 3, 1 to 2 and under 1 % water left; volume up\n\
         by 50 to 70, 70 to 90, 90 to 100 %. Pores, from 9.8 % in green beans, were put at 34.2 % at most by one\n\
         author; the volumes above, with solids that keep their density, make far more, so the two do not agree.\n\n\
         | drop BT °C | loss % | water left % | L* | volume gained % | pores % |\n|---|---|---|---|---|---|\n",
    );
    for bt_c in [204.0, 208.0, 212.0, 216.0, 220.0, 224.0, 228.0] {
        let mut s = quiet("steady.toml");
        s.recipe.drop.bt_c = Some(bt_c);
        let run = run(&s);
        assert_eq!(run.outcome, Outcome::Dropped, "{bt_c} °C");
        let row = run.truth.iter().rev().find(|row| row.moisture.is_some()).expect("beans were in");
        writeln!(
            text,
            "| {bt_c:.0} | {:.1} | {:.1} | {:.1} | {:.0} | {:.0} |",
            row.weight_loss_pct.expect("in"),
            wet_pct(row),
            row.lightness.expect("in"),
            100.0 * row.expansion.expect("in"),
            100.0 * pores(row),
        )
        .expect("to memory");
    }
    text + "\n"
}

/// The sections of the page about beans.
pub(crate) fn sections() -> String {
    drying() + &by_degree()
}

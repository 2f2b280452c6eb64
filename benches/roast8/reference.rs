//! What is right: the equations as the problem states them, in small steps, one roast at a time.
//!
//! Shares nothing with the lanes but constants' names: libm's exponential, plain operations,
//! no folding of factors. With 64 steps a second it is good to 4e-8 K.

use trier_roast::math;

use super::plant::{PARAMETERS, READINGS, SECONDS, STATES};
use super::seeded;

fn slopes(y: &[f64; STATES], [gas, air, drum]: [f64; 3], p: &[f64; PARAMETERS]) -> [f64; STATES] {
    let [bean, moisture, lost, metal, hot, extent, bt, et] = *y;
    let [dry_kg, heat, reactivity, ..] = *p;
    let air_flow = 1040.0 * (0.006 + 0.010 * air);
    let burner = 6200.0 * gas;
    let fourth = |k: f64| k * k * k * k;
    let drying = -1.5e8 * math::exp(-9889.0 / bean) * moisture * moisture;
    let loss = 7.7e9 * math::exp(-14_000.0 / bean) * (0.12 - lost);
    let reaction = reactivity * 2.2e7 * math::exp(-11_000.0 / bean) * (1.0 - extent);
    let radiated = 0.08 * 5.670_374_419e-8 * (fourth(metal) - fourth(bean));
    let air_bean = heat * (7.0 + 9.0 * air) * (0.85 + 0.30 * drum) * (hot - bean);
    let metal_bean = 5.0 * heat * (0.7 + 0.6 * drum) * (metal - bean) + radiated;
    let air_metal = 4.0 * (hot - metal);
    let capacity = dry_kg * ((1.0 - lost) * (1099.0 + 7.0 * (bean - 273.15)) + 5000.0 * moisture);
    [
        (air_bean + metal_bean + dry_kg * (1.1e5 * reaction + 2.6e6 * drying)) / capacity,
        drying,
        loss,
        (0.16 * burner - metal_bean + air_metal - 1.5 * (metal - 298.15)) / 4000.0,
        (air_flow * (298.15 - hot) + 0.70 * burner - air_bean - air_metal) / 40.0,
        reaction,
        (0.85 * bean + 0.15 * hot - bt) / 9.0,
        (0.75 * hot + 0.25 * metal - et) / 5.0,
    ]
}

/// Readings of one seeded roast at every second, K, from `steps` steps a second.
pub(crate) fn readings(roast: u64, steps: u32) -> Vec<[f64; READINGS]> {
    let p = seeded::parameters(roast);
    let mut y = [298.15, p[3], 0.0, p[4], p[4] + 10.0, 0.0, p[4] - 10.0, p[4] + 5.0];
    let mut readings = vec![[y[6], y[7], y[0]]];
    let h = 1.0 / f64::from(steps);
    let moved = |y: &[f64; STATES], by: f64, k: &[f64; STATES]| -> [f64; STATES] {
        core::array::from_fn(|i| y[i] + by * k[i])
    };
    for second in 0..SECONDS {
        let inputs = seeded::inputs(roast, second).map(f64::from);
        for _ in 0..steps {
            let a = slopes(&y, inputs, &p);
            let b = slopes(&moved(&y, h / 2.0, &a), inputs, &p);
            let c = slopes(&moved(&y, h / 2.0, &b), inputs, &p);
            let d = slopes(&moved(&y, h, &c), inputs, &p);
            let mean: [f64; STATES] = core::array::from_fn(|i| (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]) / 6.0);
            y = moved(&y, h, &mean);
        }
        readings.push([y[6], y[7], y[0]]);
    }
    readings
}

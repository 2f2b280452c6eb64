//! The plant of roast-8: a lumped 1 kg drum with 8 states, made for timing and accuracy.
//!
//! SI, kelvin, seconds. It is not a model of a machine: the roaster is in `sim`. Equations,
//! constants and seeded inputs are those of the public problem, so that peers can be timed
//! on the same ones.

use trier_sim::lanes::{Follower, Real, Relaxing, Stepper, reciprocals, runge_kutta_4};

/// Steps of a roast, s.
pub(crate) const SECONDS: usize = 720;
/// What is recorded: bean probe, air probe, bean temperature, K.
pub(crate) const READINGS: usize = 3;
/// Dry mass, two factors, moisture and drum temperature at the start.
pub(crate) const PARAMETERS: usize = 5;
/// Gas, air, drum speed, each 0 to 1.
pub(crate) const INPUTS: usize = 3;

const ROOM_K: f64 = 298.15;
const AIR_WK: f64 = 1040.0;
const AIR_JK: f64 = 40.0;
const METAL_JK: f64 = 4000.0;
const BURNER_W: f64 = 6200.0;
const TO_AIR: f64 = 0.70;
const TO_METAL: f64 = 0.16;
const AIR_METAL_WK: f64 = 4.0;
const LOSS_WK: f64 = 1.5;
const RADIATION_WK4: f64 = 0.08 * 5.670_374_419e-8;
const WATER_JKGK: f64 = 5000.0;
const EVAPORATION_JKG: f64 = 2.6e6;
const REACTION_JKG: f64 = 1.1e5;
const VOLATILE: f64 = 0.12;
/// Arrhenius factors with the pre-exponential folded in: ln A and activation temperature, K.
const DRYING: [f64; 2] = [18.826_145_852_060_53, 9889.0];
const LOSS: [f64; 2] = [22.764_486_165_806_048, 14_000.0];
const REACTION: [f64; 2] = [16.906_553_011_322_59, 11_000.0];
/// e^(−1/9) and e^(−1/5).
const BEAN_PROBE: Follower = Follower { lag: 9.0, kept: 0.894_839_316_814_369_9, share: 0.15 };
const AIR_PROBE: Follower = Follower { lag: 5.0, kept: 0.818_730_753_077_981_8, share: 0.75 };

/// The eight states of the problem: bean temperature, moisture, lost matter, metal, air,
/// extent of reaction, bean probe, air probe.
pub(crate) const STATES: usize = 8;
const BEAN: usize = 0;
const MOISTURE: usize = 1;
const METAL: usize = 3;
const AIR: usize = 4;
const BT: usize = 6;
const ET: usize = 7;

/// What inputs do to heat flows; constant over a second.
#[derive(Clone, Copy)]
struct Coefficients<R> {
    air_wk: R,
    burner_w: R,
    air_bean_wk: R,
    metal_bean_wk: R,
    dry_kg: R,
    reactivity: R,
}

impl<R: Real> Coefficients<R> {
    #[inline(always)]
    fn of(parameters: &[R; PARAMETERS], [gas, air, drum]: &[R; INPUTS]) -> Self {
        let [dry_kg, heat, reactivity, ..] = *parameters;
        Self {
            air_wk: R::of(0.006 * AIR_WK).plus(0.010 * AIR_WK, *air),
            burner_w: *gas * R::of(BURNER_W),
            air_bean_wk: heat * R::of(7.0).plus(9.0, *air) * R::of(0.85).plus(0.30, *drum),
            metal_bean_wk: heat * R::of(3.5).plus(3.0, *drum),
            dry_kg,
            reactivity,
        }
    }

    /// Conductances that pull on the air, W/K.
    #[inline(always)]
    fn on_air_wk(&self) -> R {
        self.air_wk + self.air_bean_wk + R::of(AIR_METAL_WK)
    }

    /// Heat that enters the air whatever its temperature, W.
    #[inline(always)]
    fn air_gain_w(&self, bean_k: R, metal_k: R) -> R {
        let made_w = (self.air_wk * R::of(ROOM_K)).plus(TO_AIR, self.burner_w);
        self.air_bean_wk.mul_add(bean_k, made_w).plus(AIR_METAL_WK, metal_k)
    }
}

/// The slow states: beans, metal, moisture, lost matter, reaction.
#[derive(Clone, Copy)]
struct Slow<R> {
    bean_k: R,
    metal_k: R,
    moisture: R,
    lost: R,
    extent: R,
}

/// Arrhenius factors at a bean temperature, 1/s.
struct Rates<R> {
    drying: R,
    loss: R,
    reaction: R,
}

impl<R: Real> Rates<R> {
    /// - `one_bean_k`: reciprocal of the bean temperature, 1/K.
    #[inline(always)]
    fn at(one_bean_k: R, reactivity: R) -> Self {
        let factor = |[ln, theta_k]: [f64; 2]| R::of(ln).plus(-theta_k, one_bean_k).exp();
        Self { drying: factor(DRYING), loss: factor(LOSS), reaction: reactivity * factor(REACTION) }
    }
}

/// Heat capacity of the beans, J/K.
#[inline(always)]
fn beans_jk<R: Real>(slow: &Slow<R>, dry_kg: R) -> R {
    let dry_jkgk = R::of(1099.0 - 7.0 * 273.15).plus(7.0, slow.bean_k);
    dry_kg * (R::of(1.0) - slow.lost).mul_add(dry_jkgk, slow.moisture * R::of(WATER_JKGK))
}

/// Slopes of the slow states at an air temperature, per second; `one_beans_jk` is 1 / [`beans_jk`].
#[inline(always)]
fn slow_slopes<R: Real>(
    slow: &Slow<R>,
    air_k: R,
    rates: &Rates<R>,
    one_beans_jk: R,
    c: &Coefficients<R>,
) -> Slow<R> {
    let moisture = -(rates.drying * slow.moisture * slow.moisture);
    let lost = rates.loss * (R::of(VOLATILE) - slow.lost);
    let extent = rates.reaction * (R::of(1.0) - slow.extent);
    let (metal_2, bean_2) = (slow.metal_k * slow.metal_k, slow.bean_k * slow.bean_k);
    let radiated_w = (metal_2 + bean_2) * (metal_2 - bean_2) * R::of(RADIATION_WK4);
    let air_bean_w = c.air_bean_wk * (air_k - slow.bean_k);
    let metal_bean_w = c.metal_bean_wk.mul_add(slow.metal_k - slow.bean_k, radiated_w);
    let air_metal_w = (air_k - slow.metal_k) * R::of(AIR_METAL_WK);
    let made_w = (extent * R::of(REACTION_JKG)).plus(EVAPORATION_JKG, moisture);
    let bean_k = c.dry_kg.mul_add(made_w, air_bean_w + metal_bean_w) * one_beans_jk;
    let metal_w =
        (air_metal_w - metal_bean_w).plus(TO_METAL, c.burner_w).plus(-LOSS_WK, slow.metal_k - R::of(ROOM_K));
    Slow { bean_k, metal_k: metal_w * R::of(1.0 / METAL_JK), moisture, lost, extent }
}

/// The eight slopes of the problem, per second.
#[inline(always)]
fn slopes<R: Real>(state: &[R; STATES], c: &Coefficients<R>) -> [R; STATES] {
    let [bean_k, moisture, lost, metal_k, air_k, extent, bt_k, et_k] = *state;
    let slow = Slow { bean_k, metal_k, moisture, lost, extent };
    let beans_jk = beans_jk(&slow, c.dry_kg);
    // Both reciprocals from one division.
    let one = R::of(1.0) / (bean_k * beans_jk);
    let rates = Rates::at(one * beans_jk, c.reactivity);
    let to = slow_slopes(&slow, air_k, &rates, one * bean_k, c);
    let air_w = c.air_gain_w(bean_k, metal_k) - c.on_air_wk() * air_k;
    [
        to.bean_k,
        to.moisture,
        to.lost,
        to.metal_k,
        air_w * R::of(1.0 / AIR_JK),
        to.extent,
        ((bean_k * R::of(0.85)).plus(0.15, air_k) - bt_k) * R::of(1.0 / BEAN_PROBE.lag),
        ((air_k * R::of(0.75)).plus(0.25, metal_k) - et_k) * R::of(1.0 / AIR_PROBE.lag),
    ]
}

/// The states at charge.
#[inline(always)]
fn charge<R: Real>(parameters: &[R; PARAMETERS]) -> [R; STATES] {
    let [_, _, _, moisture, drum_k] = *parameters;
    let mut state = [R::of(0.0); STATES];
    state[BEAN] = R::of(ROOM_K);
    state[MOISTURE] = moisture;
    state[METAL] = drum_k;
    state[AIR] = drum_k + R::of(10.0);
    state[BT] = drum_k - R::of(10.0);
    state[ET] = drum_k + R::of(5.0);
    state
}

/// Classical Runge–Kutta, some steps a second.
pub(crate) struct RungeKutta {
    /// Steps a second, 1 or more.
    pub(crate) steps: u32,
}

impl<R: Real> Stepper<R, STATES, PARAMETERS, INPUTS, READINGS> for RungeKutta {
    #[inline(always)]
    fn start(&self, parameters: &[R; PARAMETERS], _: &[R; INPUTS]) -> [R; STATES] {
        charge(parameters)
    }

    #[inline(always)]
    fn step(&self, state: &[R; STATES], parameters: &[R; PARAMETERS], inputs: &[R; INPUTS]) -> [R; STATES] {
        let c = Coefficients::of(parameters, inputs);
        runge_kutta_4(state, 1.0 / f64::from(self.steps), |state| slopes(state, &c))
    }

    #[inline(always)]
    fn parts(&self) -> u32 {
        self.steps
    }

    #[inline(always)]
    fn readings(&self, state: &[R; STATES]) -> [R; READINGS] {
        [state[BT], state[ET], state[BEAN]]
    }
}

/// The states of the problem and the last slopes of the five slow ones.
pub(crate) const SPLIT_STATES: usize = STATES + 5;

/// Split exponential midpoint at 1 s: air and probes exactly for a target that moves in a
/// straight line, slow states by one midpoint whose predictor is the last slope.
pub(crate) struct Split;

impl<R: Real> Stepper<R, SPLIT_STATES, PARAMETERS, INPUTS, READINGS> for Split {
    #[inline(always)]
    fn start(&self, parameters: &[R; PARAMETERS], inputs: &[R; INPUTS]) -> [R; SPLIT_STATES] {
        let state = charge(parameters);
        let c = Coefficients::of(parameters, inputs);
        // First slopes of the temperatures: with the air where it would settle.
        let mut settled = state;
        settled[AIR] = c.air_gain_w(state[BEAN], state[METAL]) / c.on_air_wk();
        let slope = slopes(&settled, &c);
        let mut start = [R::of(0.0); SPLIT_STATES];
        start[..STATES].copy_from_slice(&state);
        start[STATES] = slope[BEAN];
        start[STATES + 1] = slope[METAL];
        start
    }

    #[inline(always)]
    fn step(
        &self,
        state: &[R; SPLIT_STATES],
        parameters: &[R; PARAMETERS],
        inputs: &[R; INPUTS],
    ) -> [R; SPLIT_STATES] {
        let [
            bean_k,
            moisture,
            lost,
            metal_k,
            air_k,
            extent,
            bt_k,
            et_k,
            to_bean,
            to_metal,
            to_moisture,
            to_lost,
            to_extent,
        ] = *state;
        let c = Coefficients::of(parameters, inputs);
        let middle = Slow {
            bean_k: bean_k.plus(0.5, to_bean),
            metal_k: metal_k.plus(0.5, to_metal),
            moisture: moisture.plus(0.5, to_moisture),
            lost: lost.plus(0.5, to_lost),
            extent: extent.plus(0.5, to_extent),
        };
        let on_air_wk = c.on_air_wk();
        let rate = on_air_wk * R::of(1.0 / AIR_JK);
        let beans_jk = beans_jk(&middle, c.dry_kg);
        let one_bean_k = R::of(1.0) / middle.bean_k;
        let [one_on_air, one_beans_jk, one_bt, one_et] =
            reciprocals([on_air_wk, beans_jk, BEAN_PROBE.faster(rate), AIR_PROBE.faster(rate)]);
        let target_k = c.air_gain_w(bean_k, metal_k) * one_on_air;
        let climb_k = (c.air_bean_wk * to_bean).plus(AIR_METAL_WK, to_metal) * one_on_air;
        let air = Relaxing::towards(air_k, target_k, climb_k, rate, one_on_air * R::of(AIR_JK));
        let rates = Rates::at(one_bean_k, c.reactivity);
        let to = slow_slopes(&middle, air.mean(), &rates, one_beans_jk, &c);
        [
            bean_k + to.bean_k,
            moisture + to.moisture,
            lost + to.lost,
            metal_k + to.metal_k,
            air.end(),
            extent + to.extent,
            BEAN_PROBE.follow(bt_k, &air, bean_k, to.bean_k, one_bt),
            AIR_PROBE.follow(et_k, &air, metal_k, to.metal_k, one_et),
            to.bean_k,
            to.metal_k,
            to.moisture,
            to.lost,
            to.extent,
        ]
    }

    #[inline(always)]
    fn readings(&self, state: &[R; SPLIT_STATES]) -> [R; READINGS] {
        [state[BT], state[ET], state[BEAN]]
    }
}

//! A roaster as somebody models it: what `twin` steps ahead, without knowing whose model it is.
//!
//! The pipeline holds no physics. Whoever has some implements [`Plant`] and gives it to
//! [`Twin`](super::Twin); the simulator's is in the evaluation, which may name both.

use super::controls::Controls;

/// How well a plant knows when beans crack, standard deviations in °C of BT.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownCrack {
    /// Between the machine and lot that are modelled and those at hand.
    pub between_c: f64,
    /// From roast to roast, a mark's own scatter included.
    pub within_c: f64,
}

/// How well a plant is known: what its forecasts may be off by, beside what its members differ in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// How far off BT at first crack may be from where the plant has it; None where the plant does not know.
    pub crack: Option<KnownCrack>,
    /// BT shown against the plant's at one time, what lasts for seconds only, standard deviation, °C.
    pub reading_c: f64,
    /// How well the instant of charge is known against the readings, standard deviation, s: in the plunge a second is
    /// degrees.
    pub instant_s: f64,
    /// How far the plant goes wrong, as a share of how far BT is led.
    pub led_share: f64,
    /// How the first of the uncertain numbers, the heat that arrives, wanders: standard deviation after a minute,
    /// in units of what is not known of it at charge.
    pub heat_per_root_min: f64,
}

impl Known {
    /// A machine that was measured, with beans of a known lot.
    pub const MACHINE: Self = Self {
        crack: Some(KnownCrack { between_c: 3.0, within_c: 1.8 }),
        reading_c: 0.4,
        instant_s: 0.5,
        led_share: 0.04,
        heat_per_root_min: 0.25,
    };

    /// Any machine of a family with any beans: first crack is marked where the operator hears it.
    pub const FAMILY: Self =
        Self { crack: None, reading_c: 1.0, instant_s: 3.0, led_share: 0.2, heat_per_root_min: 0.5 };
}

/// A machine with beans of a lot, as it is modelled.
pub trait Plant: Send + Sync {
    /// The machine or family it models.
    fn name(&self) -> &str;

    /// How well it is known.
    fn known(&self) -> Known;

    /// How many of its numbers are uncertain, at most [`UNCERTAIN_MAX`]; the first is the heat that arrives.
    fn uncertain(&self) -> usize;

    /// A roast that was just charged, with the bean probe at `bt_c`.
    ///
    /// - `z`: where each uncertain number lies, in its own standard deviations.
    fn charged(&self, bt_c: f64, controls: &Controls, z: &[f64]) -> Box<dyn Member>;
}

/// The most numbers that may be uncertain: as many as members can differ in evenly.
pub const UNCERTAIN_MAX: usize = 15;

/// One roast on a plant, as it may be.
pub trait Member: Send {
    /// The same again.
    fn copy(&self) -> Box<dyn Member>;

    /// All numbers that are uncertain, in standard deviations, and then all that move, in a fixed order. They are
    /// averaged over members of one plant.
    fn numbers(&self) -> Vec<f64>;

    /// Takes such numbers on.
    fn put(&mut self, numbers: &[f64]);

    /// Goes on by `by_s` seconds; controls that are not told are taken as usual.
    fn advance(&mut self, controls: &Controls, by_s: f64);

    /// What the bean probe shows, °C.
    fn bt_c(&self) -> f64;

    /// Share of the beans that have cracked, 0 to 1.
    fn cracked(&self) -> f64;
}

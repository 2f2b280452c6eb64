//! The numbers that are fitted: where each lives, its prior, and the bounds that it cannot leave.
//!
//! Every number is a function of one z, whose prior is normal with mean 0 and standard deviation 1:
//! what least squares sees is alike for all, and a prior's residual is z itself.

use trier_roast::math;

use super::Model;

/// Whose number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The machine's own, written to its file.
    Machine,
    /// How the machine stands at charge.
    Start,
    /// The beans'; the machine's file leaves them out.
    Lot,
}

impl Level {
    /// The name used in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Start => "start",
            Self::Lot => "lot",
        }
    }
}

/// How a number follows z around its prior centre.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Law {
    /// centre · e^(sd·z): stays above 0.
    Log { sd: f64 },
    /// The logistic of logit(centre) + sd·z: stays between 0 and 1.
    Share { sd: f64 },
    /// centre + sd·z.
    Plain { sd: f64 },
}

/// One number that is fitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    /// Its key in the file, or its name.
    pub key: &'static str,
    pub unit: &'static str,
    pub level: Level,
    law: Law,
    limits: (f64, f64),
    pub get: fn(&Model) -> f64,
    set: fn(&mut Model, f64),
}

/// Shares nearer than this to 0 or 1 have no logit worth the name.
const SHARE_LEAST: f64 = 0.03;

impl Parameter {
    /// The number at `z`, with its prior centred on what `prior` holds.
    pub(super) fn value(&self, prior: &Model, z: f64) -> f64 {
        let centre = (self.get)(prior);
        let value = match self.law {
            Law::Log { sd } => centre * math::exp(sd * z),
            Law::Share { sd } => {
                let centre = centre.clamp(SHARE_LEAST, 1.0 - SHARE_LEAST);
                1.0 / (1.0 + (1.0 / centre - 1.0) * math::exp(-sd * z))
            }
            Law::Plain { sd } => centre + sd * z,
        };
        value.clamp(self.limits.0, self.limits.1)
    }

    /// Whether `value` is where its law ends; 0 is no end but the lack of what it says.
    pub(super) fn is_at_bound(&self, value: f64) -> bool {
        let (least, most) = self.limits;
        (value <= least && least != 0.0) || value >= most
    }

    /// Puts the number at `z` into `model`.
    pub(super) fn apply(&self, prior: &Model, model: &mut Model, z: f64) {
        (self.set)(model, self.value(prior, z));
    }
}

/// `prior` with each of `parameters` at its z.
pub(super) fn applied(prior: &Model, parameters: &[Parameter], z: &[f64]) -> Model {
    let mut model = prior.clone();
    for (parameter, z) in parameters.iter().zip(z) {
        parameter.apply(prior, &mut model, *z);
    }
    model
}

/// What can be fitted on a machine of the kind that `prior` is.
///
/// - `has_other`: whether the roasts have a second probe.
pub(super) fn parameters(prior: &Model, has_other: bool) -> Vec<Parameter> {
    let mut all = heat_and_air(prior);
    all.extend(metal(prior));
    all.extend(probe());
    all.extend(start_and_lot(has_other));
    all
}

macro_rules! number {
    ($key:literal, $unit:literal, $level:ident, $law:expr, $limits:expr, $($field:tt)+) => {
        Parameter {
            key: $key,
            unit: $unit,
            level: Level::$level,
            law: $law,
            limits: $limits,
            get: |m| m.$($field)+,
            set: |m, value| m.$($field)+ = value,
        }
    };
}

#[rustfmt::skip] // A table reads better as a table.
fn heat_and_air(prior: &Model) -> Vec<Parameter> {
    use Law::{Log, Plain, Share};
    let mut all = vec![
        number!("heater.power_w", "W", Machine, Log { sd: 0.4 }, (100.0, 5e6), machine.heater.power_w),
        number!("heater.control_exponent", "1", Machine, Log { sd: 0.2 }, (0.2, 3.0), machine.heater.control_exponent),
        number!("air.flow_share_at_0_pct", "1", Machine, Plain { sd: 0.25 }, (0.0, 2.0), machine.air.flow_share_at_0_pct),
        number!("air.flow_kg_s", "kg/s", Machine, Log { sd: 0.6 }, (1e-4, 50.0), machine.air.flow_kg_s),
        number!("air.to_beans_w_k", "W/K", Machine, Log { sd: 0.6 }, (1e-3, 1e5), machine.air.to_beans_w_k),
    ];
    // Where all heat enters the air by build, or none, there is nothing to share out.
    if (SHARE_LEAST..=1.0 - SHARE_LEAST).contains(&prior.machine.heater.share_to_air) {
        all.push(number!("heater.share_to_air", "1", Machine, Share { sd: 1.2 }, (0.0, 1.0), machine.heater.share_to_air));
    }
    all
}

#[rustfmt::skip]
fn metal(prior: &Model) -> Vec<Parameter> {
    use Law::Log;
    let bodies = &prior.machine.bodies;
    let mut all = vec![
        number!("bodies.wall_j_k", "J/K", Machine, Log { sd: 0.6 }, (10.0, 1e8), machine.bodies.wall_j_k),
        number!("bodies.wall_to_beans_w_k", "W/K", Machine, Log { sd: 0.6 }, (1e-3, 1e5), machine.bodies.wall_to_beans_w_k),
        number!("bodies.plenum_to_wall_w_k", "W/K", Machine, Log { sd: 0.8 }, (1e-3, 1e5), machine.bodies.plenum_to_wall_w_k),
        number!("bodies.structure_j_k", "J/K", Machine, Log { sd: 0.8 }, (10.0, 1e8), machine.bodies.structure_j_k),
        number!("bodies.wall_to_structure_w_k", "W/K", Machine, Log { sd: 1.2 }, (1e-3, 1e5), machine.bodies.wall_to_structure_w_k),
        number!("bodies.fill_s", "s", Machine, Log { sd: 0.5 }, (0.5, 30.0), machine.bodies.fill_s),
    ];
    if bodies.wall_loss_w_k > 0.0 {
        all.push(number!("bodies.wall_loss_w_k", "W/K", Machine, Log { sd: 1.5 }, (1e-3, 1e5), machine.bodies.wall_loss_w_k));
    } else {
        all.push(number!("bodies.structure_loss_w_k", "W/K", Machine, Log { sd: 1.5 }, (1e-3, 1e5), machine.bodies.structure_loss_w_k));
    }
    all
}

#[rustfmt::skip]
fn probe() -> Vec<Parameter> {
    use Law::{Log, Plain, Share};
    vec![
        number!("probes.bt.lag_s", "s", Machine, Log { sd: 0.5 }, (0.5, 300.0), machine.probes.bt.lag_s),
        number!("probes.bt.second_lag_s", "s", Machine, Plain { sd: 8.0 }, (0.0, 300.0), machine.probes.bt.second_lag_s),
        number!("probes.bt.air_share", "1", Machine, Share { sd: 1.2 }, (0.0, 1.0), machine.probes.bt.air_share),
        number!("probes.bt.stem_share", "1", Machine, Plain { sd: 0.05 }, (0.0, 0.5), machine.probes.bt.stem_share),
        number!("probes.bt.bias_c", "°C", Machine, Plain { sd: 5.0 }, (-50.0, 50.0), machine.probes.bt.bias_c),
    ]
}

#[rustfmt::skip]
fn start_and_lot(has_other: bool) -> Vec<Parameter> {
    use Law::{Log, Plain};
    let mut all = vec![
        number!("wall at charge: over BT", "°C", Start, Plain { sd: 25.0 }, (-150.0, 200.0), start.wall_over_bt_c),
        number!("structure at charge: share", "1", Start, Plain { sd: 0.2 }, (0.0, 1.0), start.structure_share),
        number!("reaction_factor", "1", Lot, Log { sd: 0.2 }, (0.05, 2.0), lot.reaction_factor),
        number!("first_crack_mean_c", "°C", Lot, Plain { sd: 8.0 }, (170.0, 230.0), lot.first_crack_mean_c),
    ];
    if has_other {
        all.push(number!("wall at charge: with the other probe", "1", Start, Plain { sd: 0.4 }, (-0.5, 2.0), start.other_share));
    }
    all
}

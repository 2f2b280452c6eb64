//! Whose the spread is: machines, SKUs, and what no two roasts share, from balanced designs.
//!
//! Unbalanced ones are [`super::reml`]. Uplift is claimed on the repeatability; the shares of
//! machines and SKUs stand beside it.

use super::error::{StatsError, check_finite, check_share};
use super::f_dist;
use super::sum::{exact_sum, mean};

/// One-way random effects of equally many roasts per machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneWay {
    /// Mean square between machines.
    pub ms_between: f64,
    /// Mean square within machines.
    pub ms_within: f64,
    /// Variance between machines, never below 0.
    pub between: f64,
    /// Variance within a machine.
    pub within: f64,
    /// Intraclass correlation, as estimated: may be below 0.
    pub icc: f64,
    /// ms_between / ms_within.
    pub f: f64,
    /// Its p.
    pub p: f64,
    /// Two-sided interval of the intraclass correlation.
    pub icc_interval: (f64, f64),
}

/// Components of `groups`, one per machine, at confidence `level`. Vector: `varcomp/one_way_balanced`.
///
/// # Errors
/// Fewer than two groups or values in one, groups of different size, a value that is not finite, no spread
/// within, or a level outside 0 to 1.
pub fn one_way(groups: &[Vec<f64>], level: f64) -> Result<OneWay, StatsError> {
    check_share("level", level)?;
    let size = groups.first().map_or(0, Vec::len);
    if groups.len() < 2 || size < 2 {
        return Err(StatsError::TooFew { got: groups.len().min(size), need: 2 });
    }
    if let Some(other) = groups.iter().find(|group| group.len() != size) {
        return Err(StatsError::Unequal { left: size, right: other.len() });
    }
    let all: Vec<f64> = groups.iter().flatten().copied().collect();
    check_finite(&all, 4)?;
    let none = StatsError::NoSpread { n: all.len() };
    let centre = mean(&all).ok_or(none)?;
    #[allow(clippy::cast_precision_loss)]
    let (count, n) = (groups.len() as f64, size as f64);
    let (mut off_between, mut off_within) = (Vec::new(), Vec::new());
    for group in groups {
        let here = mean(group).ok_or(none)?;
        off_between.push(n * (here - centre) * (here - centre));
        off_within.extend(group.iter().map(|v| (v - here) * (v - here)));
    }
    let (df_between, df_within) = (count - 1.0, count * (n - 1.0));
    let (ms_between, ms_within) = (exact_sum(&off_between) / df_between, exact_sum(&off_within) / df_within);
    if ms_within <= 0.0 {
        return Err(none);
    }
    let f = ms_between / ms_within;
    let outside = 0.5 * (1.0 - level);
    let of_f = |f: f64| (f - 1.0) / (f + n - 1.0);
    Ok(OneWay {
        ms_between,
        ms_within,
        between: ((ms_between - ms_within) / n).max(0.0),
        within: ms_within,
        icc: of_f(f),
        f,
        p: f_dist::sf(f, df_between, df_within),
        icc_interval: (
            of_f(f / f_dist::quantile(1.0 - outside, df_between, df_within)),
            of_f(f * f_dist::quantile(1.0 - outside, df_within, df_between)),
        ),
    })
}

/// Machines by SKUs, crossed, with repeats: the form of a gauge study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossed {
    /// Mean square of machines.
    pub ms_machine: f64,
    /// Mean square of SKUs.
    pub ms_sku: f64,
    /// Mean square of their interaction.
    pub ms_interaction: f64,
    /// Mean square of repeats.
    pub ms_repeat: f64,
    /// The components as estimated, which may be below 0.
    pub estimated: Components,
    /// The same, never below 0.
    pub truncated: Components,
}

/// Variances by where they come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// Between machines.
    pub machine: f64,
    /// Between SKUs.
    pub sku: f64,
    /// Of machines that treat SKUs differently.
    pub interaction: f64,
    /// Between roasts of one SKU on one machine.
    pub repeat: f64,
}

/// Components of `y[machine][sku][repeat]`. Vector: `varcomp/machine_by_sku`.
///
/// # Errors
/// Fewer than two machines, SKUs or repeats, cells of different size, or a value that is not finite.
pub fn machine_by_sku(y: &[Vec<Vec<f64>>]) -> Result<Crossed, StatsError> {
    let skus = y.first().map_or(0, Vec::len);
    let repeats = y.first().and_then(|machine| machine.first()).map_or(0, Vec::len);
    let fewest = y.len().min(skus).min(repeats);
    if fewest < 2 {
        return Err(StatsError::TooFew { got: fewest, need: 2 });
    }
    if let Some(machine) = y.iter().find(|machine| machine.len() != skus) {
        return Err(StatsError::Unequal { left: skus, right: machine.len() });
    }
    if let Some(cell) = y.iter().flatten().find(|cell| cell.len() != repeats) {
        return Err(StatsError::Unequal { left: repeats, right: cell.len() });
    }
    let all: Vec<f64> = y.iter().flatten().flatten().copied().collect();
    check_finite(&all, 8)?;
    let mean_of = |values: &[f64]| mean(values).unwrap_or(f64::NAN);
    let centre = mean_of(&all);
    let machine_mean = |i: usize| mean_of(&y[i].iter().flatten().copied().collect::<Vec<f64>>());
    let sku_mean = |j: usize| mean_of(&y.iter().flat_map(|m| m[j].iter().copied()).collect::<Vec<f64>>());
    let by_machine: Vec<f64> = (0..y.len()).map(machine_mean).collect();
    let by_sku: Vec<f64> = (0..skus).map(sku_mean).collect();
    #[allow(clippy::cast_precision_loss)]
    let (a, b, k) = (y.len() as f64, skus as f64, repeats as f64);
    let squares = |off: &mut dyn Iterator<Item = f64>| exact_sum(&off.map(|v| v * v).collect::<Vec<f64>>());
    let ss_machine = b * k * squares(&mut by_machine.iter().map(|m| m - centre));
    let ss_sku = a * k * squares(&mut by_sku.iter().map(|m| m - centre));
    let cells = || {
        y.iter().enumerate().flat_map(|(i, machine)| machine.iter().enumerate().map(move |(j, c)| (i, j, c)))
    };
    let ss_inter = k * squares(&mut cells().map(|(i, j, c)| mean_of(c) - by_machine[i] - by_sku[j] + centre));
    let ss_repeat = squares(&mut cells().flat_map(|(_, _, cell)| {
        let here = mean_of(cell);
        cell.iter().map(move |v| v - here)
    }));
    let ms_machine = ss_machine / (a - 1.0);
    let ms_sku = ss_sku / (b - 1.0);
    let ms_interaction = ss_inter / ((a - 1.0) * (b - 1.0));
    let ms_repeat = ss_repeat / (a * b * (k - 1.0));
    let estimated = Components {
        machine: (ms_machine - ms_interaction) / (b * k),
        sku: (ms_sku - ms_interaction) / (a * k),
        interaction: (ms_interaction - ms_repeat) / k,
        repeat: ms_repeat,
    };
    let truncated = Components {
        machine: estimated.machine.max(0.0),
        sku: estimated.sku.max(0.0),
        interaction: estimated.interaction.max(0.0),
        repeat: estimated.repeat,
    };
    Ok(Crossed { ms_machine, ms_sku, ms_interaction, ms_repeat, estimated, truncated })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_machines_have_no_variance_between_them() {
        // Equal means: F is 0, the estimate of the correlation is −1/(n − 1) and the variance is not below 0.
        let got = one_way(&[vec![1.0, 2.0, 3.0], vec![3.0, 2.0, 1.0]], 0.95).expect("spread");
        assert_eq!((got.between, got.f, got.within), (0.0, 0.0, 1.0));
        assert!((got.icc + 0.5).abs() < 1e-15 && got.icc_interval.0 <= got.icc);
        assert!(one_way(&[vec![1.0, 2.0], vec![1.0]], 0.95).is_err());
        assert!(one_way(&[vec![1.0, 1.0], vec![2.0, 2.0]], 0.95).is_err());
    }

    #[test]
    fn a_table_that_adds_up_has_no_interaction() {
        // machine + sku, and repeats at ±1: the interaction's mean square is 0, its estimate below 0.
        let y: Vec<Vec<Vec<f64>>> = (0..3)
            .map(|i| (0..4).map(|j| [1.0, -1.0].map(|e| f64::from(10 * i + j) + e).to_vec()).collect())
            .collect();
        let got = machine_by_sku(&y).expect("balanced");
        assert!(got.ms_interaction.abs() < 1e-12 && (got.ms_repeat - 2.0).abs() < 1e-12);
        assert!((got.estimated.interaction + 1.0).abs() < 1e-12 && got.truncated.interaction == 0.0);
        // The variance of 0, 10, 20 is 100.
        assert!((got.estimated.machine - 100.0).abs() < 1e-10);
        assert!(machine_by_sku(&y[..1]).is_err());
    }
}

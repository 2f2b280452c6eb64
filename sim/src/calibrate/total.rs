//! Many roasts in a few numbers: medians with their intervals, and shares within limits.

use trier_roast::order::{median, quantile_of_sorted};

use super::{PHASES, RoastErrors};

/// A turning point this near counts as met: s, °C.
const TURNING_WITHIN: (f64, f64) = (8.0, 6.0);
/// A first crack this near counts as met, s.
const CRACK_WITHIN_S: f64 = 30.0;

/// One number over many roasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// What it is.
    pub metric: String,
    /// The value; None when no roast could be compared.
    pub value: Option<f64>,
    /// 95 % interval of a median.
    pub interval: Option<(f64, f64)>,
    /// Unit of all three.
    pub unit: &'static str,
    /// Roasts compared.
    pub n: usize,
}

/// Names, units and values of one roast's errors, as tables hold them.
#[must_use]
pub fn metrics(errors: &RoastErrors) -> Vec<(String, &'static str, Option<f64>)> {
    let mut all = vec![("bt_rmse".to_owned(), "°C", Some(errors.bt_rmse_c))];
    all.extend(
        PHASES
            .iter()
            .zip(errors.phase_rmse_c)
            .map(|(phase, value)| (format!("bt_rmse.{phase}"), "°C", value)),
    );
    all.extend(
        PHASES
            .iter()
            .zip(errors.phase_bias_c)
            .map(|(phase, value)| (format!("bt_bias.{phase}"), "°C", value)),
    );
    all.extend([
        ("bt_bias".to_owned(), "°C", Some(errors.bt_bias_c)),
        ("turning_point.time".to_owned(), "s", errors.turning_point_s),
        ("turning_point.bt".to_owned(), "°C", errors.turning_point_c),
        ("first_crack.time".to_owned(), "s", errors.first_crack_s),
        ("drop.bt".to_owned(), "°C", Some(errors.drop_c)),
    ]);
    all
}

/// Totals over `errors`: the median of each metric's size, and how many turning points and first cracks
/// were met.
#[must_use]
pub fn totals(errors: &[RoastErrors]) -> Vec<Total> {
    let mut by_metric: Vec<(String, &'static str, Vec<f64>)> =
        metrics(&RoastErrors::default()).into_iter().map(|(name, unit, _)| (name, unit, vec![])).collect();
    for roast in errors {
        for (into, (_, _, value)) in by_metric.iter_mut().zip(metrics(roast)) {
            into.2.extend(value.map(f64::abs));
        }
    }
    let mut all: Vec<Total> = by_metric
        .into_iter()
        .map(|(name, unit, values)| Total {
            metric: format!("median.{name}"),
            value: median(&values),
            interval: median_interval(&values),
            unit,
            n: values.len(),
        })
        .collect();
    let turned = errors.iter().filter_map(|e| e.turning_point_s.zip(e.turning_point_c));
    let met = turned.map(|(s, c)| s.abs() <= TURNING_WITHIN.0 && c.abs() <= TURNING_WITHIN.1);
    all.push(share("turning_point.within_8_s_and_6_c", met));
    let cracked = errors.iter().filter_map(|e| e.first_crack_s);
    all.push(share("first_crack.within_30_s", cracked.map(|s| s.abs() <= CRACK_WITHIN_S)));
    all
}

fn share(metric: &str, met: impl Iterator<Item = bool>) -> Total {
    let met: Vec<bool> = met.collect();
    #[allow(clippy::cast_precision_loss)] // Roasts of one machine.
    let share = |count: usize| count as f64 / met.len() as f64;
    let value = (!met.is_empty()).then(|| share(met.iter().filter(|met| **met).count()));
    Total { metric: metric.to_owned(), value, interval: None, unit: "1", n: met.len() }
}

/// The order statistics between which the median lies with at least 95 %; None below six values.
///
/// By the sign test: as many values lie below the median as heads fall in n throws.
fn median_interval(values: &[f64]) -> Option<(f64, f64)> {
    const TAIL: f64 = 0.025;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let mut term = 1.0;
    (0..n).for_each(|_| term *= 0.5);
    let (mut below, mut outside) = (0.0, None);
    for k in 0..n / 2 {
        below += term;
        if below > TAIL {
            break;
        }
        outside = Some(k);
        #[allow(clippy::cast_precision_loss)]
        let next = (n - k) as f64 / (k + 1) as f64;
        term *= next;
    }
    let k = outside?;
    Some((*sorted.get(k)?, *sorted.get(n - 1 - k)?))
}

/// Places of the median and of the worst of `values`; None without any.
#[must_use]
pub fn median_and_worst(values: &[f64]) -> Option<(usize, usize)> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let middle = places.len().checked_sub(1)? / 2;
    Some((*places.get(middle)?, *places.last()?))
}

/// The middle of `values` and the largest, for a charge that stands for many.
#[must_use]
pub fn middle_and_largest(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((quantile_of_sorted(&sorted, 0.5)?, *sorted.last()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_sign_test() {
        let values = |n: u32| (1..=n).map(f64::from).collect::<Vec<f64>>();
        assert_eq!(median_interval(&values(5)), None);
        // Tables of the sign test at 95 %: n = 6 leaves out none, 9 one, 12 two, 20 five on each side.
        assert_eq!(median_interval(&values(6)), Some((1.0, 6.0)));
        assert_eq!(median_interval(&values(9)), Some((2.0, 8.0)));
        assert_eq!(median_interval(&values(12)), Some((3.0, 10.0)));
        assert_eq!(median_interval(&values(20)), Some((6.0, 15.0)));
    }
}

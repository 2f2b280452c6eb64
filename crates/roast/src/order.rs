//! Order statistics: quantiles of a handful of numbers.

/// The `p` quantile of `sorted` by Hyndman and Fan's definition 7.
///
/// Linear between the two nearest order statistics; this is what R, NumPy and
/// spreadsheets do by default.
///
/// - `sorted`: ascending, finite.
/// - `p`: 0 to 1; clamped.
///
/// None when `sorted` is empty.
#[must_use]
pub fn quantile_of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[allow(clippy::cast_precision_loss)]
    let position = p.clamp(0.0, 1.0) * last as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    #[allow(clippy::cast_precision_loss)]
    let share = position - below as f64;
    Some(sorted[below] + share * (sorted[above] - sorted[below]))
}

/// The middle of `values`, in any order; the mean of the two middle ones when even.
///
/// None when `values` is empty. NaN sorts last, by IEEE total order.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    median_of(values.iter().copied())
}

/// As [`median`], of values that are not in one place. Few of them take no memory.
#[must_use]
pub fn median_of(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    const FEW: usize = 32;
    let n = values.len();
    if n > FEW {
        return middle(&mut values.collect::<Vec<f64>>());
    }
    let mut few = [0.0; FEW];
    few.iter_mut().zip(values).for_each(|(place, value)| *place = value);
    middle(&mut few[..n])
}

fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    quantile_of_sorted(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_few_numbers() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0]), Some(2.5));
        // Odd counts of one less, as many and one more than are sorted without heap.
        for n in [31_u32, 32, 33] {
            let falling: Vec<f64> = (0..n).rev().map(f64::from).collect();
            assert_eq!(median(&falling), Some(f64::from(n - 1) / 2.0));
        }
    }

    #[test]
    fn quantiles_interpolate_between_order_statistics() {
        let sorted = [0.0, 10.0, 20.0, 30.0, 40.0];
        assert_eq!(quantile_of_sorted(&sorted, 0.0), Some(0.0));
        assert_eq!(quantile_of_sorted(&sorted, 1.0), Some(40.0));
        let p90 = quantile_of_sorted(&sorted, 0.9).expect("not empty");
        assert!((p90 - 36.0).abs() < 1e-12);
    }
}

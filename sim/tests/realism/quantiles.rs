//! Tenth, fiftieth and ninetieth percentile of figures.

/// p10, p50, p90, straight between neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantiles {
    pub(crate) p10: f64,
    pub(crate) p50: f64,
    pub(crate) p90: f64,
}

impl Quantiles {
    /// Of `values`; None where there are none.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |share: f64| {
            let place = share * last as f64;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let below = place.floor() as usize;
            values[below] + place.fract() * (values[(below + 1).min(last)] - values[below])
        };
        Some(Self { p10: at(0.1), p50: at(0.5), p90: at(0.9) })
    }

    /// As `p10 / p50 / p90`, with as many decimals as `name`'s unit asks for.
    pub(crate) fn text(&self, name: &str) -> String {
        format!("{} / {} / {}", said(name, self.p10), said(name, self.p50), said(name, self.p90))
    }
}

/// `value` with the decimals that `name`'s unit asks for.
pub(crate) fn said(name: &str, value: f64) -> String {
    // No minus before a zero.
    let value = if value.abs() < 0.05 { 0.0 } else { value };
    if name.ends_with(", s") { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[test]
fn quantiles_of_a_known_row() {
    let q = Quantiles::of((0..=10).rev().map(f64::from).collect()).expect("eleven");
    assert_eq!((q.p10, q.p50, q.p90), (1.0, 5.0, 9.0));
    assert!(Quantiles::of(vec![]).is_none());
}

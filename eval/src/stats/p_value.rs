//! How a p is written: never as 0, for no test can show that much.

/// Below this a p of a formula says no more than that it is small.
pub const FORMULA_FLOOR: f64 = 1e-15;

/// `p` to four significant digits, or "< floor" where it is at or below what the method can tell.
///
/// - `floor`: [`FORMULA_FLOOR`] for formulas; for flips and draws the smallest p there is, which is written
///   with "<=" when reached.
#[must_use]
pub fn text(p: f64, floor: f64) -> String {
    if p.is_nan() {
        return "none".to_owned();
    }
    if p < FORMULA_FLOOR {
        return format!("< {}", digits(floor.max(FORMULA_FLOOR)));
    }
    if p <= floor {
        return format!("<= {}", digits(floor));
    }
    digits(p)
}

fn digits(p: f64) -> String {
    if p >= 0.001 { format!("{p:.4}") } else { format!("{p:.1e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_p_reads_as_nothing() {
        assert_eq!(text(0.0, FORMULA_FLOOR), "< 1.0e-15");
        assert_eq!(text(0.003_906_25, 0.003_906_25), "<= 0.0039");
        assert_eq!(text(0.000_04, FORMULA_FLOOR), "4.0e-5");
        assert_eq!((text(0.123_45, 0.001), text(f64::NAN, 0.1)), ("0.1235".to_owned(), "none".to_owned()));
    }
}

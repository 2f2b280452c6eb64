//! Numbers out of a file as people read them: never three hundred digits long.

/// Size from which a number is shown as 1.2e34.
const LONG: f64 = 1e7;

/// `x` with `decimals` decimals; in scientific notation from ten million on.
pub(crate) fn rounded(x: f64, decimals: usize) -> String {
    if x.abs() >= LONG { format!("{x:.1e}") } else { format!("{x:.decimals$}") }
}

/// `x` with as many digits as it has; in scientific notation from ten million on.
pub(crate) fn shortest(x: f64) -> String {
    let digits = x.to_string();
    // A tiny number is as long as a huge one.
    if x.abs() >= LONG || digits.len() > 20 { format!("{x:.1e}") } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_whatever_they_are() {
        assert_eq!((rounded(196.04, 1).as_str(), shortest(0.5).as_str()), ("196.0", "0.5"));
        assert_eq!((rounded(-1e300, 0).as_str(), shortest(1e300).as_str()), ("-1.0e300", "1.0e300"));
        for wild in [f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN, 9_999_999.5, -1.0 / 3.0] {
            assert!(rounded(wild, 2).len() <= 11 && shortest(wild).len() <= 20, "{wild:e}");
        }
    }
}

//! Colour: how light, red and yellow the beans look. Equations B10.

use trier_roast::math;

/// L* of green beans (Anokye-Bempah 2025, C21).
const GREEN_L: f64 = 59.3;
/// L* at colour change (C21).
const YELLOW_L: f64 = 62.38;
/// L* that an endless roast tends to (B10, fitted).
const CHAR_L: f64 = 8.6;
/// Darkening, 1/(L*³·min at 200 °C) (B10, fitted: RMS error 2.6 L* at first crack).
const DARKENING: f64 = 2.17e-5;

/// a* and b* of green beans (C21).
const GREEN_AB: (f64, f64) = (2.43, 21.33);
/// a* = a0 + 1.341·L* − 0.015·L*²: slopes published (Anokye-Bempah 2025), a0 computed back from the
/// milestones, ± 0.7 (B10).
const REDNESS: [f64; 3] = [-14.6, 1.341, -0.015];
/// b* = b0 + 2.244·L* − 0.020·L*²: likewise, b0 ± 0.6.
const YELLOWNESS: [f64; 3] = [-30.4, 2.244, -0.020];

/// L* where a roast is taken for too light, and its Agtron of ground coffee: the end of a roast that only just
/// reaches first crack, whose L* is 29.74 ± 1.9 (C21).
const AGTRON_LIGHT: (f64, f64) = (29.74, 75.0);
/// The same where it is taken for too dark: where the law of B10 is at second crack, four minutes and 26 °C on.
const AGTRON_DARK: (f64, f64) = (21.0, 55.0);

/// How ground coffee looks, in CIE L*a*b*.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colour {
    /// L*, 8.6 (black) to 62.4 (yellow).
    pub lightness: f64,
    /// a*, green to red.
    pub redness: f64,
    /// b*, blue to yellow.
    pub yellowness: f64,
    /// What an Agtron meter might say of it; None before the beans are yellow.
    ///
    /// A guess: a straight line through two degrees of roast for which both numbers can be had, 75 at L* 29.7
    /// and 55 at 21. No pair of both was measured on one coffee; 8 points either way would not surprise.
    pub agtron: Option<f64>,
}

impl Colour {
    /// The colour of beans.
    ///
    /// - `yellowing`: progress to colour change, 0 (green) to 1, along a straight line.
    /// - `dose_min`: minutes at 200 °C since colour change, 0 or more; 0 before it.
    pub(crate) fn of(yellowing: f64, dose_min: f64) -> Self {
        let lightness = lightness(yellowing, dose_min);
        let on_curve = |law: [f64; 3], l: f64| law[0] + l * (law[1] + l * law[2]);
        if dose_min > 0.0 {
            let slope = (AGTRON_LIGHT.1 - AGTRON_DARK.1) / (AGTRON_LIGHT.0 - AGTRON_DARK.0);
            return Self {
                lightness,
                redness: on_curve(REDNESS, lightness),
                yellowness: on_curve(YELLOWNESS, lightness),
                agtron: Some(AGTRON_DARK.1 + slope * (lightness - AGTRON_DARK.0)),
            };
        }
        let between = |green: f64, law| green + yellowing.clamp(0.0, 1.0) * (on_curve(law, YELLOW_L) - green);
        Self {
            lightness,
            redness: between(GREEN_AB.0, REDNESS),
            yellowness: between(GREEN_AB.1, YELLOWNESS),
            agtron: None,
        }
    }
}

/// Lightness L* of ground roasted coffee, 8.6 (black) to 62.4 (yellow).
///
/// - `yellowing`: progress to colour change, 0 (green) to 1.
/// - `dose_min`: minutes at 200 °C since colour change, 0 or more.
fn lightness(yellowing: f64, dose_min: f64) -> f64 {
    if dose_min <= 0.0 {
        return GREEN_L + (YELLOW_L - GREEN_L) * yellowing.clamp(0.0, 1.0);
    }
    let start = YELLOW_L - CHAR_L;
    CHAR_L + math::pow(1.0 / (start * start * start) + 3.0 * DARKENING * dose_min, -1.0 / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_starts_green_and_darkens_from_yellow() {
        assert!((lightness(0.0, 0.0) - 59.3).abs() < 1e-12);
        assert!((lightness(1.0, 0.0) - 62.38).abs() < 1e-12);
        assert!((lightness(1.0, 1e-9) - 62.38).abs() < 1e-4, "no jump at colour change");
        assert!(lightness(1.0, 4.0) > lightness(1.0, 8.0));
        assert!((lightness(1.0, 8.0) - 21.0).abs() < 1.0);
    }
    #[test]
    fn chroma_passes_the_published_milestones() {
        // C21, mean ± standard deviation: green as given; yellow and first crack within two of them.
        let near = |got: f64, mean: f64, sd: f64| (got - mean).abs() < 2.0 * sd;
        let green = Colour::of(0.0, 0.0);
        assert!((green.redness - 2.43).abs() < 1e-12 && (green.yellowness - 21.33).abs() < 1e-12);
        let yellow = Colour::of(1.0, 0.0);
        assert!(near(yellow.redness, 9.62, 1.26) && near(yellow.yellowness, 30.85, 0.86), "{yellow:?}");
        let after = Colour::of(1.0, 1e-9);
        assert!((after.redness - yellow.redness).abs() < 1e-4, "no jump at colour change");
        assert!((after.yellowness - yellow.yellowness).abs() < 1e-4, "no jump at colour change");
        // The dose at which L* is what it is at first crack.
        let crack = (0..1000).map(|i| Colour::of(1.0, 0.01 * f64::from(i))).find(|c| c.lightness <= 29.74);
        let crack = crack.expect("it darkens");
        assert!(near(crack.redness, 12.56, 0.78) && near(crack.yellowness, 18.92, 2.53), "{crack:?}");
        assert!((crack.agtron.expect("yellow by then") - 75.0).abs() < 0.5);
    }

    #[test]
    fn agtron_is_for_roasted_coffee_and_falls_as_it_darkens() {
        assert_eq!(Colour::of(0.7, 0.0).agtron, None);
        let at = |dose_min| Colour::of(1.0, dose_min).agtron.expect("yellow");
        assert!(at(2.0) > at(4.0) && at(4.0) > at(40.0) && at(40.0) > 0.0);
    }
}

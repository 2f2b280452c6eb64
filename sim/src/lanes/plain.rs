//! e^x, ln x and the normal distribution from plain additions, multiplications and divisions.
//!
//! Without branches on their argument, as lanes need them, and unlike [`Real::exp`](super::Real::exp) without
//! fused multiply-add, so a machine that lacks it runs a single roast as fast. Every operation is rounded by
//! IEEE 754 as written: the same bits everywhere, alone and in a lane.

/// 1.5 · 2^52: adding it leaves the nearest integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has 21 zero bits at its end, so n times it is exact.
const LN_2: [f64; 2] = [f64::from_bits(0x3FE6_2E42_FEE0_0000), 1.908_214_929_270_587_7e-10];
/// (e^r − 1 − r) / r² by rising powers of r, as for [`Real::exp`](super::Real::exp).
const EXP: [f64; 10] = [
    5.000_000_000_000_011e-1,
    1.666_666_666_666_641_3e-1,
    4.166_666_666_653_026_7e-2,
    8.333_333_333_494_336e-3,
    1.388_888_894_359_779_6e-3,
    1.984_126_950_677_24e-4,
    2.480_149_313_606_929e-5,
    2.755_758_627_319_136_5e-6,
    2.763_023_396_442_666e-7,
    2.500_007_006_668_077_4e-8,
];

/// Upper tail of the normal distribution times e^(x²/2)/t, t = 1/(1 + x/4), by rising powers of 2·t − 1.
///
/// Chebyshev fit with 50 digits; greatest error 7e-16.
const TAIL: [f64; 21] = [
    0.188_821_282_603_937_88,
    0.151_974_160_492_967_03,
    0.096_784_350_185_563_42,
    0.046_630_464_490_353_96,
    0.015_099_143_722_014_924,
    0.001_885_047_232_257_905,
    -0.000_869_923_076_227_552_1,
    -0.000_407_704_522_316_821_47,
    3.333_592_198_386_409e-5,
    5.777_324_361_159_56e-5,
    -4.762_035_574_512_237_4e-7,
    -8.784_626_365_297_799e-6,
    1.762_984_075_135_851e-7,
    1.477_076_724_539_821_6e-6,
    -1.514_017_432_199_506_2e-7,
    -2.520_145_989_208_895_6e-7,
    5.990_972_959_951_133e-8,
    3.679_509_238_551_543_5e-8,
    -1.471_041_301_510_045_3e-8,
    -3.217_905_762_860_194_8e-9,
    1.800_483_512_441_591_6e-9,
];

/// The larger of two numbers, in one instruction; `b` where either is NaN.
#[inline(always)]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The smaller of two numbers, in one instruction; `b` where either is NaN.
#[inline(always)]
pub(crate) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// e raised to `x`, −708 to 709; within 2 ulp, exact at 0.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let shifted = x * core::f64::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    // Pairs first: a chain of ten would have each wait for the one before.
    let (r2, c) = (r * r, &EXP);
    let r4 = r2 * r2;
    let low = (c[0] + c[1] * r) + (c[2] + c[3] * r) * r2;
    let high = (c[4] + c[5] * r) + (c[6] + c[7] * r) * r2;
    let sum = low + (high + (c[8] + c[9] * r) * r4) * r4;
    let power = 1.0 + (r + r2 * sum);
    // The low bits of `shifted` are n; the shift drops all others.
    f64::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// Natural logarithm of `x`, a positive normal number; within 2 ulp, exact at 1.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    /// The upper half of √½, below which a number counts to the lower power of 2.
    const ROOT: u64 = 0x3FE6_A09E_0000_0000;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let bits = x.to_bits().wrapping_add(ONE - ROOT);
    // x = 2^k · m with m from √½ to √2; k counts as the low bits of 2^52 do, for want of a conversion.
    let k = f64::from_bits(TWO_52 | (bits >> 52)) - (4_503_599_627_370_496.0 + 1023.0);
    let m = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF).wrapping_add(ROOT));
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    // ln m = 2·(s + s³/3 + s⁵/5 + …); z is at most 0.0295, so the term left out is 1e-18 of the sum.
    let mut sum = 1.0 / 21.0;
    for odd in [19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        sum = sum * z + 1.0 / odd;
    }
    let twice = s + s;
    k * LN_2[0] + (twice + (twice * z * sum + k * LN_2[1]))
}

/// `base` raised to `exponent`; a base of 0 gives 0, or 1 for exponent 0.
#[inline(always)]
pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
    let power = exp(larger(exponent * ln(larger(base, f64::MIN_POSITIVE)), -700.0));
    if base > 0.0 || exponent == 0.0 { power } else { 0.0 }
}

/// Standard normal density times √(2π), e^(−z²/2).
#[inline(always)]
pub(crate) fn bell(z: f64) -> f64 {
    exp(larger(-0.5 * (z * z), -700.0))
}

/// Standard normal distribution function Φ(z), within 3e-16 of 1 and 3e-14 of itself.
#[inline(always)]
pub(crate) fn normal_cdf(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.25 * z.abs());
    let u = 2.0 * t - 1.0;
    let u2 = u * u;
    // Even and odd powers apart, so that neither chain waits for the other.
    let (mut even, mut odd) = (TAIL[20], TAIL[19]);
    for i in (0..9).rev() {
        even = even * u2 + TAIL[2 * i + 2];
        odd = odd * u2 + TAIL[2 * i + 1];
    }
    even = even * u2 + TAIL[0];
    let tail = bell(z) * (t * (even + u * odd));
    if z > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use trier_roast::math;

    use super::*;

    /// Points spread over a range with no pattern in their last bits.
    fn spread(low: f64, high: f64) -> impl Iterator<Item = f64> {
        /// Irrational steps: the fractional parts of i · φ fill the range evenly.
        const PHI: f64 = 0.618_033_988_749_894_9;
        (1..200_000).map(move |i| low + (high - low) * (PHI * f64::from(i)).fract())
    }

    #[test]
    fn exp_and_ln_are_within_two_ulp_of_libm() {
        let ulps = |a: f64, b: f64| a.to_bits().abs_diff(b.to_bits());
        for x in spread(-708.0, 709.0).chain(spread(-1.0, 1.0)) {
            assert!(ulps(exp(x), math::exp(x)) <= 2, "e^{x}");
        }
        for x in spread(1e-3, 3.0).chain(spread(1.0, 1e6)).chain([f64::MIN_POSITIVE, 1e300]) {
            // Near 1 the result is small against its terms; there the rounding of m − 1 is none.
            assert!(ulps(ln(x), math::ln(x)) <= 3, "ln {x}: {} {}", ln(x), math::ln(x));
        }
        assert_eq!((exp(0.0).to_bits(), ln(1.0).to_bits()), (1.0_f64.to_bits(), 0.0_f64.to_bits()));
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn a_power_of_nothing_is_nothing_and_of_one_is_one() {
        assert_eq!([pow(0.0, 0.6), pow(0.0, 0.0), pow(1.0, 0.6)], [0.0, 1.0, 1.0]);
        for x in spread(1e-6, 2.0) {
            // Exponents times a rounding of ln x, which is at most 14 here.
            assert!((pow(x, 0.6) / math::pow(x, 0.6) - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn the_normal_distribution_is_that_of_libm() {
        for z in spread(-10.0, 10.0).chain([0.0, -60.0, 60.0]) {
            assert!((normal_cdf(z) - math::normal_cdf(z)).abs() <= 3e-16, "at {z}");
            // Far out the square's rounding counts: z²/2 · 1e-16.
            let relative = normal_cdf(z) / math::normal_cdf(z) - 1.0;
            assert!(z < -37.0 || relative.abs() < 3e-14, "at {z}: {relative:e}");
        }
    }
}

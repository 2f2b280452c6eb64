//! e^x from explicit operations, so that a lane and a single roast have the same bits.
//!
//! `libm`'s branches on its argument, which lanes cannot. Here x = n·ln 2 + r with
//! |r| ≤ ln 2 / 2, e^r is a polynomial, and n is added to the exponent's bits. The
//! polynomials minimise the greatest relative error (Remez exchange, 50 digits): 3.6e-18
//! for `f64`, 1.1e-7 for `f32`; rounding comes on top.

/// 1.5 · 2^52: adding it leaves the nearest integer in the low bits.
const F64_ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has 21 zero bits at its end, so n times it is exact.
const F64_LN_2: [f64; 2] = [f64::from_bits(0x3FE6_2E42_FEE0_0000), 1.908_214_929_270_587_7e-10];
/// (e^r − 1 − r) / r² by falling powers of r.
const F64_TERMS: [f64; 10] = [
    2.500_007_006_668_077_4e-8,
    2.763_023_396_442_666e-7,
    2.755_758_627_319_136_5e-6,
    2.480_149_313_606_929e-5,
    1.984_126_950_677_24e-4,
    1.388_888_894_359_779_6e-3,
    8.333_333_333_494_336e-3,
    4.166_666_666_653_026_7e-2,
    1.666_666_666_666_641_3e-1,
    5.000_000_000_000_011e-1,
];

/// 1.5 · 2^23.
const F32_ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts, the first with 9 bits.
const F32_LN_2: [f32; 2] = [0.693_145_75, 1.428_606_8e-6];
/// As for `f64`.
const F32_TERMS: [f32; 4] = [8.312_492e-3, 4.189_010_6e-2, 1.666_711_5e-1, 4.999_923e-1];

/// e raised to `x`, −708 to 709; within 1 ulp.
#[inline(always)]
pub(super) fn f64(x: f64) -> f64 {
    let shifted = x.mul_add(core::f64::consts::LOG2_E, F64_ROUNDER);
    let n = shifted - F64_ROUNDER;
    let r = (-n).mul_add(F64_LN_2[1], (-n).mul_add(F64_LN_2[0], x));
    let mut sum = F64_TERMS[0];
    for term in &F64_TERMS[1..] {
        sum = sum.mul_add(r, *term);
    }
    let power = sum.mul_add(r * r, r) + 1.0;
    // The low bits of `shifted` are n; the shift drops all others.
    f64::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// e raised to `x`, −87 to 88; within 2 ulp.
#[inline(always)]
pub(super) fn f32(x: f32) -> f32 {
    let shifted = x.mul_add(core::f32::consts::LOG2_E, F32_ROUNDER);
    let n = shifted - F32_ROUNDER;
    let r = (-n).mul_add(F32_LN_2[1], (-n).mul_add(F32_LN_2[0], x));
    let mut sum = F32_TERMS[0];
    for term in &F32_TERMS[1..] {
        sum = sum.mul_add(r, *term);
    }
    let power = sum.mul_add(r * r, r) + 1.0;
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

#[cfg(test)]
mod tests {
    use trier_roast::math;

    /// Points spread over a range with no pattern in their last bits, the ends among them.
    fn spread(low: f64, high: f64) -> impl Iterator<Item = f64> {
        /// Irrational steps: the fractional parts of i · φ fill the range evenly.
        const PHI: f64 = 0.618_033_988_749_894_9;
        let inner = (1..400_000).map(move |i| low + (high - low) * (PHI * f64::from(i)).fract());
        [low, high, 0.0].into_iter().chain(inner)
    }

    #[test]
    fn f64_is_within_one_ulp_of_libm() {
        for x in spread(-708.0, 709.0).chain(spread(-1.0, 1.0)) {
            let (ours, libm) = (super::f64(x).to_bits(), math::exp(x).to_bits());
            assert!(ours.abs_diff(libm) <= 1, "e^{x}: {ours:x} and {libm:x}");
        }
    }

    #[test]
    fn f32_is_within_two_ulp_of_the_rounded_value() {
        for x in spread(-87.0, 88.0).chain(spread(-1.0, 1.0)) {
            #[allow(clippy::cast_possible_truncation)] // Rounding is the point.
            let x = x as f32;
            #[allow(clippy::cast_possible_truncation)]
            let right = math::exp(f64::from(x)) as f32;
            let ours = super::f32(x);
            assert!(ours.to_bits().abs_diff(right.to_bits()) <= 2, "e^{x}: {ours} and {right}");
        }
    }

    #[test]
    fn zero_is_exact_and_nan_stays() {
        assert_eq!(
            (super::f64(0.0).to_bits(), super::f32(0.0).to_bits()),
            (1.0_f64.to_bits(), 1.0_f32.to_bits())
        );
        assert!(super::f64(f64::NAN).is_nan() && super::f32(f32::NAN).is_nan());
    }
}

//! The numbers that a lane may hold: `f64`, and `f32` where speed matters more.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::exp;

/// A binary floating-point number with the operations whose bits are the same everywhere.
///
/// The four operations and [`Real::mul_add`] are correctly rounded by IEEE 754;
/// [`Real::exp`] is built from them. On a machine without fused multiply-add the platform
/// emulates it, with the same bits and far slower.
pub trait Real:
    Copy
    + PartialOrd
    + Default
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The nearest number to `value`.
    fn of(value: f64) -> Self;

    /// The number as a recorded trace keeps it.
    fn to_f32(self) -> f32;

    /// `self · factor + addend` with one rounding.
    #[must_use]
    fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// e raised to `self`, for −708 to 709 (`f64`) or −87 to 88 (`f32`).
    ///
    /// Within 1 ulp of `libm` for `f64`, 2 ulp of the rounded value for `f32`; exact at 0.
    /// Outside the range the result is meaningless, NaN gives NaN.
    #[must_use]
    fn exp(self) -> Self;

    /// `self + factor · value` with one rounding, for a constant `factor`.
    #[inline(always)]
    #[must_use]
    fn plus(self, factor: f64, value: Self) -> Self {
        value.mul_add(Self::of(factor), self)
    }
}

impl Real for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // Rounding to f32 is what it is for.
    fn to_f32(self) -> f32 {
        self as f32
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        f64::mul_add(self, factor, addend)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        exp::f64(self)
    }
}

impl Real for f32 {
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // Rounding to f32 is what it is for.
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn to_f32(self) -> f32 {
        self
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        f32::mul_add(self, factor, addend)
    }

    #[inline(always)]
    fn exp(self) -> Self {
        exp::f32(self)
    }
}

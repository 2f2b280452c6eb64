//! Temperature units. Everything inside is °C; °F exists only at the edges.

/// The unit a log or a device states for its temperatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TempUnit {
    /// Degrees Celsius.
    Celsius,
    /// Degrees Fahrenheit.
    Fahrenheit,
}

impl TempUnit {
    /// A temperature in this unit, as °C.
    #[must_use]
    pub fn to_c(self, value: f64) -> f64 {
        match self {
            Self::Celsius => value,
            Self::Fahrenheit => (value - 32.0) / 1.8,
        }
    }

    /// The sign used in logs and on screens.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Celsius => "°C",
            Self::Fahrenheit => "°F",
        }
    }
}

/// 0 °C in kelvin.
pub const ZERO_C_IN_K: f64 = 273.15;

/// °C as kelvin.
#[must_use]
pub fn kelvin(temp_c: f64) -> f64 {
    temp_c + ZERO_C_IN_K
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_scales_meet_where_they_should() {
        assert_eq!(TempUnit::Fahrenheit.to_c(32.0).to_bits(), 0.0_f64.to_bits());
        assert!((TempUnit::Fahrenheit.to_c(-40.0) + 40.0).abs() < 1e-12);
        assert!((TempUnit::Fahrenheit.to_c(392.0) - 200.0).abs() < 1e-12);
    }
}

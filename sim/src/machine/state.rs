//! The state of machine and beans, and the running totals that the books need.

/// Declares the state so that no field can be forgotten in its arithmetic.
macro_rules! state {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        columns!(State, Columns, $($field,)*);

        /// Everything that a step moves. Temperatures °C, totals since the start of the
        /// recording in J and kg per kg dry. Totals obey the same integrator as the
        /// state, so the books close to rounding and the method's own error.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(crate) struct State {
            $($(#[$doc])* pub $field: f64,)*
        }

        impl State {
            /// self + factor · rate, field by field.
            #[inline(always)]
            pub(crate) fn plus(&self, factor: f64, rate: &Self) -> Self {
                Self { $($field: self.$field + factor * rate.$field,)* }
            }

            /// a + 2b + 2c + d, six times the mean rate of classical Runge–Kutta.
            #[inline(always)]
            pub(crate) fn runge_kutta_sum(a: &Self, b: &Self, c: &Self, d: &Self) -> Self {
                Self { $($field: (a.$field + d.$field) + 2.0 * (b.$field + c.$field),)* }
            }

            /// The name and value of the first field that is not a finite number.
            pub(crate) fn first_non_finite(&self) -> Option<(&'static str, f64)> {
                [$((stringify!($field), self.$field),)*].into_iter().find(|(_, value)| !value.is_finite())
            }
        }
    };
}

state! {
    /// P, power arriving from the heater, W.
    heater_w,
    /// T_h, plenum.
    plenum_c,
    /// T_w, drum wall.
    wall_c,
    /// T_f, structure.
    structure_c,
    /// T_s, bean shell.
    shell_c,
    /// T_k, bean core.
    core_c,
    /// X, water, kg per kg initial dry.
    moisture,
    /// v, organic matter lost, kg per kg initial dry.
    organic_loss,
    /// H, reaction heat released, kJ per kg initial dry.
    reaction_kj_kg,
    /// D, thermal dose, minutes at 200 °C.
    dose_min,
    /// M, the hottest the core has been.
    hottest_c,
    /// Water evaporated, kg per kg initial dry.
    evaporated,
    /// Water flashed off at crack, kg per kg initial dry.
    flashed,
    /// Organic matter gone with the air, kg per kg initial dry: v again, by its own account.
    gassed,
    /// Heat from the heater, J.
    heat_in_j,
    /// Heat carried out by air, J.
    exhaust_j,
    /// Heat lost by wall and structure to the room, J.
    loss_j,
    /// Heat carried out by vapour, J.
    vapour_j,
    /// Heat released by reactions, less what they took, J.
    reaction_j,
    /// T_o, outlet air at the end of the step that led here; follows from the others.
    outlet_c,
}

//! Structs of numbers that can also lie in columns of lanes, field by field.

/// Declares the columns of a struct of `f64`: `N` of it, each field in one place of memory.
///
/// Field by field and not by an index over arrays: the compiler then sees plain loads and stores of known
/// places in the loop over lanes, which it makes vectors of.
macro_rules! columns {
    ($name:ident, $columns:ident, $($field:ident,)*) => {
        #[doc = concat!("`N` times [`", stringify!($name), "`], column by column.")]
        #[derive(Clone, Debug, Default)]
        pub(super) struct $columns<const N: usize> {
            $($field: crate::lanes::Column<f64, N>,)*
        }

        impl<const N: usize> $columns<N> {
            /// One lane.
            #[inline(always)]
            pub(super) fn lane(&self, lane: usize) -> $name {
                $name { $($field: self.$field.0[lane],)* }
            }

            /// Writes one lane.
            #[inline(always)]
            pub(super) fn set(&mut self, lane: usize, row: &$name) {
                $(self.$field.0[lane] = row.$field;)*
            }
        }
    };
}

//! Numbers that a Sobol sequence grows from, by Joe and Kuo: their choice keeps every pair of
//! the first dimensions well spread.
//!
//! Data only; `sobol` makes the sequence. The rows are dimensions 2 to 32 of the list
//! `new-joe-kuo-6` to "Constructing Sobol sequences with better two-dimensional projections",
//! SIAM J. Sci. Comput. 30, 2635-2654 (2008), under these terms:
//!
//! Copyright (c) 2008, Frances Y. Kuo and Stephen Joe All rights reserved.
//!
//! Redistribution and use in source and binary forms, with or without modification, are permitted
//! provided that the following conditions are met:
//!
//! - Redistributions of source code must retain the above copyright notice, this list of conditions
//!   and the following disclaimer.
//!
//! - Redistributions in binary form must reproduce the above copyright notice, this list of
//!   conditions and the following disclaimer in the documentation and/or other materials provided
//!   with the distribution.
//!
//! - Neither the names of the copyright holders nor the names of the University of New South Wales
//!   and the University of Waikato and its contributors may be used to endorse or promote products
//!   derived from this software without specific prior written permission.
//!
//! THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS ``AS IS'' AND ANY EXPRESS OR IMPLIED
//! WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS
//! FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE FOR
//! ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT
//! NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR
//! BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT,
//! STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
//! OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

/// One dimension: a primitive polynomial over two elements, and the first direction numbers.
pub(super) struct Row {
    /// Coefficients of the polynomial between its first and last, the highest power first; its
    /// degree is the length of `m`.
    pub a: u32,
    /// The first direction numbers, odd, the i-th below 2^i.
    pub m: &'static [u32],
}

/// Dimensions 2 to 32; the first needs no row.
#[rustfmt::skip] // A table reads better as a table.
pub(super) const ROWS: [Row; 31] = [
    Row { a: 0, m: &[1] },
    Row { a: 1, m: &[1, 3] },
    Row { a: 1, m: &[1, 3, 1] },
    Row { a: 2, m: &[1, 1, 1] },
    Row { a: 1, m: &[1, 1, 3, 3] },
    Row { a: 4, m: &[1, 3, 5, 13] },
    Row { a: 2, m: &[1, 1, 5, 5, 17] },
    Row { a: 4, m: &[1, 1, 5, 5, 5] },
    Row { a: 7, m: &[1, 1, 7, 11, 19] },
    Row { a: 11, m: &[1, 1, 5, 1, 1] },
    Row { a: 13, m: &[1, 1, 1, 3, 11] },
    Row { a: 14, m: &[1, 3, 5, 5, 31] },
    Row { a: 1, m: &[1, 3, 3, 9, 7, 49] },
    Row { a: 13, m: &[1, 1, 1, 15, 21, 21] },
    Row { a: 16, m: &[1, 3, 1, 13, 27, 49] },
    Row { a: 19, m: &[1, 1, 1, 15, 7, 5] },
    Row { a: 22, m: &[1, 3, 1, 15, 13, 25] },
    Row { a: 25, m: &[1, 1, 5, 5, 19, 61] },
    Row { a: 1, m: &[1, 3, 7, 11, 23, 15, 103] },
    Row { a: 4, m: &[1, 3, 7, 13, 13, 15, 69] },
    Row { a: 7, m: &[1, 1, 3, 13, 7, 35, 63] },
    Row { a: 8, m: &[1, 3, 5, 9, 1, 25, 53] },
    Row { a: 14, m: &[1, 3, 1, 13, 9, 35, 107] },
    Row { a: 19, m: &[1, 3, 1, 5, 27, 61, 31] },
    Row { a: 21, m: &[1, 1, 5, 11, 19, 41, 61] },
    Row { a: 28, m: &[1, 3, 5, 3, 3, 13, 69] },
    Row { a: 31, m: &[1, 1, 7, 13, 1, 19, 1] },
    Row { a: 32, m: &[1, 3, 7, 5, 13, 19, 59] },
    Row { a: 37, m: &[1, 1, 3, 9, 25, 29, 41] },
    Row { a: 41, m: &[1, 3, 5, 13, 23, 1, 55] },
    Row { a: 42, m: &[1, 3, 7, 3, 13, 59, 17] },
];

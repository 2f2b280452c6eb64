//! What a sweep came to: the spread of each score, and which key moves the main ones.

use crate::number::{NONE, plain, signed};
use crate::terminal::{Align, table};

/// How one score is spread.
#[derive(Clone, Debug)]
pub struct Spread<'a> {
    /// The score.
    pub score: &'a str,
    /// Its unit.
    pub unit: &'a str,
    /// Roasts that have it.
    pub n: u32,
    /// 10 % quantile, median and 90 % quantile; none where no roast has it.
    pub quantiles: [Option<f64>; 3],
}

/// Which way one key moves the main scores.
#[derive(Clone, Debug)]
pub struct Effects<'a> {
    /// The key.
    pub key: &'a str,
    /// Rank correlation with each main score, in order.
    pub with: Vec<Option<f64>>,
}

/// A line a score: how many roasts have it, and where a tenth, a half and nine tenths lie below.
#[must_use]
pub fn spreads_table(spreads: &[Spread<'_>]) -> String {
    let row = |spread: &Spread<'_>| {
        let cells = spread.quantiles.map(|value| value.map_or_else(|| NONE.to_owned(), three_digits));
        let [p10, p50, p90] = cells;
        vec![spread.score.to_owned(), spread.n.to_string(), p10, p50, p90, spread.unit.to_owned()]
    };
    let rows: Vec<Vec<String>> = spreads.iter().map(row).collect();
    let right = Align::Right;
    let aligns = [Align::Left, right, right, right, right, Align::Left];
    table(&["score", "roasts", "p10", "p50", "p90", "unit"], &rows, &aligns)
}

/// A line a key: its rank correlation with each score of `scores`.
#[must_use]
pub fn effects_table(scores: &[&str], effects: &[Effects<'_>]) -> String {
    let cell = |rho: &Option<f64>| rho.map_or_else(|| NONE.to_owned(), |rho| signed(rho, 2));
    let row = |one: &Effects<'_>| {
        std::iter::once(one.key.to_owned()).chain(one.with.iter().map(cell)).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = effects.iter().map(row).collect();
    let headers: Vec<&str> = std::iter::once("rank correlation").chain(scores.iter().copied()).collect();
    let aligns: Vec<Align> =
        std::iter::once(Align::Left).chain(scores.iter().map(|_| Align::Right)).collect();
    table(&headers, &rows, &aligns)
}

/// A number with what decimals its size needs: 612.4, 0.0213, 3.1e-14.
fn three_digits(value: f64) -> String {
    match value.abs() {
        size if size >= 10.0 || size == 0.0 => plain(value, 1),
        size if size >= 1.0 => plain(value, 2),
        size if size >= 0.001 => plain(value, 4),
        _ => format!("{value:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_gaps_stand_under_each_other() {
        let spread = |score, n, quantiles| Spread { score, unit: "s", n, quantiles };
        let spreads = [
            spread("drop_s", 64, [Some(590.04), Some(612.0), Some(640.96)]),
            spread("energy_residual", 64, [Some(3.14e-14), Some(0.0213), Some(-1.5)]),
            spread("second_crack_s", 0, [None; 3]),
        ];
        insta::assert_snapshot!(spreads_table(&spreads), @r"
        score            roasts      p10     p50    p90  unit
        ───────────────  ──────  ───────  ──────  ─────  ────
        drop_s               64    590.0   612.0  641.0  s
        energy_residual      64  3.1e-14  0.0213  -1.50  s
        second_crack_s        0        –       –      –  s
        ");
        let effects = [Effects { key: "charge.mass_kg", with: vec![Some(0.957), None] }];
        insta::assert_snapshot!(effects_table(&["drop_s", "weight_loss_pct"], &effects), @r"
        rank correlation  drop_s  weight_loss_pct
        ────────────────  ──────  ───────────────
        charge.mass_kg     +0.96                –
        ");
    }
}

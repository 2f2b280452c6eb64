//! Errors by lead: how good a prediction is while there is still time to act on it.

use super::error::{StatsError, check_finite, is_constant};
use super::point::{PointErrors, point_errors};
use super::sum::{exact_sum, mean};

/// The errors of predictions made so long before the event. One per session: pick it before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadBin {
    /// Leads above this, s.
    pub above_s: f64,
    /// Up to and with this, s.
    pub up_to_s: f64,
    /// Figures of its errors; None when there are none.
    pub errors: Option<PointErrors>,
}

impl LeadBin {
    /// How many errors.
    #[must_use]
    pub fn count(&self) -> usize {
        self.errors.map_or(0, |errors| errors.n)
    }
}

/// Errors sorted into bins of their lead, and what lies outside all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct ByLead {
    /// One bin (lower edge excluded, upper included) per pair of neighbouring edges.
    pub bins: Vec<LeadBin>,
    /// Errors with a lead outside the edges, in no bin.
    pub outside: usize,
}

/// Errors (predicted minus happened, s) with their leads (s) by bins between `edges_s`. Vector: `metric/lead_time`.
///
/// # Errors
/// Lists of different length, a value that is not finite, or edges that do not rise.
pub fn by_lead(leads_s: &[f64], errors_s: &[f64], edges_s: &[f64]) -> Result<ByLead, StatsError> {
    check_pairs(leads_s, errors_s, 0)?;
    check_finite(edges_s, 2)?;
    if let Some(pair) = edges_s.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(StatsError::OutOfRange {
            name: "edge",
            value: pair[1],
            range: "above the edge before it",
        });
    }
    let mut bins = Vec::with_capacity(edges_s.len() - 1);
    for edge in edges_s.windows(2) {
        let is_inside = |lead: f64| lead > edge[0] && lead <= edge[1];
        let here: Vec<f64> =
            leads_s.iter().zip(errors_s).filter(|(lead, _)| is_inside(**lead)).map(|(_, e)| *e).collect();
        let errors = if here.is_empty() { None } else { Some(point_errors(&here)?) };
        bins.push(LeadBin { above_s: edge[0], up_to_s: edge[1], errors });
    }
    let inside: usize = bins.iter().map(LeadBin::count).sum();
    Ok(ByLead { bins, outside: leads_s.len() - inside })
}

/// The largest lead, s, up to which the 90 % quantile of the absolute error stays within `tolerance_s`.
///
/// The upper edge of the last bin before the first that is empty or exceeds it; None when the nearest does.
#[must_use]
pub fn horizon_s(bins: &[LeadBin], tolerance_s: f64) -> Option<f64> {
    bins.iter()
        .take_while(|bin| bin.errors.is_some_and(|errors| errors.p90_abs <= tolerance_s))
        .last()
        .map(|bin| bin.up_to_s)
}

/// The least-squares line of the absolute error over the lead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Growth of the absolute error per second of lead.
    pub slope: f64,
    /// Absolute error at a lead of 0, s.
    pub intercept: f64,
}

/// How the absolute error grows with the lead. Vector: `metric/lead_time`.
///
/// # Errors
/// Lists of different length, fewer than two errors, a value that is not finite, or one lead only.
pub fn growth(leads_s: &[f64], errors_s: &[f64]) -> Result<Line, StatsError> {
    check_pairs(leads_s, errors_s, 2)?;
    if is_constant(leads_s) {
        return Err(StatsError::NoSpread { n: leads_s.len() });
    }
    let sizes: Vec<f64> = errors_s.iter().map(|e| e.abs()).collect();
    let none = StatsError::TooFew { got: leads_s.len(), need: 2 };
    let (mean_lead, mean_size) = (mean(leads_s).ok_or(none)?, mean(&sizes).ok_or(none)?);
    let over_leads = |other: &[f64], centre: f64| {
        let terms: Vec<f64> =
            leads_s.iter().zip(other).map(|(l, o)| (l - mean_lead) * (o - centre)).collect();
        exact_sum(&terms)
    };
    let slope = over_leads(&sizes, mean_size) / over_leads(leads_s, mean_lead);
    Ok(Line { slope, intercept: mean_size - slope * mean_lead })
}

fn check_pairs(leads: &[f64], errors: &[f64], need: usize) -> Result<(), StatsError> {
    check_finite(leads, need)?;
    check_finite(errors, need)?;
    if leads.len() != errors.len() {
        return Err(StatsError::Unequal { left: leads.len(), right: errors.len() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_belongs_to_the_bin_below_it() {
        let got = by_lead(&[30.0, 0.0, 31.0, 500.0], &[1.0, 2.0, -3.0, 4.0], &[0.0, 30.0, 60.0, 90.0]);
        let got = got.expect("finite");
        let counts: Vec<usize> = got.bins.iter().map(LeadBin::count).collect();
        assert_eq!((counts, got.outside), (vec![1, 1, 0], 2));
        assert_eq!(horizon_s(&got.bins, 1.5), Some(30.0));
        // The empty bin ends it even if all else is within.
        assert_eq!(horizon_s(&got.bins, 9.0), Some(60.0));
        assert_eq!(horizon_s(&got.bins, 0.5), None);
    }

    #[test]
    fn a_straight_growth_is_found() {
        let got = growth(&[10.0, 20.0, 40.0], &[2.0, -3.0, 5.0]).expect("leads");
        assert!((got.slope - 0.1).abs() < 1e-12 && (got.intercept - 1.0).abs() < 1e-12);
        assert!(growth(&[5.0, 5.0], &[1.0, 2.0]).is_err() && growth(&[1.0], &[]).is_err());
    }
}

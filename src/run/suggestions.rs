//! `--profile`: what would have been suggested to somebody roasting by that profile. Only shown, never sent.

use std::path::Path;

use trier_eval::runner::Trial;
use trier_eval::twin::{Assisted, assisted, of_scenario};
use trier_pipeline::StreamConfig;
use trier_pipeline::records::Profile;
use trier_reports::terminal::{Align, clean, table};
use trier_roast::Trust;
use trier_sim::Scenario;
use trier_tables::rows::SuggestionRow;

use crate::output::Failure;

/// The profile of a file: a `profile/1`, or a roast's log for what it asks for.
pub(super) fn profile_at(path: &Path) -> Result<Profile, Failure> {
    crate::profile::of_file(path, "roast", "nobody", None)
}

/// The suggestions of a simulated roast, by a twin that knows its machine as the file says.
pub(super) fn of_trial(
    profile: &Profile,
    scenario: &Scenario,
    trial: &Trial,
) -> Result<Vec<SuggestionRow>, Failure> {
    let config = StreamConfig {
        source: trial.source.clone(),
        machine: scenario.machine.id.as_str().into(),
        trust: Trust::Unsigned,
    };
    let of = Assisted { config: &config, basis: trial.basis.clone(), profile };
    assisted(&of, vec![of_scenario(scenario)], &trial.run.readings).ok_or_else(|| {
        Failure::usage(format!(
            "the profile {} has no [target.first_crack_s], so there is nothing to meet\nhint: make one with sim \
             profile import from a roast with a marked first crack",
            profile.name
        ))
    })
}

/// The suggestions of one roast, for people.
pub(super) fn text(profile: &Profile, rows: &[SuggestionRow]) -> String {
    let whole = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.0}"));
    let between = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => format!("{low:.0} to {high:.0}"),
        _ => String::new(),
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                format!("{:.0}", row.since_charge_s),
                between(row.first_crack_p05_s, row.first_crack_p95_s),
                whole(row.changed_p50_s),
                between(row.changed_p05_s, row.changed_p95_s),
                row.text.to_string(),
            ]
        })
        .collect();
    let headers = ["at s", "crack s, 90 %", "then s", "then, 90 %", "suggested"];
    let aligns = [Align::Right, Align::Right, Align::Right, Align::Right, Align::Left];
    let wanted = rows.first().map_or(0.0, |row| row.wanted_s);
    format!(
        "\nsuggestions towards {} (first crack at {wanted:.0} s), shown here and sent nowhere\n\n{}",
        clean(&profile.name),
        table(&headers, &cells, &aligns)
    )
}

//! Workflow commands that GitHub shows as annotations beside a job.

use trier_tables::verdict::VerdictFile;

use crate::gates::{Standing, against, in_the_way};
use crate::terminal::clean;

/// How many GitHub shows of a kind and step.
const SHOWN: usize = 10;

/// One line per annotation: the gates in the way of a promotion, worst first, then what was waived. At most ten;
/// when there are more, the tenth says how many.
#[must_use]
pub fn annotations(said: &VerdictFile) -> Vec<String> {
    let waived = said.gates.iter().filter(|gate| Standing::of(gate) == Standing::Waived);
    let errors = in_the_way(said).into_iter().map(|gate| {
        let against = against(gate);
        let gap = if against.is_empty() { "" } else { ": " };
        command(
            "error",
            &format!("{}: {}", said.verdict, gate.gate),
            &format!("{against}{gap}{}", gate.reason),
        )
    });
    let warnings = waived.map(|gate| {
        command("warning", &format!("waived: {}", gate.gate), gate.waiver.as_deref().unwrap_or(&gate.reason))
    });
    let mut lines: Vec<String> = errors.chain(warnings).collect();
    if lines.len() > SHOWN {
        let left_out = lines.len() - (SHOWN - 1);
        lines.truncate(SHOWN - 1);
        let text = format!("{left_out} more gates are in verdict.json");
        lines.push(command("error", &format!("{}: and more", said.verdict), &text));
    }
    lines
}

/// One command, escaped as GitHub asks: a title parts properties by `,` and ends at `:`.
fn command(kind: &str, title: &str, text: &str) -> String {
    let data = |text: &str| clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={title}::{}", data(text))
}

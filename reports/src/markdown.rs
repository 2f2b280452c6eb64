//! A verdict as Markdown, for the summary of a CI job or a comment.
//!
//! Verdict first, reasons next, evidence after. Names and reasons come from files that anyone may have written:
//! nothing of them is markup here. GitHub takes 1 MiB a step; what would go beyond is cut at a row and counted.

use trier_tables::verdict::{ComparisonSaid, VerdictFile};

use crate::gates::{
    EXPLORATORY, Standing, against, clusters_short, difference, in_the_way, interval, margin, with_unit,
};
use crate::number::{measured, plain};
use crate::terminal::clean;
use crate::worst::Contrast;

/// The name of the file in a folder.
pub const FILE: &str = "summary.md";

/// The most that it may have, bytes: GitHub's limit for a step.
pub const BYTES_MAX: usize = 1024 * 1024;

/// The longest that one cell or reason may be, characters.
const CELL_MAX: usize = 400;

/// The longest command that is shown, characters: half a command would be another one.
const COMMAND_MAX: usize = 4_000;

/// The worst roasts of one gate, with the command that makes each again.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst<'a> {
    /// The gate.
    pub gate: &'a str,
    /// Its roasts, worst first.
    pub roasts: Vec<(Contrast, String)>,
}

/// The verdict as Markdown of at most [`BYTES_MAX`] bytes.
#[must_use]
pub fn markdown(said: &VerdictFile, worst: &[Worst<'_>]) -> String {
    // What stands last must not be cut, so its room is kept.
    let end = risk(said) + &waivers(said) + &reproduce(said);
    let mut page = Page::new(BYTES_MAX.saturating_sub(end.len()));
    page.text(&head(said));
    page.list("Why", &said.reasons, "key `reasons` of `verdict.json`");
    let rules: Vec<[String; 7]> = said
        .comparisons
        .iter()
        .filter(|row| row.role != EXPLORATORY)
        .map(|row| rule_row(said, row))
        .collect();
    let head = ["", "rule", "difference", "interval", "must be below", "pairs / clusters", "says"];
    page.table("Rules: candidate minus baseline, negative is better", &head, &rules, "`comparisons.parquet`");
    let gates: Vec<[String; 4]> = in_the_way(said)
        .into_iter()
        .map(|gate| {
            [
                Standing::of(gate).sign().to_owned(),
                code(&gate.gate),
                words(&against(gate)),
                words(&gate.reason),
            ]
        })
        .collect();
    page.table(
        "Gates in the way",
        &["", "gate", "observed beside limit", "reason"],
        &gates,
        "`gates.parquet`",
    );
    let baseline = code(&said.plan.baseline);
    let candidate = code(&said.plan.candidate);
    let head = ["gate", "case", "seed", &baseline, &candidate, "worse by", "reproduce"];
    let rows: Vec<[String; 7]> = worst.iter().flat_map(worst_rows).collect();
    page.table("Worst cases", &head, &rows, "`scores.parquet`; `sim explain` on the folder lists them");
    if let Some(seen) = &said.coverage {
        let (met, flows, safety_met, safety) = (seen.met, seen.flows, seen.safety_met, seen.safety);
        page.text(&format!(
            "### Critical flows\n\n{met} of {flows} met, safety {safety_met} of {safety}.\n\n"
        ));
        page.list("Missing", &seen.missing, "`coverage.parquet`");
    }
    page.text + &end
}

fn head(said: &VerdictFile) -> String {
    let sign = if said.exit_code == 0 { "✓" } else { "✗" };
    let (plan, n) = (&said.plan, &said.counts);
    let gates = n.passed + n.waived + n.inconclusive + n.failed;
    format!(
        "## {sign} {}: {} against {} on {}\n\nexit code {} · {} cases: {} ran, {} refused, {} errored, {} not run · \
         {gates} gates: {} pass, {} waived, {} inconclusive, {} failed · plan {}\n\n",
        words(&said.verdict),
        code(&plan.candidate),
        code(&plan.baseline),
        words(&plan.suite),
        said.exit_code,
        plan.units,
        n.ran,
        n.refused,
        n.errored,
        n.not_run,
        n.passed,
        n.waived,
        n.inconclusive,
        n.failed,
        code(plan.digest.get(..12).unwrap_or(&plan.digest)),
    )
}

fn rule_row(said: &VerdictFile, row: &ComparisonSaid) -> [String; 7] {
    let name = row.gate();
    let gate = said.gates.iter().find(|gate| gate.gate == name);
    let sign = gate.map_or("✗", |gate| Standing::of(gate).sign());
    let more =
        clusters_short(row).map_or_else(String::new, |short| format!(": about {short} more clusters needed"));
    let missing = if row.n_missing > 0 { format!(", {} missing", row.n_missing) } else { String::new() };
    [
        sign.to_owned(),
        code(&name),
        words(&difference(row)),
        words(&interval(row)),
        words(&margin(row)),
        format!("{} / {}{missing}", row.n_pairs, row.n_clusters),
        words(&format!("{}{more}", row.label)),
    ]
}

fn worst_rows<'a>(worst: &'a Worst<'_>) -> impl Iterator<Item = [String; 7]> + 'a {
    worst.roasts.iter().map(|(roast, command)| {
        let silent = roast.silent.as_deref().map_or_else(|| measured(None, "1"), words);
        let value = |value: Option<f64>| words(&measured(value, &roast.unit));
        [
            code(worst.gate),
            code(&roast.case),
            roast.seed.map_or_else(String::new, |seed| seed.to_string()),
            value(roast.baseline),
            if roast.candidate.is_none() { silent } else { value(roast.candidate) },
            roast.harm.map_or_else(|| measured(None, "1"), |harm| words(&with_unit(harm, &roast.unit))),
            code(command),
        ]
    })
}

fn risk(said: &VerdictFile) -> String {
    let Some(risk) = &said.risk else { return String::new() };
    let terms: Vec<String> =
        risk.terms.iter().map(|(name, value)| format!("{} {}", words(name), plain(*value, 1))).collect();
    format!(
        "### Risk\n\n{} of 100, above {} somebody must approve ({}: {}).\n\n",
        plain(risk.total, 1),
        plain(risk.limit, 0),
        words(&risk.version),
        terms.join(", ")
    )
}

/// The first waivers; a policy has few.
fn waivers(said: &VerdictFile) -> String {
    const SHOWN: usize = 20;
    let all: Vec<_> = said.gates.iter().filter_map(|gate| Some((gate, gate.waiver.as_deref()?))).collect();
    if all.is_empty() {
        return String::new();
    }
    let mut text = "### Waivers\n\n".to_owned();
    for (gate, waiver) in all.iter().take(SHOWN) {
        text.push_str(&format!("- {}: {}\n", code(&gate.gate), words(waiver)));
    }
    text.push_str(&left_out(all.len().saturating_sub(SHOWN), "`gates.parquet`"));
    text + "\n"
}

fn reproduce(said: &VerdictFile) -> String {
    let command = clean(&said.reproduce);
    if command.chars().count() > COMMAND_MAX || command.contains("```") {
        return "### Reproduce\n\nThe command is the key `reproduce` of `verdict.json`.\n".to_owned();
    }
    format!("### Reproduce\n\n```sh\n{command}\n```\n")
}

/// The text so far, and how long it may get.
struct Page {
    text: String,
    bytes_max: usize,
}

impl Page {
    fn new(bytes_max: usize) -> Self {
        Self { text: String::new(), bytes_max }
    }

    /// Adds what is short.
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds `lines` under their head as far as there is room, then how many were left out and where they are.
    /// Nothing at all without lines.
    fn lines(&mut self, head: &str, lines: impl ExactSizeIterator<Item = String>, place: &str) {
        // Every part that follows has a head and a line of its own for what is left out, even where there is no
        // more room for rows.
        const KEPT: usize = 8 * 1024;
        if lines.len() == 0 {
            return;
        }
        self.text.push_str(head);
        let mut left = lines.len();
        for line in lines {
            if self.text.len() + line.len() + KEPT > self.bytes_max {
                break;
            }
            self.text.push_str(&line);
            left -= 1;
        }
        self.text.push_str(&left_out(left, place));
        self.text.push('\n');
    }

    fn list(&mut self, title: &str, items: &[String], place: &str) {
        self.lines(
            &format!("### {title}\n\n"),
            items.iter().map(|item| format!("- {}\n", words(item))),
            place,
        );
    }

    fn table<const N: usize>(&mut self, title: &str, head: &[&str; N], rows: &[[String; N]], place: &str) {
        let head = format!("### {title}\n\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
        self.lines(&head, rows.iter().map(|row| format!("| {} |\n", row.join(" | "))), place);
    }
}

fn left_out(n: usize, place: &str) -> String {
    if n == 0 {
        String::new()
    } else {
        format!("\n{n} more are left out here: {place} in the folder of the run.\n")
    }
}

/// The text cut to a length that a person reads.
fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Text that is only text: no markup, no link, no end of a cell.
fn words(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in clean(&cut(text)).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' | '!' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    // Bare addresses would become links.
    safe.replace("://", ":\\//").replace("www.", "www\\.")
}

/// A name or a command as code. What would end it, or a cell, is written out: nothing can be escaped in there.
fn code(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in clean(&cut(text)).chars() {
        match c {
            '`' | '|' | '<' | '>' => safe.extend(c.escape_unicode()),
            _ => safe.push(c),
        }
    }
    if safe.trim().is_empty() { "(no name)".to_owned() } else { format!("`{safe}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_only_words() {
        assert_eq!(
            words("a|b <img src=x> `c` [d](http://e) ~f~\r\n# g\u{202e}h"),
            r"a\|b &lt;img src=x&gt; \`c\` \[d\](http:\//e) \~f\~\\r\\n\# g\\u{202e}h"
        );
        assert_eq!(code("a`|<b>\n"), r"`a\u{60}\u{7c}\u{3c}b\u{3e}\n`");
        assert_eq!(words(&"é".repeat(500)).chars().count(), CELL_MAX + 1);
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let mut page = Page::new(20 * 1024);
        let rows: Vec<[String; 1]> = (0..200).map(|_| ["x".repeat(96)]).collect();
        page.table("T", &["h"], &rows, "`t`");
        let shown = page.text.matches("| xxx").count();
        assert!((100..150).contains(&shown), "{shown} of 200 rows of 101 bytes in 12 KiB");
        assert!(page.text.ends_with(&format!(
            "\n{} more are left out here: `t` in the folder of the run.\n\n",
            200 - shown
        )));
    }
}

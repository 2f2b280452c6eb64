//! The verdict as one object: what `verdict.json` holds and every report of a verdict is made from.
//!
//! It shows what was decided and decides nothing. Readers pass over keys they do not know; a key that
//! changes its meaning makes another schema.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

use crate::error::FileError;
use crate::rows::{ComparisonRow, CoverageRow, GateRow};

/// The version of the shape.
pub const SCHEMA: &str = "verdict/1";

/// The file's name in a folder.
pub const FILE: &str = "verdict.json";

/// A verdict with all it rests on.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerdictFile {
    /// `verdict/1`.
    pub schema: String,
    /// The verdict in a word or two: `PROMOTED`, `REFUSED`, `INCONCLUSIVE` and so on.
    pub verdict: String,
    /// The exit code that goes with it, as `docs/cli.md` lists them.
    pub exit_code: u8,
    /// Why it is not a promotion, those of the verdict first; empty when it is one.
    pub reasons: Vec<String>,
    /// What was planned.
    pub plan: PlanSaid,
    /// How many of what.
    pub counts: Counts,
    /// Every gate, in order.
    pub gates: Vec<GateSaid>,
    /// Every comparison: rules in the order of the policy, then slices explored.
    pub comparisons: Vec<ComparisonSaid>,
    /// Critical flows; null when none were looked for.
    pub coverage: Option<CoverageSaid>,
    /// How much is at stake; null when nothing was judged.
    pub risk: Option<RiskSaid>,
    /// Digest of each table beside this file, by name.
    pub tables: BTreeMap<String, String>,
    /// The command that makes this verdict again.
    pub reproduce: String,
    /// Version of the program.
    pub program: String,
}

/// What was planned.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanSaid {
    /// Digest of the plan, in hex.
    pub digest: String,
    /// The suite's name.
    pub suite: String,
    /// The suite's file, as it was named.
    pub suite_file: String,
    /// The predictor that wants to ship.
    pub candidate: String,
    /// What tells it from another of that name.
    pub candidate_identity: String,
    /// The predictor it is held against.
    pub baseline: String,
    /// What tells that from another of its name.
    pub baseline_identity: String,
    /// Digest of the policy, in hex.
    pub policy: String,
    /// Cases with seeds.
    pub units: usize,
    /// Independent clusters among those that are scored.
    pub clusters: usize,
    /// Power that each rule should have, 0 to 1.
    pub power_wanted: f64,
    /// What each rule was planned with.
    pub powers: Vec<PowerSaid>,
}

/// What a rule was planned with.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PowerSaid {
    /// The rule's gate.
    pub gate: String,
    /// Clusters on its slice.
    pub clusters: u32,
    /// What it is to show.
    pub goal: String,
    /// Probability of showing it, 0 to 1.
    pub power: f64,
    /// The effect found with the power wanted, in the metric's unit.
    pub detectable: Option<f64>,
    /// Clusters needed for the power wanted.
    pub needed: Option<u32>,
}

/// How many of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Units that ran to their end.
    pub ran: usize,
    /// Units refused before they ran, as some must be.
    pub refused: usize,
    /// Units that erred.
    pub errored: usize,
    /// Units that a budget left out.
    pub not_run: usize,
    /// Gates that pass.
    pub passed: usize,
    /// Gates that somebody let pass.
    pub waived: usize,
    /// Gates that cannot say.
    pub inconclusive: usize,
    /// Gates that do not pass.
    pub failed: usize,
}

/// One gate; the columns of the table `gates`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GateSaid {
    /// Its name.
    pub gate: String,
    /// `pass`, `waived`, `fail`, `inconclusive` or `error`.
    pub label: String,
    /// The outcome it asks for, as the verdict names it; `PROMOTED` when it does not stand in the way.
    pub outcome: String,
    /// What was observed, in `unit`; null when it could not be.
    pub observed: Option<f64>,
    /// What is allowed, in `unit`; null when it is not a number.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Why, in words.
    pub reason: String,
    /// Who let it pass and why; null when nobody did.
    pub waiver: Option<String>,
}

/// One comparison; the columns of the table `comparisons`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ComparisonSaid {
    /// What it is for: `primary`, `guardrail`, or `exploratory`, which decides nothing.
    pub role: String,
    /// What is compared, with its lead.
    pub metric: String,
    /// On which part of the scores; `all` for everything.
    pub slice: String,
    /// What of it is compared: `mean` over clusters or `p90` over roasts.
    pub statistic: String,
    /// Unit of estimate, interval, margin and spread.
    pub unit: String,
    /// Candidate minus baseline, turned where higher is better: negative is better. Null without pairs.
    pub estimate: Option<f64>,
    /// Lower end of the interval, in `unit`.
    pub lower: Option<f64>,
    /// Upper end of the interval, in `unit`.
    pub upper: Option<f64>,
    /// Level of the interval, 0 to 1.
    pub level: Option<f64>,
    /// How the interval was made: `bca` or `student_t`, of clusters.
    pub method: Option<String>,
    /// Chance of a difference this large if there were none, two-sided.
    pub p: Option<f64>,
    /// The same among all primaries (Holm) or all explored slices (Benjamini and Hochberg).
    pub p_adjusted: Option<f64>,
    /// Chance of a difference this small if it were the margin, one-sided.
    pub p_margin: Option<f64>,
    /// How much worse the candidate may be, in `unit`.
    pub margin: f64,
    /// Spread between clusters, in `unit`.
    pub spread: Option<f64>,
    /// Correlation of the arms' cluster means, -1 to 1.
    pub rho: Option<f64>,
    /// How many times the roasts it would have taken without pairing.
    pub saved: Option<f64>,
    /// Pairs compared.
    pub n_pairs: u32,
    /// Independent clusters among them.
    pub n_clusters: u32,
    /// Pairs missing on either side.
    pub n_missing: u32,
    /// Clusters likely to settle it, were the estimate true; null when it is settled, or nothing would.
    pub n_needed: Option<u32>,
    /// What it says: `SUPERIOR`, `NON_INFERIOR`, `INCONCLUSIVE`, `INFERIOR`, `MISSING` and so on.
    pub label: String,
    /// Why, in words.
    pub reason: String,
}

/// Critical flows in four numbers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoverageSaid {
    /// Flows that were met.
    pub met: usize,
    /// Of how many.
    pub flows: usize,
    /// Safety flows that were met.
    pub safety_met: usize,
    /// Of how many.
    pub safety: usize,
    /// Those not met, by name.
    pub missing: Vec<String>,
}

/// How much is at stake.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RiskSaid {
    /// The version of the formula.
    pub version: String,
    /// 0 to 100.
    pub total: f64,
    /// Above this a person must approve.
    pub limit: f64,
    /// The terms that it is the sum of, by name.
    pub terms: BTreeMap<String, f64>,
}

impl GateSaid {
    /// What the row says.
    #[must_use]
    pub fn of(row: &GateRow) -> Self {
        Self {
            gate: row.gate.to_string(),
            label: row.label.to_string(),
            outcome: row.outcome.to_string(),
            observed: row.observed,
            limit: row.limit,
            unit: row.unit.to_string(),
            reason: row.reason.to_string(),
            waiver: row.waiver.as_deref().map(str::to_owned),
        }
    }
}

impl ComparisonSaid {
    /// What the row says.
    #[must_use]
    pub fn of(row: &ComparisonRow) -> Self {
        Self {
            role: row.role.to_string(),
            metric: row.metric.to_string(),
            slice: row.slice.to_string(),
            statistic: row.statistic.to_string(),
            unit: row.unit.to_string(),
            estimate: row.estimate,
            lower: row.lower,
            upper: row.upper,
            level: row.level,
            method: row.method.as_deref().map(str::to_owned),
            p: row.p,
            p_adjusted: row.p_adjusted,
            p_margin: row.p_margin,
            margin: row.margin,
            spread: row.spread,
            rho: row.rho,
            saved: row.saved,
            n_pairs: row.n_pairs,
            n_clusters: row.n_clusters,
            n_missing: row.n_missing,
            n_needed: row.n_needed,
            label: row.label.to_string(),
            reason: row.reason.to_string(),
        }
    }

    /// The gate it is for: role, metric and slice, as gates are named.
    #[must_use]
    pub fn gate(&self) -> String {
        let slice = if self.slice == "all" { String::new() } else { format!(" [{}]", self.slice) };
        format!("{}.{}{slice}", self.role, self.metric)
    }
}

impl CoverageSaid {
    /// What the rows say.
    #[must_use]
    pub fn of(rows: &[CoverageRow]) -> Self {
        let count = |which: &dyn Fn(&CoverageRow) -> bool| rows.iter().filter(|row| which(row)).count();
        Self {
            met: count(&|row| row.met),
            flows: rows.len(),
            safety_met: count(&|row| row.met && row.safety),
            safety: count(&|row| row.safety),
            missing: rows.iter().filter(|row| !row.met).map(|row| row.flow.to_string()).collect(),
        }
    }
}

impl VerdictFile {
    /// The text of the file: JSON, one key a line, keys in the order above.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, finite numbers and maps by text: always JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads the verdict in `folder`.
    ///
    /// # Errors
    /// [`FileError::Io`] when it is not there, [`FileError::Verdict`] when it is no verdict of this schema.
    pub fn read(folder: &Path) -> Result<Self, FileError> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|source| FileError::Io {
            doing: "read",
            path: path.clone(),
            source,
        })?;
        let wrong = |why: String| FileError::Verdict { path: path.clone(), why };
        let read: Self = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if read.schema != SCHEMA {
            return Err(wrong(format!("its schema is {:?}, this build reads {SCHEMA:?}", read.schema)));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemars::generate::SchemaSettings;
    use serde_json::{Value, json};

    fn made() -> Value {
        let mut settings = SchemaSettings::draft2020_12();
        settings.inline_subschemas = true;
        let mut schema = settings.into_generator().into_root_schema_for::<VerdictFile>().to_value();
        schema["title"] = json!("a verdict of sim eval");
        schema["properties"]["schema"]["const"] = json!(SCHEMA);
        schema
    }

    #[test]
    fn the_schema_is_made_from_the_types() {
        let text = format!("{:#}\n", made());
        let path = format!("{}/schema/verdict.schema.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("TRIER_BLESS").is_some() {
            std::fs::write(&path, &text).expect("writable");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "crates/tables/schema/verdict.schema.json differs from the types; bless it with\n  \
             TRIER_BLESS=1 cargo test -p trier-tables schema"
        );
    }

    #[test]
    fn every_key_says_what_it_is() {
        fn undescribed(at: &str, schema: &Value, found: &mut Vec<String>) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let at = format!("{at}.{key}");
                if property["description"].as_str().is_none_or(str::is_empty) {
                    found.push(at.clone());
                }
                undescribed(&at, property, found);
                undescribed(&at, &property["items"], found);
                property["anyOf"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .for_each(|one| undescribed(&at, one, found));
            }
        }
        let mut found = Vec::new();
        undescribed("verdict", &made(), &mut found);
        assert!(found.is_empty(), "no description: {found:#?}");
    }

    #[test]
    fn a_key_that_is_not_known_is_passed_over_and_another_schema_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |said: &Value| {
            std::fs::write(folder.path().join(FILE), said.to_string()).expect("written");
            VerdictFile::read(folder.path())
        };
        let mut said = json!({
            "schema": SCHEMA, "verdict": "REFUSED", "exit_code": 4, "reasons": ["a: b"],
            "plan": {
                "digest": "9f", "suite": "s", "suite_file": "s.toml", "candidate": "c", "candidate_identity": "c/1",
                "baseline": "b", "baseline_identity": "b/1", "policy": "p", "units": 2, "clusters": 1,
                "power_wanted": 0.8, "powers": [],
            },
            "counts": {
                "ran": 2, "refused": 0, "errored": 0, "not_run": 0,
                "passed": 0, "waived": 0, "inconclusive": 0, "failed": 1,
            },
            "gates": [], "comparisons": [], "coverage": null, "risk": null, "tables": {}, "reproduce": "sim",
            "program": "0.1.0", "of_next_year": true,
        });
        let file = read(&said).expect("a verdict");
        assert_eq!((file.exit_code, file.counts.failed), (4, 1));
        std::fs::write(folder.path().join(FILE), file.to_json()).expect("written");
        assert_eq!(VerdictFile::read(folder.path()).expect("what was written"), file);
        said["schema"] = json!("verdict/2");
        let error = read(&said).expect_err("another schema").to_string();
        assert!(error.contains("verdict/2") && error.contains(SCHEMA), "{error}");
        said["schema"] = json!(SCHEMA);
        said["exit_code"] = json!(null);
        assert!(read(&said).is_err(), "a key that must be there");
    }
}

//! The lines between us and a program: one JSON object each, told apart by `type`.
//!
//! We say `hello`, and the program says `hello`. Then for each roast: `begin`, samples and marks as they come,
//! a question `ask` now and then, each followed by one `answer`, and `end`. Nothing else is ever said, and no
//! key of an answer sets anything. `docs/predictors.md` tells it with an example; the schemas are made
//! from these types.

use serde::{Deserialize, Serialize};

/// The version of the protocol. It goes up when a program written for it could be misled.
pub const PROTOCOL: u32 = 1;

/// A line that the program is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToProgram<'a> {
    /// First of all. The answer is the program's own `hello`.
    Hello {
        /// The version of the protocol.
        protocol: u32,
        /// What may be asked for.
        targets: &'a [&'a str],
    },
    /// A roast begins, or its charge turned out to be another: forget what was before.
    Begin {
        /// Earlier roasts of the same machine, oldest first.
        earlier: Vec<Earlier>,
        /// When the plan says to drop.
        plan: Plan,
    },
    /// What the probes and controls showed. Only BT and ET that can be believed; null: not read.
    Sample(SampleLine),
    /// A mark was announced.
    Mark {
        /// What happened, such as `first_crack_start`.
        kind: &'a str,
        /// When, s since charge; it may lie before the newest sample.
        at_s: f64,
        /// Who says so: `device`, `operator` or `inferred`.
        source: &'a str,
        /// From 0 (a guess) to 1 (certain).
        confidence: f64,
    },
    /// A question: how many seconds from now to `target`?
    Ask {
        /// Goes up with each question; the answer repeats it.
        id: u64,
        /// `first_crack_start` or `drop`.
        target: &'a str,
        /// Now, s since charge.
        now_s: f64,
        /// Since when BT has been warming, s since charge; null before that is sure.
        warming_since_s: Option<f64>,
    },
    /// The roast is over. The program may be told to begin another, or be closed.
    End,
}

/// What one earlier roast of the machine tells. Null: not marked or not read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Earlier {
    /// First-crack start, s since charge.
    pub first_crack_s: Option<f64>,
    /// BT at first-crack start, °C.
    pub first_crack_bt_c: Option<f64>,
    /// Drop, s since charge.
    pub drop_s: Option<f64>,
    /// BT at drop, °C.
    pub drop_bt_c: Option<f64>,
}

/// When to drop, by the plan: what it says of that, and null for what it does not. All null: no plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plan {
    /// When BT reaches this, °C.
    pub drop_bt_c: Option<f64>,
    /// This long after charge, s.
    pub drop_s: Option<f64>,
    /// This long after first crack started, s.
    pub development_s: Option<f64>,
    /// When the time since first crack is this share of that since charge, 0 to 1.
    pub development_ratio: Option<f64>,
}

/// One sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SampleLine {
    /// When, s since charge.
    pub t_s: f64,
    /// Bean probe, °C.
    pub bt_c: Option<f64>,
    /// Environment probe, °C.
    pub et_c: Option<f64>,
    /// Air entering the drum, °C.
    pub inlet_c: Option<f64>,
    /// Air leaving the drum, °C.
    pub exhaust_c: Option<f64>,
    /// Drum or wall probe, °C.
    pub drum_c: Option<f64>,
    /// Heat control, % of full.
    pub gas_pct: Option<f64>,
    /// Air control, % of full.
    pub air_pct: Option<f64>,
    /// Drum speed, revolutions per minute.
    pub drum_rpm: Option<f64>,
    /// Cracks heard since the sample before, 1/s.
    pub pops_per_s: Option<f64>,
}

/// A line that the program sends. An unknown key or type is refused.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromProgram {
    /// The answer to our `hello`.
    Hello(Introduction),
    /// The answer to a question.
    Answer(Answer),
}

/// Who a program is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Introduction {
    /// The version of the protocol that it speaks: 1.
    pub protocol: u32,
    /// One line about it.
    pub title: String,
    /// Goes up with each change of what it says.
    pub version: u32,
    /// What it forecasts: `first_crack_start`, `drop` or both.
    pub targets: Vec<String>,
}

/// Seconds from now to the event, or why not.
///
/// Either `p50_s`, with any of the others, or `abstain`. What is stated is finite, not negative, ascending, and
/// the median at most 3,600 s.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's.
    pub id: u64,
    /// 5 % quantile of the seconds to go.
    #[serde(default)]
    pub p05_s: Option<f64>,
    /// 10 % quantile.
    #[serde(default)]
    pub p10_s: Option<f64>,
    /// 25 % quantile.
    #[serde(default)]
    pub p25_s: Option<f64>,
    /// The median: what is said when one number is asked for.
    #[serde(default)]
    pub p50_s: Option<f64>,
    /// 75 % quantile.
    #[serde(default)]
    pub p75_s: Option<f64>,
    /// 90 % quantile.
    #[serde(default)]
    pub p90_s: Option<f64>,
    /// 95 % quantile.
    #[serde(default)]
    pub p95_s: Option<f64>,
    /// What the answer rests on, most important first, with numbers: at most 8, of 200 bytes each.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Why there is no answer; then nothing else is stated.
    #[serde(default)]
    pub abstain: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemars::{JsonSchema, generate::SchemaSettings};
    use serde_json::{Value, json};

    fn made<T: JsonSchema>(title: &str) -> Value {
        let mut settings = SchemaSettings::draft2020_12();
        settings.inline_subschemas = true;
        let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
        schema["title"] = json!(title);
        schema
    }

    fn schemas() -> [(&'static str, Value); 2] {
        [
            ("to-program", made::<ToProgram<'_>>("a line that a predictor is sent")),
            ("from-program", made::<FromProgram>("a line that a predictor sends")),
        ]
    }

    #[test]
    fn the_schemas_are_made_from_the_types() {
        for (name, schema) in schemas() {
            let text = format!("{schema:#}\n");
            let path = format!("{}/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("TRIER_BLESS").is_some() {
                std::fs::write(&path, &text).expect("writable");
            }
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                written == text,
                "foreign/schema/{name}.schema.json differs from the types; bless it with\n  \
                 TRIER_BLESS=1 cargo test -p trier-foreign schema"
            );
        }
    }

    #[test]
    fn every_key_says_what_it_is() {
        fn undescribed(at: &str, schema: &Value, found: &mut Vec<String>) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let at = format!("{at}.{key}");
                // The tag is told by the description of what it tags.
                if key != "type" && property["description"].as_str().is_none_or(str::is_empty) {
                    found.push(at.clone());
                }
                undescribed(&at, property, found);
                undescribed(&at, &property["items"], found);
            }
            for choice in schema["oneOf"].as_array().into_iter().flatten() {
                if choice["description"].as_str().is_none_or(str::is_empty) {
                    found.push(format!("{at}|{}", choice["properties"]["type"]["const"]));
                }
                undescribed(at, choice, found);
            }
        }
        let mut found = Vec::new();
        for (name, schema) in schemas() {
            undescribed(name, &schema, &mut found);
        }
        assert!(found.is_empty(), "no description: {found:#?}");
    }

    #[test]
    fn an_answer_with_a_key_that_sets_something_is_no_answer() {
        let read = |text| serde_json::from_str::<FromProgram>(text);
        let plain = read(r#"{"type":"answer","id":3,"p50_s":60}"#).expect("an answer");
        let want = Answer { id: 3, p50_s: Some(60.0), ..Answer::default() };
        assert_eq!(plain, FromProgram::Answer(want));
        for wrong in [
            r#"{"type":"answer","id":3,"p50_s":60,"gas_pct":40}"#,
            r#"{"type":"set","gas_pct":40}"#,
            r#"{"type":"answer","p50_s":60}"#,
            r#"{"type":"answer","id":3,"p50_s":"60"}"#,
            r#"{"type":"answer","id":3,"p50_s":NaN}"#,
            r#"{"type":"answer","id":3,"p50_s":1e999}"#,
            r#"{"type":"answer","id":-1,"p50_s":60}"#,
            "[]",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

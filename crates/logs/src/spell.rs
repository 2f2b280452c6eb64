//! A document as text: as a Python literal, or as JSON.

use crate::value::Value;

/// How a document is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// A Python literal in ASCII, as `repr` and `ast.literal_eval` have it.
    Python,
    /// JSON, compact, text as it is.
    Json,
}

/// The text of `value`. Numbers are as short as they can be and read back to the same bits;
/// what is not finite, which neither spelling has, becomes -1, "no reading".
pub(crate) fn spelled(value: &Value, spelling: Spelling) -> String {
    let mut out = String::new();
    append(value, spelling, &mut out);
    out
}

fn append(value: &Value, spelling: Spelling, out: &mut String) {
    let python = spelling == Spelling::Python;
    match value {
        Value::None => out.push_str(if python { "None" } else { "null" }),
        Value::Bool(true) => out.push_str(if python { "True" } else { "true" }),
        Value::Bool(false) => out.push_str(if python { "False" } else { "false" }),
        Value::Int(int) => out.push_str(&int.to_string()),
        Value::Float(float) if float.is_finite() => out.push_str(&format!("{float:?}")),
        Value::Float(_) => out.push_str("-1.0"),
        Value::Text(text) if python => append_python_text(text, out),
        Value::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
        Value::List(items) => {
            out.push('[');
            append_all(items, python, out, |item, out| append(item, spelling, out));
            out.push(']');
        }
        Value::Dict(pairs) => {
            out.push('{');
            append_all(pairs, python, out, |(key, value), out| {
                append(key, spelling, out);
                out.push_str(if python { ": " } else { ":" });
                append(value, spelling, out);
            });
            out.push('}');
        }
    }
}

fn append_all<T>(items: &[T], spaced: bool, out: &mut String, one: impl Fn(&T, &mut String)) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(if spaced { ", " } else { "," });
        }
        one(item, out);
    }
}

fn append_python_text(text: &str, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        match (c, u32::from(c)) {
            ('\'' | '\\', _) => out.extend(['\\', c]),
            (_, 0x20..=0x7e) => out.push(c),
            (_, code @ 0..=0xff) => out.push_str(&format!("\\x{code:02x}")),
            (_, code @ 0x100..=0xffff) => out.push_str(&format!("\\u{code:04x}")),
            (_, code) => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pyliteral;
    use proptest::prelude::*;

    /// Any document a few lists and dicts deep.
    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::None),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::Float),
            any::<String>().prop_map(Value::Text),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let key = any::<String>().prop_map(Value::Text);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| map.into_iter().map(|(k, v)| (Value::Text(k), v)).collect())
                    .prop_map(Value::Dict),
                key,
            ]
        })
    }

    proptest! {
        #[test]
        fn a_document_reads_back_in_both_spellings(doc in document()) {
            let python = spelled(&doc, Spelling::Python);
            prop_assert!(python.is_ascii());
            prop_assert_eq!(pyliteral::parse(&python).expect("a literal"), doc.clone());
            let json: serde_json::Value = serde_json::from_str(&spelled(&doc, Spelling::Json)).expect("JSON");
            prop_assert_eq!(Value::from(json), doc);
        }
    }

    #[test]
    fn what_is_not_finite_is_no_reading() {
        let doc = Value::List(vec![Value::Float(f64::NAN), Value::Float(f64::NEG_INFINITY)]);
        assert_eq!(spelled(&doc, Spelling::Python), "[-1.0, -1.0]");
    }
}

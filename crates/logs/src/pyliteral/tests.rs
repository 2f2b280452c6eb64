//! Tests of the literal parser: Python's rules by example, and its limits.

use super::{Cause, line_of, parse};
use crate::value::Value;
use proptest::prelude::*;

fn text(of: &str) -> Value {
    Value::Text(of.to_owned())
}

/// Prints `value` the way Python's `repr` does, in its plainest form.
fn print(value: &Value) -> String {
    let joined = |items: &[Value]| items.iter().map(print).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) if f.is_finite() => format!("{f:?}"),
        Value::Float(f) => f.to_string(),
        Value::Text(t) => {
            let escape = |c: char| match c {
                '\'' | '\\' => format!("\\{c}"),
                ' '..='~' => c.to_string(),
                c if u32::from(c) < 0x100 => format!("\\x{:02x}", u32::from(c)),
                c if u32::from(c) < 0x1_0000 => format!("\\u{:04x}", u32::from(c)),
                c => format!("\\U{:08x}", u32::from(c)),
            };
            format!("'{}'", t.chars().map(escape).collect::<String>())
        }
        Value::List(items) => format!("[{}]", joined(items)),
        Value::Dict(pairs) => {
            let pair = |(k, v): &(Value, Value)| format!("{}: {}", print(k), print(v));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        prop::num::f64::NORMAL.prop_map(Value::Float),
        Just(Value::Float(f64::INFINITY)),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::List),
            prop::collection::vec((any::<String>().prop_map(Value::Text), inner), 0..8).prop_map(Value::Dict),
        ]
    })
}

proptest! {
    #[test]
    fn what_python_prints_reads_back_the_same(value in any_value()) {
        prop_assert_eq!(parse(&print(&value)), Ok(value));
    }

    #[test]
    fn every_cut_of_a_bracketed_literal_is_called_a_cut(items in prop::collection::vec(any_value(), 0..4), cut in 0.0..1.0) {
        let whole = print(&Value::List(items));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let end = (cut * whole.len() as f64) as usize; // The printer writes ASCII only.
        let error = parse(&whole[..end]).expect_err("the closing bracket is gone");
        prop_assert!(matches!(error.cause, Cause::Open(..)), "{error:?} in {}", &whole[..end]);
        prop_assert_eq!(error.at, end);
    }

    #[test]
    fn any_text_is_read_or_refused(noise in any::<String>()) {
        let _: Result<_, _> = parse(&noise);
    }
}

#[test]
fn strings_follow_pythons_rules() {
    for (source, meaning) in [
        (r"'it\'s'", "it's"),
        (r#""it's""#, "it's"),
        (r"'a\tb\\n'", "a\tb\\n"),
        (r"'\x41\u00e9\U0001f600\101\7'", "Aé😀A\u{7}"),
        (r"'\ud83d\ude00 \ud83d!'", "😀 \u{fffd}!"),
        (r"'\q'", r"\q"),
        ("'one' \"two\"\n'three'", "onetwothree"),
        ("u'old'", "old"),
        ("'a\\\nb'", "ab"),
        ("'空気'", "空気"),
    ] {
        assert_eq!(parse(source), Ok(text(meaning)), "{source}");
    }
}

#[test]
fn numbers_follow_pythons_rules() {
    for (source, number) in [("1.5", 1.5), ("-1.0", -1.0), ("1e-05", 1e-5), ("+2.", 2.0), (".5", 0.5)] {
        assert_eq!(parse(source), Ok(Value::Float(number)), "{source}");
    }
    assert_eq!(parse("-12"), Ok(Value::Int(-12)));
    assert_eq!(parse("1_000"), Ok(Value::Int(1000)));
    assert_eq!(parse("-inf"), Ok(Value::Float(f64::NEG_INFINITY)));
    assert!(matches!(parse("[nan]"), Ok(Value::List(v)) if matches!(v[0], Value::Float(f) if f.is_nan())));
}

#[test]
fn brackets_and_commas_follow_pythons_rules() {
    let one_two = || Value::List(vec![Value::Int(1), Value::Int(2)]);
    assert_eq!(parse(" [1, 2, ] \n"), Ok(one_two()));
    assert_eq!(parse("(1, 2)"), Ok(one_two()));
    assert_eq!(parse("(1)"), Ok(Value::Int(1)));
    assert_eq!(parse("(1,)"), Ok(Value::List(vec![Value::Int(1)])));
    assert_eq!(parse("{'a': 1, }"), Ok(Value::Dict(vec![(text("a"), Value::Int(1))])));
    for wrong in [
        "[1 2]",
        "[,]",
        "{'a' 1}",
        "{1, 2}",
        "{,}",
        "[1]]",
        "b'x'",
        "'\\N{BULLET}'",
        "f(1)",
        "1+2",
        "'''x'''",
    ] {
        assert!(matches!(parse(wrong).map_err(|e| e.cause), Err(Cause::Fault(_))), "{wrong}");
    }
}

#[test]
fn deep_nesting_is_refused_long_before_the_stack_ends() {
    let deep = "[".repeat(100_000);
    let error = parse(&deep).expect_err("too deep");
    assert_eq!((error.at, error.cause), (65, Cause::Fault("nested more than 64 deep")));
    let fits = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert!(parse(&fits).is_ok());
}

#[test]
fn lines_count_from_one() {
    assert_eq!((line_of("a\nb\nc", 0), line_of("a\nb\nc", 2), line_of("a\nb\nc", 5)), (1, 2, 3));
}

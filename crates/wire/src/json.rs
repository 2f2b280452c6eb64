//! JSON as JavaScript writes it, and the one canonical form that is signed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// Writes numbers as `JSON.stringify` does: `12`, not `12.0`; `1e+21`, not `1e21`.
struct JavaScriptNumbers;

impl Formatter for JavaScriptNumbers {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(ryu_js::Buffer::new().format_finite(value).as_bytes())
    }
}

/// `value` as one line of JSON, keys in the order of its type, numbers as JavaScript writes them.
///
/// # Panics
/// Never for plain data with text keys, which is all that this crate writes.
pub(crate) fn to_line<T: Serialize>(value: &T) -> String {
    let mut line = Vec::with_capacity(512);
    let mut writer = Serializer::with_formatter(&mut line, JavaScriptNumbers);
    value.serialize(&mut writer).expect("plain data with text keys");
    String::from_utf8(line).expect("JSON is UTF-8")
}

/// The canonical bytes of `value` by RFC 8785: no blanks, keys sorted by UTF-16 unit, numbers in
/// the shortest form that reads back to the same double, as JavaScript writes them.
///
/// # Panics
/// Never: a JSON value holds neither NaN nor infinities.
pub(crate) fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("a JSON value has a canonical form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_javascript() {
        // What `JSON.stringify` gives for the same doubles; ECMA-262, Number::toString.
        let numbers = [12.0, 0.1, 1e21, 1e20, 1e-7, 0.000_001, -0.0, 203.099_999_999_999_97];
        let expected = "[12,0.1,1e+21,100000000000000000000,1e-7,0.000001,0,203.09999999999997]";
        assert_eq!(to_line(&numbers), expected);
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        // The example of its section 3.2.2, with the order of 3.2.3.
        let text = r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let value: Value = serde_json::from_str(text).expect("JSON");
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
            \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(String::from_utf8(canonical(&value)).expect("UTF-8"), expected);
    }
}

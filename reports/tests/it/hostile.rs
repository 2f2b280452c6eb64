//! Names that people may give and pages must show as text.

/// What somebody may call a roast.
pub(crate) fn hostile() -> [String; 3] {
    [
        "</title><script>alert(1)</script>\"'".to_owned(),
        "gu\u{202e}ji \u{200f}\u{0}".to_owned(),
        "x".repeat(10_000),
    ]
}

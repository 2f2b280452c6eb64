//! What every page must be, whatever it is about.

/// Names of elements that hold nothing and are not closed.
const VOID: [&str; 3] = ["meta", "link", "br"];

/// Checks that a page is well-formed: each element is closed within the one it was opened in; nothing in it runs or
/// is fetched; ids are unique and every link within the page leads to one.
pub(crate) fn assert_sound(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    // The style holds no markup.
    let (head, rest) = html.split_once("<style>").expect("a style");
    let body = rest.split_once("</style>").expect("its end").1;
    for tag in [head, body].iter().flat_map(|part| part.split('<').skip(1)) {
        let (tag, _) = tag.split_once('>').unwrap_or_else(|| panic!("a bare < before {tag:.60}"));
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes another");
        } else if !tag.starts_with('!') && !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for never in ["<script", "javascript:", " src=", "url(", "@import", "<iframe", "http://", "https://"] {
        assert!(!html.contains(never), "{never} in the page");
    }
    let values = |attribute: &str| -> Vec<String> {
        body.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values(" id=\"");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    for to in values("href=\"#") {
        assert!(ids.contains(&to), "nothing on the page is called {to}");
    }
}

/// What somebody may call a roast.
pub(crate) fn hostile() -> [String; 3] {
    ["</title><script>alert(1)</script>\"'".to_owned(), "gu\u{202e}ji \u{200f}\u{0}".to_owned(), "x".repeat(10_000)]
}

//! What every page must be: sound markup, whole in itself, without scripts, its headings in order.

use std::collections::BTreeSet;

/// Tags that have no end.
const VOID: [&str; 4] = ["meta", "br", "hr", "link"];

/// Fails unless the page is sound: tags closed in order, ids once, links lead somewhere, headings skip no level,
/// pictures and tables have names, and nothing is loaded or run.
pub(crate) fn assert_page(html: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut links = BTreeSet::new();
    let mut level = 0;
    assert!(html.starts_with("<!doctype html>"), "it is HTML");
    for tag in tags(html) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(name != "script" && name != "link" && name != "iframe" && name != "img", "<{tag}>");
        for handler in ["onclick=", "onload=", "onerror=", "src=", "href=\"http", "javascript:"] {
            assert!(!tag.contains(handler), "<{tag}>");
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "closed out of order: <{tag}>");
            continue;
        }
        if let Some(id) = attribute(tag, "id") {
            assert!(ids.insert(id.to_owned()), "id {id} twice");
        }
        links.extend(attribute(tag, "href").and_then(|to| to.strip_prefix('#')).map(str::to_owned));
        if name == "svg" {
            assert!(
                attribute(tag, "aria-label").is_some_and(|alt| alt.len() > 10),
                "a picture without words"
            );
        }
        if let Some(next) = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) {
            assert!(next <= level + 1, "h{next} after h{level}");
            level = next;
        }
        if !VOID.contains(&name.as_str()) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(html.matches("<h1").count(), 1);
    assert!(!html.contains("url(") && !html.contains("@import"), "the style loads nothing");
    for to in links {
        assert!(ids.contains(&to), "#{to} leads nowhere");
    }
}

/// The tags of a page, without their brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .map(|rest| {
            let (tag, _) = rest.split_once('>').expect("a tag ends");
            tag
        })
        .filter(|tag| !tag.starts_with('!'))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// What stands between the tags.
pub(crate) fn texts(html: &str) -> String {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join("\n")
}

//! The inks: one table of colours in a light and a dark theme, and the rules that use them.
//!
//! BT, ET and rate of rise are told apart by hue as roasters are used to, and by dashes besides. Every ink
//! has a contrast of 3 or more with the paper of its theme (text 4.5), which a test holds.

/// One ink: its name, and its colour on light and on dark paper.
struct Ink {
    name: &'static str,
    light: &'static str,
    dark: &'static str,
}

const fn ink(name: &'static str, light: &'static str, dark: &'static str) -> Ink {
    Ink { name, light, dark }
}

/// The inks by name. Those of text and of lines have tests of their own below.
const INKS: [Ink; 22] = [
    ink("paper", "#ffffff", "#14161a"),
    ink("sheet", "#f5f4f1", "#1d2026"),
    ink("edge", "#dedbd4", "#363b44"),
    ink("grid", "#e8e6e1", "#2a2e36"),
    ink("text", "#1f2328", "#e8e6e1"),
    ink("soft", "#5c636b", "#a3a9b2"),
    ink("link", "#0b5cad", "#79b8ff"),
    ink("bt", "#1565c0", "#64b5f6"),
    ink("et", "#c62828", "#ff8a80"),
    ink("ror", "#00796b", "#4db6ac"),
    ink("gas", "#b35900", "#ffb74d"),
    ink("air", "#5f6f7a", "#a7b8c2"),
    ink("truth", "#6a3d9a", "#ce93d8"),
    ink("core", "#9c4dcc", "#b388ff"),
    ink("water", "#0277bd", "#4fc3f7"),
    ink("crack", "#a3620a", "#f0a94a"),
    ink("candidate", "#1565c0", "#64b5f6"),
    ink("baseline", "#8a5a00", "#e0b050"),
    ink("pass", "#1b7f3b", "#5fd38a"),
    ink("warn", "#946200", "#e3b341"),
    ink("fail", "#c62828", "#ff8a80"),
    ink("shade", "#8d6e3f", "#c9a66b"),
];

/// Rules for shapes and words of pictures, by the classes that pictures give them.
const RULES: &str = include_str!("../../assets/picture.css");

/// The inks as custom properties, light and dark, and the rules of pictures, for the head of a page.
#[must_use]
pub fn page_style() -> String {
    let of = |colour: fn(&Ink) -> &str| {
        INKS.iter().map(|ink| format!("--{}:{}", ink.name, colour(ink))).collect::<Vec<_>>().join(";")
    };
    let (light, dark) = (of(|ink| ink.light), of(|ink| ink.dark));
    // Paper is white: what is printed is light.
    format!(
        ":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{RULES}"
    )
}

/// The rules with the colours of light paper in them, for a picture in a file of its own.
#[must_use]
pub fn picture_style() -> String {
    // Longer names first: one may begin another.
    let mut inks: Vec<&Ink> = INKS.iter().collect();
    inks.sort_by_key(|ink| std::cmp::Reverse(ink.name.len()));
    inks.iter().fold(RULES.to_owned(), |rules, ink| rules.replace(&format!("var(--{})", ink.name), ink.light))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as the Web Content Accessibility Guidelines 2.2 define it.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits")) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                trier_roast::math::pow((value + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_ink_is_seen_on_its_paper() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        let find = |name: &str| INKS.iter().find(|ink| ink.name == name).expect(name);
        for paper in ["paper", "sheet"].map(find) {
            for ink in INKS.iter().filter(|ink| !["paper", "sheet", "edge", "grid"].contains(&ink.name)) {
                let needed = if ["text", "soft", "link", "pass", "warn", "fail"].contains(&ink.name) {
                    4.5
                } else {
                    3.0
                };
                for (on, theme) in
                    [(contrast(ink.light, paper.light), "light"), (contrast(ink.dark, paper.dark), "dark")]
                {
                    assert!(on >= needed, "{} on {} {}: {on:.2}", ink.name, theme, paper.name);
                }
            }
        }
    }

    #[test]
    fn a_file_of_its_own_names_no_ink() {
        assert!(!picture_style().contains("var("), "{}", picture_style());
        for name in RULES.split("var(--").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(INKS.iter().any(|ink| ink.name == name), "no ink {name}");
        }
    }
}

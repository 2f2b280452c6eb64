//! Names, texts and digests in records, and what they may hold.

/// The longest name of a profile, bean, machine or author, bytes.
pub(super) const NAME_BYTES_MAX: usize = 128;

/// The longest note or reason, bytes.
pub(super) const TEXT_BYTES_MAX: usize = 4096;

/// What a profile's name must be: it is the name of a folder too.
pub(super) const SLUG: &str = "1 to 64 lower-case letters, digits and inner hyphens";

/// What a name of a person or thing must be.
pub(super) const NAME: &str = "1 to 128 bytes without control characters";

/// What a note must be.
pub(super) const TEXT: &str = "at most 4096 bytes without control characters but line ends";

/// Whether `name` is a [`SLUG`].
pub(super) fn is_slug(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=64).contains(&name.len())
        && name.chars().all(plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Whether `name` is a [`NAME`].
pub(super) fn is_name(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && !name.trim().is_empty()
        && !name.chars().any(char::is_control)
}

/// Whether `text` is a [`TEXT`].
pub(super) fn is_text(text: &str) -> bool {
    text.len() <= TEXT_BYTES_MAX && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// The BLAKE3 digest of a file's bytes, 64 hexadecimal digits: the name of what it holds, whatever it is called.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

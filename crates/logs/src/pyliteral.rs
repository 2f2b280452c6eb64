//! A Python literal, parsed and never evaluated.
//!
//! Artisan saves a roast as the `repr` of a dict. Read here: dicts, lists, tuples,
//! strings with every escape but `\N{..}`, integers, floats, `True`, `False`,
//! `None`, and the names `nan` and `inf` that `repr` writes although Python
//! itself would not read them back. Not read: expressions, sets, bytes, raw
//! strings, comments. Depth and number of values are bounded.

use crate::value::Value;

/// Deepest nesting read. Artisan nests four deep.
const DEPTH_MAX: usize = 64;

/// Most values read. The largest real log has 30 thousand.
const VALUES_MAX: usize = 2_000_000;

/// Why a text is no Python literal, and where.
#[derive(Debug, PartialEq)]
pub(crate) struct LiteralError {
    /// Byte offset.
    pub(crate) at: usize,
    /// What is wrong there.
    pub(crate) cause: Cause,
}

/// What can be wrong with a literal.
#[derive(Debug, PartialEq)]
pub(crate) enum Cause {
    /// The text ends inside this kind of thing, which began at that byte.
    Open(&'static str, usize),
    /// Something else was expected here, or this is not supported.
    Fault(&'static str),
}

/// The line of byte `at`, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|b| *b == b'\n').count()
}

/// Parses `text` as one Python literal with nothing but white space around it.
pub(crate) fn parse(text: &str) -> Result<Value, LiteralError> {
    let mut parser = Parser { text, at: 0, values: 0 };
    let value = parser.value(0, ("the document", 0))?;
    parser.skip_space();
    if parser.at < text.len() { Err(parser.fault("text after the end of the literal")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
}

/// What encloses the thing being parsed, and the byte where it began.
type Enclosing = (&'static str, usize);

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn fault(&self, detail: &'static str) -> LiteralError {
        LiteralError { at: self.at, cause: Cause::Fault(detail) }
    }

    fn open(&self, (what, began): Enclosing) -> LiteralError {
        LiteralError { at: self.text.len(), cause: Cause::Open(what, began) }
    }

    /// The error for an unexpected thing here: cut off if the text ends, else a fault.
    fn unexpected(&self, within: Enclosing, detail: &'static str) -> LiteralError {
        if self.at >= self.text.len() { self.open(within) } else { self.fault(detail) }
    }

    fn value(&mut self, depth: usize, within: Enclosing) -> Result<Value, LiteralError> {
        self.skip_space();
        self.values += 1;
        if depth > DEPTH_MAX {
            return Err(self.fault("nested more than 64 deep"));
        }
        if self.values > VALUES_MAX {
            return Err(self.fault("more than 2000000 values"));
        }
        match self.peek() {
            None => Err(self.open(within)),
            Some(b'{') => self.dict(depth),
            Some(b'[') => Ok(Value::List(self.items(depth, b']', "a list")?.0)),
            Some(b'(') => {
                let (mut items, comma) = self.items(depth, b')', "a tuple")?;
                // (x) is x; only a comma makes a tuple of one.
                if items.len() == 1 && !comma { Ok(items.remove(0)) } else { Ok(Value::List(items)) }
            }
            Some(b'\'' | b'"') => self.strings(within).map(Value::Text),
            Some(b'0'..=b'9' | b'.' | b'+' | b'-') => self.number(within),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => self.word(within),
            Some(_) => Err(self.fault("no Python literal starts here")),
        }
    }

    /// Items up to `close`, and whether the last was followed by a comma.
    fn items(
        &mut self,
        depth: usize,
        close: u8,
        what: &'static str,
    ) -> Result<(Vec<Value>, bool), LiteralError> {
        let within = (what, self.at);
        self.at += 1;
        let mut items = Vec::new();
        let mut comma = false;
        loop {
            self.skip_space();
            if self.peek() == Some(close) {
                self.at += 1;
                return Ok((items, comma));
            }
            if !items.is_empty() && !comma {
                return Err(self.unexpected(within, "a comma or the closing bracket is missing"));
            }
            items.push(self.value(depth + 1, within)?);
            comma = self.comma();
        }
    }

    fn comma(&mut self) -> bool {
        self.skip_space();
        let found = self.peek() == Some(b',');
        self.at += usize::from(found);
        found
    }

    fn dict(&mut self, depth: usize) -> Result<Value, LiteralError> {
        let within = ("a dict", self.at);
        self.at += 1;
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        let mut comma = true;
        loop {
            self.skip_space();
            if self.peek() == Some(b'}') && (comma || !pairs.is_empty()) {
                self.at += 1;
                return Ok(Value::Dict(pairs));
            }
            if !comma {
                return Err(self.unexpected(within, "a comma or the closing brace is missing"));
            }
            let key = self.value(depth + 1, within)?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected(within, "a colon is missing after a key (sets are not read)"));
            }
            self.at += 1;
            let value = self.value(depth + 1, within)?;
            pairs.push((key, value));
            comma = self.comma();
        }
    }

    fn word(&mut self, within: Enclosing) -> Result<Value, LiteralError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let quoted = matches!(self.peek(), Some(b'\'' | b'"'));
        match word {
            "True" => Ok(Value::Bool(true)),
            "False" => Ok(Value::Bool(false)),
            "None" => Ok(Value::None),
            "nan" => Ok(Value::Float(f64::NAN)),
            "inf" => Ok(Value::Float(f64::INFINITY)),
            "u" | "U" if quoted => self.strings(within).map(Value::Text),
            _ if self.at >= self.text.len() => Err(self.open(within)),
            _ => {
                self.at = start;
                let bytes = quoted && word.len() <= 2;
                Err(self.fault(if bytes {
                    "bytes, raw and format strings are not read"
                } else {
                    "an unknown name (True, False, None, nan and inf are read)"
                }))
            }
        }
    }

    fn number(&mut self, within: Enclosing) -> Result<Value, LiteralError> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'n' | b'i')) {
                return match self.word(within)? {
                    Value::Float(f) => Ok(Value::Float(if negative { -f } else { f })),
                    _ => Err(self.fault("a sign before something that is no number")),
                };
            }
        }
        let mut before = 0;
        while let Some(byte) = self.peek() {
            let exponent_sign = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || exponent_sign) {
                break;
            }
            before = byte;
            self.at += 1;
        }
        let digits = self.text[start..self.at].replace('_', "");
        if let Ok(int) = digits.parse::<i64>() {
            return Ok(Value::Int(int));
        }
        // Rust also reads "infinity"; words were dealt with above.
        match digits.parse::<f64>() {
            Ok(float) => Ok(Value::Float(float)),
            Err(_) if self.at >= self.text.len() => Err(self.open(within)),
            Err(_) => {
                self.at = start;
                Err(self.fault("not a decimal number"))
            }
        }
    }

    /// A string, and those after it: Python joins adjacent ones.
    fn strings(&mut self, within: Enclosing) -> Result<String, LiteralError> {
        let mut joined = String::new();
        loop {
            self.string(&mut joined)?;
            self.skip_space();
            match self.peek() {
                Some(b'\'' | b'"') => {}
                None if within.0 != "the document" => return Err(self.open(within)),
                _ => return Ok(joined),
            }
        }
    }

    fn string(&mut self, out: &mut String) -> Result<(), LiteralError> {
        let within = ("a string", self.at);
        let quote = self.text.as_bytes()[self.at];
        if self.text.as_bytes()[self.at..].starts_with(&[quote; 3]) {
            return Err(self.fault("triple-quoted strings are not read"));
        }
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.find(['\'', '"', '\\', '\n']) else { return Err(self.open(within)) };
            out.push_str(&rest[..stop]);
            self.at += stop;
            match rest.as_bytes()[stop] {
                b'\n' => return Err(self.fault("a line end inside a string")),
                b'\\' => self.escape(within, out)?,
                byte if byte == quote => {
                    self.at += 1;
                    return Ok(());
                }
                other => {
                    out.push(char::from(other));
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, within: Enclosing, out: &mut String) -> Result<(), LiteralError> {
        let Some(letter) = self.text[self.at + 1..].chars().next() else { return Err(self.open(within)) };
        let start = self.at;
        self.at += 1 + letter.len_utf8();
        let plain = match letter {
            '\n' => return Ok(()), // A line continued.
            '\\' | '\'' | '"' => letter,
            'a' => '\u{07}',
            'b' => '\u{08}',
            'f' => '\u{0c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{0b}',
            'x' => self.hex(2, within)?,
            'u' => self.hex(4, within)?,
            'U' => self.hex(8, within)?,
            '0'..='7' => self.octal(letter),
            'N' => {
                self.at = start;
                return Err(self.fault(r"named characters (\N{..}) are not read"));
            }
            other => {
                // Python keeps an escape it does not know, backslash and all.
                out.push('\\');
                other
            }
        };
        out.push(plain);
        Ok(())
    }

    /// A character by `digits` hexadecimal digits.
    ///
    /// Two halves of a surrogate pair, as JSON writers leave them, make one
    /// character; a half alone, which Python allows and UTF-8 does not, becomes U+FFFD.
    fn hex(&mut self, digits: usize, within: Enclosing) -> Result<char, LiteralError> {
        let code = self.hex_code(digits, within)?;
        if (0xd800..0xdc00).contains(&code) && self.text[self.at..].starts_with(r"\u") {
            let back = self.at;
            self.at += 2;
            let low = self.hex_code(4, within)?;
            if (0xdc00..0xe000).contains(&low) {
                let joined = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        if code > 0x10_ffff {
            return Err(self.fault("a character code beyond U+10FFFF"));
        }
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex_code(&mut self, digits: usize, within: Enclosing) -> Result<u32, LiteralError> {
        let rest = &self.text.as_bytes()[self.at..];
        let valid = rest.iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
        if valid < digits {
            self.at += valid;
            return Err(self.unexpected(within, "a hexadecimal escape is too short"));
        }
        let code = u32::from_str_radix(&self.text[self.at..self.at + digits], 16);
        self.at += digits;
        code.map_err(|_| self.fault("a hexadecimal escape is no number"))
    }

    /// A character by one to three octal digits, the first already read.
    fn octal(&mut self, first: char) -> char {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.peek() else { break };
            code = code * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests;

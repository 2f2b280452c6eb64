//! A batch as canonical CBOR: one encoding for one content. Not its signature.
//!
//! Shortest integers, shortest floats that keep the value, definite lengths (RFC 8949, section
//! 4.2.1); no maps and no tags. The layout, byte by byte, is in `docs/wire.md`. Nothing nests
//! deeper than the layout, so no input can make the reader recurse.

use ciborium_ll::{Encoder, Header, simple};
use half::f16;
use trier_roast::{EventTime, Mark, MarkKind, MarkSource, Reading, ReadingBody, Sample};

use crate::Origin;
use crate::batch::{Batch, BatchError, NAME_BYTES_MAX, READINGS_MAX, is_name};

/// Says what follows; the first item of every batch.
const SCHEMA: &str = "batch/1";
/// First item of a reading: it is a sample.
const SAMPLE: i128 = 0;
/// First item of a reading: it is a mark.
const MARK: i128 = 1;
/// How many channels a sample may show.
const CHANNELS: usize = 9;

/// The channels of a sample; bit n of a reading's set of channels stands for the n-th.
///
/// All fields by name: a channel that is added to [`Sample`] must get a bit here to compile.
fn channels(sample: &mut Sample) -> [&mut Option<f64>; CHANNELS] {
    let Sample { bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s } = sample;
    [bt_c, et_c, inlet_c, exhaust_c, drum_c, gas_pct, air_pct, drum_rpm, pops_per_s]
}

impl Batch {
    /// The canonical bytes: what is signed, and what an unsigned batch is.
    ///
    /// # Errors
    /// When a name, the number of readings or a value is not one that a batch can hold.
    pub fn encode(&self) -> Result<Vec<u8>, BatchError> {
        let names = [
            ("organisation", &self.origin.org_id),
            ("site", &self.origin.site_id),
            ("machine", &self.origin.machine_id),
            ("device", &self.device),
        ];
        for (what, name) in names {
            if !is_name(name) {
                return Err(BatchError::Name { what });
            }
        }
        if !(1..=READINGS_MAX).contains(&self.readings.len()) {
            return Err(BatchError::Readings { got: self.readings.len() as u64 });
        }
        let mut out = Writer(Vec::with_capacity(96 + 40 * self.readings.len()));
        out.array(7);
        out.text(SCHEMA);
        out.array(3);
        for (_, name) in &names[..3] {
            out.text(name);
        }
        out.text(&self.device);
        out.integer(i128::from(self.boot));
        out.integer(i128::from(self.seq));
        out.tick(self.tick_us);
        out.array(self.readings.len());
        let mut before_us = 0;
        for (index, reading) in self.readings.iter().enumerate() {
            let since_us = i128::from(reading.at.us()) - before_us;
            before_us = i128::from(reading.at.us());
            let fits = match &reading.body {
                ReadingBody::Sample(sample) => out.sample(since_us, *sample),
                ReadingBody::Mark(mark) => out.mark(since_us, reading.at, mark),
            };
            if !fits {
                return Err(BatchError::Value { index });
            }
        }
        Ok(out.0)
    }

    /// The batch whose canonical bytes these are.
    ///
    /// # Errors
    /// When they are not of its shape, or not canonical. Lengths and counts are held against their
    /// limits before anything is allocated for them.
    pub fn decode(bytes: &[u8]) -> Result<Self, BatchError> {
        let mut input = Reader { bytes, at: 0 };
        let Header::Array(Some(items)) = input.pull()? else { return Err(input.wrong("a batch")) };
        let schema = input.text("schema")?;
        if schema != SCHEMA {
            return Err(BatchError::Schema { got: schema.to_owned() });
        }
        if items != 7 {
            return Err(input.wrong("the 7 items of a batch"));
        }
        input.array(3, "organisation, site and machine")?;
        let origin = Origin {
            org_id: input.name("organisation")?,
            site_id: input.name("site")?,
            machine_id: input.name("machine")?,
        };
        let device = input.name("device")?;
        let boot = input.number("a boot number")?;
        let seq = input.number("a sequence number")?;
        let tick_us = input.tick()?;
        let Header::Array(Some(count)) = input.pull()? else { return Err(input.wrong("a list of readings")) };
        if !(1..=READINGS_MAX).contains(&count) {
            return Err(BatchError::Readings { got: count as u64 });
        }
        let mut readings = Vec::with_capacity(count);
        let mut before_us = 0;
        for index in 0..count {
            let reading = input.reading(index, before_us)?;
            before_us = i128::from(reading.at.us());
            readings.push(reading);
        }
        let batch = Self { origin, device, boot, seq, tick_us, readings };
        if input.at == bytes.len() { Ok(batch) } else { Err(BatchError::NotCanonical) }
    }
}

/// Whether all of a sample's values are numbers.
fn is_finite(sample: &Sample) -> bool {
    channels(&mut { *sample }).into_iter().flatten().all(|value| value.is_finite())
}

/// The fewest bytes after the first that a count, length or number of this size takes.
const fn least_width(value: u64) -> usize {
    match value {
        0..24 => 0,
        24..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 4,
        _ => 8,
    }
}

/// The float of these bits, 16, 32 or 64 of them, unless fewer would keep it.
fn shortest(bits: u64, width: usize) -> Result<f64, BatchError> {
    #[allow(clippy::cast_possible_truncation)] // As many bits as were read.
    let (value, narrower) = match width {
        2 => return Ok(f16::from_bits(bits as u16).to_f64()),
        4 => {
            let value = f32::from_bits(bits as u32);
            (f64::from(value), f16::from_f32(value).to_f64())
        }
        _ => {
            let value = f64::from_bits(bits);
            (value, f64::from(value as f32))
        }
    };
    // What is no finite number is refused either way: here, or by whoever wants a value.
    if value.to_bits() == narrower.to_bits() { Err(BatchError::NotCanonical) } else { Ok(value) }
}

/// Canonical CBOR items, appended.
struct Writer(Vec<u8>);

impl Writer {
    fn push(&mut self, header: Header) {
        Encoder::from(&mut self.0).push(header).expect("memory takes every byte");
    }

    fn array(&mut self, items: usize) {
        self.push(Header::Array(Some(items)));
    }

    fn text(&mut self, text: &str) {
        self.push(Header::Text(Some(text.len())));
        self.0.extend_from_slice(text.as_bytes());
    }

    fn tick(&mut self, tick_us: Option<u64>) {
        self.push(tick_us.map_or(Header::Simple(simple::NULL), Header::Positive));
    }

    /// An integer of at most 64 bits and a sign, as the difference of two event times is.
    fn integer(&mut self, value: i128) {
        let magnitude = if value < 0 { -1 - value } else { value };
        let magnitude = u64::try_from(magnitude).expect("64 bits and a sign");
        self.push(if value < 0 { Header::Negative(magnitude) } else { Header::Positive(magnitude) });
    }

    /// False where a value is not finite.
    fn sample(&mut self, since_us: i128, mut sample: Sample) -> bool {
        let values = channels(&mut sample).map(|value| *value);
        let set = values.iter().rev().fold(0, |set, value| set << 1 | i128::from(value.is_some()));
        self.array(3 + values.iter().flatten().count());
        self.integer(SAMPLE);
        self.integer(since_us);
        self.integer(set);
        values.iter().flatten().for_each(|value| self.push(Header::Float(*value)));
        values.iter().flatten().all(|value| value.is_finite())
    }

    /// False where the confidence is none.
    fn mark(&mut self, since_us: i128, at: EventTime, mark: &Mark) -> bool {
        self.array(6);
        self.integer(MARK);
        self.integer(since_us);
        self.text(mark.kind.name());
        self.integer(i128::from(mark.at.us()) - i128::from(at.us()));
        self.text(mark.source.name());
        self.push(Header::Float(mark.confidence));
        (0.0..=1.0).contains(&mark.confidence)
    }
}

/// CBOR items, taken one by one.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self, expected: &'static str) -> BatchError {
        BatchError::Shape { at: self.at, expected }
    }

    /// The next item, or the beginning of a text or list; only in its one shortest form.
    ///
    /// Read by hand: a reader for all of CBOR drops how wide an item was, and with it whether it is
    /// the one encoding of its value. Indefinite lengths are no item here.
    fn pull(&mut self) -> Result<Header, BatchError> {
        let at = self.at;
        let wrong = || BatchError::Shape { at, expected: "a CBOR item" };
        let Some((first, rest)) = self.bytes[at..].split_first() else { return Err(wrong()) };
        let info = first & 0x1f;
        let width = match info {
            0..24 => 0,
            24..28 => 1 << (info - 24),
            _ => return Err(wrong()),
        };
        let Some(wide) = rest.get(..width) else { return Err(wrong()) };
        let value = match *wide {
            [] => u64::from(info),
            [a] => u64::from(a),
            [a, b] => u64::from(u16::from_be_bytes([a, b])),
            [a, b, c, d] => u64::from(u32::from_be_bytes([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            _ => return Err(wrong()),
        };
        self.at += 1 + width;
        let length = || usize::try_from(value).map(Some);
        let header = match (first >> 5, width) {
            (0, _) => Header::Positive(value),
            (1, _) => Header::Negative(value),
            (3, _) => Header::Text(length().map_err(|_| wrong())?),
            (4, _) => Header::Array(length().map_err(|_| wrong())?),
            (7, 2..) => return shortest(value, width).map(Header::Float),
            (7, 0) => return Ok(Header::Simple(info)),
            _ => return Err(wrong()),
        };
        if width == least_width(value) { Ok(header) } else { Err(BatchError::NotCanonical) }
    }

    fn array(&mut self, items: usize, expected: &'static str) -> Result<(), BatchError> {
        if self.pull()? == Header::Array(Some(items)) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    fn text(&mut self, expected: &'static str) -> Result<&'a str, BatchError> {
        let Header::Text(Some(length)) = self.pull()? else { return Err(self.wrong(expected)) };
        let left = &self.bytes[self.at..];
        if length > NAME_BYTES_MAX || length > left.len() {
            return Err(self.wrong(expected));
        }
        let text = std::str::from_utf8(&left[..length]).map_err(|_| self.wrong(expected))?;
        self.at += length;
        Ok(text)
    }

    fn name(&mut self, what: &'static str) -> Result<String, BatchError> {
        let name = self.text(what)?;
        if is_name(name) { Ok(name.to_owned()) } else { Err(BatchError::Name { what }) }
    }

    fn number(&mut self, expected: &'static str) -> Result<u64, BatchError> {
        let Header::Positive(number) = self.pull()? else { return Err(self.wrong(expected)) };
        Ok(number)
    }

    fn tick(&mut self) -> Result<Option<u64>, BatchError> {
        match self.pull()? {
            Header::Positive(tick_us) => Ok(Some(tick_us)),
            Header::Simple(simple::NULL) => Ok(None),
            _ => Err(self.wrong("a tick or null")),
        }
    }

    fn integer(&mut self, expected: &'static str) -> Result<i128, BatchError> {
        match self.pull()? {
            Header::Positive(number) => Ok(i128::from(number)),
            Header::Negative(number) => Ok(-1 - i128::from(number)),
            _ => Err(self.wrong(expected)),
        }
    }

    fn float(&mut self, expected: &'static str) -> Result<f64, BatchError> {
        let Header::Float(value) = self.pull()? else { return Err(self.wrong(expected)) };
        Ok(value)
    }

    /// The instant that lies an integer, read next, after `base_us`.
    fn instant(&mut self, base_us: i128) -> Result<EventTime, BatchError> {
        let us = base_us + self.integer("a time difference")?;
        i64::try_from(us).map(EventTime::from_us).map_err(|_| self.wrong("a time within 292,000 years"))
    }

    fn reading(&mut self, index: usize, before_us: i128) -> Result<Reading, BatchError> {
        let Header::Array(Some(items)) = self.pull()? else { return Err(self.wrong("a reading")) };
        let kind = self.integer("0 for a sample or 1 for a mark")?;
        let at = self.instant(before_us)?;
        let body = match (kind, items) {
            (SAMPLE, 3..) => ReadingBody::Sample(self.sample(items - 3)?),
            (MARK, 6) => ReadingBody::Mark(self.mark(at)?),
            _ => return Err(self.wrong("a sample or a mark")),
        };
        let honest = match &body {
            ReadingBody::Sample(sample) => is_finite(sample),
            ReadingBody::Mark(mark) => (0.0..=1.0).contains(&mark.confidence),
        };
        if honest { Ok(Reading { at, body }) } else { Err(BatchError::Value { index }) }
    }

    fn sample(&mut self, values: usize) -> Result<Sample, BatchError> {
        let set = self.number("a set of channels")?;
        if set >> CHANNELS != 0 || set.count_ones() as usize != values {
            return Err(self.wrong("as many values as channels"));
        }
        let mut sample = Sample::default();
        for (bit, channel) in channels(&mut sample).into_iter().enumerate() {
            if set >> bit & 1 == 1 {
                *channel = Some(self.float("a value")?);
            }
        }
        Ok(sample)
    }

    fn mark(&mut self, announced: EventTime) -> Result<Mark, BatchError> {
        let kind = MarkKind::from_name(self.text("the name of a mark")?);
        let at = self.instant(i128::from(announced.us()))?;
        let source = self.text("who set the mark")?;
        let sources = [MarkSource::Device, MarkSource::Operator, MarkSource::Inferred];
        let source = sources.into_iter().find(|known| known.name() == source);
        let confidence = self.float("a confidence")?;
        match (kind, source) {
            (Some(kind), Some(source)) => Ok(Mark { kind, at, source, confidence }),
            _ => Err(self.wrong("a known mark by a known source")),
        }
    }
}

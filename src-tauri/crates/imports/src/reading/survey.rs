//! One pass over the raw bytes before anything is parsed: content hash, encoding, and what is certainly no table.
//! The whole file is looked at, so an accent in the last row cannot come as a surprise.

use super::{MAX_ROW, refusal};
use crate::problem::Problem;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

const CHUNK: usize = 256 * 1024;
/// How much of a text that is not UTF-8 is looked at to tell its encoding.
const DETECT: usize = 4 << 20;

/// What the bytes are.
pub(super) struct Survey {
    pub(super) sha256: String,
    pub(super) content: Content,
}

/// The reader that fits.
pub(super) enum Content {
    Zip,
    Json(Text),
    Table(Text),
}

/// How to turn the bytes into text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    pub(super) encoding: &'static Encoding,
    /// Bytes of the byte-order mark, to be left out.
    pub(super) skip: u64,
}

/// Reads the file once.
pub(super) fn survey(path: &Path) -> Result<Survey, Problem> {
    let failed = |error| refusal::io(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut chunk = vec![0; CHUNK];
    let mut hash = Sha256::new();
    let mut looks: Option<Looks> = None;
    loop {
        let filled = fill(&mut file, &mut chunk).map_err(failed)?;
        if filled == 0 {
            break;
        }
        let bytes = &chunk[..filled];
        hash.update(bytes);
        match &mut looks {
            Some(looks) => looks.take(bytes)?,
            None => looks = Some(Looks::new(bytes)?),
        }
    }
    let content = looks.map_or_else(|| Err(refusal::binary()), Looks::verdict)?;
    let mut sha256 = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok(Survey { sha256, content })
}

/// Fills the buffer as far as the file goes.
fn fill(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What has been seen so far.
struct Looks {
    /// A zip, a BOM or a pattern of zero bytes has decided already.
    known: Option<Text>,
    zip: bool,
    json: bool,
    /// Bytes of a UTF-8 character that the last chunk cut off.
    cut: Vec<u8>,
    detector: Option<EncodingDetector>,
    detected: usize,
    /// Non-ASCII characters that were right, before the first that was wrong.
    proper: bool,
    lines: u64,
    since_break: usize,
}

impl Looks {
    fn new(head: &[u8]) -> Result<Self, Problem> {
        let zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        let known =
            Encoding::for_bom(head).map(|(encoding, length)| (encoding, length as u64)).or_else(|| by_zero_bytes(head));
        let known = known.map(|(encoding, skip)| Text { encoding, skip });
        let start = known.map_or(0, |text| usize::try_from(text.skip).unwrap_or(0));
        if let Some(problem) = refusal::not_a_table(&head[start.min(head.len())..]) {
            return Err(problem);
        }
        let first = head[start.min(head.len())..].iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0);
        let mut looks = Self {
            known,
            zip,
            json: matches!(first, Some(b'[' | b'{')),
            cut: Vec::new(),
            detector: None,
            detected: 0,
            proper: false,
            lines: 1,
            since_break: 0,
        };
        looks.take(head)?;
        Ok(looks)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.zip {
            return Ok(());
        }
        match bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(at) => self.since_break = bytes.len() - at,
            None => self.since_break += bytes.len(),
        }
        if self.since_break > 2 * MAX_ROW && !self.json {
            return Err(refusal::endless_row(self.lines));
        }
        let wide = self.known.is_some_and(|text| text.encoding != UTF_8);
        if !wide {
            if bytes.contains(&0) {
                return Err(refusal::binary());
            }
            self.utf8(bytes)?;
        }
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(())
    }

    fn utf8(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.detector.is_some() {
            self.detect(bytes);
            return Ok(());
        }
        let mut rest = bytes;
        while !self.cut.is_empty() && !rest.is_empty() {
            self.cut.push(rest[0]);
            rest = &rest[1..];
            match std::str::from_utf8(&self.cut) {
                Ok(_) => {
                    self.cut.clear();
                    self.proper = true;
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return self.not_utf8(bytes),
            }
        }
        match std::str::from_utf8(rest) {
            Ok(text) => self.proper = self.proper || !text.is_ascii(),
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                self.proper = self.proper || !valid.is_ascii();
                if error.error_len().is_some() {
                    let line = valid.iter().filter(|byte| **byte == b'\n').count() as u64;
                    self.lines += line;
                    self.not_utf8(bytes)?;
                    self.lines -= line;
                } else {
                    self.cut = broken.to_vec();
                }
            }
        }
        Ok(())
    }

    /// A text that was proper UTF-8 so far is damaged; one without any accent so far has another encoding.
    fn not_utf8(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.proper || self.known.is_some() {
            return Err(refusal::undecodable("UTF-8", Some(self.lines)));
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&std::mem::take(&mut self.cut), false);
        self.detector = Some(detector);
        self.detect(bytes);
        Ok(())
    }

    fn detect(&mut self, bytes: &[u8]) {
        if let Some(detector) = &mut self.detector
            && self.detected < DETECT
        {
            detector.feed(bytes, false);
            self.detected += bytes.len();
        }
    }

    fn verdict(self) -> Result<Content, Problem> {
        if self.zip {
            return Ok(Content::Zip);
        }
        let text = match (self.known, self.detector) {
            (Some(text), _) => text,
            (None, Some(mut detector)) => {
                detector.feed(&[], true);
                Text { encoding: detector.guess(None, Utf8Detection::Deny), skip: 0 }
            }
            (None, None) if self.cut.is_empty() => Text { encoding: UTF_8, skip: 0 },
            // One accent at the very end of a file that is otherwise plain.
            (None, None) if !self.proper => Text { encoding: encoding_rs::WINDOWS_1252, skip: 0 },
            (None, None) => return Err(refusal::undecodable("UTF-8", Some(self.lines))),
        };
        Ok(if self.json { Content::Json(text) } else { Content::Table(text) })
    }
}

/// UTF-16 without a mark: plain letters leave every second byte zero.
fn by_zero_bytes(head: &[u8]) -> Option<(&'static Encoding, u64)> {
    let head = &head[..head.len().min(4096)];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = (head.len() / 2).saturating_mul(6) / 10;
    match (even, odd) {
        (0, odd) if odd > 1 && odd >= many => Some((UTF_16LE, 0)),
        (even, 0) if even > 1 && even >= many => Some((UTF_16BE, 0)),
        _ => None,
    }
}

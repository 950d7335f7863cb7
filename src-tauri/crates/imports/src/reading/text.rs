//! The file as UTF-8: decodes on the fly, counts the bytes for the progress, and stops at a row without end.

use super::survey::Text;
use super::{MAX_ROW, refusal};
use crate::problem::Problem;
use encoding_rs::{Decoder, UTF_8};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes handed out before the row limit is looked at; a reader's own buffer may run this far ahead of its row.
pub(super) const BUFFER: usize = 64 * 1024;

/// How far the reading is ahead of the last finished row; set to zero after each row.
pub(super) type RowLength = Rc<Cell<usize>>;

/// A reader of UTF-8 over a file of any encoding.
pub(super) struct TextReader<'p> {
    file: BufReader<File>,
    decoder: Option<Decoder>,
    /// Decoded text not yet handed out.
    ready: Vec<u8>,
    handed: usize,
    finished: bool,
    progress: &'p AtomicU64,
    row_length: RowLength,
}

/// What stopped the reading; travels inside an `io::Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    #[error("a row without end")]
    EndlessRow,
    #[error("undecodable bytes")]
    Undecodable,
}

impl<'p> TextReader<'p> {
    pub(super) fn open(path: &Path, text: Text, progress: &'p AtomicU64) -> Result<Self, Problem> {
        let open = || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(text.skip))?;
            Ok(file)
        };
        let file = open().map_err(|error| refusal::io(path, &error))?;
        Ok(Self {
            file: BufReader::with_capacity(BUFFER, file),
            decoder: (text.encoding != UTF_8).then(|| text.encoding.new_decoder_without_bom_handling()),
            ready: Vec::new(),
            handed: 0,
            finished: false,
            progress,
            row_length: RowLength::default(),
        })
    }

    /// The counter that the reader of rows resets after each of them.
    pub(super) fn row_length(&self) -> RowLength {
        Rc::clone(&self.row_length)
    }

    /// Decodes the next piece of the file into `ready`.
    fn decode(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let bytes = self.file.fill_buf()?;
        let read = bytes.len();
        self.finished = read == 0;
        self.ready.clear();
        self.handed = 0;
        let room = decoder.max_utf8_buffer_length(read).unwrap_or(4 * BUFFER);
        self.ready.resize(room, 0);
        let (_, used, written, damaged) = decoder.decode_to_utf8(bytes, &mut self.ready, self.finished);
        self.ready.truncate(written);
        self.file.consume(used);
        self.progress.fetch_add(used as u64, Ordering::Relaxed);
        if damaged { Err(io::Error::other(Stop::Undecodable)) } else { Ok(()) }
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.row_length.get() > MAX_ROW + BUFFER {
            return Err(io::Error::other(Stop::EndlessRow));
        }
        let count = if self.decoder.is_none() {
            let count = self.file.read(out)?;
            self.progress.fetch_add(count as u64, Ordering::Relaxed);
            count
        } else {
            while self.handed == self.ready.len() && !self.finished {
                self.decode()?;
            }
            let left = &self.ready[self.handed..];
            let count = left.len().min(out.len());
            out[..count].copy_from_slice(&left[..count]);
            self.handed += count;
            count
        };
        self.row_length.set(self.row_length.get() + count);
        Ok(count)
    }
}

/// The refusal behind a failed read at this row.
pub(super) fn refusal_of(path: &Path, text: Text, error: &io::Error, row: u64) -> Problem {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>()) {
        Some(Stop::EndlessRow) => refusal::endless_row(row),
        Some(Stop::Undecodable) => refusal::undecodable(text.encoding.name(), None),
        None => refusal::io(path, error),
    }
}

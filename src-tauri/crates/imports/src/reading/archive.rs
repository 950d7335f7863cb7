//! The zip around a workbook: is it one, and does it stay small when unpacked? Looked at before any of it is kept.

use super::{refusal, refuse};
use crate::problem::Problem;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// Largest workbook, unpacked, in bytes.
const MAX_UNPACKED: u64 = 2 << 30;
/// Largest part besides the sheets, unpacked: the shared texts are kept in memory.
const MAX_TEXTS: u64 = 256 << 20;

/// Refuses archives that are no workbook, and those that unpack to more than they should.
///
/// The sizes an archive declares are not believed: every part is unpacked once, and thrown away, up to the limit.
pub(super) fn check(path: &Path) -> Result<(), Problem> {
    check_within(path, MAX_UNPACKED, MAX_TEXTS)
}

fn check_within(path: &Path, all: u64, texts: u64) -> Result<(), Problem> {
    let file = File::open(path).map_err(|error| refusal::io(path, &error))?;
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|_| refuse("The workbook is damaged or was only copied in part. Copy or export it again."))?;
    let has = |part: &str| archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case(part));
    if !has("xl/workbook.xml") {
        return Err(refuse(match () {
            () if has("xl/workbook.bin") => {
                "This is a binary Excel workbook (.xlsb). Save it as XLSX or CSV and import that."
            }
            () if has("content.xml") => "This is an OpenDocument file (.ods). Save it as XLSX or CSV and import that.",
            () if has("word/document.xml") => "This is a Word document, not a table. Save the data as XLSX or CSV.",
            () => "This is a zip archive without a workbook in it. Unpack it, and import the file inside.",
        }));
    }
    let mut left = all;
    for part in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(part) else {
            return Err(refuse(
                "A part of the workbook cannot be unpacked. Open it in a spreadsheet and save it again.",
            ));
        };
        let sheet = entry.name().is_ok_and(|name| name.starts_with("xl/worksheets/"));
        let limit = if sheet { left } else { left.min(texts) };
        let unpacked = io::copy(&mut entry.by_ref().take(limit + 1), &mut io::sink())
            .map_err(|_| refuse("The workbook is damaged. Open it in a spreadsheet and save it again."))?;
        if unpacked > limit {
            return Err(refuse(
                "The workbook unpacks to more than can be read safely. Save the data as CSV and import that.",
            ));
        }
        left -= unpacked;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn an_archive_that_swells_is_refused_part_by_part_and_as_a_whole() {
        let desk = tempfile::TempDir::new().unwrap();
        let path = desk.path().join("bomb.xlsx");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for part in ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"] {
            zip.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&[b' '; 1000]).unwrap();
        }
        zip.finish().unwrap();
        let refused = |all, texts| {
            check_within(&path, all, texts).is_err_and(|problem| problem.message.contains("unpacks to more"))
        };
        assert!(check_within(&path, 3000, 1000).is_ok(), "what just fits is read");
        assert!(refused(2999, 1000), "the parts together are limited");
        assert!(refused(3000, 999), "the shared texts, kept in memory, have their own limit");
    }
}

//! The one form a client posts: fields, then the file. Read by hand, since nothing else here needs forms.

/// The fields of a `multipart/form-data` body, in order; the text of the file is the field `file`.
pub(crate) fn fields(content_type: &str, body: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let boundary = content_type.split("boundary=").nth(1)?.trim_matches('"');
    let mark = format!("--{boundary}");
    let mut found = Vec::new();
    let mut rest = &body[find(body, mark.as_bytes())? + mark.len()..];
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let head_end = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
        let content = &part[head_end + 4..];
        let end = find(content, format!("\r\n{mark}").as_bytes())?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?.to_owned();
        found.push((name, content[..end].to_vec()));
        rest = &content[end + 2 + mark.len()..];
    }
    Some(found)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

//! Skips tags before, after and within the audio (ID3, APE, Lyrics3) by their stated lengths, without reading them.

use crate::media::fault::Res;
use crate::media::input::Input;

/// Length of the tag that begins at `at`, if there is one. It may extend past the end of the file.
pub(super) fn tag_at(input: &mut Input, at: u64) -> Res<Option<u64>> {
    let mut head = [0; 32];
    let got = input.read_at(at, &mut head)?;
    let head = &head[..got];
    Ok(if let Some(len) = id3v2(head) {
        Some(len)
    } else if head.starts_with(b"TAG+") && got == 32 {
        Some(227)
    } else if head.starts_with(b"TAG") && input.len() - at >= 128 {
        Some(128)
    } else if head.starts_with(b"APETAGEX") && got == 32 {
        let len = u64::from(u32::from_le_bytes([head[12], head[13], head[14], head[15]]));
        // a footer (bit 29 clear) states the length of the items before it
        Some(if head[23] & 0x20 == 0 { 32 } else { len + 32 })
    } else {
        None
    })
}

fn id3v2(head: &[u8]) -> Option<u64> {
    let plausible = head.len() >= 10 && head.starts_with(b"ID3") && head[3] < 0xff && head[4] < 0xff;
    if !plausible || head[6..10].iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let len = head[6..10].iter().fold(0, |len, byte| len << 7 | u64::from(*byte));
    Some(len + if head[5] & 0x10 == 0 { 10 } else { 20 })
}

/// The start of the audio: after the ID3v2 tags at the start of the file and any zero padding that follows them.
pub(super) fn skip_front(input: &mut Input) -> Res<u64> {
    let mut at = 0;
    for _ in 0..16 {
        let head = input.bytes(at, 10)?;
        match id3v2(&head) {
            Some(len) if at + len < input.len() => at += len,
            _ => break,
        }
    }
    if at > 0 {
        let zeros = input.bytes(at, 1 << 16)?.iter().take_while(|byte| **byte == 0).count();
        at += zeros as u64;
    }
    Ok(at)
}

/// The end of the audio: before the tags at the end of the file.
pub(super) fn skip_back(input: &mut Input, start: u64) -> Res<u64> {
    let mut end = input.len();
    for _ in 0..16 {
        let Some(len) = tag_before(input, end)?.filter(|len| *len <= end - start) else { break };
        end -= len;
    }
    Ok(end)
}

/// Length of the tag that ends at `end`.
fn tag_before(input: &mut Input, end: u64) -> Res<Option<u64>> {
    if end >= 128 && &input.exactly::<3>(end - 128)? == b"TAG" {
        let extended = end >= 355 && &input.exactly::<4>(end - 355)? == b"TAG+";
        return Ok(Some(if extended { 355 } else { 128 }));
    }
    if end >= 32 {
        let foot = input.exactly::<32>(end - 32)?;
        if foot.starts_with(b"APETAGEX") {
            let len = u64::from(u32::from_le_bytes([foot[12], foot[13], foot[14], foot[15]]));
            return Ok(Some(len.max(32) + if foot[23] & 0x80 == 0 { 0 } else { 32 }));
        }
    }
    if end >= 15 {
        let foot = input.exactly::<15>(end - 15)?;
        if &foot[6..] == b"LYRICS200" {
            let digits = std::str::from_utf8(&foot[..6]).ok().and_then(|text| text.parse::<u64>().ok());
            return Ok(digits.map(|len| len + 15));
        }
    }
    if end >= 10 {
        let foot = input.exactly::<10>(end - 10)?;
        if foot.starts_with(b"3DI") {
            let len = foot[6..10].iter().fold(0, |len, byte| len << 7 | u64::from(byte & 0x7f));
            return Ok(Some(len + 20));
        }
    }
    Ok(None)
}

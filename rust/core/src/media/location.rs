//! Locations of audio: a path, or a `data:<type>;base64,<bytes>` URL inside the track.

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use crate::error::{Error, Result};

/// The parts of a `data:` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataUrl {
    /// The media type in lower case without parameters (`audio/wav`); may be empty.
    pub mime: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// Whether `location` is a `data:` URL rather than a path.
pub fn is_data_url(location: &str) -> bool {
    location.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The name of a location in messages: a path unchanged, a `data:` URL shortened.
pub fn label(location: &str) -> String {
    let location = location.trim();
    if !is_data_url(location) {
        return location.to_owned();
    }
    let head = location.find(',').map_or(location, |comma| &location[..=comma]);
    format!("{}...", head.chars().take(60).collect::<String>())
}

/// Decodes a base64 `data:` URL. White space, missing padding and the URL-safe alphabet are accepted.
///
/// # Errors
/// [`Error::Media`] if `url` is not a `data:` URL, has no comma, or is not valid base64.
pub fn parse_data_url(url: &str) -> Result<DataUrl> {
    let fail = |message: &str| Error::Media { path: label(url), message: message.to_owned() };
    let url = url.trim();
    let body = url.get(5..).filter(|_| is_data_url(url)).ok_or_else(|| fail("not a data: URL"))?;
    let (head, payload) = body.split_once(',').ok_or_else(|| fail("the data: URL has no comma before its content"))?;
    let mut parts = head.split(';');
    let mime = parts.next().unwrap_or("").trim().to_lowercase();
    if !parts.any(|part| part.trim().eq_ignore_ascii_case("base64")) {
        return Err(fail("the data: URL is not base64 (expected data:<type>;base64,<content>)"));
    }
    let text: Vec<u8> = payload
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = GeneralPurpose::new(&base64::alphabet::STANDARD, config)
        .decode(text)
        .map_err(|error| fail(&format!("the data: URL is not valid base64: {error}")))?;
    Ok(DataUrl { mime, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_gives_its_type_and_bytes() {
        let url = parse_data_url("data:Audio/WAV;charset=x;base64,AAEC\n /w==").unwrap();
        assert_eq!(url, DataUrl { mime: "audio/wav".into(), bytes: vec![0, 1, 2, 255] });
        assert_eq!(parse_data_url("DATA:;base64,_-8").unwrap().bytes, vec![0xff, 0xef]);
        assert!(parse_data_url("data:audio/wav;base64,").unwrap().bytes.is_empty());
    }

    #[test]
    fn bad_data_urls_are_refused_with_a_short_name() {
        for (url, reason) in [
            ("data:audio/wav,abc", "not base64"),
            ("data:audio/wav;base64", "no comma"),
            ("data:audio/wav;base64,a!b", "not valid base64"),
        ] {
            let text = parse_data_url(url).unwrap_err().to_string();
            assert!(text.contains(reason), "{text}");
        }
        let long = format!("data:audio/wav;base64,{}", "A".repeat(100_000));
        assert_eq!(label(&long), "data:audio/wav;base64,...");
        assert_eq!(label(" media/a.wav"), "media/a.wav");
        assert!(!is_data_url("dätä:"));
    }
}

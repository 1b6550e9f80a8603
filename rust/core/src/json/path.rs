//! JSON paths for messages: `steps[2].voices[0].params.beatFreq`.

use std::fmt::Write as _;

/// Longest path in characters; the middle of a longer one is replaced by `…`.
const MAX_SHOWN: usize = 200;

/// One component of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// The key of a member of an object.
    Key(String),
    /// The index of an item of a list.
    Index(usize),
}

/// The path of member `key` of the object at `at`.
pub(crate) fn member(at: &str, key: &str) -> String {
    let mut out = at.to_owned();
    push_key(&mut out, key);
    out
}

/// The path of item `index` of the list at `at`.
pub(crate) fn item(at: &str, index: usize) -> String {
    format!("{at}[{index}]")
}

/// The text of a path, shortened to [`MAX_SHOWN`] characters.
pub(crate) fn written(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Key(key) => push_key(&mut out, key),
            Part::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
        }
    }
    shortened(out)
}

/// Joins plain names with a dot and puts other keys in brackets and quotes.
fn push_key(out: &mut String, key: &str) {
    let plain = !key.is_empty() && key.len() <= 64 && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if plain {
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(key);
    } else {
        let _ = write!(out, "[{:?}]", shortened(key.to_owned()));
    }
}

fn shortened(text: String) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let half = MAX_SHOWN / 2;
    chars[..half].iter().chain(['…'].iter()).chain(&chars[chars.len() - half..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_not_plain_names_are_quoted_in_brackets() {
        assert_eq!(member("steps[0]", "duration"), "steps[0].duration");
        assert_eq!(member("", "global"), "global");
        assert_eq!(member("a", "b.c"), "a[\"b.c\"]");
        assert_eq!(member("a", ""), "a[\"\"]");
    }

    #[test]
    fn long_paths_are_shortened_in_the_middle() {
        let parts: Vec<Part> = (0..400).map(Part::Index).collect();
        let text = written(&parts);
        assert!(text.starts_with("[0][1]") && text.ends_with("[399]") && text.chars().count() == 201, "{text}");
    }
}

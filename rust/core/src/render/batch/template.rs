//! Names of output files with placeholders: `out/{name}-{lufs:.0f}.{ext}`.

use super::words::{AFTER_LOADING, FIXED, LATE};
use crate::error::{Error, Result, suggestion};

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A number, and its digits after the point where the placeholder does not say; `None`: as many as it has.
    Number(f64, Option<usize>),
}

/// A name with placeholders: `{name}`, or `{name:FORMAT}` with the formats of Python for numbers, such as `03d` and `.1f`.
/// `{{` and `}}` stand for braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place { name: String, form: Form },
}

/// How a placeholder is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Form {
    zeros: bool,
    width: usize,
    digits: Option<usize>,
    /// Whether a number is written as a whole number.
    whole: bool,
}

impl Template {
    /// Read a name. `variables` are the names of further placeholders.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an unknown placeholder, with the known ones, and for a brace without its partner.
    ///
    /// ```
    /// use realtime_backend_core::render::batch::{Field, Template};
    ///
    /// let template = Template::parse("out/{name}-{beat:04.1f}.wav", &["beat"])?;
    /// let name = template.fill(&|name| match name {
    ///     "beat" => Some(Field::Number(6.5, None)),
    ///     _ => Some(Field::Text("evening".to_owned())),
    /// })?;
    /// assert_eq!(name, "out/evening-06.5.wav");
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn parse<S: AsRef<str>>(text: &str, variables: &[S]) -> Result<Self> {
        let known: Vec<&str> = FIXED.iter().copied().chain(variables.iter().map(AsRef::as_ref)).collect();
        let invalid = |message: String| Error::invalid("output", message);
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let Some((inside, after)) = rest.split_once('}').filter(|_| brace == "{") else {
                return Err(invalid(format!("a brace has no partner in {text:?} ({{{{ and }}}} stand for braces)")));
            };
            let (name, form) = inside.split_once(':').unwrap_or((inside, ""));
            if !known.contains(&name) {
                let (all, hint) = (known.join(", "), suggestion(name, known.iter().copied()));
                return Err(invalid(format!("there is no placeholder {{{name}}}{hint}; known are {all}")));
            }
            let form = Form::parse(form).ok_or_else(|| {
                invalid(format!("expected a format such as 03d or .1f after {{{name}:, got {form:?}"))
            })?;
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Place { name: name.to_owned(), form });
            rest = after;
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Ok(Self(pieces))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place { name, .. } => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Whether it has this placeholder.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// Whether the name is known only when the sound has been rendered.
    pub fn is_late(&self) -> bool {
        self.names().any(|name| LATE.contains(&name))
    }

    /// Whether it has any placeholder.
    pub fn is_plain(&self) -> bool {
        self.names().next().is_none()
    }

    /// The name. Path separators and control characters in what is filled in become `_`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a placeholder that `field` does not know, or a format that its value does not have.
    pub fn fill(&self, field: &dyn Fn(&str) -> Option<Field>) -> Result<String> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place { name, form } => {
                    let value =
                        field(name).ok_or_else(|| Error::invalid("output", format!("{{{name}}} is not known here")))?;
                    let text = form.write(&value);
                    out.extend(text.chars().map(|c| if c.is_control() || c == '/' || c == '\\' { '_' } else { c }));
                }
            }
        }
        Ok(out)
    }

    /// Whether the name depends on nothing but the job.
    pub fn is_static(&self) -> bool {
        !self.names().any(|name| LATE.contains(&name) || AFTER_LOADING.contains(&name))
    }

    /// What is before the first placeholder that depends on more than the job.
    pub(super) fn early(&self) -> Self {
        let late = |piece: &&Piece| {
            matches!(piece, Piece::Place { name, .. }
            if LATE.contains(&name.as_str()) || AFTER_LOADING.contains(&name.as_str()))
        };
        Self(self.0.iter().take_while(|piece| !late(piece)).cloned().collect())
    }
}

impl Form {
    fn parse(text: &str) -> Option<Self> {
        let (body, kind) = match text.strip_suffix(['d', 'f']) {
            Some(body) => (body, text.chars().last()),
            None => (text, None),
        };
        let (width, digits) = body.split_once('.').map_or((body, None), |(width, digits)| (width, Some(digits)));
        let digits = digits.map(|digits| digits.parse().ok().filter(|digits: &usize| *digits <= 20));
        let width: usize = if width.is_empty() { 0 } else { width.parse().ok()? };
        let digits = match digits {
            Some(None) => return None,
            Some(found) => found,
            None if kind == Some('f') => Some(6),
            None => None,
        };
        let whole = kind == Some('d');
        (width <= 64 && !(whole && digits.is_some())).then_some(Self {
            zeros: body.starts_with('0'),
            width,
            digits,
            whole,
        })
    }

    fn write(self, value: &Field) -> String {
        let text = match value {
            Field::Text(text) => return text.clone(),
            Field::Whole(number) => match self.digits {
                Some(digits) => format!("{:.digits$}", *number as f64),
                None => number.to_string(),
            },
            Field::Number(number, _) if !number.is_finite() => return "silent".to_owned(),
            Field::Number(number, usual) => {
                let digits = if self.whole { Some(0) } else { self.digits.or(*usual) };
                let text = digits.map_or_else(|| number.to_string(), |digits| format!("{number:.digits$}"));
                // no negative zero
                if text.trim_matches(['-', '0', '.']).is_empty() {
                    text.trim_start_matches('-').to_owned()
                } else {
                    text
                }
            }
        };
        let missing = self.width.saturating_sub(text.chars().count());
        match text.strip_prefix('-') {
            Some(digits) if self.zeros => format!("-{}{digits}", "0".repeat(missing)),
            _ => format!("{}{text}", if self.zeros { "0" } else { " " }.repeat(missing)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String> {
        Template::parse(text, &["beat", "label"])?.fill(&|name| {
            Some(match name {
                "index" => Field::Whole(7),
                "lufs" => Field::Number(-23.04, Some(1)),
                "peak" => Field::Number(f64::NEG_INFINITY, Some(1)),
                "beat" => Field::Number(4.0, None),
                "label" => Field::Text("a/b".to_owned()),
                _ => Field::Text(name.to_owned()),
            })
        })
    }

    #[test]
    fn numbers_are_written_as_their_format_says() {
        for (text, expected) in [
            ("a.wav", "a.wav"),
            ("{name}-{lufs:.0f}.{ext}", "name--23.ext"),
            ("{index:03}{index:3d}{index:.1f}", "007  77.0"),
            ("{lufs}|{lufs:07.2f}|{lufs:d}", "-23.0|-023.04|-23"),
            ("{beat}|{beat:.2f}|{peak}|{label}", "4|4.00|silent|a_b"),
            ("{{{name}}}", "{name}"),
        ] {
            assert_eq!(filled(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn odd_templates_are_refused_with_what_is_known() {
        let said = filled("{nmae}").unwrap_err().to_string();
        assert!(
            said.contains("no placeholder {nmae}") && said.contains("name, stem, index") && said.contains("label"),
            "{said}"
        );
        for odd in ["{name", "name}", "{name:x}", "{name:.f}", "{index:.1d}", "{}"] {
            assert!(filled(odd).is_err(), "{odd}");
        }
        let late = |text: &str| Template::parse::<&str>(text, &[]).unwrap().is_late();
        assert!(late("{lufs}") && late("{stem}") && !late("{name}{hash}{{lufs}}"));
    }
}

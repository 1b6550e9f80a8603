//! Variables of a batch: a name, and the places of a track that it sets.

use serde_json::Value;

use super::words::{FIXED, GIVEN, RESULTS};
use crate::error::{Error, Result};
use crate::json::select::Selector;

/// Most values of one variable.
const MOST: usize = 100_000;

/// A variable: `beat@progression[*].voices[0].params.beatFreq`, or a path alone, which is named after its last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// The name and the path as they were written.
    pub written: String,
    path: Selector,
}

impl Variable {
    /// Read a variable; what follows it in `text` is returned as well.
    fn parse_prefix(text: &str) -> Result<(Self, &str)> {
        let invalid = |message: String| Error::invalid(text, message);
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let (name, at) = match text.split_once('@') {
            Some((name, at)) if !name.is_empty() && name.chars().all(plain) => (Some(name), at),
            _ => (None, text),
        };
        let (path, rest) = Selector::parse(at).map_err(invalid)?;
        let name = name.or(path.last_key()).filter(|name| name.chars().all(plain));
        let Some(name) = name.map(str::to_owned) else {
            return Err(invalid("expected a name before the path: NAME@PATH".to_owned()));
        };
        if [FIXED, RESULTS, GIVEN].iter().any(|words| words.contains(&name.as_str())) {
            let message = format!("the name {name:?} has a meaning already: give it another one, NAME@PATH");
            return Err(invalid(message));
        }
        let written = text[..text.len() - rest.len()].to_owned();
        Ok((Self { name, written, path }, rest))
    }

    /// Read a variable, such as the head of a column.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `text` is no `NAME@PATH` and no path.
    pub fn parse(text: &str) -> Result<Self> {
        match Self::parse_prefix(text.trim())? {
            (found, "") => Ok(found),
            (_, rest) => Err(Error::invalid(text, format!("expected the end of the path, got {rest:?}"))),
        }
    }

    /// Set the value in the document of a track.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the path selects nothing.
    pub fn set(&self, document: &mut Value, value: &Value) -> Result<()> {
        self.path.set(document, value).map_err(|message| Error::invalid(&self.written, message))
    }
}

/// A variable and its values.
///
/// ```
/// use realtime_backend_core::render::batch::Axis;
///
/// let axis = Axis::parse("carrier@progression[0].voices[0].params.baseFreq=180:200:10,440")?;
/// assert_eq!(axis.variable.name, "carrier");
/// assert_eq!(serde_json::to_string(&axis.values).unwrap(), "[180,190,200,440]");
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The variable.
    pub variable: Variable,
    /// Its values, at least one.
    pub values: Vec<Value>,
}

impl Axis {
    /// Read `NAME@PATH=VALUES`. Values are separated by commas; `from:to:step` is a range that includes its end. A value
    /// is a number, `true`, `false`, `null`, text in double quotes, or any other text. Alternatively, all of them are a
    /// JSON list.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the text cannot be read.
    pub fn parse(text: &str) -> Result<Self> {
        let (variable, rest) = Variable::parse_prefix(text.trim())?;
        let Some(list) = rest.strip_prefix('=') else {
            return Err(Error::invalid(text, "expected NAME@PATH=VALUE,VALUE,... or NAME@PATH=FROM:TO:STEP"));
        };
        let values = values(list.trim()).map_err(|message| Error::invalid(&variable.written, message))?;
        Ok(Self { variable, values })
    }
}

fn values(text: &str) -> Result<Vec<Value>, String> {
    if text.starts_with('[') {
        return match serde_json::from_str(text) {
            Ok(Value::Array(items)) if !items.is_empty() => Ok(items),
            Ok(_) => Err("expected at least one value".to_owned()),
            Err(error) => Err(format!("expected a JSON list: {error}")),
        };
    }
    let mut values = Vec::new();
    for item in separated(text) {
        let numbers: Option<Vec<f64>> = item.split(':').map(|part| part.trim().parse().ok()).collect();
        match numbers.as_deref() {
            Some([from, to, step]) => values.extend(range(*from, *to, *step)?),
            _ if item.trim().is_empty() => return Err("expected a value between the commas".to_owned()),
            _ => values.push(value(&item)),
        }
    }
    Ok(values)
}

/// The items of a list; commas in double quotes do not separate.
fn separated(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = items.last_mut() {
            last.push(c);
        }
    }
    items
}

/// A value as it is written in a list or in a cell of a table: JSON, or any other text.
pub(super) fn value(text: &str) -> Value {
    serde_json::from_str(text.trim()).unwrap_or_else(|_| Value::String(text.trim().to_owned()))
}

fn range(from: f64, to: f64, step: f64) -> Result<Vec<Value>, String> {
    let steps = (to - from) / step;
    if !steps.is_finite() || steps < 0.0 {
        return Err(format!("expected a range FROM:TO:STEP that leads from {from} to {to}, got the step {step}"));
    }
    if steps >= MOST as f64 {
        return Err(format!("expected at most {MOST} values, got {steps:.0}"));
    }
    // a sum of decimal fractions is not one: 12 digits are what was meant
    let tidy = |x: f64| format!("{x:.11e}").parse().unwrap_or(x);
    Ok((0..=(steps + 1e-9) as u64).map(|index| number(tidy(from + index as f64 * step))).collect())
}

/// A number in JSON, whole if it can be.
fn number(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 1e15 { Value::from(x as i64) } else { Value::from(x) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(text: &str) -> Value {
        Value::Array(Axis::parse(&format!("x@a={text}")).unwrap().values)
    }

    #[test]
    fn values_are_lists_ranges_and_json() {
        assert_eq!(list("4,6.5,true,null,pink"), json!([4, 6.5, true, null, "pink"]));
        assert_eq!(list("0:0.3:0.1"), json!([0, 0.1, 0.2, 0.3]));
        assert_eq!(list("3:1:-1,10"), json!([3, 2, 1, 10]));
        assert_eq!(list("180:261:20"), json!([180, 200, 220, 240, 260]));
        assert_eq!(list("\"a,b\",c d"), json!(["a,b", "c d"]));
        assert_eq!(list("[[1, 2], {\"a\": 3}]"), json!([[1, 2], {"a": 3}]));
        for odd in [
            "x@a=",
            "x@a=1,,2",
            "x@a=1:2:0",
            "x@a=1:2:-1",
            "x@a=0:1:1e-9",
            "x@a=[]",
            "x@a=[1",
            "x@a",
            "a[0]=1",
            "lufs@a=1",
        ] {
            assert!(Axis::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_path_alone_is_named_after_its_last_key() {
        let axis = Axis::parse("global[\"a=b\"].beatFreq=4").unwrap();
        assert_eq!((axis.variable.name.as_str(), axis.values), ("beatFreq", vec![json!(4)]));
        assert_eq!(axis.variable.written, "global[\"a=b\"].beatFreq");
        assert!(Variable::parse("a.b=4").is_err());
    }
}

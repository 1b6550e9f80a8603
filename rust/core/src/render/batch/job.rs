//! The jobs of a batch: tracks, and the values of the variables for each file.

use serde_json::Value;

use super::template::Field;
use super::variable::{Axis, Variable, value};
use crate::error::{Error, Result};

/// Most files of a batch.
const MOST: usize = 1_000_000;

/// One file of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Position in the batch, from 1.
    pub index: usize,
    /// The track, as it was named.
    pub track: String,
    /// Name of the output with placeholders, where the job has one of its own.
    pub output: Option<String>,
    /// The variables that it sets.
    pub values: Vec<(Variable, Value)>,
    /// Other columns of its row, which are placeholders too.
    pub labels: Vec<(String, String)>,
}

impl Job {
    /// The document with the values of the variables.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a variable has no place in it.
    pub fn edit(&self, mut document: Value) -> Result<Value> {
        for (variable, value) in &self.values {
            variable.set(&mut document, value)?;
        }
        Ok(document)
    }

    /// The names of its variables and labels: placeholders besides the fixed ones.
    pub fn names(&self) -> Vec<&str> {
        let variables = self.values.iter().map(|(variable, _)| variable.name.as_str());
        variables.chain(self.labels.iter().map(|(name, _)| name.as_str())).collect()
    }

    /// The name of its file in a folder, with placeholders: that of the track, and the variables.
    pub fn usual_name(&self) -> String {
        let mut name = "{name}".to_owned();
        for (variable, _) in &self.values {
            let own = &variable.name;
            name.extend(["-", own, "{", own, "}"]);
        }
        name + ".{ext}"
    }

    /// The value of a variable or label.
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        let found = self.values.iter().find(|(variable, _)| variable.name == name);
        if let Some((_, value)) = found {
            return Some(match value.as_f64() {
                Some(number) => Field::Number(number, None),
                None => Field::Text(cell(value)),
            });
        }
        self.labels.iter().find(|(label, _)| label == name).map(|(_, text)| match text.parse() {
            Ok(number) => Field::Whole(number),
            Err(_) => Field::Text(text.clone()),
        })
    }

    /// The cells of a table that identify the job: names of columns and texts.
    pub fn cells(&self) -> Vec<(String, String)> {
        let mut cells = vec![("track".to_owned(), self.track.clone())];
        cells.extend(self.output.iter().map(|output| ("output".to_owned(), output.clone())));
        cells.extend(self.labels.iter().cloned());
        cells.extend(self.values.iter().map(|(variable, value)| (variable.written.clone(), cell(value))));
        cells
    }
}

/// A value as a cell of a table, so that [`value`] reads it again.
fn cell(written: &Value) -> String {
    match written {
        Value::String(text) if value(text) == *written => text.clone(),
        other => other.to_string(),
    }
}

/// A job for each track and each combination of values. The last variable changes fastest.
///
/// # Errors
/// [`Error::Invalid`] if two variables have the same name, or there are more than a million jobs.
///
/// ```
/// use realtime_backend_core::render::batch::{Axis, jobs};
///
/// let axes = [Axis::parse("global.sample_rate=44100,48000")?, Axis::parse("beat@progression[0].params.beatFreq=4:6:1")?];
/// assert_eq!(jobs(&["a.json".to_owned(), "b.json".to_owned()], &axes)?.len(), 12);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn jobs(tracks: &[String], axes: &[Axis]) -> Result<Vec<Job>> {
    distinct(axes.iter().map(|axis| axis.variable.name.as_str()))?;
    let count = axes.iter().try_fold(tracks.len(), |count, axis| count.checked_mul(axis.values.len()));
    let count = count
        .filter(|count| *count <= MOST)
        .ok_or_else(|| Error::invalid("matrix", format!("expected at most {MOST} files")))?;
    let of_index = |index: usize| {
        let mut rest = index;
        let mut values: Vec<(Variable, Value)> = axes
            .iter()
            .rev()
            .map(|axis| {
                let value = axis.values[rest % axis.values.len()].clone();
                rest /= axis.values.len();
                (axis.variable.clone(), value)
            })
            .collect();
        values.reverse();
        Job { index: index + 1, track: tracks[rest].clone(), output: None, values, labels: Vec::new() }
    };
    Ok((0..count).map(of_index).collect())
}

/// Check that no name occurs twice.
pub(super) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut known: Vec<&str> = Vec::new();
    for name in names {
        if known.contains(&name) {
            return Err(Error::invalid(
                "matrix",
                format!("two variables have the name {name:?}: name them, NAME@PATH"),
            ));
        }
        known.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_combination_is_a_job_and_edits_the_track() {
        let axes = ["a@x[0]=1,2", "x[1].b=5,six,\"7\""].map(|text| Axis::parse(text).unwrap());
        let jobs = jobs(&["t.json".to_owned()], &axes).unwrap();
        let documents: Vec<Value> =
            jobs.iter().map(|job| job.edit(json!({"x": [0, {}]})).unwrap()["x"].clone()).collect();
        let expected =
            [(1, json!(5)), (1, json!("six")), (1, json!("7")), (2, json!(5)), (2, json!("six")), (2, json!("7"))];
        assert_eq!(documents, expected.map(|(a, b)| json!([a, {"b": b}])));
        assert_eq!(jobs[5].cells()[1..], [("a@x[0]".into(), "2".into()), ("x[1].b".into(), "\"7\"".into())]);
        assert_eq!(jobs[5].index, 6);
    }

    #[test]
    fn names_are_distinct_and_batches_finite() {
        let axis = |text: &str| Axis::parse(text).unwrap();
        assert!(jobs(&["t".to_owned()], &[axis("a.x=1"), axis("b.x=1")]).is_err());
        let long = ["a@a=1:2000:1", "b@a=1:2000:1"].map(axis);
        assert!(jobs(&["t".to_owned()], &long).is_err());
    }
}

//! The manifest of a batch: a CSV table with a row for each file, which is input and result.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::csv;
use super::job::{Job, distinct};
use super::variable::{Variable, value};
use super::words::{GIVEN, RESULTS};
use crate::error::{Error, Result};
use crate::files::{atomic, digest};

/// The largest table that is read, in bytes.
const MAX_BYTES: u64 = 1 << 28;

/// The cells of a row by the names of their columns.
pub type Row = HashMap<String, String>;

/// A table in a file. The columns `track` and `output`, variables (`NAME@PATH`) and labels are the job of a row, the others
/// its result.
#[derive(Debug, Clone)]
pub struct Manifest {
    path: PathBuf,
    columns: Vec<String>,
    rows: Vec<Row>,
}

impl Manifest {
    /// Read the table at `path`; an empty one if there is no file.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Invalid`] if it is no CSV table with the column `track`.
    pub fn open(path: &Path) -> Result<Self> {
        let io = |source| Error::Io { path: path.display().to_string(), source };
        let text = match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Ok(meta) if meta.len() > MAX_BYTES => {
                return Err(Error::invalid("manifest", format!("expected at most {MAX_BYTES} bytes")));
            }
            _ => std::fs::read_to_string(path).map_err(io)?,
        };
        let mut lines = csv::parse(&text).map_err(|message| Error::invalid("manifest", message))?.into_iter();
        let columns = lines.next().unwrap_or_else(|| vec!["track".to_owned()]);
        if !columns.iter().any(|column| column == "track") {
            return Err(Error::invalid("manifest", format!("expected a column track, got {}", columns.join(", "))));
        }
        distinct(columns.iter().map(String::as_str))?;
        let row = |cells: Vec<String>| columns.iter().cloned().zip(cells).collect();
        Ok(Self { path: path.to_owned(), rows: lines.map(row).collect(), columns: columns.clone() })
    }

    /// The jobs of its rows.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the head of a column that is no variable but looks like one.
    pub fn jobs(&self) -> Result<Vec<Job>> {
        let mut variables = Vec::new();
        let mut labels = Vec::new();
        for column in self.columns.iter().filter(|column| !GIVEN.contains(&column.as_str())) {
            if RESULTS.contains(&column.as_str()) {
                continue;
            }
            if column.contains(['@', '.', '[']) {
                variables.push(Variable::parse(column)?);
            } else {
                labels.push(column.clone());
            }
        }
        distinct(variables.iter().map(|v| v.name.as_str()).chain(labels.iter().map(String::as_str)))?;
        let given = |row: &Row, column: &str| row.get(column).filter(|text| !text.is_empty()).cloned();
        let job = |(index, row): (usize, &Row)| {
            Some(Job {
                index: index + 1,
                track: given(row, "track")?,
                output: given(row, "output"),
                values: variables
                    .iter()
                    .filter_map(|variable| Some((variable.clone(), value(&given(row, &variable.written)?))))
                    .collect(),
                labels: labels.iter().map(|name| (name.clone(), row.get(name).cloned().unwrap_or_default())).collect(),
            })
        };
        Ok(self.rows.iter().enumerate().filter_map(job).collect())
    }

    fn place(&self, job: &Job) -> Option<usize> {
        let cells = job.cells();
        let text = |row: &Row, column: &str| row.get(column).cloned().unwrap_or_default();
        let same = |row: &Row| {
            let set = self
                .columns
                .iter()
                .filter(|column| !RESULTS.contains(&column.as_str()) && !text(row, column).is_empty());
            cells.iter().all(|(column, cell)| text(row, column) == *cell)
                && set.into_iter().all(|column| cells.iter().any(|(name, _)| name == column))
        };
        self.rows.iter().position(same)
    }

    /// The row of a job, if it has one.
    pub fn row(&self, job: &Job) -> Option<&Row> {
        self.place(job).map(|at| &self.rows[at])
    }

    /// Put the results of a job into its row, or a new one, and write the table; it is replaced as a whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn put(&mut self, job: &Job, results: &[(&str, String)]) -> Result<()> {
        let cells = job.cells();
        let at = self.place(job).unwrap_or_else(|| {
            self.rows.push(Row::new());
            self.rows.len() - 1
        });
        for (column, _) in &cells {
            if !self.columns.contains(column) {
                let results = self.columns.iter().position(|known| RESULTS.contains(&known.as_str()));
                self.columns.insert(results.unwrap_or(self.columns.len()), column.clone());
            }
        }
        for column in RESULTS {
            if !self.columns.iter().any(|known| known == column) {
                self.columns.push((*column).to_owned());
            }
        }
        let row = &mut self.rows[at];
        row.retain(|column, _| !RESULTS.contains(&column.as_str()));
        row.extend(cells);
        row.extend(results.iter().map(|(column, cell)| ((*column).to_owned(), cell.clone())));
        let line = |row: &Row| csv::line(self.columns.iter().map(|column| row.get(column).map_or("", String::as_str)));
        let head = csv::line(self.columns.iter().map(String::as_str));
        let text: String = std::iter::once(head).chain(self.rows.iter().map(line)).collect();
        atomic::write(&self.path, text.as_bytes())
    }
}

/// The file that a row says is finished, if it has this hash and options, and the file is still there as it was written.
pub fn finished(row: &Row, hash: &str, options: &str) -> Option<PathBuf> {
    let cell = |column: &str| row.get(column).map_or("", String::as_str);
    let same = cell("hash") == hash && cell("options") == options && cell("error").is_empty();
    let file = Some(PathBuf::from(cell("file"))).filter(|file| same && !file.as_os_str().is_empty())?;
    (digest::of_file(&file).ok()? == cell("sha256")).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::super::variable::Axis;
    use super::*;

    #[test]
    fn rows_are_jobs_and_get_their_results() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.csv");
        std::fs::write(&path, "track,subject,beat@a[0].b\n\"x,y.json\",7,4\nz.json,,\n").unwrap();
        let mut manifest = Manifest::open(&path).unwrap();
        let jobs = manifest.jobs().unwrap();
        assert_eq!((jobs[0].track.as_str(), jobs[0].names()), ("x,y.json", vec!["beat", "subject"]));
        assert_eq!(jobs[1].values, []);
        manifest.put(&jobs[1], &[("file", "a \"b\".wav".to_owned())]).unwrap();
        manifest.put(&jobs[0], &[("error", "no\nsuch".to_owned())]).unwrap();
        let again = Manifest::open(&path).unwrap();
        assert_eq!(again.jobs().unwrap(), jobs);
        assert_eq!(again.row(&jobs[1]).unwrap()["file"], "a \"b\".wav");
        assert_eq!(again.row(&jobs[0]).unwrap()["error"], "no\nsuch");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn jobs_of_a_matrix_become_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.csv");
        let axes = [Axis::parse("beat@a.b=4,6").unwrap()];
        let jobs = super::super::jobs(&["x.json".to_owned()], &axes).unwrap();
        let mut manifest = Manifest::open(&path).unwrap();
        for job in [&jobs[1], &jobs[0], &jobs[1]] {
            manifest.put(job, &[("file", format!("{}.wav", job.index))]).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = "track,beat@a.b,file,hash,options,sha256,duration,lufs,peak,seed,error\n\
                        x.json,6,2.wav,,,,,,,,\nx.json,4,1.wav,,,,,,,,\n";
        assert_eq!(text, expected);
    }
}

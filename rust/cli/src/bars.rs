//! Progress bars that fit the terminal, whatever its width is.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ratatui::text::Span;
use realtime_backend_core::lock::lock;

use crate::console::columns;

/// Length of a bar.
const TICKS: f64 = 1000.0;
/// From this many columns on, a bar has times.
const WIDE: u16 = 60;
/// Characters of a bar: done, its tip, to come.
const CHARS: &str = "━╸─";

/// A progress bar. It is hidden until it gets a draw target.
#[derive(Clone)]
pub(crate) struct Bar {
    drawn: ProgressBar,
    name: String,
    /// Columns that it is made for.
    columns: Arc<AtomicU16>,
}

impl Bar {
    pub(crate) fn new(name: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(TICKS as u64), ProgressDrawTarget::hidden());
        let bar = Self { drawn: bar, name: name.to_owned(), columns: Arc::default() };
        bar.fit();
        bar
    }

    /// The bar that is drawn.
    pub(crate) const fn drawn(&self) -> &ProgressBar {
        &self.drawn
    }

    /// Show the fraction `done`, 0 to 1.
    pub(crate) fn set(&self, done: f64) {
        self.fit();
        self.drawn.set_position((done * TICKS) as u64);
    }

    pub(crate) fn rename(&mut self, name: String) {
        self.name = name;
        self.columns.store(0, Ordering::Relaxed);
    }

    pub(crate) fn finish(&self) {
        self.drawn.finish_and_clear();
    }

    /// Fit the bar to the terminal, which may have another width than before.
    fn fit(&self) {
        let columns = columns();
        if self.columns.swap(columns, Ordering::Relaxed) != columns {
            let (template, name) = layout(&self.name, columns);
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            self.drawn.set_style(style.progress_chars(CHARS));
            self.drawn.set_prefix(name);
        }
    }
}

/// What a bar looks like in `columns`, and the part of its name for which there is room.
fn layout(name: &str, columns: u16) -> (&'static str, String) {
    if columns >= WIDE {
        let template = "{prefix} {wide_bar:.green/dim} {percent:>3} %  {elapsed}, about {eta} left";
        (template, tail(name, usize::from(columns) / 3))
    } else {
        ("{prefix} {wide_bar:.green/dim} {percent:>3} %", tail(name, (usize::from(columns) / 2).saturating_sub(4)))
    }
}

/// The end of `text`, in which tracks differ, in `columns`.
fn tail(text: &str, columns: usize) -> String {
    let width = |text: &str| Span::raw(text).width();
    if width(text) <= columns {
        return text.to_owned();
    }
    let begin = text.char_indices().map(|(at, _)| at).find(|at| width(&text[*at..]) < columns);
    format!("…{}", begin.map_or("", |at| &text[at..]))
}

/// The bar of a batch: all its files.
pub(crate) struct Total {
    shown: Mutex<Shown>,
    count: usize,
}

struct Shown {
    bar: Bar,
    /// Files that are done; how far each is, 0 to 1; and the sum of that.
    done: usize,
    parts: Vec<f64>,
    sum: f64,
}

impl Total {
    /// The bar of `count` files.
    pub(crate) fn new(count: usize) -> Self {
        let shown = Shown { bar: Bar::new(&title(0, count)), done: 0, parts: vec![0.0; count], sum: 0.0 };
        Self { shown: Mutex::new(shown), count }
    }

    pub(crate) fn drawn(&self) -> ProgressBar {
        lock(&self.shown).bar.drawn().clone()
    }

    /// The file `index` is done to this fraction, 0 to 1.
    pub(crate) fn set(&self, index: usize, done: f64) {
        let shown = &mut *lock(&self.shown);
        if let Some(part) = shown.parts.get_mut(index) {
            shown.sum += done - *part;
            *part = done;
        }
        shown.bar.set(shown.sum / self.count.max(1) as f64);
    }

    /// Nothing is left to do for the file `index`.
    pub(crate) fn end(&self, index: usize) {
        {
            let shown = &mut *lock(&self.shown);
            shown.done += 1;
            shown.bar.rename(title(shown.done, self.count));
        }
        self.set(index, 1.0);
    }

    pub(crate) fn finish(&self) {
        lock(&self.shown).bar.finish();
    }
}

fn title(done: usize, count: usize) -> String {
    format!("{done} of {count} files")
}

#[cfg(test)]
mod tests {
    use indicatif::{InMemoryTerm, TermLike as _};

    use super::*;

    #[test]
    fn bars_fill_the_width_and_do_not_wrap() {
        let long = "recordings/of/the/evening/before/deep-sleep-01.json";
        for columns in 40..=200 {
            for name in ["a.json", long] {
                let terminal = InMemoryTerm::new(4, columns);
                let (template, prefix) = layout(name, columns);
                let style = ProgressStyle::with_template(template).unwrap().progress_chars(CHARS);
                let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
                let bar = ProgressBar::with_draw_target(Some(1000), target).with_style(style).with_prefix(prefix);
                bar.set_position(500);
                bar.tick();
                let rows = terminal.contents();
                assert_eq!(rows.lines().count(), 1, "{columns}: {rows}");
                assert!(rows.contains("━") && rows.contains("50 %"), "{columns}: {rows}");
                assert!(rows.chars().count() <= usize::from(terminal.width()), "{columns}: {rows}");
                assert!(rows.contains(if name == long { "01.json" } else { "a.json" }), "{columns}: {rows}");
            }
        }
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!([tail("abc", 3), tail("abcdef", 4), tail("abc", 1)], ["abc", "…def", "…"]);
    }

    #[test]
    fn the_total_is_the_mean_of_the_files() {
        let total = Total::new(4);
        total.set(0, 0.5);
        total.end(1);
        assert_eq!((total.drawn().position(), total.drawn().prefix()), (375, "1 of 4 files".to_owned()));
    }
}

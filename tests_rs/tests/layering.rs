//! Checks the dependencies between the folders of the core: they point downwards only, and have no cycles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the core from the bottom up. Modules that are not listed, such as errors, interrupts and file
/// access, may be used anywhere.
const LAYERS: &[&str] = &["json", "dsp", "media", "voice", "track", "plan", "render", "analyse", "stream"];
/// The folders within `voice` from the bottom up.
const VOICE: &[&str] = &["spatial", "parts", "stages", "families"];

type Module = Vec<String>;

/// The modules of a crate, each with its code without comments and tests.
struct Sources(BTreeMap<Module, String>);

impl Sources {
    fn read(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    modules.insert(module_of(path.strip_prefix(root).unwrap()), code(&path));
                }
            }
        }
        Self(modules)
    }

    /// The module that defines the item at `path`; follows re-exports.
    fn home(&self, path: &[String]) -> Module {
        let mut path = path.to_vec();
        loop {
            let known = (0..=path.len()).rev().map(|n| path[..n].to_vec()).find(|m| self.0.contains_key(m)).unwrap();
            let Some(name) = path.get(known.len()) else { return known };
            let exported = uses(&self.0[&known], true).into_iter().find(|found| found.last() == Some(name));
            let Some(found) = exported.and_then(|found| self.absolute(&known, &found)) else { return known };
            path = found.into_iter().chain(path[known.len() + 1..].iter().cloned()).collect();
        }
    }

    /// Resolve a path as written in `module` to a path from the root of the crate; `None` if it is in another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let first = path.first()?.as_str();
        let ups = path.iter().take_while(|part| *part == "super").count();
        match first {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([module, &path[1..]].concat()),
            "super" => Some([&module[..module.len() - ups], &path[ups..]].concat()),
            _ => {
                let child = [module.as_slice(), &path[..1]].concat();
                self.0.contains_key(&child).then(|| [module.as_slice(), path].concat())
            }
        }
    }

    /// The modules on which each module depends.
    fn needs(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |(module, text): (&Module, &String)| {
            let paths = uses(text, false).into_iter().chain(inline_paths(text));
            let homes = paths.filter_map(|path| self.absolute(module, &path)).map(|path| self.home(&path));
            (module.clone(), homes.filter(|home| home != module).collect())
        };
        self.0.iter().map(of).collect()
    }
}

fn module_of(file: &Path) -> Module {
    let mut parts: Module = file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The paths of either the public or the private `use` declarations.
fn uses(text: &str, public: bool) -> Vec<Module> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let start =
            statement.rfind("\nuse ").or_else(|| statement.rfind("use ").filter(|at| is_declared(statement, *at)));
        let Some(at) = start else { continue };
        let is_public = statement[..at].trim_end().ends_with(')') || statement[..at].trim_end().ends_with("pub");
        if is_public == public {
            expand(&mut Vec::new(), statement[at..].trim_start().trim_start_matches("use ").trim(), &mut found);
        }
    }
    found
}

/// Whether the word `use` at this position begins a declaration: only a visibility may precede it on its line.
fn is_declared(statement: &str, at: usize) -> bool {
    let before = statement[..at].rsplit('\n').next().unwrap().trim();
    before.is_empty() || before.starts_with("pub")
}

fn expand(prefix: &mut Module, tree: &str, found: &mut Vec<Module>) {
    let tree = tree.trim();
    if let Some(list) = tree.strip_prefix('{') {
        let (mut depth, mut from) = (0, 0);
        let list = list.trim_end().strip_suffix('}').unwrap();
        for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if !list[from..at].trim().is_empty() {
                        expand(prefix, &list[from..at], found);
                    }
                    from = (at + 1).min(list.len());
                }
                _ => {}
            }
        }
    } else if let Some((first, rest)) = tree.split_once("::") {
        prefix.push(first.trim().to_owned());
        expand(prefix, rest, found);
        prefix.pop();
    } else {
        let name = tree.split_whitespace().next().unwrap();
        found.push(
            prefix
                .iter()
                .cloned()
                .chain([name.to_owned()])
                .filter(|part| part != "self" || prefix.is_empty())
                .collect(),
        );
    }
}

/// Paths in the code that begin with `crate::` or `super::`.
fn inline_paths(text: &str) -> Vec<Module> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let code = text.split(|c: char| !is_part(c));
    let paths = code.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    paths.map(|word| word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()).collect()
}

fn core() -> Sources {
    Sources::read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../rust/core/src"))
}

fn rank(module: &Module, place: usize, order: &[&str]) -> Option<usize> {
    order.iter().position(|name| module.get(place).is_some_and(|part| part == name))
}

#[test]
fn no_folder_depends_on_a_higher_one() {
    let mut upwards = Vec::new();
    for (from, needed) in core().needs() {
        for to in needed {
            let above =
                |place, order| rank(&from, place, order).zip(rank(&to, place, order)).is_some_and(|(a, b)| b > a);
            if above(0, LAYERS) || from[..1] == to[..1.min(to.len())] && above(1, VOICE) {
                upwards.push(format!("{} needs {}", from.join("::"), to.join("::")));
            }
        }
    }
    assert_eq!(upwards, [""; 0]);
}

#[test]
fn folders_have_no_circular_dependencies() {
    let needs = core().needs();
    let reached = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for next in &needs[&module] {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&Module, BTreeSet<Module>> = needs.keys().map(|module| (module, reached(module))).collect();
    let mut circles = Vec::new();
    for (a, from_a) in &reach {
        for b in from_a.iter().filter(|b| *a < *b && folder(a) != folder(b)) {
            if reach[b].contains(*a) {
                circles.push(format!("{} and {}", a.join("::"), b.join("::")));
            }
        }
    }
    assert_eq!(circles, [""; 0]);
}

/// The folder of a module; the `mod.rs` of a folder belongs to that folder.
fn folder(module: &Module) -> Module {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../rust/core/src");
    let is_folder = module.iter().fold(root, |path, part| path.join(part)).is_dir();
    module[..module.len() - usize::from(!is_folder && !module.is_empty())].to_vec()
}

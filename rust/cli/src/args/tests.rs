//! The arguments, their ranges and their documentation.

use std::ffi::OsString;

use super::values::threads;
use super::*;

#[test]
fn thread_counts_above_the_limit_are_refused() {
    for text in ["100000", "2147483648", "-1", "1.5"] {
        assert!(threads(text).is_err(), "{text}");
    }
    assert_eq!((threads("0"), threads("8")), (Ok(0), Ok(8)));
}

#[test]
fn numbers_out_of_range_are_refused_before_anything_is_read() {
    let taken = |args: &[&str]| command().try_get_matches_from(["x"].iter().chain(args)).is_ok();
    let render = |option: &str, value: &str| taken(&["render", "a.json", &format!("{option}={value}")]);
    let play = |option: &str, value: &str| taken(&["play", "a.json", &format!("{option}={value}")]);
    for odd in ["nan", "inf", "-inf", "1e300", "-1", "", "abc", "99999999999999999999"] {
        for option in ["--start", "--duration", "--target-level", "--sample-rate", "--jobs", "--threads"] {
            assert!(!render(option, odd), "{option} {odd}");
        }
        for option in ["--start", "--volume", "--sample-rate", "--latency", "--startup-fade"] {
            assert!(!play(option, odd), "{option} {odd}");
        }
    }
    for (option, odd) in [("--loudness", "1"), ("--loudness", "-71"), ("--peak", "0.1"), ("--true-peak", "nan")] {
        assert!(!render(option, odd), "{option} {odd}");
    }
    assert!(!render("--sample-rate", "999") && !render("--sample-rate", "1000001") && !play("--sample-rate", "0"));
    assert!(!play("--startup-fade", "3601") && !play("--latency", "19.9"));
    assert!(render("--sample-rate", "1000000") && render("--start", "-0.0") && play("--startup-fade", "3600"));
}

#[test]
fn levels_that_contradict_each_other_are_refused() {
    let words = |args: &'static str| ["x", "render", "a.json"].into_iter().chain(args.split(' '));
    let taken = |args| command().try_get_matches_from(words(args)).is_ok();
    for both in ["--loudness -23 --peak -1", "--loudness -23 --target-level 0.5", "--peak -1 --target-level 0.5"] {
        assert!(!taken(both), "{both}");
    }
    for one in ["--loudness -23 --true-peak -1", "--peak -1 --true-peak -1.5", "--true-peak -1", "--no-dither"] {
        assert!(taken(one), "{one}");
    }
}

#[test]
fn the_arguments_are_consistent() {
    command().debug_assert();
}

/// The section `## name` of the documentation.
fn section(name: &str) -> &'static str {
    let document = include_str!("../../../../docs/command-line.md");
    let start = document.find(&format!("\n## {name}\n")).unwrap_or_else(|| panic!("no section on {name}"));
    let rest = &document[start + 1..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

#[test]
fn the_documentation_names_exactly_the_existing_commands_and_options() {
    use clap::CommandFactory as _;
    for command in Cli::command().get_subcommands() {
        let text = section(command.get_name());
        let names = command.get_arguments().filter_map(clap::Arg::get_long_and_visible_aliases);
        let known: Vec<String> = names.flatten().map(|long| format!("--{long}")).collect();
        for option in known.iter().filter(|option| *option != "--help") {
            assert!(text.contains(&format!("`{option}")), "{} {option} is not documented", command.get_name());
        }
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let option = |word: &&str| word.strip_prefix("--").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        for word in words.filter(option) {
            assert!(known.iter().any(|option| option == word), "{} has no {word}", command.get_name());
        }
    }
}

#[test]
fn run_is_inserted_only_where_it_is_missing() {
    let put = |args: &[&str]| tidied(args.iter().map(OsString::from)).get(1).is_some_and(|arg| arg == "run");
    assert!(
        put(&["x", "--path", "a"]) && put(&["x", "--generate", "--path=a"]) && put(&["x", "-o", "b", "--path", "a"])
    );
    assert!(!put(&["x", "render", "--path"]) && !put(&["x", "--help"]) && !put(&["x"]));
}

#[test]
fn options_may_be_written_as_in_python() {
    let given = ["x", "render", "a_b.json", "--fade_in=1_0", "--tag", "my_tag=b", "--", "--c_d"];
    let tidy = ["x", "render", "a_b.json", "--fade-in=1_0", "--tag", "my_tag=b", "--", "--c_d"];
    assert_eq!(tidied(given.iter().map(OsString::from)), tidy.map(OsString::from));
}

#[test]
fn every_command_has_examples_and_every_time_one_name() {
    use clap::CommandFactory as _;
    for command in Cli::command().get_subcommands() {
        assert!(!examples::of(Some(command.get_name())).is_empty(), "{}", command.get_name());
        for arg in command.get_arguments() {
            let names = arg.get_value_names().unwrap_or_default();
            // one unit rule: nothing is called SECONDS, and milliseconds are said by the name of the option
            assert!(!names.iter().any(|name| *name == "SECONDS" || *name == "MS"), "{}", arg.get_id());
        }
    }
}

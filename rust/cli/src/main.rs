//! The native binary `realtime_backend`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(realtime_backend_cli::run(std::env::args_os()))
}
